using System.Security.Cryptography;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Hosting;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Pages.Lists;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Pages;

/// <summary>The pages for people: rendered here, without script, from the same answers as the interface's.</summary>
public static class PageRoutes
{
    static readonly byte[] stylesheet = ReadStylesheet();

    /// <summary>Where the style sheet is. The address changes with it, so that browsers may keep it.</summary>
    public static string StylesheetAddress { get; } = $"/register.css?v={Convert.ToHexStringLower(SHA256.HashData(stylesheet))[..12]}";

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(Strictly);
        pages.MapGet("/", StatusPages.Get).Needs(Role.Reader);
        pages.MapGet("/partnerships/{code}", PartnershipPages.Get).Needs(Role.Reader);
        pages.MapGet("/calendar", CalendarPages.Get).Needs(Role.Reader);
        pages.MapPost("/calendar", CalendarPages.Make).Needs(Role.Reader);
        pages.MapPost("/calendar/{feed}/revocation", CalendarPages.Revoke).Needs(Role.Reader);
        pages.MapGet("/search", SearchPages.Get).Needs(Role.Reader);
        pages.MapGet("/records/{name}", RecordPages.Get).Needs(Role.Auditor);
        CommandForms.Map(pages);
        ListPages.Map(pages);
        ImportPages.Map(pages);
        UserPages.Map(pages);
        pages.MapSessionPages();
        app.MapGet("/register.css", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return TypedResults.Bytes(stylesheet, "text/css; charset=utf-8");
        }).Public("The style sheet of the pages.").ExcludeFromDescription().WithMetadata(new MayBeKept());
    }

    // A page is nobody's to frame or extend. With same-origin, the sign-out form still says where it comes from.
    static ValueTask<object?> Strictly(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var headers = call.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin";
        return next(call);
    }

    static byte[] ReadStylesheet()
    {
        using var file = typeof(PageRoutes).Assembly.GetManifestResourceStream("register.css")!;
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
