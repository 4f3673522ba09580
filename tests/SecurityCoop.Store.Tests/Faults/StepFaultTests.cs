using System.Diagnostics;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Store.Tests.Faults;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>A commit hit on purpose at each of the messages that it consists of.</summary>
public sealed class StepFaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public enum Fault { CutBefore, CutHalfway, AnswerLost, BackendEnded }

    private Task<long> Count(string rows) => database.Scalar<long>($"select count(*) from {rows}");

    private static Task Pass(Wire.Link link, ReadOnlyMemory<byte> bytes) => link.Pass(bytes);

    private async Task Do(Fault fault, Wire.Link link, ReadOnlyMemory<byte> bytes)
    {
        switch (fault)
        {
            case Fault.CutBefore:
                link.Close();
                break;
            case Fault.CutHalfway:
                await link.Pass(bytes[..(bytes.Length / 2)]);
                link.Close();
                break;
            case Fault.AnswerLost:
                link.LoseClient();
                await link.Pass(bytes);
                break;
            case Fault.BackendEnded:
                await Count($"""
                    (select pg_terminate_backend(pid) from pg_stat_activity
                    where application_name = '{SecurityCoop.Store.Database.WriterName}' and datname = current_database()) as ended
                    """);
                await link.Pass(bytes);
                break;
        }
    }

    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutHalfway)]
    [InlineData(Fault.AnswerLost)]
    [InlineData(Fault.BackendEnded)]
    public async Task A_commit_hit_at_any_of_its_steps_is_done_once_and_the_command_is_told_so(Fault fault)
    {
        await using var wire = new Wire(database.Cluster.Folder);
        await using var store = await RegisterStore.Open(wire.Connection(database), Sample.Model(), database.KeyFolder);
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("before", ["p1"])) with { ReferencePrefix = "F-ACT" });
        var steps = 0;
        wire.OnWriterSends = (link, bytes) => { steps++; return link.Pass(bytes); };
        await store.Append(Sample.To(stream, 1, new Noted("undisturbed")));
        steps.ShouldBeGreaterThanOrEqualTo(5, "lock, numbers, documents, pages, ledger, commit");

        for (var (step, version) = (1, 2L); step <= steps; step++)
        {
            var (sent, begun) = (0, store.Committer.Sessions.Begun);
            wire.OnWriterSends = (link, bytes) => Interlocked.Increment(ref sent) == step ? Do(fault, link, bytes) : link.Pass(bytes);
            var size = await Count("register.mt_events");

            var done = await store.Append(
                Sample.To(stream, version, new Noted($"step {step}"), new Noted("and")),
                Sample.To(Sample.NewStream(), 0, new Noted("beside")));

            wire.OnWriterSends = Pass;
            sent.ShouldBeGreaterThanOrEqualTo(step, "else nothing was hit");
            (store.Committer.Sessions.Begun - begun).ShouldBeInRange(1, 3);
            (done.First, done.Last).ShouldBe((size + 1, size + 3), $"{fault} at step {step}");
            (await Count("register.mt_events")).ShouldBe(size + 3);
            version += 2;
        }
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task When_the_database_is_away_all_who_wait_are_told_at_once_that_nothing_was_written()
    {
        var wire = new Wire(database.Cluster.Folder);
        await using var store = await RegisterStore.Open(wire.Connection(database), Sample.Model(), database.KeyFolder);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));
        var size = await Count("register.mt_events");
        await wire.DisposeAsync();

        var clock = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 64).Select(_ => store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).ToArray();
        foreach (var one in waiting) await Should.ThrowAsync<StoreAway>(one);

        clock.Elapsed.TotalSeconds.ShouldBeLessThan(10);
        (await Count("register.mt_events")).ShouldBe(size);
    }

    [Fact]
    public async Task A_commit_is_on_disk_when_it_is_acknowledged_whatever_the_databases_default_is()
    {
        await database.Cluster.Execute("postgres", $"alter database {database.Name} set synchronous_commit = off");
        await using var store = await RegisterStore.Open(database.AppConnection, Sample.Model(), database.KeyFolder);
        var found = "";
        store.Committer.Saving = async session =>
        {
            await using var show = new NpgsqlCommand("show synchronous_commit", session.Connection);
            found = (string)(await show.ExecuteScalarAsync())!;
        };

        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));

        found.ShouldBe("on");
        await database.Cluster.Execute("postgres", $"alter database {database.Name} reset synchronous_commit");
    }

    [Fact]
    public async Task A_host_stopped_while_it_holds_the_head_holds_others_up_for_two_seconds_and_appends_when_it_goes_on()
    {
        var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
        var (socket, journalFile) = (Path.Combine(folder, "host"), Path.Combine(folder, "journal"));
        await using var wire = new Wire(database.Cluster.Folder);
        using var host = FaultHost.Start(wire.Connection(database), database.KeyFolder, socket);
        try
        {
            await using var journal = new Journal(journalFile);
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var client = new FaultClient(0, 1, [socket], [], journal);
            await client.MustServe(0, late.Token);
            var (half, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
            wire.OnWriterSends = async (link, bytes) =>
            {
                if (!half.Task.IsCompleted && Wire.Contains(bytes, "insert into register.mt_events"))
                {
                    Signals.Stop(host.Id);
                    await link.Pass(bytes[..(bytes.Length / 2)]);
                    half.SetResult();
                    await goOn.Task;
                    bytes = bytes[(bytes.Length / 2)..];
                }
                await link.Pass(bytes);
            };
            // A stream and its opening are statements that this connection has not prepared yet, so their text is sent.
            var stopped = client.MustServe(0, late.Token);
            await half.Task.WaitAsync(late.Token);
            var (store, clock) = (await database.Open(), Stopwatch.StartNew());

            await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("meanwhile"))).WaitAsync(late.Token);

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
        await new HistoryCheck(database).CommandsMustHold([.. Journal.Read(journalFile)]);
        await LogCheck.MustHold(database);
        Directory.Delete(folder, recursive: true);
    }
}
