using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Hosts, their backends, the database, their disks, clocks and connections fail at random while clients work; after each round the clients rest, and everything
/// that they were told must hold, and every rule of <see cref="HistoryCheck"/>. A longer run: SECURITYCOOP_FAULT_ROUNDS=500. The seed, printed with the result, can be given again: SECURITYCOOP_FAULT_SEED.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Hosts = 3, Clients = 24;

    [Fact]
    [Trait("Run", "random")]
    public async Task Whatever_is_killed_or_stopped_what_clients_were_told_holds_and_everything_recovers_by_itself()
    {
        var (rounds, seed) = (Setting("SECURITYCOOP_FAULT_ROUNDS") ?? 5, Setting("SECURITYCOOP_FAULT_SEED") ?? Random.Shared.Next(1_000_000));
        var clock = Stopwatch.StartNew();
        void Say(string what) => output.WriteLine($"{clock.Elapsed.TotalSeconds,7:0.00} s  {what}");
        Say($"seed {seed}, {rounds} rounds");

        // A cluster of its own, since it is stopped.
        using var ofServer = new Injection();
        using var ofHosts = new Injection();
        await using var cluster = new TestCluster { Settings = ofServer.Settings, WaitsForDisk = true };
        await cluster.InitializeAsync();
        await using var database = new TestDatabase(cluster);
        await database.InitializeAsync();
        var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
        try
        {
            var shared = Enumerable.Range(0, 3).Select(_ => Sample.NewStream()).ToArray();
            var written = Path.Combine(folder, "journal");
            await using (var wire = new Wire(cluster.Folder))
            await using (var hosts = new FaultHosts(
                wire.Connection(database) + ";Command Timeout=2;Cancellation Timeout=500", database.KeyFolder, folder, Hosts, ofHosts))
            {
                await using var journal = new Journal(written);
                FaultClient Client(int i) => new(i, seed + 1 + i, hosts.Sockets, shared, journal);
                await Recovered();
                Say("hosts serve");

                var clients = Enumerable.Range(0, Clients).Select(Client).ToArray();
                var tormentor = new Tormentor(seed, database, wire, hosts, ofServer, ofHosts, what => Say($"  {what}"));
                for (var round = 1; round <= rounds; round++)
                {
                    using var enough = new CancellationTokenSource();
                    var working = clients.Select(c => Task.Run(() => c.Run(enough.Token))).ToArray();
                    await tormentor.Round();
                    await tormentor.Calm();
                    await Recovered();
                    await enough.CancelAsync();
                    await Task.WhenAll(working);
                    await journal.Complete();
                    Npgsql.NpgsqlConnection.ClearAllPools(); // Connections from before the database went.
                    var (held, no, open) = await new HistoryCheck(database).MustHold([.. Journal.Read(written)]);
                    Say($"round {round}: {held} acknowledged, {no} refused, {open} unknown: all hold");
                }
                Say($"hosts were started {hosts.Starts} times; {string.Join(", ", tormentor.Done.Select(d => $"{d.Value} × {d.Key}"))}");

                async Task Recovered()
                {
                    using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                    await Task.WhenAll(Enumerable.Range(0, Hosts).Select(i => Client(Clients + i).MustServe(i, late.Token)));
                }
            }
            Npgsql.NpgsqlConnection.ClearAllPools(); // Connections from before the database went.
            var attempts = Journal.Read(written).ToArray();
            foreach (var why in attempts.Where(a => a.Answer.Why is not null).GroupBy(a => (a.Answer.Outcome, a.Answer.Why)).OrderByDescending(g => g.Count()).Take(30))
                Say($"{why.Count(),5} × {why.Key.Outcome}: {why.Key.Why}");
            // Without a key there is nothing to ask the database but the append itself, and that says what it knows in its own words.
            attempts.Where(a => a.Ask is { Keyed: false, Read: null } && a.Answer is { Outcome: Outcome.Unknown, Why: not FaultClient.Silence } && !a.Answer.Why!.StartsWith(nameof(OutcomeUnknown), StringComparison.Ordinal))
                .Select(a => a.Answer.Why).ShouldBeEmpty();
            var (done, refused, unknown) = await new HistoryCheck(database).MustHold(attempts);
            Say($"{done} commands acknowledged, {refused} refused, {unknown} unknown; {attempts.Count(a => a.Answer.Outcome == Outcome.Read)} reads: all hold");
            done.ShouldBeGreaterThan(50, "else nothing was tried");
            var events = await MustBeSound(database);
            Say($"{events} events verified after a rebuild, a crash, and a restore elsewhere");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, {rounds} rounds: {e.Message}", e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The history with its documents made anew, signed, the database killed once more; and its backup, restored elsewhere.
    private static async Task<long> MustBeSound(TestDatabase database)
    {
        var cluster = database.Cluster;
        await DocumentRebuild.Run(database.OwnerConnection, Sample.Model());
        await LogCheck.MustHold(database);
        SignedCheckpoint? signed;
        await using (var store = await RegisterStore.Open(database.AppConnection, Sample.Model(), database.KeyFolder))
        {
            var size = (await store.Head()).Size;
            using var enough = new CancellationTokenSource();
            var signing = new CheckpointSigner(store, NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) }).Run(enough.Token);
            for (var until = DateTime.UtcNow.AddSeconds(60); (signed = await store.NewestCheckpoint())?.Checkpoint.Size != size;)
            {
                DateTime.UtcNow.ShouldBeLessThan(until, $"{store.Broken ?? "nothing"} kept {size} events from being signed");
                await Task.Delay(20);
            }
            await enough.CancelAsync();
            await signing;
        }
        await cluster.StopAtOnce();
        await cluster.Start();
        Npgsql.NpgsqlConnection.ClearAllPools();
        foreach (var name in new[] { database.Name, await cluster.Restore(database.Name) })
        {
            var connection = cluster.ConnectionString(name, TestCluster.Application);
            await using var store = await RegisterStore.Open(connection, Sample.Model(), database.KeyFolder, new() { ReadOnly = true });
            var sound = await store.Verify(store.VerifierKey!, Note.Parse(signed!.Note));
            sound.Size.ShouldBe(signed.Checkpoint.Size);
        }
        return signed!.Checkpoint.Size;
    }

    internal static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
