namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Each of the messages that a commit consists of, and who is killed (SIGKILL; the database also with `pg_ctl stop -m immediate`) before it, in the middle
/// of it, or after it. Every message and victim each time, at a moment that the seed chooses; with SECURITYCOOP_FAULT_ROUNDS at every moment.
/// </summary>
public sealed class StepVictimTests(ITestOutputHelper output)
{
    private enum Victim { Host, Backend, Server, ServerStopped }

    private enum Moment { Before, Halfway, After }

    [Fact]
    public async Task Whoever_is_killed_at_whichever_step_of_a_command_it_is_done_once_or_not_at_all()
    {
        var seed = FaultTests.Setting("SECURITYCOOP_FAULT_SEED") ?? Random.Shared.Next(1_000_000);
        var all = FaultTests.Setting("SECURITYCOOP_FAULT_ROUNDS") is not null;
        var random = new Random(seed);
        await using var cluster = new TestCluster { WaitsForDisk = true };
        await cluster.InitializeAsync();
        await using var database = new TestDatabase(cluster);
        await database.InitializeAsync();
        var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
        try
        {
            var journalFile = Path.Combine(folder, "journal");
            var hit = 0;
            await using (var wire = new Wire(cluster.Folder))
            await using (var hosts = new FaultHosts(wire.Connection(database), database.KeyFolder, folder, count: 1))
            await using (var journal = new Journal(journalFile))
            {
                using var late = new CancellationTokenSource(TimeSpan.FromSeconds(450));
                var client = new FaultClient(0, seed, hosts.Sockets, [], journal);
                Task Pass(Wire.Link link, ReadOnlyMemory<byte> bytes) => link.Pass(bytes);
                await client.MustServe(0, late.Token);
                var steps = 0;
                wire.OnWriterSends = (link, bytes) => { steps++; return link.Pass(bytes); };
                await client.MustServe(0, late.Token);
                steps.ShouldBeGreaterThanOrEqualTo(4, "lock, pages, ledger, commit");

                foreach (var victim in Enum.GetValues<Victim>())
                    for (var step = 1; step <= steps; step++)
                        foreach (var moment in all ? Enum.GetValues<Moment>() : [(Moment)random.Next(3)])
                        {
                            var (at, sent, done) = (step, 0, new TaskCompletionSource());
                            wire.OnWriterSends = async (link, bytes) =>
                            {
                                if (Interlocked.Increment(ref sent) != at)
                                {
                                    await link.Pass(bytes);
                                    return;
                                }
                                if (moment != Moment.Before) await link.Pass(moment == Moment.After ? bytes : bytes[..(bytes.Length / 2)]);
                                await Kill(victim, cluster, database, hosts);
                                if (moment == Moment.Before && victim != Victim.Host) await link.Pass(bytes);
                                done.SetResult();
                            };
                            // One that is hit and its repetition; where the host is new, its first command has more messages.
                            while (Volatile.Read(ref sent) < at) await client.MustServe(0, late.Token);
                            await done.Task.WaitAsync(late.Token);
                            wire.OnWriterSends = Pass;
                            await client.MustServe(0, late.Token);
                            hit++;
                        }
                output.WriteLine($"seed {seed}: {hit} times killed, at each of {steps} steps; the host was started {hosts.Starts} times");
                hosts.Starts.ShouldBeGreaterThanOrEqualTo(1 + steps, "else no host was killed");
            }
            Npgsql.NpgsqlConnection.ClearAllPools();
            var attempts = Journal.Read(journalFile).ToArray();
            var (commands, _, _) = await new HistoryCheck(database).MustHold(attempts);
            commands.ShouldBeGreaterThan(hit);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Kill(Victim victim, TestCluster cluster, TestDatabase database, FaultHosts hosts)
    {
        switch (victim)
        {
            case Victim.Host:
                if (hosts.Pid(0) is { } host) Signals.Kill(host);
                break;
            case Victim.Backend:
                Signals.Kill((int)await database.Scalar<long>(
                    $"select coalesce(max(pid), 0)::bigint from pg_stat_activity where application_name = '{SecurityCoop.Store.Database.WriterName}'"));
                break;
            case Victim.Server:
                await cluster.KillAndStart();
                break;
            case Victim.ServerStopped:
                await cluster.StopAtOnce();
                await cluster.Start();
                break;
        }
    }
}
