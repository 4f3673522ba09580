using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

public static class HttpExtensions
{
    /// <summary>Whoever signed in; endpoints that need a role always have a caller.</summary>
    public static Caller GetCaller(this HttpContext http) =>
        (http.User.Identity as CallerIdentity)?.Access.Caller ?? throw new InvalidOperationException("This endpoint was reached without sign-in.");

    /// <summary>Describes a command for the interface's description: what it takes and answers. How it is refused is read from its code.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint
        .Accepts<T>("application/json").Produces<CommandAnswer>(StatusCodes.Status200OK).Produces<CommandAnswer>(StatusCodes.Status201Created);

    /// <summary>Leads on to another page of this host (303): reading that one again sends nothing twice.</summary>
    /// <param name="path">With its query; below the path under which the host is reached.</param>
    public static IResult SeeOther(this HttpContext http, string path)
    {
        http.Response.Headers.Location = http.Request.PathBase + path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Has the browser keep something of no secrecy for a year; no script reads it.</summary>
    public static void Keep(this HttpContext http, string cookie, string value) => http.Response.Cookies.Append(cookie, value, new()
    {
        MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/",
    });

    /// <summary>Describes a query: what it answers.</summary>
    public static RouteHandlerBuilder Shows<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.Produces<T>(StatusCodes.Status200OK);
}
