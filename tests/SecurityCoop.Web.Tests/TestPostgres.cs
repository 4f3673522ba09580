using SecurityCoop.Store;
using System.Globalization;
using Npgsql;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace SecurityCoop.Web.Tests;

/// <summary>One private PostgreSQL for the run, the same as the host starts; each test class takes a migrated database of its own.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("web-tests-").FullName;
    readonly SemaphoreSlim one = new(1);
    EmbeddedPostgres? server;
    int databases;

    /// <summary>Where the server keeps everything: tables, write-ahead log, its own log.</summary>
    public string ServerFolder => File.Exists(Path.Combine(folder, "data", "postgres-folder"))
        ? File.ReadAllText(Path.Combine(folder, "data", "postgres-folder")).Trim() : Path.Combine(folder, "data", "postgres");

    /// <summary>An empty database, migrated: the application's connection string and the owner's. Without PostgreSQL the test is skipped, in CI it fails.</summary>
    public async Task<(string Application, string Owner)> NewDatabase()
    {
        await one.WaitAsync();
        try
        {
            server ??= await Start();
            var name = "test" + (++databases).ToString(CultureInfo.InvariantCulture);
            await using (var connection = new NpgsqlConnection(server.OwnerConnectionString))
            {
                await connection.OpenAsync();
                await using var create = new NpgsqlCommand($"create database {name}", connection);
                await create.ExecuteNonQueryAsync();
            }
            var (application, owner) = (In(name, server.AppConnectionString), In(name, server.OwnerConnectionString));
            await RegisterMigrations.Migrate(owner, new NpgsqlConnectionStringBuilder(application).Username!);
            return (application, owner);
        }
        finally
        {
            one.Release();
        }
    }

    async Task<EmbeddedPostgres> Start()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // PostgreSQL may run as another user
        try
        {
            return await EmbeddedPostgres.Start(Path.Combine(folder, "data"), _ => { }, CancellationToken.None);
        }
        catch (StartRefused refused) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(refused.Message);
            throw;
        }
    }

    static string In(string database, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
