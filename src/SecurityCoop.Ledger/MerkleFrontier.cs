using System.Numerics;

namespace SecurityCoop.Ledger;

/// <summary>
/// The right edge of an RFC 6962 (section 2.1) Merkle tree: the roots of its full subtrees, largest first, one for each bit that is set in
/// the size. Enough to add leaves and to know the root.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly List<byte[]> peaks = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <param name="size">Number of leaves.</param>
    /// <param name="bytes">What <see cref="Bytes"/> gave: 32 bytes for each bit that is set in size.</param>
    /// <exception cref="InvalidDataException">So many bytes are not the frontier of a tree of this size.</exception>
    public static MerkleFrontier Of(long size, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != MerkleTree.HashSize * BitOperations.PopCount((ulong)size))
            throw new InvalidDataException($"The head's frontier has {bytes.Length} bytes, which is not that of a tree of {size} leaves.");
        var frontier = new MerkleFrontier { Size = size };
        for (var at = 0; at < bytes.Length; at += MerkleTree.HashSize) frontier.peaks.Add(bytes.Slice(at, MerkleTree.HashSize).ToArray());
        return frontier;
    }

    /// <summary>Adds a leaf at the end.</summary>
    /// <param name="filled">Takes the tiles that this leaf filled, lowest first.</param>
    public void Add(byte[] leaf, ICollection<FilledTile>? filled = null)
    {
        var (node, height) = (leaf, 0);
        // Two full subtrees of one size make one of the next: as many as the size has trailing ones.
        for (var full = Size; (full & 1) == 1; full >>= 1)
        {
            node = MerkleTree.Node(peaks[^1], node);
            peaks.RemoveAt(peaks.Count - 1);
            height++;
            if (height % Tiles.Height == 0) filled?.Add(new(new(height / Tiles.Height - 1, ((Size + 1) >> height) - 1), node));
        }
        peaks.Add(node);
        Size++;
    }

    public byte[] Root()
    {
        if (peaks.Count == 0) return MerkleTree.EmptyRoot;
        var root = peaks[^1];
        for (var i = peaks.Count - 2; i >= 0; i--) root = MerkleTree.Node(peaks[i], root);
        return root;
    }

    public byte[] Bytes()
    {
        var bytes = new byte[MerkleTree.HashSize * peaks.Count];
        for (var i = 0; i < peaks.Count; i++) peaks[i].CopyTo(bytes, MerkleTree.HashSize * i);
        return bytes;
    }
}
