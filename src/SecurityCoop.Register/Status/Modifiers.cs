using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>What stands beside a status (model.md): overdue, undated-commitment, expiring, dormant, review-due.</summary>
static class Modifiers
{
    public static IReadOnlyList<Modifier> Of(
        string partner, IReadOnlyList<AgreedAction> actions, IReadOnlyList<Instrument> instruments, IReadOnlyList<Meeting> meetings, Partnership partnership, int? reviewMonths, LastContact? contact, DateOnly asOf)
    {
        var found = new List<Modifier>();
        void Add(string code, IEnumerable<Because> because)
        {
            var all = because.Where(b => b.Certainty != Certainty.No).OrderBy(b => b.Position).ToList();
            if (all.Count > 0) found.Add(new(code, all.Max(b => b.Certainty), all));
        }

        var open = actions.Select(a => (Action: a, Open: Voices.OpenAt(a, asOf))).Where(a => a.Open != Certainty.No).ToList();
        var commitments = open.Where(a => a.Action.Details!.WindsDown != true);
        var planned = instruments.Select(i => (Instrument: i, Rules: i.Lives(asOf, partner).Select(Voices.Rule).ToHashSet())).ToList();

        Add("overdue", open.Select(a => Voices.Reason(a.Action, Both(a.Open, a.Action.Details!.Due?.IsPast(asOf) ?? Certainty.No)))
            .Concat(planned.SelectMany(p => Expected(p.Instrument, asOf).Where(a => HasDay(a.Act))
                .Select(a => Voices.Reason(p.Instrument, a.Act, Both(a.Holds, Both(Committed(p.Rules), a.Act.What.Expected!.IsPast(asOf))))))));

        Add("undated-commitment", commitments.Where(a => a.Action.Details is { Due: null, Standing: null }).Select(a => Voices.Reason(a.Action, a.Open))
            .Concat(planned.Select(p => Whole(p.Instrument, Both(Committed(p.Rules), Undated(p.Instrument, asOf))))));

        Add("expiring", instruments.SelectMany(i => i.Expiring(asOf, partner).Select(e => Voices.Reason(i, e.Term, "term", e.Certainty))));

        if (reviewMonths is { } months && Dormant(meetings, months, asOf) is var dormant && dormant != Certainty.No)
            found.Add(new("dormant", dormant, [.. Silence(meetings, contact, partnership, asOf, dormant)]));

        Add("review-due", open.Where(a => a.Action.Details!.ReviewOn <= asOf).Select(a => Voices.Reason(a.Action, a.Open))
            .Concat(planned.Where(p => p.Instrument.Details!.ReviewOn <= asOf).Select(p => Whole(p.Instrument, Alive(p.Instrument, partner, asOf)))));
        return found;
    }

    /// <summary>
    /// The acts that may be the last word on when the signature is expected: the last that certainly happened, and those after it that possibly
    /// did. A postponement without a new day takes the old one back.
    /// </summary>
    internal static List<(RecordedAct Act, Certainty Holds)> Expected(Instrument i, DateOnly asOf)
    {
        var words = i.Acts.Where(a => !a.Withdrawn && a.Kind <= ActKind.SigningPostponed && (HasDay(a) || a.Kind == ActKind.SigningPostponed) && a.On.StartedBy(asOf) != Certainty.No).InWorldOrder().ToList();
        var last = Math.Max(0, words.FindLastIndex(a => a.On.StartedBy(asOf) == Certainty.Certain));
        return [.. words.Skip(last).Select(a => (a, words.Count - last == 1 ? a.On.StartedBy(asOf) : Certainty.Possible))];
    }

    internal static bool HasDay(RecordedAct a) => a.What.Expected is { IsUnknown: false };

    internal static Certainty Undated(Instrument i, DateOnly asOf)
    {
        var words = Expected(i, asOf);
        return words.All(w => !HasDay(w.Act)) ? Certainty.Certain : words.All(w => HasDay(w.Act) && w.Holds == Certainty.Certain) ? Certainty.No : Certainty.Possible;
    }

    internal static Certainty Committed(IReadOnlySet<Standing> rules) => !rules.Contains(Standing.Committed) ? Certainty.No : rules.Count == 1 ? Certainty.Certain : Certainty.Possible;

    internal static Certainty Alive(Instrument i, string? partner, DateOnly asOf)
    {
        var states = i.Lives(asOf, partner).Select(l => l.State).ToHashSet();
        var ended = states.Count(s => s is InstrumentState.Terminated or InstrumentState.Expired or InstrumentState.Superseded or InstrumentState.Abandoned);
        return ended == states.Count ? Certainty.No : ended == 0 ? Certainty.Certain : Certainty.Possible;
    }

    static Because Whole(Instrument i, Certainty certainty) => new(i.FirstEvent, i.FirstPosition, i.Reference, "instrument", certainty, i.Sources, Home: i.Details!.HomeOrganisation);

    // The last dated contact; without one the meetings that nobody has dated; without any, the partnership itself.
    static IEnumerable<Because> Silence(IReadOnlyList<Meeting> meetings, LastContact? contact, Partnership partnership, DateOnly asOf, Certainty certainty)
    {
        var last = meetings.Where(m => contact is null ? m.Details!.Date.StartedBy(asOf) != Certainty.No : m.Reference == contact.Record).ToList();
        return last.Count > 0 ? last.Select(m => new Because(m.FirstEvent, m.FirstPosition, m.Reference, "meeting", certainty, m.Sources, Home: m.Details!.HomeOrganisation))
            : [new Because(partnership.FirstEvent, partnership.FirstPosition, partnership.Reference, "partnership", certainty, partnership.Sources)];
    }

    /// <summary>No contact dated within the review period. Contact whose day is unknown, or may lie in it, leaves this possible at most.</summary>
    static Certainty Dormant(IReadOnlyList<Meeting> meetings, int months, DateOnly asOf)
    {
        var contact = Certainty.No;
        foreach (var m in meetings)
        {
            var date = m.Details!.Date;
            var within = Both(date.StartedBy(asOf), date.Within(asOf.MonthsOn(-months), asOf));
            if (within > contact) contact = within;
        }
        return contact switch { Certainty.No => Certainty.Certain, Certainty.Possible => Certainty.Possible, Certainty.Certain => Certainty.No };
    }

    /// <summary>Both hold: as certain as the less certain of them.</summary>
    internal static Certainty Both(Certainty a, Certainty b) => a < b ? a : b;
}
