using Npgsql;

namespace SecurityCoop.Store;

/// <summary>Writes a register in Marten's schema as a file (docs/export.md).</summary>
internal static class MartenExport
{
    // Witnesses and time stamps have tables of their own, which a migration adds.
    private const string HasWitnesses =
        "select to_regclass('register.ledger_timestamp') is not null and to_regclass('register.ledger_cosignature') is not null";

    private const string Head = "select log, size, root from register.log_head";

    // A stream's kind is what its name begins with. Only the register appends here: there are no columns of another program's.
    private const string EventsAfter =
        """
        select l.position, l.header, l.body, case when e.version = 1 then split_part(e.stream_id, '-', 1) end, e.mt_dotnet_type,
            null::bytea, false, null::text
        from register.ledger_entry l join register.mt_events e on e.seq_id = l.position
        where l.position > $1 and l.position <= $2 order by l.position limit $3
        """;

    /// <param name="database">Whose role may read all tables of the register.</param>
    /// <param name="keysTo">
    /// Takes the keys; the history then holds the digests of idempotency keys too, which are of no use without them. Null: neither.
    /// </param>
    /// <param name="progress">Told after each page how many events are written, and of how many.</param>
    public static async Task<ExportHead> Run(
        NpgsqlDataSource database, KeyFolder keys, LedgerKeys ledgerKeys, Stream to, Stream? keysTo, Action<long, long>? progress = null,
        CancellationToken stop = default)
    {
        ExportHead head;
        await using (var command = database.CreateCommand(Head))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            await reader.ReadAsync(stop);
            head = new(reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }
        var checkpoints = database.Scalar<bool>(HasWitnesses) ? Sql.RetainedCheckpoints : Sql.RetainedWithoutWitnesses;
        return await new HistoryExport(database, keys, ledgerKeys, EventsAfter, checkpoints).Write(head, to, keysTo, progress, stop);
    }
}
