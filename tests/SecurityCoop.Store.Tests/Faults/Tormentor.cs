using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>Does to the hosts and to the database, one after the other and on top of each other, what power, memory and administrators do.</summary>
internal sealed class Tormentor(int seed, TestDatabase database, Wire wire, FaultHosts hosts, Action<string> say)
{
    private readonly Random random = new(seed);
    private readonly List<Task> later = [];

    public async Task Run(int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(random.Next(100, 900));
            // Every kind comes about as often; which, when and how long is the seed's.
            await (((round + random.Next(3)) % 8) switch
            {
                0 => KillHost(),
                1 or 5 => CutWires(),
                2 => StopHost(),
                3 => StopBackend(),
                4 => StopDatabase(),
                6 => EndBackends(),
                _ => KillBackend(),
            });
        }
        await Task.WhenAll(later);
    }

    private int? AnyHost(out int host) => hosts.Pid(host = random.Next(hosts.Sockets.Count));

    private Task KillHost()
    {
        if (AnyHost(out var host) is { } pid) Signals.Kill(pid);
        say($"host {host} killed");
        return Task.CompletedTask;
    }

    private Task StopHost()
    {
        if (AnyHost(out var host) is not { } pid) return Task.CompletedTask;
        Signals.Stop(pid);
        later.Add(After(random.Next(100, 4000), () => Signals.Continue(pid)));
        say($"host {host} stopped for a while");
        return Task.CompletedTask;
    }

    private enum Cut { None, AnswerLost, Halfway, Late }

    // What writers send next passes, or the client is lost: after all of it was sent, after half of it, or while it is still on its way.
    private Task CutWires()
    {
        var cuts = new ConcurrentQueue<(Cut Kind, double Part, int Delay)>(Enumerable.Range(0, random.Next(10, 40))
            .Select(_ => ((Cut)Math.Max(0, random.Next(-2, 4)), random.NextDouble(), random.Next(2000))));
        say($"{cuts.Count(c => c.Kind != Cut.None)} wires to be cut");
        wire.OnWriterSends = async (link, bytes) =>
        {
            var cut = cuts.TryDequeue(out var next) ? next.Kind : Cut.None;
            if (cut is Cut.AnswerLost or Cut.Late) link.LoseClient();
            if (cut == Cut.Late) await Task.Delay(next.Delay);
            await link.Pass(cut == Cut.Halfway ? bytes[..(int)(next.Part * bytes.Length)] : bytes);
            if (cut == Cut.Halfway) link.Close();
        };
        return Task.CompletedTask;
    }

    private async Task EndBackends()
    {
        var ended = 0L;
        for (var times = random.Next(1, 12); times > 0; times--, await Task.Delay(random.Next(1, 40)))
            ended += await Ask("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'test_app' and (application_name = 'SecurityCoop writer' or random() < 0.2)");
        say($"{ended} backends ended");
    }

    private async Task StopBackend()
    {
        if (await AnyWriter() is not { } pid) return;
        Signals.Stop(pid);
        later.Add(After(random.Next(50, 3000), () => Signals.Continue(pid)));
        say("a writer's backend stopped for a while");
    }

    // PostgreSQL then ends all the others too and recovers from its log.
    private async Task KillBackend()
    {
        if (await AnyWriter() is not { } pid) return;
        Signals.Kill(pid);
        say("a writer's backend killed");
    }

    private async Task StopDatabase()
    {
        await database.Cluster.StopAtOnce();
        await Task.Delay(random.Next(0, 500));
        await database.Cluster.Start();
        say("database stopped at once and started again");
    }

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
