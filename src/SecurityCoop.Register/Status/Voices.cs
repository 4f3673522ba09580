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
        var found = acts.Where(a => kinds.Contains(a.Kind) && i.MayStand(a, acts, asOf)).ToList();
        // In force without an act that says so: a signature took effect by the clause, or was assumed to.
        if (rule == Standing.FrameworkActive && !found.Any(a => !a.Computed)) found = [.. acts.Where(a => a.Kind == ActKind.Signed), .. found];
        // In force for having been suspended or denounced: the only evidence that there is.
        if (rule == Standing.FrameworkActive && found.Count == 0) found = [.. acts.Where(a => a.Kind is ActKind.TerminationNotified or ActKind.Suspended)];
        var reasons = found.SelectMany(a => Cited(i, a, certainty)).ToList();
        if (rule == Standing.Lapsed)
            reasons.AddRange(i.Supersessions.Where(s => !s.Withdrawn && s.Part is null && s.Said.On.StartedBy(asOf) != Certainty.No)
                .SelectMany(s => Cited(i, s.Event, new Because(s.Event, s.Position, i.Reference, "superseded-by", certainty, s.Sources, Home: i.Details!.HomeOrganisation))));
        reasons.AddRange(Changes(i, null, certainty, i.Details!.HomeOrganisation, DecidesInstrument));
        return Told(Once(reasons), i.OriginWithdrawn, i.OriginForce);
    }

    static bool DecidesInstrument(string field) => field is "partners" or "parties" or "binding" or "effect" or "homeOrganisation";

    /// <summary>An act with the events on which what it says now rests.</summary>
    public static IEnumerable<Because> Cited(Instrument i, RecordedAct a, Certainty certainty) => Cited(i, a.Event == Guid.Empty ? null : a.Event, Reason(i, a, certainty), a.Event == Guid.Empty ? _ => false : null);

    /// <summary>
    /// A reason with the refinement, correction or preferred report on which its present value rests, each with its own sources (model.md, "Settled in
    /// November 2026", Reasons).
    /// </summary>
    public static IEnumerable<Because> Cited(RecordState record, Guid? of, Because first, Func<string, bool>? field = null) =>
        [first, .. Changes(record, of, first.Certainty, first.Home, field)];

    static IEnumerable<Because> Changes(RecordState record, Guid? of, Certainty certainty, string? home, Func<string, bool>? field) => record.RestingOn(of, field)
        .Select(c => new Because(c.Event, c.Position, record.Reference, c.Kind, certainty, c.Sources, Home: home, Reason: c.Kind is ChangedFieldList.Report or ChangedFieldList.Preferred ? c.Reason : null));

    // What two acts of a record rest on is named once.
    static IReadOnlyList<Because> Once(IEnumerable<Because> because) => [.. because.DistinctBy(b => (b.Event, b.Record, b.Kind, b.Computed))];

    // What comes from a statement that no longer says so.
    static IReadOnlyList<Because> Told(IReadOnlyList<Because> because, bool? withdrawn, Force? force) =>
        withdrawn != true && force is null ? because : [.. because.Select(b => b with { Origin = withdrawn == true ? "withdrawn" : Slug.Of(force!.Value) })];

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
        return new(open == Certainty.Certain ? Standing.Committed : Standing.NoRecord, [(Standing.Committed, open, Reasons(action, open))]);
    }

    /// <summary>The action, with what its partner and day rest on, and <paramref name="more"/> fields that matter to the question.</summary>
    public static IReadOnlyList<Because> Reasons(AgreedAction a, Certainty certainty, params string[] more) => Told(
        [.. Cited(a, null, new(a.FirstEvent, a.FirstPosition, a.Reference, "action", certainty, a.Sources, Home: a.Details!.HomeOrganisation), f => f is "partner" or "on" or "windsDown" or "homeOrganisation" || more.Contains(f))],
        a.OriginWithdrawn, a.OriginForce);

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
        yield return Single(Standing.Contact, happened, Reasons(m, happened));
        foreach (var s in m.Statements.Where(s => !q.ServiceOnly || s.HomeOrganisation is null))
            if (Of(s, partner, m.Details.Date, m, m.Details.HomeOrganisation, asOf) is { } said) yield return said;
    }

    /// <summary>A held meeting with what its day and its partners rest on: the holding, where it had been planned.</summary>
    public static IReadOnlyList<Because> Reasons(Meeting m, Certainty certainty) =>
        [.. Cited(m, null, new(m.Holding.Event, m.Holding.Position, m.Reference, "meeting", certainty, m.Holding.Sources, Home: m.Details!.HomeOrganisation), DecidesMeeting)];

    static bool DecidesMeeting(string field) => field is "date" or "partners" or "homeOrganisation";

    /// <summary>A statement of intent that speaks for the partner, and is more than a set phrase.</summary>
    public static Voice? Of(RecordedStatement s, string partner, Edtf on, RecordState record, string? home, DateOnly asOf)
    {
        if (s.Withdrawn || s.Said.Formulaic == true || s.Said.Force != Force.Intent || !Statements.SpeaksFor(s.Said.Speaker, partner)) return null;
        var happened = on.StartedBy(asOf);
        if (happened == Certainty.No) return null;
        var said = Cited(record, s.Event, new(s.Event, s.Position, record.Reference, "statement", happened, s.Sources, Home: s.HomeOrganisation ?? home));
        // What was said at a meeting has its day from there.
        return Single(Standing.Intent, happened, record is Meeting ? [.. said, .. Changes(record, null, happened, home, DecidesMeeting)] : [.. said]);
    }

    static Voice Single(Standing rule, Certainty certainty, IReadOnlyList<Because> because) =>
        new(certainty == Certainty.Certain ? rule : Standing.NoRecord, [(rule, certainty, because)]);
}
