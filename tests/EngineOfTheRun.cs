using SecurityCoop.EventStore;

namespace SecurityCoop;

/// <summary>
/// Every test and benchmark runs on the engine that Register__Engine names, as the host does: `UseMarten=true ./test` runs them once on each.
/// </summary>
internal static class EngineOfTheRun
{
    public static string? Name { get; } = Environment.GetEnvironmentVariable("Register__Engine");

    public static Task<EventStore.EventStore> Open(
        string connectionString, EventTypes types, IReadOnlyList<View> views, string keyFolder, EventStoreOptions? options = null) =>
        EventStore.EventStore.Open(connectionString, types, views, keyFolder, (options ?? new()) with { Engine = For(Name, connectionString, types) });

    /// <summary>An engine by its name; null for the register's own.</summary>
    public static Engine? For(string? name, string connectionString, EventTypes types) => name switch
    {
        null or "npgsql" => null,
#if MARTEN
        "marten" => Marten.MartenEngine.Open(connectionString, types),
#endif
        _ => throw new InvalidOperationException($"This build of the tests has no engine {name}."),
    };
}
