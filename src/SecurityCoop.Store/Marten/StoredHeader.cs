using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx.Events;

namespace SecurityCoop.Store;

/// <summary>
/// The register's header in the place of Marten's dictionary of headers, both ways: an event to be appended carries the whole stored event,
/// and its header's bytes are what is written; an event that was read carries its header.
/// </summary>
internal static class StoredHeader
{
    private const string Member = "";

    public static Dictionary<string, object> Of(StoredEvent e) => new(1) { [Member] = e };

    /// <summary>The event as the model's folds are given it.</summary>
    /// <exception cref="InvalidDataException">It has no header of the register's: another program appended it.</exception>
    public static StoredEvent Stored(this IEvent e)
    {
        object? header = null;
        e.Headers?.TryGetValue(Member, out header);
        return header switch
        {
            StoredEvent stored => stored,
            EventHeader read => new(e.Sequence, e.Id, e.StreamKey!, e.Version, e.EventTypeName, e.Timestamp.UtcDateTime, read, e.Data),
            _ => throw new InvalidDataException($"The event at position {e.Sequence} has no header of the register's."),
        };
    }

    /// <summary>Writes a header's bytes as they were hashed, and reads them back.</summary>
    internal sealed class Converter : JsonConverter<Dictionary<string, object>>
    {
        public override Dictionary<string, object> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var json = JsonElement.ParseValue(ref reader);
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("event_id", out _))
                return new(1) { [Member] = Headers.Read(System.Text.Encoding.UTF8.GetBytes(json.GetRawText())) };
            var headers = new Dictionary<string, object>(StringComparer.Ordinal);
            foreach (var member in json.EnumerateObject()) headers[member.Name] = member.Value;
            return headers;
        }

        public override void Write(Utf8JsonWriter writer, Dictionary<string, object> value, JsonSerializerOptions options)
        {
            if (!value.TryGetValue(Member, out var stored) || stored is not StoredEvent e)
                throw new JsonException("Only events that the register prepared are written.");
            writer.WriteRawValue(e.HeaderBytes.Span, skipInputValidation: true);
        }
    }
}
