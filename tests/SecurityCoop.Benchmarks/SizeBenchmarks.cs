using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using Npgsql;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;
using SecurityCoop.Web;
using SecurityCoop.Web.Audit;

namespace SecurityCoop.Benchmarks;

/// <summary>
/// Ten years with a hundred partners, measured in one run at a tenth of <c>--events</c> and at all of them: what grows, and how. The floor
/// of each row is the smaller register, so a ratio of ten is linear.
/// </summary>
internal static class SizeBenchmarks
{
    private sealed record Register(string Owner, string Application, string Data, string Folder);

    private sealed class Figures
    {
        public List<(string Name, double Value, string Unit)> All { get; } = [];

        public void Add(string name, double value, string unit)
        {
            All.Add((name, value, unit));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {value:0.###} {unit}"));
        }

        public async Task Time(string name, Func<Task> work) => Add(name, await GrownBenchmarks.Seconds(work), "s");
    }

    public static async Task Size(Bench bench)
    {
        var small = await Measure(bench, bench.Events / 10);
        var large = await Measure(bench, bench.Events);
        foreach (var ((name, value, unit), floor) in large.All.Zip(small.All))
            Bench.Write($"size-{name}", 1, value, unit, floor.Value, 1);
    }

    private static async Task<Figures> Measure(Bench bench, long events)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {events:N0} events"));
        var (owner, application) = await bench.Cluster.NewDatabase();
        var folder = bench.NewFolder();
        var register = new Register(owner, application, Path.Combine(folder, "data"), folder);
        Directory.CreateDirectory(register.Data);
        var figures = new Figures();
        await using (var store = await Setup.OpenStore(application, register.Data, CancellationToken.None))
            await figures.Time("write", () => TenYears.Fill(store, events));
        await Cluster.Analyze(owner);
        await OverHttp(bench, register, events, figures);
        await Proofs(bench, register, figures);
        await Moves(bench, register, figures);
        await bench.Cluster.Drop(owner);
        Directory.Delete(folder, recursive: true);
        return figures;
    }

    private static async Task OverHttp(Bench bench, Register register, long events, Figures figures)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var host = await HostProcess.Start(register.Application, register.Data);
        figures.Add("follow", Stopwatch.GetElapsedTime(begun).TotalSeconds, "s");
        string Any() => TenYears.Partners[Random.Shared.Next(TenYears.Partners.Length)];
        var queries = new (string Name, Func<string> Path)[]
        {
            ("status", () => $"/api/partnerships/{Any()}"),
            ("list", () => "/api/partnerships"),
            ("actions", () => $"/api/actions?partner={Any()}&limit=50"),
            ("search-rare", () => $"/api/search?q={TenYears.Rare}"),
            ("search-frequent", () => $"/api/search?q={TenYears.Frequent}"),
            ("known-at", () => string.Create(CultureInfo.InvariantCulture, $"/api/partnerships/{Any()}?knownAt=@{Random.Shared.NextInt64(1, events)}")),
        };
        foreach (var (name, path) in queries)
        {
            await figures.Time($"{name}-first", () => host.Http.GetByteArrayAsync(path()));
            await bench.Latency(() => host.Http.GetByteArrayAsync(path()));
            figures.Add(name, await bench.Latency(() => host.Http.GetByteArrayAsync(path())), "ms");
        }
        figures.Add("memory", host.ResidentNow, "MB");
    }

    private static async Task Proofs(Bench bench, Register register, Figures figures)
    {
        await using var store = await Setup.OpenStore(register.Application, register.Data, CancellationToken.None);
        await figures.Time("sign", () => LedgerBenchmarks.Signed(store));
        var size = (await store.Head()).Size;
        figures.Add("proof", await bench.Latency(() => store.InclusionProof(Random.Shared.NextInt64(1, size + 1), size)), "ms");
        var (newest, file) = ((await store.NewestCheckpoint())!, Path.Combine(register.Folder, "bundle"));
        await figures.Time("bundle", async () =>
        {
            await using var stream = new FileStream(file, FileMode.Create);
            var writer = PipeWriter.Create(stream);
            await Bundles.Write(store, newest, ReaderRights.All, openings: false, writer, async () => await writer.FlushAsync(), null, CancellationToken.None);
            await writer.CompleteAsync();
        });
        figures.Add("bundle-size", new FileInfo(file).Length / 1e6, "MB");
        string[] verifier = [Path.Combine(AppContext.BaseDirectory, "SecurityCoop.Verify.dll"), file, "--key", store.VerifierKey!.ToString()];
        await figures.Time("verify-bundle", () => LedgerBenchmarks.Run("dotnet", verifier));
        await figures.Time("verify-database", async () => await store.Verify(store.VerifierKey!));
        await figures.Time("export", async () =>
        {
            await using var history = new FileStream(Path.Combine(register.Folder, "export"), FileMode.Create);
            await using var keys = new FileStream(Path.Combine(register.Folder, "export.keys"), FileMode.Create);
            await store.Export(history, keys);
        });
        figures.Add("export-size", new FileInfo(Path.Combine(register.Folder, "export")).Length / 1e6, "MB");
    }

    private static async Task Moves(Bench bench, Register register, Figures figures)
    {
        var (owner, _) = await bench.Cluster.NewDatabase();
        await figures.Time("import", async () =>
        {
            await using var history = File.OpenRead(Path.Combine(register.Folder, "export"));
            await using var keys = File.OpenRead(Path.Combine(register.Folder, "export.keys"));
            await RegisterImport.Run(owner, Setup.Model, Path.Combine(register.Folder, "imported"), history, keys);
        });
        await figures.Time("rebuild", () => DocumentRebuild.Run(owner, Setup.Model));
        await bench.Cluster.Drop(owner);

        var dump = Path.Combine(register.Folder, "dump");
        await figures.Time("backup", () => Postgres("pg_dump", register.Owner, "-Fc", "-f", dump));
        figures.Add("backup-size", new FileInfo(dump).Length / 1e6, "MB");
        var restored = await bench.Cluster.NewEmptyDatabase();
        await figures.Time("restore", () => Postgres("pg_restore", restored, "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", "-d", new NpgsqlConnectionStringBuilder(restored).Database!, dump));
        await bench.Cluster.Drop(restored);
    }

    private static async Task Postgres(string program, string connectionString, params string[] arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Path.Combine(PostgresPrograms.Find(null).Folder, program), arguments) { RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGUSER"]) = (connection.Host, connection.Username);
        (start.Environment["PGPASSWORD"], start.Environment["PGDATABASE"]) = (connection.Password, connection.Database);
        if (connection.Port != NpgsqlConnection.DefaultPort) start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
    }
}
