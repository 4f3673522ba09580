using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[assembly: AssemblyFixture(typeof(SecurityCoop.TestCluster))]

namespace SecurityCoop;

/// <summary>A PostgreSQL cluster for the whole run, in a temporary folder, reached by Unix socket only. Each test class makes a database of its own.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    public const string Owner = "test_owner", Application = "test_app";

    private readonly string folder = Directory.CreateTempSubdirectory("scs").FullName;
    private int databases;

    /// <summary>Added to the server's environment.</summary>
    public (string Name, string Value)[] Settings { get; init; } = [];

    /// <summary>Whether the server waits for its disk, as it must outside tests; a killed process loses nothing without.</summary>
    public bool WaitsForDisk { get; init; }

    private string Bin { get; } = Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
        .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb"))) ?? throw new InvalidOperationException("These tests need PostgreSQL's programs (Debian: postgresql).");

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName == "root") await Run("chown", "postgres", folder);
        await Server("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--data-checksums");
        await Start();
        await Execute("postgres", $"create role {Owner} login; create role {Application} login");
    }

    /// <summary>Starts the server; it recovers by itself what was committed before it was stopped at once.</summary>
    public Task Start() => Server("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder, "log"), "-o",
        $"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync={(WaitsForDisk ? "on" : "off")} -c max_connections=200 -c log_parameter_max_length_on_error=0", "start");

    /// <summary>Stops the server as a crash would.</summary>
    public Task StopAtOnce() => Server("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Kills the server's first process and starts it anew, once the others have seen it and are gone.</summary>
    public async Task KillAndStart()
    {
        await Run("kill", "-KILL", File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Start();
                return;
            }
            catch (InvalidOperationException) when (attempt < 40)
            {
                await Task.Delay(250);
            }
        }
    }

    /// <summary>The server's files.</summary>
    public string Data => Path.Combine(folder, "data");

    /// <summary>What the server has written to its log.</summary>
    public string Log => File.ReadAllText(Path.Combine(folder, "log"));

    /// <summary>The folder of its socket.</summary>
    public string Folder => folder;

    public string ConnectionString(string database, string role) =>
        new NpgsqlConnectionStringBuilder { Host = folder, Database = database, Username = role, MaxPoolSize = 40 }.ConnectionString;

    /// <summary>An empty database, owned by the owner's role.</summary>
    public async Task<string> NewDatabase(string options = "")
    {
        var name = "t" + Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture);
        await Execute("postgres", $"create database {name} owner {Owner} {options}");
        return name;
    }

    public async Task Execute(string database, string statements, string role = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, role));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Scalar<T>(string database, string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Everything in the database as pg_dump writes it.</summary>
    public Task<string> Dump(string database) => Server("pg_dump", "-h", folder, "-U", "postgres", "--inserts", database);

    /// <summary>A new database, restored from a backup of this one.</summary>
    public async Task<string> Restore(string database)
    {
        var (name, file) = (await NewDatabase(), Path.Combine(folder, database + ".dump"));
        await Server("pg_dump", "-h", folder, "-U", "postgres", "-Fc", "-f", file, database);
        await Server("pg_restore", "-h", folder, "-U", "postgres", "--exit-on-error", "-d", name, file);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await StopAtOnce();
        Directory.Delete(folder, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    private Task<string> Server(string program, params string[] arguments) => Environment.UserName == "root"
        ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", Path.Combine(Bin, program), .. arguments])
        : Run(Path.Combine(Bin, program), arguments);

    private async Task<string> Run(string program, params string[] arguments)
    {
        // A server that inherited a pipe would keep it open: its output goes to its log, pg_ctl's own is not waited for to the end of the pipe.
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = !arguments.Contains("start"), WorkingDirectory = "/" };
        if (arguments.Contains("start"))
            foreach (var (name, value) in Settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = start.RedirectStandardOutput ? await process.StandardOutput.ReadToEndAsync() : "";
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}");
    }
}
