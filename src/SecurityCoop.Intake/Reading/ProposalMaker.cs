using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Intake.Reading;

/// <summary>Makes proposals of what was found.</summary>
sealed class ProposalMaker(IReadOnlyList<MeetingDraft> meetings, DocumentDay day, string language)
{
    internal ProposedMeeting Meeting(MeetingDraft m)
    {
        var (kind, sure, because) = m.Kind();
        var date = m.Date switch
        {
            { Date: { } d } mention => Proposed<Edtf>.Of(d, mention.Doubtful ? Sureness.Low : Sureness.High, m.DateSpan),
            { } => Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low, m.DateSpan),
            null => Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low),
        };
        return new(
            m.IsPlanned ? "planned" : "held", new(m.Partners, m.Sure, [.. m.Because]),
                new(kind, sure, because is { } b ? [b] : [.. m.Because.Take(1)]), date, m.Date?.Words,
            m.Place is { } place ? Proposed<string?>.Of(place.Name, Sureness.High, place.Span) : Proposed<string?>.Of(null, Sureness.Low),
            m.HomeBody is { } body ? Proposed<string?>.Of(body.Name, Sureness.Medium, body.Span)
                : Proposed<string?>.Of(null, Sureness.Medium),
            People(m, home: true), People(m, home: false), [.. m.Sentences.Select(s => s.Index).Distinct()]);
    }

    static List<ProposedParticipant> People(MeetingDraft m, bool home) =>
    [
        .. m.People.Where(p => p.Partner is null == home).Select(p =>
            new ProposedParticipant(p.Name, p.Partner, p.Title, p.Organisation, p.Acting, null,
            p.Title is null ? Sureness.Medium : Sureness.High, SpanOf(m, p))),
        .. m.Unnamed.Where(u => u.Partner is null == home).Select(u =>
            new ProposedParticipant(null, u.Partner, null, null, false, Short(u.Text), Sureness.Medium, u.Span)),
    ];

    static TextSpan SpanOf(MeetingDraft m, NamedPerson person) =>
        m.Sentences.Find(s => person.End <= s.Tokens.Count && s.Text(person.Start, person.End) == person.Name) is { } s
            ? s.Span(person.Start, person.End) : m.Because[0];

    static string Short(string text) => text.Length <= 120 ? text : text[..120];

    internal ProposedStatement Statement(StatementDraft s)
    {
        List<int> at = [.. s.Meetings.Select(m => meetings.ToList().IndexOf(m)).Where(i => i >= 0)];
        if (at.Count == 0 && meetings.Count > 0) at = [0];
        var sentence = s.Of;
        ProposedAction? action = null;
        ProposedPlan? plan = null;
        if (s.Force.Value is Force.AgreedAction or Force.PlannedInstrument)
        {
            var (due, asGiven) = Commitments.Due(sentence, day, s.Part.From, s.Part.To);
            if (s.Force.Value == Force.AgreedAction) action = new(Commitments.OwedBy(s.Speaker.Value), What(s), due, asGiven);
            else
            {
                var kind = s.Instrument is { } found ? Proposed<string>.Of(found.Name, Sureness.High, sentence.Span(found))
                    : Proposed<string>.Of("agreement", Sureness.Low);
                plan = new(kind, Title(kind.Value, s.Meetings), due, asGiven);
            }
        }
        return new(at, s.Force, s.Speaker, s.Topics, s.Formulaic, [.. s.Sentences.Select(x => x.Index)], s.Span, action, plan);
    }

    string In(Label label) => language switch { "ar" => label.Ar, "en" => label.En, _ => label.Fr };

    // In the register's own words: the text's sentences are not taken over.
    string What(StatementDraft s)
    {
        var topics = s.Topics.Select(t => Vocabulary.Default.Topics.TryGetValue(t.Value, out var label) ? In(label) : t.Value).ToList();
        var head = language switch { "ar" => "إجراء متفق عليه", "en" => "Agreed action", _ => "Action convenue" };
        var (colon, comma) = language switch { "ar" => (": ", "، "), "en" => (": ", ", "), _ => (" : ", ", ") };
        return topics.Count == 0 ? head : $"{head}{colon}{string.Join(comma, topics)}";
    }

    string Title(string kind, IReadOnlyList<MeetingDraft> at)
    {
        var label = Vocabulary.Default.InstrumentKinds.TryGetValue(kind, out var known) ? In(known) : kind;
        var partners = at.SelectMany(m => m.Partners).Distinct().Select(code => Countries.All.TryGetValue(code, out var name) ? In(name)
            : Vocabulary.Default.PartnerOrganisations.TryGetValue(code, out var organisation) ? In(organisation) : code);
        return string.Join(" – ", [label, .. partners]);
    }

    /// <summary>Signatures and entries into force that the text reports as done.</summary>
    internal List<ProposedAct> Acts(List<SentenceReading> sentences, MeetingFinder finder)
    {
        var acts = new List<ProposedAct>();
        MeetingDraft? current = null;
        foreach (var s in sentences)
        {
            if (finder.BySentence.TryGetValue(s.Index, out var told)) current = told;
            if (current is null) continue;
            foreach (var kind in Commitments.Instruments(s, 0, s.Tokens.Count))
            {
                Found? inForce = s.Of("instrument.force").FirstOrDefault(f => Math.Abs(f.Start - kind.End) <= InForceReach
                    && !s.Has("force.denial") && !s.Has("instrument.planned")) is { Key: not null } found ? found : null;
                foreach (var act in new[] { Commitments.Signed(s, kind), inForce }.OfType<Found>())
                    if (!acts.Exists(a => a.Kind.Value == kind.Name && a.Act == Slug(act))) acts.Add(Act(s, kind, act, current));
            }
        }
        return acts;
    }

    const int InForceReach = 12;

    static string Slug(Found act) => act.Is("instrument.force") ? "entered-into-force" : "signed";

    ProposedAct Act(SentenceReading s, Found kind, Found act, MeetingDraft current)
    {
        var dates = day.Find(s, 0, s.Tokens.Count).Where(d => d.Date is { IsUnknown: false }).ToList();
        var past = s.Has("meet.past") || Years(s, act) is not null;
        var on = dates.Find(d => d.Start >= act.Start - 6);
        var year = Years(s, act);
        var date = on.Date is { } given ? Proposed<Edtf>.Of(given, Sureness.Medium, s.Span(on.Start, on.End))
            : year is { } y ? Proposed<Edtf>.Of(y.Date, Sureness.Medium, y.Span)
            : past ? Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low) : Meeting(current).Date with { Sure = Sureness.Low };
        var index = past ? null : (int?)meetings.ToList().IndexOf(current);
        return new(index is -1 ? null : index, Proposed<string>.Of(kind.Name, Sureness.High, s.Span(kind)), Title(kind.Name, [current]),
            Slug(act), date, on.Date is null ? null : on.Words, [s.Index]);
    }

    // "signé en 2019": a year by itself, before the document's.
    (Edtf Date, TextSpan Span)? Years(SentenceReading s, Found act)
    {
        // The year behind the act's own words goes before any other.
        foreach (var from in new[] { act.Start, 1 })
            for (var i = Math.Max(1, from); i < s.Tokens.Count; i++)
            if (s.Tokens[i].Folded is ['1' or '2', _, _, _] word && word.All(char.IsAsciiDigit)
                && s.Tokens[i - 1].Folded is "en" or "in" or "depuis" or "since" or "سنه" or "عام"
                && (day.Published?.Earliest is not { } now || int.Parse(word,
                    System.Globalization.CultureInfo.InvariantCulture) < now.Year)) return (Edtf.Parse(word), s.Span(i, i + 1));
        return null;
    }

    internal List<ProposedOccasion> Occasions(List<SentenceReading> sentences)
    {
        var occasions = new List<ProposedOccasion>();
        foreach (var s in sentences)
            foreach (var f in SentenceReading.Longest(s.Of("occasion")))
            {
                var (from, to) = (f.Start, f.End);
                if (from > 0 && char.IsDigit(s.Tokens[from - 1].Folded[0])) from--;
                string? year = null;
                for (var i = f.Start; i < Math.Min(s.Tokens.Count, f.End + 5); i++)
                    if (s.Tokens[i].Folded is ['2', '0', ..] word && word.All(char.IsAsciiDigit)
                        && (i < f.End || !s.Found.Exists(o => o.Is("occasion") && o.Start > f.Start && o.Start <= i)))
                    {
                        (year, to) = (word, Math.Max(to, i + 1));
                        break;
                    }
                var what = s.Text(from, to);
                if (occasions.Exists(o => o.What == what) || occasions.Count >= 30) continue;
                var date = year is { Length: 4 } ? Proposed<Edtf>.Of(Edtf.Parse(year), Sureness.Medium, s.Span(from, to))
                    : Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low, s.Span(from, to));
                occasions.Add(new(what, date, year, [s.Index]));
            }
        return occasions;
    }
}
