using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Hosting;
using SecurityCoop.Web.Intake;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Pages.Lists;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Recording;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Pages;

/// <summary>The pages for people: rendered here from the same answers as the interface's.</summary>
public static class PageRoutes
{
    /// <summary>Where the style sheet is.</summary>
    public static string StylesheetAddress => PageFiles.AddressOf("/register.css");

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(Strictly);
        pages.MapGet("/", StatusPages.Get).Needs(Role.Reader);
        pages.MapPost("/seen", StatusPages.MarkSeen).Needs(Role.Reader);
        pages.MapGet("/partnerships/{code}", PartnershipPages.Get).Needs(Role.Reader);
        pages.MapGet("/calendar", CalendarPages.Get).Needs(Role.Reader);
        pages.MapPost("/calendar", CalendarPages.Make).Needs(Role.Reader);
        pages.MapPost("/calendar/{feed}/revocation", CalendarPages.Revoke).Needs(Role.Reader);
        pages.MapGet("/search", SearchPages.Get).Needs(Role.Reader);
        pages.MapGet("/records/{name}", RecordPages.Get).Needs(Role.Reader);
        pages.MapGet(HelpPages.Path, HelpPages.Get).NeedsSignIn();
        CommandForms.Map(pages);
        RecordingPages.Map(pages);
        IntakePages.Map(pages);
        ListPages.Map(pages);
        ImportPages.Map(pages);
        AuditPages.Map(pages);
        UserPages.Map(pages);
        pages.MapSessionPages();
        PageFiles.Map(app);
    }

    // A page is nobody's to frame or extend. With same-origin, the sign-out form still says where it comes from.
    static ValueTask<object?> Strictly(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        Protect(call.HttpContext.Response);
        return next(call);
    }

    /// <summary>Sets the headers of a page.</summary>
    internal static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        response.Headers["Referrer-Policy"] = "same-origin";
    }
}
