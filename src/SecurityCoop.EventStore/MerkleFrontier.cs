using System.Security.Cryptography;

namespace SecurityCoop.EventStore;

/// <summary>
/// The right edge of an RFC 6962 (section 2.1) Merkle tree: the roots of its full subtrees, largest first, one for each bit that is set in
/// the size. Enough to add leaves and to know the root.
/// </summary>
internal sealed class MerkleFrontier
{
    private readonly List<byte[]> peaks = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <param name="size">Number of leaves.</param>
    /// <param name="bytes">What <see cref="Bytes"/> gave: 32 bytes for each bit that is set in size.</param>
    public static MerkleFrontier Of(long size, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32 * System.Numerics.BitOperations.PopCount((ulong)size))
            throw new InvalidDataException($"The head's frontier has {bytes.Length} bytes, which is not that of a tree of {size} leaves.");
        var frontier = new MerkleFrontier { Size = size };
        for (var at = 0; at < bytes.Length; at += 32) frontier.peaks.Add(bytes.Slice(at, 32).ToArray());
        return frontier;
    }

    /// <summary>SHA-256(0x00 ‖ header).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(header);
        return hash.GetHashAndReset();
    }

    public void Add(byte[] leaf)
    {
        var node = leaf;
        // Two full subtrees of one size make one of the next: as many as the size has trailing ones.
        for (var full = Size; (full & 1) == 1; full >>= 1)
        {
            node = Node(peaks[^1], node);
            peaks.RemoveAt(peaks.Count - 1);
        }
        peaks.Add(node);
        Size++;
    }

    public byte[] Root()
    {
        if (peaks.Count == 0) return SHA256.HashData([]);
        var root = peaks[^1];
        for (var i = peaks.Count - 2; i >= 0; i--) root = Node(peaks[i], root);
        return root;
    }

    public byte[] Bytes()
    {
        var bytes = new byte[32 * peaks.Count];
        for (var i = 0; i < peaks.Count; i++) peaks[i].CopyTo(bytes, 32 * i);
        return bytes;
    }

    // SHA-256(0x01 ‖ left ‖ right)
    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> both = stackalloc byte[65];
        both[0] = 0x01;
        left.CopyTo(both[1..]);
        right.CopyTo(both[33..]);
        return SHA256.HashData(both);
    }
}
