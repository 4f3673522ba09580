using System.Text.RegularExpressions;
using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Reading;

/// <summary>A statement as it is read from one sentence.</summary>
sealed class StatementDraft
{
    internal required List<MeetingDraft> Meetings { get; set; }
    internal required Proposed<Force> Force { get; init; }
    internal required Proposed<string> Speaker { get; init; }
    internal required List<Proposed<string>> Topics { get; init; }
    internal required bool Formulaic { get; init; }
    internal required List<SentenceReading> Sentences { get; init; }
    internal required TextSpan Span { get; init; }
    internal (int From, int To) Part { get; init; }
    /// <summary>The sentence of <see cref="Part"/>: a line of a list, else the first.</summary>
    internal SentenceReading Of => In ?? Sentences[0];
    internal SentenceReading? In { get; init; }
    internal Found? Instrument { get; init; }
    internal bool BeforeAnyMeeting { get; init; }
}

/// <summary>Finds the statements of a text, sentence by sentence, in order.</summary>
sealed partial class StatementFinder(IReadOnlyList<SentenceReading> sentences, MeetingFinder meetings, List<IntakeNote> notes)
{
    const int MostStatements = 400;

    readonly Speakers speakers = new(meetings.Meetings);
    readonly List<StatementDraft> statements = [];
    MeetingDraft? current;
    bool closing, closesAll;
    /// <summary>"The two sides agreed to:", while the lines of its list are read.</summary>
    (SentenceReading Sentence, Trigger Trigger)? list;

    internal List<StatementDraft> Find()
    {
        foreach (var s in sentences)
        {
            if (statements.Count >= MostStatements) break;
            if (s.Found.Count == 0) continue;
            Read(s);
        }
        return Repetition.Merged(statements);
    }

    void Read(SentenceReading s)
    {
        Turn(s);
        var told = meetings.BySentence.ContainsKey(s.Index);
        if (IsAside(s, told) || (IsHeading(s) && !(list is not null && IsItem(s)))) return;
        if (Closing(s) is { } set)
        {
            statements.Add(set);
            closing = true;
            return;
        }
        closing = false;
        if (list is { } head && IsItem(s))
        {
            Item(s, head);
            return;
        }
        list = null;
        var triggers = Trigger.Of(s);
        if (told) triggers = AfterTheMeeting(s, triggers);
        if (triggers is [.., { Force: Force.AgreedAction } opens] && s.Source[s.Sentence.Span.End - 1] == ':')
        {
            list = (s, opens);
            return;
        }
        if (triggers.Count == 0 && Announced(s) is { } announced) triggers = [announced];
        for (var i = 0; i < triggers.Count; i++) Statements(s, triggers, i);
    }

    void Turn(SentenceReading s)
    {
        if (meetings.BySentence.TryGetValue(s.Index, out var told))
        {
            if (current != told) speakers.Restart();
            current = told;
            return;
        }
        var named = s.Foreign.Select(p => p.Code).Distinct().ToList();
        if (current is null || named.Count != 1 || current.Partners.Contains(named[0])) return;
        if (meetings.Meetings.LastOrDefault(m => m.Partners.Contains(named[0]) && !m.IsPlanned) is { } other) current = other;
    }

    // Third parties, sport, what happened years ago: told, and none of this register's statements.
    bool IsAside(SentenceReading s, bool told)
    {
        if (meetings.Meetings.Count == 0) return true;
        if (meetings.Notes.Any(n => n.Code is "meeting-of-others" or "earlier-meeting" or "meeting-not-held" or "interview"
            && n.About[0] == s.Sentence.Span)) return true;
        if (told && (meetings.BySentence[s.Index].IsPlanned || s.Beginning("meet.held").Count() > 0 && meetings.BySentence.Count > 1
            && IsList(s))) return true;
        return s.Has("meet.past") && !s.Has("force.discussed") && !told;
    }

    // A title or a subheading says in short what its text says.
    static bool IsHeading(SentenceReading s) => s.Tokens.Count is > 0 and < 25 && s.Sentence.Number == 1
        && s.Source[s.Sentence.Span.End - 1] is not ('.' or '!' or '?' or '…' or '؟' or '»' or ':' or '"' or ';' or ')');

    bool IsList(SentenceReading s) => meetings.Meetings.Count(m => m.Sentences.Contains(s)) > 1;

    // In the sentence that tells of the meeting, only what stands behind it is said there.
    static List<Trigger> AfterTheMeeting(SentenceReading s, List<Trigger> triggers)
    {
        if (s.Of("meet.held").OrderBy(f => f.Start).FirstOrDefault() is not { Key: not null } held) return triggers;
        return [.. triggers.Where(t => (t.Start >= held.Start && !(t.Start < held.End && t.End <= held.End))
            || t.Force is Force.AgreedAction || IsSubject(s, t))];
    }

    // "La lutte contre … a été au centre d'une réunion": what was talked about stands before the verb.
    static bool IsSubject(SentenceReading s, Trigger t) => t.Force == Force.Discussed
        && s.Of("discussed.subject").Any(d => d.Start <= t.Start && t.Start < d.End);

    // An instrument that is announced, without anybody who says so: "un mémorandum sera signé prochainement".
    static Trigger? Announced(SentenceReading s)
    {
        var planned = Commitments.Plans(s).OrderBy(p => p.Start).FirstOrDefault();
        if (planned.Key is null || s.Has("force.denial") || Commitments.Planned(s, 0, s.Tokens.Count) is not { } plan) return null;
        if (Commitments.Signed(s, plan.Kind) is not null) return null;
        var start = Math.Min(planned.Start, Math.Min(plan.Kind.Start, plan.Sign.Start));
        return new(start, start + 1, Force.PlannedInstrument, Sureness.Medium);
    }

    static bool IsItem(SentenceReading s) => s.Sentence.Number == 1
        && (s.Source[s.Sentence.Span.Start] is '-' or '–' or '—' or '•' or '*' or '▪' or '·' or 'ـ' or '●'
            || ItemNumber().IsMatch(s.Source.AsSpan(s.Sentence.Span.Start, Math.Min(4, s.Sentence.Span.End - s.Sentence.Span.Start))));

    [GeneratedRegex(@"\A(\d{1,2}|[a-z])[.)]\s", RegexOptions.CultureInvariant)]
    private static partial Regex ItemNumber();

    // Each line of a list says what its head agrees to.
    void Item(SentenceReading s, (SentenceReading Sentence, Trigger Trigger) head)
    {
        var plan = Commitments.Planned(s, 0, s.Tokens.Count);
        statements.Add(new()
        {
            Meetings = Now(), Formulaic = false, Sentences = [head.Sentence, s], Span = s.Sentence.Span, Part = (0, s.Tokens.Count), In = s,
            Force = Proposed<Force>.Of(plan is null ? Force.AgreedAction : Force.PlannedInstrument, head.Trigger.Sure,
                head.Sentence.Span(head.Trigger.Start, head.Trigger.End)),
            Speaker = speakers.At(head.Sentence, head.Trigger.Start, current),
            Topics = Topics.Of(s, 0, s.Tokens.Count), Instrument = plan?.Kind, BeforeAnyMeeting = current is null,
        });
    }

    StatementDraft? Closing(SentenceReading s)
    {
        if (s.Has("force.agreed") || s.Has("force.denial") || (s.Has("instrument.signed") && s.Has("instrument.planned"))) return null;
        var subject = s.Of("closing.subject").Where(c => c.Start <= 2).OrderBy(c => c.Start).ThenByDescending(c => c.End).FirstOrDefault();
        if (subject.Key is null) return null;
        if (subject.End - subject.Start == 1 && !closing) return null;
        var verb = s.Of("closing.verb").Where(v => (v.Start >= subject.End - 1 || (v.Start < subject.Start && s.Tokens[v.Start].IsArabic))
            && v.Start - subject.End <= 10).OrderBy(v => v.Start).FirstOrDefault();
        if (verb.Key is null) return null;
        var object_ = s.Found.Where(f => f.Key is "closing.praise" or "closing.intent" && f.Start >= verb.Start && f.Start - verb.End <= 12)
            .OrderBy(f => f.Start).FirstOrDefault();
        if (object_.Key is null) return null;
        if (s.Of("closing.not").Any(n => n.Start >= subject.End - 1 && n.Start <= object_.Start && n.Start - subject.End <= 6)) return null;
        var several = meetings.Meetings.Count(m => !m.IsPlanned) > 1
            && (s.Of("closing.all").Any(c => c.Start <= 2) || (subject.End - subject.Start == 1 && closesAll));
        closesAll = several;
        return new()
        {
            Meetings = several ? [.. meetings.Meetings.Where(m => !m.IsPlanned)] : Now(), Formulaic = true, Sentences = [s], Span =
                s.Sentence.Span, Part = (0, s.Tokens.Count),
            Force = Proposed<Force>.Of(object_.Is("closing.praise") ? Force.Appreciation : Force.Intent, Sureness.High, s.Span(verb),
                s.Span(object_)),
            Speaker = Proposed<string>.Of(Register.Meetings.Statements.Home, Sureness.Medium, s.Span(subject)),
            Topics = Topics.Of(s, verb.End, s.Tokens.Count, weak: true), BeforeAnyMeeting = current is null,
        };
    }

    List<MeetingDraft> Now() => current is { } now ? [now] : [];

    void Statements(SentenceReading s, List<Trigger> triggers, int at)
    {
        var t = triggers[at];
        var end = at + 1 < triggers.Count ? triggers[at + 1].Start : s.Tokens.Count;
        var from = at == 0 && !meetings.BySentence.ContainsKey(s.Index) ? 0 : t.Start;
        var speaker = at > 0 && IsContinued(s, t) ? statements.Count > 0 ? statements[^1].Speaker : speakers.At(s, t.Start, current)
            : speakers.At(s, t.Start, current);
        if (t.Force == Force.Discussed) speaker = Proposed<string>.Of(Register.Meetings.Statements.Joint, Sureness.High);
        else if (t.Force is Force.AgreedAction && speaker.Value == Register.Meetings.Statements.Home && current?.Partners.Count > 0
            && s.Foreign.Any(p => p.Start < t.Start))
            speaker = Proposed<string>.Of(Register.Meetings.Statements.Joint, Sureness.Medium, [.. speaker.Because]);
        if (at > 0 && t.Force == Force.Appreciation && s.Of("appreciation.noun").Any(n => n.Start == t.Start)) speaker =
            Proposed<string>.Of(Register.Meetings.Statements.Home, Sureness.Low);
        // What a partner's country is praised for by nobody in particular, the communiqué says.
        if (t.Force == Force.Appreciation && speaker.Value == Register.Meetings.Statements.Joint && speaker.Because.Count == 0)
            speaker = Proposed<string>.Of(Register.Meetings.Statements.Home, Sureness.Low);
        if (IsSubject(s, t)) (from, end) = (0, t.End);
        foreach (var (start, to) in StatementParts.Of(s, t, end, from))
        {
            var first = start == t.Start;
            var (force, sure, instrument) = Force_(s, t, start, to);
            if (Reported(s, t, force)) continue;
            // "un mémorandum portant sur …": what an instrument is about was not talked about.
            if (force == Force.Discussed && Commitments.Instruments(s, 0, s.Tokens.Count)
                .Any(k => t.Start - k.End is >= 0 and <= 3)) continue;
            if (statements.Count > 0 && statements[^1] is var before && before.Sentences.Contains(s) && force == Force.Discussed
                && before.Force.Value == Force.Discussed && !first
                && to - start < StatementParts.Short) continue;
            statements.Add(new()
            {
                Meetings = Now(), Force = Proposed<Force>.Of(force, sure, s.Span(t.Start, t.End)), Speaker = speaker, Formulaic = false,
                    Sentences = [s],
                Topics = Topics.Of(s, first ? from : start, to, instrument: instrument), Span = s.Span(start, to), Part = (start, to), Instrument = instrument,
                    BeforeAnyMeeting = current is null,
            });
        }
    }

    static bool IsContinued(SentenceReading s, Trigger t) => !s.Found.Exists(f => f.Key is "pronoun" && f.End == t.Start)
        && !s.Tokens[t.Start].IsArabic
        && (s.Tokens[t.Start].Folded.EndsWith("ant", StringComparison.Ordinal)
            || s.Tokens[t.Start].Folded.EndsWith("ing", StringComparison.Ordinal) || !s.Has("side"));

    (Force, Sureness, Found?) Force_(SentenceReading s, Trigger t, int start, int to)
    {
        if (t.Force == Force.PlannedInstrument) return (t.Force, t.Sure, Commitments.Planned(s, 0, s.Tokens.Count)?.Kind);
        if (t.Force is Force.AgreedAction or Force.Intent && Commitments.Planned(s, start, to) is { } plan
            && (t.Force == Force.AgreedAction || s.Of("instrument.will").Any(w => w.Start == plan.Sign.Start)))
            return Commitments.Signed(s, plan.Kind) is null || t.Force == Force.AgreedAction
                ? (Force.PlannedInstrument, Sureness.High, plan.Kind) : (t.Force, t.Sure, null);
        if (t.Force == Force.AgreedAction && s.Of("agreed.not")
            .Any(n => n.Start >= t.End - 1 && n.Start - t.End <= 4)) return (Force.Intent, Sureness.Medium, null);
        return (t.Force, t.Sure, null);
    }

    // Not what these two agreed: the sentence looks back, or others did.
    bool Reported(SentenceReading s, Trigger t, Force force)
    {
        if (force is not (Force.AgreedAction or Force.PlannedInstrument)) return false;
        if (!s.Of("meet.past").Any(p => p.Start <= t.End && t.Start - p.End <= 3)) return false;
        notes.Add(new("earlier-commitment", [s.Span(t.Start, t.End)]));
        return true;
    }
}
