using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>A token that was found good.</summary>
/// <param name="SignedInWith">
/// Of a session, the access token that it was signed in with, or the row of the provider's user; null for an access token.
/// </param>
/// <param name="AuthenticatedAt">Of a session, when its user proved who they are; null where that is not known.</param>
/// <param name="Claims">Of a token that the provider signed, what it says.</param>
public sealed record Grant(
    Guid Id, Caller Caller, DateTime? Expires, Guid? SignedInWith, DateTime? AuthenticatedAt = null, ProviderClaims? Claims = null);

/// <summary>One line of the list of access tokens; times are UTC.</summary>
/// <param name="Caller">Whose it is, with what that user may do now.</param>
/// <param name="LastUsed">To the hour; null where it was not used yet.</param>
public sealed record ListedToken(
    Guid Id, Caller Caller, string Label, DateTime Created, DateTime? Expires, DateTime? Revoked, bool Live, DateTime? LastUsed);

/// <summary>
/// Access tokens and the sessions signed in with them, in `register.access_token`. Both are 32 random bytes, of which the database
/// sees the SHA-256 only; looking a hash up tells a guesser nothing through its timing. What its holder may do is what the user of its
/// subject may do now; a token of a database from before there were users keeps its own roles until somebody describes that user.
/// </summary>
/// <remarks>
/// What was found good is remembered for ten seconds, so that a token costs no query per request; a revocation by another process
/// therefore counts after ten seconds at the latest. What was not found is never remembered: a guesser must not crowd out the others.
/// </remarks>
public sealed class AccessTokens(NpgsqlDataSource database, TimeProvider time)
{
    const int RememberedAtMost = 10_000;
    const string FirstStewardLabel = "first steward";
    static readonly TimeSpan rememberedFor = TimeSpan.FromSeconds(10), sessionLasts = TimeSpan.FromDays(30);

    readonly ConcurrentDictionary<string, (Grant Grant, long FoundAt)> remembered = [];

    /// <summary>Takes in an access token of a user's, whose making the log holds already.</summary>
    /// <param name="caller">The user, with what they may do now.</param>
    /// <param name="until">When it expires; null: never.</param>
    internal async Task Add(Guid id, string token, Caller caller, string label, DateTime? until, CancellationToken stop)
    {
        await using var insert = Insert(id, token, caller.Subject, caller.Roles, caller.Clearance, label, until, ofUser: true);
        await using var connection = await database.OpenConnectionAsync(stop);
        insert.Connection = connection;
        await insert.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Makes an access token with rights of its own, of which the log says nothing: for the host itself, which loads seeds with one.</summary>
    /// <param name="lifetime">How long it is good; null for ever.</param>
    /// <returns>Its id, and the token itself, which nothing can show again.</returns>
    public async Task<(Guid Id, string Token)> Create(
        string subject, IReadOnlySet<Role> roles, Marking clearance, string label, TimeSpan? lifetime, CancellationToken stop)
    {
        var (id, token) = (Guid.CreateVersion7(), NewSecret());
        await using var insert = Insert(id, token, subject, roles, clearance, label, DateTime.UtcNow + lifetime, ofUser: false);
        await using var connection = await database.OpenConnectionAsync(stop);
        insert.Connection = connection;
        await insert.ExecuteNonQueryAsync(stop);
        return (id, token);
    }

    /// <summary>Signs in with an access token: makes a session that lasts thirty days at most and ends with that token.</summary>
    /// <returns>The session's own token, and whose it is; null where the access token is no longer good.</returns>
    public async Task<(string Token, string Subject)?> CreateSession(Guid accessToken, CancellationToken stop)
    {
        var token = NewSecret();
        await using var insert = database.CreateCommand(
            $"""
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, signed_in_with, expires_at, of_user,
                authenticated_at, last_used_at)
            select $1, $2, t.subject, t.roles, t.clearance, 'session', t.id, now() + $4, t.of_user, now(), now()
            from {TokenSql.WithUsers} where t.id = $3 and t.signed_in_with is null and {TokenSql.Live}
            returning subject
            """);
        insert.Parameters.AddRange(new NpgsqlParameter[] { Value(Guid.CreateVersion7()), Value(Hash(token)), Value(accessToken), Value(sessionLasts) });
        return await insert.ExecuteScalarAsync(stop) is string subject ? (token, subject) : null;
    }

    /// <summary>Finds whose an access token or a session's token is; null where it is unknown, expired or revoked.</summary>
    public async Task<Grant?> Find(string token, CancellationToken stop) =>
        LooksLikeSecret(token) ? await Remembered(token, () => Look(token, stop)) : null;

    /// <summary>What was found of a token in the last ten seconds, else what is found now.</summary>
    internal async Task<Grant?> Remembered(string token, Func<Task<Grant?>> find)
    {
        var key = Convert.ToHexString(Hash(token));
        if (remembered.TryGetValue(key, out var known))
        {
            if (time.GetElapsedTime(known.FoundAt) < rememberedFor && !(known.Grant.Expires <= time.GetUtcNow().UtcDateTime)) return known.Grant;
            remembered.TryRemove(key, out _);
        }

        var askedAt = time.GetTimestamp(); // before it is looked for: the ten seconds count from what the database said then
        if (await find() is not { } grant) return null;
        if (remembered.Count >= RememberedAtMost) remembered.Clear();
        remembered[key] = (grant, askedAt);
        return grant;
    }

    async Task<Grant?> Look(string token, CancellationToken stop)
    {
        await using var find = database.CreateCommand(
            $"""
            select t.id, least(t.expires_at, p.expires_at), t.signed_in_with, {TokenSql.UsedBefore}, t.authenticated_at,
                {TokenSql.CallerColumns}
            from {TokenSql.WithUsers} left join register.access_token p on p.id = t.signed_in_with
            where t.token_hash = $1 and {TokenSql.LiveWithIts}
            """);
        find.Parameters.Add(Value(Hash(token)));
        Grant grant;
        bool usedBefore;
        await using (var row = await find.ExecuteReaderAsync(CommandBehavior.SingleRow, stop))
        {
            if (!await row.ReadAsync(stop)) return null;
            grant = new(
                row.GetGuid(0), TokenSql.CallerOf(row, 5), Optional<DateTime>(row, 1), Optional<Guid>(row, 2), Optional<DateTime>(row, 4));
            usedBefore = row.GetBoolean(3);
        }
        if (!usedBefore) await Use(grant, stop);
        return grant;
    }

    // Of an access token the hour, of a session the moment, since a session may end for not being used.
    async Task Use(Grant grant, CancellationToken stop)
    {
        await using var update = database.CreateCommand(
            """
            update register.access_token t
            set last_used_at = case when t.signed_in_with is null then date_trunc('hour', now()) else now() end
            where t.id = $1 or t.id = $2 and t.last_used_at is distinct from date_trunc('hour', now())
            """);
        update.Parameters.AddRange(new NpgsqlParameter[] { Value(grant.Id), Value(grant.SignedInWith ?? grant.Id) });
        await update.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Asks the database anew for every token: what users may do has changed.</summary>
    public void Forget() => remembered.Clear();

    /// <summary>Whether what was found good still is, with the same rights, asked of the database itself: for answers that last.</summary>
    public async Task<bool> IsGood(Grant grant, CancellationToken stop)
    {
        if (grant.Claims is not null && grant.Expires <= time.GetUtcNow().UtcDateTime) return false; // Of which the database knows nothing.
        await using var ask = database.CreateCommand(
            $"""
            select {(grant.Claims is null ? TokenSql.CallerColumns : TokenSql.UserColumns)}
            from {TokenSql.WithUsers} left join register.access_token p on p.id = t.signed_in_with
            where t.id = $1 and {TokenSql.LiveWithIts}
            """);
        ask.Parameters.Add(Value(grant.Id));
        await using var row = await ask.ExecuteReaderAsync(CommandBehavior.SingleRow, stop);
        if (!await row.ReadAsync(stop)) return false;
        var caller = TokenSql.CallerOf(row, 0);
        return (grant.Claims?.Over(caller) ?? caller).MayTheSameAs(grant.Caller);
    }

    /// <summary>
    /// Ends a session, or an access token that is no user's, with all sessions signed in with it; in every process within ten seconds. A user's
    /// token is ended by the event that says so.
    /// </summary>
    /// <returns>False where there is none with that id, or it was revoked before.</returns>
    public async Task<bool> Revoke(Guid id, CancellationToken stop)
    {
        await using var update = database.CreateCommand("update register.access_token set revoked_at = now() where id = $1 and revoked_at is null");
        update.Parameters.Add(Value(id));
        var revoked = await update.ExecuteNonQueryAsync(stop) == 1;
        remembered.Clear();
        return revoked;
    }

    /// <summary>Whether anybody can still sign in as a steward.</summary>
    public async Task<bool> AnySteward(CancellationToken stop)
    {
        await using var ask = database.CreateCommand(TokenSql.AnySteward);
        return (bool)(await ask.ExecuteScalarAsync(stop))!;
    }

    /// <summary>The first steward's access token; null where it was revoked.</summary>
    internal async Task<Guid?> FirstSteward(CancellationToken stop)
    {
        await using var ask = database.CreateCommand($"select t.id from {TokenSql.WithUsers} where t.label = '{FirstStewardLabel}' and {TokenSql.Live}");
        return (Guid?)await ask.ExecuteScalarAsync(stop);
    }

    /// <summary>All access tokens, also those no longer good, oldest first; no sessions.</summary>
    /// <param name="subject">Whose; null: everybody's.</param>
    public async Task<IReadOnlyList<ListedToken>> List(CancellationToken stop, string? subject = null)
    {
        await using var ask = database.CreateCommand(
            $"""
            select {TokenSql.CallerColumns}, t.id, t.label, t.created_at, t.expires_at, {TokenSql.EndedAt}, {TokenSql.Live}, t.last_used_at
            from {TokenSql.WithUsers}
            where t.signed_in_with is null and t.provider is null and ($1 is null or t.subject = $1) order by t.created_at, t.id
            """);
        ask.Parameters.Add(new NpgsqlParameter { Value = (object?)subject ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var listed = new List<ListedToken>();
        await using var row = await ask.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            const int At = TokenSql.CallerWidth;
            listed.Add(new(
                row.GetGuid(At), TokenSql.CallerOf(row, 0), row.GetString(At + 1), row.GetDateTime(At + 2), Optional<DateTime>(row, At + 3),
                Optional<DateTime>(row, At + 4), row.GetBoolean(At + 5), Optional<DateTime>(row, At + 6)));
        }
        return listed;
    }

    /// <summary>
    /// Makes the steward of a register that has none; two hosts that start at once make one. The file is written first and its row
    /// committed after: a crash in between leaves a token that opens nothing yet, and the next start takes it into the register.
    /// The other order would leave a steward whose token nobody knows.
    /// </summary>
    /// <returns>The token; null where there is a steward already.</returns>
    internal async Task<string?> CreateFirstSteward(TokenFile file, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var wait = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('register.first_steward', 0))", connection))
            await wait.ExecuteNonQueryAsync(stop);
        await using (var ask = new NpgsqlCommand(TokenSql.AnySteward, connection))
            if ((bool)(await ask.ExecuteScalarAsync(stop))!) return null;

        var token = file.Read();
        if (token is null || !LooksLikeSecret(token) || await IsKnown(connection, token, stop)) file.Write(token = NewSecret());
        await using var insert = Insert(
            Guid.CreateVersion7(), token, "steward", new HashSet<Role> { Role.Steward, Role.Administrator }, Marking.Secret, FirstStewardLabel, null,
            ofUser: false);
        insert.Connection = connection;
        await insert.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return token;
    }

    // A token that the register once knew was revoked or has expired: it must not come back to life.
    static async Task<bool> IsKnown(NpgsqlConnection connection, string token, CancellationToken stop)
    {
        await using var ask = new NpgsqlCommand("select exists (select 1 from register.access_token where token_hash = $1)", connection);
        ask.Parameters.Add(Value(Hash(token)));
        return (bool)(await ask.ExecuteScalarAsync(stop))!;
    }

    static NpgsqlCommand Insert(
        Guid id, string token, string subject, IReadOnlySet<Role> roles, Marking clearance, string label, DateTime? until, bool ofUser)
    {
        var insert = new NpgsqlCommand(TokenSql.Insert);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            Value(id), Value(Hash(token)), Value(subject), Value(roles.Order().Select(r => Slug.Of(r)).ToArray()), Value(Slug.Of(clearance)), Value(label),
            new NpgsqlParameter { Value = (object?)until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, Value(ofUser),
        });
        return insert;
    }

    /// <summary>32 random bytes in base64url behind `sc_`, by which a secret scanner knows a leaked one.</summary>
    internal static string NewSecret() => "sc_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    internal static bool LooksLikeSecret(string token) => token.Length == 46 && token.StartsWith("sc_", StringComparison.Ordinal);

    internal static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal static T? Optional<T>(NpgsqlDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    internal static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
