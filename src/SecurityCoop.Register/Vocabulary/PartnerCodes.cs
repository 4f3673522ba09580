using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Vocabulary;

/// <summary>
/// Which partner's code a text probably means: another code (UK, EL, gb, TUR) or a name in French, English or Arabic with its usual
/// variants (aliases.json, whose first entry of a country is its ISO 3166-1 alpha-3 code; XKX of Kosovo is in use only). It suggests and
/// decides nothing: a command is refused with the suggestion, forms and imports take it after they have shown it (model.md, "Partners").
/// </summary>
public static partial class PartnerCodes
{
    const int Most = 3, ShortestBeginning = 4, ShortestSlip = 5;

    static readonly HashSet<string> articles = ["the", "le", "la", "les", "l", "de", "du", "of", "d", "des", "and", "et"];
    static readonly Dictionary<string, string[]> aliases = Read();
    static readonly Dictionary<string, List<string>> byName = ByName();

    /// <summary>What else a partner is called than its code and its names; empty where nothing is known.</summary>
    public static IReadOnlyList<string> Aliases(string code) => aliases.GetValueOrDefault(code) ?? [];

    /// <summary>The codes that the text probably means, the likeliest first, three at most; a code that is one means itself.</summary>
    public static IReadOnlyList<string> Meant(string text)
    {
        var name = Folded(text);
        if (name.Length == 0 || text.Length > 200) return [];
        if (byName.TryGetValue(name, out var found)) return found;
        if (name.Length >= ShortestBeginning)
        {
            var begun = byName.Where(n => n.Key.StartsWith(name, StringComparison.Ordinal)).SelectMany(n => n.Value).Distinct().ToList();
            if (begun.Count is > 0 and <= Most) return begun;
        }
        if (name.Length < ShortestSlip) return [];
        var slipped = byName.Where(n => n.Key.Length >= ShortestSlip && OneSlip(n.Key, name)).SelectMany(n => n.Value).Distinct().ToList();
        return slipped.Count <= Most ? slipped : [];
    }

    /// <summary>
    /// Whether an office may give this code to an organisation: 3 to 16 capitals or digits, a letter first, none that begins references of
    /// another kind, and no country's.
    /// </summary>
    public static bool MayBeGiven(string code) =>
        Given().IsMatch(code) && !Countries.All.Any(country => Aliases(country.Key).FirstOrDefault() == code);

    /// <summary>Whether two names differ in nothing but case, accents, articles and punctuation.</summary>
    public static bool SameName(string a, string b) => Folded(a) is { Length: > 0 } name && name == Folded(b);

    [GeneratedRegex(@"\A(?!(MUL|PER|ORG|SRC|OCC)\z)[A-Z][A-Z0-9]{2,15}\z")]
    private static partial Regex Given();

    static string Folded(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var c in WrittenText.Tidy(text) + " ")
        {
            if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark) word.Append(c);
            // U.K. is UK.
            else if (c != '.' && word.Length > 0)
            {
                words.Add(WrittenText.Fold(word.ToString()));
                word.Clear();
            }
        }
        var telling = words.Where(w => !articles.Contains(w)).ToList();
        return string.Join(' ', (telling.Count > 0 ? telling : words).Select(w => w.StartsWith("ال", StringComparison.Ordinal)
            && w.Length > 4 ? w[2..] : w));
    }

    static Dictionary<string, List<string>> ByName()
    {
        var all = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var partners = Countries.All.Concat(Vocabulary.Default.PartnerOrganisations).ToList();
        // A code goes before a name, a name before another's alias.
        foreach (var (code, _) in partners) Add(code, code);
        foreach (var (code, label) in partners)
            foreach (var name in (string[])[label.Fr, label.En, label.Ar]) Add(name, code);
        foreach (var (code, names) in aliases)
            foreach (var name in names) Add(name, code);
        return all;

        void Add(string name, string code)
        {
            var folded = Folded(name);
            if (!all.TryGetValue(folded, out var codes)) all[folded] = codes = [];
            if (!codes.Contains(code)) codes.Add(code);
        }
    }

    // One letter missing, added, changed, or two neighbours changed about.
    static bool OneSlip(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1 || a == b) return false;
        var (from, end) = (0, 0);
        while (from < a.Length && from < b.Length && a[from] == b[from]) from++;
        while (end < a.Length - from && end < b.Length - from && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (left, right) = (a[from..^end], b[from..^end]);
        return (left.Length <= 1 && right.Length <= 1) || (left.Length == 2 && right.Length == 2 && left[0] == right[1]
            && left[1] == right[0]);
    }

    static Dictionary<string, string[]> Read()
    {
        using var file = LabelJson.Embedded("aliases.json");
        return JsonSerializer.Deserialize(file, LabelJson.Default.DictionaryStringStringArray)!;
    }
}
