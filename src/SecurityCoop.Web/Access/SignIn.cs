using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;

namespace SecurityCoop.Web.Access;

/// <summary>Sign-in links: codes that work once, within a day, kept in memory only, so that a restart ends them.</summary>
public sealed class SignInLinks(TimeProvider time)
{
    static readonly TimeSpan goodFor = TimeSpan.FromHours(24);
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
    static readonly TimeSpan cookieLasts = TimeSpan.FromDays(30);

    /// <summary>Maps the pages that everybody may open.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("/sign-in", (HttpContext context) => SignInPages.Write(context, StatusCodes.Status200OK, SignInPages.Title));
        pages.MapGet("/sign-in/{code}", WithLink);
        pages.MapPost("/sign-in", WithToken);
        pages.MapPost("/sign-out", Out);
    }

    static async Task WithLink(string code, HttpContext context, SignInLinks links, AccessTokens tokens, CancellationToken stop)
    {
        var session = links.Take(code) is { } accessToken ? await tokens.CreateSession(accessToken, stop) : null;
        await Answer(context, session, SignInPages.LinkUsed);
    }

    static async Task WithToken(HttpContext context, AccessTokens tokens, CancellationToken stop)
    {
        if (!SameOrigin(context.Request))
        {
            await SignInPages.Write(context, StatusCodes.Status403Forbidden, SignInPages.Forbidden);
            return;
        }
        var token = context.Request.HasFormContentType ? (await Forms.Read(context))["token"].ToString().Trim() : "";
        var session = await tokens.Find(token, stop) is { SignedInWith: null } grant ? await tokens.CreateSession(grant.Id, stop) : null;
        await Answer(context, session, SignInPages.TokenNotGood);
    }

    static async Task Out(HttpContext context, AccessTokens tokens, CancellationToken stop)
    {
        if (!SameOrigin(context.Request))
        {
            await SignInPages.Write(context, StatusCodes.Status403Forbidden, SignInPages.Forbidden);
            return;
        }
        if (context.User.Identity is CallerIdentity { Access: { SignedInWith: not null } session }) await tokens.Revoke(session.Id, stop);
        context.Response.Cookies.Delete(Cookie, CookieOptions(context.Request));
        SeeOther(context, "/sign-in");
    }

    static async Task Answer(HttpContext context, string? session, Sentence refused)
    {
        if (session is null)
        {
            await SignInPages.Write(context, StatusCodes.Status401Unauthorized, refused);
            return;
        }
        var options = CookieOptions(context.Request);
        options.MaxAge = cookieLasts;
        context.Response.Cookies.Append(Cookie, session, options);
        SeeOther(context, "/");
    }

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
    /// <summary>In the language that the request likes best of the three; French where it names none of them.</summary>
    public string In(HttpRequest request) => LanguageOf(request) switch { "en" => English, "ar" => Arabic, _ => French };

    public static string LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(a => a.Quality is not 0).OrderByDescending(a => a.Quality ?? 1) // stable: the order of the header decides between equals
        .Select(a => a.Value.ToString().Split('-')[0].ToLower(CultureInfo.InvariantCulture))
        .FirstOrDefault(l => l is "fr" or "en" or "ar") ?? "fr";
}

/// <summary>The one plain page of sign-in. It needs neither script nor style sheet, so that it works before anything else does.</summary>
static class SignInPages
{
    public static readonly Sentence
        Title = new("Connexion", "Sign in", "تسجيل الدخول"),
        Unauthenticated = new("Il faut se connecter.", "You need to sign in.", "يجب تسجيل الدخول."),
        Forbidden = new("Vous n’avez pas le rôle qu’il faut pour cela.", "You do not have the role that this needs.", "ليس لديك الدور اللازم لذلك."),
        LinkUsed = new(
            "Ce lien est inconnu, trop ancien ou a déjà servi.", "This link is unknown, too old or was used before.", "هذا الرابط غير معروف أو قديم جدًا أو سبق استعماله."),
        TokenNotGood = new("Ce jeton est inconnu, expiré ou révoqué.", "This token is unknown, expired or revoked.", "هذا الرمز غير معروف أو منتهي الصلاحية أو ملغى.");

    static readonly Sentence
        how = new(
            "Ouvrez le lien que ./run affiche à chaque démarrage et qui sert une seule fois, ou collez un jeton d’accès. La commande « securitycoop token create » en crée un.",
            "Open the link that ./run prints at each start and that works once, or paste an access token. The command “securitycoop token create” makes one.",
            "افتح الرابط الذي يعرضه ‎./run عند كل تشغيل، وهو صالح لمرة واحدة، أو ألصق رمز وصول. الأمر ‎“securitycoop token create” ينشئ رمزًا."),
        token = new("Jeton d’accès", "Access token", "رمز الوصول"),
        enter = new("Se connecter", "Sign in", "دخول"),
        home = new("Accueil", "Home", "الصفحة الرئيسية");

    /// <summary>Writes the page: the title, how to sign in, and the form. A 403 has the title only, since signing in again would not help.</summary>
    public static Task Write(HttpContext context, int status, Sentence title)
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        if (status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0) response.Headers.WWWAuthenticate = "Bearer";
        if (HttpMethods.IsHead(request.Method)) return Task.CompletedTask;

        var language = Sentence.LanguageOf(request);
        var root = HtmlEncoder.Default.Encode(request.PathBase.Value ?? "");
        var form = status == StatusCodes.Status403Forbidden ? "" :
            $"""
            <p>{how.In(request)}</p>
            <form method="post" action="{root}/sign-in">
            <label>{token.In(request)} <input name="token" type="password" autocomplete="off" required></label>
            <button>{enter.In(request)}</button>
            </form>
            """;
        return response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="{language}" dir="{(language == "ar" ? "rtl" : "ltr")}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>SecurityCoop</title></head>
            <body>
            <h1>{title.In(request)}</h1>
            {form}
            <p><a href="{root}/">{home.In(request)}</a></p>
            </body>
            </html>
            """, context.RequestAborted);
    }
}
