using JasperFx;
using Marten;
using Npgsql;
using SecurityCoop.EventStore;

namespace SecurityCoop.Store;

/// <summary>The register's Marten store and the pool of connections under it. One instance a process.</summary>
public sealed class RegisterDocuments : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;

    private RegisterDocuments(NpgsqlDataSource database, RegisterModel model, Action<StoreOptions>? more)
    {
        (this.database, Model, Bodies) = (database, model, new(model.Types));
        Store = DocumentStore.For(options =>
        {
            options.Connection(database);
            options.UseRegister(model, Bodies, AutoCreate.None);
            more?.Invoke(options);
        });
        MartenConfiguration.MustHold(Store);
    }

    public RegisterModel Model { get; }

    public DocumentStore Store { get; }

    internal EventBodies Bodies { get; }

    /// <summary>Statements of our own, beside Marten's sessions.</summary>
    internal NpgsqlDataSource Database => database;

    /// <param name="connectionString">The application's role.</param>
    /// <param name="more">Subscriptions and the like.</param>
    /// <exception cref="StartRefused">The configuration that comes of it would lose order or events.</exception>
    public static RegisterDocuments Open(string connectionString, RegisterModel model, Action<StoreOptions>? more = null)
    {
        // Prepared statements are half of the speed of an append (docs/performance.md); they live as long as their connection, so it is not reset between sessions.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = SecurityCoop.EventStore.Database.WriterName, Enlist = false, NoResetOnClose = true };
        if (!settings.ContainsKey("Max Auto Prepare")) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (64, 2);
        var database = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        return new(database, model, more);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await database.DisposeAsync();
    }
}
