using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>What stands beside a status (model.md): overdue, to-verify, undated-commitment, expiring, dormant, review-due.</summary>
static class Modifiers
{
    public static IReadOnlyList<Modifier> Of(
        string partner, IReadOnlyList<AgreedAction> actions, IReadOnlyList<Instrument> instruments, IReadOnlyList<Meeting> meetings, Partnership partnership, int? reviewMonths, LastContact? contact, StatusQuestion q)
    {
        var asOf = q.AsOf;
        var found = new List<Modifier>();
        void Add(string code, IEnumerable<Because> because)
        {
            var all = because.Where(b => b.Certainty != Certainty.No).OrderBy(b => b.Position).ToList();
            if (all.Count > 0) found.Add(new(code, all.Max(b => b.Certainty), all));
        }

        var open = actions.Select(a => (Action: a, Open: Voices.OpenAt(a, asOf))).Where(a => a.Open != Certainty.No).ToList();
        var commitments = open.Where(a => a.Action.Details!.WindsDown != true);
        var planned = instruments.Select(i => (Instrument: i, Rules: i.Lives(asOf, partner).Select(Voices.Rule).ToHashSet())).ToList();

        Add("overdue", open.SelectMany(a => Voices.Reasons(a.Action, Both(Unreported(a.Action, a.Open, asOf), a.Action.Details!.Due?.IsPast(asOf) ?? Certainty.No), "due"))
            .Concat(planned.SelectMany(p => Expected(p.Instrument, asOf).Where(a => HasDay(a.Act))
                .SelectMany(a => Voices.Cited(p.Instrument, a.Act, Both(a.Holds, Both(Committed(p.Rules), a.Act.What.Expected!.IsPast(asOf))))))));

        Add("undated-commitment", commitments.Where(a => a.Action.Details is { Due: null, Standing: null }).SelectMany(a => Voices.Reasons(a.Action, a.Open, "due"))
            .Concat(planned.SelectMany(p => Whole(p.Instrument, Both(Committed(p.Rules), Undated(p.Instrument, asOf))))));

        Add("expiring", instruments.SelectMany(i => i.Expiring(asOf, partner).SelectMany(e => Voices.Cited(i, e.Term.Event, Voices.Reason(i, e.Term, "term", e.Certainty)))));

        var first = Dormancy.FirstDays(actions, instruments, partnership, q);
        if (reviewMonths is { } months && Dormancy.Of(meetings, first, months, asOf) is var dormant && dormant != Certainty.No)
            found.Add(new("dormant", dormant, [.. Dormancy.Silence(meetings, contact, first, partnership, asOf, dormant)]));

        Add("review-due", open.SelectMany(a => Voices.Reasons(a.Action, Both(a.Open, a.Action.ReviewDay?.StartedBy(asOf) ?? Certainty.No), "reviewOn"))
            .Concat(planned.SelectMany(p => p.Instrument.ReviewDays(asOf, partner).SelectMany(r => Review(p.Instrument, r.Plan, Both(r.Certainty, r.Day.StartedBy(asOf)))))));

        Add("to-verify", open.SelectMany(a => ToVerify(a.Action, asOf)));
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

    static IEnumerable<Because> Whole(Instrument i, Certainty certainty, params string[] fields) =>
        Voices.Cited(i, null, new(i.FirstEvent, i.FirstPosition, i.Reference, "instrument", certainty, i.Sources, Home: i.Details!.HomeOrganisation), fields.Contains);

    // What nobody set follows from the plan.
    static IEnumerable<Because> Review(Instrument i, RecordedAct? plan, Certainty certainty) => plan is null ? Whole(i, certainty, "reviewOn") : Voices.Cited(i, plan, certainty);

    /// <summary>Whether nobody had reported it done by a day: that is what is late, and not the checking of what was done (model.md, "Settled in November 2026", Overdue).</summary>
    internal static Certainty Unreported(AgreedAction action, Certainty open, DateOnly asOf)
    {
        var states = action.StatesAt(asOf).Where(s => !ActionStates.IsClosed(s)).ToList();
        var reported = states.Count(s => s == ActionState.ReportedDone);
        return reported == states.Count ? Certainty.No : reported == 0 ? open : Both(open, Certainty.Possible);
    }

    /// <summary>Whether it was reported done, and nobody has verified it.</summary>
    internal static Certainty Reported(AgreedAction action, Certainty open, DateOnly asOf)
    {
        var states = action.StatesAt(asOf);
        return !states.Contains(ActionState.ReportedDone) ? Certainty.No : Both(open, states.Count == 1 ? Certainty.Certain : Certainty.Possible);
    }

    // The action, and who reported it done.
    static IEnumerable<Because> ToVerify(AgreedAction a, DateOnly asOf)
    {
        var certainty = Reported(a, Voices.OpenAt(a, asOf), asOf);
        var reports = a.Changes.Where(c => c is { Withdrawn: false, To: ActionState.ReportedDone } && c.On.StartedBy(asOf) != Certainty.No).InWorldOrder().TakeLast(1)
            .SelectMany(c => Voices.Cited(a, c.FollowUp ?? c.Event, new(c.Event, c.Position, a.Reference, "reported-done", certainty, c.Sources, Home: a.Details!.HomeOrganisation)));
        return [.. Voices.Reasons(a, certainty), .. reports];
    }

    /// <summary>Both hold: as certain as the less certain of them.</summary>
    internal static Certainty Both(Certainty a, Certainty b) => a < b ? a : b;
}
