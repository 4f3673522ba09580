using System.Collections.Concurrent;
using System.Globalization;
using LanguageRange = Microsoft.Net.Http.Headers.StringWithQualityHeaderValue;

namespace SecurityCoop.Web.Access;

/// <summary>Sign-in links: codes that work once, within an hour, kept in memory only, so that a restart ends them.</summary>
public sealed class SignInLinks(TimeProvider time)
{
    static readonly TimeSpan goodFor = TimeSpan.FromHours(1);
    readonly ConcurrentDictionary<string, (Guid AccessToken, DateTimeOffset Until)> codes = new(StringComparer.Ordinal);

    /// <summary>Makes a code that signs in with the access token of this id.</summary>
    public string NewCode(Guid accessToken)
    {
        var code = AccessTokens.NewSecret();
        codes[code] = (accessToken, time.GetUtcNow() + goodFor);
        return code;
    }

    /// <summary>Uses a code up. Null where it is unknown, used or too old.</summary>
    public Guid? Take(string code) => codes.TryRemove(code, out var made) && made.Until > time.GetUtcNow() ? made.AccessToken : null;
}

/// <summary>Signing in and out with a browser. A session is a random token of its own in a cookie; its row ends with the access token's.</summary>
public static class SignIn
{
    internal const string Cookie = "securitycoop";
    // A browser takes a cookie of this name over TLS only, from this very host, for all of it: no neighbouring host can plant one.
    const string SecureCookie = "__Host-" + Cookie;
    static readonly TimeSpan cookieLasts = TimeSpan.FromDays(30);

    /// <summary>Maps the pages that everybody may open.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/").Public("Signing in and out.").ExcludeFromDescription();
        pages.MapGet("/sign-in", (HttpContext context) => SignInPages.Write(context, StatusCodes.Status200OK, SignInPages.Title));
        pages.MapGet("/sign-in/{code}", WithLink);
        pages.MapPost("/sign-in", WithToken);
        pages.MapPost("/sign-out", Out);
        if (app.ServiceProvider.GetService<Provider>() is not null) pages.MapProviderSignIn();
    }

    static async Task WithLink(string code, HttpContext context, SignInLinks links, AccessTokens tokens, CancellationToken stop)
    {
        (string, string)? session = links.Take(code) is { } accessToken ? await tokens.CreateSession(accessToken, stop) : null;
        await Answer(context, session, "link", SignInPages.LinkUsed);
    }

    static async Task WithToken(HttpContext context, AccessTokens tokens, CancellationToken stop)
    {
        if (!SameOrigin(context.Request))
        {
            await SignInPages.Write(context, StatusCodes.Status403Forbidden, SignInPages.Forbidden);
            return;
        }
        var token = context.Request.HasFormContentType ? (await FormReader.Read(context))["token"].ToString().Trim() : "";
        (string, string)? session = await tokens.Find(token, stop) is { SignedInWith: null } grant ? await tokens.CreateSession(grant.Id, stop) : null;
        await Answer(context, session, "token", SignInPages.TokenNotGood);
    }

    static async Task Out(HttpContext context, AccessTokens tokens, CancellationToken stop)
    {
        if (!SameOrigin(context.Request))
        {
            await SignInPages.Write(context, StatusCodes.Status403Forbidden, SignInPages.Forbidden);
            return;
        }
        if (context.User.Identity is CallerIdentity { Access: { SignedInWith: not null } session }) await tokens.Revoke(session.Id, stop);
        ForgetSession(context);
        // Drafts that a page without the script of drafts left in the browser.
        context.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        var provider = context.RequestServices.GetService<Provider>();
        if (provider is not null && await ProviderSignIn.EndAddress(context, provider, stop) is { } there) await SignInPages.Onward(context, there);
        else SeeOther(context, "/sign-in");
    }

    /// <param name="by">By what, as `access_signed_in` says it.</param>
    static async Task Answer(HttpContext context, (string Token, string Subject)? signedIn, string by, Sentence refused)
    {
        if (signedIn is not var (session, subject))
        {
            await SignInPages.Write(context, StatusCodes.Status401Unauthorized, refused);
            return;
        }
        context.RequestServices.GetService<AccessTrace>()?.SignedIn(subject, by);
        KeepSession(context, session, cookieLasts);
        SeeOther(context, "/");
    }

    /// <summary>The session's token that a browser sent.</summary>
    internal static string? SessionOf(HttpRequest request) => request.Cookies[CookieName(request)];

    /// <summary>Gives the browser a session.</summary>
    internal static void KeepSession(HttpContext context, string session, TimeSpan atMost)
    {
        var options = CookieOptions(context.Request);
        options.MaxAge = atMost;
        context.Response.Cookies.Append(CookieName(context.Request), session, options);
    }

    /// <summary>Has the browser forget its session.</summary>
    internal static void ForgetSession(HttpContext context) =>
        context.Response.Cookies.Delete(CookieName(context.Request), CookieOptions(context.Request));

    static string CookieName(HttpRequest request) => request.IsHttps ? SecureCookie : Cookie;

    static CookieOptions CookieOptions(HttpRequest request) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/" };

    static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = context.Request.PathBase + path;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer"; // the address may have held a code
    }

    /// <summary>
    /// Whether a browser sent the request from one of our own pages. Every browser says so of a POST, by Sec-Fetch-Site over https and on
    /// the local machine, by Origin everywhere; a request that says neither is none of a page's.
    /// </summary>
    internal static bool SameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site == "same-origin" : request.Headers.Origin == $"{request.Scheme}://{request.Host}";
}

/// <summary>A sentence in the three languages of the register.</summary>
sealed record Sentence(string French, string English, string Arabic)
{
    /// <summary>In the language of the pages that refuse.</summary>
    public string In(HttpRequest request) => Pages.Language.OfRefusal(request).Code switch { "en" => English, "ar" => Arabic, _ => French };

    /// <summary>The language that the request likes best of the three; French where it names none of them.</summary>
    public static string LanguageOf(HttpRequest request) => LanguageOf(request.GetTypedHeaders().AcceptLanguage);

    /// <summary>The same of what an Accept-Language says.</summary>
    public static string LanguageOf(IEnumerable<LanguageRange> accepted) => accepted
        .Where(a => a.Quality is not 0).OrderByDescending(a => a.Quality ?? 1) // stable: the order of the header decides between equals
        .Select(a => a.Value.ToString().Split('-')[0].ToLower(CultureInfo.InvariantCulture))
        .FirstOrDefault(l => l is "fr" or "en" or "ar") ?? "fr";
}
