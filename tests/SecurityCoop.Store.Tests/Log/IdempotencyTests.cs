using System.Text;

namespace SecurityCoop.Store.Tests;

public sealed class IdempotencyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static IdempotencyKey Key(string key, string body = "{}", string caller = "person-1", string route = "/notes") => new(caller, route, key, Encoding.UTF8.GetBytes(body));

    private static AppendRequest Request(string stream, IdempotencyKey key) => Sample.OneCommand(stream, Guid.CreateVersion7(), new Noted("x 1"), new Noted("x 2")) with { Key = key };

    [Fact]
    public async Task The_same_key_and_body_give_the_first_answer_again_and_add_nothing()
    {
        var store = await database.Open();
        var request = Request(Sample.NewStream(), Key("a"));
        request = request with { Streams = [request.Streams[0] with { ReferencePrefix = "MY-ACT" }] };
        var first = await store.Append(request);
        var size = (await store.Head()).Size;

        var again = (await Should.ThrowAsync<AlreadyDone>((await database.Open()).Append(Request(Sample.NewStream(), Key("a"))))).Answer.Appended!;

        (again.First, again.Last, again.RecordedAt).ShouldBe((first.First, first.Last, first.RecordedAt));
        again.Events.ShouldBe(first.Events);
        (await store.Head()).Size.ShouldBe(size);
        (await store.FindKey(Key("a")))!.Appended!.Events.ShouldBe(first.Events);
        (await store.FindKey(Key("never used"))).ShouldBeNull();
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_a_key_belongs_to_its_caller_and_route()
    {
        var store = await database.Open();
        await store.Append(Request(Sample.NewStream(), Key("b")));
        await Should.ThrowAsync<KeyReused>(store.Append(Request(Sample.NewStream(), Key("b", "{ }"))));
        await Should.ThrowAsync<KeyReused>(store.FindKey(Key("b", "{ }")));
        await store.Append(Request(Sample.NewStream(), Key("b", caller: "person-2")));
        await store.Append(Request(Sample.NewStream(), Key("b", route: "/other")));
    }

    [Fact]
    public async Task Of_many_at_once_with_the_same_key_one_is_written_in_one_process_and_in_two()
    {
        var stores = new[] { await database.Open(), await database.Open() };
        for (var round = 0; round < 10; round++)
        {
            var key = Key($"c{round}");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                try
                {
                    return (Written: true, Result: await stores[i % 2].Append(Request(Sample.NewStream(), key)));
                }
                catch (AlreadyDone done)
                {
                    return (Written: false, Result: done.Answer.Appended!);
                }
            }));
            outcomes.Count(o => o.Written).ShouldBe(1);
            outcomes.Select(o => o.Result.First).Distinct().Count().ShouldBe(1);
        }
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task An_answer_without_events_is_kept_as_it_was()
    {
        var store = await database.Open();
        await store.RememberAnswer(Key("d"), [1, 2, 3]);
        (await store.FindKey(Key("d")))!.Stored.ShouldBe([1, 2, 3]);
        await Should.ThrowAsync<AlreadyDone>(store.RememberAnswer(Key("d"), [4]));
        (await Should.ThrowAsync<AlreadyDone>(store.Append(Request(Sample.NewStream(), Key("d"))))).Answer.Stored.ShouldBe([1, 2, 3]);
        await Should.ThrowAsync<KeyReused>(store.RememberAnswer(Key("d", "other"), [4]));
    }

    [Fact]
    public async Task A_command_with_a_used_key_is_not_decided_again_and_an_attempt_is_one()
    {
        var store = await database.Open();
        var runner = new CommandRunner(store);
        var (stream, command, decided) = (Sample.NewStream(), Guid.CreateVersion7(), 0);
        Task<IReadOnlyList<StreamAppend>> Decide(CancellationToken stop)
        {
            decided++;
            return Task.FromResult<IReadOnlyList<StreamAppend>>(Sample.OneCommand(stream, command, new Noted("x")).Streams);
        }
        var first = await runner.Run(command, Key("e"), Decide);
        var second = await runner.Run(command, Key("e"), Decide);
        (first.Replayed, second.Replayed, decided).ShouldBe((false, true, 1));
        second.Appended!.Events.ShouldBe(first.Appended!.Events);
        (await runner.Run(Guid.CreateVersion7(), null, _ => Task.FromResult<IReadOnlyList<StreamAppend>>([]))).ShouldBe(new(null, null, false));
        await Should.ThrowAsync<StaleVersion>(runner.Run(Guid.CreateVersion7(), null, _ => throw new StaleVersion(stream, 4, 1)));
        await Should.ThrowAsync<VersionConflict>(runner.Run(Guid.CreateVersion7(), null, Decide));
        decided.ShouldBe(2, "Wolverine's policy decides whether a conflict is tried again");
    }

    [Fact]
    public async Task Neither_key_nor_body_can_be_found_in_the_database()
    {
        var store = await database.Open();
        await store.Append(Request(Sample.NewStream(), Key("a-secret-key", "a-secret-body")));
        var dump = await database.Cluster.Dump(database.Name);
        dump.ShouldContain("sample_noted");
        foreach (var secret in new[] { "a-secret-key", "a-secret-body" })
        {
            dump.ShouldNotContain(secret);
            dump.ShouldNotContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret))));
        }
    }
}
