using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Meetings;

namespace SecurityCoop.Intake.Reading;

/// <summary>The words of a sentence that make a statement of it, with the force that they give it.</summary>
readonly record struct Trigger(int Start, int End, Force Force, Sureness Sure)
{
    const int Window = 9, MostTriggers = 12;

    static readonly (string Key, Force Force)[] keys =
    [
        ("force.denial", Force.Denial), ("force.agreed", Force.AgreedAction), ("force.objection", Force.Objection),
            ("force.intent", Force.Intent),
        ("force.appreciation", Force.Appreciation), ("appreciation.noun", Force.Appreciation), ("force.discussed", Force.Discussed),
    ];

    /// <summary>The triggers of a sentence, in order, none within another.</summary>
    internal static List<Trigger> Of(SentenceReading s)
    {
        var all = new List<Trigger>();
        foreach (var (key, force) in keys)
            foreach (var f in SentenceReading.Longest(s.Of(key))) all.Add(new(f.Start, f.End, force, Sureness.High));
        // Of two that overlap, the one that binds more: a denied agreement is none, an agreed step is more than a wish.
        var kept = new List<Trigger>();
        // "exprimé sa gratitude pour l'engagement": what is nearest to the verb is what was expressed.
        all.RemoveAll(t => t.Force == Force.Intent
            && all.Exists(o => o.Force == Force.Appreciation && o.Start == t.Start && o.End < t.End));
        foreach (var t in all.OrderBy(t => Rank(t.Force)).ThenBy(t => t.Start).ThenByDescending(t => t.End))
            if (!kept.Exists(k => t.Start < k.End && k.Start < t.End)) kept.Add(t);
        foreach (var say in SentenceReading.Longest(s.Of("say")))
            if (Said(s, say) is { } said && !kept.Exists(k => said.Start < k.End && k.Start < said.End)) kept.Add(said);
        kept.Sort((a, b) => a.Start - b.Start);
        return Governing(s, [.. kept.Take(MostTriggers)]);
    }

    static bool Restarts(SentenceReading s, Trigger t) =>
        Enumerable.Range(Math.Max(0, t.Start - 3), Math.Min(3, t.Start))
            .Any(i => s.Tokens[i].Folded is "ont" or "a" or "est" or "sont" or "and" or "has" or "have") || s.Tokens[t.Start].IsArabic;

    static int Rank(Force force) => Array.FindIndex(keys, k => k.Force == force);

    // "a souligné" says nothing by itself: what is underlined does.
    static Trigger? Said(SentenceReading s, Found say)
    {
        var nouns = s.Found.Where(f => f.Key is "noun.intent" or "noun.praise" && f.Start >= say.End && f.Start - say.End <= Window)
            .OrderBy(f => f.Start).ToList();
        if (nouns.Count == 0) return null;
        // "ajoute la même source": who reports says nothing of their own.
        if (s.Of("report").Any(r => r.Start >= say.End && r.Start - say.End <= 1)) return null;
        var first = nouns[0];
        // "souligné l'importance du rôle": importance of what is there is praise, of what is to be done a wish.
        var force = first.Is("noun.praise") ? Force.Appreciation : Force.Intent;
        if (first.Is("noun.intent") && nouns.Count > 1 && nouns[1].Is("noun.praise") && nouns[1].Start - first.End <= 1
            && s.Tokens[first.Start].Folded is "importance") force = Force.Appreciation;
        return new(say.Start, say.End, force, Sureness.Medium);
    }

    // A verb that stands in what another one says or agrees is no statement of its own: "convenu d'examiner", "souligné la nécessité
    // d'échanger".
    static List<Trigger> Governing(SentenceReading s, List<Trigger> triggers)
    {
        var kept = new List<Trigger>();
        foreach (var t in triggers)
        {
            if (kept.Count > 0 && kept[^1] is var before)
            {
                var apart = s.MarkBetween(before.End - 1, t.Start);
                if (t.Force == Force.Discussed && before.Force is not Force.Discussed && t.Start - before.End <= (apart ? 1 : 6)) continue;
                if (t.Force == Force.Intent && before.Force is Force.Discussed && t.Start - before.End <= 3 && !apart) continue;
                if (t.Force == Force.Appreciation && before.Force is Force.Intent or Force.Discussed or Force.AgreedAction && !apart
                    && t.Start - before.End <= 4) continue;
                if (t.Force == before.Force && !apart && t.Start - before.End <= 3) continue;
                // What is talked about is parted by its own words, not by each word for talking; two denials of a sentence are one.
                if (t.Force == Force.Discussed && before.Force == Force.Discussed
                    && !(t.Start > 0 && s.Tokens[t.Start - 1].Folded is "ont" && t.Start - before.End > 4)) continue;
                if (t.Force == Force.Denial && before.Force == Force.Denial) continue;
                // "affirmed that … is a trusted partner": the praise is what is affirmed.
                if (t.Force == Force.Appreciation && before.Force == Force.Appreciation && !apart
                    && s.Of("appreciation.noun").Any(n => n.Start == t.Start)) continue;
                // "témoigner … de la gratitude": one, unless a verb of its own begins the second.
                if (t.Force == before.Force && t.Force is not (Force.AgreedAction or Force.Discussed) && !Restarts(s, t)) continue;
                if (before.Force == Force.Denial && t.Force is Force.AgreedAction or Force.Discussed or Force.Intent && !apart) continue;
                if (before.Force == Force.AgreedAction && t.Force == Force.Intent && !apart) continue;
                if (before.Force == Force.Objection && t.Force is Force.Appreciation or Force.Intent && !apart
                    && t.Start - before.End <= 2) continue;
            }
            kept.Add(t);
        }
        return kept;
    }
}
