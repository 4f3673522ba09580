using System.Diagnostics;
using Npgsql;

namespace SecurityCoop.Reliability.Tests;

/// <summary>A primary and a standby that follows it, without anybody who decides: a test promotes the standby itself.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private readonly string folder;
    private readonly int[] ports = [Processes.FreePort(), Processes.FreePort()];
    private readonly Process?[] servers = new Process?[2];

    private PostgresPair(string folder) => this.folder = folder;

    public string Hosts => $"127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}";

    /// <summary>The primary's address.</summary>
    public string Primary => $"127.0.0.1:{ports[0]}";

    /// <param name="synchronous">Whether commits wait for the standby; null: there is none.</param>
    public static async Task<PostgresPair> Start(bool? synchronous)
    {
        Processes.Need("postgres");
        var pair = new PostgresPair(await Processes.NewFolder());
        try
        {
            await Processes.RunPostgres(
                "initdb", "-D", pair.DataOf(0), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                "--data-checksums");
            await File.AppendAllTextAsync(Path.Combine(pair.DataOf(0), "postgresql.conf"),
                $"""

                unix_socket_directories = '{pair.folder}'
                max_connections = 150
                fsync = off
                wal_receiver_timeout = 0
                wal_sender_timeout = 0

                """);
            await pair.StartServer(0);
            if (synchronous is null) return pair;
            await Processes.RunPostgres(
                "pg_basebackup", "-h", "127.0.0.1", "-p", $"{pair.ports[0]}", "-U", "postgres", "-D", pair.DataOf(1), "-R", "-c", "fast",
                "--no-sync");
            await pair.StartServer(1);
            await Processes.Until(
                async () => await pair.Ask<long>(0, "select count(*) from pg_stat_replication where state = 'streaming'") == 1,
                TimeSpan.FromSeconds(20), "the standby follows");
            if (synchronous.Value)
            {
                await pair.Ask<object>(0, "alter system set synchronous_standby_names = '*'");
                await pair.Ask<object>(0, "select pg_reload_conf()");
            }
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The standby receives nothing any more, and its connection stays open.</summary>
    public async Task HoldStandbyBack() => Processes.Signal("STOP", await Ask<int>(1, "select pid from pg_stat_wal_receiver"));

    /// <summary>The primary is gone for good; the standby takes its place with what it has.</summary>
    public async Task LosePrimary()
    {
        Processes.Signal("KILL", Processes.Tree(servers[0]!.Id));
        await servers[0]!.WaitForExitAsync();
        // It never wakes up.
        Processes.Signal("KILL", await Ask<int>(1, "select pid from pg_stat_activity where backend_type = 'walreceiver'"));
        await Processes.Until(
            () => Try(() => Ask<bool>(1, "select pg_promote()")), TimeSpan.FromSeconds(30), "the standby is promoted");
    }

    public async Task<T?> Ask<T>(int server, string statement)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={ports[server]};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    private string DataOf(int server) => Path.Combine(folder, $"data{server}");

    private async Task StartServer(int server)
    {
        servers[server] = Processes.StartServer(Path.Combine(folder, $"log{server}"), Path.Combine(Processes.PostgresPrograms!, "postgres"),
            "-D", DataOf(server), "-c", $"port={ports[server]}", "-c", "listen_addresses=127.0.0.1");
        await Processes.Until(() => Try(() => Ask<bool>(server, "select true")), TimeSpan.FromSeconds(20), "PostgreSQL answers");
    }

    private static async Task<bool> Try(Func<Task<bool>> ask)
    {
        try
        {
            return await ask();
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            if (server is null) continue;
            if (!server.HasExited) Processes.Signal("KILL", Processes.Tree(server.Id));
            await server.WaitForExitAsync();
            server.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }
}
