using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using Voice = SecurityCoop.Register.Status.PartnershipStatus.Voice;

namespace SecurityCoop.Register.Status;

/// <summary>What each kind of record says about the status at a day.</summary>
static class Voices
{
    /// <summary>An instrument speaks by what it is in each of its possible lives.</summary>
    public static Voice Of(Instrument instrument, string partner, DateOnly asOf)
    {
        var rules = instrument.Lives(asOf, partner).GroupBy(Rule).ToDictionary(g => g.Key, g => g.ToList());
        var worst = rules.Keys.Max();
        return new(worst, [.. rules.Where(r => r.Key != Standing.NoRecord)
            .Select(r => (r.Key, rules.Count == 1 ? Certainty.Certain : Certainty.Possible, Reasons(instrument, partner, r.Key, asOf, rules.Count == 1 ? Certainty.Certain : Certainty.Possible)))]);
    }

    /// <summary>The rule that an instrument in this life makes hold.</summary>
    public static Standing Rule(InstrumentLife life) => life.State switch
    {
        InstrumentState.Terminated or InstrumentState.Expired or InstrumentState.Superseded or InstrumentState.Abandoned => life.WasSigned ? Standing.Lapsed : Standing.NoRecord,
        InstrumentState.Suspended => Standing.Suspended,
        InstrumentState.InForce or InstrumentState.InForceInPart => Standing.FrameworkActive,
        InstrumentState.Signed or InstrumentState.ProvisionallyApplied => Standing.Signed,
        InstrumentState.Planned or InstrumentState.InNegotiation or InstrumentState.TextAgreed or InstrumentState.SigningPlanned or InstrumentState.PartlySigned => Standing.Committed,
        InstrumentState.Proposed => life.ProposedByEverySide ? Standing.Committed : Standing.NoRecord,
        InstrumentState.None => life.ProposedByEverySide ? Standing.Committed : Standing.NoRecord,
    };

    static IReadOnlyList<Because> Reasons(Instrument i, string partner, Standing rule, DateOnly asOf, Certainty certainty)
    {
        ActKind[] kinds = rule switch
        {
            Standing.FrameworkActive => [ActKind.EnteredIntoForce, ActKind.Renewed, ActKind.Resumed],
            Standing.Suspended => [ActKind.Suspended],
            Standing.Signed => [ActKind.Signed, ActKind.ProvisionallyApplied],
            Standing.Committed => [ActKind.Proposed, ActKind.Planned, ActKind.NegotiationOpened, ActKind.TextAgreed, ActKind.NegotiationReopened, ActKind.SigningPlanned, ActKind.SigningPostponed, ActKind.Signed],
            Standing.Lapsed => [ActKind.Terminated, ActKind.Abandoned],
            Standing.SuspendedAsWhole or Standing.Intent or Standing.Contact or Standing.NoRecord => [],
        };
        var acts = i.ActsFor(partner).Concat(i.Computed(asOf, partner)).Where(a => a.On.StartedBy(asOf) != Certainty.No).ToList();
        var found = acts.Where(a => kinds.Contains(a.Kind)).ToList();
        // In force without an act that says so: a signature took effect by the clause, or was assumed to.
        if (rule == Standing.FrameworkActive && !found.Any(a => !a.Computed)) found = [.. acts.Where(a => a.Kind == ActKind.Signed), .. found];
        // In force for having been suspended or denounced: the only evidence that there is.
        if (rule == Standing.FrameworkActive && found.Count == 0) found = [.. acts.Where(a => a.Kind is ActKind.TerminationNotified or ActKind.Suspended)];
        if (rule == Standing.Lapsed)
            return [.. found.Select(a => Reason(i, a, certainty)), .. i.Supersessions.Where(s => !s.Withdrawn && s.Said.On.StartedBy(asOf) != Certainty.No)
                .Select(s => new Because(s.Event, s.Position, i.Reference, "superseded-by", certainty, s.Sources, Home: i.Details!.HomeOrganisation))];
        return [.. found.Select(a => Reason(i, a, certainty))];
    }

    public static Because Reason(Instrument i, RecordedAct a, Certainty certainty)
    {
        if (a.ByTerm) return Reason(i, i.Terms.First(t => t.Event == a.Event), a.Name, certainty);
        // What follows from a notice or a clause points to the act, or to the instrument, that holds it.
        var from = a.Computed ? i.Acts.FirstOrDefault(x => x.Event == a.Event) : a;
        return new(from?.Event ?? i.FirstEvent, from?.Position ?? i.FirstPosition, i.Reference, a.Name, certainty, from?.Sources ?? i.Sources, a.Computed ? true : null, i.Details!.HomeOrganisation);
    }

    /// <summary>What follows from a term points to the event that set it.</summary>
    public static Because Reason(Instrument i, RecordedTerm t, string kind, Certainty certainty) => new(t.Event, t.Position, i.Reference, kind, certainty, t.Sources ?? i.Sources, true, i.Details!.HomeOrganisation);

    /// <summary>Whether the action is open: in every possible life, in some, or in none. What winds cooperation down is no commitment.</summary>
    public static Voice Of(AgreedAction action, DateOnly asOf)
    {
        var open = OpenAt(action, asOf);
        if (open == Certainty.No || action.Details!.WindsDown == true) return new(Standing.NoRecord, []);
        return new(open == Certainty.Certain ? Standing.Committed : Standing.NoRecord, [(Standing.Committed, open, [Reason(action, open)])]);
    }

    public static Because Reason(AgreedAction a, Certainty certainty) => new(a.FirstEvent, a.FirstPosition, a.Reference, "action", certainty, a.Sources, Home: a.Details!.HomeOrganisation);

    public static Certainty OpenAt(AgreedAction a, DateOnly asOf)
    {
        var agreed = a.Details!.On.StartedBy(asOf);
        var states = a.StatesAt(asOf);
        if (agreed == Certainty.No || states.All(ActionStates.IsClosed)) return Certainty.No;
        return agreed == Certainty.Certain && !states.Any(ActionStates.IsClosed) ? Certainty.Certain : Certainty.Possible;
    }

    /// <summary>A held meeting is contact, and says what its statements say.</summary>
    public static IEnumerable<Voice> Of(Meeting m, string partner, StatusQuestion q)
    {
        var asOf = q.AsOf;
        var happened = m.Details!.Date.StartedBy(asOf);
        if (happened == Certainty.No) yield break;
        yield return Single(Standing.Contact, happened, new(m.FirstEvent, m.FirstPosition, m.Reference, "meeting", happened, m.Sources, Home: m.Details.HomeOrganisation));
        foreach (var s in m.Statements.Where(s => !q.ServiceOnly || s.HomeOrganisation is null))
            if (Of(s, partner, m.Details.Date, m.Reference, m.Details.HomeOrganisation, asOf) is { } said) yield return said;
    }

    /// <summary>A statement of intent that speaks for the partner, and is more than a set phrase.</summary>
    public static Voice? Of(RecordedStatement s, string partner, Edtf on, string? record, string? home, DateOnly asOf)
    {
        if (s.Withdrawn || s.Said.Formulaic == true || s.Said.Force != Force.Intent || !Statements.SpeaksFor(s.Said.Speaker, partner)) return null;
        var happened = on.StartedBy(asOf);
        return happened == Certainty.No ? null : Single(Standing.Intent, happened, new(s.Event, s.Position, record, "statement", happened, s.Sources, Home: s.HomeOrganisation ?? home));
    }

    static Voice Single(Standing rule, Certainty certainty, Because because) =>
        new(certainty == Certainty.Certain ? rule : Standing.NoRecord, [(rule, certainty, [because])]);
}
