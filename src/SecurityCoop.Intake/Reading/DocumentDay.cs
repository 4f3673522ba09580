using System.Globalization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Reading;

/// <summary>A date that a sentence gives: its words, and what they mean beside the document's day.</summary>
/// <param name="Date">Null where the words cannot be placed: a weekday in a document without a day.</param>
/// <param name="Doubtful">The weekday is not that day's, or the day follows from a rule of thumb.</param>
readonly record struct DateMention(int Start, int End, string Words, Edtf? Date, bool Doubtful)
{
    internal bool IsUndated => Date is { IsUnknown: true };
}

/// <summary>The day of the document, or its month or year, and what words of its text mean beside it. No day is ever made up.</summary>
sealed class DocumentDay
{
    const int MostWords = 12, MostInSentence = 8;

    readonly Edtf? published;
    readonly DateOnly? day;
    readonly int? year, month;

    internal DocumentDay(Edtf? published)
    {
        this.published = published;
        if (published is not { IsInterval: false, Earliest: { } from, Latest: { } to }) return;
        if (from == to) day = from;
        if (from.Year == to.Year) year = from.Year;
        if (year is not null && from.Month == to.Month) month = from.Month;
    }

    internal Edtf? Published => published;
    internal DateOnly? Day => day;

    /// <summary>The dates of a part of a sentence, in order.</summary>
    internal List<DateMention> Find(SentenceReading sentence, int from, int to)
    {
        var (found, tokens) = (new List<DateMention>(), sentence.Tokens);
        for (var at = from; at < to && found.Count < MostInSentence; at++)
        {
            if (!IsAnchor(sentence, at, out var length)) continue;
            var (start, end) = (at, Math.Min(to, at + length));
            while (start > from && at - start < MostWords && IsPart(sentence, start - 1)
                && !sentence.MarkBetween(start - 1, start)) start--;
            while (end < to && end - at < MostWords && IsPart(sentence, end) 
                && (tokens[end].Mark is not (',' or '،' or ':' or ';' or '–' or '—' or ')')
                    || (IsYear(sentence, end) && IsNumber(sentence, end - 1)) || IsWeekday(sentence, end - 1))) end++;
            if (Longest(sentence, start, end, at) is not { } mention) continue;
            if (found.Count > 0 && found[^1].End > mention.Start) continue;
            found.Add(mention);
            at = Math.Max(at, mention.End - 1);
        }
        return found;
    }

    // "Monday, June 16, 2025".
    static bool IsWeekday(SentenceReading sentence, int at) => Sign(sentence, at, out var sign, out _) && sign.Kind == SignKind.Weekday;

    /// <summary>"en 2027": all that is said of the day of what is still to come.</summary>
    internal DateMention? YearToCome(SentenceReading sentence)
    {
        for (var i = 1; i < sentence.Tokens.Count; i++)
            if (IsYear(sentence, i) && sentence.Tokens[i - 1].Folded is "en" or "in" or "سنه" or "عام"
                && Edtf.TryParse(sentence.Tokens[i].Folded, out var date, out _)
                && (year is null || date.Latest?.Year >= year)) return new(i, i + 1, sentence.Text(i, i + 1), date, false);
        return null;
    }

    DateMention? Longest(SentenceReading sentence, int start, int end, int anchor)
    {
        DateMention? unplaced = null;
        for (var from = start; from <= anchor; from++)
            for (var to = end; to > anchor; to--)
            {
                var words = sentence.Text(from, to);
                if (Meaning(sentence, from, to) is not { } read) continue;
                if (read.Date is { } date)
                {
                    // Articles and prepositions at its ends are not the date's words.
                    while (to - 1 > anchor && Meaning(sentence, from, to - 1) is { Date: { } same } && same.Text == date.Text) to--;
                    while (from < anchor && Meaning(sentence, from + 1, to) is { Date: { } same } && same.Text == date.Text) from++;
                    return new(from, to, sentence.Text(from, to), date, read.Doubtful);
                }
                unplaced ??= new(from, to, words, null, true);
            }
        if (unplaced is not { } told) return null;
        var (first, last) = (told.Start, told.End);
        while (last - 1 > anchor && Meaning(sentence, first, last - 1) is not null) last--;
        while (first < anchor && Meaning(sentence, first + 1, last) is not null) first++;
        return told with { Start = first, End = last, Words = sentence.Text(first, last) };
    }

    (Edtf? Date, bool Doubtful)? Meaning(SentenceReading sentence, int from, int to)
    {
        // "aujourd'hui mardi" in a text that came out on the day after: the weekday tells.
        if (day is { } today && WrittenWord(sentence, from, to, SignKind.Relative) && Weekday(sentence, from, to) is { } wanted
            && to - from <= 4 && WrittenDate.Read(sentence.Text(from, to), day).Date is null
            && !Enumerable.Range(from, to - from).Any(i => IsNumber(sentence, i)))
            return (Edtf.On(today.AddDays(-(((int)today.DayOfWeek - (int)wanted + 7) % 7))), true);
        var plain = sentence.Text(from, to);
        if (WrittenDate.Read(plain, day).Date is { } asWritten) return (asWritten, false);
        plain = WithoutHours(sentence, from, to);
        if (plain.Length == 0) return null;
        var read = WrittenDate.Read(plain, day);
        if (read.Date is { } date) return (date, false);
        switch (read.Fault!.Kind)
        {
            case WrittenFault.OtherWeekday when read.Fault.Hint is { Length: > 0 } hint && Edtf.TryParse(hint, out var hinted, out _):
                return (hinted, true);
            case WrittenFault.NeedsDocumentDate:
                return (InPeriod(plain, sentence, from, to), false);
            case WrittenFault.TwoReadings:
                // A year written with two digits and the like: the reading that is nearest to the document.
                return read.Fault.Readings.Select(Edtf.Parse).FirstOrDefault(d => year is null || d.Earliest?.Year == year
                    || d.Latest?.Year == year) is { } near ? (near, true) : null;
            default:
                return null;
        }
    }

    // Of a document of which only the month or the year is known: the weekdays of the month, the day in that year, or the period itself.
    Edtf? InPeriod(string plain, SentenceReading sentence, int from, int to)
    {
        if (year is not { } y) return null;
        if (sentence.Tokens[from..to].Exists(t => t.Folded.Length <= 2 && t.Folded.All(char.IsAsciiDigit))
            && WrittenDate.Read(string.Create(CultureInfo.InvariantCulture, $"{plain} {y}")) is { Date: { } dated }) return dated;
        if (month is not { } m) return null;
        if (Weekday(sentence, from, to) is not { } weekday) return WrittenWord(sentence, from, to, SignKind.Relative) ? published : null;
        if (to - from > 3) return null;
        var days = Enumerable.Range(1, DateTime.DaysInMonth(y, m)).Select(d => new DateOnly(y, m, d)).Where(d => d.DayOfWeek == weekday);
        return Edtf.Parse($"[{string.Join(',', days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))}]");
    }

    // "mardi matin", "ce lundi": what says nothing of the day.
    static string WithoutHours(SentenceReading sentence, int from, int to)
    {
        var plain = new System.Text.StringBuilder();
        for (var i = from; i < to; i++)
        {
            if (sentence.Found.Exists(f => f.Is("date.hour") && f.Start <= i && i < f.End)) continue;
            if (plain.Length > 0) plain.Append(sentence.Source, sentence.Tokens[i - 1].Span.End,
                sentence.Tokens[i].Span.Start - sentence.Tokens[i - 1].Span.End);
            plain.Append(sentence.Tokens[i].Span.Of(sentence.Source));
        }
        return plain.ToString();
    }

    static DayOfWeek? Weekday(SentenceReading sentence, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (Sign(sentence, i, out var sign, out _) && sign.Kind == SignKind.Weekday) return (DayOfWeek)sign.Value;
        return null;
    }

    static bool WrittenWord(SentenceReading sentence, int from, int to, SignKind kind)
    {
        for (var i = from; i < to; i++)
            if (Sign(sentence, i, out var sign, out _) && sign.Kind == kind) return true;
        return false;
    }

    static bool Sign(SentenceReading sentence, int at, out Sign sign, out int length)
    {
        var words = new List<string>();
        for (var i = at; i < sentence.Tokens.Count && words.Count < WrittenWords.MostWords; i++) words.Add(sentence.Tokens[i].Folded);
        if (WrittenWords.Longest(words, 0, out sign, out length)) return true;
        if (words[0].Length > 3 && words[0][0] is 'و' or 'ل' or 'ب' or 'ف')
        {
            words[0] = words[0][1..];
            return WrittenWords.Longest(words, 0, out sign, out length);
        }
        return false;
    }

    static bool IsNumber(SentenceReading sentence, int at) => at >= 0 && at < sentence.Tokens.Count
        && sentence.Tokens[at].Folded is { Length: <= 4 } word && word.All(char.IsAsciiDigit);

    static bool IsOrdinal(SentenceReading sentence, int at) => sentence.Tokens[at].Folded is { Length: <= 4 } word
        && char.IsAsciiDigit(word[0])
        && word.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is "er" or "e" or "st" or "nd" or "rd" or "th";

    static bool IsAnchor(SentenceReading sentence, int at, out int length)
    {
        var token = sentence.Tokens[at];
        length = 1;
        if (IsNumber(sentence, at))
            return token.Folded.Length <= 2 && IsNumber(sentence, at + 1) && IsNumber(sentence, at + 2)
                && sentence.Tokens[at + 2].Folded.Length == 4
                && sentence.Tokens[at + 1].Mark is '/' or '.' or '-' && sentence.Tokens[at + 2].Mark == sentence.Tokens[at + 1].Mark;
        if (!Sign(sentence, at, out var sign, out length)) return false;
        return sign.Kind switch
        {
            SignKind.Weekday => token.Folded.Length > 3,
            SignKind.Relative or SignKind.Undated => token.Folded is not ("plus" or "later"),
            SignKind.Month or SignKind.HijriMonth => IsNumber(sentence, at - 1) || IsNumber(sentence, at + length)
                || (at > 0 && IsOrdinal(sentence, at - 1))
                || (at > 0 && sentence.Tokens[at - 1].Folded is "er" or "en" or "in" or "shahr" or "شهر"),
            SignKind.PartOf or SignKind.By or SignKind.Before => IsYear(sentence, at + length) || IsYear(sentence, at + length + 1),
            _ => false,
        };
    }

    static bool IsYear(SentenceReading sentence, int at) => IsNumber(sentence, at) && sentence.Tokens[at].Folded is ['1' or '2', _, _, _];

    static bool IsPart(SentenceReading sentence, int at) =>
        IsNumber(sentence, at) || sentence.Found.Exists(f => f.Is("date.hour") && f.Start <= at && at < f.End)
        || (Sign(sentence, at, out var sign, out _) && sign.Kind is not (SignKind.Season or SignKind.Unknown or SignKind.Decade)
            && !(sign.Kind == SignKind.Weekday && sentence.Tokens[at].Folded.Length <= 3))
        || IsOrdinal(sentence, at) || sentence.Tokens[at].Folded is "hui" or "er" or "st" or "nd" or "th" or "rd";
}
