using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using SecurityCoop.Register;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Signing in and out by the office's OpenID provider: the authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC
/// 7636). Of what the provider answers the register makes a session of its own; no token of the provider's is kept on the server.
/// </summary>
static partial class ProviderSignIn
{
    /// <summary>Where a browser begins: `?again=true` asks for the password anew, `?return=` says where to go afterwards.</summary>
    public const string Address = "/sign-in/provider";

    const string Scheme = "provider", Callback = Address + "/callback", LogoutAddress = "/sign-out/provider";
    const string AgainItem = "again", ReplacesItem = "replaces";
    // The ID token, encrypted: signing out there needs it (RP-Initiated Logout 1.0, section 2).
    const string HintCookie = "securitycoop-provider";
    const int LongestHint = 3500, LongestLogout = 64 * 1024, LongestPath = 2000;

    /// <summary>Adds the provider to the host. Needs a RegisterStore, a PublicAddress, the users and the trace of access.</summary>
    public static void AddProvider(this AuthenticationBuilder authentication, ProviderSettings settings)
    {
        var services = authentication.Services;
        services.AddSingleton(settings).AddSingleton<Provider>().AddSingleton<ProviderSessions>();
        services.AddSingleton(s => new StateProtection(s.GetRequiredService<RegisterStore>().DeriveKey("sign-in by a provider")));
        // These write down what they are sent.
        services.AddLogging(logs => logs.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None));
        authentication.AddOpenIdConnect(Scheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<Provider, StateProtection>(Configure);
    }

    static void Configure(OpenIdConnectOptions options, Provider provider, StateProtection protection)
    {
        var settings = provider.Settings;
        (options.ConfigurationManager, options.Backchannel) = (provider.Discovery, provider.Http);
        options.DataProtectionProvider = protection;
        (options.ClientId, options.ClientSecret) = (settings.ClientId, settings.ClientSecret);
        (options.ResponseType, options.ResponseMode) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query);
        // Pushed beforehand (RFC 9126), every stranger who opens the address would send the provider a request of ours.
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.TokenValidationParameters = provider.Requirements(settings.ClientId);
        options.Scope.Clear();
        foreach (var scope in settings.Scopes) options.Scope.Add(scope);
        (options.MapInboundClaims, options.SaveTokens, options.DisableTelemetry) = (false, true, true);
        (options.CallbackPath, options.RemoteSignOutPath, options.SignedOutCallbackPath) = (Callback, default, default);
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax; // They come back with a redirect from another site.
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            var http = context.HttpContext;
            context.ProtocolMessage.RedirectUri = http.RequestServices.GetRequiredService<PublicAddress>().Of(http.Request) + Callback;
            http.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = SignedIn;
        options.Events.OnRemoteFailure = Failed;
    }

    public static void MapProviderSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Address, Begin);
        pages.MapPost(LogoutAddress, EndedThere);
    }

    /// <summary>The address at which a user signs in again and comes back.</summary>
    public static string AgainAddress(HttpRequest request, string back) =>
        $"{request.PathBase}{Address}?again=true&return={Uri.EscapeDataString(back)}";

    static async Task Begin(HttpContext http, Provider provider, string? again, string? @return)
    {
        await provider.Discover(http.RequestAborted);
        var anew = again == "true";
        // With a greatest age the provider has to say when the user proved who they are (Core 1.0, section 2): sessions count from there.
        var properties = new OpenIdConnectChallengeProperties
        {
            RedirectUri = OfOurs(@return) ? @return : "/",
            MaxAge = anew ? provider.Settings.Recent : provider.Settings.Absolute, Prompt = anew ? OpenIdConnectPrompt.Login : null,
        };
        if (anew) properties.Items[AgainItem] = "true";
        if (http.User.Identity is CallerIdentity { Access: { SignedInWith: not null } session })
            properties.Items[ReplacesItem] = session.Id.ToString();
        await http.ChallengeAsync(Scheme, properties);
    }

    // A path of ours: one that leads to another host would make of the register a signpost for whoever sends the link.
    static bool OfOurs(string? path) => path is ['/', ..] and not ['/', '/', ..] && path.Length <= LongestPath
        && !path.Any(c => c == '\\' || char.IsControl(c));

    static async Task SignedIn(TicketReceivedContext context)
    {
        context.HandleResponse();
        var (http, properties) = (context.HttpContext, context.Properties!);
        var settings = http.RequestServices.GetRequiredService<ProviderSettings>();
        var sessions = http.RequestServices.GetRequiredService<ProviderSessions>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var idToken = properties.GetTokenValue(OpenIdConnectParameterNames.IdToken)!;
        var oldest = now - (properties.Items.ContainsKey(AgainItem) ? settings.Recent : settings.Absolute) - Provider.ClockSkew;
        if (settings.Claims.Read(idToken) is not { AuthenticatedAt: { } at } claims || at < oldest || at > now + Provider.ClockSkew)
        {
            Log.Failed(Logger(http), "the ID token has no subject, or no auth_time within the time that was asked for");
            await SignInPages.Write(http, StatusCodes.Status401Unauthorized, SignInPages.ProviderRefused);
            return;
        }
        Guid? replaces = properties.Items.TryGetValue(ReplacesItem, out var id) && Guid.TryParse(id, out var session) ? session : null;
        if (await sessions.SignIn(claims, at, replaces, http.RequestAborted) is not var (token, subject))
        {
            await SignInPages.Write(http, StatusCodes.Status403Forbidden, SignInPages.NotLetIn);
            return;
        }
        http.RequestServices.GetRequiredService<AccessTrace>().SignedIn(subject, claims.Issuer);
        SignIn.KeepSession(http, token, settings.Absolute);
        var hint = WebEncoders.Base64UrlEncode(Hints(http).Protect(Encoding.UTF8.GetBytes(idToken)));
        http.Response.Cookies.Append(HintCookie, hint.Length <= LongestHint ? hint : "-", HintOptions(http.Request, settings.Absolute));
        await SignInPages.Onward(http, context.ReturnUri!);
    }

    static Task Failed(RemoteFailureContext context)
    {
        context.HandleResponse();
        // What came with the browser may be anybody's.
        Log.Failed(Logger(context.HttpContext), context.Request.Query.ContainsKey("error") ? "refused there" : Kind(context.Failure));
        return SignInPages.Write(context.HttpContext, StatusCodes.Status401Unauthorized, SignInPages.ProviderRefused);
    }

    // What the provider called its refusal says what is wrong with our settings; nothing else of its answer is written down.
    static string Kind(Exception? failure)
    {
        var kind = (failure?.InnerException ?? failure)?.GetType().Name ?? "no reason";
        return failure?.Data["error"] is string said && ErrorCode().IsMatch(said) ? $"{kind}, {said}" : kind;
    }

    /// <summary>Where the provider ends its own session; null where it has not signed this browser in, or has no such address.</summary>
    public static async Task<string?> EndAddress(HttpContext http, Provider provider, CancellationToken stop)
    {
        if (http.Request.Cookies[HintCookie] is not { } hint) return null;
        http.Response.Cookies.Delete(HintCookie, HintOptions(http.Request, null));
        string? there;
        try
        {
            there = (await provider.Discover(stop)).EndSessionEndpoint;
        }
        catch (Refusal)
        {
            return null; // Ours has ended all the same.
        }
        if (string.IsNullOrEmpty(there)) return null;
        var address = http.RequestServices.GetRequiredService<PublicAddress>().Of(http.Request);
        return QueryHelpers.AddQueryString(there, new Dictionary<string, string?>
        {
            ["client_id"] = provider.Settings.ClientId, ["post_logout_redirect_uri"] = address + "/sign-in",
            ["id_token_hint"] = IdToken(http, hint),
        });
    }

    static string? IdToken(HttpContext http, string hint)
    {
        try
        {
            return Encoding.UTF8.GetString(Hints(http).Unprotect(WebEncoders.Base64UrlDecode(hint)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null; // It was too long to keep, or another's: the provider then asks whether to sign out.
        }
    }

    // Back-channel: the provider itself says, without a browser, that sessions have ended (Back-Channel Logout 1.0, section 2.5).
    static async Task<IResult> EndedThere(HttpContext http, Provider provider, ProviderSessions sessions)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await LogoutToken(http) is not { } token
            || await provider.ReadLogoutToken(token, http.RequestAborted) is not var (subject, session, at))
            return TypedResults.Text("""{"error":"invalid_request"}""", "application/json", statusCode: StatusCodes.Status400BadRequest);
        await sessions.End(subject, session, at, http.RequestAborted);
        return TypedResults.Ok();
    }

    static async Task<string?> LogoutToken(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LongestLogout;
        try
        {
            var limits = new FormOptions { ValueCountLimit = 8, ValueLengthLimit = LongestLogout };
            var form = await http.Request.ReadFormAsync(limits, http.RequestAborted);
            return form["logout_token"] is [{ Length: > 0 } token] ? token : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null; // No form, or one with more in it than any provider sends.
        }
    }

    static IDataProtector Hints(HttpContext http) => http.RequestServices.GetRequiredService<StateProtection>().CreateProtector("hint");

    static CookieOptions HintOptions(HttpRequest request, TimeSpan? lasts) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/sign-out", MaxAge = lasts };

    static ILogger Logger(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<Provider>>();

    [GeneratedRegex(@"\A[a-z_]{1,40}\z")]
    private static partial Regex ErrorCode();

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in by the provider did not succeed: {Kind}")]
        public static partial void Failed(ILogger logger, string kind);
    }
}
