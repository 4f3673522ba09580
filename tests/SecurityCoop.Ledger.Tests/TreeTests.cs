using System.Security.Cryptography;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

public sealed class TreeTests
{
    // The eight leaves, and the roots over the first 1…8 of them, that implementations of RFC 6962 test each other with.
    private static readonly byte[][] Inputs =
        [[], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [.. Enumerable.Range(0x50, 8).Select(b => (byte)b)], [.. Enumerable.Range(0x60, 16).Select(b => (byte)b)]];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    // Over those leaves: leaf index from 0, size, proof.
    public static TheoryData<int, int, string[]> KnownInclusions() => new()
    {
        { 0, 1, [] },
        { 0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"] },
        { 1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"] },
    };

    public static TheoryData<int, int, string[]> KnownConsistencies() => new()
    {
        { 1, 1, [] },
        { 1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"] },
    };

    [Fact]
    public void Roots_are_the_known_answers()
    {
        var frontier = MerkleFrontier.Of(0, []);
        Convert.ToHexStringLower(frontier.Root()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        foreach (var (input, root) in Inputs.Zip(Roots))
        {
            frontier.Add(MerkleTree.Leaf(input));
            Convert.ToHexStringLower(frontier.Root()).ShouldBe(root);
        }
    }

    [Theory, MemberData(nameof(KnownInclusions))]
    public void Inclusion_proofs_are_the_known_answers(int index, int size, string[] proof)
    {
        var tree = new TestTree(Inputs.Take(size).Select(i => MerkleTree.Leaf(i)));
        tree.Inclusion(index, size).Select(Convert.ToHexStringLower).ShouldBe(proof);
        Proofs.Includes(index, size, tree.Leaves[index], [.. proof.Select(Convert.FromHexString)], Convert.FromHexString(Roots[size - 1])).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(KnownConsistencies))]
    public void Consistency_proofs_are_the_known_answers(int smaller, int larger, string[] proof)
    {
        var tree = new TestTree(Inputs.Take(larger).Select(i => MerkleTree.Leaf(i)));
        tree.Consistency(smaller, larger).Select(Convert.ToHexStringLower).ShouldBe(proof);
        Proofs.IsConsistent(smaller, Convert.FromHexString(Roots[smaller - 1]), larger, Convert.FromHexString(Roots[larger - 1]), [.. proof.Select(Convert.FromHexString)]).ShouldBeTrue();
    }

    [Fact]
    public void Roots_are_those_of_the_recursive_definition_and_survive_being_stored()
    {
        var (leaves, frontier) = (new List<byte[]>(), MerkleFrontier.Of(0, []));
        for (var i = 0; i < 300; i++)
        {
            leaves.Add(MerkleTree.Leaf(BitConverter.GetBytes(i)));
            frontier.Add(leaves[^1]);
            frontier.Root().ShouldBe(NaiveTree.Root([.. leaves]));
            frontier = MerkleFrontier.Of(frontier.Size, frontier.Bytes());
        }
        Should.Throw<InvalidDataException>(() => MerkleFrontier.Of(299, frontier.Bytes()));
    }

    [Fact]
    public void Every_proof_between_small_sizes_is_that_of_the_recursive_definition_and_holds()
    {
        var tree = TestTree.OfSize(70);
        for (var size = 1; size <= 70; size++)
        {
            var root = tree.NaiveRoot(size);
            for (var index = 0; index < size; index++)
            {
                tree.Inclusion(index, size).ShouldBe(NaiveTree.Path(index, tree.Leaves[..size]));
                Proofs.Includes(index, size, tree.Leaves[index], tree.Inclusion(index, size), root).ShouldBeTrue();
            }
            for (var smaller = 0; smaller <= size; smaller++)
            {
                var proof = tree.Consistency(smaller, size);
                if (smaller > 0) proof.ShouldBe(NaiveTree.Proof(smaller, tree.Leaves[..size]));
                Proofs.IsConsistent(smaller, tree.NaiveRoot(smaller), size, root, proof).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Proofs_between_random_sizes_are_those_of_the_recursive_definition_and_hold()
    {
        var (tree, random) = (TestTree.OfSize(140_000), new Random(6962));
        for (var i = 0; i < 12; i++)
        {
            var larger = random.Next(1, 140_001);
            var (smaller, index) = (random.Next(1, larger + 1), random.Next(larger));
            var leaves = tree.Leaves[..larger];
            tree.Inclusion(index, larger).ShouldBe(NaiveTree.Path(index, leaves));
            tree.Consistency(smaller, larger).ShouldBe(NaiveTree.Proof(smaller, leaves));
            Proofs.Includes(index, larger, leaves[index], tree.Inclusion(index, larger), tree.NaiveRoot(larger)).ShouldBeTrue();
            Proofs.IsConsistent(smaller, tree.NaiveRoot(smaller), larger, tree.NaiveRoot(larger), tree.Consistency(smaller, larger)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 7)]
    [InlineData(99, 100)]
    [InlineData(256, 513)]
    public void An_inclusion_proof_with_any_byte_changed_or_any_hash_more_or_less_fails(int index, int size)
    {
        var tree = TestTree.OfSize(size);
        var (root, proof) = (tree.NaiveRoot(size), tree.Inclusion(index, size));
        bool Holds(int at, int of, byte[] leaf, IReadOnlyList<byte[]> p, byte[] r) => Proofs.Includes(at, of, leaf, p, r);
        Holds(index, size, tree.Leaves[index], proof, root).ShouldBeTrue();
        foreach (var changed in Changed([.. proof, tree.Leaves[index], root])) Holds(index, size, changed[^2], changed[..^2], changed[^1]).ShouldBeFalse();
        foreach (var odd in OddLengths(proof)) Holds(index, size, tree.Leaves[index], odd, root).ShouldBeFalse();
        for (var other = -1; other <= size + 1; other++)
            if (other != index) Holds(other, size, tree.Leaves[index], proof, root).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(6, 7)]
    [InlineData(64, 100)]
    [InlineData(257, 513)]
    [InlineData(9, 9)]
    [InlineData(0, 5)]
    public void A_consistency_proof_with_any_byte_changed_or_any_hash_more_or_less_fails(int smaller, int larger)
    {
        var tree = TestTree.OfSize(larger);
        var proof = tree.Consistency(smaller, larger);
        var (from, to) = (tree.NaiveRoot(smaller), tree.NaiveRoot(larger));
        Proofs.IsConsistent(smaller, from, larger, to, proof).ShouldBeTrue();
        foreach (var changed in Changed([.. proof, from, to]))
            Proofs.IsConsistent(smaller, changed[^2], larger, changed[^1], changed[..^2]).ShouldBe(smaller == 0 && changed[^2].AsSpan().SequenceEqual(from), "of an empty tree any other is a continuation");
        foreach (var odd in OddLengths(proof)) Proofs.IsConsistent(smaller, from, larger, to, odd).ShouldBeFalse();
        Proofs.IsConsistent(larger + 1, from, larger, to, proof).ShouldBeFalse();
        Proofs.IsConsistent(-1, from, larger, to, proof).ShouldBeFalse();
    }

    [Fact]
    public void A_tile_is_reported_when_its_last_hash_is_there_and_never_again()
    {
        var (frontier, filled) = (MerkleFrontier.Of(0, []), new List<FilledTile>());
        var leaf = MerkleTree.Leaf([]);
        for (var i = 0; i < 65_535; i++) frontier.Add(leaf, filled);
        filled.Select(f => f.Id).ShouldBe(Enumerable.Range(0, 255).Select(i => new TileId(0, i)));
        filled.Clear();
        frontier.Add(leaf, filled);
        filled.Select(f => f.Id).ShouldBe([new(0, 255), new(1, 0)]);
        filled[1].Root.ShouldBe(frontier.Root());
        filled[0].Root.ShouldBe(NaiveTree.Root([.. Enumerable.Repeat(leaf, 256)]));
    }

    // C2SP tlog-tiles, "Partial Tiles": a tree of size 70,000, and one of 256.
    [Theory]
    [InlineData(0, 272, 70_000, 256)]
    [InlineData(0, 273, 70_000, 112)]
    [InlineData(0, 274, 70_000, 0)]
    [InlineData(1, 0, 70_000, 256)]
    [InlineData(1, 1, 70_000, 17)]
    [InlineData(2, 0, 70_000, 1)]
    [InlineData(3, 0, 70_000, 0)]
    [InlineData(0, 0, 256, 256)]
    [InlineData(0, 1, 256, 0)]
    [InlineData(1, 0, 256, 1)]
    [InlineData(7, 0, long.MaxValue, 127)]
    [InlineData(8, 0, long.MaxValue, 0)]
    [InlineData(63, 0, long.MaxValue, 0)]
    [InlineData(64, 0, 1, 0)]
    [InlineData(0, long.MaxValue, 5, 0)]
    [InlineData(-1, 0, 5, 0)]
    public void A_tile_is_as_wide_as_the_tree_makes_it(int level, long index, long size, int width) => Tiles.WidthIn(new(level, index), size).ShouldBe(width);

    [Theory]
    [InlineData("0/x001/x234/067", 0, 1_234_067, 256)]
    [InlineData("1/001.p/17", 1, 1, 17)]
    [InlineData("63/000", 63, 0, 256)]
    public void A_tiles_path_is_read_and_written(string path, int level, long index, int width)
    {
        Tiles.TryParsePath(path, out var tile, out var read).ShouldBeTrue();
        (tile, read).ShouldBe((new(level, index), width));
        Tiles.Path(tile, width).ShouldBe(path);
    }

    [Theory]
    [InlineData("0/1")]
    [InlineData("0/0001")]
    [InlineData("00/001")]
    [InlineData("64/001")]
    [InlineData("0/x000/001")]
    [InlineData("0/001/067")]
    [InlineData("0/001.p/0")]
    [InlineData("0/001.p/256")]
    [InlineData("0/001.p/017")]
    [InlineData("0/xx01/067")]
    [InlineData("0/-01")]
    [InlineData("0")]
    [InlineData("")]
    public void No_other_path_is_a_tile(string path) => Tiles.TryParsePath(path, out _, out _).ShouldBeFalse();

    private static IEnumerable<byte[][]> Changed(byte[][] hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
            for (var at = 0; at < 32; at++)
            {
                byte[][] changed = [.. hashes.Select(h => (byte[])h.Clone())];
                changed[i][at] ^= 0x01;
                yield return changed;
            }
    }

    private static IEnumerable<IReadOnlyList<byte[]>> OddLengths(IReadOnlyList<byte[]> proof)
    {
        yield return [.. proof, SHA256.HashData([])];
        yield return [SHA256.HashData([]), .. proof];
        if (proof.Count == 0) yield break;
        yield return [.. proof.Skip(1)];
        yield return [.. proof.SkipLast(1)];
        yield return [.. proof, proof[^1]];
        yield return [.. proof.SkipLast(1), proof[^1][..31]];
        yield return [.. proof.SkipLast(1), [.. proof[^1], 0]];
    }
}

/// <summary>A tree whose proofs are made from its tiles.</summary>
public sealed class TestTree(IEnumerable<byte[]> leaves)
{
    private readonly Dictionary<TileId, byte[]> tiles = [];

    public byte[][] Leaves { get; } = [.. leaves];

    public static TestTree OfSize(int size) => new(Enumerable.Range(0, size).Select(i => MerkleTree.Leaf(BitConverter.GetBytes(i))));

    public byte[] NaiveRoot(int size) => NaiveTree.Root(Leaves.AsSpan(0, size));

    public IReadOnlyList<byte[]> Inclusion(long index, long size) => Hashes(Proofs.Inclusion(index, size), size);

    public IReadOnlyList<byte[]> Consistency(long smaller, long larger) => Hashes(Proofs.Consistency(smaller, larger), larger);

    // Only what a tree of this size has, and only what was asked for.
    private List<byte[]> Hashes(IReadOnlyList<LeafRange> ranges, long size)
    {
        var needed = Tiles.Needed(ranges).ToDictionary(t => t, t => Tile(t)[..(32 * Tiles.WidthIn(t, size))]);
        return [.. ranges.Select(r => Tiles.Hash(r, t => needed[t]))];
    }

    private byte[] Tile(TileId id)
    {
        if (tiles.TryGetValue(id, out var known)) return known;
        var span = 1L << (8 * id.Level);
        var hashes = new List<byte>();
        for (var i = 0L; i < 256 && ((id.Index * 256) + i + 1) * span <= Leaves.Length; i++)
            hashes.AddRange(id.Level == 0 ? Leaves[(id.Index * 256) + i] : NaiveTree.Root(Leaves.AsSpan((int)(((id.Index * 256) + i) * span), (int)span)));
        return tiles[id] = [.. hashes];
    }
}

/// <summary>RFC 6962, sections 2.1, 2.1.1 and 2.1.2, word for word.</summary>
public static class NaiveTree
{
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var k = Split(leaves.Length);
        return SHA256.HashData([1, .. Root(leaves[..k]), .. Root(leaves[k..])]);
    }

    public static IReadOnlyList<byte[]> Path(int m, ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1) return [];
        var k = Split(leaves.Length);
        return m < k ? [.. Path(m, leaves[..k]), Root(leaves[k..])] : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    public static IReadOnlyList<byte[]> Proof(int m, ReadOnlySpan<byte[]> leaves) => SubProof(m, leaves, true);

    private static IReadOnlyList<byte[]> SubProof(int m, ReadOnlySpan<byte[]> leaves, bool whole)
    {
        if (m == leaves.Length) return whole ? [] : [Root(leaves)];
        var k = Split(leaves.Length);
        return m <= k ? [.. SubProof(m, leaves[..k], whole), Root(leaves[k..])] : [.. SubProof(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    private static int Split(int leaves)
    {
        var k = 1;
        while (k * 2 < leaves) k *= 2;
        return k;
    }
}
