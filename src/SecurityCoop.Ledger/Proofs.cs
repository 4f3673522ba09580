namespace SecurityCoop.Ledger;

/// <summary>
/// Inclusion and consistency proofs. What a proof consists of follows RFC 6962, sections 2.1.1 and 2.1.2, whether it holds RFC 9162, sections 2.1.3.2 and
/// 2.1.4.2 (the same trees; it states the algorithms). A proof is hashes of 32 bytes, in the order of the RFC.
/// </summary>
public static class Proofs
{
    /// <summary>The ranges whose tree hashes prove that the leaf at an index (from 0) is in a tree of this size.</summary>
    public static IReadOnlyList<LeafRange> Inclusion(long index, long size)
    {
        if (index < 0 || index >= size) throw new ArgumentOutOfRangeException(nameof(index), $"A tree of {size} leaves has no leaf {index}.");
        var ranges = new List<LeafRange>();
        for (var (from, to) = (0L, size); to - from > 1;)
        {
            var middle = from + MerkleTree.Split(to - from);
            if (index < middle)
            {
                ranges.Add(new(middle, to));
                to = middle;
            }
            else
            {
                ranges.Add(new(from, middle));
                from = middle;
            }
        }
        ranges.Reverse();
        return ranges;
    }

    /// <summary>The ranges whose tree hashes prove that a tree is the beginning of a larger one.</summary>
    public static IReadOnlyList<LeafRange> Consistency(long smaller, long larger)
    {
        if (smaller < 0 || smaller > larger) throw new ArgumentOutOfRangeException(nameof(smaller), $"A tree of {smaller} leaves is no beginning of one of {larger}.");
        var ranges = new List<LeafRange>();
        if (smaller == 0) return ranges;
        for (var (from, to, whole) = (0L, larger, true); ;)
        {
            if (smaller == to)
            {
                if (!whole) ranges.Add(new(from, to)); // Otherwise it is the smaller tree itself, whose root is known.
                break;
            }
            var middle = from + MerkleTree.Split(to - from);
            if (smaller <= middle)
            {
                ranges.Add(new(middle, to));
                to = middle;
            }
            else
            {
                ranges.Add(new(from, middle));
                (from, whole) = (middle, false);
            }
        }
        ranges.Reverse();
        return ranges;
    }

    /// <summary>Whether the proof shows that the leaf stands at this index of the tree with this root. One hash too many or too few fails.</summary>
    public static bool Includes(long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || !AreHashes(proof) || leaf.Length != MerkleTree.HashSize) return false;
        var (at, last, hash) = (index, size - 1, leaf.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = MerkleTree.Node(sibling, hash);
                for (; (at & 1) == 0 && at != 0; last >>= 1) at >>= 1;
            }
            else hash = MerkleTree.Node(hash, sibling);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the proof shows that the smaller tree is the beginning of the larger one. One hash too many or too few fails.</summary>
    public static bool IsConsistent(long smaller, ReadOnlySpan<byte> smallerRoot, long larger, ReadOnlySpan<byte> largerRoot, IReadOnlyList<byte[]> proof)
    {
        if (smaller < 0 || smaller > larger || !AreHashes(proof) || smallerRoot.Length != MerkleTree.HashSize || largerRoot.Length != MerkleTree.HashSize) return false;
        if (smaller == larger) return proof.Count == 0 && smallerRoot.SequenceEqual(largerRoot);
        if (smaller == 0) return proof.Count == 0 && smallerRoot.SequenceEqual(MerkleTree.EmptyRoot);
        // A smaller tree that is full is its own first hash.
        byte[][] path = (smaller & (smaller - 1)) == 0 ? [smallerRoot.ToArray(), .. proof] : [.. proof];
        if (path.Length == 0) return false;
        var (at, last) = (smaller - 1, larger - 1);
        for (; (at & 1) == 1; last >>= 1) at >>= 1;
        var (inSmaller, inLarger) = (path[0], path[0]);
        foreach (var hash in path.AsSpan(1))
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                (inSmaller, inLarger) = (MerkleTree.Node(hash, inSmaller), MerkleTree.Node(hash, inLarger));
                for (; (at & 1) == 0 && at != 0; last >>= 1) at >>= 1;
            }
            else inLarger = MerkleTree.Node(inLarger, hash);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && smallerRoot.SequenceEqual(inSmaller) && largerRoot.SequenceEqual(inLarger);
    }

    private static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.Count <= 126 && proof.All(h => h.Length == MerkleTree.HashSize);
}
