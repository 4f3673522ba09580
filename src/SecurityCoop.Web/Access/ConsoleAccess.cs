using System.Globalization;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;

namespace SecurityCoop.Web.Access;

/// <summary>What whoever operates the machine can do about access: the first steward at the start, and access tokens on the command line.</summary>
public static class ConsoleAccess
{
    /// <summary>
    /// Gives a register that nobody can sign in to as a steward its first one: subject `steward`, roles steward and administrator, clearance
    /// secret, its access token in the file `token` of the data folder (mode 0600). At each start makes a link that signs it in once.
    /// </summary>
    /// <param name="dataFolder">Made if missing.</param>
    /// <param name="baseUrl">What the link begins with, such as `http://127.0.0.1:5080`.</param>
    /// <returns>The token where it was made just now; the link, null where the first steward's token was revoked and others are stewards.</returns>
    public static async Task<(string? Token, string? Link)> FirstSteward(
        AccessTokens tokens, SignInLinks links, string dataFolder, string baseUrl, CancellationToken stop)
    {
        var token = await tokens.CreateFirstSteward(new TokenFile(dataFolder), stop);
        var link = await tokens.FirstSteward(stop) is { } id ? $"{baseUrl.TrimEnd('/')}/sign-in/{links.NewCode(id)}" : null;
        return (token, link);
    }

    /// <summary>
    /// Describes the first steward as a user, where the log does not know it yet: at the first start, and at the first one after an upgrade.
    /// Its token exists by then; a crash in between leaves one that keeps its own roles, and the next start makes it good.
    /// </summary>
    public static async Task DescribeFirstSteward(AccessTokens tokens, Users users, CancellationToken stop)
    {
        if (await tokens.FirstSteward(stop) is not { } id || (await tokens.List(stop)).SingleOrDefault(t => t.Id == id) is not { } first) return;
        var caller = first.Caller;
        await users.Change(caller.Subject, Users.Console, null, user =>
        {
            var stream = User.StreamOf(caller.Subject);
            if (user.Exists) return new(stream, []);
            var described = Users.Described(caller.Subject, Users.Console, [.. caller.Roles], caller.Clearance);
            return described with { Facts = [.. described.Facts, new(new UserTokenMade(id, first.Expires))] };
        }, stop);
        tokens.Forget();
    }

    /// <summary>
    /// `token create`: prints the new token alone on the first line, for scripts; then what it is. The user of the subject is described where
    /// there is none, with these roles and this clearance; one who is there keeps what they may do.
    /// </summary>
    /// <param name="roles">None: those of the user who is there.</param>
    /// <param name="subject">As events will name their actor.</param>
    /// <param name="clearance">Null: the user's; of a new one restricted.</param>
    /// <param name="days">How long it is good; null: 90 days, unless it shall be good for ever.</param>
    /// <returns>The exit code: 2 where the words make no sense, 1 where the register says no.</returns>
    public static async Task<int> CreateToken(
        AccessTokens tokens, Users users, IReadOnlyList<Role> roles, string subject, Marking? clearance, int? days, bool unlimited,
        TextWriter print, CancellationToken stop)
    {
        if (days is < 1 or > UserEndpoints.MostTokenDays || (unlimited && days is not null))
        {
            await print.WriteLineAsync($"A token is good for 1 to {UserEndpoints.MostTokenDays} days (--days), or for ever (--unlimited).");
            return 2;
        }
        DateTime? until = unlimited ? null : UserEndpoints.ToSecond(DateTime.UtcNow.AddDays(days ?? UserEndpoints.TokenDays));
        try
        {
            if (await users.OfSubject(subject, stop) is { } known && Differs(known.User, roles, clearance))
            {
                await print.WriteLineAsync(
                    $"{subject} has the roles {Names(known.User.Roles)} and the clearance {Slug.Of(known.User.Clearance)}: "
                    + "leave out --role and --clearance, or have an administrator change them (/administration/users).");
                return 1;
            }
            if (roles.Count == 0 && await users.OfSubject(subject, stop) is null)
            {
                await print.WriteLineAsync($"There is no user {subject} yet: say with --role what the new one may do.");
                return 2;
            }
            var made = await users.MakeToken(tokens, subject, Users.Console, null, "token create", until,
                user => user.Exists ? null : Users.Described(subject, Users.Console, roles, clearance ?? Marking.Restricted), stop);
            await print.WriteLineAsync(made.Token);
            await print.WriteLineAsync(
                $"id {made.Id}, of {made.User.User.Reference} ({subject}), {(until is { } end ? $"good until {Minute(end)}" : "good for ever")}; "
                + $"it is shown only now, and ends with: securitycoop token revoke {made.Id}");
            return 0;
        }
        catch (Refusal refused)
        {
            await print.WriteLineAsync(Problems.Say(refused.Slug, refused.Args, "en"));
            return refused.Field is null ? 1 : 2;
        }
    }

    static bool Differs(User user, IReadOnlyList<Role> roles, Marking? clearance) =>
        (roles.Count > 0 && !user.Roles.ToHashSet().SetEquals(roles)) || (clearance is { } asked && asked != user.Clearance);

    static string Names(IEnumerable<Role> roles) => string.Join(',', roles.Order().Select(r => Slug.Of(r)));

    /// <summary>
    /// `token list`: one line a token, tab-separated: id, subject, roles, clearance, label, when made, how it stands, when last used (to the
    /// hour). Never the token itself.
    /// </summary>
    public static async Task<int> ListTokens(AccessTokens tokens, TextWriter print, CancellationToken stop)
    {
        foreach (var t in await tokens.List(stop))
        {
            var stands = t.Revoked is { } revoked ? $"revoked {Minute(revoked)}"
                : t.Expires is not { } expires ? t.Live ? "good" : "user disabled"
                : t.Live ? $"good until {Minute(expires)}" : $"expired {Minute(expires)}";
            var used = t.LastUsed is { } last ? Minute(last) : "not used";
            await print.WriteLineAsync(string.Join(
                '\t', t.Id, t.Caller.Subject, Names(t.Caller.Roles), Slug.Of(t.Caller.Clearance), t.Label, Minute(t.Created), stands, used));
        }
        return 0;
    }

    /// <summary>`token revoke`: ends a token and every session signed in with it, in a running host within ten seconds.</summary>
    /// <returns>0, or 1 where there is nothing to revoke.</returns>
    public static async Task<int> RevokeToken(AccessTokens tokens, Users users, Guid id, TextWriter print, CancellationToken stop)
    {
        var subject = (await tokens.List(stop)).SingleOrDefault(t => t.Id == id)?.Caller.Subject;
        var revoked = false;
        if (subject is not null && await users.OfSubject(subject, stop) is { } owner && owner.User.Tokens.Any(t => t.Token == id))
            await users.Change(subject, Users.Console, null, user =>
            {
                var facts = user.EndToken(id);
                revoked = facts.Count > 0;
                return new(owner.Stream, facts);
            }, stop);
        else revoked = await tokens.Revoke(id, stop); // From before there were users.
        await print.WriteLineAsync(revoked ? $"Revoked {id}; a running host refuses it within ten seconds." : $"There is no token {id}, or it was revoked before.");
        return revoked ? 0 : 1;
    }

    static string Minute(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
