namespace SecurityCoop.OwnEngine.Tests;

/// <summary>A migrated database of a class's own, and what opens a store on it.</summary>
public sealed class TestDatabase(TestCluster cluster) : IAsyncLifetime
{
    private readonly List<EventStore> stores = [];

    public TestCluster Cluster => cluster;
    public string Name { get; private set; } = "";
    public string KeyFolder { get; } = Path.Combine(Path.GetTempPath(), "scs-keys-" + Guid.NewGuid().ToString("N"));
    /// <summary>Where subjects' keys lie instead of the folder; null: in the folder.</summary>
    public string? KeyDatabase { get; private set; }
    public string AppConnection => cluster.ConnectionString(Name, TestCluster.Application);

    public async ValueTask InitializeAsync()
    {
        Name = await cluster.NewDatabase();
        await RegisterSchema.Migrate(cluster.ConnectionString(Name, TestCluster.Owner), TestCluster.Application);
    }

    /// <summary>From here on stores keep subjects' keys in a database of their own.</summary>
    public async Task<string> UseKeyDatabase() => KeyDatabase ??= cluster.ConnectionString(await cluster.NewDatabase(), TestCluster.Owner);

    public async Task<EventStore> Open(IReadOnlyList<View>? views = null, EventStoreOptions? options = null)
    {
        var store = await EventStore.Open(AppConnection, Sample.Types, views ?? Sample.NewViews(), KeyFolder, (options ?? new()) with { KeyDatabase = options?.KeyDatabase ?? KeyDatabase });
        stores.Add(store);
        return store;
    }

    public Task<T> Scalar<T>(string statement) => cluster.Scalar<T>(Name, statement);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores) await store.DisposeAsync();
        if (Directory.Exists(KeyFolder)) Directory.Delete(KeyFolder, recursive: true);
    }
}
