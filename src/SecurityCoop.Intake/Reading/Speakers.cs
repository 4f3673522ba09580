using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Reading;

/// <summary>Who speaks in a sentence: "home", "joint" or a partner's code.</summary>
sealed class Speakers(IReadOnlyList<MeetingDraft> meetings)
{
    string last = Statements.Joint;

    readonly Dictionary<string, string> byName = Names(meetings);

    // The words of a name by which a text goes on to call its bearer.
    static Dictionary<string, string> Names(IReadOnlyList<MeetingDraft> meetings)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var person in meetings.SelectMany(m => m.People))
            foreach (var word in person.Name.Split(' ', '-').Select(WrittenText.Fold).Where(w => w.Length > 2))
                names.TryAdd(word, person.Partner ?? Statements.Home);
        return names;
    }

    internal void Restart() => last = Statements.Joint;

    /// <summary>Who speaks at a trigger: the first party that the main clause names before it.</summary>
    internal Proposed<string> At(SentenceReading s, int trigger, MeetingDraft? meeting)
    {
        var from = AfterIntroduction(s, trigger);
        // "Il a été convenu": whoever stands before it.
        if (s.Of("impersonal").Any(i => i.End - i.Start > 2 && i.Start < trigger
            && trigger - i.End <= 2)) return Proposed<string>.Of(Statements.Joint, Sureness.High);
        if (trigger < s.Tokens.Count && s.Tokens[trigger].IsArabic && s.Of("impersonal").Any(i => i.Start == trigger))
            return Proposed<string>.Of(Statements.Joint, Sureness.High);
        if (IsQuotation(s) && Quoted(s, meeting) is { } said) return said;
        var parties = Parties(s, meeting).Where(p => p.Start >= from && p.Start < trigger).OrderBy(p => p.Start)
            .ThenByDescending(p => p.End).ToList();
        // "Cette rencontre a été l'occasion pour X de …": the party stands behind the verb.
        if (parties.Count > 0)
        {
            last = parties[0].Speaker;
            // "M. X et son hôte": both speak.
            if (last != Statements.Joint && parties.Exists(p => p.Speaker != last && p.Speaker != Statements.Joint
                && p.Start - parties[0].End is >= 0 and <= 8
                && s.Tokens[parties[0].End..(p.Start + 1)].Exists(t => t.Folded is "et" or "and" or "و")
                    && !s.MarkBetween(parties[0].End - 1, p.Start))) last = Statements.Joint;
            return Proposed<string>.Of(last, Sureness.High, s.Span(parties[0].Start, parties[0].End));
        }
        if (Quoted(s, meeting) is { } quoted) return quoted;
        if (s.Of("pronoun").Any(p => p.Start >= from && p.Start < trigger && p.Start <= from + 1) && !s.Of("impersonal")
            .Any(p => p.Start <= from + 1))
            return Proposed<string>.Of(last, Sureness.Medium);
        // English and Arabic: the verb stands first, its subject behind it.
        if (trigger < s.Tokens.Count && s.Tokens[trigger].IsArabic)
        {
            var after = Parties(s, meeting).Where(p => p.Start > trigger && p.Start - trigger <= 4).OrderBy(p => p.Start).FirstOrDefault();
            if (after.Speaker is not null)
            {
                last = after.Speaker;
                return Proposed<string>.Of(last, Sureness.High, s.Span(after.Start, after.End));
            }
        }
        return Proposed<string>.Of(Statements.Joint, Sureness.Medium);
    }

    static bool IsQuotation(SentenceReading s) => s.Sentence.Span is { End: var end, Start: var start } && end > start
        && s.Source[start] is '«' or '“' or '"' or '„';

    // "« … », a déclaré le responsable": the speaker stands behind the verb.
    Proposed<string>? Quoted(SentenceReading s, MeetingDraft? meeting)
    {
        foreach (var verb in s.Of("quote"))
        {
            var after = Parties(s, meeting).Where(p => p.Start >= verb.End && p.Start - verb.End <= 1
                && !s.MarkBetween(verb.End - 1, p.Start)).OrderBy(p => p.Start).FirstOrDefault();
            // "…", the ambassador said.
            if (after.Speaker is null && verb.End == s.Tokens.Count) after = Parties(s, meeting)
                .Where(p => p.End <= verb.Start && verb.Start - p.End <= 1).OrderBy(p => p.Start).LastOrDefault();
            // "…", says the head of the unit: an office that is not the home side's.
            if (after.Speaker is null && meeting is { Partners: [var only, ..] } && s.Of("office").FirstOrDefault(o =>
                o.Start - verb.End is >= 0 and <= 1 && !s.Home.Exists(h => h.Start <= o.Start && o.Start < h.End)) is { Key: not null } office)
                after = (office.Start, office.End, only);
            if (after.Speaker is null) continue;
            last = after.Speaker;
            return Proposed<string>.Of(last, Sureness.Medium, s.Span(after.Start, after.End));
        }
        return null;
    }

    // "Lors de l'entretien avec M. X, …", "Selon le communiqué de …": who stands there does not speak.
    static int AfterIntroduction(SentenceReading s, int trigger)
    {
        if (!s.Of("intro").Any(i => i.Start == 0)) return 0;
        for (var i = 1; i < trigger; i++)
            if (s.Tokens[i].Mark is ',' or '،') return i;
        return 0;
    }

    const int MostBefore = 3;

    IEnumerable<(int Start, int End, string Speaker)> Parties(SentenceReading s, MeetingDraft? meeting)
    {
        foreach (var joint in s.Of("joint")) yield return (joint.Start, joint.End, Statements.Joint);
        foreach (var home in s.Home)
            if (!s.Of("report").Any(r => r.End <= home.Start && home.Start - r.End <= 3
                && !s.MarkBetween(Math.Max(0, r.End - 1), home.Start))) yield return (home.Start, home.End, Statements.Home);
        for (var i = 0; i < s.Tokens.Count; i++)
            if ((s.Tokens[i].IsCapital || s.Tokens[i].IsArabic) && Named(s.Tokens[i]) is { } of) yield return (i, i + 1, of);
        // A country that is a sentence's subject speaks, and one that is joined to it.
        foreach (var p in s.Partners.Where(p => p is { IsAdjective: false, IsPlace: false } && !s.Tokens[p.Start].IsArabic
            && (p.Start <= MostBefore || s.Partners.Exists(o => o.Start <= MostBefore && o.End < p.Start && p.Start - o.End <= 3
                && s.Tokens[o.End..p.Start].Exists(t => t.Folded is "et" or "and")))))
            if (p.Code == Register.HomeCountry.Code) yield return (p.Start, p.End, Statements.Home);
            else if (meeting?.Partners.Contains(p.Code) == true) yield return (p.Start, p.End, p.Code);
        var partner = meeting is { Partners: [var only, ..] } ? only : null;
        if (partner is null) yield break;
        foreach (var who in s.Found.Where(f => f.Key is "office" or "guest" or "side"))
        {
            var before = s.Partners.Where(p => p.End <= who.Start && who.Start - p.End <= 1 && !s.MarkBetween(p.End - 1, who.Start)
                && !s.Tokens[p.Start].IsArabic).Select(p => p.Code).LastOrDefault();
            var near = before ?? s.Partners.Where(p => !p.IsPlace && p.Start - who.End is >= -1 and <= 4
                && !s.MarkBetween(who.End - 1, p.Start)).OrderBy(p => p.Start).Select(p => p.Code).FirstOrDefault();
            var home = near == Register.HomeCountry.Code || s.Home.Exists(h => h.Start <= who.Start && who.Start < h.End);
            if (home) yield return (who.Start, who.End, Statements.Home);
            else if (near is not null && meeting!.Partners.Contains(near)) yield return (who.Start, who.End, near);
            else if (who.Is("guest")) yield return (who.Start, who.End, partner);
        }
    }

    string? Named(Text.Token token)
    {
        foreach (var form in token.Forms)
            if (byName.TryGetValue(form, out var of)) return of;
        return null;
    }
}
