using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Text;

/// <summary>A word of a sentence, folded as the register folds words of dates, with the forms in which a lexicon may name it.</summary>
sealed class Token
{
    internal required TextSpan Span { get; init; }
    internal required string Folded { get; init; }
    /// <summary>The word itself, a Latin one without its final s, an Arabic one without what is written on to it.</summary>
    internal required IReadOnlyList<string> Forms { get; init; }
    internal bool IsCapital { get; init; }
    internal bool IsArabic { get; init; }
    /// <summary>The mark, if any, that stands between the word before and this one: a comma, a bracket, a colon.</summary>
    internal char Mark { get; init; }
    internal bool IsSmall { get; set; }

    internal bool Is(string word)
    {
        for (var i = 0; i < Forms.Count; i++)
            if (Forms[i] == word) return true;
        return false;
    }

    internal bool Begins(string stem)
    {
        for (var i = 0; i < Forms.Count; i++)
            if (Forms[i].StartsWith(stem, StringComparison.Ordinal)) return true;
        return false;
    }

    internal static List<Token> Of(string text, TextSpan span)
    {
        var tokens = new List<Token>();
        var (at, mark) = (span.Start, '\0');
        while (at < span.End)
        {
            if (!IsPart(text[at]))
            {
                // Of several marks the weightier one counts: a comma more than a quotation mark.
                if (Weight(text[at]) > Weight(mark)) mark = text[at];
                at++;
                continue;
            }
            var start = at;
            while (at < span.End && IsPart(text[at])) at++;
            var folded = WrittenText.Fold(text[start..at]);
            if (folded.Length == 0) continue;
            var arabic = folded[0] is >= '\u0600' and <= '\u06ff';
            tokens.Add(new()
            {
                Span = new(start, at), Folded = folded, Forms = arabic ? ArabicForms(folded) : LatinForms(folded),
                IsCapital = char.IsUpper(text[start]), IsArabic = arabic, Mark = mark,
            });
            mark = '\0';
        }
        return tokens;
    }

    static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == 'ـ'
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark;

    static int Weight(char c) => c switch
    {
        '\0' => 0, ' ' or '-' or '’' or '\'' or '\u2019' or '\u2011' => 1, '«' or '»' or '"' or '“' or '”' or '/' => 2, '(' or ')' => 4,
        ',' or '،' => 3, ':' or ';' or '؛' or '–' or '—' or '.' => 4, _ => 1,
    };

    static string[] LatinForms(string word) =>
        word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? [word, word[..^1]] : word.Length > 5
            && word.EndsWith("aux", StringComparison.Ordinal) ? [word, word[..^3] + "al"] : [word];

    // و and ف before a word, then ب, ل or ك, then the article.
    static List<string> ArabicForms(string word)
    {
        var forms = new List<string>(6) { word };
        if (word.Length > 2 && word[0] is 'و' or 'ف') forms.Add(word[1..]);
        for (var i = 0; i < forms.Count && forms.Count < 6; i++)
            if (forms[i].Length > 3 && forms[i][0] is 'ب' or 'ل' or 'ك') forms.Add(forms[i][1..]);
        // Again of what is left: الألماني is the article before a name that begins like one.
        for (var i = 0; i < forms.Count && forms.Count < 10; i++)
        {
            if (forms[i].Length > 4 && forms[i].StartsWith("ال", StringComparison.Ordinal)) forms.Add(forms[i][2..]);
            if (forms[i].Length > 4 && forms[i].StartsWith("لل", StringComparison.Ordinal)) forms.Add(forms[i][2..]);
        }
        return forms;
    }
}
