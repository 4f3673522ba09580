using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.EventStore;

namespace SecurityCoop.Marten;

/// <summary>
/// The register's events in Marten's serializer: read as the register reads them, written as the very bytes that the ledger hashes. What a record alone
/// would be written as lacks the nulls that stand for protected values.
/// </summary>
internal sealed class StoredJson(EventTypes types) : JsonConverterFactory
{
    private readonly Dictionary<Type, JsonTypeInfo> known = types.All.ToDictionary(t => t.Type, t => t.Json);
    private readonly ConditionalWeakTable<object, StoredEvent> stored = [];

    /// <summary>From now on the record of this event is written as its body.</summary>
    public void Add(StoredEvent e) => stored.AddOrUpdate(e.Event, e);

    public override bool CanConvert(Type type) => known.ContainsKey(type);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type), known[type], stored)!;

    private sealed class Converter<T>(JsonTypeInfo json, ConditionalWeakTable<object, StoredEvent> stored) : JsonConverter<T> where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)json);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (!stored.TryGetValue(value, out var e)) throw new JsonException($"A {typeof(T).Name} that the register did not prepare cannot be written.");
            writer.WriteRawValue(e.BodyBytes.Span, skipInputValidation: true);
        }
    }
}
