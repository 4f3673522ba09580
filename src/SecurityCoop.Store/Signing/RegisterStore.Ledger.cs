using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>The Merkle tree over the log: proofs and tiles, each from a few tiles however long the log is.</summary>
public sealed partial class RegisterStore
{
    /// <summary>The log's own id, in every header.</summary>
    public Guid Log { get; }

    /// <summary>The proof that the event at a position is in the tree of this size: sibling hashes from the leaf upwards (RFC 6962, section 2.1.1).</summary>
    /// <param name="size">At least the position, at most the head's size.</param>
    public Task<IReadOnlyList<byte[]>> InclusionProof(long position, long size, CancellationToken stop = default) => Hashes(Proofs.Inclusion(position - 1, size), size, stop);

    /// <summary>The proof that the tree of one size is the beginning of that of another (RFC 6962, section 2.1.2).</summary>
    /// <param name="larger">At most the head's size.</param>
    public Task<IReadOnlyList<byte[]>> ConsistencyProof(long smaller, long larger, CancellationToken stop = default) => Hashes(Proofs.Consistency(smaller, larger), larger, stop);

    /// <summary>The root of the tree of this size, from tiles and leaves, never from what was once stored as a root.</summary>
    /// <param name="size">At most the head's size.</param>
    public async Task<byte[]> RootAt(long size, CancellationToken stop = default) => size == 0 ? MerkleTree.EmptyRoot : (await Hashes([new(0, size)], size, stop))[0];

    /// <summary>The first hashes of a tile; null where the log has fewer.</summary>
    public async Task<byte[]?> Tile(TileId tile, int width, CancellationToken stop = default)
    {
        var found = (await ReadTiles([(tile, width)], stop))[tile];
        return found.Length == width * MerkleTree.HashSize ? found : null;
    }

    /// <summary>The leaf of the event at a position; null where there is none.</summary>
    public async Task<byte[]?> LeafAt(long position, CancellationToken stop = default)
    {
        await using var command = Command(Sql.LeafAt, Database.Of(position));
        return await command.ExecuteScalarAsync(stop) as byte[];
    }

    /// <summary>The leaves after a position, 32 bytes each, up to another.</summary>
    internal async Task<IReadOnlyList<byte[]>> Leaves(long after, long through, CancellationToken stop)
    {
        await using var command = Command(Sql.LeavesAfter, Database.Of(after), Database.Of(through));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var leaves = new List<byte[]>();
        while (await reader.ReadAsync(stop))
        {
            if (reader.GetInt64(0) != after + leaves.Count + 1) break;
            leaves.Add(reader.GetFieldValue<byte[]>(1));
        }
        return leaves;
    }

    private async Task<IReadOnlyList<byte[]>> Hashes(IReadOnlyList<LeafRange> ranges, long size, CancellationToken stop)
    {
        if (ranges.Count == 0) return [];
        var tiles = await ReadTiles([.. Tiles.Needed(ranges).Select(t => (t, Tiles.WidthIn(t, size)))], stop);
        return [.. ranges.Select(r => Tiles.Hash(r, t => tiles[t]))];
    }

    private async Task<Dictionary<TileId, byte[]>> ReadTiles(IReadOnlyList<(TileId Tile, int Width)> tiles, CancellationToken stop)
    {
        await using var command = Command(Sql.ReadTiles, Database.Of([.. tiles.Select(t => t.Tile.Level)]), Database.Of([.. tiles.Select(t => t.Tile.Index)]), Database.Of([.. tiles.Select(t => t.Width)]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var read = new Dictionary<TileId, byte[]>();
        while (await reader.ReadAsync(stop))
        {
            var (tile, width) = tiles[(int)reader.GetInt64(0) - 1];
            var hashes = reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1);
            read[tile] = hashes.Length > width * MerkleTree.HashSize ? hashes[..(width * MerkleTree.HashSize)] : hashes;
        }
        return read;
    }
}
