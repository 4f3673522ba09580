using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.Store;

/// <summary>Small helpers around Npgsql: typed positional parameters, heads, pages of events.</summary>
internal static class Database
{
    public const string WriterName = "SecurityCoop writer";

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>The first value that a short statement gives; null, or nothing's default, where it gives none.</summary>
    public static T? Scalar<T>(this NpgsqlDataSource database, string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        using var command = database.CreateCommand(statement).With(parameters);
        return command.ExecuteScalar() is T value ? value : default;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };
    public static NpgsqlParameter Of(int value) => new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };
    public static NpgsqlParameter Of(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
    public static NpgsqlParameter OfOptional(string? value) => value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : Of(value);
    public static NpgsqlParameter Of(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };
    public static NpgsqlParameter Of(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };
    public static NpgsqlParameter Of(DateTime value) => new NpgsqlParameter<DateTime> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
    public static NpgsqlParameter Of(TimeSpan value) => new NpgsqlParameter<TimeSpan> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Interval };
    public static NpgsqlParameter Of(string?[] values) => new NpgsqlParameter<string?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    public static NpgsqlParameter Of(long[] values) => new NpgsqlParameter<long[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
    public static NpgsqlParameter Of(int[] values) => new NpgsqlParameter<int[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };
    public static NpgsqlParameter Of(Guid[] values) => new NpgsqlParameter<Guid[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
    public static NpgsqlParameter Of(byte[][] values) => new NpgsqlParameter<byte[][]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    public static async Task<HeadState> ReadHead(NpgsqlCommand command, CancellationToken stop = default)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3), reader.GetDateTime(4), reader.GetInt64(5))
        {
            Records = reader.FieldCount > 6 ? reader.GetString(6) : "",
        };
    }

    public static HeadMark Mark(NpgsqlDataReader reader) => new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2));
}

/// <summary>Reads streams, counters and rows, each statement with the head of its own snapshot.</summary>
internal sealed class Loader(IReadOnlyList<View> views, ViewCatalog catalog)
{
    /// <summary>What the database holds for these keys (all of them; absent ones as such), and the head at which it is; null where the head moved between two statements.</summary>
    public async Task<(HeadMark? At, Dictionary<CacheKey, Entry> Loaded)> Load(NpgsqlBatch batch, IReadOnlyCollection<CacheKey> keys, CancellationToken stop = default)
    {
        CacheKey[] streams = [.. keys.Where(k => k.Space == CacheKey.Stream)];
        CacheKey[] counters = [.. keys.Where(k => k.Space == CacheKey.Counter)];
        CacheKey[] rows = [.. keys.Where(k => k.Space >= 0)];
        CacheKey[][] asked = [.. new[] { streams, counters, rows }.Where(k => k.Length > 0)];
        if (streams.Length > 0) batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.LoadStreams).With(Database.Of(Names(streams))));
        if (counters.Length > 0) batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.LoadCounters).With(Database.Of(Names(counters))));
        if (rows.Length > 0)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.LoadRows).With(
                Database.Of([.. rows.Select(r => catalog.Generation(r.Space))]), Database.Of(Names(rows))));

        var loaded = new Dictionary<CacheKey, Entry>(keys.Count);
        HeadMark? at = null;
        var moved = false;
        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var set in asked)
        {
            while (await reader.ReadAsync(stop))
            {
                var mark = Database.Mark(reader);
                moved |= at is { } earlier && !earlier.Equals(mark);
                at = mark;
                var key = set[(int)reader.GetInt64(3) - 1];
                loaded[key] = reader.IsDBNull(4) ? Entry.Absent : Read(key, reader);
            }
            await reader.NextResultAsync(stop);
        }
        return (moved ? null : at, loaded);
    }

    private Entry Read(CacheKey key, NpgsqlDataReader reader)
    {
        var version = reader.GetInt64(4);
        if (key.Space == CacheKey.Counter) return new(null, version, 0, 0);
        if (key.Space == CacheKey.Stream) return new(reader.IsDBNull(5) ? null : reader.GetString(5), version, 0, 40);
        var document = reader.GetFieldValue<byte[]>(6);
        return new(views[key.Space].Read(document), version, reader.GetInt64(5), 3 * document.Length);
    }

    private static string[] Names(CacheKey[] keys) => [.. keys.Select(k => k.Key)];
}
