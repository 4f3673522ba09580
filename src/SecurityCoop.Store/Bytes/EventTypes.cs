using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Store;

/// <summary>A kind of event that can be stored.</summary>
/// <param name="Name">Its wire name in snake case (<c>meeting_held</c>), stored for ever.</param>
/// <param name="Schema">The version of its body's shape, from 1.</param>
/// <param name="Type">Its record.</param>
/// <param name="Options">How the record is written and read.</param>
public sealed record EventType(string Name, int Schema, Type Type, JsonSerializerOptions Options)
{
    /// <summary>Made when it is first needed: making all of them would be a good part of the time that a host takes to start.</summary>
    public JsonTypeInfo Json => field ??= Options.GetTypeInfo(Type);

    /// <summary>"Namespace.Type, Assembly": a hint for Marten, never read by the store.</summary>
    public string DotnetType { get; } = $"{Type.FullName}, {Type.Assembly.GetName().Name}";
}

/// <summary>All kinds of event that the program knows.</summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventType> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventType> byClr = [];

    /// <exception cref="ArgumentException">Two of them share a wire name or a CLR type.</exception>
    public EventTypes(IEnumerable<EventType> types)
    {
        foreach (var type in types)
        {
            if (!byName.TryAdd(type.Name, type)) throw new ArgumentException($"Two event types are called {type.Name}.", nameof(types));
            if (!byClr.TryAdd(type.Type, type))
                throw new ArgumentException($"{type.Type} has two wire names, one of them {type.Name}.", nameof(types));
        }
    }

    /// <summary>Every type, in the order given.</summary>
    public IReadOnlyCollection<EventType> All => byName.Values;

    /// <summary>The type under which this record is stored.</summary>
    /// <exception cref="ArgumentException">Its CLR type is none of them.</exception>
    public EventType Of(object @event) =>
        byClr.GetValueOrDefault(@event.GetType()) ?? throw new ArgumentException($"{@event.GetType()} is not a known event type.", nameof(@event));

    /// <summary>The type with this wire name, or null.</summary>
    public EventType? Find(string name) => byName.GetValueOrDefault(name);
}
