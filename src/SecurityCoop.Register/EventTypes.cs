using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Register;

/// <summary>Every event of the model under its wire name. Reading this fails at start on a doubled name or an event that cannot be written.</summary>
public static class EventTypes
{
    public static IReadOnlyList<(string Name, int Schema, JsonTypeInfo Json)> All { get; } = Find();

    static List<(string, int, JsonTypeInfo)> Find()
    {
        var found = new List<(string Name, int, JsonTypeInfo)>();
        foreach (var type in typeof(EventTypes).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<WireNameAttribute>() is not { } wire) continue;
            var json = RegisterJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type.Name} is missing from RegisterJson.");
            found.Add((wire.Name, wire.Schema, json));
        }
        var doubled = found.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1);
        return doubled is null ? found : throw new InvalidOperationException($"Two events are called {doubled.Key}.");
    }
}
