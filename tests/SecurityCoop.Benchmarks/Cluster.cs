using System.Globalization;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PlainMarten;
using SecurityCoop.PrivateServer;

[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace SecurityCoop.Benchmarks;

/// <summary>
/// A private PostgreSQL with the settings that the host gives its own (durable), in a temporary folder that goes with it.
/// </summary>
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
        var owner = await NewEmptyDatabase();
        var application = Named(server.AppConnectionString, new NpgsqlConnectionStringBuilder(owner).Database!);
        await MeasuredRegister.Migrate(owner, new NpgsqlConnectionStringBuilder(application).Username!);
        return (owner, application);
    }

    /// <summary>An empty database, and its owner's connection string.</summary>
    public async Task<string> NewEmptyDatabase()
    {
        var name = "bench" + Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture);
        await Execute(server.OwnerConnectionString, $"create database {name}");
        return Named(server.OwnerConnectionString, name);
    }

    /// <summary>
    /// An empty database of the plain application's, and the connection string that it uses: its settings are those of the register's own
    /// pools.
    /// </summary>
    public async Task<string> NewPlainDatabase()
    {
        var name = "plain" + Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture);
        await Execute(server.OwnerConnectionString, $"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(Named(server.OwnerConnectionString, name))
        {
            MaxAutoPrepare = 64, AutoPrepareMinUsages = 2, NoResetOnClose = true, Enlist = false, Options = "-c jit=off",
        }.ConnectionString;
        await PlainStore.Migrate(connection);
        return connection;
    }

    /// <summary>Has the planner count what stands in the tables.</summary>
    public static Task Analyze(string owner) => Execute(owner, "analyze");

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
