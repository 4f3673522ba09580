using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// Writes an exported history (docs/export.md) into an empty register in Marten's schema: the same log, positions, bytes, times, references
/// and keys; then makes every document from it. One that was interrupted goes on where it stopped when it is run again with the same file.
/// Until it is done no host reads records or appends.
/// </summary>
public static class RegisterImport
{
    /// <param name="owner">Connection string of the role that owns the schema of a migrated database.</param>
    /// <param name="history">The file, opened for reading and seeking.</param>
    /// <param name="keys">The keys that were exported with it; null where they were not.</param>
    /// <returns>What the file holds, and whether the register held all of it already.</returns>
    /// <exception cref="StartRefused">
    /// The file is not sound or holds an event that another program appended, the register is not empty, or the key folder is another
    /// register's. Nothing was changed.
    /// </exception>
    public static async Task<(ExportHead History, bool WasThere)> Run(
        string owner, RegisterModel model, string keyFolder, Stream history, Stream? keys, ImportOptions? options = null,
        CancellationToken stop = default)
    {
        await using var import = await Import.Run(owner, keyFolder, history, keys, options, stop);
        // All of it may be there while the documents are not: the last import ended in their making.
        if (!import.WasThere || await MadeBy(owner, stop) != model.Definition)
        {
            options?.Progress?.Invoke("Making the documents", 0, import.History.Size);
            await DocumentRebuild.Run(
                owner, model, (done, of) => options?.Progress?.Invoke("Making the documents", done, of), stop);
            await Analyze(owner, model, stop);
        }
        return (import.History, import.WasThere);
    }

    // Until autovacuum comes by, PostgreSQL would plan as if the tables were empty.
    private static async Task Analyze(string owner, RegisterModel model, CancellationToken stop)
    {
        string[] tables =
        [
            "mt_streams", "mt_events", "ledger_entry", "protected_value", "stream_reference", "idempotency",
            .. model.Kinds.Select(k => $"mt_doc_{k.Name}"),
        ];
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(stop);
        await using var analyze = new NpgsqlCommand($"analyze {string.Join(", ", tables.Select(t => $"register.{t}"))}", connection);
        await analyze.ExecuteNonQueryAsync(stop);
    }

    private static async Task<string> MadeBy(string owner, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(Sql.RecordsMadeBy, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetString(1);
    }
}
