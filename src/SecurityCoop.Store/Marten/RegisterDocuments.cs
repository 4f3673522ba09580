using System.Globalization;
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
        "-c synchronous_commit=on -c client_min_messages=warning -c jit=off "
        + "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    // Wolverine's leader holds a lock for as long as its connection lives. A host that was stopped (SIGSTOP, a frozen machine) answers
    // keepalives and would lead for ever without leading; one that lives uses the connection every few seconds.
    private const string MessagingSettings = ReaderSettings + " -c idle_session_timeout=60s";

    // The lock on a follower of the log lives as long as its connection. Of a host whose machine lost its power or its network, PostgreSQL
    // would learn after hours; so it asks.
    private const string ReaderSettings =
        "-c jit=off -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    // The committer has one at a time, and another while it finds out what became of a lost one.
    private const int Writers = 4;

    // Wolverine asks one thing at a time, beside its lock and the messages that are handled.
    private const int Messengers = 8;

    // Well before the server ends them: only what is in use, as the leader's lock is, must be able to grow as old as that.
    private const int IdleMessengerSeconds = 20;

    private const int KeptSeconds = 5;

    private readonly NpgsqlDataSource readers, writers;

    private RegisterDocuments(
        NpgsqlDataSource readers, NpgsqlDataSource writers, NpgsqlDataSource messaging, RegisterModel model, Action<StoreOptions>? more)
    {
        (this.readers, this.writers, Messaging, Model, Bodies) = (readers, writers, messaging, model, new(model.Types));
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

    /// <summary>
    /// Connections that are reset between two sessions. Wolverine gives the one of its leader's lock back also where it could not let go
    /// of the lock, as after a question that took longer than two seconds: elsewhere the lock would stay with the pool, and no host
    /// would lead again.
    /// </summary>
    internal NpgsqlDataSource Messaging { get; }

    /// <param name="connectionString">The application's role.</param>
    /// <param name="headPatience">How long a commit waits for the head at most.</param>
    /// <param name="more">Subscriptions and the like.</param>
    /// <exception cref="StartRefused">The configuration that comes of it would lose order or events.</exception>
    /// <param name="most">Connections for reading at most; absent: as the connection string says.</param>
    public static RegisterDocuments Open(
        string connectionString, RegisterModel model, TimeSpan headPatience, Action<StoreOptions>? more = null, int? most = null)
    {
        var readers = Pool(connectionString, "SecurityCoop reader", ReaderSettings, most);
        // Of their own: readers that wait for a connection never keep a command waiting.
        var writers = Pool(connectionString, SecurityCoop.Store.Database.WriterName, $"{WriterSettings} {Bound(headPatience)}", Writers);
        var messaging = Pool(connectionString, "SecurityCoop messaging", MessagingSettings, Messengers, reset: true);
        return new(readers, writers, messaging, model, more);
    }

    /// <summary>
    /// A session on a connection of the writer's, whose transaction Marten begins, commits and gives back with the connection.
    /// </summary>
    internal IDocumentSession OpenWriting() => Store.LightweightSession(SessionOptions.ForConnection(writers.CreateConnection()));

    /// <summary>
    /// Waits until all that can be seen in the database is on disk, and with a synchronous standby on its disk too: a commit that writes
    /// comes after them and is confirmed in the same order.
    /// </summary>
    /// <exception cref="StoreAway">It could not be had in time; what was seen may still be lost with the primary.</exception>
    internal async Task MustBeKept(CancellationToken stop = default)
    {
        try
        {
            await using var connection = writers.CreateConnection();
            await connection.OpenAsync(stop);
            using var doubt = new CommitDoubt(connection);
            await using var write = new NpgsqlCommand("select pg_logical_emit_message(true, 'securitycoop', '')", connection);
            write.CommandTimeout = KeptSeconds;
            await write.ExecuteNonQueryAsync(stop);
            if (doubt.Raised) throw new TimeoutException("The standby did not confirm in time.");
        }
        catch (Exception failure) when (CommitFailure.IsLostConnection(failure) || failure is TimeoutException)
        {
            throw new StoreAway(failure);
        }
    }

    private static string Bound(TimeSpan headPatience) =>
        string.Create(CultureInfo.InvariantCulture, $"-c lock_timeout={(long)headPatience.TotalMilliseconds}");

    // A reset between two sessions costs as much as a short question does. Where nothing is left behind on a connection there is none.
    private static NpgsqlDataSource Pool(string connectionString, string name, string options, int? most, bool reset = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name, Enlist = false, NoResetOnClose = !reset,
        };
        if (!settings.ShouldSerialize("Command Timeout"))
            settings.CommandTimeout = PrimaryServer.NamesSeveral(settings) ? PrimaryServer.CommandSeconds : (int)commandTimeout.TotalSeconds;
        if (reset) settings.ConnectionIdleLifetime = IdleMessengerSeconds;
        if (most is { } size) settings.MaxPoolSize = size;
        settings.Options = $"{settings.Options} {options}".TrimStart();
        if (!settings.ShouldSerialize("Max Auto Prepare")) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (64, 2);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildForPrimary();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await readers.DisposeAsync();
        await writers.DisposeAsync();
        await Messaging.DisposeAsync();
    }
}
