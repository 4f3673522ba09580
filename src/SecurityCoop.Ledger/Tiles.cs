using System.Globalization;
using System.Numerics;

namespace SecurityCoop.Ledger;

/// <summary>A tile's place: at level 0 its hashes are leaves, above each is the root of a full tile below.</summary>
public readonly record struct TileId(int Level, long Index);

/// <summary>A tile whose 256 hashes are all there, and the root of the subtree that they are the leaves of.</summary>
public readonly record struct FilledTile(TileId Id, byte[] Root);

/// <summary>Leaves from one index to before another, as RFC 6962 divides a tree.</summary>
public readonly record struct LeafRange(long From, long To);

/// <summary>The tree cut into tiles of 256 hashes (C2SP tlog-tiles).</summary>
public static class Tiles
{
    public const int Height = 8, Width = 1 << Height;

    /// <summary>How many hashes the tile has in a tree of this size: 0 where it is not there, 256 where it is full.</summary>
    public static int WidthIn(TileId tile, long size)
    {
        if (tile.Level is < 0 or > 63 || tile.Index < 0) return 0;
        var hashes = tile.Level * Height >= 63 ? 0 : size >> (tile.Level * Height);
        return tile.Index > hashes / Width ? 0 : (int)Math.Min(Width, hashes - tile.Index * Width);
    }

    /// <summary>The tiles in which the hashes over these ranges are found.</summary>
    public static IReadOnlySet<TileId> Needed(IEnumerable<LeafRange> ranges)
    {
        var needed = new HashSet<TileId>();
        foreach (var range in ranges) Collect(range);
        return needed;

        void Collect(LeafRange range)
        {
            var leaves = range.To - range.From;
            if (BitOperations.IsPow2(leaves))
            {
                needed.Add(Place(range).Tile);
                return;
            }
            var middle = range.From + MerkleTree.Split(leaves);
            Collect(range with { To = middle });
            Collect(range with { From = middle });
        }
    }

    /// <summary>The tree hash over a range, from the tiles that <see cref="Needed"/> names.</summary>
    /// <param name="tile">The hashes of a tile, as many as there are.</param>
    /// <exception cref="InvalidDataException">A tile has too few hashes.</exception>
    public static byte[] Hash(LeafRange range, Func<TileId, byte[]> tile)
    {
        var leaves = range.To - range.From;
        if (leaves == 0) return MerkleTree.EmptyRoot;
        if (!BitOperations.IsPow2(leaves))
        {
            var middle = range.From + MerkleTree.Split(leaves);
            return MerkleTree.Node(Hash(range with { To = middle }, tile), Hash(range with { From = middle }, tile));
        }
        var (id, first, count) = Place(range);
        var hashes = tile(id);
        if (hashes.Length < (first + count) * MerkleTree.HashSize)
            throw new InvalidDataException($"Tile {id.Level}/{id.Index} has {hashes.Length / MerkleTree.HashSize} hashes; {first + count} are needed.");
        return Fold(hashes.AsSpan(first * MerkleTree.HashSize, count * MerkleTree.HashSize));
    }

    /// <summary>The root over so many hashes, a power of two.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == MerkleTree.HashSize) return hashes.ToArray();
        var half = hashes.Length / 2;
        return MerkleTree.Node(Fold(hashes[..half]), Fold(hashes[half..]));
    }

    /// <summary>The path of a tile below `tile/`: level, index in groups of three digits, and `.p/` with the width of a partial one.</summary>
    public static string Path(TileId tile, int width)
    {
        var path = (tile.Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = tile.Index / 1000; rest > 0; rest /= 1000) path = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/{path}");
        return string.Create(CultureInfo.InvariantCulture, $"{tile.Level}/{path}{(width < Width ? $".p/{width}" : "")}");
    }

    /// <summary>Reads such a path; only the form that <see cref="Path"/> writes.</summary>
    public static bool TryParsePath(string path, out TileId tile, out int width)
    {
        (tile, width) = (default, Width);
        var whole = path.Split(".p/");
        if (whole.Length > 2 || (whole.Length == 2 && !int.TryParse(whole[1], NumberStyles.None, CultureInfo.InvariantCulture, out width))) return false;
        var parts = whole[0].Split('/');
        if (parts.Length is < 2 or > 7 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var level) || level > 63) return false;
        var index = 0L;
        foreach (var part in parts[1..])
        {
            if (!int.TryParse(part.TrimStart('x'), NumberStyles.None, CultureInfo.InvariantCulture, out var three) || three > 999) return false;
            index = index * 1000 + three;
        }
        tile = new(level, index);
        return width is >= 1 and <= Width && Path(tile, width) == path;
    }

    // A full subtree of height h is the root over 2^(h mod 8) hashes of one tile at level h / 8.
    private static (TileId Tile, int First, int Count) Place(LeafRange full)
    {
        var height = BitOperations.Log2((ulong)(full.To - full.From));
        var (level, count) = (height / Height, 1 << (height % Height));
        var first = full.From >> (level * Height);
        return (new(level, first / Width), (int)(first % Width), count);
    }
}
