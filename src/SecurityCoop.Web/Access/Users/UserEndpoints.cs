using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Access;

/// <summary>Users over HTTP, for administrators, who see no record.</summary>
static class UserEndpoints
{
    /// <summary>How long a token is good where nothing else was asked for, and at most, in days.</summary>
    public const int TokenDays = 90, MostTokenDays = 3650;

    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapCommands(UserCommands.Commands);
        api.MapGet("/users", List).Needs(Role.Administrator).Shows<UserList>();
        api.MapGet("/users/{user}", Get).Needs(Role.Administrator).Shows<UserAnswer>();
        api.MapPost("/users/{user}/tokens", MakeToken).Needs(Role.Administrator).NeedsRecentSignIn()
            .Accepts<NewTokenBody>("application/json").Produces<TokenMade>(StatusCodes.Status201Created).WithMetadata(new RecordsNothing());
    }

    /// <summary>Users in the order in which they were described. Names are not in it; the cursor is a reference.</summary>
    static async Task<IResult> List(HttpContext http, Users users, RegisterStore store, int? limit, string? after)
    {
        var (take, stop) = (RecordQueries.Limit(limit), http.RequestAborted);
        var all = await users.All(stop);
        var start = after is null ? 0 : all.TakeWhile(u => u.User.Reference != after).Count() + 1;
        if (start > all.Count) throw Refusal.OfField("?after", "invalid-parameter");
        List<UserLine> page = [.. all.Skip(start).Take(take).Select(Line)];
        var next = start + take < all.Count ? page[^1].Reference : null;
        if (next is not null) http.SetNext(next);
        await Private(http, store);
        return TypedResults.Json(new UserList(page, next), BodiesJson.Shown<UserList>());
    }

    /// <summary>One user with tokens and name. That the name was opened is recorded.</summary>
    static Task<IResult> Get(string user, HttpContext http, Users users, AccessTokens tokens, RegisterStore store, Openings openings) =>
        openings.Show<IResult>(http, async opener =>
        {
            var found = await users.Named(user, http.RequestAborted) ?? throw Refusal.Because("not-found", user);
            var answer = await Answer(found, tokens, store, opener, http.RequestAborted);
            http.Response.Headers.ETag = ETags.Of(found.Version);
            await Private(http, store);
            return TypedResults.Json(answer, BodiesJson.Shown<UserAnswer>());
        });

    static async Task<IResult> MakeToken(string user, HttpContext http, Users users, AccessTokens tokens, RegisterStore store)
    {
        var body = Bodies.Parse(await Bodies.Read(http, http.RequestAborted), BodiesJson.Of<NewTokenBody>()).Value;
        var made = await TokenFor(user, body, http.GetCaller(), users, tokens, http.RequestAborted);
        await Private(http, store);
        http.Response.Headers.Location = $"/api/{UserKind.Path}/{made.User.User.Reference}";
        var told = new TokenMade(made.Id, made.Token, made.User.User.Reference!, made.Until);
        return TypedResults.Json(told, BodiesJson.Shown<TokenMade>(), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Makes an access token for a user.</summary>
    /// <exception cref="Refusal">not-found, erased, user-disabled; out-of-range at /days; days-or-unlimited at /unlimited.</exception>
    internal static async Task<NewToken> TokenFor(string user, NewTokenBody body, Caller by, Users users, AccessTokens tokens, CancellationToken stop)
    {
        if (body.Days is < 1 or > MostTokenDays) throw Refusal.OfField("/days", "out-of-range", "1", $"{MostTokenDays}");
        if (body is { Days: not null, Unlimited: true }) throw Refusal.OfField("/unlimited", "days-or-unlimited");
        var found = await users.Named(user, stop) ?? throw Refusal.Because("not-found", user);
        // By the database's kind of clock, which decides whether it is good. To the second: the log and the database say the same.
        DateTime? until = body.Unlimited is true ? null : ToSecond(DateTime.UtcNow.AddDays(body.Days ?? TokenDays));
        return await users.MakeToken(tokens, found.User.Subject, by.Subject, body.Reason, $"by {by.Subject}", until, _ => null, stop);
    }

    internal static DateTime ToSecond(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    /// <summary>A user as an administrator sees it.</summary>
    internal static async Task<UserAnswer> Answer(FoundUser found, AccessTokens tokens, RegisterStore store, Opener opener, CancellationToken stop)
    {
        var user = found.User;
        var (name, issuerSubject) = (new JsonObject(), new JsonObject());
        var described = await store.ReadStream(found.Stream, stop: stop).FirstAsync(stop);
        if (user.Named) await opener.PutOfUser(name, user, described, "/name");
        if (user.Issuer is not null) await opener.PutOfUser(issuerSubject, user, described, "/issuerSubject");
        var (listed, madeBy) = (await tokens.List(stop, user.Subject), user.Tokens.ToDictionary(t => t.Token, t => t.MadeBy));
        return new(user.Reference!, found.Stream, found.Version, user.Subject, user.Issuer, user.Roles, user.Clearance, user.MemberOf, user.Disabled)
        {
            Name = user.Named ? name : null, IssuerSubject = user.Issuer is null ? null : issuerSubject, Erased = user.Erased,
            Tokens = [.. listed.Select(t => new TokenLine(t.Id, t.Created, madeBy.GetValueOrDefault(t.Id), t.Expires, t.Revoked, t.LastUsed, t.Live))],
        };
    }

    internal static UserLine Line(FoundUser found)
    {
        var u = found.User;
        return new(u.Reference!, found.Stream, u.Subject, u.Issuer, u.Roles, u.Clearance, u.MemberOf, u.Disabled, u.Erased is null ? null : true);
    }

    static async Task Private(HttpContext http, RegisterStore store)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.SetPosition((await store.Head(http.RequestAborted)).Size);
    }
}

/// <param name="Id">Its stream id.</param>
/// <param name="Subject">The opaque id under which the user's events are recorded.</param>
/// <param name="Erased">True where the user's name was erased.</param>
public sealed record UserLine(
    string Reference, string Id, string Subject, string? Issuer, IReadOnlyList<Role> Roles, Marking Clearance, IReadOnlyList<string> Groups,
    bool Disabled, bool? Erased);

public sealed record UserList(IReadOnlyList<UserLine> Items, string? Next);

/// <param name="Id">Its stream id.</param>
/// <param name="Subject">The opaque id under which the user's events are recorded.</param>
public sealed record UserAnswer(
    string Reference, string Id, long Version, string Subject, string? Issuer, IReadOnlyList<Role> Roles, Marking Clearance,
    IReadOnlyList<string> Groups, bool Disabled)
{
    /// <summary>`value`, or in its place `erased` or `missing`; absent where none was given.</summary>
    public JsonObject? Name { get; init; }
    /// <summary>The same of whom the identity provider calls the user.</summary>
    public JsonObject? IssuerSubject { get; init; }
    public Register.People.Erasure? Erased { get; init; }
    public IReadOnlyList<TokenLine> Tokens { get; init; } = [];
}

/// <summary>An access token, never what it is.</summary>
/// <param name="MadeBy">Opaque id of whoever made it; absent of one from before there were users.</param>
/// <param name="Until">When it expires; absent: never.</param>
/// <param name="LastUsed">To the hour; absent: not yet.</param>
/// <param name="Live">Whether it opens anything.</param>
public sealed record TokenLine(Guid Id, DateTime MadeAt, string? MadeBy, DateTime? Until, DateTime? EndedAt, DateTime? LastUsed, bool Live);

/// <param name="Id">The token's id, with which it is ended.</param>
/// <param name="Token">The token itself, told this once.</param>
/// <param name="User">Reference of the user.</param>
/// <param name="Until">When it expires; absent: never.</param>
public sealed record TokenMade(Guid Id, string Token, string User, DateTime? Until)
{
    /// <summary>Nothing of the token, whoever may write it into a log.</summary>
    public override string ToString() => $"token {Id}";
}
