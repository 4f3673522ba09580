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
/// <param name="SignedInWith">Of a session, the access token that it was signed in with, or the row of the provider's user; null for an access token.</param>
/// <param name="AuthenticatedAt">Of a session, when its user proved who they are; null where that is not known.</param>
public sealed record Grant(Guid Id, Caller Caller, DateTime? Expires, Guid? SignedInWith, DateTime? AuthenticatedAt = null);

/// <summary>One line of the list of access tokens; times are UTC.</summary>
public sealed record ListedToken(Guid Id, Caller Caller, string Label, DateTime Created, DateTime? Expires, DateTime? Revoked, bool Live);

/// <summary>
/// Access tokens and the sessions signed in with them, in `register.access_token`. Both are 32 random bytes, of which the database
/// sees the SHA-256 only; looking a hash up tells a guesser nothing through its timing.
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

    internal const string WithUsers = "register.access_token t";

    /// <summary>Whether the access token t is good.</summary>
    internal const string Live = "t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) and (t.idle_limit is null or t.last_used_at + t.idle_limit > now())";

    /// <summary>The columns that <see cref="CallerOf"/> reads.</summary>
    internal const string CallerColumns = "t.subject, coalesce(t.given_roles, t.roles), coalesce(t.given_clearance, t.clearance), coalesce(t.given_groups, array[]::text[])";
    // A session is good while it and the token that it was signed in with are.
    internal const string LiveWithIts = Live + " and p.revoked_at is null and (p.expires_at is null or p.expires_at > now())";

    const string AnyStewardSql = $"select exists (select 1 from register.access_token t where 'steward' = any (t.roles) and t.signed_in_with is null and {Live})";

    const string InsertSql =
        "insert into register.access_token (id, token_hash, subject, roles, clearance, label, expires_at) values ($1, $2, $3, $4, $5, $6, now() + $7)";

    readonly ConcurrentDictionary<string, (Grant Grant, long FoundAt)> remembered = [];

    /// <summary>Makes an access token.</summary>
    /// <param name="lifetime">How long it is good; null for ever.</param>
    /// <returns>Its id, and the token itself, which nothing can show again.</returns>
    public async Task<(Guid Id, string Token)> Create(
        string subject, IReadOnlySet<Role> roles, Marking clearance, string label, TimeSpan? lifetime, CancellationToken stop)
    {
        var (id, token) = (Guid.CreateVersion7(), NewSecret());
        await using var insert = Insert(id, token, subject, roles, clearance, label, lifetime);
        await using var connection = await database.OpenConnectionAsync(stop);
        insert.Connection = connection;
        await insert.ExecuteNonQueryAsync(stop);
        return (id, token);
    }

    /// <summary>Signs in with an access token: makes a session that lasts thirty days at most and ends with that token.</summary>
    /// <returns>The session's own token; null where the access token is no longer good.</returns>
    public async Task<string?> CreateSession(Guid accessToken, CancellationToken stop)
    {
        var token = NewSecret();
        await using var insert = database.CreateCommand(
            $"""
            insert into register.access_token (id, token_hash, subject, roles, clearance, label, signed_in_with, expires_at, of_user, authenticated_at, last_used_at)
            select $1, $2, t.subject, t.roles, t.clearance, 'session', t.id, now() + $4, t.of_user, now(), now()
            from {WithUsers} where t.id = $3 and t.signed_in_with is null and {Live}
            """);
        insert.Parameters.AddRange(new NpgsqlParameter[] { Value(Guid.CreateVersion7()), Value(Hash(token)), Value(accessToken), Value(sessionLasts) });
        return await insert.ExecuteNonQueryAsync(stop) == 1 ? token : null;
    }

    /// <summary>Finds whose an access token or a session's token is; null where it is unknown, expired or revoked.</summary>
    public async Task<Grant?> Find(string token, CancellationToken stop) => !LooksLikeSecret(token) ? null
        : await Remembered(token, () => Find("t.token_hash = $1", Value(Hash(token)), stop));

    /// <summary>The same of the row with this id.</summary>
    internal Task<Grant?> Find(Guid id, CancellationToken stop) => Find("t.id = $1", Value(id), stop);

    async Task<Grant?> Find(string which, NpgsqlParameter value, CancellationToken stop)
    {
        await using var find = database.CreateCommand(
            $"""
            select t.id, least(t.expires_at, p.expires_at), t.signed_in_with, t.authenticated_at, {UsedBefore}, {CallerColumns}
            from {WithUsers} left join register.access_token p on p.id = t.signed_in_with
            where {which} and {LiveWithIts}
            """);
        find.Parameters.Add(value);
        Grant grant;
        bool usedBefore;
        await using (var row = await find.ExecuteReaderAsync(CommandBehavior.SingleRow, stop))
        {
            if (!await row.ReadAsync(stop)) return null;
            grant = new(row.GetGuid(0), CallerOf(row, 5), Optional<DateTime>(row, 1), Optional<Guid>(row, 2), Optional<DateTime>(row, 3));
            usedBefore = row.GetBoolean(4);
        }
        if (!usedBefore) await Use(grant.Id, stop);
        return grant;
    }

    // Whether a session's last use is noted exactly enough for its limit.
    const string UsedBefore = "t.signed_in_with is null or coalesce(t.last_used_at > now() - interval '20 seconds', false)";

    async Task Use(Guid session, CancellationToken stop)
    {
        await using var update = database.CreateCommand("update register.access_token set last_used_at = now() where id = $1");
        update.Parameters.Add(Value(session));
        await update.ExecuteNonQueryAsync(stop);
    }

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

    /// <summary>Asks the database anew for every token.</summary>
    public void Forget() => remembered.Clear();

    /// <summary>Whether what was found good still is, asked of the database itself: for answers that last.</summary>
    public async Task<bool> IsGood(Grant grant, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            $"""
            select exists (select 1 from register.access_token t left join register.access_token p on p.id = t.signed_in_with
            where t.id = $1 and {LiveWithIts})
            """);
        ask.Parameters.Add(Value(grant.Id));
        return (bool)(await ask.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Ends an access token, with all sessions signed in with it, or one session; in every process within ten seconds.</summary>
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
        await using var ask = database.CreateCommand(AnyStewardSql);
        return (bool)(await ask.ExecuteScalarAsync(stop))!;
    }

    /// <summary>The first steward's access token; null where it was revoked.</summary>
    internal async Task<Guid?> FirstSteward(CancellationToken stop)
    {
        await using var ask = database.CreateCommand($"select t.id from register.access_token t where t.label = '{FirstStewardLabel}' and {Live}");
        return (Guid?)await ask.ExecuteScalarAsync(stop);
    }

    /// <summary>All access tokens, also those no longer good, oldest first; no sessions.</summary>
    public async Task<IReadOnlyList<ListedToken>> List(CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            $"""
            select t.id, {CallerColumns}, t.label, t.created_at, t.expires_at, t.revoked_at, {Live}
            from {WithUsers} where t.signed_in_with is null and t.provider is null order by t.created_at, t.id
            """);
        var listed = new List<ListedToken>();
        await using var row = await ask.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            listed.Add(new(row.GetGuid(0), CallerOf(row, 1), row.GetString(5), row.GetDateTime(6), Optional<DateTime>(row, 7), Optional<DateTime>(row, 8), row.GetBoolean(9)));
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
        await using (var ask = new NpgsqlCommand(AnyStewardSql, connection))
            if ((bool)(await ask.ExecuteScalarAsync(stop))!) return null;

        var token = file.Read();
        if (token is null || !LooksLikeSecret(token) || await IsKnown(connection, token, stop)) file.Write(token = NewSecret());
        await using var insert = Insert(
            Guid.CreateVersion7(), token, "steward", new HashSet<Role> { Role.Steward, Role.Administrator }, Marking.Secret, FirstStewardLabel, null);
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

    static NpgsqlCommand Insert(Guid id, string token, string subject, IReadOnlySet<Role> roles, Marking clearance, string label, TimeSpan? lifetime)
    {
        var insert = new NpgsqlCommand(InsertSql);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            Value(id), Value(Hash(token)), Value(subject), Value(roles.Order().Select(Slug).ToArray()), Value(Slug(clearance)), Value(label),
            new NpgsqlParameter { Value = (object?)lifetime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval },
        });
        return insert;
    }

    /// <summary>32 random bytes in base64url behind `sc_`, by which a secret scanner knows a leaked one.</summary>
    internal static string NewSecret() => "sc_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    internal static bool LooksLikeSecret(string token) => token.Length == 46 && token.StartsWith("sc_", StringComparison.Ordinal);

    internal static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>A role's or marking's name as it is stored and shown.</summary>
    internal static string Slug<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    internal static Caller CallerOf(NpgsqlDataReader row, int from) => new(
        row.GetString(from),
        row.GetFieldValue<string[]>(from + 1).Select(r => Enum.Parse<Role>(r, ignoreCase: true)).ToHashSet(),
        Enum.Parse<Marking>(row.GetString(from + 2), ignoreCase: true)) { Groups = row.GetFieldValue<string[]>(from + 3).ToHashSet(StringComparer.Ordinal) };

    internal static T? Optional<T>(NpgsqlDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    internal static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
