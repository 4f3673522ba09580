using Marten;
using Npgsql;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

/// <summary>The end of the log, held by this transaction until it ends, and what the commands in it are to be compared with.</summary>
internal sealed record LockedHead(
    Guid Log, long Size, byte[] Root, byte[] Frontier, DateTime RecordedAt, string Records, long Epoch, DateTime Now)
{
    public Dictionary<string, (long Version, string? Reference)> Streams { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);
    public HashSet<string> KeysUsed { get; } = new(StringComparer.Ordinal);
    public HashSet<string> ReferencesTaken { get; } = new(StringComparer.Ordinal);

    /// <summary>The time of what is now committed: the database's, in microseconds, later than every one before.</summary>
    public DateTime NextTime
    {
        get
        {
            var now = new DateTime(Now.Ticks - Now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
            var least = RecordedAt.AddTicks(TimeSpan.TicksPerMicrosecond);
            return now > least ? now : least;
        }
    }

    /// <summary>Takes the head's lock in the session's transaction, and reads what these appends need: one round trip.</summary>
    public static async Task<LockedHead> Take(IDocumentSession session, IReadOnlyCollection<PreparedAppend> appends)
    {
        var streams = appends.SelectMany(a => a.Streams).ToArray();
        var subjects = streams.SelectMany(s => s.Events).Select(e => e.New.Protect?.Subject).OfType<string>();
        string[] ids = [.. streams.Select(s => s.Append.Stream).Concat(subjects).Distinct()];
        string[] prefixes = [.. streams.Select(s => s.Append.ReferencePrefix).OfType<string>().Distinct()];
        string[] references = [.. streams.Select(s => s.Append.Reference).OfType<string>().Distinct()];
        byte[][] keys = [.. appends.Select(a => a.Key?.Key).OfType<byte[]>()];

        await using var batch = session.Connection.CreateBatch();
        batch.Add(CommitStatements.LockHead);
        batch.Add(CommitStatements.UnderLock);
        if (ids.Length > 0) batch.Add(CommitStatements.Streams, Db.Of(ids));
        if (prefixes.Length > 0) batch.Add(CommitStatements.Counters, Db.Of(prefixes));
        if (keys.Length > 0) batch.Add(CommitStatements.KeysUsed, Db.Of(keys));
        if (references.Length > 0) batch.Add(CommitStatements.ReferencesTaken, Db.Of(references));

        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var head = new LockedHead(
            reader.GetGuid(5), reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetDateTime(3),
            reader.GetString(4), reader.GetInt64(6), default);
        await reader.NextResultAsync();
        await reader.ReadAsync();
        head = head with { Now = reader.GetDateTime(1) };
        if (ids.Length > 0 && await reader.NextResultAsync())
            while (await reader.ReadAsync())
                head.Streams[reader.GetString(0)] = (reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        if (prefixes.Length > 0 && await reader.NextResultAsync())
            while (await reader.ReadAsync()) head.Counters[reader.GetString(0)] = reader.GetInt64(1);
        if (keys.Length > 0 && await reader.NextResultAsync())
            while (await reader.ReadAsync()) head.KeysUsed.Add(NameOf(reader.GetFieldValue<byte[]>(0)));
        if (references.Length > 0 && await reader.NextResultAsync())
            while (await reader.ReadAsync()) head.ReferencesTaken.Add(reader.GetString(0));
        return head;
    }

    public static string NameOf(byte[] key) => Convert.ToHexString(key);
}
