using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SecurityCoop.PlainMarten;
using SecurityCoop.Store;
using SecurityCoop.Web;

namespace SecurityCoop.Benchmarks;

/// <summary>On a log of <c>--events</c> events, made once a run.</summary>
internal static class GrownBenchmarks
{
    private const int Page = 5000;

    /// <summary>
    /// 64 callers append while one reader streams the whole log out again and again; against the same without the reader.
    /// </summary>
    public static async Task AppendWhileReading(Bench bench)
    {
        var log = await bench.Grown();
        await using var store = await Setup.OpenStore(log.Application, log.Data, CancellationToken.None);
        foreach (var callers in bench.Clients(64))
        {
            Task<double> Appends() => bench.Rate(callers, _ => Task.FromResult<Func<Task>>(() => store.Append(RegisterLog.Meeting(RegisterLog.Even, statements: 0))));
            await Appends(); // To warm up.
            await bench.Compare("append-while-reading", callers, "events/s", Appends, async () =>
            {
                using var done = new CancellationTokenSource();
                var reader = Task.Run(async () =>
                {
                    while (!done.IsCancellationRequested)
                        await foreach (var _ in store.ReadAll(new(), CancellationToken.None))
                            if (done.IsCancellationRequested) break;
                });
                var rate = await Appends();
                await done.CancelAsync();
                await reader;
                return rate;
            });
        }
    }

    /// <summary>Medians of one caller's append and status query; against those upon a log of 10,000 events.</summary>
    public static async Task Growth(Bench bench)
    {
        var (large, small) = (await bench.Grown(), await RegisterLog.Make(bench.Cluster, 10_000));
        await using (var inLarge = await Setup.OpenStore(large.Application, large.Data, CancellationToken.None))
        await using (var inSmall = await Setup.OpenStore(small.Application, small.Data, CancellationToken.None))
        {
            Task<double> Append(RegisterStore store) => bench.Latency(() => store.Append(RegisterLog.Meeting(RegisterLog.Even, statements: 0)));
            await Append(inSmall);
            await bench.Compare("growth-append", 1, "ms", () => Append(inSmall), () => Append(inLarge));
        }
        await using (var ofLarge = await HostProcess.Start(large.Application, large.Data))
        await using (var ofSmall = await HostProcess.Start(small.Application, small.Data))
            foreach (var (name, partner) in new[] { ("growth-status", RegisterLog.Small), ("growth-status-of-a-grown-partner", RegisterLog.Even) })
            {
                Task<double> Status(HostProcess host) => bench.Latency(() => host.Http.GetByteArrayAsync("/api/partnerships/" + partner));
                foreach (var host in new[] { ofSmall, ofLarge }) await Bench.WarmUpLatency(() => Status(host));
                await bench.Compare(name, 1, "ms", () => Status(ofSmall), () => Status(ofLarge));
            }
        await bench.Cluster.Drop(small.Owner);
    }

    /// <summary>One partnership's status as known at a random position; against its current status.</summary>
    public static async Task KnownAt(Bench bench)
    {
        var log = await bench.Grown();
        await using var host = await HostProcess.Start(log.Application, log.Data);
        foreach (var (name, partner) in new[] { ("known-at", RegisterLog.Small), ("known-at-of-a-grown-partner", RegisterLog.Even) })
        {
            var path = "/api/partnerships/" + partner;
            Task<double> Now() => bench.Latency(() => host.Http.GetByteArrayAsync(path));
            Task<double> Then() => bench.Latency(() => host.Http.GetByteArrayAsync(string.Create(CultureInfo.InvariantCulture, $"{path}?knownAt=@{Random.Shared.NextInt64(1, log.Events)}")));
            foreach (var query in new[] { Now, Then }) await Bench.WarmUpLatency(query);
            await bench.Compare(name, 1, "ms", Now, Then);
        }
    }

    /// <summary>
    /// All documents made anew from the whole log (`securitycoop rebuild`); against reading the same bytes once in order through Npgsql, and
    /// Marten's rebuild of the plain application's documents from as many events of the same content.
    /// </summary>
    public static async Task Rebuild(Bench bench)
    {
        var log = await bench.Grown();
        var plain = await bench.Cluster.NewPlainDatabase();
        await using (var database = NpgsqlDataSource.Create(log.Application))
        await using (var store = PlainStore.Open(plain))
        {
            await store.Fill(log.Events, RegisterLog.Partners);
            foreach (var owner in new[] { log.Owner, plain }) await Cluster.Analyze(owner);
            await bench.Compare("rebuild", 1, "s", () => Seconds(() => ReadOnce(database)),
                () => Seconds(() => DocumentRebuild.Run(log.Owner, Setup.Model)), () => Seconds(store.Rebuild));
        }
        await bench.Cluster.Drop(plain);
    }

    /// <summary>Resident memory of the process that wrote the whole log; against the same process before the first event.</summary>
    public static async Task Memory(Bench bench)
    {
        var log = await bench.Grown();
        Bench.Write("memory", 64, log.Megabytes, "MB", log.EmptyMegabytes, 1);
    }

    private static async Task ReadOnce(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        for (var after = 0L; ;)
        {
            var before = after;
            await using var command = new NpgsqlCommand("select position, header, body from register.ledger_entry where position > $1 order by position limit $2", connection);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Page });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                after = reader.GetInt64(0);
                _ = (reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
            }
            if (after == before) return;
        }
    }

    public static async Task<double> Seconds(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }
}
