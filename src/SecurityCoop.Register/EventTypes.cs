using System.Reflection;

namespace SecurityCoop.Register;

/// <summary>Every event of the model under its wire name; <see cref="RegisterJson"/> writes and reads them. Reading this fails at start on a doubled name.</summary>
public static class EventTypes
{
    public static IReadOnlyList<(string Name, int Schema, Type Type)> All { get; } = Find();

    /// <summary>The wire name of an event.</summary>
    public static string NameOf(object e) => e.GetType().GetCustomAttribute<WireNameAttribute>()!.Name;

    static List<(string, int, Type)> Find()
    {
        var found = new List<(string Name, int, Type)>();
        foreach (var type in typeof(EventTypes).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<WireNameAttribute>() is not { } wire) continue;
            found.Add((wire.Name, wire.Schema, type));
        }
        var doubled = found.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1);
        return doubled is null ? found : throw new InvalidOperationException($"Two events are called {doubled.Key}.");
    }
}
