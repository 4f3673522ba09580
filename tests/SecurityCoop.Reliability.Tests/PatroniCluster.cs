using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace SecurityCoop.Reliability.Tests;

/// <summary>
/// One etcd and three PostgreSQL nodes under Patroni, on loopback, in a folder of their own: what a ministry's machines would run, in one.
/// </summary>
internal sealed class PatroniCluster : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);
    private readonly string folder;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly int etcdPort = Processes.FreePort();
    private readonly List<Node> nodes = [];
    private Process? etcd;

    private PatroniCluster(string folder) => this.folder = folder;

    /// <param name="Postmaster">Its first process; null while it does not run.</param>
    internal sealed record Node(string Name, string Folder, int Port, int Api)
    {
        public Process? Patroni { get; set; }

        public int? Postmaster => File.Exists(PidFile)
            && int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out var pid) && Processes.Lives(pid) ? pid : null;

        private string PidFile => Path.Combine(Folder, "data", "postmaster.pid");

        /// <summary>Patroni and PostgreSQL with all their processes.</summary>
        public List<int> All =>
        [
            .. Patroni is { HasExited: false } patroni ? Processes.Tree(patroni.Id) : [],
            .. Postmaster is { } pid ? Processes.Tree(pid) : [],
        ];
    }

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>All servers, for the connection string.</summary>
    public string Hosts => string.Join(',', nodes.Select(n => $"127.0.0.1:{n.Port}"));

    public static async Task<PatroniCluster> Start()
    {
        Processes.Need("postgres", "patroni", "etcd");
        var cluster = new PatroniCluster(await Processes.NewFolder());
        try
        {
            await cluster.StartAll();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task StartAll()
    {
        var (client, peer) = ($"http://127.0.0.1:{etcdPort}", $"http://127.0.0.1:{Processes.FreePort()}");
        etcd = Processes.StartServer(
            Path.Combine(folder, "etcd.log"), "etcd", "--name", "one", "--data-dir", Path.Combine(folder, "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", $"one={peer}");
        for (var n = 1; n <= 3; n++)
        {
            var node = new Node($"n{n}", await Processes.NewFolder(), Processes.FreePort(), Processes.FreePort());
            nodes.Add(node);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{node.Name}.yml"), Settings(node));
            Restart(node);
        }
        await Synchronous();
    }

    // docs/operations.md explains these.
    private string Settings(Node node) => $$"""
        scope: register
        name: {{node.Name}}
        restapi: {listen: "127.0.0.1:{{node.Api}}", connect_address: "127.0.0.1:{{node.Api}}"}
        etcd3: {host: "127.0.0.1:{{etcdPort}}"}
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 2
            retry_timeout: 5
            primary_start_timeout: 0
            synchronous_mode: true
            synchronous_mode_strict: true
            postgresql:
              use_pg_rewind: true
              parameters:
                max_connections: 150
                log_error_verbosity: terse
                log_min_error_statement: panic
                log_parameter_max_length_on_error: 0
          initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
        postgresql:
          listen: "127.0.0.1:{{node.Port}}"
          connect_address: "127.0.0.1:{{node.Port}}"
          data_dir: "{{node.Folder}}/data"
          bin_dir: "{{Processes.PostgresPrograms}}"
          pgpass: "{{node.Folder}}/pgpass"
          parameters: {unix_socket_directories: "{{node.Folder}}"}
          authentication:
            superuser: {username: postgres, password: none}
            replication: {username: replicator, password: none}
            rewind: {username: rewinder, password: none}
          pg_hba: ["host all all 127.0.0.1/32 trust", "local all all trust", "host replication all 127.0.0.1/32 trust"]
        """;

    /// <summary>Starts Patroni of a node, as a machine's service manager does; it brings PostgreSQL back.</summary>
    public void Restart(Node node)
    {
        if (node.Patroni is { HasExited: false }) return;
        node.Patroni?.Dispose();
        node.Patroni = Processes.StartServer(Path.Combine(folder, $"{node.Name}.log"), "patroni", Path.Combine(folder, $"{node.Name}.yml"));
    }

    /// <summary>Waits until all run: a leader, a synchronous standby and one more.</summary>
    public Task<TimeSpan> Synchronous() => Processes.Until(async () =>
    {
        var roles = await Roles();
        return roles.Count == nodes.Count && roles.ContainsValue("leader") && roles.ContainsValue("sync_standby");
    }, patience, "a leader with a synchronous standby");

    /// <summary>The node that leads, as Patroni knows it; null while none does.</summary>
    public async Task<Node?> Leader() =>
        (await Roles()).FirstOrDefault(r => r.Value == "leader").Key is { } name ? nodes.First(n => n.Name == name) : null;

    private async Task<Dictionary<string, string>> Roles()
    {
        foreach (var node in nodes)
        {
            try
            {
                var cluster = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{node.Api}/cluster");
                return cluster.GetProperty("members").EnumerateArray()
                    .Where(m => m.GetProperty("state").GetString() is "running" or "streaming")
                    .ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("role").GetString()!);
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
            {
                // The other one knows.
            }
        }
        return [];
    }

    /// <summary>Hands over to the standby, as for maintenance.</summary>
    public async Task SwitchOver(Node from)
    {
        using var patient = new HttpClient { Timeout = patience };
        using var answer = await patient.PostAsync(
            $"http://127.0.0.1:{from.Api}/switchover", new StringContent($$"""{"leader": "{{from.Name}}"}"""));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"Patroni refused: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>What the servers said last, for a test that failed.</summary>
    public string Logs => string.Join('\n', nodes.Select(n => Path.Combine(folder, $"{n.Name}.log")).Where(File.Exists)
        .Select(f => $"{f}:\n{string.Join('\n', File.ReadLines(f).TakeLast(15))}"));

    public async ValueTask DisposeAsync()
    {
        // Patroni first, so that it starts nothing again.
        foreach (var node in nodes)
            if (node.Patroni is { HasExited: false } patroni) Processes.Signal("KILL", Processes.Tree(patroni.Id));
        foreach (var node in nodes)
            if (node.Postmaster is { } pid) Processes.Signal("KILL", Processes.Tree(pid));
        if (etcd is { HasExited: false }) Processes.Signal("KILL", Processes.Tree(etcd.Id));
        foreach (var process in nodes.Select(n => n.Patroni).Append(etcd))
        {
            if (process is null) continue;
            await process.WaitForExitAsync();
            process.Dispose();
        }
        foreach (var node in nodes)
            await Processes.Until(() => Task.FromResult(node.Postmaster is null), TimeSpan.FromSeconds(20), "PostgreSQL's end");
        http.Dispose();
        foreach (var made in nodes.Select(n => n.Folder).Append(folder)) Directory.Delete(made, recursive: true);
    }
}
