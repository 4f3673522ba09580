#if MARTEN
using SecurityCoop.EventStore;
using SecurityCoop.Marten;

namespace SecurityCoop.Web.Outgoing;

/// <summary>How often Wolverine's scheduler looks whether a day has begun; a minute where nothing else is registered.</summary>
public sealed record LookEvery(TimeSpan Span);

/// <summary>With the engine Marten commands run on Wolverine, and what leaves the register goes by its outbox and its scheduler (docs/marten.md).</summary>
static class OnWolverine
{
    public static void AddWolverine(this WebApplicationBuilder builder, EventStore.EventStore store, string connectionString)
    {
        // A conflict is an everyday thing, and tried again; and there is nothing to search for handlers in.
        builder.Logging.AddFilter("SecurityCoop.Marten.RecordCommand", LogLevel.None).AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error);
        builder.Services
            .AddSingleton(s => new Messaging(store, connectionString, s.GetService<CloudEvents>() is { } outgoing
                ? new(outgoing.Events.Through, outgoing.Days.ThroughToday, s.GetService<LookEvery>()?.Span ?? TimeSpan.FromMinutes(1)) : null, s.GetRequiredService<ILoggerFactory>()))
            .AddHostedService(s => s.GetRequiredService<Messaging>())
            .AddSingleton(s => new CommandRunner(store, attempts: s.GetRequiredService<Messaging>().Run));
    }
}
#endif
