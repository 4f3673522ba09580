using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace SecurityCoop.Benchmarks;

/// <summary>Over HTTP, against the host in a process of its own.</summary>
internal static class HttpBenchmarks
{
    private const string Meeting = """{"partners":["DK"],"kind":"working-meeting","date":"2026-01-27","place":"Rabat"}""";
    private const string Action = """{"partner":"DK","what":"Name a point of contact","owedBy":"partner","on":"2026-01-20"}""";
    private const string FollowUp = """{"on":"2026-01-30","note":"The point of contact was named by letter; the desk asked from when."}""";

    private const int FollowUpsOfAction = 50;

    /// <summary>
    /// Commands, validated, decided, appended, of the register's signed in as well: a new meeting, and a follow-up of an action that is
    /// loaded for it. Against the raw floor of <c>append</c> at as many connections, and the same requests to the plain application.
    /// </summary>
    public static async Task Command(Bench bench)
    {
        var rows = await RawRows.Of(bench.Cluster);
        var (owner, application) = await bench.Cluster.NewDatabase();
        await using (var host = await HostProcess.Start(application, bench.NewFolder()))
        await using (var plain = await PlainHost.Start(bench.Cluster, RegisterLog.Small, "{}"u8.ToArray()))
            foreach (var callers in bench.Clients(1, 64))
                foreach (var (name, load) in new (string, Load)[] { ("command", Meetings), ("command-follow-up", FollowUps) })
                {
                    Task<double> Commands() => load(bench, callers, host.Http, owner);
                    Task<double> Plain() => plain.AndRelease(other => load(bench, callers, other.Http, other.Connection));
                    await Bench.WarmUp(Plain);
                    await Bench.WarmUp(Commands);
                    Task<double> Floor() => AppendBenchmarks.Raw(bench, rows, Math.Min(callers, 64));
                    await bench.Compare(name, callers, "commands/s", Floor, Commands, Plain);
                }
        await bench.Cluster.Drop(owner);
    }

    private delegate Task<double> Load(Bench bench, int callers, HttpClient http, string owner);

    /// <summary>New meetings a second.</summary>
    public static Task<double> Meetings(Bench bench, int callers, HttpClient http, string owner) =>
        bench.Rate(callers, _ => Task.FromResult<Func<Task>>(() => Post(http, "/api/meetings", Meeting)), owner);

    /// <summary>Follow-ups a second; each caller has an action of its own, and after fifty of them agrees on the next.</summary>
    private static Task<double> FollowUps(Bench bench, int callers, HttpClient http, string owner) => bench.Rate(callers, _ =>
    {
        var (action, done) = ("", 0);
        return Task.FromResult<Func<Task>>(async () =>
        {
            if (done++ % FollowUpsOfAction == 0)
            {
                using var agreed = JsonDocument.Parse(await Post(http, "/api/actions", Action));
                // The register's answers name a record by its reference, the plain application's by its id.
                if (!agreed.RootElement.TryGetProperty("reference", out var name)) name = agreed.RootElement.GetProperty("id");
                action = name.GetString()!;
            }
            await Post(http, $"/api/actions/{action}/follow-ups", FollowUp);
        });
    }, owner);

    private static async Task<string> Post(HttpClient http, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, body);
        var said = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? said : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {said}");
    }

    /// <summary>
    /// Status queries of one partner with ten meetings, always current; against the same host reading one row by primary key and answering
    /// with the same bytes, and the plain application answering with the same status from a document that it reads by its key.
    /// </summary>
    public static async Task Status(Bench bench)
    {
        var log = await RegisterLog.Make(bench.Cluster, 2000);
        await using (var host = await HostProcess.Start(log.Application, log.Data))
        await using (var plain = await PlainHost.Start(bench.Cluster, RegisterLog.Small, await KeepAnswer(log, host)))
            foreach (var callers in bench.Clients(64))
            {
                Task<double> Queries(HttpClient http, string path) =>
                    bench.Rate(callers, _ => Task.FromResult<Func<Task>>(() => http.GetByteArrayAsync(path)));
                var (row, status) = (HostProcess.RowPath + RegisterLog.Small, "/api/partnerships/" + RegisterLog.Small);
                await Bench.WarmUp(() => Queries(host.Http, row));
                await Bench.WarmUp(() => Queries(plain.Http, status));
                await Bench.WarmUp(() => Queries(host.Http, status));
                await bench.Compare("status", callers, "queries/s",
                    () => Queries(host.Http, row), () => Queries(host.Http, status), () => Queries(plain.Http, status));
            }
        await bench.Cluster.Drop(log.Owner);
    }

    /// <summary>
    /// From the start of the process to the first answered status query, database migrated; against an empty minimal API built the same
    /// way, to its first answer, and the plain application, published as the host is, to the status that it reads from a document.
    /// </summary>
    public static async Task Start(Bench bench)
    {
        const string status = "/api/partnerships/" + RegisterLog.Small;
        var (owner, application) = await bench.Cluster.NewDatabase();
        var database = await PlainHost.Database(bench.Cluster, RegisterLog.Small, "{}"u8.ToArray());
        var data = bench.NewFolder();
        var host = Path.Combine(await Published("src/SecurityCoop.Web", "host"), "securitycoop.dll");
        var other = Path.Combine(await Published("tests/SecurityCoop.PlainMarten", "published"), PlainHost.Program);
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Register"] = application, ["ConnectionStrings__RegisterMigrations"] = owner };
        Task<double> Register() => FirstAnswer(
            port => [host, "serve", "--urls", port, "--data", data, "--no-seed"], status, Path.Combine(data, "token"), settings);
        Task<double> Empty() => FirstAnswer(port => [typeof(Program).Assembly.Location, EmptyApi, port], "/", null, []);
        Task<double> Plain() => FirstAnswer(port => [other, database, port], status, null, []);
        _ = (await Empty(), await Plain(), await Register()); // The first start migrates and makes the token.
        await bench.Compare("start", 1, "s", Empty, Register, Plain);
        // With traces and metrics, to an address at which nobody listens: what loading and starting them costs.
        var telling = new Dictionary<string, string>(settings) { ["Register__Otlp"] = "http://127.0.0.1:4318" };
        Task<double> Telling() => FirstAnswer(
            port => [host, "serve", "--urls", port, "--data", data, "--no-seed"], status, Path.Combine(data, "token"), telling);
        await bench.Compare("start-otlp", 1, "s", Register, Telling);
        await bench.Cluster.Drop(owner);
        await bench.Cluster.Drop(database);
    }

    // As ./run and the Dockerfile make it.
    private static async Task<string> Published(string project, string output)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "SecurityCoop.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The project's folder is not above this program.");
        var folder = Path.Combine(root, project, "bin", output);
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", project, "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--use-current-runtime",
                "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", folder])
        {
            WorkingDirectory = root, RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException(said);
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
        var start = new ProcessStartInfo("dotnet", arguments(url))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
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

    private static async Task<byte[]> KeepAnswer(RegisterLog log, HostProcess host)
    {
        var answer = await host.Http.GetByteArrayAsync("/api/partnerships/" + RegisterLog.Small);
        await Cluster.Execute(log.Owner, "create table bench_answer (key text primary key, answer bytea not null); "
            + $"insert into bench_answer values ('{RegisterLog.Small}', '\\x{Convert.ToHexString(answer)}'); grant select on bench_answer to {new NpgsqlConnectionStringBuilder(log.Application).Username}");
        return answer;
    }
}
