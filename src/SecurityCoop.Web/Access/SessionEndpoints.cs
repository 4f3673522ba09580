using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SecurityCoop.Web.Access;

/// <summary>One's own sessions, over the interface and on a page.</summary>
static class SessionEndpoints
{
    /// <summary>The page's address.</summary>
    public const string Page = "/sessions";

    /// <summary>Maps the routes of the interface.</summary>
    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapGet("/sessions", List).NeedsSignIn().Shows<SessionList>();
        api.MapPost("/sessions/{session}/revocation", End).NeedsSignIn().Shows<Session>();
        api.MapPost("/sessions/revocation", EndAll).NeedsSignIn().Shows<SessionList>();
    }

    /// <summary>Maps the page.</summary>
    public static void MapSessionPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Page, Show).NeedsSignIn();
        pages.MapPost(Page + "/{session}/revocation", EndOnPage).NeedsSignIn();
        pages.MapPost(Page + "/revocation", EndAllOnPage).NeedsSignIn();
    }

    static async Task<IResult> List(HttpContext http, Sessions sessions, RegisterStore store)
    {
        await At(http, store);
        return Answer(await sessions.Of(GrantOf(http), http.RequestAborted));
    }

    static async Task<IResult> End(string session, HttpContext http, Sessions sessions, RegisterStore store)
    {
        var ended = await sessions.End(GrantOf(http), IdOf(session), http.RequestAborted);
        await At(http, store);
        return TypedResults.Json(ended, BodiesJson.Shown<Session>());
    }

    static async Task<IResult> EndAll(HttpContext http, Sessions sessions, RegisterStore store)
    {
        var ended = await sessions.EndAll(GrantOf(http), http.RequestAborted);
        await At(http, store);
        return Answer(ended);
    }

    static async Task<IResult> Show(HttpContext http, Sessions sessions, RegisterClock clock) => new RazorComponentResult<SessionPage>(
        new { View = new SessionView(Language.Of(http), clock, await sessions.Of(GrantOf(http), http.RequestAborted)) });

    static async Task<IResult> EndOnPage(string session, HttpContext http, Sessions sessions)
    {
        var ended = await sessions.End(GrantOf(http), IdOf(session), http.RequestAborted);
        return http.SeeOther(ended.Current ? "/sign-in" : Page);
    }

    static async Task<IResult> EndAllOnPage(HttpContext http, Sessions sessions)
    {
        await sessions.EndAll(GrantOf(http), http.RequestAborted);
        SignIn.ForgetSession(http);
        return http.SeeOther("/sign-in");
    }

    static JsonHttpResult<SessionList> Answer(IReadOnlyList<Session> sessions) =>
        TypedResults.Json(new SessionList(sessions), BodiesJson.Shown<SessionList>());

    static Guid IdOf(string session) => Guid.TryParse(session, out var id) ? id : throw Refusal.Because("not-found", session);

    static Grant GrantOf(HttpContext http) => ((CallerIdentity)http.User.Identity!).Access;

    static async Task At(HttpContext http, RegisterStore store) => http.SetPosition((await store.Head(http.RequestAborted)).Size);
}

public sealed record SessionList(IReadOnlyList<Session> Items);

/// <summary>What the page of sessions shows.</summary>
/// <param name="Clock">By which times are shown.</param>
public sealed record SessionView(Language Language, RegisterClock Clock, IReadOnlyList<Session> Sessions);

/// <summary>What the page says.</summary>
static class SessionWords
{
    public static readonly Label
        Sessions = new("Mes sessions", "My sessions", "جلساتي"),
        Lead = new(
            "Les navigateurs dans lesquels vous êtes connecté. Fermez ceux que vous ne reconnaissez pas.",
            "The browsers in which you are signed in. End those that you do not know.",
            "المتصفحات التي سجلتم الدخول فيها. أنهوا ما لا تعرفونه منها."),
        None = new("Aucune session.", "No session.", "لا توجد جلسات."),
        SignedIn = new("Connexion", "Signed in", "تسجيل الدخول"),
        By = new("Par", "By", "بواسطة"),
        Used = new("Dernier usage", "Last used", "آخر استعمال"),
        Until = new("Fin au plus tard", "Ends at the latest", "تنتهي في أقصى الأحوال"),
        Current = new("cette session", "this session", "هذه الجلسة"),
        End = new("Fermer", "End", "إنهاء"),
        EndAll = new(
            "Fermer toutes les sessions, celle-ci aussi", "End all sessions, this one too", "إنهاء جميع الجلسات، بما فيها هذه الجلسة");

    public static Label Of(SignInMethod by) => by switch
    {
        SignInMethod.Provider => new("fournisseur d’identité du service", "the office’s identity provider", "مزود الهوية الخاص بالمصلحة"),
        SignInMethod.Token => new("jeton d’accès ou lien", "an access token or link", "رمز وصول أو رابط"),
    };
}
