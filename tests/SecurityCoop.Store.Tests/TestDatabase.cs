using JasperFx;
using Marten;
using Npgsql;

namespace SecurityCoop.Store.Tests;

/// <summary>
/// A database of a class's own with Marten's tables for the sample's kind of record and the register's own, and what opens a store on it.
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
        await using (var marten = DocumentStore.For(o =>
        {
            o.Connection(OwnerConnection);
            o.UseRegister(Sample.Model(), AutoCreate.CreateOrUpdate);
        })) await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var owner = new NpgsqlConnection(OwnerConnection);
        await owner.OpenAsync();
        foreach (var migration in RegisterMigrations.OwnTables)
        {
            await using var own = new NpgsqlCommand(migration.Text, owner);
            await own.ExecuteNonQueryAsync();
        }
        await RegisterMigrations.Grant(owner, TestCluster.Application);
    }

    public async Task<RegisterStore> Open(string? connection = null, Action<StoreOptions>? more = null)
    {
        var store = await RegisterStore.Open(connection ?? AppConnection, Sample.Model(), KeyFolder, new() { Marten = more });
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
