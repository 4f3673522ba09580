using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>
/// What competing reports do to a status: nothing, but that it is disputed where one of them would give another. Reports are put in place of what
/// the record says one at a time, a field each: what two of them would give together is not asked.
/// </summary>
static class Disputes
{
    public static StatusAnswer Weighed(this StatusAnswer answer, PartnershipFacts facts, StatusQuestion q)
    {
        if (facts.Reported.Count == 0) return answer;
        var (disputed, chosen) = (new List<Because>(), new List<Because>());
        foreach (var (stream, record) in facts.Reported)
            foreach (var field in record.Reports!)
            {
                var part = record.Named(field.Of);
                var now = part.Value(field.Field, "/field");
                foreach (var (reading, agreement) in field.Others(part))
                {
                    if (agreement == Agreement.Agrees) continue;
                    var read = part.With([new(field.Field, now, reading.Value)]);
                    var other = PartnershipStatus.Undisputed(facts.With(stream, read).With(Raised(stream, record, read, facts)), q);
                    if (PartnershipStatus.SlugOf(other.Status) == PartnershipStatus.SlugOf(answer.Status)) continue;
                    var certainty = answer.Certainty < other.Certainty ? answer.Certainty : other.Certainty;
                    Because Reason(Guid e, long position, string kind, IReadOnlyList<Locator>? sources, string? why) => new(e, position, record.Reference, kind, certainty, sources, Reason: why);
                    if (field.Chosen is { } c) chosen.Add(Reason(c.Event, c.Position, "preferred", c.Sources, c.Reason));
                    // What says less, or more, than the record does not contradict it.
                    if (agreement != Agreement.Competes) continue;
                    var followed = field.Readings.First(r => r.Event == field.Preferred);
                    disputed.Add(Reason(followed.Event, followed.Position, "report", followed.Sources, followed.Reason));
                    disputed.Add(Reason(reading.Event, reading.Position, "report", reading.Sources, reading.Reason));
                }
            }
        return disputed.Count == 0 && chosen.Count == 0 ? answer : answer with
        {
            // What the answer rests on names the choice already.
            Because = [.. answer.Because.Concat(Once(chosen).Where(c => !answer.Because.Any(b => b.Event == c.Event && b.Record == c.Record))).OrderBy(b => b.Position)],
            Modifiers = disputed.Count == 0 ? answer.Modifiers : [.. answer.Modifiers, new("disputed", disputed.Max(b => b.Certainty), [.. Once(disputed)])],
        };
    }

    // A statement that a source reads as an agreement or a plan would open what such a statement opens, were it followed (model.md, "Settled in November
    // 2026", Readings that rise).
    static IEnumerable<KeyValuePair<string, RecordState>> Raised(string stream, RecordState record, RecordState read, PartnershipFacts facts) =>
        Raising.Of(stream, record, read).Where(r => r.Partners.Contains(facts.Partner) && !r.OpenedBefore.Any(o => facts.Records.GetValueOrDefault(o) is { Withdrawn: false } opened && r.IsOfItsKind(opened)))
            .Select(r => KeyValuePair.Create($"{stream}/{r.Said.Number}", r.Supposed(facts.Partner)));

    // A reading that competes with several is named once, as surely as the surest of them.
    static IEnumerable<Because> Once(List<Because> because) => because.GroupBy(b => (b.Event, b.Record)).Select(g => g.MaxBy(b => b.Certainty)!).OrderBy(b => b.Position);
}
