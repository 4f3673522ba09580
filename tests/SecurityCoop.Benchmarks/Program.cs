using System.Globalization;

namespace SecurityCoop.Benchmarks;

/// <summary>`dotnet run -c Release --project tests/SecurityCoop.Benchmarks -- NAME [NAME …] [--rounds N] [--seconds S] [--events N] [--clients 1,16]`; `all` for all.</summary>
internal static class Program
{
    private static readonly (string Name, Func<Bench, Task> Run)[] All =
    [
        ("append", AppendBenchmarks.Append),
        ("append-batch", AppendBenchmarks.AppendBatch),
        ("append-two-hosts", AppendBenchmarks.TwoHosts),
        ("command", HttpBenchmarks.Command),
        ("status", HttpBenchmarks.Status),
        ("start", HttpBenchmarks.Start),
        ("memory", GrownBenchmarks.Memory),
        ("growth", GrownBenchmarks.Growth),
        ("known-at", GrownBenchmarks.KnownAt),
        ("append-while-reading", GrownBenchmarks.AppendWhileReading),
        ("rebuild", GrownBenchmarks.Rebuild),
        ("proof", LedgerBenchmarks.Proof),
        ("verify", LedgerBenchmarks.Verify),
        ("append-ledger", LedgerBenchmarks.AppendLedger),
        ("names", NamesBenchmarks.Names),
        ("intake", IntakeBenchmarks.Intake),
        ("pages", PagesBenchmarks.Pages),
        ("size", SizeBenchmarks.Size),
    ];

    /// <summary>What stands before this program's arguments where `dotnet` runs it.</summary>
    public static string[] Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Program).Assembly.Location] : [];

    private static async Task<int> Main(string[] args)
    {
        // Started by itself, as another process.
        if (args is [AppendWorker.Argument, .. var worker]) return await AppendWorker.Run(worker);
        if (args is [HostProcess.Argument, .. var host]) return await HostProcess.Run(host);
        if (args is [HttpBenchmarks.EmptyApi, var url]) return await HttpBenchmarks.RunEmptyApi(url);

        var (names, rounds, seconds, events, clients) = (new List<string>(), 5, 4.0, 1_000_000L, Array.Empty<int>());
        try
        {
            for (var i = 0; i < args.Length; i++)
                switch (args[i])
                {
                    case "--rounds": rounds = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                    case "--seconds": seconds = double.Parse(args[++i], CultureInfo.InvariantCulture); break;
                    case "--events": events = long.Parse(args[++i], CultureInfo.InvariantCulture); break;
                    case "--clients": clients = [.. args[++i].Split(',').Select(c => int.Parse(c, CultureInfo.InvariantCulture))]; break;
                    case "all": names.AddRange(All.Select(b => b.Name)); break;
                    case var name when All.Any(b => b.Name == name): names.Add(name); break;
                    case var other: throw new FormatException($"There is no benchmark or option {other}.");
                }
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            names.Clear();
            await Console.Error.WriteLineAsync(e.Message);
        }
        if (names.Count == 0)
        {
            await Console.Error.WriteLineAsync($"""
                NAME [NAME …] [--rounds N] [--seconds S] [--events N] [--clients 1,16]
                NAME: all, {string.Join(", ", All.Select(b => b.Name))}
                A row is a line of JSON: ratio is value / floor. append, command, status, start and rebuild also measure a plain Marten
                application: plainRatio is value / plain, plainOfFloor plain / floor. Of rates more is better, of times less.
                """);
            return 2;
        }
        await using var cluster = await Cluster.Start();
        var bench = new Bench(cluster, rounds, TimeSpan.FromSeconds(seconds), events, clients);
        foreach (var name in names) await All.First(b => b.Name == name).Run(bench);
        return 0;
    }
}
