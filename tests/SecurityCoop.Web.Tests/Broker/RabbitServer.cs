using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;
using Xunit;

namespace SecurityCoop.Web.Tests.Broker;

/// <summary>Tests that share one broker, and may kill it.</summary>
[CollectionDefinition(nameof(OnABroker))]
public sealed class OnABroker : ICollectionFixture<RabbitServer>;

/// <summary>
/// A RabbitMQ of the tests' own: on loopback, in a temporary folder, with an epmd of its own. Without its programs the tests are skipped, in CI
/// they fail.
/// </summary>
public sealed class RabbitServer : IAsyncLifetime
{
    const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    readonly string folder = Directory.CreateTempSubdirectory("scq").FullName;
    readonly int port = FreePort(), distribution = FreePort(), names = FreePort();
    Process? epmd, server;

    /// <summary>As the host is given it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{port}");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            const string missing = "These tests need RabbitMQ (Debian: apt-get install rabbitmq-server).";
            if (Environment.GetEnvironmentVariable("CI") == "true") throw new InvalidOperationException(missing);
            Assert.Skip(missing);
        }
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.1 = 127.0.0.1:{port}\n"));
        File.WriteAllText(Path.Combine(folder, "plugins"), "[].");
        epmd = Run("epmd", "-address", "127.0.0.1", "-port", names.ToString(CultureInfo.InvariantCulture));
        await Start();
    }

    /// <summary>Starts it on what it kept, and waits until it answers.</summary>
    public async Task Start()
    {
        server = Run(Program);
        for (var begun = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                await using var connection = await Connect();
                return;
            }
            catch (Exception) when (begun.Elapsed < patience && !server.HasExited)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task Kill()
    {
        // What it is started by is a script, which ends with it.
        using (var machine = Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(folder, "pid")), CultureInfo.InvariantCulture))) machine.Kill();
        await server!.WaitForExitAsync().WaitAsync(patience);
        server.Dispose();
    }

    /// <summary>A connection of somebody beside the host; dispose it.</summary>
    public Task<IConnection> Connect() => new ConnectionFactory { Uri = new(Address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", folder), ("RABBITMQ_NODENAME", $"securitycoop-{port}@localhost"), ("RABBITMQ_NODE_PORT", $"{port}"), ("RABBITMQ_DIST_PORT", $"{distribution}"),
            ("ERL_EPMD_PORT", $"{names}"), ("ERL_EPMD_ADDRESS", "127.0.0.1"), ("RABBITMQ_MNESIA_BASE", Path.Combine(folder, "data")),
            ("RABBITMQ_LOG_BASE", Path.Combine(folder, "log")), ("RABBITMQ_CONFIG_FILE", Path.Combine(folder, "rabbitmq.conf")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder, "plugins")), ("RABBITMQ_CONF_ENV_FILE", Path.Combine(folder, "none")),
            ("RABBITMQ_PID_FILE", Path.Combine(folder, "pid")), ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
        })
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (server is not null) await Kill();
        }
        finally
        {
            if (epmd is not null)
            {
                epmd.Kill();
                await epmd.WaitForExitAsync();
                epmd.Dispose();
            }
            Directory.Delete(folder, recursive: true);
        }
    }
}
