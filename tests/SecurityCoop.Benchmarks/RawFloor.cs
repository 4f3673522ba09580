using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.Benchmarks;

/// <summary>One row of each table as the store itself wrote it.</summary>
internal sealed record RawRows(byte[] Header, byte[] Body, byte[] Leaf, string Document)
{
    /// <summary>Has the store append twice to a stream, and reads what it wrote of the second event.</summary>
    public static async Task<RawRows> Of(Cluster cluster)
    {
        var (owner, application) = await cluster.NewDatabase();
        await using (var store = await MeasuredRegister.Open(application, cluster.Keys))
        {
            var append = store.Caller();
            await append();
            await append();
        }
        RawRows rows;
        await using (var connection = new NpgsqlConnection(application))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(MeasuredRegister.SecondEvent, connection);
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            rows = new(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3));
        }
        await cluster.Drop(owner);
        return rows;
    }
}

/// <summary>
/// PostgreSQL itself with the same durability and the same rows: one prepared transaction an event on a kept connection, one round trip
/// (insert the event, bump its stream, insert the ledger entry, upsert its document).
/// </summary>
internal sealed class RawCaller : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlBatch batch;
    private readonly NpgsqlParameter<long>[] positions, versions;
    private readonly NpgsqlParameter<Guid> id = new() { NpgsqlDbType = NpgsqlDbType.Uuid };
    private long version;

    private RawCaller(NpgsqlConnection connection, RawRows rows, string stream)
    {
        this.connection = connection;
        batch = connection.CreateBatch();
        positions = [Number(), Number()];
        versions = [Number(), Number(), Number()];
        Add("""
            insert into register.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, headers, user_name)
            values ($1, $2, $3, $4, $5, 'bench_noted', now(), 'SecurityCoop.Benchmarks.Noted, SecurityCoop.Benchmarks', 'bench', $6, 'person-1')
            """, positions[0], id, Text(stream), versions[0], Json(rows.Body), Json(rows.Header));
        Add("update register.mt_streams set version = $2, timestamp = now() where id = $1", Text(stream), versions[1]);
        Add("insert into register.ledger_entry (position, header, body, leaf) values ($1, $2, $3, $4)", positions[1], Bytes(rows.Header), Bytes(rows.Body), Bytes(rows.Leaf));
        Add(MeasuredRegister.UpsertDocument, Text(stream), versions[2], Json(Encoding.UTF8.GetBytes(rows.Document)));
    }

    public static async Task<RawCaller> Open(string connectionString, RawRows rows)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var stream = MeasuredRegister.NewStream();
        await using (var begin = new NpgsqlCommand($"set register.writer = on; insert into register.mt_streams (id, version) values ('{stream}', 0)", connection)) await begin.ExecuteNonQueryAsync();
        var caller = new RawCaller(connection, rows, stream);
        await caller.batch.PrepareAsync();
        return caller;
    }

    public async Task Append(long position)
    {
        version++;
        foreach (var p in positions) p.TypedValue = position;
        foreach (var v in versions) v.TypedValue = version;
        id.TypedValue = Guid.CreateVersion7();
        await batch.ExecuteNonQueryAsync();
    }

    private void Add(string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<long> Number() => new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
    private static NpgsqlParameter Json(byte[] value) => new NpgsqlParameter<string> { TypedValue = Encoding.UTF8.GetString(value), NpgsqlDbType = NpgsqlDbType.Jsonb };
    private static NpgsqlParameter Bytes(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public async ValueTask DisposeAsync()
    {
        await batch.DisposeAsync();
        await connection.DisposeAsync();
    }
}
