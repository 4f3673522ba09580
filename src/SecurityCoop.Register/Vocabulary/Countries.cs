using System.Text.Json;

namespace SecurityCoop.Register.Vocabulary;

/// <summary>The 249 officially assigned ISO 3166-1 alpha-2 codes and XK, Kosovo, with their names from Unicode CLDR (countries.mjs beside this file).</summary>
public static class Countries
{
    static readonly Dictionary<string, Label> names = Read();

    public static IReadOnlyDictionary<string, Label> All => names;

    /// <summary>Codes are capitals: "dk" is not known.</summary>
    public static bool IsKnown(string code) => names.ContainsKey(code);

    /// <exception cref="KeyNotFoundException">The code is not known.</exception>
    public static Label Name(string code) => names[code];

    static Dictionary<string, Label> Read()
    {
        using var file = LabelJson.Embedded("countries.json");
        return JsonSerializer.Deserialize(file, LabelJson.Default.DictionaryStringLabel)!;
    }
}
