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

    /// <summary>Describes a query: what it answers.</summary>
    public static RouteHandlerBuilder Shows<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.Produces<T>(StatusCodes.Status200OK);
}
