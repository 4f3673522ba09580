using SecurityCoop.Register.Meetings;

namespace SecurityCoop.Intake.Reading;

/// <summary>What a text says several times becomes one statement with several locators.</summary>
static class Repetition
{
    const double Alike = 0.34;

    internal static List<StatementDraft> Merged(List<StatementDraft> statements)
    {
        var merged = new List<StatementDraft>();
        foreach (var s in statements)
        {
            var said = merged.Take(Math.Min(merged.Count, 200)).FirstOrDefault(m => IsSame(m, s));
            if (said is null) merged.Add(s);
            else
            {
                said.Sentences.AddRange(s.Sentences.Where(n => !said.Sentences.Contains(n)));
                // A lead that names no meeting belongs to the one at which it is said again.
                if (said.BeforeAnyMeeting && !s.BeforeAnyMeeting) said.Meetings = s.Meetings;
            }
        }
        return merged;
    }

    static bool IsSame(StatementDraft one, StatementDraft other)
    {
        if (one.Force.Value != other.Force.Value || one.Formulaic != other.Formulaic || one.Topics.Count == 0
            || !Topics.Same(one.Topics, other.Topics)) return false;
        if (one.Sentences.Contains(other.Of)) return false;
        if (!one.BeforeAnyMeeting && !one.Meetings.SequenceEqual(other.Meetings)) return false;
        var next = other.Sentences[0].Sentence;
        var adjacent = one.Sentences[^1].Sentence is var last && last.Paragraph == next.Paragraph && last.Number + 1 == next.Number;
        if (adjacent && one.Speaker.Value == other.Speaker.Value && one.Force.Value is Force.Intent) return true;
        return Likeness(one, other) >= Alike;
    }

    static double Likeness(StatementDraft one, StatementDraft other)
    {
        var (a, b) = (Words(one), Words(other));
        if (a.Count == 0 || b.Count == 0) return 0;
        return (double)a.Count(b.Contains) / Math.Min(a.Count, b.Count) * (Math.Min(a.Count, b.Count) >= 4 ? 1 : 0);
    }

    static HashSet<string> Words(StatementDraft draft) =>
        [.. draft.Of.Tokens[draft.Part.From..draft.Part.To].Where(t => !t.IsSmall && t.Folded.Length > 3)
            .Select(t => t.Folded.Length > 6 ? t.Folded[..6] : t.Folded)];
}
