using System.Globalization;
using System.Text;

namespace SecurityCoop.Web.Exchange;

/// <summary>How the text of a cell is compared: not by the blanks, accents and letter forms that spreadsheets and people vary.</summary>
static class CellText
{
    /// <summary>
    /// The text without blanks at its ends: spaces of every width, no-break spaces, line ends, byte order marks, and marks of direction
    /// that stand alone.
    /// </summary>
    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start])) start++;
        while (end > start && IsBlank(text[end - 1])) end--;
        return text[start..end];
    }

    static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\uFEFF' or '\u200B' or '\u200E' or '\u200F' or '\u061C';

    /// <summary>
    /// What two writings of one word have in common: letters and digits, small, without accents, vowel signs and tatweel, one alif, ya for
    /// alif maqsura, ha for ta marbuta. No culture's data take part.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            if (!char.IsLetterOrDigit(c) || c is '\u0640' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) continue;
            _ = char.ToLowerInvariant(c) switch
            {
                'œ' => folded.Append("oe"), 'æ' => folded.Append("ae"), 'ى' => folded.Append('ي'), 'ة' => folded.Append('ه'),
                var small => folded.Append(small),
            };
        }
        return folded.ToString();
    }

    /// <summary>The values of a cell that holds several: separated by semicolons or line ends.</summary>
    public static IReadOnlyList<string> Values(string cell) => [.. cell.Split([';', '؛', '\n', '\r']).Select(Trim).Where(v => v != "")];
}
