using System.Diagnostics;
using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>The faults that were thought of, each brought about on purpose.</summary>
public sealed class NamedFaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>The message that appends, and the last one of a commit.</summary>
    public enum Step { Appends, Commits }

    // What stands in them: a new connection sends its statements as text. (An isolation level begins like the word for committing.)
    private static readonly string[] statements = ["insert into register.mt_events", "COMMIT\0"];

    private Task<long> Count(string rows) => database.Scalar<long>($"select count(*) from {rows}");

    private static async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var waited = 0; !await holds(); waited++)
        {
            waited.ShouldBeLessThan(400, what);
            await Task.Delay(25);
        }
    }

    // A backend that is stopped cannot be ended either: the store's next attempt waits for the head until it goes on, and what it does then
    // must be what the store believes that it did.
    [Theory]
    [InlineData(Step.Appends, false)]
    [InlineData(Step.Appends, true)]
    [InlineData(Step.Commits, false)]
    [InlineData(Step.Commits, true)]
    public async Task A_backend_stopped_before_it_reads_a_message_does_it_or_not_and_the_command_is_done_once(Step step, bool goesOnLate)
    {
        await using var wire = new Wire(database.Cluster.Folder);
        await using var store = await RegisterStore.Open(wire.Connection(database), Sample.Model(), database.KeyFolder);
        var (stream, size) = (Sample.NewStream(), await Count("register.mt_events"));
        var stopped = 0;
        wire.OnWriterSends = async (link, bytes) =>
        {
            if (stopped != 0 || !Wire.Contains(bytes, statements[(int)step]))
            {
                await link.Pass(bytes);
                return;
            }
            stopped = (int)await database.Scalar<long>(
                $"""
                select pid::bigint from pg_stat_activity where application_name = '{Database.WriterName}' and state = 'idle in transaction'
                and datname = current_database()
                """);
            Signals.Stop(stopped);
            await link.Pass(bytes);
            link.LoseClient();
        };
        try
        {
            var append = store.Append(Sample.To(stream, 0, new Opened("once", []), new Noted("n")));
            await Until(
                async () => await Count($"pg_stat_activity where wait_event_type = 'Lock' and {stopped} = any(pg_blocking_pids(pid))") > 0,
                "the next attempt waits for the head that the stopped backend holds");
            if (goesOnLate) await Task.Delay(TimeSpan.FromSeconds(3)); // By now it was told to end, and does so instead of reading.
            append.IsCompleted.ShouldBeFalse("nobody can know yet");
            Signals.Continue(stopped);

            await MustBeDoneOnce(append, stream, size);
        }
        finally
        {
            if (stopped != 0) Signals.Continue(stopped);
        }
    }

    // StepFaultTests loses the client with the answer, so that the store hears of it at once; here nobody hears anything.
    [Theory]
    [InlineData(Step.Appends, false)]
    [InlineData(Step.Appends, true)]
    [InlineData(Step.Commits, false)]
    [InlineData(Step.Commits, true)]
    public async Task A_connection_that_is_half_open_is_not_waited_for_without_end_and_the_command_is_done_once(Step step, bool bothWays)
    {
        await using var wire = new Wire(database.Cluster.Folder);
        var impatient = wire.Connection(database) + ";Command Timeout=2;Cancellation Timeout=500";
        await using var store = await RegisterStore.Open(impatient, Sample.Model(), database.KeyFolder);
        var (stream, size, lost) = (Sample.NewStream(), await Count("register.mt_events"), false);
        wire.OnWriterSends = (link, bytes) =>
        {
            if (!lost && Wire.Contains(bytes, statements[(int)step]))
            {
                lost = true;
                if (bothWays)
                {
                    // What was sent is lost too, and PostgreSQL goes on holding the head for a client that it believes to be there.
                    link.LoseBoth();
                    return Task.CompletedTask;
                }
                link.LoseAnswers();
            }
            return link.Pass(bytes);
        };

        await MustBeDoneOnce(store.Append(Sample.To(stream, 0, new Opened("once", []), new Noted("n"))), stream, size);

        lost.ShouldBeTrue();
    }

    private async Task MustBeDoneOnce(Task<AppendResult> append, string stream, long size)
    {
        var appended = await append.WaitAsync(TimeSpan.FromSeconds(30));
        (appended.First, appended.Last).ShouldBe((size + 1, size + 2));
        (await database.Scalar<Guid>($"select id from register.mt_events where seq_id = {appended.Last}")).ShouldBe(appended.Events[1].Id);
        (await Count($"register.mt_events where stream_id = '{stream}'")).ShouldBe(2);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Commands_that_do_not_get_the_head_in_time_are_refused_together_as_busy_and_the_next_go_through()
    {
        new RegisterStoreOptions().HeadPatience.ShouldBe(TimeSpan.FromSeconds(20));
        var store = await database.Open(options: new() { HeadPatience = TimeSpan.FromSeconds(3) });
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));
        var size = await Count("register.mt_events");
        // No writer of ours, so nobody ends it: a transaction that somebody forgot.
        await using var holder = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await holder.OpenAsync();
        await using (var take = new NpgsqlCommand("begin; select size from register.log_head for update", holder))
            await take.ExecuteNonQueryAsync();
        var key = new IdempotencyKey("client", "/faults", Sample.NewStream(), new byte[1]);
        var keyed = Sample.OneCommand(Sample.NewStream(), Guid.CreateVersion7(), new Noted("h")) with { Key = key };

        var clock = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 20).Select(_ => store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h"))))
            .Append(store.Append(keyed)).ToArray();
        foreach (var one in waiting) Web.Problems.Of(await Should.ThrowAsync<HeadHeld>(one)).Slug.ShouldBe("busy");

        // Those who came while the first one waited wait once more, together and not one by one.
        clock.Elapsed.TotalSeconds.ShouldBeInRange(2.5, 10);
        (await Count("register.mt_events")).ShouldBe(size);
        (await store.FindKey(key)).ShouldBeNull();

        await using (var end = new NpgsqlCommand("rollback", holder)) await end.ExecuteNonQueryAsync();
        (await store.Append(keyed)).First.ShouldBe(size + 1);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_stopped_host_is_ended_although_another_stopped_one_waits_before_us()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));
        // The first took the head and says nothing; the second waits for it and will not act; we wait for the second.
        await using var first = await StoppedWriter();
        await using (var take = new NpgsqlCommand("begin; update register.log_head set size = size", first)) await take.ExecuteNonQueryAsync();
        await using var second = await StoppedWriter();
        await using var wait = new NpgsqlCommand("begin; update register.log_head set size = size", second);
        var waits = wait.ExecuteNonQueryAsync();
        while (await Count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") == 0) await Task.Delay(10);

        var append = store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));

        // Then the second has the head, and it is ended in its turn.
        await append.WaitAsync(TimeSpan.FromSeconds(15));
        await waits;
        await LogCheck.MustHold(database);
    }

    private async Task<NpgsqlConnection> StoppedWriter()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AppConnection) { ApplicationName = Database.WriterName, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    [Fact]
    public async Task A_key_sent_to_two_hosts_is_answered_by_what_it_did_although_the_second_found_the_stream_moved()
    {
        var (here, there) = (await database.Open(), await database.Open());
        var stream = Sample.NewStream();
        await here.Append(Sample.To(stream, 0, new Noted("k")));
        var key = new IdempotencyKey("client", "/faults", stream, new byte[1]);
        Task<CommandOutcome> Send(RegisterStore store, Func<Task> meanwhile)
        {
            var command = Guid.CreateVersion7();
            return new CommandRunner(store).Run(command, key, async _ =>
            {
                await meanwhile();
                return [new StreamAppend(stream, "sample", 1, [Sample.New(new Noted("k"), command)])];
            });
        }
        CommandOutcome? first = null;

        // The second host has found the key unused; before it appends, the first, which was thought dead, does.
        var second = await Send(there, async () => first ??= await Send(here, () => Task.CompletedTask));

        second.Replayed.ShouldBeTrue();
        second.Appended!.Events.ShouldBe(first!.Appended!.Events);
        await LogCheck.MustHold(database);
    }
}
