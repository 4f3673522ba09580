using System.Text;

namespace SecurityCoop.Web.Search;

/// <summary>
/// How a name's word sounds, roughly, in whichever script it is written: its consonants in classes that Latin and Arabic letters share, so that forms of one name
/// (with one m or two, with o, u or nothing, in either script) come to the same. It finds; it decides nothing.
/// </summary>
/// <remarks>
/// Vowels fall away, also و and ي within a word, ع, and a closing h; at the beginning they leave "a", and w, و, v, f and ف are one class. Doubled letters count once.
/// Where a transliteration has several habits the classes are joined: خ kh and ك k, ج j and غ gh and g, ث t, ذ ض ظ d, ش and تش ch sh; x is ks; ch is k, too, and Dutch ij a vowel.
/// </remarks>
public static class NameForms
{
    static readonly string[] articles = ["al", "el", "ال"];

    static readonly (string Letters, string Class)[] digraphs = [("sch", "$"), ("ch", "$"), ("sh", "$"), ("kh", "k"), ("gh", "g"), ("dj", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("تش", "$")];

    // Son of: between names, however it is written.
    static readonly string[] sonOf = ["ibn", "bin", "ben", "bnou", "بن", "ابن"];

    // Words before a name that are no part of it, folded.
    static readonly string[] titles = ["mr", "mrs", "ms", "mme", "mlle", "dr", "السيد", "السيده", "الدكتور", "الدكتوره"];

    /// <summary>Whether the word is only an article, which forms of a name have or have not.</summary>
    public static bool IsArticle(string folded) => articles.Contains(folded);

    /// <summary>Whether the word is only how somebody is addressed.</summary>
    public static bool IsTitle(string folded) => titles.Contains(folded);

    /// <summary>Whether a word is written in Arabic letters.</summary>
    public static bool IsArabic(string folded) => folded.Any(c => c is >= '\u0600' and <= '\u06FF');

    /// <summary>Every sound that a folded word may have: ch as in Hammouchi or as in Michael, ال as the article or as the beginning of a name (أليكس).</summary>
    public static IReadOnlyList<string> Sounds(string folded) => [.. ((string[])[Sound(folded), Sound(folded, hard: true), Sound(folded, whole: true)]).Distinct()];

    /// <summary>The sound of a folded word (<see cref="TextWords.Fold"/>); empty for an article.</summary>
    /// <param name="hard">ch as in Michael, not as in Hammouchi.</param>
    /// <param name="whole">With an article that it begins with.</param>
    public static string Sound(string folded, bool hard = false, bool whole = false)
    {
        if (IsArticle(folded)) return "";
        if (sonOf.Contains(folded)) return "bn";
        var word = !whole && folded.StartsWith("ال", StringComparison.Ordinal) && folded.Length > 4 ? folded[2..] : folded;
        var sound = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length;)
        {
            var rest = word.AsSpan(i);
            var (letters, of) = Array.Find(digraphs, d => word.AsSpan(i).StartsWith(d.Letters, StringComparison.Ordinal));
            var c = hard && letters == "ch" ? 'k' : of is not null ? of[0] : IsDutchY(word, i) ? '\0' : Class(rest, first: i == 0);
            if (c != '\0' && (sound.Length == 0 || sound[^1] != c)) sound.Append(c);
            if (word[i] == 'x') sound.Append('s');
            i += letters?.Length ?? 1;
        }
        if (sound.Length > 1 && sound[^1] == 'h') sound.Length--;
        return sound.ToString();
    }

    // Bostijn, Dijk, and not Khadija.
    static bool IsDutchY(string word, int i) => i > 0 && word[i] == 'j' && word[i - 1] == 'i' && !(i + 1 < word.Length && word[i + 1] is 'a' or 'e' or 'i' or 'o' or 'u' or 'y');

    // The class of a letter; \0: it falls away.
    static char Class(ReadOnlySpan<char> rest, bool first) => rest[0] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' or 'ا' or 'ع' => first ? 'a' : '\0',
        'w' or 'و' => first ? 'f' : '\0',
        'y' or 'ي' => first ? 'y' : '\0',
        'b' or 'p' or 'ب' or 'پ' => 'b',
        't' or 'ت' or 'ط' or 'ث' => 't',
        'd' or 'د' or 'ذ' or 'ض' or 'ظ' => 'd',
        'j' or 'g' or 'ج' or 'غ' => 'g',
        'h' or 'ح' or 'ه' => 'h',
        'c' when rest.Length > 1 && rest[1] is 'e' or 'i' or 'y' => 's',
        'k' or 'c' or 'q' or 'x' or 'ك' or 'ق' or 'خ' => 'k',
        's' or 'س' or 'ص' => 's',
        'z' or 'ز' => 'z',
        'ش' or 'چ' => '$',
        'f' or 'v' or 'ف' or 'ڤ' => 'f',
        'r' or 'ر' => 'r',
        'l' or 'ل' => 'l',
        'm' or 'م' => 'm',
        'n' or 'ن' => 'n',
        var other => other,
    };

    /// <summary>Whether two folded words differ by one letter that is missing, added, changed or has changed places with its neighbour.</summary>
    public static bool OneSlip(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var (from, end) = (0, 0);
        while (from < a.Length && from < b.Length && a[from] == b[from]) from++;
        while (end < a.Length - from && end < b.Length - from && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (left, right) = (a[from..^end], b[from..^end]);
        return (left.Length <= 1 && right.Length <= 1) || (left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0]);
    }
}
