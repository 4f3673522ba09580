namespace SecurityCoop.Web.Search;

/// <summary>
/// What a name's word is, and how it sounds, roughly, in whichever script it is written: its consonants in classes that Latin and Arabic
/// letters share. It finds; it decides nothing. How well two sounds are one name says <see cref="NameSound"/>.
/// </summary>
public static class NameForms
{
    static readonly string[] articles = ["al", "el", "ul", "ال"];

    // Which letters the article's l becomes (BGN/PCGN 1956, note on the definite article), as Latin spellings have them.
    static readonly string[] assimilated = ["r", "s", "sh", "ch", "d", "dh", "t", "th", "z", "n"];

    // Words before a name that are no part of it, folded.
    static readonly string[] titles = ["mr", "mrs", "ms", "mme", "mlle", "dr", "السيد", "السيده", "الدكتور", "الدكتوره"];

    /// <summary>Whether the word is only an article, which forms of a name have or have not.</summary>
    public static bool IsArticle(string folded) => articles.Contains(folded);

    /// <summary>Whether it is an article before that word: also as it is said before some letters (ar-Rahman, ed-Din).</summary>
    public static bool IsArticle(string folded, string? next) => IsArticle(folded)
        || (folded.Length is 2 or 3 && folded[0] is 'a' or 'e' or 'u' && assimilated.Contains(folded[1..])
            && next?.Length > 2 && next.StartsWith(folded[1..], StringComparison.Ordinal));

    /// <summary>Whether the word is only how somebody is addressed.</summary>
    public static bool IsTitle(string folded) => titles.Contains(folded);

    /// <summary>Whether a word is written in Arabic letters.</summary>
    public static bool IsArabic(string folded) => folded.Any(c => c is >= '\u0600' and <= '\u06FF' or >= '\u0750' and <= '\u077F');

    /// <summary>
    /// Every sound that a folded word may have: ch as in Hammouchi or as in Michael, ال as the article or as the beginning of a name
    /// (أليكس).
    /// </summary>
    public static IReadOnlyList<string> Sounds(string folded) =>
        [.. Ways(folded).Select(s => s.Classes).Order(StringComparer.Ordinal).Distinct()];

    static IReadOnlyList<NameSound> Ways(string folded) => NameParts.Sounds(new(folded, folded, IsArabic(folded), HasArticle: false));

    /// <summary>The likeliest sound of a folded word (<see cref="TextWords.Fold"/>); empty for an article.</summary>
    public static string Sound(string folded) =>
        IsArticle(folded) ? "" : Ways(folded).MinBy(s => (s.HoldsArticle, s.Doubt, s.Consonants.Length))?.Classes ?? "";

    /// <summary>
    /// Whether one of two words is the other with a slip of the pen. Of five letters or fewer, a letter that is another makes another
    /// name; and so does at any length the first, or a vowel that is another (Karim, Karam), and in Arabic one more or less, since what is
    /// written there is long (محمد, محمود); or an a at the end (Karim, Karima).
    /// </summary>
    public static bool IsSlip(string own, string word)
    {
        if (word.Length <= 4 || !OneSlip(own, word)) return false;
        var from = 0;
        while (from < own.Length && from < word.Length && own[from] == word[from]) from++;
        if (own.Length != word.Length)
        {
            var more = own.Length > word.Length ? own : word;
            return !"اويه".Contains(more[from], StringComparison.Ordinal) && !(more[from] == 'a' && from == more.Length - 1);
        }
        if (from + 1 < own.Length && own[from] == word[from + 1] && own[from + 1] == word[from]) return true;
        return word.Length > 5 && from > 0 && !(IsVowel(own[from]) && IsVowel(word[from]));
    }

    static bool IsVowel(char c) => "aiouاوي".Contains(c, StringComparison.Ordinal);

    /// <summary>
    /// Whether two folded words differ by one letter that is missing, added, changed or has changed places with its neighbour.
    /// </summary>
    public static bool OneSlip(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var (from, end) = (0, 0);
        while (from < a.Length && from < b.Length && a[from] == b[from]) from++;
        while (end < a.Length - from && end < b.Length - from && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (left, right) = (a[from..^end], b[from..^end]);
        return (left.Length <= 1 && right.Length <= 1)
            || (left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0]);
    }
}
