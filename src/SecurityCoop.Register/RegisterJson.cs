using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Register;

/// <summary>Enumerations are written as slugs and read only from slugs: the library's own converter also takes other cases and lists.</summary>
public sealed class SlugJson<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException("A text is expected.")
        : Slug.TryParse(reader.GetString()!, out T value) ? value
        : throw new JsonException("Not one of the values.", UnknownSlug.Of(reader.GetString()!, Enum.GetValues<T>().Select(v => Slug.Of(v))));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Slug.Of(value));
}

/// <summary>A text that is none of an enumeration's values.</summary>
public sealed class UnknownSlug : Exception
{
    const int Shown = 60;

    UnknownSlug(string given, string taken) : base($"“{given}” is none of: {taken}.") => (Given, Taken) = (given, taken);

    /// <summary>What was given, shortened.</summary>
    public string Given { get; }

    /// <summary>The values, those that look like it first.</summary>
    public string Taken { get; }

    internal static UnknownSlug Of(string given, IEnumerable<string> values) => new(
        given.Length > Shown ? given[..Shown] + "…" : given,
        string.Join(", ", values.Where(v => v != "none").OrderBy(v => given.Length == 0 || !(v.Contains(given, StringComparison.OrdinalIgnoreCase) || given.Contains(v, StringComparison.OrdinalIgnoreCase)))));
}

/// <summary>
/// How events and states are written: camelCase, absent rather than null, slugs for enumerations. What a type's form is follows from the type:
/// a new event needs no line here.
/// </summary>
public static class RegisterJson
{
    /// <summary>For any event, state or part of one.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>The form of one type.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
