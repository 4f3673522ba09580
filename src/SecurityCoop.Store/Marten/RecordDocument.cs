using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.Store;

/// <summary>What documents of all kinds have: how far a record is folded, and whom it concerns.</summary>
public abstract class RecordDocument
{
    /// <summary>The stream's id.</summary>
    public string Id { get; set; } = "";

    /// <summary>The version of the stream that is folded in.</summary>
    public long Version { get; set; }

    /// <summary>The position of the last event that is folded in.</summary>
    public long Position { get; set; }

    /// <summary>Codes of all partners that the record ever concerned: what it was is part of their past. Sorted.</summary>
    public string[] Partners { get; set; } = [];

    /// <summary>The state itself.</summary>
    internal abstract object State { get; }
}

/// <summary>A record as Marten keeps it: the state that the model's fold left, and how far it is folded.</summary>
public sealed class RecordDocument<T> : RecordDocument where T : class
{
    public T Record { get; set; } = null!;

    internal override object State => Record;
}

/// <summary>Writes the document's own members, and the state as the model writes it.</summary>
internal sealed class RecordDocumentConverter<T>(RecordKind<T> kind) : JsonConverter<RecordDocument<T>> where T : class
{
    public override RecordDocument<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var document = new RecordDocument<T>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id": document.Id = reader.GetString()!; break;
                case "version": document.Version = reader.GetInt64(); break;
                case "position": document.Position = reader.GetInt64(); break;
                case "partners":
                    var partners = new List<string>();
                    while (reader.Read() && reader.TokenType == JsonTokenType.String) partners.Add(reader.GetString()!);
                    document.Partners = [.. partners];
                    break;
                case "record": document.Record = JsonSerializer.Deserialize(ref reader, kind.Json)!; break;
                default: throw new JsonException($"A document of kind {kind.Name} has no member {name}.");
            }
        }
        return document;
    }

    public override void Write(Utf8JsonWriter writer, RecordDocument<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("id", value.Id);
        writer.WriteNumber("version", value.Version);
        writer.WriteNumber("position", value.Position);
        writer.WriteStartArray("partners");
        foreach (var partner in value.Partners) writer.WriteStringValue(partner);
        writer.WriteEndArray();
        writer.WritePropertyName("record");
        JsonSerializer.Serialize(writer, value.Record, kind.Json);
        writer.WriteEndObject();
    }
}
