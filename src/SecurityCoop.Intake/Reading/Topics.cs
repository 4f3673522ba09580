using SecurityCoop.Intake.Lexicons;

namespace SecurityCoop.Intake.Reading;

/// <summary>What a part of a sentence is about, by the codes of the register's vocabulary.</summary>
static class Topics
{
    const int OfficeReach = 4;
    const string Legal = "LEG";

    /// <param name="weak">In set phrases: "menaces terroristes" there says nothing of terrorism.</param>
    /// <param name="instrument">Of a planned instrument: it is part of the legal framework, whatever else it is about.</param>
    internal static List<Proposed<string>> Of(SentenceReading s, int from, int to, bool weak = false, Found? instrument = null)
    {
        var topics = new List<Proposed<string>>();
        foreach (var f in s.Beginning("topic.").Where(f => f.Start >= from && f.Start < to && !InOffice(s, f) && !IsWithinOther(s, f)
            && !(weak && s.Of("closing.weak").Any(w => w.Start <= f.Start && f.End <= w.End))).OrderBy(f => f.Start))
            if (!topics.Exists(t => t.Value == f.Name)) topics.Add(Proposed<string>.Of(f.Name, Sureness.High, s.Span(f)));
        if (instrument is { } kind && !topics.Exists(t => t.Value == Legal))
            topics.Add(Proposed<string>.Of(Legal, Sureness.Medium, s.Span(kind)));
        return topics;
    }

    // "financement du terrorisme" is money laundering's, not terrorism's.
    static bool IsWithinOther(SentenceReading s, Found f) => s.Beginning("topic.")
        .Any(o => o.Key != f.Key && o.Start <= f.Start && f.End <= o.End && o.End - o.Start > f.End - f.Start
        && (f.Start > o.Start || f.End - f.Start == 1));

    // "le chef de l'unité contre le crime organisé": what somebody is in charge of is not what was said.
    static bool InOffice(SentenceReading s, Found topic) =>
        s.Found.Exists(o => o.Is("office.field") && o.End <= topic.Start && topic.Start - o.End <= OfficeReach
            && !s.MarkBetween(o.End - 1, topic.Start) && !s.Found.Exists(f => f.Begins("force.") && f.Start >= o.End
                && f.End <= topic.Start));

    internal static bool Same(IReadOnlyList<Proposed<string>> a, IReadOnlyList<Proposed<string>> b) =>
        a.Count == b.Count && a.All(t => b.Any(o => o.Value == t.Value));
}
