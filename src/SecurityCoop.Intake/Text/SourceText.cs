using System.Text.RegularExpressions;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Text;

/// <summary>
/// A text cut into paragraphs and sentences, as the seeds count them (seeds/README.md): a paragraph is a line that is not empty once page
/// furniture is gone, a sentence ends with a full stop, an exclamation or question mark before white space, and abbreviations end none.
/// </summary>
sealed partial class SourceText
{
    const int FurnitureLine = 160;

    internal string Text { get; }
    internal List<Sentence> Sentences { get; } = [];
    internal List<List<Token>> Words { get; } = [];
    internal int Paragraphs { get; private set; }
    /// <summary>What the page says of the day of the text, if anything, and where.</summary>
    internal Edtf? HeaderDate { get; private set; }
    internal TextSpan HeaderSpan { get; private set; }

    internal SourceText(string text)
    {
        Text = text;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOfAny(['\n', '\r', '\u2028'], at);
            if (end < 0) end = text.Length;
            Line(at, end);
            at = end + 1;
        }
        foreach (var sentence in Sentences) Words.Add(Token.Of(text, sentence.Span));
    }

    void Line(int start, int end)
    {
        (start, end) = Trimmed(start, end);
        if (start == end) return;
        var head = Text[start..Math.Min(end, start + FurnitureLine)];
        if (Header().Match(head) is { Success: true, Length: > 0 } header)
        {
            if (header.Groups["date"] is { Success: true } date) Dated(date.Value,
                new(start + date.Index, start + date.Index + date.Length));
            (start, end) = Trimmed(start + header.Length, end);
            if (start == end) return;
            head = Text[start..Math.Min(end, start + FurnitureLine)];
        }
        if (end - start <= FurnitureLine && IsFurniture(head, start)) return;
        Paragraphs++;
        var (from, number) = (start, 0);
        foreach (var stop in SentenceEnd().EnumerateMatches(Text.AsSpan(start, end - start)))
        {
            var until = start + stop.Index;
            if (until <= from || EndsInAbbreviation(from, until)) continue;
            Add(from, until, ++number);
            from = until + stop.Length;
        }
        if (from < end) Add(from, end, ++number);
    }

    void Add(int start, int end, int number) => Sentences.Add(new(Paragraphs, number, new(start, end),
        Sentence.Digest(Text.AsSpan(start, end - start))) { Index = Sentences.Count });

    (int, int) Trimmed(int start, int end)
    {
        while (start < end && IsBlank(Text[start])) start++;
        while (end > start && IsBlank(Text[end - 1])) end--;
        return (start, end);
    }

    static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\ufeff' or '\u200e' or '\u200f';

    bool IsFurniture(string line, int start)
    {
        if (Furniture().Match(line) is { Success: true } furniture)
        {
            if (line.Any(char.IsDigit)) Dated(TimeOfDay().Replace(Said().Replace(line[furniture.Length..], ""), " ")
                .Trim(' ', '-', '–', '|', ',', '،', ':'), new(start, start + line.Length));
            return true;
        }
        // A line that holds the day of the publication and nothing else.
        if (line.Length > 70 || !line.Any(char.IsDigit)) return false;
        var plain = TimeOfDay().Replace(line, " ").Trim(' ', '-', '–', '|', ',', '،');
        if (WrittenDate.Read(plain) is not { Date: { IsUnknown: false } } read) return false;
        Dated(read.Date.Text, new(start, start + line.Length));
        return true;
    }

    void Dated(string written, TextSpan span)
    {
        if (HeaderDate is not null || WrittenDate.Read(written) is not { Date: { IsUnknown: false } date }) return;
        (HeaderDate, HeaderSpan) = (date, span);
    }

    bool EndsInAbbreviation(int from, int until)
    {
        if (Text[until - 1] != '.') return false;
        var start = until - 1;
        while (start > from && char.IsLetter(Text[start - 1])) start--;
        var word = Text[start..(until - 1)];
        // The number of a paragraph: "3. Les deux parties …".
        if (word.Length == 0 && until - from <= 3 && Text.AsSpan(from, until - 1 - from).IndexOfAnyExceptInRange('0', '9') < 0) return true;
        if (word.Length == 0 || (start > from && char.IsDigit(Text[start - 1]))) return false;
        return (word.Length == 1 && char.IsUpper(word[0]) && (word == "M" || start == from || Text[start - 1] is ' ' or '.' or '\u00a0'))
            || Abbreviation().IsMatch(word);
    }

    [GeneratedRegex(@"(?<=[.!?؟])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\A(MM|Mme|Mmes|Mlle|Mr|Mrs|Ms|Dr|Pr|Prof|Me|Gén|Gal|Gen|Col|Lt|St|Ste|Mgr|Sr|Jr|art|Art|no|No|n|vol|cf|etc|env|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|janv|févr|juil|déc)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Abbreviation();

    // "date 2026-01-21 Partager Facebook": the head of a page that was saved as text.
    [GeneratedRegex(@"\A(?:date\s*:?\s*(?<date>\d{4}(?:-\d\d){0,2})(?=\s|\z)\s*)(?:(?:(?:Partager|Share)\b)?\s*(?:Facebook|Twitter|X|WhatsApp|LinkedIn|Email|Imprimer|Print)\b\s*)*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    [GeneratedRegex(@"\A(?:(?:à\s+)?lire\s+(?:aussi|également|la suite)|voir aussi|read (?:also|more)|also read|see also|(?:اقرأ|إقرأ|اقرؤوا|شاهد)\s+(?:أيضا|المزيد|كذلك)|partage[rz]|share\b|imprimer|print\b|suivez[- ]nous|follow us|abonnez|newsletter|tags?\s*:|mots[- ]clés|photo\s*:|crédit|©|copyright|temps de lecture|publicité|advertisement|publié\b|mis à jour|published\b|updated\b|نشر في|شارك|accueil\b|(?:par|by)\s+\p{Lu}[\p{L}.'’ -]{2,40}\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Furniture();

    [GeneratedRegex(@"\A\s*(?:le|on|on the|في|:)\s+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Said();

    [GeneratedRegex(@"\b(?:à\s*)?\d{1,2}\s*[:hH]\s*\d{2}(?::\d\d)?\b|\b(?:GMT|UTC)\b(?:\s*[+-]\s*\d+)?|\bMAP\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex TimeOfDay();
}
