using System.Text.Json.Serialization;
using Npgsql;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>How a session was signed in: by the office's provider, or with an access token or a link.</summary>
[JsonConverter(typeof(SlugJson<SignInMethod>))]
public enum SignInMethod { Provider, Token }

/// <summary>A browser that is signed in; times are UTC.</summary>
/// <param name="LastUsedAt">To within half a minute; absent where it was not used since the register keeps it.</param>
/// <param name="ExpiresAt">When it ends at the latest, however much it is used.</param>
/// <param name="IdleMinutes">It ends earlier where nobody uses it for so long; absent: it does not.</param>
/// <param name="Current">Whether this very request came with it.</param>
/// <param name="EndedAt">When it was ended, of one that was.</param>
public sealed record Session(
    Guid Id, SignInMethod By, DateTime SignedInAt, DateTime? LastUsedAt, DateTime ExpiresAt, int? IdleMinutes, bool Current,
    DateTime? EndedAt);

/// <summary>A user's own sessions, in `register.access_token`.</summary>
public sealed class Sessions(NpgsqlDataSource database, AccessTokens tokens)
{
    const string Columns = "t.id, p.provider is not null, t.created_at, t.last_used_at, t.expires_at, "
        + "extract(epoch from t.idle_limit)::int / 60, t.revoked_at";

    /// <summary>Those of the caller's subject that are signed in, the newest first.</summary>
    public async Task<IReadOnlyList<Session>> Of(Grant caller, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            $"""
            select {Columns} from {TokenSql.WithUsers} join register.access_token p on p.id = t.signed_in_with
            where t.subject = $1 and {TokenSql.LiveWithIts} order by t.created_at desc, t.id
            """);
        ask.Parameters.Add(AccessTokens.Value(caller.Caller.Subject));
        return await Read(ask, caller, stop);
    }

    /// <summary>Ends one of them; one that was ended before stays as it is.</summary>
    /// <exception cref="Refusal">not-found: the caller has no session with that id.</exception>
    public async Task<Session> End(Grant caller, Guid session, CancellationToken stop)
    {
        await using var update = database.CreateCommand(
            $"""
            update register.access_token t set revoked_at = coalesce(t.revoked_at, now()) from register.access_token p
            where p.id = t.signed_in_with and t.id = $1 and t.subject = $2 returning {Columns}
            """);
        update.Parameters.AddRange(new NpgsqlParameter[] { AccessTokens.Value(session), AccessTokens.Value(caller.Caller.Subject) });
        var ended = await Read(update, caller, stop);
        tokens.Forget();
        return ended.Count == 1 ? ended[0] : throw Refusal.Because("not-found", $"{session}");
    }

    /// <summary>Ends all of them, this one too.</summary>
    /// <returns>Those that it ended.</returns>
    public async Task<IReadOnlyList<Session>> EndAll(Grant caller, CancellationToken stop)
    {
        await using var update = database.CreateCommand(
            $"""
            update register.access_token t set revoked_at = now() from register.access_token p
            where p.id = t.signed_in_with and t.subject = $1 and t.revoked_at is null and t.expires_at > now() returning {Columns}
            """);
        update.Parameters.Add(AccessTokens.Value(caller.Caller.Subject));
        var ended = await Read(update, caller, stop);
        tokens.Forget();
        return ended;
    }

    static async Task<IReadOnlyList<Session>> Read(NpgsqlCommand command, Grant caller, CancellationToken stop)
    {
        var sessions = new List<Session>();
        await using var row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            sessions.Add(new(
                row.GetGuid(0), row.GetBoolean(1) ? SignInMethod.Provider : SignInMethod.Token, row.GetDateTime(2),
                AccessTokens.Optional<DateTime>(row, 3), row.GetDateTime(4), AccessTokens.Optional<int>(row, 5),
                row.GetGuid(0) == caller.Id, AccessTokens.Optional<DateTime>(row, 6)));
        return sessions;
    }
}
