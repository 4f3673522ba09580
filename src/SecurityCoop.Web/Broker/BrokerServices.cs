using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Broker;

/// <summary>The broker in the host, where one is configured.</summary>
static class BrokerServices
{
    /// <summary>To come after whatever the commands need: what was added last stops first.</summary>
    /// <exception cref="PrivateServer.StartRefused">A setting makes no sense.</exception>
    public static void AddBroker(this IServiceCollection services, IConfiguration configuration)
    {
        if (BrokerSettings.Of(configuration) is not { } settings) return;
        services.AddSingleton(settings).AddSingleton<BrokerEvents>();
        services.AddSingleton(s => new BrokerConnection(
            settings,
            settings.Commands is not { } queue ? null : new QueuedCommands(
                queue, s, s.GetRequiredService<AccessTrace>(), s.GetRequiredService<IHostApplicationLifetime>(), s.GetRequiredService<ILogger<QueuedCommands>>()),
            s.GetRequiredService<IHostApplicationLifetime>(), s.GetRequiredService<ILoggerFactory>(), s.GetRequiredService<ILogger<BrokerConnection>>()));
        services.AddHostedService(s => s.GetRequiredService<BrokerConnection>());
    }
}
