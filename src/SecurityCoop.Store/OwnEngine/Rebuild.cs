using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>How a rebuild is done.</summary>
public sealed record RebuildOptions
{
    /// <summary>Whether rebuilt rows take the place of live ones that differ from them though the definition is the same.</summary>
    public bool Replace { get; init; }

    /// <summary>Approximate bytes of rows kept in memory; more is written out and read back.</summary>
    public long RowBytes { get; init; } = 48 << 20;

    /// <summary>Connection string of the tables' owner, as whom Marten's documents are rebuilt.</summary>
    public string? Owner { get; init; }

    /// <summary>Told after each page how far it came: events folded, and events in the log as last seen.</summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>A live row that is not what its events fold to.</summary>
/// <param name="What">How it differs, in words.</param>
public sealed record RowDifference(string View, string Key, string What);

/// <summary>What a rebuild did.</summary>
/// <param name="Events">Events folded: the size of the log at the end.</param>
/// <param name="InPlace">Whether the live rows are what was rebuilt: put in their place, or found to be the same.</param>
/// <param name="Different">How many keys differed.</param>
/// <param name="Differences">The first hundred of them for each view.</param>
public sealed record RebuildResult(long Events, bool InPlace, long Different, IReadOnlyList<RowDifference> Differences)
{
    /// <summary>Whether what was there before was compared with what was rebuilt.</summary>
    public bool Compared { get; init; } = true;
}

/// <summary>
/// Builds new generations of views beside the live ones, in one pass over the log. Appends go on meanwhile, here and in other processes; only the last few
/// events are folded with the head's lock held. Until the swap nobody sees anything of it, and what an interrupted one leaves the next one clears.
/// Of a view whose definition is the same, rows that turn out as the live ones are not written, and where all do there is nothing to swap.
/// </summary>
internal sealed class Rebuild(string connectionString, Preparer preparer, IReadOnlyList<View> views, RebuildOptions options)
{
    // So many events are folded, and so many rows compared, with the lock held: far less than the two seconds after which a waiter loses patience.
    private const int LastFew = 2000, DeletedPage = 5000;

    private static readonly TimeSpan WaitForAnother = TimeSpan.FromSeconds(5);

    /// <exception cref="StartRefused">Another rebuild is under way.</exception>
    /// <exception cref="UnknownEventType">An event is unknown to this program.</exception>
    /// <exception cref="UnreadableEvent">An event's bytes cannot be read.</exception>
    /// <exception cref="ViewFailed">A view could not fold an event, or write its row.</exception>
    public async Task<RebuildResult> Run(CancellationToken stop)
    {
        // Named like a writer: should this process be stopped while it holds the head, those who wait may end it.
        await using var connection = await Connect(Database.WriterName, stop);
        await using var logConnection = await Connect("SecurityCoop rebuild", stop);
        await TakeTurn(connection, stop);
        foreach (var (text, delete) in new[] { (Sql.LeftoverRows, (Func<int, Task>)(g => DeleteRows(connection, g, stop))), (Sql.LeftoverPartners, g => DeletePartners(connection, g, stop)) })
            foreach (var generation in await Generations(connection, text, stop)) await delete(generation);

        var (_, stored) = await ViewCatalog.Stored(connection, stop);
        var first = await Scalar<int>(connection, Sql.NextGeneration, stop);
        var seen = await Scalar<long>(logConnection, Sql.HeadSize, stop);
        RebuildTarget[] targets = [.. views.Select((view, i) =>
        {
            var same = ViewCatalog.IsMadeBy(view, stored);
            return new RebuildTarget(view, first + i, same && !options.Replace ? stored[view.Name].Generation : null, IndexEvents: !same || options.Replace);
        })];
        var rows = new RebuiltRows(targets, connection, options.RowBytes, seen);
        RebuildComparison[] comparisons = [.. targets.Index().Where(t => ViewCatalog.IsMadeBy(t.Item.View, stored))
            .Select(t => new RebuildComparison(t.Index, t.Item, stored[t.Item.View.Name].Generation, rows, connection))];
        try
        {
            return await Run(targets, rows, comparisons, stored, connection, new RebuildLog(logConnection, preparer, views), seen, stop);
        }
        finally
        {
            await rows.Rest();
        }
    }

    private async Task<RebuildResult> Run(
        RebuildTarget[] targets, RebuiltRows rows, RebuildComparison[] comparisons, Dictionary<string, (int Generation, string Definition)> stored,
        NpgsqlConnection connection, RebuildLog log, long size, CancellationToken stop)
    {
        var through = 0L;
        for (var rounds = 1; ; rounds++)
        {
            await Fold(log, rows, through, size, stop);
            through = size;
            await rows.Flush(stop);
            await Compare(comparisons, rows, through, stop);
            if (!options.Replace && comparisons.Any(c => c.Count > 0)) return await Differs();
            // Should appends be as fast as this, a little more is left for under the lock each time.
            var few = LastFew + 100 * rounds;
            size = await Scalar<long>(connection, Sql.HeadSize, stop);
            if (size - through <= few && comparisons.Sum(c => c.Later) <= few) break;
        }

        await using (var begin = new NpgsqlCommand(Sql.BeginSwap, connection)) await begin.ExecuteNonQueryAsync(stop);
        await using (var take = new NpgsqlCommand(Sql.RaiseEpoch, connection))
        {
            var head = await Database.ReadHead(take, stop);
            await Fold(log, rows, through, head.Size, stop);
            through = head.Size;
        }
        await rows.Flush(stop);
        await Compare(comparisons, rows, through, stop);
        foreach (var comparison in comparisons) comparison.Close();
        if (!options.Replace && comparisons.Any(c => c.Count > 0))
        {
            await using (var rollback = new NpgsqlCommand(Sql.Rollback, connection)) await rollback.ExecuteNonQueryAsync(stop);
            return await Differs();
        }
        foreach (var target in targets.Where(t => t.Live is null))
        {
            await using var swap = new NpgsqlCommand(Sql.SwapView, connection)
                .With(Database.Of(target.View.Name), Database.Of(target.Generation), Database.Of(ViewCatalog.Hash(target.View)));
            await swap.ExecuteNonQueryAsync(stop);
        }
        await using (var commit = new NpgsqlCommand(Sql.Commit, connection)) await commit.ExecuteNonQueryAsync(CancellationToken.None);
        foreach (var target in targets)
            if (target.Live is not null) await DeleteGeneration(connection, target.Generation, stop);
            else if (stored.TryGetValue(target.View.Name, out var before)) await DeleteGeneration(connection, before.Generation, stop);
        return Result(inPlace: true);

        async Task<RebuildResult> Differs()
        {
            foreach (var target in targets) await DeleteGeneration(connection, target.Generation, stop);
            return Result(inPlace: false);
        }

        RebuildResult Result(bool inPlace) => new(through, inPlace, comparisons.Sum(c => c.Count), [.. comparisons.SelectMany(c => c.First)]);
    }

    private async Task<NpgsqlConnection> Connect(string name, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, ApplicationName = name, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2, CommandTimeout = 300, Enlist = false,
            ReadBufferSize = 64 * 1024, WriteBufferSize = 64 * 1024,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            await using var set = new NpgsqlCommand(Sql.RebuildSettings, connection);
            await set.ExecuteNonQueryAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // One at a time: each takes what it does not know for the leavings of an interrupted one. The lock ends with the connection that all is written on.
    private static async Task TakeTurn(NpgsqlConnection connection, CancellationToken stop)
    {
        for (var until = DateTime.UtcNow + WaitForAnother; ; await Task.Delay(100, stop))
        {
            await using var take = new NpgsqlCommand(Sql.TryRebuildLock, connection).With(Database.Of(Sql.RebuildLock));
            if (await take.ExecuteScalarAsync(stop) is true) return;
            if (DateTime.UtcNow > until) throw new StartRefused("Another rebuild is under way on this database: wait until it has ended.");
        }
    }

    private async Task Fold(RebuildLog log, RebuiltRows rows, long after, long through, CancellationToken stop)
    {
        await foreach (var page in log.Pages(after, through, stop))
        {
            await rows.Fold(page, stop);
            options.Progress?.Invoke(page[^1].Event.Position, through);
        }
    }

    // The first time everything, afterwards what was written since.
    private static async Task Compare(RebuildComparison[] comparisons, RebuiltRows rows, long through, CancellationToken stop)
    {
        var written = rows.Written;
        rows.Written = ([], []);
        foreach (var comparison in comparisons)
            if (written is not { } since) await comparison.Whole(through, stop);
            else await comparison.Again(through, since.Rows, since.Partners, stop);
    }

    private static async Task<List<int>> Generations(NpgsqlConnection connection, string statement, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var found = new List<int>();
        while (await reader.ReadAsync(stop)) found.Add(reader.GetInt32(0));
        return found;
    }

    private static async Task DeleteGeneration(NpgsqlConnection connection, int generation, CancellationToken stop)
    {
        await DeleteRows(connection, generation, stop);
        await DeletePartners(connection, generation, stop);
    }

    private static async Task DeleteRows(NpgsqlConnection connection, int generation, CancellationToken stop)
    {
        for (var after = ""; ;)
        {
            await using var delete = new NpgsqlCommand(Sql.DeleteRows, connection).With(Database.Of(generation), Database.Of(after), Database.Of(DeletedPage));
            if (await delete.ExecuteScalarAsync(stop) is not string last) return;
            after = last;
        }
    }

    private static async Task DeletePartners(NpgsqlConnection connection, int generation, CancellationToken stop)
    {
        for (var after = (Partner: "", Key: ""); ;)
        {
            await using var delete = new NpgsqlCommand(Sql.DeletePartners, connection)
                .With(Database.Of(generation), Database.Of(after.Partner), Database.Of(after.Key), Database.Of(DeletedPage));
            await using var reader = await delete.ExecuteReaderAsync(stop);
            if (!await reader.ReadAsync(stop)) return;
            after = (reader.GetString(0), reader.GetString(1));
        }
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string statement, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return (T)(await command.ExecuteScalarAsync(stop))!;
    }
}
