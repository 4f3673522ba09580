using SecurityCoop.Intake.Lexicons;

namespace SecurityCoop.Intake.Reading;

/// <summary>What a sentence that tells of a meeting says beside its partners: the place, whom it was with, who came along.</summary>
static class MeetingParts
{
    const int OfficeReach = 6;

    /// <summary>Whether an office of one of the partners is named, other than "the two officials".</summary>
    internal static bool HasGuestOf(SentenceReading s, List<string> partners) =>
        s.Of("office").Where(o => !s.Of("joint").Any(j => j.Start < o.End && o.Start < j.End))
            .Any(o => s.Foreign.Any(p => partners.Contains(p.Code)
                && (p.Start >= o.End ? p.Start - o.End <= OfficeReach : o.Start - p.End <= 2)));

    // "avait reçu" and its like stand at another verb than the one that tells of the meeting.
    internal static bool IsPastOfOther(SentenceReading s, List<Found> held) =>
        held.Exists(h => !s.Of("meet.past").Any(p => p.Start <= h.End && h.Start - p.End <= 8));

    internal static bool IsClosing(SentenceReading s) => s.Of("closing.subject").Any(c => c.Start <= 2)
        && s.Of("closing.verb").Any(v => s.Of("closing.subject").Any(c => c.Start <= 2 && v.Start >= c.End && v.Start - c.End <= 5))
            && !s.Has("instrument.sign");

    internal static (string, TextSpan)? Place(SentenceReading s)
    {
        foreach (var city in s.Of("city").OrderBy(c => c.Start))
        {
            var token = s.Tokens[city.Start];
            var arabic = token.IsArabic && token.Folded[0] == 'ب' && !token.Folded.StartsWith("برل", StringComparison.Ordinal)
                && !token.Folded.StartsWith("برو", StringComparison.Ordinal);
            if (!arabic && (city.Start == 0 || !(s.Tokens[city.Start - 1].Folded is "a" or "in" or "at" || s.Tokens[city.Start - 1]
                .Is("مدينه")))) continue;
            if (s.Of("place.not").Any(n => n.End <= city.Start && city.Start - n.End <= 6
                && !s.MarkBetween(n.End - 1, city.Start))) continue;
            var name = s.Text(city.Start, city.End);
            return (arabic ? name[1..] : name, s.Span(city));
        }
        return null;
    }

    // The guest is the one whom the verb has for its object, or the subject of a passive; not who stands by.
    internal static bool FirstOfficeIsAmbassador(SentenceReading s, Found held, List<NamedPerson> people)
    {
        var beside = s.Of("beside").Select(b => b.Start).DefaultIfEmpty(int.MaxValue).Min();
        // "l'ambassadeur du Maroc à Berlin" is no guest.
        bool Foreign(Found o) => !s.Home.Exists(h => h.Start <= o.Start && o.Start < h.End)
            && s.Partners.Where(p => !p.IsPlace && p.Start >= o.End && p.Start - o.End <= 3).Select(p => p.Code)
                .FirstOrDefault() != Register.HomeCountry.Code;
        var ambassador = s.Of("office.ambassador").Where(a => a.Start < beside && Foreign(a)).OrderBy(a => a.Start).FirstOrDefault();
        if (ambassador.Key is null) return false;
        var offices = s.Of("office").Where(o => o.Start < beside && Foreign(o)).OrderBy(o => o.Start).ToList();
        var after = offices.Where(o => o.Start >= held.End - 1).ToList();
        if (after.Count > 0 && ambassador.Start >= held.End - 1) return after[0].Start == ambassador.Start
            || after.TrueForAll(o => o.Start >= ambassador.Start);
        return ambassador.Start < held.Start || after.Count == 0;
    }

    internal static void Unnamed(SentenceReading s, MeetingDraft meeting, int cut)
    {
        foreach (var u in SentenceReading.Longest(s.Of("office.unnamed").Where(u => u.Start < cut)))
        {
            var from = u.Start;
            while (from > 0 && u.Start - from < 3 && !s.MarkBetween(from - 1, from)
                && !s.Found.Exists(f => f.Begins("meet.") && f.End == from)
                && s.Tokens[from - 1] is { IsSmall: false } or { Folded: "une" or "un" or "des" or "a" }) from--;
            var to = u.End;
            while (to < s.Tokens.Count && to - u.Start < 10 && !s.MarkBetween(to - 1, to)) to++;
            while (from < u.Start && s.Tokens[from].Folded is "avec" or "et" or "with" or "par" or "de" or "travail") from++;
            if (meeting.Unnamed.Count >= 6 || meeting.Unnamed.Exists(k =>
                k.Text.Contains(s.Text(u.Start, u.End), StringComparison.OrdinalIgnoreCase))
                || meeting.People.Exists(p => p.Start >= from && p.Start < to)) continue;
            var home = s.Home.Exists(h => h.Start >= from && h.Start < to)
                || s.Partners.Exists(p => p.Code == Register.HomeCountry.Code && p.IsAdjective && p.Start >= from && p.Start < to);
            meeting.Unnamed.Add((s.Text(from, to), home ? null : meeting.Partners[0], s.Span(from, to)));
        }
    }
}
