using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.Register.Time;

/// <summary>An EDTF date is a JSON string. What is no date is a <see cref="JsonException"/>, whose path the serialiser fills in.</summary>
public sealed class EdtfJsonConverter : JsonConverter<Edtf>
{
    public override Edtf Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("An EDTF date is a string.");
        var text = reader.GetString()!;
        return Edtf.TryParse(text, out var date, out var fault)
            ? date
            : throw Refused(new EdtfException(text, fault));
    }

    static JsonException Refused(EdtfException fault) => new(fault.Message, fault);

    public override void Write(Utf8JsonWriter writer, Edtf value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
