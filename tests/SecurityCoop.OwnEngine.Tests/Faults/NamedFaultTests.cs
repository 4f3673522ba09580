using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace SecurityCoop.OwnEngine.Tests.Faults;

/// <summary>The faults that were thought of, each brought about on purpose.</summary>
public sealed class NamedFaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // What stands in the first statement of every batch, and what stands only in a batch that appends.
    private const string MovesHead = "size = case", Appends = "insert into register.mt_events";

    private Task<EventStore> OpenThrough(Wire wire) => EventStore.Open(wire.Connection(database), Sample.Types, Sample.NewViews(), database.KeyFolder);

    private Task<long> Count(string rows) => database.Scalar<long>($"select count(*) from {rows}");

    [Fact]
    public async Task A_backend_stopped_before_it_reads_the_batch_cannot_commit_it_after_its_client_was_lost_and_the_outcome_looked_for()
    {
        await using var wire = new Wire(database.Cluster.Folder);
        await using var store = await OpenThrough(wire);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("before", [])));
        var old = (int)await database.Scalar<long>(
            "select pid::bigint from pg_stat_activity where application_name = 'SecurityCoop writer' and datname = current_database() order by backend_start desc limit 1");
        Signals.Stop(old);
        var (lost, continued) = (false, false);
        wire.OnWriterSends = async (link, bytes) =>
        {
            if (!lost)
            {
                // The batch is on its way to a backend that does not read; its client is gone.
                lost = true;
                await link.Pass(bytes);
                link.LoseClient();
                return;
            }
            if (!continued && Wire.Contains(bytes, Appends))
            {
                // Looked for and not found, so it is sent again: at this very moment the old backend goes on.
                continued = true;
                Signals.Continue(old);
                for (var waited = 0; await Count($"pg_stat_activity where pid = {old}") > 0; waited++)
                {
                    waited.ShouldBeLessThan(200, "the old backend has its batch, and its client's end");
                    await Task.Delay(25);
                }
            }
            await link.Pass(bytes);
        };
        var (stream, size) = (Sample.NewStream(), await Count("register.mt_events"));

        var appended = await store.Append(Sample.To(stream, 0, new Opened("once", [])));

        continued.ShouldBeTrue();
        appended.First.ShouldBe(size + 1);
        (await Count($"register.mt_events where stream_id = '{stream}'")).ShouldBe(1);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_commit_whose_answer_never_arrives_is_found_and_not_done_again()
    {
        await using var wire = new Wire(database.Cluster.Folder);
        await using var store = await OpenThrough(wire);
        var stream = Sample.NewStream();
        var lost = false;
        wire.OnWriterSends = async (link, bytes) =>
        {
            if (!lost && Wire.Contains(bytes, MovesHead))
            {
                lost = true;
                link.LoseClient();
                await link.Pass(bytes);
                while (await Count($"register.mt_events where stream_id = '{stream}'") == 0) await Task.Delay(10);
                return;
            }
            await link.Pass(bytes);
        };

        var appended = await store.Append(Sample.To(stream, 0, new Opened("once", []), new Noted("n")));

        lost.ShouldBeTrue();
        (await Count($"register.mt_events where stream_id = '{stream}'")).ShouldBe(2);
        (await database.Scalar<Guid>($"select id from register.mt_events where seq_id = {appended.Last}")).ShouldBe(appended.Events[1].Id);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_host_stopped_halfway_through_sending_holds_others_up_for_two_seconds_and_appends_when_it_goes_on()
    {
        await using var wire = new Wire(database.Cluster.Folder);
        var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
        var socket = Path.Combine(folder, "host");
        using var host = FaultHost.Start(wire.Connection(database), database.KeyFolder, socket);
        var (half, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.OnWriterSends = async (link, bytes) =>
        {
            if (!half.Task.IsCompleted && Wire.Contains(bytes, MovesHead))
            {
                Signals.Stop(host.Id);
                var part = Wire.ThroughFirstExecute(bytes);
                await link.Pass(bytes[..part]);
                half.SetResult();
                await goOn.Task;
                bytes = bytes[part..];
            }
            await link.Pass(bytes);
        };
        try
        {
            await using var journal = new Journal(Path.Combine(folder, "journal"));
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var stopped = new FaultClient(0, 1, [socket], [], journal).MustServe(0, late.Token);
            await half.Task.WaitAsync(late.Token);
            var store = await database.Open();
            var clock = Stopwatch.StartNew();

            await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("meanwhile")));

            clock.Elapsed.TotalSeconds.ShouldBeInRange(1, 10);
            Signals.Continue(host.Id);
            goOn.SetResult();
            await stopped;
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }
        await new HistoryCheck(database).CommandsMustHold([.. Journal.Read(Path.Combine(folder, "journal"))]);
        await LogCheck.MustHold(database);
        Directory.Delete(folder, recursive: true);
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
        Task<CommandOutcome> Send(EventStore store, Func<Task> meanwhile) => new CommandRunner(store).Run(Guid.CreateVersion7(), key, async _ =>
        {
            await meanwhile();
            return [Sample.To(stream, 1, new Noted("k"))];
        });
        CommandOutcome? first = null;

        // The second host has found the key unused; before it appends, the first, which was thought dead, does.
        var second = await Send(there, async () => first ??= await Send(here, () => Task.CompletedTask));

        second.Replayed.ShouldBeTrue();
        second.Appended!.Events.ShouldBe(first!.Appended!.Events);
    }

    [Fact]
    public async Task Rows_that_two_processes_write_from_their_caches_lose_nothing()
    {
        var store = await database.Open();
        var word = store.View("word");
        var shared = Sample.NewStream();
        using var other = WorkerProcess.Start(database, callers: 8, each: 40, shared);
        var ours = 0;
        for (var last = 0; !other.HasExited; ours++)
        {
            // w0, w1 and w2 are the worker's rows too.
            await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("w0 ours")));
            var count = (int)(await store.Row(word, "w0")).Value!;
            count.ShouldBeGreaterThan(last, "ours is in it, and nothing that was seen before is gone");
            last = count;
        }
        await other.WaitForExitAsync();
        other.ExitCode.ShouldBe(0);
        ours.ShouldBeGreaterThan(5, "else they did not write at the same time");
        var counts = (await store.RowsOf(word, ["w0", "w1", "w2"])).Sum(r => (int)r.Value!);
        counts.ShouldBe(8 * 40 + ours);
        await LogCheck.MustHold(database);
    }
}
