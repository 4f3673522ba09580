using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Marten;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;

namespace SecurityCoop.Store;

/// <summary>Marten and Wolverine together, as a host of the register has them.</summary>
public static class RegisterServices
{
    /// <summary>The schema of Wolverine's tables.</summary>
    public const string MessagingSchema = "wolverine";

    /// <summary>
    /// Wolverine upon a register that is open: its messages stand in the same database and on the same Marten store, so that a process has
    /// one of each; its connections are its own. The register is disposed by whoever opened it, after the host.
    /// </summary>
    /// <param name="messaging">Handlers, routes and schedules; a feature may add its own with
    /// <c>services.ConfigureWolverine</c>, but for schedules.</param>
    /// <returns>For what Marten itself runs in a host, such as its daemon.</returns>
    public static MartenServiceCollectionExtensions.MartenConfigurationExpression AddRegister(
        this IServiceCollection services, RegisterStore register, Action<WolverineOptions>? messaging = null)
    {
        var store = (DocumentStore)register.Documents;
        var marten = services.AddMarten(_ => store.Options).Integrate(AutoCreate.None);
        // Marten would make a store of these options; this one is open already.
        services.AddSingleton(store.Options).AddSingleton<IDocumentStore>(store);
        // Of Marten's connections Wolverine would make its message store too, and those keep what a session leaves behind.
        services.RemoveAll<IMessageStore>();
        services.AddMessaging(AutoCreate.None, options =>
        {
            options.PersistMessagesWithPostgresql(register.Messaging, MessagingSchema).OverrideAutoCreateResources(AutoCreate.None);
            messaging?.Invoke(options);
        });
        return marten;
    }

    /// <summary>The same without a register and without a host, for migrating.</summary>
    internal static ServiceProvider Build(string connectionString, RegisterModel model, AutoCreate autoCreate)
    {
        var services = new ServiceCollection().AddSingleton(LoggerFactory.Create(_ => { })).AddLogging();
        services.AddMarten(options =>
        {
            options.Connection(connectionString);
            options.UseRegister(model, autoCreate);
        }).Integrate(autoCreate);
        // With the first schedule Wolverine needs a table more; a host has one that tells others.
        return services.AddMessaging(autoCreate, o => o.Schedules.ScheduleRecurring("migrating", "0 0 1 1 *", at => new AnyOccurrence(at)))
            .BuildServiceProvider();
    }

    private sealed record AnyOccurrence(DateTimeOffset At);

    private static MartenServiceCollectionExtensions.MartenConfigurationExpression Integrate(
        this MartenServiceCollectionExtensions.MartenConfigurationExpression marten, AutoCreate autoCreate) =>
        marten.IntegrateWithWolverine(integration =>
        {
            integration.MessageStorageSchemaName = MessagingSchema;
            integration.AutoCreate = autoCreate;
        });

    private static IServiceCollection AddMessaging(
        this IServiceCollection services, AutoCreate autoCreate, Action<WolverineOptions>? more) =>
        services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            options.ServiceName = "securitycoop";
            options.ApplicationAssembly = typeof(RegisterServices).Assembly;
            // Handlers are written out, so nothing is searched for and no code is compiled at run time.
            options.Discovery.DisableConventionalDiscovery();
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            options.AutoBuildMessageStorageOnStartup = autoCreate;
            options.Durability.DurabilityMetricsEnabled = false; // Nobody reads them, and they count rows every few seconds.
            more?.Invoke(options);
        });
}
