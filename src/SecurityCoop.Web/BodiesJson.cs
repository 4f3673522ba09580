using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace SecurityCoop.Web;

/// <summary>
/// How bodies are read (strictly) and answers written: camelCase, slugs, absent rather than null. What a type's form is follows from the type:
/// a new command or answer needs no line here.
/// </summary>
public static class BodiesJson
{
    /// <summary>For bodies, and for what is kept.</summary>
    public static JsonSerializerOptions Options { get; } = Make(null);

    /// <summary>For answers: letters of every script stand as they are, since people read them too.</summary>
    public static JsonSerializerOptions ShownOptions { get; } = Make(JavaScriptEncoder.Create(UnicodeRanges.All));

    /// <summary>The form of one type.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>The same, for answers.</summary>
    public static JsonTypeInfo<T> Shown<T>() => (JsonTypeInfo<T>)ShownOptions.GetTypeInfo(typeof(T));

    static JsonSerializerOptions Make(JavaScriptEncoder? encoder)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true, Encoder = encoder, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
