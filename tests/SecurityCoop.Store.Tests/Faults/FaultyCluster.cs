using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>A cluster of a class's own that waits for its disk, whose calls can be made to fail; made when the first test asks for it.</summary>
public sealed class FaultyCluster : IAsyncLifetime
{
    private Injection? injection;
    private TestCluster? cluster;

    internal Injection Faults => injection!;
    public TestCluster Cluster => cluster!;
    public TestDatabase Database { get; private set; } = null!;

    /// <summary>What the paths of the server's files begin with.</summary>
    public string Wal => Path.Combine(Cluster.Data, "pg_wal");

    public string Tables => Path.Combine(Cluster.Data, "base");

    public async Task Ready()
    {
        if (cluster is not null) return;
        injection = new Injection();
        cluster = new TestCluster { Settings = injection.Settings, WaitsForDisk = true };
        await cluster.InitializeAsync();
        Database = new TestDatabase(cluster);
        await Database.InitializeAsync();
    }

    /// <summary>Waits until the server answers again after it ended its connections by itself.</summary>
    public async Task Answers()
    {
        NpgsqlConnection.ClearAllPools();
        for (var waited = 0; ; waited++)
        {
            try
            {
                await Database.Scalar<int>("select 1");
                return;
            }
            catch (NpgsqlException) when (waited < 400)
            {
                await Task.Delay(50);
            }
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (cluster is null) return;
        Faults.Clear();
        await Database.DisposeAsync();
        await cluster.DisposeAsync();
        injection!.Dispose();
    }
}
