using Npgsql;
using NpgsqlTypes;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Who signed in by the provider, in `register.access_token`. Each user of the provider's has one row that no secret opens; the user's
/// sessions and calendars hang on it. What the claims gave stands on it as of the last sign-in, and on each session as of its own; a
/// program's token is read each time.
/// </summary>
public sealed class ProviderSessions(NpgsqlDataSource database, AccessTokens tokens, Users users, Provider provider)
{
    /// <summary>
    /// Signs in: makes a session, which ends when nobody uses it, a while after the user proved who they are, or when the provider ends it.
    /// </summary>
    /// <param name="replaces">The session in whose place it comes; null: none.</param>
    /// <returns>The session's own token and its user's subject; null where the user is not let in.</returns>
    public async Task<(string Token, string Subject)?> SignIn(
        ProviderClaims claims, DateTimeOffset authenticatedAt, Guid? replaces, CancellationToken stop)
    {
        if (await Known(claims, signIn: true, stop) is not var (id, user)) return null;
        var token = AccessTokens.NewSecret();
        await using var insert = database.CreateCommand(
            $"""
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, of_user, signed_in_with,
                given_roles, given_clearance, given_groups, provider_session, authenticated_at, expires_at, idle_limit, last_used_at)
            select $1, $2, t.subject, t.roles, t.clearance, 'session', false, t.id, $4, $5, $6, $7, $8, $8 + $9, $10, now()
            from {TokenSql.WithUsers} where t.id = $3 and {TokenSql.Live}
            """);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(Guid.CreateVersion7()), AccessTokens.Value(AccessTokens.Hash(token)), AccessTokens.Value(id),
        });
        insert.Parameters.AddRange(Given(claims));
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            Text(claims.Session), AccessTokens.Value(authenticatedAt.UtcDateTime), AccessTokens.Value(provider.Settings.Absolute),
            AccessTokens.Value(provider.Settings.Idle),
        });
        if (await insert.ExecuteNonQueryAsync(stop) == 0) return null;
        if (replaces is { } old) await tokens.Revoke(old, stop);
        return (token, user.Subject);
    }

    /// <summary>Whose a program's token is; null where it is not good, or its user is not let in.</summary>
    /// <exception cref="Refusal">provider-away.</exception>
    public Task<Grant?> Find(string jwt, CancellationToken stop) => tokens.Remembered(jwt, async () =>
    {
        if (await provider.ReadAccessToken(jwt, stop) is not var (claims, expires)) return null;
        if (await Known(claims, signIn: false, stop) is not var (id, user)) return null;
        return new(id, claims.Over(user), expires, null, Claims: claims);
    });

    /// <summary>Ends what the provider says has ended: its session, or all of a user's that began before it said so.</summary>
    public async Task End(string? issuerSubject, string? session, DateTime saidAt, CancellationToken stop)
    {
        var issuer = (await provider.Discover(stop)).Issuer;
        var user = issuerSubject is null ? null : await users.OfIssuer(issuer, issuerSubject, stop);
        if (issuerSubject is not null && user is null) return;
        await using var update = database.CreateCommand(
            """
            update register.access_token t set revoked_at = now() from register.access_token p
            where p.id = t.signed_in_with and p.provider = $1 and ($2 is null or p.subject = $2) and ($3 is null or t.provider_session = $3)
                and t.created_at <= $4 and t.revoked_at is null
            """);
        update.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(issuer), Text(user?.User.Subject), Text(session),
            AccessTokens.Value(saidAt + Provider.ClockSkew), // A logout token that is sent again later must not end what began since.
        });
        await update.ExecuteNonQueryAsync(stop);
        tokens.Forget();
    }

    // The row of the provider's user, and what the administrator says of the user; null where the user is not let in.
    async Task<(Guid Row, Caller User)?> Known(ProviderClaims claims, bool signIn, CancellationToken stop)
    {
        FoundUser found;
        try
        {
            // A name that does not fit keeps nobody out.
            var name = string.IsNullOrWhiteSpace(claims.Name) || claims.Name.Length > User.LongestName || claims.Name.Any(char.IsControl)
                ? null : claims.Name;
            found = await users.AtSignIn(claims.Issuer, claims.Subject, name, stop);
        }
        catch (Refusal)
        {
            return null; // Erased; or called what no user can be called.
        }
        return found.Caller is { } user ? (await Row(user.Subject, claims, signIn, stop), user) : null;
    }

    async Task<Guid> Row(string subject, ProviderClaims claims, bool signIn, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            """
            select id from register.access_token where provider = $1 and subject = $2 and ($3 or given_roles is not distinct from $4
                and given_clearance is not distinct from $5 and given_groups is not distinct from $6)
            """);
        ask.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(claims.Issuer), AccessTokens.Value(subject), AccessTokens.Value(!signIn),
        });
        ask.Parameters.AddRange(Given(claims));
        if (await ask.ExecuteScalarAsync(stop) is Guid known) return known;
        await using var upsert = database.CreateCommand(
            """
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, of_user, provider,
                given_roles, given_clearance, given_groups)
            values ($1, $2, $3, '{}', 'open', 'provider', false, $4, $5, $6, $7)
            on conflict (provider, subject) do update
            set given_roles = excluded.given_roles, given_clearance = excluded.given_clearance, given_groups = excluded.given_groups
            returning id
            """);
        upsert.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(Guid.CreateVersion7()), AccessTokens.Value(AccessTokens.Hash(AccessTokens.NewSecret())),
            AccessTokens.Value(subject), AccessTokens.Value(claims.Issuer),
        });
        upsert.Parameters.AddRange(Given(claims));
        return (Guid)(await upsert.ExecuteScalarAsync(stop))!;
    }

    // Null: the claims say nothing, and the administrator's word counts.
    static NpgsqlParameter[] Given(ProviderClaims claims) =>
    [
        Texts(claims.Roles.Order().Select(r => Slug.Of(r))), Text(claims.Clearance is { } clearance ? Slug.Of(clearance) : null),
        Texts(claims.Groups.Order(StringComparer.Ordinal)),
    ];

    static NpgsqlParameter Texts(IEnumerable<string> values) => new()
    {
        Value = values.ToArray() is { Length: > 0 } some ? some : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
