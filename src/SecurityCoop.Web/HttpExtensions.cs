using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

public static class HttpExtensions
{
    /// <summary>Whoever signed in; endpoints that need a role always have a caller.</summary>
    public static Caller GetCaller(this HttpContext http) =>
        (http.User.Identity as CallerIdentity)?.Access.Caller ?? throw new InvalidOperationException("This endpoint was reached without sign-in.");

    /// <summary>Describes a command for the interface's description: what it takes, what it answers, how it is refused.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint
        .Accepts<T>("application/json")
        .Produces<CommandAnswer>(StatusCodes.Status200OK).Produces<CommandAnswer>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Describes a query: what it answers, and how it is refused.</summary>
    public static RouteHandlerBuilder Shows<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint
        .Produces<T>(StatusCodes.Status200OK)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
