using SecurityCoop.Store;
using Wolverine;

namespace SecurityCoop.Web.Commands;

/// <summary>Wolverine in the host.</summary>
static class Messaging
{
    /// <summary>Runs Wolverine on the register's own database, Marten store and connections, with a handler for each command.</summary>
    /// <param name="more">Further handlers, routes and schedules. Schedules cannot be added by an extension later on.</param>
    public static void AddMessaging(
        this WebApplicationBuilder builder, RegisterStore store, IReadOnlyList<CommandSet> features, Action<WolverineOptions>? more = null)
    {
        var commands = features.SelectMany(feature => feature).ToList();
        // What it says at every start and of every message is of no use to whoever operates the register.
        builder.Logging.AddFilter("Wolverine", LogLevel.Warning);
        // It misses handlers found by convention, and there are none: they are written out.
        builder.Logging.AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error);
        // Under the name of a message Wolverine logs as errors what is an answer to the caller, or is tried again: refusals, conflicts.
        // Problems logs what is unforeseen.
        foreach (var command in commands) builder.Logging.AddFilter(Category(command.Message), LogLevel.None);
        builder.Services.AddSingleton<CommandRunner>().AddSingleton<CommandExecution>();
        builder.Services.AddRegister(store, options =>
        {
            foreach (var command in commands) command.AddTo(options);
            more?.Invoke(options);
        });
    }

    // As LoggerFactory names the logger of a type: without what it is generic in.
    static string Category(Type message) => message.FullName!.Split('`')[0].Replace('+', '.');
}
