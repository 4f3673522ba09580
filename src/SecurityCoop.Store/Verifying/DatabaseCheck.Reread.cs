using System.Diagnostics;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>
/// What a host reads again after its start: every event, and the tiles over them, at a low rate. That the tiles are of the tree that was signed is looked at elsewhere,
/// and often (<see cref="RegisterStore.Contradiction"/>); the tables beside are left to `securitycoop verify`.
/// </summary>
internal sealed partial class DatabaseCheck
{
    // The newest events are read first: they are what a restored or edited database most likely differs in. Between pages it rests for four times as long as one took.
    private const int Newest = 2000, RestPerWork = 4;

    /// <summary>Reads the newest events, then all of them with the tiles.</summary>
    /// <exception cref="HistoryFault">The first fault.</exception>
    public async Task Reread(CancellationToken stop)
    {
        Guid log;
        await using (var command = Command(Sql.VerifyHead))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            if (!await reader.ReadAsync(stop)) throw new HistoryFault(0, "log_head has no row");
            (size, log) = (reader.GetInt64(0), reader.GetGuid(4));
        }
        if (size > Newest) await Pages(size - Newest, log, _ => Task.CompletedTask, stop);
        var (computed, tile) = (MerkleFrontier.Of(0, []), new List<byte[]>());
        await Pages(0, log, async page =>
        {
            foreach (var entry in page)
            {
                var filled = new List<FilledTile>();
                computed.Add(entry.Leaf, filled);
                tile.Add(entry.Leaf);
                foreach (var full in filled) await Tile(full, computed.Size, tile, stop);
                if (filled.Count > 0) tile.Clear();
            }
            progress?.Invoke(computed.Size, size);
        }, stop);
    }

    private async Task Pages(long from, Guid log, Func<List<ExaminedEvent>, Task> with, CancellationToken stop)
    {
        for (var after = from; after < size; after = Math.Min(size, after + Page))
        {
            var begun = Stopwatch.GetTimestamp();
            await with(await Read(after, Math.Min(size, after + Page), log, stop));
            if (size - after > Page) await Task.Delay(RestPerWork * Stopwatch.GetElapsedTime(begun), stop);
        }
    }

    // A stored tile against the events themselves; of the lowest ones the first leaf that differs says which event it is.
    private async Task Tile(FilledTile full, long position, List<byte[]> leaves, CancellationToken stop)
    {
        await using var command = Command(Sql.VerifyTile, Database.Of(full.Id.Level), Database.Of(full.Id.Index));
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop)) throw new HistoryFault(position, $"ledger_tile has no row {full.Id.Level}/{full.Id.Index}");
        var hashes = reader.GetFieldValue<byte[]>(0).Chunk(MerkleTree.HashSize).ToList();
        if (full.Id.Level == 0)
            for (var i = 0; i < leaves.Count; i++)
                if (i >= hashes.Count || !hashes[i].AsSpan().SequenceEqual(leaves[i])) throw new HistoryFault(position - leaves.Count + i + 1, $"the event is not the one of which tile 0/{full.Id.Index} was made");
        var root = MerkleFrontier.Of(0, []);
        foreach (var hash in hashes) root.Add(hash);
        if (!root.Root().AsSpan().SequenceEqual(full.Root) || !reader.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(full.Root)) throw new HistoryFault(position, $"tile {full.Id.Level}/{full.Id.Index} is not of the tree");
    }
}
