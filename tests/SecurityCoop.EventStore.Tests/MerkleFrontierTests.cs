namespace SecurityCoop.EventStore.Tests;

public sealed class MerkleFrontierTests
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

    [Fact]
    public void Roots_are_the_known_answers()
    {
        var frontier = MerkleFrontier.Of(0, []);
        Convert.ToHexStringLower(frontier.Root()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        foreach (var (input, root) in Inputs.Zip(Roots))
        {
            frontier.Add(MerkleFrontier.Leaf(input));
            Convert.ToHexStringLower(frontier.Root()).ShouldBe(root);
        }
    }

    [Fact]
    public void Roots_are_those_of_the_recursive_definition_and_survive_being_stored()
    {
        var (leaves, frontier) = (new List<byte[]>(), MerkleFrontier.Of(0, []));
        for (var i = 0; i < 300; i++)
        {
            leaves.Add(MerkleFrontier.Leaf(BitConverter.GetBytes(i)));
            frontier.Add(leaves[^1]);
            frontier.Root().ShouldBe(NaiveTree.Root(leaves));
            frontier = MerkleFrontier.Of(frontier.Size, frontier.Bytes());
        }
        Should.Throw<InvalidDataException>(() => MerkleFrontier.Of(299, frontier.Bytes()));
    }
}
