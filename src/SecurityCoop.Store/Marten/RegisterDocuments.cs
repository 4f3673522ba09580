using JasperFx;
using Marten;
using Marten.Services;
using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>The register's Marten store and the connections under it. One instance a process.</summary>
public sealed class RegisterDocuments : IAsyncDisposable
{
    private static readonly TimeSpan commandTimeout = TimeSpan.FromSeconds(60);

    // What is written goes through keys, and a plan made while a table was small would be kept with its prepared statement.
    // Whatever the role's or the database's default is, an acknowledged commit is on disk.
    private const string WriterSettings =
        "-c synchronous_commit=on -c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    // The lock on a follower of the log lives as long as its connection. Of a host whose machine lost its power or its network, PostgreSQL
    // would learn after hours; so it asks.
    private const string ReaderSettings =
        "-c jit=off -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    // The committer has one at a time, and another while it finds out what became of a lost one.
    private const int Writers = 4;

    private readonly NpgsqlDataSource readers, writers;

    private RegisterDocuments(NpgsqlDataSource readers, NpgsqlDataSource writers, RegisterModel model, Action<StoreOptions>? more)
    {
        (this.readers, this.writers, Model, Bodies) = (readers, writers, model, new(model.Types));
        Store = DocumentStore.For(options =>
        {
            options.Connection(readers);
            options.UseRegister(model, Bodies, AutoCreate.None);
            more?.Invoke(options);
        });
        MartenConfiguration.MustHold(Store);
    }

    public RegisterModel Model { get; }

    public DocumentStore Store { get; }

    internal EventBodies Bodies { get; }

    /// <summary>Statements of our own, beside Marten's sessions.</summary>
    internal NpgsqlDataSource Database => readers;

    /// <param name="connectionString">The application's role.</param>
    /// <param name="more">Subscriptions and the like.</param>
    /// <exception cref="StartRefused">The configuration that comes of it would lose order or events.</exception>
    /// <param name="most">Connections for reading at most; absent: as the connection string says.</param>
    public static RegisterDocuments Open(
        string connectionString, RegisterModel model, Action<StoreOptions>? more = null, int? most = null)
    {
        var readers = Pool(connectionString, "SecurityCoop reader", ReaderSettings, most);
        // Of their own: readers that wait for a connection never keep a command waiting.
        var writers = Pool(connectionString, SecurityCoop.Store.Database.WriterName, WriterSettings, Writers);
        return new(readers, writers, model, more);
    }

    /// <summary>
    /// A session on a connection of the writer's, whose transaction Marten begins, commits and gives back with the connection.
    /// </summary>
    internal IDocumentSession OpenWriting() => Store.LightweightSession(SessionOptions.ForConnection(writers.CreateConnection()));

    // Prepared statements are half of the speed of an append; they live as long as their connection, so it is not reset between sessions.
    private static NpgsqlDataSource Pool(string connectionString, string name, string options, int? most)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name, Enlist = false, NoResetOnClose = true, CommandTimeout = (int)commandTimeout.TotalSeconds,
        };
        if (most is { } size) settings.MaxPoolSize = size;
        settings.Options = $"{settings.Options} {options}".TrimStart();
        if (!settings.ShouldSerialize("Max Auto Prepare")) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (64, 2);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await readers.DisposeAsync();
        await writers.DisposeAsync();
    }
}
