using SecurityCoop.Store;

namespace SecurityCoop.Store.Tests;

public sealed class PositionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<string[]> Log(long after) => database.Scalar<string[]>(
        $"""
        select coalesce(array_agg(seq_id || ' ' || stream_id || ' ' || version order by seq_id), '{"{}"}')
        from register.mt_events where seq_id > {after}
        """);

    [Fact]
    public async Task Positions_are_dense_and_in_the_order_of_the_commands_for_new_and_existing_streams_in_one_session()
    {
        var store = await database.Open();
        var (old, other, fresh, late) = (Sample.NewStream(), Sample.NewStream(), Sample.NewStream(), Sample.NewStream());
        await store.Append(Sample.To(old, 0, new Opened("a", ["DK"])), Sample.To(other, 0, new Noted("b")));
        var sessions = store.Committer.Sessions.Committed;
        var size = await database.Scalar<long>("select size from register.log_head");

        // The first of them is on its way alone; the others share the session after it.
        var commands = new[]
        {
            Sample.To(Sample.NewStream(), 0, new Noted("first")), Sample.To(fresh, 0, new Noted("1"), new Noted("2")),
            Sample.To(old, 1, new Noted("3")), Sample.To(late, 0, new Noted("4")), Sample.To(other, 1, new Noted("5"), new Noted("6")),
        };
        var results = await Task.WhenAll(commands.Select(c => store.Append(c)));

        (store.Committer.Sessions.Committed - sessions).ShouldBeLessThan(commands.Length, "else no session held several commands");
        results.Select(r => r.First).ShouldBe([size + 1, size + 2, size + 4, size + 5, size + 6]);
        (await Log(size + 1)).ShouldBe([
            $"{size + 2} {fresh} 1", $"{size + 3} {fresh} 2", $"{size + 4} {old} 2", $"{size + 5} {late} 1",
            $"{size + 6} {other} 2", $"{size + 7} {other} 3",
        ]);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_command_of_several_streams_stands_together_in_the_order_given()
    {
        var store = await database.Open();
        var (a, b) = (Sample.NewStream(), Sample.NewStream());
        await store.Append(Sample.To(b, 0, new Noted("there")));
        var size = await database.Scalar<long>("select size from register.log_head");

        var result = await store.Append(
            Sample.To(a, 0, new Noted("1"), new Noted("2")), Sample.To(b, 1, new Noted("3")),
            Sample.To(Sample.NewStream(), 0, new Noted("4")));

        result.Events.Select(e => (e.Position, e.Version)).ShouldBe([(size + 1, 1L), (size + 2, 2L), (size + 3, 2L), (size + 4, 1L)]);
        (await Log(size))[..3].ShouldBe([$"{size + 1} {a} 1", $"{size + 2} {a} 2", $"{size + 3} {b} 2"]);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Of_commands_on_one_stream_that_come_together_one_wins_and_the_others_are_told_its_version()
    {
        var store = await database.Open();
        var (contested, callers) = (Sample.NewStream(), 32);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, callers).Select(async i =>
        {
            try
            {
                await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("own")), Sample.To(contested, 0, new Noted($"{i}")));
                return 0L;
            }
            catch (VersionConflict lost)
            {
                return lost.Actual!.Value;
            }
        }));

        outcomes.Count(o => o == 0).ShouldBe(1);
        outcomes.Where(o => o > 0).ShouldAllBe(o => o == 1);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_command_that_builds_on_another_of_the_same_batch_comes_in_the_next_one()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();

        var failed = store.Committer.Sessions.Begun - store.Committer.Sessions.Committed;

        // Between them commands on other streams: in one session Marten would put the events of one stream together.
        var results = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => store.Append(
            i % 2 == 0 ? Sample.To(stream, i, new Noted($"{i}"), new Noted("again"))
            : Sample.To(Sample.NewStream(), 0, new Noted("between")))));

        (store.Committer.Sessions.Begun - store.Committer.Sessions.Committed).ShouldBe(failed, "nothing had to be tried again");
        results.SelectMany(r => r.Events).Where(e => e.Stream == stream).Select(e => e.Version)
            .ShouldBe(Enumerable.Range(1, 24).Select(v => (long)v));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Numbers_that_another_session_draws_meanwhile_are_noticed_before_the_commit_and_the_command_is_placed_again()
    {
        var store = await database.Open();
        var drawn = 0;
        store.Committer.Saving = async _ =>
        {
            if (drawn++ < 2) await database.Scalar<long>("select nextval('register.mt_events_sequence')");
        };

        var result = await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x"), new Noted("y")));

        drawn.ShouldBe(3);
        result.First.ShouldBe(await database.Scalar<long>("select size - 1 from register.log_head"));
        await LogCheck.MustHold(database);
    }
}
