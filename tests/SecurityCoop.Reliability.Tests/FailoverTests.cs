using System.Diagnostics;
using System.Globalization;

namespace SecurityCoop.Reliability.Tests;

/// <summary>
/// Two hosts on a PostgreSQL with a synchronous standby under Patroni, whose primary is killed, stopped, cut off, handed over and
/// brought back while clients work: each once, or SECURITYCOOP_FAILOVER_ROUNDS=20. The seed, printed with the result, can be given
/// again: SECURITYCOOP_FAILOVER_SEED. ./test-long ROUNDS [SEED] runs it.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Hosts = 2, Clients = 8;

    // Patroni's lease is over after 20 s at the earliest; what a host waits for comes on top.
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(60);

    private enum Fault { SwitchedOver, Killed, Stopped, CutOff, PostgresKilled }

    // Some minutes: outside ./test, which runs no explicit tests.
    [Fact]
    [Trait("Run", "failover")]
    public async Task Whatever_becomes_of_the_primary_nothing_acknowledged_is_lost_or_doubled_and_requests_are_answered_again()
    {
        var rounds = Setting("SECURITYCOOP_FAILOVER_ROUNDS") ?? Enum.GetValues<Fault>().Length;
        var seed = Setting("SECURITYCOOP_FAILOVER_SEED") ?? Random.Shared.Next(1_000_000);
        var (clock, random, longest) = (Stopwatch.StartNew(), new Random(seed), TimeSpan.Zero);
        void Say(string what)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,7:0.0} s  {what}");
            output.WriteLine(line);
            Console.WriteLine(line);
        }

        Say($"seed {seed}, {rounds} rounds");
        await using var cluster = await PatroniCluster.Start();
        Say("a leader and a synchronous standby");
        try
        {
            await using var register = await Register.Start(cluster.Hosts, Hosts);
            Say("hosts serve");
            await using var load = new Load(register.Clients, Clients);
            await load.Answered(bound);
            for (var round = 0; round < rounds; round++)
            {
                // Each fault comes before one comes again.
                var fault = (Fault)(round < 5 ? round : random.Next(5));
                await Task.Delay(random.Next(1000));
                var leader = await cluster.Leader() ?? throw new InvalidOperationException("There is no leader.");
                load.LongestGap();
                await Break(fault, leader, cluster);
                await Processes.Until(async () => await cluster.Leader() is { } next && next != leader, bound, "another leads");
                await load.Answered(bound);
                var without = load.LongestGap();
                longest = without > longest ? without : longest;
                without.ShouldBeLessThan(bound);
                Say($"{leader.Name} {fault}: {Seconds(without)} without an answer; {load.Done.Count} acknowledged");
                await Mend(fault, leader, cluster);
                var mended = await cluster.Synchronous();
                await load.Answered(bound);
                Say($"brought back, synchronous after {Seconds(mended)}; {Seconds(load.LongestGap())} without an answer");
                (await register.Compare([.. load.Done])).Faults.ShouldBeEmpty();
            }
            await load.Finish(bound);
            Say($"met: {load.Told}; {load.Resolved} commands of unknown outcome were sent again with their keys");
            var (faults, size) = await register.Compare(load.Done);
            faults.ShouldBeEmpty();
            load.Done.Count.ShouldBeGreaterThan(20, "else nothing was tried");
            await load.MustHaveFollowed(size);
            register.Hosts.ShouldAllBe(h => !h.Ended);
            foreach (var host in register.Hosts) host.Said.ShouldNotContain("THE HISTORY IS BROKEN");
            foreach (var client in register.Clients) (await client.GetStringAsync("/health/ready")).ShouldStartWith("ready");
            await register.MustBeSound();
            Say($"{load.Done.Count} acknowledged, {size} events: all there, each once; longest without an answer {Seconds(longest)}");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, {rounds} rounds: {e.Message}\n{cluster.Logs}", e);
        }
    }

    private static async Task Break(Fault fault, PatroniCluster.Node leader, PatroniCluster cluster)
    {
        switch (fault)
        {
            case Fault.SwitchedOver:
                await cluster.SwitchOver(leader);
                break;
            case Fault.Killed: // The whole machine.
                Processes.Signal("KILL", leader.All);
                break;
            case Fault.Stopped: // In order: Patroni ends PostgreSQL and says that it leaves.
                Processes.Signal("TERM", leader.Patroni!.Id);
                break;
            case Fault.CutOff: // Connections stay open, and nothing comes through them.
                Processes.Signal("STOP", leader.All);
                break;
            case Fault.PostgresKilled:
                Processes.Signal("KILL", leader.Postmaster!.Value);
                break;
        }
    }

    private static async Task Mend(Fault fault, PatroniCluster.Node node, PatroniCluster cluster)
    {
        if (fault == Fault.CutOff) Processes.Signal("CONT", node.All);
        if (fault == Fault.Stopped) await node.Patroni!.WaitForExitAsync();
        if (fault is Fault.Killed or Fault.Stopped) cluster.Restart(node);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
