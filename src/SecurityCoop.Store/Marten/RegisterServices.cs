using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Marten;

namespace SecurityCoop.Store;

/// <summary>Marten and Wolverine together, as a host of the register has them.</summary>
public static class RegisterServices
{
    /// <summary>The schema of Wolverine's tables.</summary>
    public const string MessagingSchema = "wolverine";

    /// <param name="autoCreate">None at run time: the owner's role migrates.</param>
    /// <param name="more">Handlers, routes and schedules.</param>
    public static IServiceCollection AddRegister(
        this IServiceCollection services, string connectionString, RegisterModel model, AutoCreate autoCreate = AutoCreate.None,
        Action<WolverineOptions>? more = null)
    {
        services.AddMarten(options =>
            {
                options.Connection(connectionString);
                options.UseRegister(model, autoCreate);
            })
            .IntegrateWithWolverine(integration =>
            {
                integration.MessageStorageSchemaName = MessagingSchema;
                integration.AutoCreate = autoCreate;
            });
        services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            options.ServiceName = "securitycoop";
            options.ApplicationAssembly = typeof(RegisterServices).Assembly;
            // Handlers are written out, so nothing is searched for and no code is compiled at run time.
            options.Discovery.DisableConventionalDiscovery();
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            options.AutoBuildMessageStorageOnStartup = autoCreate;
            more?.Invoke(options);
        });
        return services;
    }

    /// <summary>The same without a host, for migrating.</summary>
    internal static ServiceProvider Build(string connectionString, RegisterModel model, AutoCreate autoCreate) => new ServiceCollection()
        .AddSingleton(LoggerFactory.Create(_ => { }))
        .AddLogging()
        .AddRegister(connectionString, model, autoCreate)
        .BuildServiceProvider();
}
