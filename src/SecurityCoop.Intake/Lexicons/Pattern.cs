using SecurityCoop.Intake.Text;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Lexicons;

/// <summary>One pattern of a lexicon: words, stems, alternatives, gaps (Lexicons/README.md says how they are written).</summary>
sealed class Pattern
{
    internal const int Gap = 4, MostSmall = 4;

    readonly record struct Word(string Text, bool IsStem);

    sealed record Element(Word[] Words, int Gap);

    readonly Element[] elements;

    internal string Key { get; }
    /// <summary>Null: of every language.</summary>
    internal string? Language { get; }

    /// <exception cref="FormatException">The pattern is empty or begins or ends with a gap.</exception>
    internal Pattern(string key, string written, string? language)
    {
        (Key, Language) = (key, language);
        var (read, gap) = (new List<Element>(), 0);
        foreach (var part in written.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("..", StringComparison.Ordinal))
            {
                gap = part.Length == 2 ? Gap : int.Parse(part[2..], System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }
            read.Add(new([.. part.Split('|').SelectMany(Optional).Select(Folded)], read.Count == 0 ? 0 : gap));
            gap = 0;
        }
        if (read.Count == 0 || gap > 0) throw new FormatException($"{key}: '{written}' is no pattern.");
        elements = [.. read];
    }

    /// <summary>The words and stems with which it may begin.</summary>
    internal IEnumerable<(string Text, bool IsStem)> Beginnings => elements[0].Words.Select(w => (w.Text, w.IsStem));

    /// <summary>"(s est|se sont) entretenu": each of the phrases in brackets in its place.</summary>
    internal static IEnumerable<string> Phrases(string written)
    {
        var (open, close) = (written.IndexOf('(', StringComparison.Ordinal), written.IndexOf(')', StringComparison.Ordinal));
        if (open < 0 || close < open) return [written];
        return written[(open + 1)..close].Split('|').SelectMany(phrase => Phrases(written[..open] + phrase + written[(close + 1)..]));
    }

    static IEnumerable<string> Optional(string word)
    {
        var at = word.IndexOf('?', StringComparison.Ordinal);
        if (at <= 0) return [word];
        return [.. Optional(word[..(at - 1)] + word[(at + 1)..]), .. Optional(word[..at] + word[(at + 1)..])];
    }

    static Word Folded(string written)
    {
        var stem = written.EndsWith('*');
        var word = WrittenText.Fold(stem ? written[..^1] : written);
        // Arabic words are looked up without their article.
        if (word.Length > 4 && word.StartsWith("ال", StringComparison.Ordinal)) word = word[2..];
        return word.Length == 0 ? throw new FormatException($"'{written}' is no word.") : new(word, stem);
    }

    static bool Fits(Element element, Token token)
    {
        foreach (var word in element.Words)
            if (word.IsStem ? token.Begins(word.Text) : token.Is(word.Text)) return true;
        return false;
    }

    /// <summary>The token after its last word where it begins at a token; -1 where it does not.</summary>
    internal int Match(List<Token> tokens, int at) => Fits(elements[0], tokens[at]) ? Rest(tokens, at + 1, 1) : -1;

    int Rest(List<Token> tokens, int at, int element)
    {
        if (element == elements.Length) return at;
        var (wanted, skipped, small) = (elements[element], 0, 0);
        for (; at < tokens.Count; at++)
        {
            if (Fits(wanted, tokens[at]) && Rest(tokens, at + 1, element + 1) is > 0 and var end) return end;
            // A mark ends a phrase without gaps.
            if (tokens[at].IsSmall && ++small <= MostSmall) continue;
            if (++skipped > wanted.Gap) return -1;
        }
        return -1;
    }
}
