using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Benchmarks;

/// <summary>The register's host in a process of its own (this program, started once more), and a client of it that may do everything.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const string Argument = "--host";

    /// <summary>Reads one row by its primary key and answers with its bytes: what status queries are compared with.</summary>
    public const string RowPath = "/bench/row/";

    private readonly Process process;

    private HostProcess(Process process) => this.process = process;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Resident when the log was open, and after <c>fill</c>.</summary>
    public double EmptyMegabytes { get; private set; }
    public double Megabytes { get; private set; }

    /// <summary>Resident now, in megabytes.</summary>
    public double ResidentNow
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    /// <param name="fill">How many events the host writes before it serves.</param>
    public static async Task<HostProcess> Start(string application, string data, long fill = 0)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Program.Self, Argument, application, data, fill.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var host = new HostProcess(process);
        async Task<string> Line() => await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended.");
        host.EmptyMegabytes = double.Parse(await Line(), CultureInfo.InvariantCulture);
        host.Megabytes = double.Parse(await Line(), CultureInfo.InvariantCulture);
        host.Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(await Line()) };
        host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Line());
        host.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return host;
    }

    public static async Task<int> Run(string[] args)
    {
        var (application, data) = (args[0], args[1]);
        Directory.CreateDirectory(data);
        var builder = WebApplication.CreateSlimBuilder();
        await using var store = await Setup.OpenStore(application, data, CancellationToken.None, serving: builder.Configuration);
        Console.WriteLine(Resident());
        if (long.Parse(args[2], CultureInfo.InvariantCulture) is > 0 and var fill) await RegisterLog.Fill(store, fill);
        Console.WriteLine(Resident());

        builder.Logging.ClearProviders();
        builder.Configuration["Register:RequestsPerSecond"] = "0"; // What a host can do is measured, by one caller.
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = Setup.Build(builder, store, application);
        await using var rows = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(application) { MaxPoolSize = 16, MaxAutoPrepare = 5, AutoPrepareMinUsages = 2, NoResetOnClose = true }.ConnectionString);
        app.MapGet(RowPath + "{key}", async (string key) =>
        {
            await using var command = rows.CreateCommand("select answer from bench_answer where key = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
            return Results.Bytes((byte[])(await command.ExecuteScalarAsync())!, "application/json; charset=utf-8");
        }).Needs(Role.Reader);
        await app.StartAsync();
        app.Services.GetRequiredService<Readiness>().Loaded = true;
        await Followed(app.Services.GetRequiredService<LogDaemon>());
        var (_, token) = await app.Services.GetRequiredService<AccessTokens>().Create("bench", Enum.GetValues<Role>().ToHashSet(), Marking.Secret, "bench", null, default);
        Console.WriteLine(app.Urls.Single());
        Console.WriteLine(token);
        await Console.In.ReadLineAsync();
        return 0;
    }

    // Until the followers have read the log, they take the time of whatever else is measured.
    private static async Task Followed(LogDaemon daemon)
    {
        while ((await daemon.States()).Any(f => f.Behind > 0)) await Task.Delay(TimeSpan.FromSeconds(1));
    }

    private static string Resident()
    {
        using var me = Process.GetCurrentProcess();
        return (me.WorkingSet64 / 1048576.0).ToString("0", CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
