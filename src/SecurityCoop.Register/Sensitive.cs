using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.Register;

/// <summary>
/// A value that identifies a person. (A text that does so only sometimes is protected by its <see cref="Fact"/>.) It is never stored in the clear: the event's body holds null in its place, its header a salted
/// commitment, and the value stands beside the event, encrypted under the key of <see cref="Subject"/> (a person's stream id).
/// </summary>
[JsonConverter(typeof(SensitiveJson))]
public sealed record Sensitive(string Subject, string Value)
{
    /// <summary>Not the value: a log line must not carry it by accident.</summary>
    public override string ToString() => $"(protected, {Subject})";
}

/// <summary>Writes the marker by which the event log knows a protected value, and reads it back where it was opened.</summary>
sealed class SensitiveJson : JsonConverter<Sensitive>
{
    const string Marker = "$protected";

    public override Sensitive? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var marked = json.RootElement.GetProperty(Marker);
        return new(marked.GetProperty("subject").GetString()!, marked.GetProperty("value").GetString()!);
    }

    public override void Write(Utf8JsonWriter writer, Sensitive value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(Marker);
        writer.WriteString("subject", value.Subject);
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
