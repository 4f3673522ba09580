using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>What stands beside a status (model.md): overdue, undated-commitment, dormant, review-due.</summary>
static class Modifiers
{
    public static IReadOnlyList<Modifier> Of(
        IReadOnlyList<AgreedAction> actions, IReadOnlyList<Instrument> instruments, IReadOnlyList<Meeting> meetings, int reviewMonths, LastContact? contact, DateOnly asOf)
    {
        var found = new List<Modifier>();
        void Add(string code, IEnumerable<Because> because)
        {
            var all = because.Where(b => b.Certainty != Certainty.No).OrderBy(b => b.Position).ToList();
            if (all.Count > 0) found.Add(new(code, all.Max(b => b.Certainty), all));
        }

        var open = actions.Select(a => (Action: a, Open: Voices.OpenAt(a, asOf))).Where(a => a.Open != Certainty.No).ToList();
        var commitments = open.Where(a => a.Action.Details!.WindsDown != true);
        var planned = instruments.Select(i => (Instrument: i, Rules: i.Lives(asOf).Select(Voices.Rule).ToHashSet())).ToList();

        Add("overdue", open.Select(a => Voices.Reason(a.Action, Both(a.Open, a.Action.Details!.Due?.IsPast(asOf) ?? Certainty.No)))
            .Concat(planned.SelectMany(p => Expected(p.Instrument, asOf).Select(a => Voices.Reason(p.Instrument, a, Both(Committed(p.Rules), a.What.Expected!.IsPast(asOf)))))));

        Add("undated-commitment", commitments.Where(a => a.Action.Details is { Due: null, Standing: null }).Select(a => Voices.Reason(a.Action, a.Open))
            .Concat(planned.Where(p => !Expected(p.Instrument, asOf).Any()).Select(p => Whole(p.Instrument, Committed(p.Rules)))));

        if (Dormant(meetings, reviewMonths, asOf) is var dormant && dormant != Certainty.No)
            found.Add(new("dormant", dormant, [.. meetings.Where(m => contact is not null && m.Reference == contact.Record)
                .Select(m => new Because(m.FirstEvent, m.FirstPosition, m.Reference, "meeting", dormant, m.Sources, Home: m.Details!.HomeOrganisation))]));

        Add("review-due", open.Where(a => a.Action.Details!.ReviewOn <= asOf).Select(a => Voices.Reason(a.Action, a.Open))
            .Concat(planned.Where(p => p.Instrument.Details!.ReviewOn <= asOf).Select(p => Whole(p.Instrument, Alive(p.Instrument, asOf)))));
        return found;
    }

    // The days on which a signature was still expected, as far as the acts of that day's knowledge say.
    static IEnumerable<RecordedAct> Expected(Instrument i, DateOnly asOf) => i.Acts
        .Where(a => !a.Withdrawn && a.What.Expected is { IsUnknown: false } && a.Kind <= ActKind.SigningPostponed && a.On.StartedBy(asOf) != Certainty.No)
        .InWorldOrder().TakeLast(1);

    static Certainty Committed(IReadOnlySet<Standing> rules) => !rules.Contains(Standing.Committed) ? Certainty.No : rules.Count == 1 ? Certainty.Certain : Certainty.Possible;

    static Certainty Alive(Instrument i, DateOnly asOf)
    {
        var states = i.Lives(asOf).Select(l => l.State).ToHashSet();
        var ended = states.Where(s => s is InstrumentState.Terminated or InstrumentState.Superseded or InstrumentState.Abandoned or InstrumentState.None).Count();
        return ended == states.Count ? Certainty.No : ended == 0 ? Certainty.Certain : Certainty.Possible;
    }

    static Because Whole(Instrument i, Certainty certainty) => new(i.FirstEvent, i.FirstPosition, i.Reference, "instrument", certainty, i.Sources, Home: i.Details!.HomeOrganisation);

    /// <summary>No contact dated within the review period. Contact whose day is unknown, or may lie in it, leaves this possible at most.</summary>
    static Certainty Dormant(IReadOnlyList<Meeting> meetings, int months, DateOnly asOf)
    {
        var contact = Certainty.No;
        foreach (var m in meetings)
        {
            var date = m.Details!.Date;
            var within = Both(date.StartedBy(asOf), date.Within(asOf.AddMonths(-months), asOf));
            if (within > contact) contact = within;
        }
        return contact switch { Certainty.No => Certainty.Certain, Certainty.Possible => Certainty.Possible, Certainty.Certain => Certainty.No };
    }

    /// <summary>Both hold: as certain as the less certain of them.</summary>
    static Certainty Both(Certainty a, Certainty b) => a < b ? a : b;
}
