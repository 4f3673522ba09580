using System.Diagnostics;
using System.Text.Json;
using SecurityCoop.PlainMarten;

namespace SecurityCoop.Benchmarks;

/// <summary>The plain application in a process of its own, on a database of its own, and a client of it.</summary>
internal sealed class PlainHost : IAsyncDisposable
{
    /// <summary>The program as it is built beside this one; the start is measured with a published one.</summary>
    public const string Program = "SecurityCoop.PlainMarten.dll";

    private readonly Cluster cluster;
    private readonly Process process;

    private PlainHost(Cluster cluster, string connection, Process process) =>
        (this.cluster, Connection, this.process) = (cluster, connection, process);

    public string Connection { get; }

    public HttpClient Http { get; private set; } = null!;

    /// <param name="status">What it answers to a query for the partner's status, once it has that in a document.</param>
    public static async Task<PlainHost> Start(Cluster cluster, string partner, byte[] status)
    {
        var connection = await Database(cluster, partner, status);
        var program = Path.Combine(AppContext.BaseDirectory, Program);
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, connection, "http://127.0.0.1:0"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var host = new PlainHost(cluster, connection, process);
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The plain application ended.");
        host.Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(url) };
        return host;
    }

    /// <summary>
    /// Measures, and has it close its connections afterwards: the server has a hundred, and whoever is measured next needs as many. Its
    /// next load opens them anew, before the time is taken (<see cref="Bench.Rate"/>).
    /// </summary>
    public async Task<double> AndRelease(Func<PlainHost, Task<double>> measure)
    {
        var figure = await measure(this);
        await process.StandardInput.WriteLineAsync("close");
        await process.StandardOutput.ReadLineAsync();
        return figure;
    }

    /// <summary>A database in which the application finds one partner.</summary>
    public static async Task<string> Database(Cluster cluster, string partner, byte[] status)
    {
        var connection = await cluster.NewPlainDatabase();
        using var answer = JsonDocument.Parse(status);
        await using var store = PlainStore.Open(connection);
        await store.Store(partner, answer.RootElement);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        process.StandardInput.Close(); // It ends with it.
        await process.WaitForExitAsync();
        process.Dispose();
        await cluster.Drop(Connection);
    }
}
