using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace SecurityCoop.Benchmarks;

/// <summary>Over HTTP, against the host in a process of its own.</summary>
internal static class HttpBenchmarks
{
    private const string Meeting = """{"partners":["DK"],"kind":"working-meeting","date":"2026-01-27","place":"Rabat"}""";

    /// <summary>Commands that each record a meeting, signed in, validated, decided, appended; against the raw floor of <c>append</c> at as many connections.</summary>
    public static async Task Command(Bench bench)
    {
        var rows = await RawRows.Of(bench.Cluster);
        var (owner, application) = await bench.Cluster.NewDatabase();
        await using (var host = await HostProcess.Start(application, bench.NewFolder()))
            foreach (var callers in bench.Clients(64))
            {
                Task<double> Commands() => Meetings(bench, callers, host);
                await Bench.WarmUp(Commands);
                await bench.Compare("command", callers, "commands/s", () => AppendBenchmarks.Raw(bench, rows, Math.Min(callers, 64)), Commands);
            }
        await bench.Cluster.Drop(owner);
    }

    /// <summary>Commands a second that this host answers with 201.</summary>
    public static Task<double> Meetings(Bench bench, int callers, HostProcess host) => bench.Rate(callers, _ => Task.FromResult<Func<Task>>(async () =>
    {
        using var body = new StringContent(Meeting, Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync("/api/meetings", body);
        if (answer.StatusCode != HttpStatusCode.Created) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }));

    /// <summary>Status queries of one partner with ten meetings, always current; against the same host reading one row by primary key and answering with the same bytes.</summary>
    public static async Task Status(Bench bench)
    {
        var log = await RegisterLog.Make(bench.Cluster, 2000);
        await using (var host = await HostProcess.Start(log.Application, log.Data))
        {
            await KeepAnswer(log, host);
            foreach (var callers in bench.Clients(64))
            {
                Task<double> Queries(string path) => bench.Rate(callers, _ => Task.FromResult<Func<Task>>(() => host.Http.GetByteArrayAsync(path)));
                var (row, status) = (HostProcess.RowPath + RegisterLog.Small, "/api/partnerships/" + RegisterLog.Small);
                await Bench.WarmUp(() => Queries(row));
                await Bench.WarmUp(() => Queries(status));
                await bench.Compare("status", callers, "queries/s", () => Queries(row), () => Queries(status));
            }
        }
        await bench.Cluster.Drop(log.Owner);
    }

    /// <summary>From the start of the process to the first answered status query, database migrated; against an empty minimal API built the same way, to its first answer.</summary>
    public static async Task Start(Bench bench)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        var data = bench.NewFolder();
        var host = await Published();
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Register"] = application, ["ConnectionStrings__RegisterMigrations"] = owner };
        Task<double> Register() => FirstAnswer(port => [host, "serve", "--urls", port, "--data", data, "--no-seed"], "/api/partnerships/DK", Path.Combine(data, "token"), settings);
        Task<double> Empty() => FirstAnswer(port => [typeof(Program).Assembly.Location, EmptyApi, port], "/", null, []);
        _ = (await Empty(), await Register()); // The first start migrates and makes the token.
        await bench.Compare("start", 1, "s", Empty, Register);
        await bench.Cluster.Drop(owner);
    }

    // As ./run and the Dockerfile make it.
    private static async Task<string> Published()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "SecurityCoop.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The project's folder is not above this program.");
        var folder = Path.Combine(root, "src", "SecurityCoop.Web", "bin", "host");
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", "src/SecurityCoop.Web", "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--use-current-runtime", "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", folder])
        {
            WorkingDirectory = root, RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? Path.Combine(folder, "securitycoop.dll") : throw new InvalidOperationException(said);
    }

    public const string EmptyApi = "--empty-api";

    public static async Task<int> RunEmptyApi(string url)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/", () => "empty");
        await app.RunAsync(url);
        return 0;
    }

    private static async Task<double> FirstAnswer(Func<string, string[]> arguments, string path, string? tokenFile, Dictionary<string, string> settings)
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var url = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("dotnet", arguments(url)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var http = new HttpClient { BaseAddress = new(url) };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        _ = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            while (clock.Elapsed < TimeSpan.FromMinutes(2))
            {
                if (process.HasExited) throw new InvalidOperationException($"{arguments(url)[0]} ended.");
                try
                {
                    if (tokenFile is not null && File.Exists(tokenFile)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(tokenFile)).Trim());
                    using var answer = await http.GetAsync(path);
                    if (answer.IsSuccessStatusCode) return clock.Elapsed.TotalSeconds;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                }
                await Task.Delay(5);
            }
            throw new TimeoutException($"{arguments(url)[0]} gave no answer.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task KeepAnswer(RegisterLog log, HostProcess host)
    {
        var answer = await host.Http.GetByteArrayAsync("/api/partnerships/" + RegisterLog.Small);
        await Cluster.Execute(log.Owner, "create table bench_answer (key text primary key, answer bytea not null); "
            + $"insert into bench_answer values ('{RegisterLog.Small}', '\\x{Convert.ToHexString(answer)}'); grant select on bench_answer to {new NpgsqlConnectionStringBuilder(log.Application).Username}");
    }
}
