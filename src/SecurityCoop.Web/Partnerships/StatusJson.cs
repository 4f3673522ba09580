using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Writes a status, which is asked for most, by code that is made when the host is built, to the same bytes as <see cref="BodiesJson.Shown{T}"/>: neither a first answer nor a later one waits for metadata.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusBody))]
sealed partial class StatusJson : JsonSerializerContext
{
    static readonly JsonWriterOptions shown = new() { Encoder = BodiesJson.ShownOptions.Encoder };

    public static byte[] Write(StatusBody body)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(bytes, shown);
        JsonSerializer.Serialize(writer, body, Default.StatusBody);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
