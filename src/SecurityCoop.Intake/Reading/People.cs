using SecurityCoop.Intake.Lexicons;

namespace SecurityCoop.Intake.Reading;

/// <summary>A person whom a sentence names.</summary>
/// <param name="Partner">Null: of the home side.</param>
readonly record struct NamedPerson(string Name, int Start, int End, string? Partner, string? Title, string? Organisation, bool Acting);

/// <summary>Names of people in sentences that tell of meetings: words with capitals, or in Arabic what follows a title or stands between
/// commas.</summary>
static class People
{
    const int MostWords = 6, MostOffice = 25, Far = 24;

    internal static List<NamedPerson> In(SentenceReading sentence)
    {
        var covered = Covered(sentence);
        var spans = sentence.Tokens.Count > 0 && sentence.Tokens.Count(t => t.IsArabic) * 2 > sentence.Tokens.Count
            ? Arabic(sentence, covered) : Latin(sentence, covered);
        var (people, before) = (new List<NamedPerson>(), 0);
        foreach (var (start, end) in spans)
        {
            var (from, to) = Office(sentence, before, start, end);
            var (title, organisation) = Parts(sentence, from, to);
            var acting = sentence.Of("acting").Any(a => a.Start >= from && a.End <= Math.Max(to, from));
            people.Add(new(sentence.Text(start, end), start, end, Side(sentence, start, end, from, to), title, organisation, acting));
            before = end;
        }
        return people;
    }

    static bool[] Covered(SentenceReading sentence)
    {
        var covered = new bool[sentence.Tokens.Count];
        foreach (var f in sentence.Found)
            if (f.Key is "notname" or "office" or "city" or "title" or "occasion" || f.Begins("partner.") || f.Begins("kind.")
                || f.Begins("instrument.")
                || (f.Begins("home.") && f.End - f.Start > 1) || (f.Begins("topic.") && f.End - f.Start == 1))
                for (var i = f.Start; i < f.End; i++) covered[i] = true;
        return covered;
    }

    static List<(int, int)> Latin(SentenceReading sentence, bool[] covered)
    {
        var (tokens, found) = (sentence.Tokens, new List<(int, int)>());
        bool IsName(int i) => i < tokens.Count && tokens[i].IsCapital && !covered[i] && !tokens[i].IsArabic
            && !char.IsDigit(tokens[i].Folded[^1])
            && !(tokens[i].Folded.Length <= 5 && tokens[i].Folded.Length > 1 && tokens[i].Span.Of(sentence.Source).All(char.IsUpper));
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!IsName(i)) continue;
            var end = i + 1;
            while (end < tokens.Count && end - i < MostWords && !sentence.MarkBetween(end - 1, end))
            {
                if (IsName(end)) end++;
                else if (tokens[end].Folded is "bin" or "ben" or "el" or "al" or "de" or "da" or "dos" or "van" or "der" or "von" or "di" or "ibn" or "bint" or "ould" or "y" or "la" or "del" or "o"
                    && (IsName(end + 1) || (tokens.Count > end + 1 && tokens[end + 1].Folded is "la" or "der" or "el" && IsName(end + 2)))
                    && !sentence.MarkBetween(end, end + 1)) end++;
                else break;
            }
            var titled = i > 0 && sentence.Of("title").Any(t => t.End == i);
            if (end - i >= 2 || titled) found.Add((i, end));
            i = end - 1;
        }
        return found;
    }

    static List<(int, int)> Arabic(SentenceReading sentence, bool[] covered)
    {
        var (tokens, found) = (sentence.Tokens, new List<(int, int)>());
        bool IsName(int i) => i < tokens.Count && tokens[i].IsArabic && !covered[i]
            && (!tokens[i].IsSmall || tokens[i].Folded is "بن" or "ال" or "ابو") && tokens[i].Folded.Length > 1
            && !sentence.Found.Exists(f => f.Start == i && (f.Begins("force.") || f.Begins("meet.") || f.Begins("topic.") || f.Is("say")
                || f.Is("report")));
        for (var i = 0; i < tokens.Count; i++)
        {
            var titled = sentence.Of("title").Any(t => t.End == i && tokens[t.Start].IsArabic);
            var (from, bounded) = (i, i > 0 && tokens[i].Mark is ',' or '،');
            if ((!titled && !bounded) || !IsName(i)) continue;
            var end = i + 1;
            while (end < tokens.Count && end - i < 5 && IsName(end) && !sentence.MarkBetween(end - 1, end)) end++;
            var closed = end == tokens.Count || sentence.MarkBetween(end - 1, end);
            if (end - from < 2 || (!titled && (!closed || end - from > 4))
                || (titled && !closed && end - from > 3 && (end = from + 3) < 0)) continue;
            found.Add((from, end));
            i = end - 1;
        }
        // A name of the home side that no mark sets apart.
        foreach (var home in sentence.Home.Where(h => h.Is("home.service") && h.End - h.Start == 1 && tokens[h.Start].IsArabic
            && tokens[h.Start].Begins("حموش")))
            if (!found.Exists(f => f.Item1 <= home.Start && home.Start < f.Item2)) found.Add((Math.Max(0,
                home.Start - (home.Start > 1 && IsName(home.Start - 1) ? 2 : 0)), home.End));
        return [.. found.Distinct().OrderBy(f => f.Item1)];
    }

    // Where the person's office stands: before the name, else after it and a comma.
    static (int, int) Office(SentenceReading sentence, int before, int start, int end)
    {
        var held = sentence.Beginning("meet.held").Where(h => h.End <= start).Select(h => h.End).DefaultIfEmpty(0).Max();
        var from = Math.Max(Math.Max(before, start - MostOffice), 0);
        var offices = sentence.Of("office").Where(o => o.End <= start && o.Start >= from).OrderBy(o => o.Start).ToList();
        var afterVerb = offices.Where(o => o.Start >= held - 2).ToList();
        if ((afterVerb.Count > 0 || held > 0 ? afterVerb : offices) is [var first, ..])
            return (first.Start, start > 0 && sentence.Of("title").Any(t => t.End == start && t.Start > first.End) ? start - 1 : start);
        return After(sentence, end) is (< int.MaxValue, _) after ? after : (start, start);
    }

    // An office behind the name and a comma, up to the next mark.
    static (int, int) After(SentenceReading sentence, int end)
    {
        if (sentence.Of("office").Where(o => o.Start >= end && o.Start - end <= 3).OrderBy(o => o.Start)
            .FirstOrDefault() is not { Key: not null } after || !sentence.MarkBetween(end - 1, after.Start)) return (int.MaxValue, 0);
        var to = after.End;
        while (to < sentence.Tokens.Count && to - after.Start < MostOffice && !sentence.MarkBetween(to - 1, to)) to++;
        return (after.Start, to);
    }

    static (string?, string?) Parts(SentenceReading sentence, int from, int to)
    {
        if (to <= from) return (null, null);
        var body = sentence.Of("organisation").Where(o => o.Start > from && o.End <= to).OrderBy(o => o.Start).FirstOrDefault();
        if (body.Key is null) return (Short(sentence.Text(from, to)), null);
        var end = body.Start;
        while (end > from + 1 && sentence.Tokens[end - 1].IsSmall) end--;
        var until = body.Start + 1;
        while (until < to && !sentence.MarkBetween(until - 1, until)) until++;
        return (Short(sentence.Text(from, end)), Short(sentence.Text(body.Start, until)));
    }

    static string Short(string words) => words.Length <= 120 ? words : words[..120];

    // Of the partners and home bodies that are named about it the nearest.
    static string? Side(SentenceReading sentence, int start, int end, int officeStart, int officeEnd)
    {
        string? nearest = null;
        var (afterStart, afterEnd) = After(sentence, end);
        var distance = int.MaxValue;
        void Take(string? code, int from, int to, int more)
        {
            var inOffice = (officeEnd > officeStart && from >= officeStart && to <= officeEnd) || (from >= afterStart && to <= afterEnd);
            var far = (from >= end ? from - end + 6 : start - to) + more;
            // Who is named before the verb is not whom it has for its object.
            if (sentence.Beginning("meet.held").Any(h => h.Start >= to && h.End <= start)) far += Far / 2;
            if (inOffice) far -= Far;
            if (to > start && from < end) far = -100;
            if (far < distance) (nearest, distance) = (code, far);
        }
        foreach (var home in sentence.Home) Take(null, home.Start, home.End, 0);
        foreach (var p in sentence.Partners)
            if (p.Code != Register.HomeCountry.Code) Take(p.Code, p.Start, p.End, p.IsPlace ? 4 : 0);
            else if (!p.IsPlace && p.IsAdjective) Take(null, p.Start, p.End, 0);
        return distance == int.MaxValue ? "?" : nearest;
    }
}
