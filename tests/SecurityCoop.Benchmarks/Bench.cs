using System.Diagnostics;
using System.Globalization;

namespace SecurityCoop.Benchmarks;

/// <summary>What a run was asked for, and how its rows are measured and written.</summary>
internal sealed class Bench(Cluster cluster, int rounds, TimeSpan length, long events, int[] clients)
{
    // So many that each connection of a pool is open and has prepared what it is asked for again and again.
    private const int FirstCalls = 20;

    private static readonly TimeSpan firstLoad = TimeSpan.FromSeconds(10);

    private RegisterLog? grown;

    public Cluster Cluster => cluster;
    public TimeSpan Length => length;

    /// <summary>How many events a large log has.</summary>
    public long Events => events;

    /// <summary>The large log, made when it is first asked for.</summary>
    public async Task<RegisterLog> Grown() => grown ??= await RegisterLog.Make(cluster, events);

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(cluster.Folder, Guid.NewGuid().ToString("N")[..8])).FullName;

    public IEnumerable<int> Clients(params int[] usual) => clients.Length > 0 ? clients : usual;

    /// <summary>
    /// Measures floor, plain application (where there is one) and value in turns and writes the row, as one line of JSON, with their
    /// medians. Ratio is value / floor and plainRatio value / plain, whichever is to be the smaller.
    /// </summary>
    public async Task Compare(
        string benchmark, int callers, string unit, Func<Task<double>> floor, Func<Task<double>> value, Func<Task<double>>? plain = null)
    {
        var (floors, plains, values) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            floors.Add(await floor());
            if (plain is not null) plains.Add(await plain());
            values.Add(await value());
            var other = plain is null ? "" : string.Create(CultureInfo.InvariantCulture, $", plain {plains[^1]:0.##}");
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"  {benchmark} {callers} round {round + 1}: {values[^1]:0.##} {unit}, floor {floors[^1]:0.##}{other}"));
        }
        Write(benchmark, callers, Median(values), unit, Median(floors), rounds, plain is null ? null : Median(plains));
    }

    /// <summary>
    /// Calls until it gets no faster: a process that began a moment ago still compiles what it runs, and would be measured compiling.
    /// </summary>
    public static async Task WarmUp(Func<Task<double>> value)
    {
        var (before, again) = (0.0, 0);
        for (var rate = await value(); again < 10 && rate > 1.02 * before; again++) (before, rate) = (Math.Max(before, rate), await value());
    }

    /// <summary>Calls until it gets no faster, as <see cref="WarmUp"/>, of a time.</summary>
    public static Task WarmUpLatency(Func<Task<double>> value) => WarmUp(async () => 1 / await value());

    public static void Write(string benchmark, int callers, double value, string unit, double floor, int rounds, double? plain = null)
    {
        var row = string.Create(CultureInfo.InvariantCulture,
            $"{{\"benchmark\":\"{benchmark}\",\"clients\":{callers},\"value\":{value:0.###},\"unit\":\"{unit}\",");
        row += string.Create(CultureInfo.InvariantCulture, $"\"floor\":{floor:0.###},\"ratio\":{value / floor:0.00}");
        if (plain is { } p)
            row += string.Create(CultureInfo.InvariantCulture,
                $",\"plain\":{p:0.###},\"plainRatio\":{value / p:0.00},\"plainOfFloor\":{p / floor:0.00}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row},\"rounds\":{rounds}}}"));
    }

    /// <summary>One caller, calling again and again until the time is over; the median in milliseconds.</summary>
    public async Task<double> Latency(Func<Task> call)
    {
        var took = new List<double>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < length || took.Count < 3;)
        {
            var begun = Stopwatch.GetTimestamp();
            await call();
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return Median(took);
    }

    private static double Median(List<double> figures)
    {
        figures.Sort();
        return figures.Count % 2 == 1 ? figures[figures.Count / 2] : (figures[figures.Count / 2 - 1] + figures[figures.Count / 2]) / 2;
    }

    /// <summary>So many callers, each calling again and again until the time is over; calls a second.</summary>
    /// <param name="analyze">
    /// The owner of a database that was empty: the planner counts its tables after a first short load, since a plan made for an empty table
    /// is kept with its prepared statement.
    /// </param>
    public async Task<double> Rate(int callers, Func<int, Task<Func<Task>>> caller, string? analyze = null)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller));
        if (analyze is not null)
        {
            await Load(calls, firstLoad, FirstCalls);
            await Benchmarks.Cluster.Analyze(analyze);
        }
        return await Load(calls, length);
    }

    private static async Task<double> Load(Func<Task>[] calls, TimeSpan length, int most = int.MaxValue)
    {
        var (done, clock) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(calls.Select(call => Task.Run(async () =>
        {
            for (var i = 0; i < most && clock.Elapsed < length; i++)
            {
                await call();
                Interlocked.Increment(ref done);
            }
        })));
        return done / clock.Elapsed.TotalSeconds;
    }
}
