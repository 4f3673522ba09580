using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Does to the hosts and to the database, one after the other and on top of each other, what power, memory, disks, clocks, networks and administrators do.
/// </summary>
internal sealed class Tormentor
{
    private readonly TestDatabase database;
    private readonly Wire wire;
    private readonly FaultHosts hosts;
    private readonly Injection ofServer, ofHosts;
    private readonly Action<string> say;
    private readonly Random random;
    private readonly (string Name, Func<Task> Do)[] kinds;
    private readonly List<Task> later = [];
    private int next;

    /// <param name="ofServer">What the server was started with; likewise the hosts.</param>
    public Tormentor(int seed, TestDatabase database, Wire wire, FaultHosts hosts, Injection ofServer, Injection ofHosts, Action<string> say)
    {
        (this.database, this.wire, this.hosts, this.ofServer, this.ofHosts, this.say) = (database, wire, hosts, ofServer, ofHosts, say);
        random = new(seed);
        next = random.Next(100);
        var (wal, tables) = (Path.Combine(database.Cluster.Data, "pg_wal"), Path.Combine(database.Cluster.Data, "base"));
        kinds =
        [
            ("host killed", KillHost), ("wires cut", CutWires), ("host stopped", StopHost), ("backend stopped", StopBackend),
            ("server stopped", StopDatabase), ("wires half open", () => CutWires(halfOpen: true)), ("backends ended", EndBackends),
            ("backend killed", KillBackend), ("server killed", KillDatabase),
            ("server's disk full", () => ForAWhile(ofServer, new Rule("write", Rule.NoSpace, tables))),
            ("server's log cannot be synced", () => ForAWhile(ofServer, new Rule("fsync", Rule.InputOutput, wal, random.Next(20), 1))),
            ("server's log torn", () => ForAWhile(ofServer, new Rule("write", Rule.Kill, wal, random.Next(20), 1))),
            ("server's disk slow", () => ForAWhile(ofServer, new Rule("fsync", -random.Next(20, 400), wal))),
            ("server without handles", () => ForAWhile(ofServer, new Rule("open", Rule.TooManyFiles, tables))),
            ("server's clock set", () => ForAWhile(ofServer, new Rule("clock", random.Next(-86_400, 86_400)))),
            ("hosts' keys on a full disk", () => ForAWhile(ofHosts, new Rule("write", Rule.NoSpace, database.KeyFolder))),
            ("hosts' keys on a failing disk", () => ForAWhile(ofHosts, new Rule("fsync", Rule.InputOutput, database.KeyFolder))),
            ("hosts without handles", () => ForAWhile(ofHosts, new Rule("connect", Rule.TooManyFiles))),
            ("hosts' clock set", () => ForAWhile(ofHosts, new Rule("clock", random.Next(-86_400, 86_400)))),
            ("wires cut", CutWires),
        ];
    }

    /// <summary>How often each kind was brought about.</summary>
    public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>One fault, or two or three on top of each other; which, when and how long is the seed's, and every kind comes about as often.</summary>
    public async Task Round()
    {
        for (var faults = random.Next(1, 4); faults > 0; faults--)
        {
            await Task.Delay(random.Next(50, 500));
            var (name, act) = kinds[(next++ + random.Next(3)) % kinds.Length];
            say(name);
            Done[name] = Done.GetValueOrDefault(name) + 1;
            await act();
        }
    }

    /// <summary>Ends what lasts, and does what an administrator would: starts a server that gave up.</summary>
    public async Task Calm()
    {
        await Task.WhenAll(later);
        later.Clear();
        wire.OnWriterSends = (link, bytes) => link.Pass(bytes);
        ofServer.Clear();
        ofHosts.Clear();
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); await Ask("select 1::bigint") == 0; await Task.Delay(100))
        {
            clock.Elapsed.TotalSeconds.ShouldBeLessThan(60, $"the server answers again; its log ends with {database.Cluster.Log[^Math.Min(2000, database.Cluster.Log.Length)..]}");
            NpgsqlConnection.ClearAllPools();
            if (!File.Exists(Path.Combine(database.Cluster.Data, "postmaster.pid"))) await Tried(database.Cluster.Start);
        }
    }

    // Of each of the two one at a time.
    private async Task ForAWhile(Injection on, Rule rule)
    {
        on.Set(rule);
        await Task.Delay(random.Next(100, 1500));
        on.Clear();
    }

    // The server may have ended by itself just before, or be on its way up.
    private static async Task Tried(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // Then the end of the round sees to it.
        }
    }

    private int? AnyHost() => hosts.Pid(random.Next(hosts.Sockets.Count));

    private Task KillHost()
    {
        if (AnyHost() is { } pid) Signals.Kill(pid);
        return Task.CompletedTask;
    }

    private Task StopHost()
    {
        if (AnyHost() is not { } pid) return Task.CompletedTask;
        Signals.Stop(pid);
        later.Add(After(random.Next(100, 3000), () => Signals.Continue(pid)));
        return Task.CompletedTask;
    }

    private enum Cut { None, AnswerLost, Halfway, Late, AnswersHalfOpen, HalfOpen }

    private Task CutWires() => CutWires(halfOpen: false);

    // What writers send next passes, or the client is lost: after all of it was sent, after half of it, or while it is still on its way. Or nobody is told of it:
    // answers vanish, or what is sent too.
    private Task CutWires(bool halfOpen)
    {
        var cuts = new ConcurrentQueue<(Cut Kind, double Part, int Delay)>(Enumerable.Range(0, random.Next(10, 40))
            .Select(_ => ((Cut)(halfOpen ? random.Next(10) switch { 0 => (int)Cut.AnswersHalfOpen, 1 => (int)Cut.HalfOpen, _ => 0 } : Math.Max(0, random.Next(-2, 4))), random.NextDouble(), random.Next(2000))));
        wire.OnWriterSends = async (link, bytes) =>
        {
            var cut = cuts.TryDequeue(out var next) ? next.Kind : Cut.None;
            if (cut is Cut.AnswerLost or Cut.Late) link.LoseClient();
            if (cut == Cut.AnswersHalfOpen) link.LoseAnswers();
            if (cut == Cut.HalfOpen)
            {
                link.LoseBoth();
                return;
            }
            if (cut == Cut.Late) await Task.Delay(next.Delay);
            await link.Pass(cut == Cut.Halfway ? bytes[..(int)(next.Part * bytes.Length)] : bytes);
            if (cut == Cut.Halfway) link.Close();
        };
        return Task.CompletedTask;
    }

    private async Task EndBackends()
    {
        for (var times = random.Next(1, 12); times > 0; times--, await Task.Delay(random.Next(1, 40)))
            await Ask("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'test_app' and (application_name = 'SecurityCoop writer' or random() < 0.2)");
    }

    private async Task StopBackend()
    {
        if (await AnyWriter() is not { } pid) return;
        Signals.Stop(pid);
        later.Add(After(random.Next(50, 3000), () => Signals.Continue(pid)));
    }

    // PostgreSQL then ends all the others too and recovers from its log.
    private async Task KillBackend()
    {
        if (await AnyWriter() is not { } pid) return;
        Signals.Kill(pid);
    }

    private async Task StopDatabase()
    {
        await Tried(database.Cluster.StopAtOnce);
        await Task.Delay(random.Next(0, 500));
        await Tried(database.Cluster.Start);
    }

    private Task KillDatabase() => Tried(database.Cluster.KillAndStart);

    private async Task<int?> AnyWriter() =>
        await Ask($"select coalesce((array_agg(pid order by pid))[1 + {random.Next(100).ToString(CultureInfo.InvariantCulture)} % count(*)::int], 0)::bigint from pg_stat_activity where application_name = 'SecurityCoop writer'")
            is > 0 and var pid ? (int)pid : null;

    // Right after a fault the database may not answer: then this round does nothing.
    private async Task<long> Ask(string statement)
    {
        try
        {
            return await database.Scalar<long>(statement);
        }
        catch (NpgsqlException)
        {
            return 0;
        }
    }

    private static async Task After(int milliseconds, Action act)
    {
        await Task.Delay(milliseconds);
        act();
    }
}
