using System.Globalization;
using System.Text;

namespace SecurityCoop.Web.Search;

/// <summary>A word of a text, as it is compared, and where it stands there.</summary>
public readonly record struct Word(string Folded, int Start, int Length);

/// <summary>
/// How texts and questions are cut into words and how words are folded: the one place for both. Case, accents, ligatures and presentation forms fall away; of
/// Arabic, vowel signs, tatweel and hamza do, and alef maksura counts as ya, ta marbuta as ha.
/// </summary>
public static class TextWords
{
    const int Longest = 40, Tabled = 0x700;

    // What each letter up to the end of the Arabic block is folded to; null: it is none. Letters fold one by one, so that a table does for most words.
    static readonly string?[] letters = [.. Enumerable.Range(0, Tabled).Select(c => $"{(char)c}").Select(c => IsAnyOfWord(c, 0) ? FoldAny(c) : null)];

    /// <summary>The words of a text: runs of letters and digits, in any script. An apostrophe ends one ("l’extradition" has two).</summary>
    public static IEnumerable<Word> Of(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && IsOfWord(text, i)) i += char.IsSurrogatePair(text, i) ? 2 : 1;
            if (i == start)
            {
                i++;
                continue;
            }
            var folded = Fold(text.AsSpan(start, i - start));
            if (folded.Length > 0) yield return new(folded.Length > Longest ? folded[..Longest] : folded, start, i - start);
        }
    }

    /// <summary>A word as it is compared with others.</summary>
    public static string Fold(ReadOnlySpan<char> word)
    {
        Span<char> folded = stackalloc char[2 * Longest];
        var length = 0;
        foreach (var c in word)
        {
            if (c >= Tabled || letters[c] is not { } letter || length + letter.Length > folded.Length) return FoldAny(word.ToString());
            letter.CopyTo(folded[length..]);
            length += letter.Length;
        }
        return folded[..length].ToString();
    }

    static string FoldAny(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) continue;
            if (Rune.IsDigit(rune)) folded.Append((int)Rune.GetNumericValue(rune));
            else if (rune.IsBmp) Append(folded, char.ToLowerInvariant((char)rune.Value));
            else folded.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return folded.ToString();
    }

    static void Append(StringBuilder folded, char c) => _ = c switch
    {
        'œ' => folded.Append("oe"), 'æ' => folded.Append("ae"), 'ß' => folded.Append("ss"), 'þ' => folded.Append("th"),
        'ø' => folded.Append('o'), 'ł' => folded.Append('l'), 'đ' or 'ð' => folded.Append('d'), 'ı' => folded.Append('i'),
        'ء' or 'ـ' => folded,
        'ٱ' => folded.Append('ا'), 'ة' or 'ە' => folded.Append('ه'), 'ى' or 'ی' => folded.Append('ي'), 'ک' or 'گ' => folded.Append('ك'),
        _ => folded.Append(c),
    };

    static bool IsOfWord(string text, int i) => text[i] < Tabled ? letters[text[i]] is not null : IsAnyOfWord(text, i);

    static bool IsAnyOfWord(string text, int i) => char.IsLetterOrDigit(text, i) || char.GetUnicodeCategory(text, i) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;
}
