using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>On an endpoint: from a browser it needs a user who proved a short while ago who they are.</summary>
sealed record NeededRecentSignIn;

/// <summary>
/// What cannot be taken back, or opens doors, needs a recent sign-in where a provider is configured: whoever finds a browser signed in does
/// not get it. Programs with access tokens have nobody to ask for a password.
/// </summary>
static class RecentSignIn
{
    /// <summary>Takes a session's calls only while its sign-in is recent, else 401 `reauthenticate` (RFC 9470, section 3).</summary>
    public static TBuilder NeedsRecentSignIn<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new NeededRecentSignIn());

    /// <summary>Refuses what needs a recent sign-in and has none; after it is known who asks, and that they may.</summary>
    public static void UseRecentSignIn(this WebApplication app)
    {
        if (app.Services.GetService<Provider>() is not { Settings: { } settings }) return;
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use((http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<NeededRecentSignIn>() is null) return next(http);
            if (http.User.Identity is not CallerIdentity { Access: { SignedInWith: not null } session }) return next(http);
            return session.AuthenticatedAt > time.GetUtcNow().UtcDateTime - settings.Recent ? next(http) : Refuse(http, settings);
        });
    }

    static Task Refuse(HttpContext http, ProviderSettings settings)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.WWWAuthenticate =
            $"Bearer error=\"insufficient_user_authentication\", max_age=\"{(long)settings.Recent.TotalSeconds}\"";
        var there = ProviderSignIn.AgainAddress(http.Request, Back(http.Request));
        return Authentication.WantsPage(http.Request) ? SignInPages.WriteAgain(http, there)
            : Problems.Write(http, "reauthenticate", args: [$"{settings.Recent.TotalMinutes}", there]);
    }

    // A form's page, where the browser says which it was.
    static string Back(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method)) return request.Path + request.QueryString;
        return Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page) && page.Authority == request.Host.Value
            ? page.PathAndQuery : "/";
    }
}
