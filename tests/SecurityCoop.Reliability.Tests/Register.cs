using Npgsql;

namespace SecurityCoop.Reliability.Tests;

/// <summary>A database of a cluster's with hosts upon it, and what must hold of it afterwards.</summary>
internal sealed class Register : IAsyncDisposable
{
    private readonly List<HostProcess> hosts = [];
    private readonly List<HttpClient> clients = [];
    private int started;

    private Register(string servers, string folder) =>
        (Servers, Data, Settings) = (servers, Path.Combine(folder, "data"), new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Register"] = $"Host={servers};Username=app;Database=register",
            ["ConnectionStrings__RegisterMigrations"] = $"Host={servers};Username=owner;Database=register",
        });

    public string Servers { get; }
    public string Data { get; }
    public Dictionary<string, string> Settings { get; }
    public IReadOnlyList<HostProcess> Hosts => hosts;

    /// <summary>Signed in at each host.</summary>
    public IReadOnlyList<HttpClient> Clients => clients;

    public string Token => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    /// <param name="servers">Their addresses, separated by commas; one of them takes writes.</param>
    /// <param name="count">Hosts, each with a copy of the keys.</param>
    /// <param name="more">Of the host's connection string.</param>
    /// <param name="settings">Of the hosts' environment, one a line.</param>
    public static async Task<Register> Start(string servers, int count, string more = "", string settings = "")
    {
        var register = new Register(servers, Directory.CreateTempSubdirectory("scr-host").FullName);
        register.Settings["ConnectionStrings__Register"] += $";{more}";
        foreach (var setting in settings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            register.Settings[setting.Split('=')[0]] = setting[(setting.IndexOf('=') + 1)..];
        await register.Execute("create role owner login; create role app login", "postgres");
        await register.Execute("create database register owner owner", "postgres");
        try
        {
            await register.AddHost();
            await Task.WhenAll(Enumerable.Range(1, count - 1).Select(_ => register.AddHost()));
            return register;
        }
        catch
        {
            await register.DisposeAsync();
            throw;
        }
    }

    public async Task<HostProcess> AddHost()
    {
        // A folder is used by one host; the others have copies of its keys, as on machines of their own.
        var (data, number) = (Data, Interlocked.Increment(ref started));
        if (number > 1)
        {
            data = $"{Data}{number}";
            await Processes.Run("cp", "-a", Data, data);
        }
        var host = await HostProcess.Serve(data, Settings);
        lock (hosts)
        {
            hosts.Add(host);
            clients.Add(host.Client(Token));
        }
        return host;
    }

    /// <summary>Ends a host as a crash would; it is none of the register's any more.</summary>
    public async Task Kill(HostProcess host)
    {
        clients[hosts.IndexOf(host)].Dispose();
        clients.RemoveAt(hosts.IndexOf(host));
        hosts.Remove(host);
        await host.DisposeAsync();
    }

    /// <summary>The first value of a question.</summary>
    public async Task<T?> Ask<T>(string statement)
    {
        await using var connection = await Open("register");
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task Execute(string statement, string database = "register")
    {
        await using var connection = await Open(database);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What is wrong with the log in the database, compared with what clients were told; empty where nothing is.</summary>
    public async Task<(List<string> Faults, long Size)> Compare(IReadOnlyCollection<Acknowledged> told)
    {
        var (events, faults) = (new Dictionary<long, Guid>(), new List<string>());
        var titles = new Dictionary<string, int>(StringComparer.Ordinal);
        await using (var connection = await Open("register"))
        await using (var command = new NpgsqlCommand("select seq_id, id, data ->> 'title' from register.mt_events order by seq_id", connection))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
            {
                events[reader.GetInt64(0)] = reader.GetGuid(1);
                if (!reader.IsDBNull(2)) titles[reader.GetString(2)] = titles.GetValueOrDefault(reader.GetString(2)) + 1;
            }
        if (!events.Keys.SequenceEqual(Enumerable.Range(1, events.Count).Select(n => (long)n))) faults.Add("the positions are not dense");
        faults.AddRange(titles.Where(t => t.Value > 1).Select(t => $"{t.Key} was recorded {t.Value} times"));
        foreach (var one in told)
            if (!titles.ContainsKey(one.Title) || !one.Events.All(e => events.GetValueOrDefault(e.Position) == e.Id))
                faults.Add($"{one.Title} was acknowledged and is lost");
        return (faults, events.Count);
    }

    /// <summary>Waits until a checkpoint covers all; how long that took.</summary>
    public Task<TimeSpan> Signed(TimeSpan within) => Processes.Until(async () => await Ask<bool>(
        "select max(c.size) = max(h.size) from register.ledger_checkpoint c, register.log_head h"), within, "all is signed");

    /// <summary>`securitycoop verify` beside the hosts.</summary>
    public async Task MustBeSound()
    {
        var (printed, code) = await HostProcess.Run(["verify", "--data", Data], Settings);
        code.ShouldBe(0, printed);
        printed.ShouldContain("SOUND");
    }

    private async Task<NpgsqlConnection> Open(string database)
    {
        var connection = new NpgsqlConnection(
            $"Host={Servers};Username=postgres;Database={database};Pooling=false;Timeout=5"
            + (Servers.Contains(',', StringComparison.Ordinal) ? ";Target Session Attributes=primary" : ""));
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        foreach (var host in hosts) await host.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Data)!, recursive: true);
    }
}
