using System.Text;
using SecurityCoop.Store;

namespace SecurityCoop.Store.Tests;

/// <summary>What is committed with the events.</summary>
public sealed class CommitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static IdempotencyKey Key(string key, string body = "{}") => new("person-1", "/notes", key, Encoding.UTF8.GetBytes(body));

    private static AppendRequest Request(IdempotencyKey key)
    {
        var command = Guid.CreateVersion7();
        return new(command, [new(Sample.NewStream(), "sample", 0,
            [Sample.New(new Noted("x 1"), command), Sample.New(new Noted("x 2"), command)])], key);
    }

    [Fact]
    public async Task Each_256_events_fill_a_tile_whose_hashes_and_root_are_the_leaves()
    {
        var store = await database.Open();
        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => store.Append(
            Sample.To(Sample.NewStream(), 0, [.. Enumerable.Range(0, 100).Select(i => new Noted($"{i}"))]))));

        var leaves = await database.Scalar<byte[][]>("select array_agg(leaf order by position) from register.ledger_entry");
        var tiles = await database.Scalar<byte[][]>("select array_agg(hashes order by level, index) from register.ledger_tile");
        var roots = await database.Scalar<byte[][]>("select array_agg(root order by level, index) from register.ledger_tile");

        byte[][][] full = [.. leaves.Chunk(256).Where(c => c.Length == 256)];
        full.Length.ShouldBeGreaterThanOrEqualTo(2);
        tiles.ShouldBe(full.Select(t => t.SelectMany(h => h).ToArray()));
        roots.ShouldBe(full.Select(NaiveTree.Root));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_protected_value_stands_encrypted_beside_the_log_and_nowhere_else()
    {
        var store = await database.Open();
        var (stream, subject) = (Sample.NewStream(), $"person-{Guid.CreateVersion7()}");

        await store.Append(Sample.To(stream, 0, new Described(new(subject, "Jana Nováková"))));

        (await database.Scalar<long>($"select count(*) from register.protected_value where subject = '{subject}' and pointer = '/name'")).ShouldBe(1);
        await using var session = store.Documents.QuerySession();
        (await session.LoadAsync<RecordDocument<Tally>>(stream))!.Record.Last.ShouldBe("protected");
        var dump = await database.Cluster.Dump(database.Name);
        dump.ShouldContain(stream);
        dump.ShouldNotContain("Nov\u00e1kov\u00e1");
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_used_key_is_answered_by_its_first_answer_and_the_others_of_the_batch_go_on()
    {
        var store = await database.Open();
        var first = await store.Append(Request(Key("a")));
        var size = await database.Scalar<long>("select size from register.log_head");

        // A second store does not know of the first one's keys in flight: the head's lock decides.
        var stores = new[] { store, await database.Open() };
        var others = stores.SelectMany(s => Enumerable.Range(0, 10).Select(_ => s.Append(Sample.To(Sample.NewStream(), 0, new Noted("y"))))).ToArray();
        foreach (var s in stores)
            (await Should.ThrowAsync<AlreadyDone>(s.Append(Request(Key("a"))))).Answer.Appended!.Events.ShouldBe(first.Events);
        await Should.ThrowAsync<KeyReused>(store.Append(Request(Key("a", "{ }"))));
        await Task.WhenAll(others);

        (await database.Scalar<long>("select size from register.log_head")).ShouldBe(size + 20);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task References_are_numbered_without_gaps_and_a_fixed_one_is_given_once()
    {
        var store = await database.Open();
        StreamAppend Fixed(string reference) => Sample.To(Sample.NewStream(), 0, new Noted("x")) with { Reference = reference };

        var given = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")) with { ReferencePrefix = "F-ACT" })));

        given.Select(r => r.Events[0].Reference).ShouldBe(Enumerable.Range(1, 30).Select(n => $"F-ACT-{n:0000}"), ignoreOrder: true);
        await LogCheck.MustHold(database);
        await store.Append(Fixed("DK"));
        await Should.ThrowAsync<ReferenceTaken>(store.Append(Fixed("DK")));
        var twice = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            try
            {
                return (await store.Append(Fixed("NO"))).First;
            }
            catch (ReferenceTaken)
            {
                return 0;
            }
        }));
        twice.Count(t => t > 0).ShouldBe(1);
        await database.Execute("delete from register.stream_reference where reference in ('DK', 'NO')"); // The check knows of one prefix only.
        await LogCheck.MustHold(database);
    }
}
