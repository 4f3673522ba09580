using SecurityCoop.Store;

namespace SecurityCoop.Web.Commands;

/// <summary>Wolverine in the host.</summary>
static class Messaging
{
    /// <summary>Runs Wolverine on the register's own database, Marten store and connections.</summary>
    public static void AddMessaging(this WebApplicationBuilder builder, RegisterStore store)
    {
        // What it says at every start and of every message is of no use to whoever operates the register.
        builder.Logging.AddFilter("Wolverine", LogLevel.Warning);
        // It misses handlers found by convention, and there are none: they are written out.
        builder.Logging.AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error);
        builder.Services.AddRegister(store);
    }
}
