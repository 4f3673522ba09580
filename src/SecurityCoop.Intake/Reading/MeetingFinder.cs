using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Reading;

/// <summary>Finds the meetings that a text tells of: between the home side and a partner, held or planned, each once.</summary>
sealed class MeetingFinder(IReadOnlyList<SentenceReading> sentences, DocumentDay day)
{
    const int MostMeetings = 40;

    readonly List<MeetingDraft> meetings = [];
    readonly List<IntakeNote> notes = [];
    readonly Dictionary<string, string> partnerOfName = new(StringComparer.Ordinal);
    readonly Dictionary<string, NamedPerson> byName = new(StringComparer.Ordinal);

    internal IReadOnlyList<MeetingDraft> Meetings => meetings;
    internal IReadOnlyList<IntakeNote> Notes => notes;
    /// <summary>The meeting of which each sentence speaks first: an index into <see cref="Meetings"/>; -1: of none.</summary>
    internal Dictionary<int, MeetingDraft> BySentence { get; } = [];

    internal void Find()
    {
        foreach (var sentence in sentences)
        {
            if (meetings.Count >= MostMeetings) break;
            if (sentence.Found.Count == 0) continue;
            Read(sentence);
        }
        if (meetings.Count == 0 && notes.Count == 0) Guess();
        foreach (var left in meetings.Where(m => m.IsSummary && m.Partners.Count > 1 && m.Sentences.Exists(Separate)).ToList()) Part(left);
        meetings.RemoveAll(m => m.Partners.Count == 0);
        meetings.Sort((a, b) => a.Order.CompareTo(b.Order));
    }

    // A text that names the service and a partner's office in one sentence, and a meeting, tells of one, in whatever words.
    void Guess()
    {
        foreach (var s in sentences.Where(s => s.Home.Exists(h => h.Is("home.service")) && s.Has("office") && !s.Has("meet.cancelled")
            && !s.Has("meet.past") && !s.Has("meet.interview") && !s.Has("meet.sport") && !s.Has("meet.planned")))
        {
            var word = s.Found.Where(f => f.Is("meet.noun") || f.Begins("kind.")).OrderBy(f => f.Start).FirstOrDefault();
            if (word.Key is null || MeetingParts.IsClosing(s)) continue;
            var people = People.In(s);
            var partners = PartnersOf(s, word, people);
            if (partners.Count == 0) continue;
            Take(s, word, partners, people, isPlanned: false, known: false);
            return;
        }
    }

    static bool Separate(SentenceReading s) => s.Has("meet.separately")
        || s.Tokens.Exists(t => t.Folded is "ambassadeurs" or "ambassadors" or "سفرا" or "السفرا");

    void Part(MeetingDraft left)
    {
        foreach (var partner in left.Partners.Skip(1).ToList())
        {
            meetings.Insert(meetings.IndexOf(left) + left.Partners.IndexOf(partner), Inheriting(left, [partner]));
        }
        left.Partners = [left.Partners[0]];
        left.IsSummary = false;
        left.People.RemoveAll(p => p.Partner is { } code && code != left.Partners[0]);
    }

    static MeetingDraft Inheriting(MeetingDraft from, List<string> partners)
    {
        var draft = new MeetingDraft
        {
            Order = (from.Order.Sentence, from.Listed.IndexOf(partners[0])), Listed = from.Listed, Partners = partners, IsPlanned =
                from.IsPlanned, Date = from.Date, DateSpan = from.DateSpan, Place = from.Place, HomeBody = from.HomeBody, Sure = from.Sure,
                HasAmbassador = from.HasAmbassador,
        };
        draft.Sentences.AddRange(from.Sentences);
        draft.Kinds.AddRange(from.Kinds);
        draft.Because.AddRange(from.Because);
        draft.People.AddRange(from.People.Where(p => p.Partner is null || partners.Contains(p.Partner)));
        return draft;
    }

    void Read(SentenceReading s)
    {
        var held = SentenceReading.Longest(s.Of("meet.held"));
        var planned = SentenceReading.Longest(s.Of("meet.planned"));
        if (held.Count + planned.Count == 0) return;
        if (s.Has("meet.sport") && !s.Home.Exists(h => h.Is("home.service"))) return;
        if (s.Has("meet.interview")) { Note("interview", s); return; }
        if (MeetingParts.IsClosing(s)) return;
        var people = People.In(s);
        var hasHome = s.Home.Count > 0 || s.Has("meet.next") || s.Has("home.host") || StartsWithPronoun(s);
        var first = held.Count > 0 ? held[0] : planned[0];
        var joint = s.IsBetweenHomeAndPartner(first)
            || (s.Has("kind.periodic-commission") && s.Partners.Any(p => p.Code == Register.HomeCountry.Code));
        var partners = PartnersOf(s, first, people);
        var isOnFile = partners.Count > 0 && meetings.Exists(m => partners.TrueForAll(m.Partners.Contains));
        if (!hasHome && !joint && !isOnFile && !Visits(s)) { if (s.Foreign.Any() && s.Has("office")) Note("meeting-of-others", s); return; }
        var known = partners.Count > 0;
        // "La prochaine session se tiendra …", after a text about one.
        if (!known && planned.Count > 0 && s.Has("meet.next") && meetings is [{ IsPlanned: false } only])
        {
            Take(s, first, [.. only.Partners], people, isPlanned: true, known: false);
            return;
        }
        if (!known && KnownPartner(s) is { } code) partners = [code];
        // A lead that announces several meetings is none of them.
        if (partners.Count == 0 && !s.Has("meet.separately") && Dominant(s) is { } likely && s.Of("guest")
            .Any(g => !s.Home.Exists(h => h.Start <= g.Start && g.Start < h.End))) partners = [likely];
        if (partners.Count == 0) return;
        if (!known && !s.Has("office") && !s.Has("guest") && KnownPartner(s) is null) return;
        if (known && !s.Has("office") && !joint && !people.Exists(p => p.Partner is not null)
            && !s.Found.Exists(f => f.Key is "organisation")) return;
        // "The talks between the two officials … with Spain and Portugal": of countries that are only spoken of nobody is there.
        if (known && !isOnFile && !joint && meetings.Count > 0 && s.Has("joint") && !MeetingParts.HasGuestOf(s, partners)) return;
        if (s.Has("meet.cancelled")) { Note("meeting-not-held", s); return; }
        var isPlanned = planned.Count > 0 && (held.Count == 0 || planned[0].Start < held[0].Start
            || held.TrueForAll(h => planned.Exists(p => p.Start <= h.Start && h.Start - p.End <= 6)));
        if (s.Has("meet.past") && (meetings.Count > 0 || !isPlanned)) { if (!MeetingParts.IsPastOfOther(s, held)) { Note("earlier-meeting",
            s); return; } }
        if (isPlanned && meetings.Exists(m => !m.IsPlanned && partners.TrueForAll(m.Partners.Contains))
            && day.Find(s, 0, s.Tokens.Count).Count == 0) { Note("later-meeting", s); return; }
        Take(s, first, partners, people, isPlanned, known);
    }

    void Note(string code, SentenceReading s) => notes.Add(new(code, [s.Sentence.Span]));

    bool StartsWithPronoun(SentenceReading s) => meetings.Count > 0 && (s.Of("pronoun").Any(p => p.Start <= 2)
        || (s.Has("meet.another") && s.Foreign.Any()) || partnerOfName.Keys.Any(n => s.Tokens.Exists(t => t.IsCapital && t.Folded == n)));

    bool Visits(SentenceReading s) => s.Has("kind.visit") && s.Partners.Any(p => p.Code == Register.HomeCountry.Code) && s.Foreign.Any()
        && sentences.Any(o => o.Home.Exists(h => h.Is("home.service"))) && s.Of("kind.delegation-visit").Any();

    List<string> PartnersOf(SentenceReading s, Found held, List<NamedPerson> people)
    {
        var cut = Cut(s, held);
        var mentions = s.Foreign.Where(p => p.Start < cut && !InHomeOffice(s, p)).ToList();
        if (mentions.Count == 0) mentions = [.. s.Foreign.Where(p => !InHomeOffice(s, p))];
        var visiting = s.Has("kind.visit");
        if (mentions.Exists(m => !m.IsPlace) && !(visiting && mentions.TrueForAll(m => m.IsPlace || m.IsAdjective)))
            mentions.RemoveAll(m => m.IsPlace && !AfterVisit(s, m));
        // "le secrétaire général d'Interpol, l'Allemand X": the man's country is not the partner.
        if (mentions.Exists(m => m.Code.Length > 2 || m.Code is "EU" or "UN"))
            mentions.RemoveAll(m => m.Code.Length == 2 && m.Code is not ("EU" or "UN")
                && people.Exists(p => p.Start - m.End is >= 0 and <= 1) && m.Start > 0
                && s.Tokens[m.Start - 1].Folded is "le" or "la" or "l" or "the");
        return [.. mentions.Select(m => m.Code).Distinct()];
    }

    static bool AfterVisit(SentenceReading s, PartnerMention m) => s.Of("kind.visit").Any(v => m.Start >= v.End && m.Start - v.End <= 6);

    // Countries that a home office deals with are no partners: none is known so far but those in brackets after it.
    static bool InHomeOffice(SentenceReading s, PartnerMention p) => s.Home.Exists(h => p.Start >= h.Start && p.End <= h.End);

    // Where the sentence goes over from who met to what was talked about.
    static int Cut(SentenceReading s, Found held)
    {
        foreach (var f in s.Of("zone.end").OrderBy(f => f.Start))
            if (f.Start >= held.End) return f.Start;
        return s.Tokens.Count;
    }

    string? KnownPartner(SentenceReading s)
    {
        foreach (var token in s.Tokens)
            if (token.IsCapital && partnerOfName.TryGetValue(token.Folded, out var code)) return code;
        return null;
    }

    string? Dominant(SentenceReading s)
    {
        if (!s.Home.Exists(h => h.Is("home.service"))) return null;
        var counts = sentences.SelectMany(o => o.Foreign).GroupBy(p => p.Code).OrderByDescending(g => g.Count()).Take(2).ToList();
        return counts.Count == 0 || (counts.Count == 2 && counts[0].Count() == counts[1].Count()) ? null : counts[0].Key;
    }

    void Take(SentenceReading s, Found held, List<string> partners, List<NamedPerson> people, bool isPlanned, bool known)
    {
        people = [.. people.Select(p => p.Partner == "?" ? p with { Partner = partners.Count == 1 ? partners[0] : null } : p)];
        foreach (var p in people)
            if (p.Partner is { } code)
                foreach (var word in p.Name.Split(' ', '-').Where(w => w.Length > 3)) partnerOfName.TryAdd(WrittenText.Fold(word), code);
        // Whom the text named before, it may call by the family name alone.
        foreach (var token in s.Tokens)
            if (token.IsCapital && byName.TryGetValue(token.Folded, out var named)
                && !people.Exists(p => MeetingDraft.SameName(p.Name, named.Name) || named.Name.Contains(p.Name, StringComparison.Ordinal))
                && (named.Partner is null || partners.Contains(named.Partner))) people.Add(named);
        foreach (var p in people)
            foreach (var word in p.Name.Split(' ', '-').Where(w => w.Length > 3)) byName.TryAdd(WrittenText.Fold(word), p);
        var dates = day.Find(s, 0, s.Tokens.Count);
        var date = dates.Where(d => !d.IsUndated).OrderBy(d => Distance(d, held)).Select(d => (DateMention?)d).FirstOrDefault();
        var home = s.Home.Find(h => h.Is("home.service"));
        var body = s.Home.Where(h => h.Is("home.body")).ToList();
        var others = home.Key is null && body.Count > 0;
        var meeting = Same(s, partners, people, date, others, isPlanned);
        if (meeting is null)
        {
            meetings.Add(meeting = new()
            {
                Order = (s.Index, 0), Listed = [.. partners], Partners = partners, IsPlanned = isPlanned, Sure = known ? Sureness.High
                    : Sureness.Low,
                IsSummary = partners.Count > 1 && Separate(s) || partners.Count > 1 && meetings.Count == 0,
            });
        }
        meeting.Sentences.Add(s);
        meeting.Because.Add(s.Span(held));
        BySentence.TryAdd(s.Index, meeting);
        foreach (var p in people)
            if (!meeting.People.Exists(k => MeetingDraft.SameName(k.Name, p.Name))
                && (p.Partner is null || meeting.Partners.Contains(p.Partner))) meeting.People.Add(p);
        if (date is { } d && (meeting.Date is null || (meeting.Date.Value.Date is null && d.Date is not null))) (meeting.Date,
            meeting.DateSpan) = (d, s.Span(d.Start, d.End));
        if (meeting.Date is null && isPlanned && day.YearToCome(s) is { } year)
            (meeting.Date, meeting.DateSpan) = (year, s.Span(year.Start, year.End));
        if (meeting.Date is null && s.Has("meet.sameday") && meetings.FindLast(m => m != meeting
            && m.Date is not null) is { } before) (meeting.Date, meeting.DateSpan) = (before.Date, before.DateSpan);
        if (meeting.Date is null && s.Has("margin") && meetings.FindLast(m => m != meeting
            && m.Date is not null) is { } around) (meeting.Date, meeting.DateSpan) = (around.Date, around.DateSpan);
        if (meeting.Date is null && meeting.Sentences.Count == 1 && !isPlanned && s.Has("meet.another")
            && meetings.FindLast(m => m != meeting && m is { IsPlanned: false, Date.Date: not null }) is { } same)
            (meeting.Date, meeting.DateSpan) = (same.Date!.Value with { Doubtful = true }, same.DateSpan);
        meeting.Place ??= MeetingParts.Place(s);
        if (others && meeting.HomeBody is null) meeting.HomeBody = (s.Text(body[0].Start, body[0].End), s.Span(body[0]));
        meeting.Kinds.AddRange(s.Beginning("kind.").Where(k => !s.Of("margin")
            .Any(b => b.End <= k.Start && k.Start - b.End <= 10 && !s.MarkBetween(b.End - 1, k.Start))).Select(k => (s.Index, k)));
        meeting.HasAmbassador |= MeetingParts.FirstOfficeIsAmbassador(s, held, people);
        MeetingParts.Unnamed(s, meeting, Cut(s, held));
    }

    static int Distance(DateMention d, Found held) => d.Start >= held.End ? d.Start - held.End : Math.Max(0, held.Start - d.End);

    MeetingDraft? Same(SentenceReading s, List<string> partners, List<NamedPerson> people, DateMention? date, bool others, bool isPlanned)
    {
        foreach (var m in Enumerable.Reverse(meetings))
        {
            if (m.IsPlanned != isPlanned || !partners.TrueForAll(m.Partners.Contains)) continue;
            if (partners.Count < m.Partners.Count)
            {
                if (!m.IsSummary) return m;
                var part = Inheriting(m, partners);
                m.Partners = [.. m.Partners.Except(partners)];
                meetings.Insert(meetings.IndexOf(m) + (m.Partners.Count == 0 ? 1 : 0), part);
                if (m.Partners.Count == 0) meetings.Remove(m);
                return part;
            }
            if (!s.Has("meet.another")) return m;
            var guests = people.Where(p => p.Partner is not null).ToList();
            var otherGuest = guests.Count > 0 && m.People.Exists(p => p.Partner is not null) && !guests.Exists(m.IsWith);
            var otherHome = others != (m.HomeBody is not null);
            var otherDay = date is { Date: { } on } && m.Date is { Date: { } before } && on.Text != before.Text;
            if (!(otherGuest && !m.Kinds.Exists(k => k.Found.Name == "visit" && m.Sentences[0].Has("meet.held") && !m.HasAmbassador))
                && !otherHome && !otherDay) return m;
        }
        return null;
    }
}
