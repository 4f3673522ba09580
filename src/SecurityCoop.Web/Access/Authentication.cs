using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Knows callers by `Authorization: Bearer` with an access token or, where a provider is configured, a token that it signed, or by the
/// pages' cookie with a session's token, and answers those that it does not know: 401 and 403 as problem documents, as a page where a browser asks
/// for one. Nothing is ever redirected to a sign-in.
/// </summary>
sealed class Authentication(
    AccessTokens tokens, IServiceProvider services, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public new const string Scheme = "register";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        Grant? grant;
        if (Request.Headers.Authorization.Count > 0)
        {
            grant = BearerToken() is not { } bearer ? null
                : AccessTokens.LooksLikeSecret(bearer) ? await tokens.Find(bearer, Context.RequestAborted)
                : services.GetService<ProviderSessions>() is { } provider ? await provider.Find(bearer, Context.RequestAborted) : null;
            if (grant is not { SignedInWith: null }) return AuthenticateResult.Fail("The access token is not good.");
        }
        else if (SignIn.SessionOf(Request) is { } cookie)
        {
            // SameSite keeps other sites' requests away from the cookie, but not another port's of the same machine.
            if (!HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method) && !SignIn.SameOrigin(Request))
                return AuthenticateResult.Fail("The cookie came with another origin's request.");
            grant = await tokens.Find(cookie, Context.RequestAborted);
            if (grant is not { SignedInWith: not null }) return AuthenticateResult.Fail("The session is not good.");
        }
        else return AuthenticateResult.NoResult();
        return AuthenticateResult.Success(new(new(new CallerIdentity(grant)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = BearerToken() is null ? "Bearer" : "Bearer error=\"invalid_token\""; // RFC 6750, section 3
        return Refuse(StatusCodes.Status401Unauthorized, "unauthenticated", SignInPages.Unauthenticated);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Context.User.Identity is not CallerIdentity { Access.Caller: { Roles.Count: 0 } newcomer })
            return Forbid();
        Response.Headers.CacheControl = "no-store";
        return WantsPage(Request) ? SignInPages.WriteNoRole(Context, newcomer.Subject)
            : Problems.Write(Context, "no-role", args: [newcomer.Subject]);
    }

    // Whoever signed in keeps the frame of the pages; signing in again would not help.
    Task Forbid()
    {
        Response.Headers.CacheControl = "no-store";
        return Problems.Write(Context, "forbidden");
    }

    Task Refuse(int status, string slug, Sentence title)
    {
        Response.Headers.CacheControl = "no-store";
        return WantsPage(Request) ? SignInPages.Write(Context, status, title) : Problems.Write(Context, slug);
    }

    /// <summary>Whether a browser asks for a page.</summary>
    internal static bool WantsPage(HttpRequest request) => request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html");

    string? BearerToken() =>
        Request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : null;
}
