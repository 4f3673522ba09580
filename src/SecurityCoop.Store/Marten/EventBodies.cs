using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Store;

/// <summary>Events as Marten writes and reads them: written are the canonical bytes that were hashed, never the record anew.</summary>
internal sealed class EventBodies(EventTypes types) : JsonConverterFactory
{
    private readonly Dictionary<Type, EventType> known = types.All.ToDictionary(t => t.Type);

    // Whose bytes they are is known by the record itself, for as long as it lives: Marten's serializer is given nothing else.
    private readonly ConditionalWeakTable<object, StoredEvent> prepared = [];

    public void Add(StoredEvent e) => prepared.AddOrUpdate(e.Event, e);

    public override bool CanConvert(Type type) => known.ContainsKey(type);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Body<>).MakeGenericType(type), known[type].Json, prepared)!;

    private sealed class Body<T>(JsonTypeInfo json, ConditionalWeakTable<object, StoredEvent> prepared) : JsonConverter<T> where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)json);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (!prepared.TryGetValue(value, out var e))
                throw new JsonException($"A {typeof(T).Name} that the register did not prepare cannot be written.");
            writer.WriteRawValue(e.BodyBytes.Span, skipInputValidation: true);
        }
    }
}
