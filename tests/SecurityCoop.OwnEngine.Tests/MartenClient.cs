using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>The statements that Marten 9.29 sends, sent by hand.</summary>
public sealed class MartenClient(TestDatabase database)
{
    public sealed record Event(string Type, string Data, string? Headers = null, string? User = null);

    /// <summary>StartStream: the stream's row, then each event with a position taken from the sequence.</summary>
    public async Task Start(string stream, params Event[] events)
    {
        await using var connection = await Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("insert into register.mt_streams (id, type, version, tenant_id) values ($1,$2,$3,$4)", connection))
        {
            insert.With(new NpgsqlParameter { Value = stream }, new NpgsqlParameter { Value = "visit" }, new NpgsqlParameter { Value = (long)events.Length }, new NpgsqlParameter { Value = "*DEFAULT*" });
            await insert.ExecuteNonQueryAsync();
        }
        for (var i = 0; i < events.Length; i++) await Insert(connection, stream, i + 1, events[i]);
        await transaction.CommitAsync();
    }

    public static async Task Insert(NpgsqlConnection connection, string stream, long version, Event e)
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into register.mt_events (data, bdata, type, mt_dotnet_type, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers, user_name, seq_id)
            values ($1, null, $2, 'Visits.Event, Visits', $3, $4, $5, now(), '*DEFAULT*', 'corr', 'caus', $6, $7, nextval('register.mt_events_sequence'))
            """, connection);
        insert.With(
            new NpgsqlParameter { Value = e.Data, NpgsqlDbType = NpgsqlDbType.Jsonb }, new NpgsqlParameter { Value = e.Type }, new NpgsqlParameter { Value = Guid.CreateVersion7() }, new NpgsqlParameter { Value = stream }, new NpgsqlParameter { Value = version },
            new NpgsqlParameter { Value = (object?)e.Headers ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb }, new NpgsqlParameter { Value = (object?)e.User ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>Append: one call of Marten's function, whose answer is the version after it and the positions.</summary>
    public async Task<long[]> Append(string stream, long? expected, params Event[] events)
    {
        await using var connection = await Open();
        await using var call = new NpgsqlCommand("select register.mt_quick_append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)", connection);
        var none = new string?[events.Length];
        call.With(
            new NpgsqlParameter { Value = stream, NpgsqlDbType = NpgsqlDbType.Varchar }, new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            new NpgsqlParameter { Value = "*DEFAULT*", NpgsqlDbType = NpgsqlDbType.Varchar }, Array(NpgsqlDbType.Uuid, events.Select(_ => Guid.CreateVersion7()).ToArray()),
            Array(NpgsqlDbType.Varchar, events.Select(e => e.Type).ToArray()), Array(NpgsqlDbType.Varchar, events.Select(_ => "Visits.Event, Visits").ToArray()),
            Array(NpgsqlDbType.Jsonb, events.Select(e => e.Data).ToArray()), Array(NpgsqlDbType.Bytea, new byte[]?[events.Length]), Array(NpgsqlDbType.Varchar, none),
            Array(NpgsqlDbType.Varchar, none), Array(NpgsqlDbType.Jsonb, events.Select(e => e.Headers ?? "null").ToArray()), Array(NpgsqlDbType.Varchar, events.Select(e => e.User).ToArray()),
            Array(NpgsqlDbType.TimestampTz, events.Select(_ => DateTime.UtcNow.AddDays(-1)).ToArray()),
            new NpgsqlParameter { Value = (object?)expected ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        return (long[])(await call.ExecuteScalarAsync())!;
    }

    public async Task<NpgsqlConnection> Open()
    {
        var connection = new NpgsqlConnection(database.AppConnection);
        await connection.OpenAsync();
        return connection;
    }

    private static NpgsqlParameter Array(NpgsqlDbType of, object values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | of };
}
