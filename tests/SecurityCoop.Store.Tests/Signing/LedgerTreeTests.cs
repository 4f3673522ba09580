using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store.Tests;

public sealed class LedgerTreeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // Batches of odd sizes, so that tiles fill up in the middle of one, at its end, and two in one.
    private static async Task Fill(RegisterStore store, int events)
    {
        var stream = Sample.NewStream();
        var version = (long)(await store.ReadStream(stream).ToList()).Count;
        while (events > 0)
        {
            var some = Math.Min(events, Random.Shared.Next(1, 301));
            await store.Append(new StreamAppend(stream, "sample", version, [.. Enumerable.Range(0, some).Select(i => Sample.New(new Noted($"n {i}")))]));
            (version, events) = (version + some, events - some);
        }
    }

    [Fact]
    public async Task Proofs_and_tiles_are_those_of_the_recursive_definition_at_every_size()
    {
        var store = await database.Open();
        await Fill(store, 1300);
        var size = (await store.Head()).Size;
        var leaves = (await store.Leaves(0, size, default)).ToArray();
        leaves.Length.ShouldBe((int)size);
        foreach (var at in new[] { 1, 2, 255, 256, 257, 511, 512, 700, 1024, 1299, size })
        {
            var root = NaiveTree.Root(leaves[..(int)at]);
            (await store.RootAt(at)).ShouldBe(root);
            foreach (var position in new[] { 1, at / 2, at }.Where(p => p > 0))
            {
                var proof = await store.InclusionProof(position, at);
                Proofs.Includes(position - 1, at, leaves[position - 1], proof, root).ShouldBeTrue($"{position} of {at}");
            }
            foreach (var smaller in new[] { 1, 256, at / 2, at - 1, at }.Where(s => s > 0 && s <= at))
            {
                var proof = await store.ConsistencyProof(smaller, at);
                Proofs.IsConsistent(smaller, NaiveTree.Root(leaves[..(int)smaller]), at, root, proof).ShouldBeTrue($"{smaller} of {at}");
            }
        }
        (await store.RootAt(0)).ShouldBe(MerkleTree.EmptyRoot);
        (await store.RootAt(size)).ShouldBe((await store.Head()).Root);
        (await store.Tile(new(0, 1), 256))!.ShouldBe(leaves[256..512].SelectMany(l => l));
        (await store.Tile(new(0, 5), 7))!.ShouldBe(leaves[1280..1287].SelectMany(l => l));
        (await store.Tile(new(1, 0), 5))!.ShouldBe(Enumerable.Range(0, 5).SelectMany(i => NaiveTree.Root(leaves[(256 * i)..(256 * (i + 1))])));
        (await store.Tile(new(0, size / 256), 256)).ShouldBeNull("it is not full");
        (await store.Tile(new(2, 0), 1)).ShouldBeNull();
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData("update register.ledger_tile set hashes = ''")]
    [InlineData("delete from register.ledger_tile")]
    [InlineData("truncate register.ledger_checkpoint")]
    public async Task Tiles_and_checkpoints_are_only_ever_added_to(string statement) =>
        (await Should.ThrowAsync<PostgresException>(database.Cluster.Execute(database.Name, statement, TestCluster.Owner))).SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
}
