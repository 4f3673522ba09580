using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Who signed in by the provider, in `register.access_token`. Each user of the provider's has one row that no secret opens; with it go the user's sessions,
/// programs' tokens and calendars. What the claims gave stands on it as of the last sign-in, and on each session as of its own.
/// </summary>
public sealed class ProviderSessions(NpgsqlDataSource database, AccessTokens tokens, IProviderUsers users, Provider provider)
{
    /// <summary>Signs in: makes a session, which ends when nobody uses it, a while after the user proved who they are, or when the provider ends it.</summary>
    /// <param name="replaces">The session in whose place it comes; null: none.</param>
    /// <returns>The session's own token; null where the user is not let in.</returns>
    public async Task<string?> SignIn(ProviderClaims claims, DateTimeOffset authenticatedAt, Guid? replaces, CancellationToken stop)
    {
        var (user, token) = (await Known(claims, stop), AccessTokens.NewSecret());
        await using var insert = database.CreateCommand(
            $"""
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, of_user, signed_in_with, given_roles, given_clearance, given_groups,
                provider_session, authenticated_at, expires_at, idle_limit, last_used_at)
            select $1, $2, t.subject, t.roles, t.clearance, 'session', true, t.id, $4, $5, $6, $7, $8, $8 + $9, $10, now()
            from {AccessTokens.WithUsers} where t.id = $3 and {AccessTokens.Live}
            """);
        insert.Parameters.AddRange(new NpgsqlParameter[] { AccessTokens.Value(Guid.CreateVersion7()), AccessTokens.Value(AccessTokens.Hash(token)), AccessTokens.Value(user) });
        insert.Parameters.AddRange(Given(claims));
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            Text(claims.Session), AccessTokens.Value(authenticatedAt.UtcDateTime), AccessTokens.Value(provider.Settings.Absolute), AccessTokens.Value(provider.Settings.Idle),
        });
        if (await insert.ExecuteNonQueryAsync(stop) == 0) return null;
        if (replaces is { } old) await tokens.Revoke(old, stop);
        return token;
    }

    /// <summary>Whose a program's token is; null where it is not good, or its user is not let in.</summary>
    /// <exception cref="Register.Refusal">provider-away.</exception>
    public Task<Grant?> Find(string jwt, CancellationToken stop) => tokens.Remembered(jwt, async () =>
    {
        if (await provider.ReadAccessToken(jwt, stop) is not var (claims, expires)) return null;
        if (await tokens.Find(await Known(claims, stop), stop) is not { } grant) return null;
        var caller = grant.Caller;
        // Its own claims count, not those of the user's last sign-in.
        return grant with { Expires = expires, Caller = caller with
        {
            Roles = claims.Roles.Count > 0 ? claims.Roles : caller.Roles, Clearance = claims.Clearance ?? caller.Clearance,
            Groups = claims.Groups.Count > 0 ? claims.Groups : caller.Groups,
        } };
    });

    /// <summary>Ends what the provider says has ended: its session, or all of a user's that began before it said so.</summary>
    public async Task End(string? issuerSubject, string? session, DateTime saidAt, CancellationToken stop)
    {
        var issuer = (await provider.Discover(stop)).Issuer;
        var subject = issuerSubject is null ? null : await users.Find(issuer, issuerSubject, stop);
        if (issuerSubject is not null && subject is null) return;
        await using var update = database.CreateCommand(
            """
            update register.access_token t set revoked_at = now() from register.access_token p
            where p.id = t.signed_in_with and p.provider = $1 and ($2 is null or p.subject = $2) and ($3 is null or t.provider_session = $3)
                and t.created_at <= $4 and t.revoked_at is null
            """);
        // A logout token that is sent again later must not end what began since.
        update.Parameters.AddRange(new NpgsqlParameter[] { AccessTokens.Value(issuer), Text(subject), Text(session), AccessTokens.Value(saidAt + Provider.ClockSkew) });
        await update.ExecuteNonQueryAsync(stop);
        tokens.Forget();
    }

    // The row of the provider's user.
    async Task<Guid> Known(ProviderClaims claims, CancellationToken stop)
    {
        var subject = await users.FindOrMake(claims.Issuer, claims.Subject, claims.Name, stop);
        await using var ask = database.CreateCommand(
            """
            select id from register.access_token where provider = $5 and subject = $1 and given_roles is not distinct from $2
                and given_clearance is not distinct from $3 and given_groups is not distinct from $4
            """);
        ask.Parameters.Add(AccessTokens.Value(subject));
        ask.Parameters.AddRange(Given(claims));
        ask.Parameters.Add(AccessTokens.Value(claims.Issuer));
        if (await ask.ExecuteScalarAsync(stop) is Guid known) return known;
        await using var upsert = database.CreateCommand(
            """
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, of_user, provider, given_roles, given_clearance, given_groups)
            values ($1, $2, $3, '{}', 'open', 'provider', true, $7, $4, $5, $6)
            on conflict (provider, subject) do update
            set given_roles = excluded.given_roles, given_clearance = excluded.given_clearance, given_groups = excluded.given_groups
            returning id
            """);
        upsert.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(Guid.CreateVersion7()), AccessTokens.Value(AccessTokens.Hash(AccessTokens.NewSecret())), AccessTokens.Value(subject),
        });
        upsert.Parameters.AddRange(Given(claims));
        upsert.Parameters.Add(AccessTokens.Value(claims.Issuer));
        return (Guid)(await upsert.ExecuteScalarAsync(stop))!;
    }

    // Null: the claims say nothing, and the administrator's word counts.
    static NpgsqlParameter[] Given(ProviderClaims claims) =>
    [
        Texts(claims.Roles.Order().Select(AccessTokens.Slug)), Text(claims.Clearance is { } clearance ? AccessTokens.Slug(clearance) : null),
        Texts(claims.Groups.Order(StringComparer.Ordinal)),
    ];

    static NpgsqlParameter Texts(IEnumerable<string> values) => new()
    {
        Value = values.ToArray() is { Length: > 0 } some ? some : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
