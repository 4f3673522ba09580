using System.Text;

namespace SecurityCoop.Web.Search;

/// <summary>
/// How a name's word sounds, roughly, in whichever script it is written: its consonants in classes that Latin and Arabic letters share, so that forms of one name
/// (with one m or two, with o, u or nothing, in either script) come to the same. It finds; it decides nothing.
/// </summary>
/// <remarks>
/// Vowels fall away, also و and ي within a word, ع, and a closing h; at the beginning they leave "a", and w, و, v, f and ف are one class. Doubled letters count once.
/// Where a transliteration has several habits the classes are joined: خ kh and ك k, ج j and غ gh and g, ث t, ذ ض ظ d, ش ch sh.
/// </remarks>
public static class NameForms
{
    static readonly string[] articles = ["al", "el", "ال"];

    static readonly (string Letters, string Class)[] digraphs = [("sch", "$"), ("ch", "$"), ("sh", "$"), ("kh", "k"), ("gh", "g"), ("dj", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("qu", "k")];

    /// <summary>Whether the word is only an article, which forms of a name have or have not.</summary>
    public static bool IsArticle(string folded) => articles.Contains(folded);

    /// <summary>The sound of a folded word (<see cref="TextWords.Fold"/>); empty for an article.</summary>
    public static string Sound(string folded)
    {
        if (IsArticle(folded)) return "";
        var word = folded.StartsWith("ال", StringComparison.Ordinal) && folded.Length > 4 ? folded[2..] : folded;
        var sound = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length;)
        {
            var rest = word.AsSpan(i);
            var (letters, of) = Array.Find(digraphs, d => word.AsSpan(i).StartsWith(d.Letters, StringComparison.Ordinal));
            var c = of is not null ? of[0] : Class(rest, first: i == 0);
            if (c != '\0' && (sound.Length == 0 || sound[^1] != c)) sound.Append(c);
            i += letters?.Length ?? 1;
        }
        if (sound.Length > 1 && sound[^1] == 'h') sound.Length--;
        return sound.ToString();
    }

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
