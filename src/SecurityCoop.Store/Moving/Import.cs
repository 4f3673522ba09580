using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>How an import is done.</summary>
public sealed record ImportOptions
{
    /// <summary>Events written in one transaction; one that is interrupted leaves whole ones behind.</summary>
    public int Batch { get; init; } = 500;

    /// <summary>Told what is being done, how many events are done, and of how many.</summary>
    public Action<string, long, long>? Progress { get; init; }
}

/// <summary>
/// Writes an exported history into an empty register: the same log, positions, bytes and times. The file is checked whole before; then batches of events are
/// committed in order, so that the head says how far it came and an import that was interrupted goes on from there. Until the
/// documents are made from the log (<see cref="RegisterImport"/>) no host reads records or appends.
/// </summary>
internal sealed partial class Import : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly ImportOptions options;

    private Import(NpgsqlConnection connection, ImportOptions options, ExportHead history) =>
        (this.connection, this.options, History) = (connection, options, history);

    /// <summary>What the file holds.</summary>
    public ExportHead History { get; }

    /// <summary>Whether the register held all of it already and nothing is left to do.</summary>
    public bool WasThere { get; private init; }

    /// <summary>Writes everything but the documents.</summary>
    /// <param name="owner">Connection string of the role that owns the schema of a migrated database.</param>
    /// <param name="history">The file, opened for reading and seeking.</param>
    /// <param name="keys">The keys that were exported with it; null where they were not.</param>
    /// <exception cref="StartRefused">The file is not sound, the register is not empty, or the key folder is another register's. Nothing was changed.</exception>
    public static async Task<Import> Run(
        string owner, string keyFolder, Stream history, Stream? keys, ImportOptions? options = null, CancellationToken stop = default)
    {
        options ??= new();
        var file = new ImportedHistory(new(history, "The file of the history", ExportWriter.History));
        var head = await file.Check((done, of) => options.Progress?.Invoke("Checking", done, of), stop);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner) { Pooling = false, ApplicationName = "SecurityCoop import", CommandTimeout = 300, Enlist = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            await Execute(connection, Sql.ImportSettings, stop);
            await using (var turn = new NpgsqlCommand(Sql.TryImportLock, connection).With(Database.Of(Sql.ImportLock)))
                if (await turn.ExecuteScalarAsync(stop) is not true) throw new StartRefused("Another import into this database is under way: wait until it has ended.");
            var (now, frontier, begun, used) = await State(connection, stop);
            if (!begun && now.SameAs(head) && used) return new(connection, options, head) { WasThere = true };
            if (!begun && (used || now.Size > 0))
                throw new StartRefused($"An import needs an empty register that no host has served yet, and this one {(now.Size > 0 ? string.Create(CultureInfo.InvariantCulture, $"holds {now.Size} events") : "was served")}: give a database and a data folder of its own. Nothing was changed.");
            if (begun && (now.Log != head.Log || now.Size > head.Size)) throw new StartRefused("An import of another history was interrupted here: go on with its file. Nothing was changed.");
            (await ImportedKeys.Read(keyFolder, head, keys is null ? null : new(keys, "The file of keys", ExportWriter.Keys), stop)).Write();
            var import = new Import(connection, options, head);
            await import.Write(file, now, frontier, begun, stop);
            return import;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<(ExportHead Now, byte[] Frontier, bool Begun, bool Used)> State(
        NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Sql.ImportState, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return (new(reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)), reader.GetFieldValue<byte[]>(3), reader.GetBoolean(4), reader.GetBoolean(5));
    }

    private async Task Write(ImportedHistory file, ExportHead there, byte[] frontierThere, bool begun, CancellationToken stop)
    {
        var frontier = MerkleFrontier.Of(0, []);
        var batch = new List<ImportedEvent>();
        await foreach (var item in file.Items(stop))
        {
            switch (item)
            {
                case ImportedEvent e when frontier.Size < there.Size:
                    frontier.Add(e.Leaf);
                    if (frontier.Size == there.Size && !(frontier.Root().AsSpan().SequenceEqual(there.Root) && frontier.Bytes().AsSpan().SequenceEqual(frontierThere)))
                        throw new StartRefused("What an interrupted import left here is not the beginning of this file: go on with the file that it was begun with. Nothing was changed.");
                    break;
                case ImportedEvent e:
                    batch.Add(e);
                    if (batch.Count >= options.Batch) await Commit();
                    break;
                case ImportedCheckpoint c:
                    await Commit();
                    await Execute(connection, Sql.ImportCheckpoint, stop, Database.Of(c.Checkpoint.Origin), Database.Of(c.Checkpoint.Size), Database.Of(c.Checkpoint.Root), Database.Of(c.Note), Database.Of(c.SignedAt));
                    break;
                case ImportedAnswer a:
                    await Commit();
                    await Execute(connection, Sql.ImportAnswer, stop, Database.Of(a.Key), Database.Of(a.Of), Optional(a.Command, NpgsqlDbType.Uuid), Optional(a.First, NpgsqlDbType.Bigint), Optional(a.Last, NpgsqlDbType.Bigint), Optional(a.Answer, NpgsqlDbType.Bytea));
                    break;
            }
        }
        await Commit();

        async Task Commit()
        {
            if (batch.Count == 0 && (begun || frontier.Size > 0)) return;
            await Batch(frontier, batch, begun, stop);
            begun = true;
            batch.Clear();
            if (History.Size > 0) options.Progress?.Invoke("Importing", frontier.Size, History.Size);
        }
    }

    // One transaction. The first one gives the log its name too, and says that an import is under way.
    private async Task Batch(MerkleFrontier frontier, List<ImportedEvent> events, bool begun, CancellationToken stop)
    {
        var (before, root) = (frontier.Size, frontier.Root());
        var tiles = new List<FilledTile>();
        foreach (var e in events) frontier.Add(e.Leaf, tiles);
        var last = events.Count == 0 ? DateTime.UnixEpoch : events[^1].Header.RecordedAt;
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var move = new NpgsqlCommand(Sql.ImportHead, connection).With(
            Database.Of(before), Database.Of(root), Database.Of(History.Log), Database.Of(frontier.Size), Database.Of(frontier.Root()), Database.Of(frontier.Bytes()), Database.Of(last)))
            if (await move.ExecuteNonQueryAsync(stop) != 1) throw new StartRefused("Somebody else wrote to the register while the import was under way: stop every host, and begin anew with an empty one.");
        if (events.Count > 0) await Events(events, before, stop);
        foreach (var level in tiles.GroupBy(t => t.Id.Level).OrderBy(l => l.Key))
            await Execute(connection, level.Key == 0 ? CommitStatements.InsertLeafTiles : CommitStatements.InsertUpperTiles, stop,
                Database.Of([.. level.Select(t => t.Id.Index)]), Database.Of([.. level.Select(t => t.Root)]), Database.Of(level.Key));
        await transaction.CommitAsync(stop);
    }

    private async Task Events(List<ImportedEvent> events, long before, CancellationToken stop)
    {
        EventHeader[] headers = [.. events.Select(e => e.Header)];
        var streams = headers.Zip(events).GroupBy(e => e.First.Stream).Select(g => (First: g.First(), Last: g.Last().First)).ToList();
        await Execute(connection, Sql.ImportStreams, stop, Database.Of([.. streams.Select(s => s.Last.Stream)]),
            Database.Of([.. streams.Select(s => s.Last.Version)]), Times(streams.Select(s => s.Last.RecordedAt)), Times(streams.Select(s => s.First.First.RecordedAt)));
        await Execute(connection, Sql.ImportEvents, stop, Database.Of(before), Times(headers.Select(h => h.RecordedAt)), Database.Of([.. headers.Select(h => h.EventId)]),
            Database.Of([.. headers.Select(h => h.Stream)]), Database.Of([.. headers.Select(h => h.Version)]), Database.Of([.. headers.Select(h => h.Type)]),
            Database.Of([.. events.Select(e => e.DotnetType)]), Database.Of([.. headers.Select(h => h.Correlation)]), Database.Of([.. headers.Select(h => h.Causation)]),
            Database.Of([.. headers.Select(h => h.Actor)]), Database.Of([.. events.Select(e => e.HeaderBytes)]), Database.Of([.. events.Select(e => e.Body)]),
            Database.Of([.. events.Select(e => e.Leaf)]));
        var values = events.SelectMany((e, i) => e.Protected.Select(p => (Position: before + i + 1, Value: p))).ToArray();
        if (values.Length > 0)
            await Execute(connection, CommitStatements.InsertProtected, stop, Database.Of([.. values.Select(v => v.Position)]), Database.Of([.. values.Select(v => v.Value.Pointer)]),
                Database.Of([.. values.Select(v => v.Value.Subject)]), Database.Of([.. values.Select(v => v.Value.Ciphertext)]));
        var named = headers.Where(h => h.Reference is not null).ToArray();
        if (named.Length > 0) await Execute(connection, CommitStatements.InsertReferences, stop, Database.Of([.. named.Select(h => h.Reference!)]), Database.Of([.. named.Select(h => h.Stream)]));
        // A counter's last number is the largest that was given.
        var counters = named.Select(h => Numbered().Match(h.Reference!)).Where(m => m.Success)
            .GroupBy(m => m.Groups[1].Value, m => long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)).ToDictionary(g => g.Key, g => g.Max());
        if (counters.Count > 0) await Execute(connection, Sql.ImportCounters, stop, Database.Of([.. counters.Keys]), Database.Of([.. counters.Values]));
        await Execute(connection, Sql.MoveSequence, stop, Database.Of(before + events.Count));
    }

    private static async Task Execute(NpgsqlConnection connection, string statement, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection).With(parameters);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static NpgsqlParameter Times(IEnumerable<DateTime> times) => new NpgsqlParameter<DateTime[]> { TypedValue = [.. times], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    [GeneratedRegex("^(.*)-([0-9]{1,18})$")]
    private static partial Regex Numbered();
}
