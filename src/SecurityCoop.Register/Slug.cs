using System.Collections.Concurrent;
using System.Text.Json;

namespace SecurityCoop.Register;

/// <summary>Enumerations as they are written everywhere: kebab-case (ReportedDone is "reported-done").</summary>
public static class Slug
{
    static readonly ConcurrentDictionary<Enum, string> known = new();

    public static string Of(Enum value) => known.GetOrAdd(value, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

    /// <summary>The value whose slug is <paramref name="text"/>; a grade of one letter may also be given as people write it, "B".</summary>
    public static bool TryParse<T>(string text, out T value) where T : struct, Enum
    {
        foreach (var v in Enum.GetValues<T>())
            if (Of(v) == text || (text.Length == 1 && v.ToString() == text))
            {
                value = v;
                return true;
            }
        value = default;
        return false;
    }
}
