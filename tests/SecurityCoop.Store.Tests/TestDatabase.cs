using JasperFx;
using Marten;
using Npgsql;

namespace SecurityCoop.Store.Tests;

/// <summary>
/// A migrated database of a class's own with a table for the sample's kind of record, and what opens a store on it.
/// </summary>
public sealed class TestDatabase(TestCluster cluster) : IAsyncLifetime
{
    private readonly List<RegisterStore> stores = [];

    public TestCluster Cluster => cluster;
    public string Name { get; private set; } = "";
    public string KeyFolder { get; } = Path.Combine(Path.GetTempPath(), "scs-keys-" + Guid.NewGuid().ToString("N"));
    public string AppConnection => cluster.ConnectionString(Name, TestCluster.Application);
    public string OwnerConnection => cluster.ConnectionString(Name, TestCluster.Owner);

    public async ValueTask InitializeAsync()
    {
        Name = await cluster.NewDatabase();
        await RegisterMigrations.Migrate(OwnerConnection, TestCluster.Application);
        await using (var marten = DocumentStore.For(o =>
        {
            o.Connection(OwnerConnection);
            o.UseRegister(Sample.Model(), AutoCreate.CreateOrUpdate);
        })) await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var owner = new NpgsqlConnection(OwnerConnection);
        await owner.OpenAsync();
        await RegisterMigrations.Grant(owner, TestCluster.Application);
    }

    /// <summary>Where subjects' keys lie instead of the folder; null: in the folder.</summary>
    public string? KeyDatabase { get; private set; }

    /// <summary>From here on stores keep subjects' keys in a database of their own.</summary>
    public async Task<string> UseKeyDatabase() =>
        KeyDatabase ??= cluster.ConnectionString(await cluster.NewDatabase(), TestCluster.Owner);

    public async Task<RegisterStore> Open(
        string? connection = null, Action<StoreOptions>? more = null, RegisterStoreOptions? options = null)
    {
        options = (options ?? new()) with { Marten = more, KeyDatabase = options?.KeyDatabase ?? KeyDatabase };
        var store = await RegisterStore.Open(connection ?? AppConnection, Sample.Model(), KeyFolder, options);
        stores.Add(store);
        return store;
    }

    public Task<T> Scalar<T>(string statement) => cluster.Scalar<T>(Name, statement);

    public Task Execute(string statements) => cluster.Execute(Name, statements);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores) await store.DisposeAsync();
        if (Directory.Exists(KeyFolder)) Directory.Delete(KeyFolder, recursive: true);
    }
}
