using JasperFx;
using JasperFx.CodeGeneration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecurityCoop.EventStore;
using SecurityCoop.PrivateServer;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;
using Wolverine.RDBMS;
using Wolverine.Runtime;

namespace SecurityCoop.Marten;

/// <summary>What leaves the register by itself, and how it is sent.</summary>
/// <param name="Tell">Sends every event up to a position that has not left yet, in order, and moves the cursor. False while another process is at it.</param>
/// <param name="Remind">Sends the reminders of every day that has begun and was not reminded of yet. False while another process is at it.</param>
/// <param name="Every">How often the scheduler looks whether a day has begun.</param>
public sealed record Leaving(Func<long, CancellationToken, Task<bool>> Tell, Func<CancellationToken, Task<bool>> Remind, TimeSpan Every);

/// <summary>
/// Wolverine in the register: commands go through its bus, conflicts by its policies, what leaves the register by its durable outbox and its scheduler. Its
/// messages are committed in the register's own transaction.
/// </summary>
public sealed class Messaging : IHostedService, IAsyncDisposable
{
    /// <summary>The schema of Wolverine's tables.</summary>
    public const string Schema = "wolverine";

    private const string Queue = "leaving";

    private readonly EventStore.EventStore store;
    private readonly Leaving? leaving;
    private readonly ServiceProvider services;
    private readonly IHostedService[] parts;
    private readonly IWolverineRuntime runtime;

    /// <param name="store">Opened with <see cref="MartenEngine"/>.</param>
    /// <param name="connectionString">The application's role.</param>
    /// <param name="leaving">Null: nothing leaves, and nothing is kept in Wolverine's tables.</param>
    public Messaging(EventStore.EventStore store, string connectionString, Leaving? leaving, ILoggerFactory loggers)
    {
        (this.store, this.leaving) = (store, leaving);
        services = Services(loggers, o =>
        {
            o.AddMessageHandler(new CommandHandler());
            if (leaving is null)
            {
                o.Durability.Mode = DurabilityMode.MediatorOnly;
                return;
            }
            Persist(o, connectionString);
            o.AutoBuildMessageStorageOnStartup = AutoCreate.None; // Migrate makes it, as the schema's owner.
            o.AddMessageHandler(new RecordedHandler(leaving));
            o.AddMessageHandler(new LookHandler(store, leaving));
            o.PublishMessage<Recorded>().ToLocalQueue(Queue);
            o.PublishMessage<Look>().ToLocalQueue(Queue);
            o.LocalQueue(Queue).Sequential().UseDurableInbox();
        });
        runtime = services.GetRequiredService<IWolverineRuntime>();
        parts = [.. services.GetServices<IHostedService>()];
    }

    /// <summary>Brings Wolverine's tables up to date and lets the application's role use them.</summary>
    /// <param name="ownerConnectionString">The role that owns the register's schema.</param>
    /// <exception cref="StartRefused">The database refuses, or cannot be reached.</exception>
    public static async Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop)
    {
        try
        {
            await using var services = Services(LoggerFactory.Create(_ => { }), o => Persist(o, ownerConnectionString));
            await services.GetRequiredService<IMessageStore>().Admin.MigrateAsync();
            await using var database = ConnectionPool.Of(new(ownerConnectionString) { Pooling = false, ApplicationName = "SecurityCoop migration" });
            var role = '"' + applicationRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
            await using var grant = database.CreateCommand(
                $"grant usage on schema {Schema} to {role}; grant select, insert, update, delete on all tables in schema {Schema} to {role}; grant usage on all sequences in schema {Schema} to {role}");
            await grant.ExecuteNonQueryAsync(stop);
        }
        catch (Exception refused) when (refused.GetBaseException() is NpgsqlException why)
        {
            throw new StartRefused($"The database refused Wolverine's tables: {why.Message}", refused);
        }
    }

    /// <summary>Runs a command's attempts, until one is no conflict or the policy's retries are over.</summary>
    /// <exception cref="VersionConflict">Still, after the last retry.</exception>
    public async Task<CommandOutcome> Run(Guid id, Func<CancellationToken, Task<CommandOutcome>> attempt, CancellationToken stop)
    {
        var command = new RecordCommand(id, attempt);
        await new MessageBus(runtime).InvokeAsync(command, stop);
        command.Refusal?.Throw();
        return command.Outcome!;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var part in parts) await part.StartAsync(cancellationToken);
        if (leaving is null) return;
        store.Engine!.Enlist = Enlist;
        await new MessageBus(runtime).PublishAsync(new Look());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        store.Engine!.Enlist = null; // What is recorded from here on leaves with the first look of the next start.
        foreach (var part in parts.Reverse()) await part.StopAsync(cancellationToken);
    }

    // The envelope stands in the same transaction as the events; it is handed on in memory after the commit, and from the table by whoever comes next otherwise.
    private async Task<Func<Task>> Enlist(NpgsqlTransaction transaction, long first, long last)
    {
        var context = new MessageContext(runtime);
        await context.EnlistInOutboxAsync(new DatabaseEnvelopeTransaction((IMessageDatabase)runtime.Storage, transaction));
        await context.PublishAsync(new Recorded(first, last));
        return context.FlushOutgoingMessagesAsync;
    }

    // A container of its own: Wolverine adds much to the one that it is given.
    private static ServiceProvider Services(ILoggerFactory loggers, Action<WolverineOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddWolverine(ExtensionDiscovery.ManualOnly, o =>
        {
            o.ServiceName = "securitycoop";
            o.ApplicationAssembly = typeof(Messaging).Assembly;
            // The handlers are written out, so nothing is searched for and no code is compiled at run time.
            o.Discovery.DisableConventionalDiscovery();
            o.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            configure(o);
        });
        return services.BuildServiceProvider();
    }

    private static void Persist(WolverineOptions o, string connectionString)
    {
        // Not one of our own pools: Wolverine's connections must know all of Npgsql's conversions.
        o.PersistMessagesWithPostgresql(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "SecurityCoop messages", MaxPoolSize = 8 }.ConnectionString, Schema);
        // Hosts need not know of each other: whichever handles a message, the cursor and its lease say what is left to do.
        o.Durability.Mode = DurabilityMode.Solo;
        o.Durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(1);
        o.Durability.ScheduledJobFirstExecution = TimeSpan.FromMilliseconds(200);
        o.Durability.DurabilityMetricsEnabled = false;
        o.Durability.DrainTimeout = TimeSpan.FromSeconds(5);
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();
}
