using System.Buffers;

namespace SecurityCoop.Ledger;

/// <summary>The hashes of an RFC 6962 (section 2.1) Merkle tree, with SHA-256.</summary>
public static class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 32;

    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static byte[] EmptyRoot => Sha256.Hash([]);

    /// <summary>SHA-256(0x00 ‖ entry).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        var rented = ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        try
        {
            rented[0] = 0x00;
            entry.CopyTo(rented.AsSpan(1));
            return Sha256.Hash(rented.AsSpan(0, entry.Length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * HashSize];
        both[0] = 0x01;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + HashSize)..]);
        return Sha256.Hash(both);
    }

    /// <summary>The largest power of two that is smaller than a number of leaves (two or more): where RFC 6962 divides them.</summary>
    internal static long Split(long leaves) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(leaves - 1)));
}
