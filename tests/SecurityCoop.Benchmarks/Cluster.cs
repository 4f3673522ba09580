using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SecurityCoop.EventStore;

[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace SecurityCoop.Benchmarks;

/// <summary>A private PostgreSQL with the settings that the host gives its own (durable), in a temporary folder that goes with it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly EmbeddedPostgres server;
    private int databases;

    private Cluster(EmbeddedPostgres server, string folder) => (this.server, Folder) = (server, folder);

    public string Folder { get; }

    public string Keys => Path.Combine(Folder, "keys");

    public static async Task<Cluster> Start()
    {
        // Open to be passed through: PostgreSQL may run as another user, and would otherwise put its files elsewhere.
        var folder = Path.Combine(Path.GetTempPath(), "securitycoop-bench-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder, (UnixFileMode)0b111_001_001);
        return new(await EmbeddedPostgres.Start(folder, Console.Error.WriteLine, CancellationToken.None), folder);
    }

    /// <summary>A migrated, empty database: connection strings of its owner and of the application.</summary>
    public async Task<(string Owner, string Application)> NewDatabase()
    {
        var name = "bench" + Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture);
        await Execute(server.OwnerConnectionString, $"create database {name}");
        var (owner, application) = (Named(server.OwnerConnectionString, name), Named(server.AppConnectionString, name));
        await Migrator.Migrate(owner, new NpgsqlConnectionStringBuilder(application).Username!);
        return (owner, application);
    }

    /// <summary>Drops it, so that a run of many rounds fits on the disk.</summary>
    public async Task Drop(string owner)
    {
        NpgsqlConnection.ClearAllPools();
        await Execute(server.OwnerConnectionString, $"drop database {new NpgsqlConnectionStringBuilder(owner).Database}");
    }

    public static async Task Execute(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static string Named(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database, MaxPoolSize = 80 }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>What a run was asked for, and how its rows are measured and written.</summary>
internal sealed class Bench(Cluster cluster, int rounds, TimeSpan length, long events, int[] clients) : IAsyncDisposable
{
    public Cluster Cluster => cluster;
    public TimeSpan Length => length;
    public long Events => events;
    public int Rounds => rounds;

    public IEnumerable<int> Clients(params int[] usual) => clients.Length > 0 ? clients : usual;

    /// <summary>Measures floor and value in turns and writes the row, as one line of JSON, with their medians. Ratio is value / floor, whichever is to be the smaller.</summary>
    public async Task Compare(string benchmark, int callers, string unit, Func<Task<double>> floor, Func<Task<double>> value)
    {
        var (floors, values) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            floors.Add(await floor());
            values.Add(await value());
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {benchmark} {callers} round {round + 1}: {values[^1]:0.##} {unit}, floor {floors[^1]:0.##}"));
        }
        var (v, f) = (Median(values), Median(floors));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"benchmark\":\"{benchmark}\",\"clients\":{callers},\"value\":{v:0.###},\"unit\":\"{unit}\",\"floor\":{f:0.###},\"ratio\":{v / f:0.00},\"rounds\":{rounds}}}"));
    }

    public static double Median(List<double> figures)
    {
        figures.Sort();
        return figures.Count % 2 == 1 ? figures[figures.Count / 2] : (figures[figures.Count / 2 - 1] + figures[figures.Count / 2]) / 2;
    }

    /// <summary>So many callers, each calling again and again until the time is over; calls a second.</summary>
    public async Task<double> Rate(int callers, Func<int, Task<Func<Task>>> caller)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller));
        var (done, clock) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(calls.Select(call => Task.Run(async () =>
        {
            while (clock.Elapsed < length)
            {
                await call();
                Interlocked.Increment(ref done);
            }
        })));
        return done / clock.Elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
