using SecurityCoop.Web;

namespace SecurityCoop.Benchmarks;

/// <summary>The register on Marten; against the same on its own engine, in the same run. Needs a build with UseMarten=true (docs/marten.md).</summary>
internal static class EngineBenchmarks
{
    private const string Own = "npgsql", Marten = "marten";

    public static async Task Engines(Bench bench)
    {
        foreach (var callers in bench.Clients(1, 64))
        {
            Task<double> Append(string engine) => AppendBenchmarks.Store(bench, callers, engine: engine);
            _ = (await Append(Own), await Append(Marten)); // To warm up.
            await bench.Compare("engines-append", callers, "events/s", () => Append(Own), () => Append(Marten));
        }
        await Command(bench);
        await Rebuild(bench);
    }

    // Each on a database of its own, so that neither waits for the other's lock.
    private static async Task Command(Bench bench)
    {
        var (own, marten) = (await bench.Cluster.NewDatabase(), await bench.Cluster.NewDatabase());
        await using (var onOwn = await HostProcess.Start(own.Application, bench.NewFolder(), engine: Own))
        await using (var onMarten = await HostProcess.Start(marten.Application, bench.NewFolder(), engine: Marten))
            foreach (var callers in bench.Clients(64))
            {
                await Bench.WarmUp(() => HttpBenchmarks.Meetings(bench, callers, onOwn.Http, own.Owner));
                await Bench.WarmUp(() => HttpBenchmarks.Meetings(bench, callers, onMarten.Http, marten.Owner));
                await bench.Compare("engines-command", callers, "commands/s",
                    () => HttpBenchmarks.Meetings(bench, callers, onOwn.Http, own.Owner),
                    () => HttpBenchmarks.Meetings(bench, callers, onMarten.Http, marten.Owner));
            }
        await bench.Cluster.Drop(own.Owner);
        await bench.Cluster.Drop(marten.Owner);
    }

    // Of the same log: which engine wrote an event makes no difference to it.
    private static async Task Rebuild(Bench bench)
    {
        var log = await bench.Grown();
        async Task<double> Seconds(string engine)
        {
            await using var store = await Setup.OpenStore(log.Application, log.Data, CancellationToken.None, engine);
            return await GrownBenchmarks.Seconds(() => store.Rebuild(RecordViews.All));
        }
        await bench.Compare("engines-rebuild", 1, "s", () => Seconds(Own), () => Seconds(Marten));
    }
}
