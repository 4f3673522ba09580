using System.Text.Encodings.Web;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Access;

/// <summary>The one plain page of sign-in. It needs no script, and no style sheet to be read, so that it works before anything else does.</summary>
static class SignInPages
{
    public static readonly Sentence
        Title = new("Connexion", "Sign in", "تسجيل الدخول"),
        Unauthenticated = new("Il faut se connecter.", "You need to sign in.", "يجب تسجيل الدخول."),
        Forbidden = new(
            "Vous n’avez pas le rôle qu’il faut pour cela.",
            "You do not have the role that this needs.",
            "ليس لديك الدور اللازم لذلك."),
        LinkUsed = new(
            "Ce lien est inconnu, trop ancien ou a déjà servi.",
            "This link is unknown, too old or was used before.",
            "هذا الرابط غير معروف أو قديم جدًا أو سبق استعماله."),
        TokenNotGood = new(
            "Ce jeton est inconnu, expiré ou révoqué.",
            "This token is unknown, expired or revoked.",
            "هذا الرمز غير معروف أو منتهي الصلاحية أو ملغى.");

    /// <summary>What is said where the provider was to sign somebody in.</summary>
    public static readonly Sentence
        ProviderRefused = new(
            "La connexion par le fournisseur d’identité du service n’a pas abouti ; recommencez.",
            "The sign-in by the office’s identity provider did not succeed; start again.",
            "لم يكتمل تسجيل الدخول عبر مزود الهوية الخاص بالمصلحة؛ يرجى إعادة المحاولة."),
        NotLetIn = new(
            "Votre accès au registre est désactivé ; adressez-vous à l’administrateur du registre.",
            "Your access to the register is disabled; ask the register’s administrator.",
            "ولوجكم إلى السجل معطل؛ يرجى الاتصال بمدير السجل."),
        Again = new(
            "Cette opération demande une connexion récente : connectez-vous de nouveau.", "This needs a recent sign-in: sign in again.",
            "تتطلب هذه العملية تسجيل دخول حديثا: يرجى تسجيل الدخول من جديد."),
        NoRole = new(
            "Vous êtes connecté, mais n’avez encore aucun rôle.",
            "You are signed in, but have no role yet.",
            "لقد سجلتم الدخول، لكن لا دور لكم بعد."),
        Onwards = new("Suite", "Continue", "متابعة");

    static readonly Sentence
        byProvider = new(
            "Se connecter par le fournisseur d’identité du service",
            "Sign in by the office’s identity provider",
            "تسجيل الدخول عبر مزود الهوية الخاص بالمصلحة"),
        tellSubject = new(
            "Indiquez cet identifiant à l’administrateur du registre, qui vous donnera un rôle :",
            "Tell the register’s administrator this id, who will give you a role:",
            "أبلغوا مدير السجل بهذا المعرف ليمنحكم دورا:"),
        signOut = new("Se déconnecter", "Sign out", "تسجيل الخروج"),
        how = new(
            "Ouvrez le lien que ./run affiche dans le terminal à chaque démarrage et qui sert une seule fois, dans l’heure, ou collez un jeton d’accès. La commande « securitycoop token create » en crée un.",
            "Open the link that ./run prints in the terminal at each start and that works once, within an hour, or paste an access token. The command “securitycoop token create” makes one.",
            "افتح الرابط الذي يعرضه ‎./run في الطرفية عند كل تشغيل، وهو صالح لمرة واحدة خلال ساعة، أو ألصق رمز وصول. الأمر ‎“securitycoop token create” ينشئ رمزًا."),
        token = new("Jeton d’accès", "Access token", "رمز الوصول"),
        enter = new("Se connecter", "Sign in", "دخول"),
        home = new("Accueil", "Home", "الصفحة الرئيسية"),
        users = new("Utilisateurs", "Users", "المستخدمون");

    /// <summary>Writes the page: the title, and how to sign in. A 403 has the title only, since signing in again would not help.</summary>
    public static Task Write(HttpContext context, int status, Sentence title)
    {
        var body = status == StatusCodes.Status403Forbidden ? "" : Ways(context, Root(context) + ProviderSignIn.Address);
        return Write(context, status, title, body);
    }

    // By the provider, where there is one, and with an access token.
    static string Ways(HttpContext context, string atProvider)
    {
        var request = context.Request;
        var provider = context.RequestServices.GetService<Provider>() is null ? ""
            : $"""<p><a href="{atProvider}">{byProvider.In(request)}</a></p>""";
        return
            $"""
            {provider}
            <p>{how.In(request)}</p>
            <form method="post" action="{Root(context)}/sign-in">
            <label>{token.In(request)} <input name="token" type="password" autocomplete="off" required></label>
            <button>{enter.In(request)}</button>
            </form>
            """;
    }

    /// <summary>Writes the page for a user without a role: whom to ask for one, and what to tell them.</summary>
    public static Task WriteNoRole(HttpContext context, string subject) => Write(context, StatusCodes.Status403Forbidden, NoRole,
        $"""
        <p>{tellSubject.In(context.Request)} <bdi dir="ltr"><code id="subject">{HtmlEncoder.Default.Encode(subject)}</code></bdi></p>
        <form method="post" action="{Root(context)}/sign-out"><button>{signOut.In(context.Request)}</button></form>
        """);

    /// <summary>Writes the page that asks for a new sign-in, which leads back.</summary>
    /// <param name="there">Where one signs in again.</param>
    public static Task WriteAgain(HttpContext context, string there) =>
        Write(context, StatusCodes.Status401Unauthorized, Again, Ways(context, HtmlEncoder.Default.Encode(there)));

    /// <summary>
    /// Leads on to an address from a page of ours. A redirect would not do: after an answer from the provider's site the browser would not
    /// send our cookies along, and none of ours may lead a form to another site.
    /// </summary>
    public static Task Onward(HttpContext context, string there)
    {
        var address = HtmlEncoder.Default.Encode(there);
        return Write(
            context, StatusCodes.Status200OK, Title, $"""<p><a href="{address}">{Onwards.In(context.Request)}</a></p>""",
            $"""<meta http-equiv="refresh" content="0;url={address}">""");
    }

    static string Root(HttpContext context) => HtmlEncoder.Default.Encode(context.Request.PathBase.Value ?? "");

    static Task Write(HttpContext context, int status, Sentence title, string body, string head = "")
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language";
        response.Headers["Referrer-Policy"] = "same-origin"; // so that the forms say where they come from
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        if (status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0) response.Headers.WWWAuthenticate = "Bearer";
        if (HttpMethods.IsHead(request.Method)) return Task.CompletedTask;

        var language = Language.OfRefusal(request).Code;
        // Whoever only administers has no use for the home page.
        var (start, goes) = context.User.Identity is CallerIdentity caller && !caller.Access.Caller.May(Role.Reader)
            && caller.Access.Caller.May(Role.Administrator) ? (UserPages.Path, users) : ("/", home);
        return response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="{language}" dir="{(language == "ar" ? "rtl" : "ltr")}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}<title>SecurityCoop</title>
            <link rel="stylesheet" href="{Root(context)}{PageRoutes.StylesheetAddress}"></head>
            <body><main>
            <h1>{title.In(request)}</h1>
            {body}
            <p><a href="{Root(context)}{start}">{goes.In(request)}</a></p>
            </main></body>
            </html>
            """, context.RequestAborted);
    }
}
