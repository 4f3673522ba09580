using System.Diagnostics;
using System.Net;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>The program itself, as it is run, where it is short of files or of room for what it writes.</summary>
[Trait("Run", "long")]
public sealed class ServingFaultTests(TestCluster cluster) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("scs-serving").FullName;
    private readonly List<Process> started = [];

    // Its output goes where an argument says, if one does.
    private Process Start(Injection faults, string database, string arguments, string output = "")
    {
        var program = Path.Combine(AppContext.BaseDirectory, "securitycoop.dll");
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo("sh", ["-c", $"exec '{dotnet}' '{program}' {arguments} --data '{folder}/data' {output}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Register"] = cluster.ConnectionString(database, TestCluster.Application);
        start.Environment["ConnectionStrings__RegisterMigrations"] = cluster.ConnectionString(database, TestCluster.Owner);
        foreach (var (name, value) in faults.Settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    [Fact]
    public async Task A_host_short_of_files_or_of_room_for_its_log_goes_on_and_an_export_that_does_not_fit_leaves_no_part()
    {
        using var faults = new Injection();
        var database = await cluster.NewDatabase();
        int port;
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        // What it logs goes to a disk that is always full.
        var host = Start(faults, database, $"serve --no-seed --urls http://127.0.0.1:{port}", ">/dev/full 2>/dev/full");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
        await Ready(http, host);

        // No handle for a caller's connection: it is taken once there is one.
        faults.Set(new Rule("accept", Rule.TooManyFiles));
        using (var late = new HttpClient { BaseAddress = http.BaseAddress, Timeout = TimeSpan.FromMilliseconds(700) })
            await Should.ThrowAsync<Exception>(late.GetAsync("/health/live"));
        faults.Met().ShouldBeGreaterThan(0);
        faults.Clear();
        using (var after = new HttpClient { BaseAddress = http.BaseAddress, Timeout = TimeSpan.FromSeconds(5) })
            await Ready(after, host);

        var (file, files) = (Path.Combine(folder, "export"), Directory.GetFileSystemEntries(folder));
        faults.Set(new Rule("write", Rule.NoSpace, file));
        var export = Start(faults, database, $"export '{file}'");
        var said = await export.StandardError.ReadToEndAsync() + await export.StandardOutput.ReadToEndAsync();
        await export.WaitForExitAsync();
        faults.Met().ShouldBeGreaterThan(0, said);
        export.ExitCode.ShouldBe(1, said);
        said.ShouldContain($"The export cannot be written to {file}");
        faults.Clear();
        Directory.GetFileSystemEntries(folder).ShouldBe(files, ignoreOrder: true, "no part of an export is left");
        await Ready(http, host);
    }

    private static async Task Ready(HttpClient http, Process host)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            host.HasExited.ShouldBeFalse();
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && clock.Elapsed.TotalSeconds < 60)
            {
                // It starts.
            }
            clock.Elapsed.TotalSeconds.ShouldBeLessThan(60);
        }
    }

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }
}
