using SecurityCoop.Intake.Lexicons;

namespace SecurityCoop.Intake.Reading;

/// <summary>What a part of a sentence is about, by the codes of the register's vocabulary.</summary>
static class Topics
{
    const int OfficeReach = 5;

    internal static List<Proposed<string>> Of(SentenceReading s, int from, int to)
    {
        var topics = new List<Proposed<string>>();
        foreach (var f in s.Beginning("topic.").Where(f => f.Start >= from && f.Start < to && !InOffice(s, f)).OrderBy(f => f.Start))
            if (!topics.Exists(t => t.Value == f.Name)) topics.Add(Proposed<string>.Of(f.Name, Sureness.High, s.Span(f)));
        return topics;
    }

    // "le chef de l'unité contre le crime organisé": what somebody is in charge of is not what was said.
    static bool InOffice(SentenceReading s, Found topic) =>
        s.Found.Exists(o => o.Key is "office" or "organisation" && o.End <= topic.Start && topic.Start - o.End <= OfficeReach && o.Start >= topic.Start - OfficeReach - 3
            && !s.MarkBetween(o.End - 1, topic.Start) && !s.Found.Exists(f => f.Begins("force.") && f.Start >= o.End && f.End <= topic.Start)
            && (o.Is("office") || s.Found.Exists(p => p.Is("office") && p.End <= o.Start && o.Start - p.End <= OfficeReach)));

    internal static bool Same(IReadOnlyList<Proposed<string>> a, IReadOnlyList<Proposed<string>> b) =>
        a.Count == b.Count && a.All(t => b.Any(o => o.Value == t.Value));
}
