using System.Text.Json;

namespace SecurityCoop.Register;

/// <summary>Enumerations as they are written everywhere: kebab-case (ReportedDone is "reported-done").</summary>
public static class Slug
{
    // Made once for each enumeration: a log is full of them.
    static class Table<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Slugs = Enum.GetValues<T>().Distinct().ToDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Values = Slugs.Select(s => (Text: s.Value, Value: s.Key))
            .Concat(Slugs.Keys.Select(v => (Text: v.ToString(), Value: v)).Where(v => v.Text.Length == 1))
            .ToDictionary(v => v.Text, v => v.Value, StringComparer.Ordinal);
    }

    public static string Of<T>(T value) where T : struct, Enum => Table<T>.Slugs[value];

    /// <summary>The value whose slug is <paramref name="text"/>; a grade of one letter may also be given as people write it, "B".</summary>
    public static bool TryParse<T>(string text, out T value) where T : struct, Enum => Table<T>.Values.TryGetValue(text, out value);
}
