using System.Data;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Calendar;

/// <summary>A private address at which a calendar is read. The address itself is told once, when it is made, and nothing can show it again.</summary>
/// <param name="Name">What the calendar is called; absent: by its partners.</param>
/// <param name="Partners">Codes of the partners that it is narrowed to; none: all.</param>
/// <param name="Owner">Whose actions it is narrowed to.</param>
/// <param name="Kinds">Which dates it holds; none: all.</param>
/// <param name="Lang">fr, en or ar.</param>
/// <param name="Clearance">The highest marking that it shows; never more than its maker may see.</param>
/// <param name="ExpiresAt">From then on it does not answer.</param>
/// <param name="Live">Whether it answers: it was not revoked, did not expire, and the access token that it was made with is good.</param>
public sealed record Feed(
    Guid Id, string? Name, IReadOnlyList<string> Partners, string? Owner, IReadOnlyList<EntryKind> Kinds, string Lang, Marking Clearance, DateTime CreatedAt,
    DateTime? RevokedAt, DateTime ExpiresAt, bool Live);

/// <summary>What a feed shall show, checked.</summary>
/// <param name="Days">How long its address is good.</param>
public sealed record NewFeed(
    string? Name, IReadOnlyList<string> Partners, string? Owner, IReadOnlyList<EntryKind> Kinds, string Lang, Marking Clearance, int Days);

/// <summary>
/// Private addresses of calendars, in `register.calendar_feed`. The secret in an address is made and kept as access tokens are: 32 random bytes, of which the
/// database sees the SHA-256 only. A feed belongs to the access token behind the sign-in that made it: who reads it is that token's caller as of the reading,
/// and with the token the feed ends. Nothing is remembered between readings, so that a revocation counts at once.
/// </summary>
public sealed class CalendarFeeds(NpgsqlDataSource database)
{
    /// <summary>So many feeds that were not revoked and did not expire one subject may have.</summary>
    public const int AtMost = 50;

    /// <summary>How many days an address is good where nothing else was asked for, and at most.</summary>
    public const int UsualDays = 365, MostDays = 3650;

    const string Live = $"f.revoked_at is null and f.expires_at > now() and {TokenSql.Live}";

    const string Columns = $"f.id, f.name, f.partners, f.owner, f.kinds, f.language, f.clearance, f.created_at, f.revoked_at, f.expires_at, {Live}";

    const int Width = 11;

    /// <returns>The feed, and the secret of its address.</returns>
    /// <exception cref="Refusal">too-many-feeds.</exception>
    public async Task<(Feed Feed, string Secret)> Make(Grant by, NewFeed asked, CancellationToken stop)
    {
        var (id, secret) = (Guid.CreateVersion7(), AccessTokens.NewSecret());
        await using var insert = database.CreateCommand(
            """
            with made as (
                insert into register.calendar_feed (id, secret_hash, made_with, name, partners, owner, kinds, language, clearance, expires_at)
                select $1, $2, t.id, $4, $5, $6, $7, $8, $9, date_trunc('second', now()) + make_interval(days => $11) from register.access_token t
                where t.id = $3 and (select count(*) from register.calendar_feed f join register.access_token o on o.id = f.made_with
                    where o.subject = t.subject and f.revoked_at is null and f.expires_at > now()) < $10
                returning created_at, expires_at)
            select created_at, expires_at from made
            """);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            AccessTokens.Value(id), AccessTokens.Value(AccessTokens.Hash(secret)), AccessTokens.Value(by.SignedInWith ?? by.Id), Text(asked.Name), AccessTokens.Value(asked.Partners.ToArray()), Text(asked.Owner),
            AccessTokens.Value(asked.Kinds.Select(k => Slug.Of(k)).ToArray()), AccessTokens.Value(asked.Lang), AccessTokens.Value(Slug.Of(asked.Clearance)), AccessTokens.Value((long)AtMost),
            new NpgsqlParameter<int> { TypedValue = asked.Days },
        });
        await using var made = await insert.ExecuteReaderAsync(CommandBehavior.SingleRow, stop);
        if (!await made.ReadAsync(stop)) throw Refusal.Because("too-many-feeds", $"{AtMost}");
        var (at, until) = (made.GetDateTime(0), made.GetDateTime(1));
        return (new(id, asked.Name, asked.Partners, asked.Owner, asked.Kinds, asked.Lang, asked.Clearance, at, null, until, true), secret);
    }

    /// <summary>The feeds that a subject has made, with whichever token, and has not revoked; oldest first.</summary>
    public async Task<IReadOnlyList<Feed>> Of(string subject, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            $"""
            select {Columns} from register.calendar_feed f join ({TokenSql.WithUsers}) on t.id = f.made_with
            where t.subject = $1 and f.revoked_at is null order by f.created_at, f.id
            """);
        ask.Parameters.Add(AccessTokens.Value(subject));
        var feeds = new List<Feed>();
        await using var row = await ask.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop)) feeds.Add(Read(row));
        return feeds;
    }

    /// <summary>Ends a feed of this subject's; one that was ended before stays as it is.</summary>
    /// <returns>Null where the subject has none with that id.</returns>
    public async Task<Feed?> Revoke(string subject, Guid id, CancellationToken stop)
    {
        await using var update = database.CreateCommand(
            $"""
            update register.calendar_feed f set revoked_at = coalesce(f.revoked_at, now())
            from {TokenSql.WithUsers} where f.id = $1 and t.id = f.made_with and t.subject = $2 returning {Columns}
            """);
        update.Parameters.AddRange(new NpgsqlParameter[] { AccessTokens.Value(id), AccessTokens.Value(subject) });
        await using var row = await update.ExecuteReaderAsync(CommandBehavior.SingleRow, stop);
        return await row.ReadAsync(stop) ? Read(row) : null;
    }

    /// <summary>The feed of an address, and who reads it: its maker, with what its maker may see now, up to the feed's own marking. Null where it is unknown, revoked or expired, or its maker's access has ended.</summary>
    public async Task<(Feed Feed, Caller Caller)?> Find(string secret, CancellationToken stop)
    {
        if (!AccessTokens.LooksLikeSecret(secret)) return null;
        await using var find = database.CreateCommand(
            $"""
            select {Columns}, {TokenSql.CallerColumns} from register.calendar_feed f join ({TokenSql.WithUsers}) on t.id = f.made_with
            where f.secret_hash = $1 and {Live}
            """);
        find.Parameters.Add(AccessTokens.Value(AccessTokens.Hash(secret)));
        await using var row = await find.ExecuteReaderAsync(CommandBehavior.SingleRow, stop);
        if (!await row.ReadAsync(stop)) return null;
        var (feed, maker) = (Read(row), TokenSql.CallerOf(row, Width));
        // What is for groups is in no feed: nobody knows who reads it.
        return !maker.May(Role.Reader) ? null
            : (feed, maker with { Clearance = feed.Clearance < maker.Clearance ? feed.Clearance : maker.Clearance, Groups = Caller.NoGroups });
    }

    static Feed Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), Optional(row, 1), row.GetFieldValue<string[]>(2), Optional(row, 3), [.. row.GetFieldValue<string[]>(4).Select(k => Slug.TryParse<EntryKind>(k, out var kind) ? kind : throw new InvalidOperationException($"{k} is no kind of date."))],
        row.GetString(5), Enum.Parse<Marking>(row.GetString(6), ignoreCase: true), row.GetDateTime(7), row.IsDBNull(8) ? null : row.GetDateTime(8), row.GetDateTime(9), row.GetBoolean(10));

    static string? Optional(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static NpgsqlParameter Text(string? value) => value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : AccessTokens.Value(value);
}
