using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.Register.Vocabulary;

/// <summary>What people read for a code, in the register's three languages.</summary>
public sealed record Label(string Fr, string En, string Ar);

/// <summary>
/// How the label files are read: strictly, so that a missing language, a code given twice or a misspelt table is a
/// <see cref="JsonException"/> and not a gap on a page.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Dictionary<string, Label>))]
[JsonSerializable(typeof(VocabularyFile))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(LabelsFile))]
sealed partial class LabelJson : JsonSerializerContext
{
    internal static Stream Embedded(string file) =>
        typeof(LabelJson).Assembly.GetManifestResourceStream(typeof(LabelJson), file)
            ?? throw new InvalidOperationException($"{file} is not embedded in this assembly.");
}
