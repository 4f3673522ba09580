using SecurityCoop.Store;
using Wolverine;

namespace SecurityCoop.Web.Commands;

/// <summary>Wolverine in the host.</summary>
static class Messaging
{
    /// <summary>Runs Wolverine on the register's own database, Marten store and connections.</summary>
    /// <param name="more">Handlers, routes and schedules. Schedules cannot be added by an extension later on.</param>
    public static void AddMessaging(this WebApplicationBuilder builder, RegisterStore store, Action<WolverineOptions>? more = null)
    {
        // What it says at every start and of every message is of no use to whoever operates the register.
        builder.Logging.AddFilter("Wolverine", LogLevel.Warning);
        // It misses handlers found by convention, and there are none: they are written out.
        builder.Logging.AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error);
        builder.Services.AddRegister(store, more);
    }
}
