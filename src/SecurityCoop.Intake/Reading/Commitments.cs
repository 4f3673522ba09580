using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Reading;

/// <summary>What binds somebody: agreed actions, planned instruments, and acts on instruments that are reported as done.</summary>
static class Commitments
{
    const int SignReach = 7;

    /// <summary>The instrument, if any, that a part of a sentence says shall be made.</summary>
    internal static (Found Kind, Found Sign)? Planned(SentenceReading s, int from, int to)
    {
        foreach (var kind in Instruments(s, from, to))
            // A plan or a programme is drawn up as an action; it is an instrument where somebody signs it.
            foreach (var sign in s.Of(kind.Name is "action-plan" or "programme" ? "instrument.signature" : "instrument.sign")
                .Where(f => f.Start >= from && f.End <= to))
                if (IsOf(s, sign, kind)) return (kind, sign);
        return null;
    }

    internal static IEnumerable<Found> Instruments(SentenceReading s, int from, int to) =>
        SentenceReading.Longest(s.Beginning("instrument.").Where(f => f.Start >= from && f.End <= to
            && f.Name is not ("sign" or "signature" or "planned" or "signed" or "force" or "will")));

    static bool IsOf(SentenceReading s, Found sign, Found kind) =>
        kind.Start >= sign.End ? kind.Start - sign.End <= SignReach
        : (kind.Start <= sign.Start && sign.Start <= kind.End) || (sign.Start >= kind.End && sign.Start - kind.End <= SignReach + 3);

    /// <summary>Words for what is still to come; "un accord qui prévoit …" tells of what it says.</summary>
    internal static IEnumerable<Found> Plans(SentenceReading s) =>
        s.Of("instrument.planned").Where(p => p.Start == 0
            || s.Tokens[p.Start - 1].Folded is not ("qui" or "lequel" or "laquelle" or "which" or "that" or "يقضي"));

    /// <summary>Whether the sentence tells of a signature that was made, not of one to come.</summary>
    internal static Found? Signed(SentenceReading s, Found kind)
    {
        if (s.Has("force.denial")) return null;
        foreach (var signed in s.Of("instrument.signed").OrderBy(f => f.Start))
        {
            var near = kind.Start >= signed.End ? kind.Start - signed.End <= SignReach : signed.Start - kind.End <= SignReach + 3;
            if (!near) continue;
            var future = Plans(s).Any(p => Math.Abs(p.Start - signed.Start) <= 5 || (p.Start > signed.End && p.Start - signed.End <= 8))
                || s.Of("force.intent").Any(i => i.End <= signed.Start && signed.Start - i.End <= 6) || s.Of("force.agreed")
                    .Any(i => i.End <= signed.Start && signed.Start - i.End <= 4)
                || s.Of("force.discussed").Any(i => i.End <= signed.Start && signed.Start - i.End <= 4);
            if (!future) return signed;
        }
        return null;
    }

    /// <summary>When it is due, if the part says so; undated with the words that say that there is no date yet.</summary>
    internal static (Proposed<Edtf> Date, string? AsGiven) Due(SentenceReading s, DocumentDay day, int from, int to)
    {
        var found = day.Find(s, from, to);
        var dated = found.Find(d => d.Date is { IsUnknown: false });
        if (dated.Date is { } date) return (Proposed<Edtf>.Of(date, dated.Doubtful ? Sureness.Low : Sureness.Medium,
            s.Span(dated.Start, dated.End)), dated.Words);
        if (found.Find(d => d.IsUndated) is { Date: not null } undated) return (Proposed<Edtf>.Of(Edtf.Unknown, Sureness.High,
            s.Span(undated.Start, undated.End)), undated.Words);
        foreach (var words in s.Of("due.words").Where(f => f.Start >= from && f.End <= to))
            return (Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low, s.Span(words)), s.Text(words.Start, words.End));
        return (Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low), null);
    }

    internal static string OwedBy(string speaker) => speaker switch { Statements.Home => "home", Statements.Joint => "both", _ =>
        "partner" };
}
