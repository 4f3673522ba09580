using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

[JsonConverter(typeof(SlugJson<InstrumentState>))]
public enum InstrumentState
{
    None, Proposed, Planned, InNegotiation, TextAgreed, SigningPlanned, PartlySigned, Signed, ProvisionallyApplied, InForce, InForceInPart, Suspended, Terminated, Expired, Superseded, Abandoned,
}

/// <summary>
/// Which acts have happened by a day, as far as they matter to the state. Parties are bits in the order of the instrument's list; two lives
/// with the same values are the same, so that the possible ones stay few.
/// </summary>
/// <param name="EntersOnSignature">Whether it takes effect when all have signed; <paramref name="Assumed"/>: because it does not bind, and not because it says so.</param>
/// <param name="EachEnds">Whether any party's leaving is the end: between two, and where only the relation of two of many is looked at.</param>
public readonly record struct InstrumentLife(int Parties, bool EntersOnSignature, bool EachEnds, bool Assumed = false)
{
    public int ProposedBy { get; init; }
    public int SignedBy { get; init; }
    public int SuspendedBy { get; init; }
    /// <summary>Whose suspension was lifted for a part while the rest stays suspended.</summary>
    public int ResumedInPartBy { get; init; }
    /// <summary>Who notified that its own procedures are complete.</summary>
    public int NotifiedBy { get; init; }
    public InstrumentState Stage { get; init; }
    public bool Provisional { get; init; }
    public bool Entered { get; init; }
    /// <summary>Whether a part of it entered into force.</summary>
    public bool EnteredInPart { get; init; }
    public bool EffectDayCame { get; init; }
    public bool Abandoned { get; init; }
    public bool Terminated { get; init; }
    public bool Superseded { get; init; }
    public bool SupersededInPart { get; init; }
    /// <summary>Whether its term has run out.</summary>
    public bool Expired { get; init; }
    public bool TerminationNotified { get; init; }

    int All => (1 << Parties) - 1;
    public bool FullySigned => SignedBy == All;
    // Nobody notifies what it has not signed: notifications by all stand for signatures that are not on record.
    // What is only assumed gives way to an entry into force of a part, which is on record.
    public bool InEffect => Entered || (FullySigned && EntersOnSignature && !(Assumed && EnteredInPart)) || ((FullySigned || NotifiedBy == All) && EffectDayCame);
    public bool ProposedByEverySide => ProposedBy == All;

    /// <summary>Whether it was ever more than a plan.</summary>
    public bool WasSigned => FullySigned || InEffect || EnteredInPart || Provisional || SuspendedBy != 0 || Terminated;

    /// <summary>Whether it runs, fully, in part, provisionally or suspended: what can come to its end.</summary>
    public bool Runs => State is InstrumentState.InForce or InstrumentState.InForceInPart or InstrumentState.Suspended or InstrumentState.ProvisionallyApplied;

    public InstrumentState State =>
        Terminated ? InstrumentState.Terminated
        // A plan does not run out.
        : Expired && WasSigned ? InstrumentState.Expired
        : Superseded ? InstrumentState.Superseded
        : Abandoned ? InstrumentState.Abandoned
        : SuspendedBy != 0 ? (SuspendedBy & ~ResumedInPartBy) == 0 ? InstrumentState.InForceInPart : InstrumentState.Suspended
        : InEffect ? SupersededInPart ? InstrumentState.InForceInPart : InstrumentState.InForce
        : EnteredInPart ? InstrumentState.InForceInPart
        : Provisional ? InstrumentState.ProvisionallyApplied
        : FullySigned ? InstrumentState.Signed
        : SignedBy != 0 ? InstrumentState.PartlySigned
        : Stage;

    /// <summary>The life after an act; <paramref name="bits"/> are the parties that acted.</summary>
    public InstrumentLife After(RecordedAct act, int bits) => act.Kind switch
    {
        ActKind.Proposed => Reached(InstrumentState.Proposed) with { ProposedBy = ProposedBy | bits },
        ActKind.Planned => Reached(InstrumentState.Planned),
        ActKind.NegotiationOpened => Reached(InstrumentState.InNegotiation),
        ActKind.TextAgreed => Reached(InstrumentState.TextAgreed),
        ActKind.NegotiationReopened => this with { Stage = InstrumentState.InNegotiation, Abandoned = false },
        ActKind.SigningPlanned or ActKind.SigningPostponed => Reached(InstrumentState.SigningPlanned),
        ActKind.Signed => this with { SignedBy = SignedBy | bits },
        ActKind.ProvisionallyApplied => this with { Provisional = true },
        ActKind.EnteredIntoForce when act.Computed => this with { EffectDayCame = true },
        ActKind.EnteredIntoForce => act.What.Part is null ? this with { Entered = true } : this with { EnteredInPart = true },
        // Renewed in silence, it goes on as it was; by an act, it runs again though its term had run out.
        ActKind.Renewed => act.ByTerm ? this : (this with { Expired = false }).Ran(known: EnteredInPart, renewed: true),
        ActKind.Suspended => (act.What.Part is null ? this with { SuspendedBy = SuspendedBy | bits, ResumedInPartBy = ResumedInPartBy & ~bits } : this).Ran(known: FullySigned),
        ActKind.Resumed when act.Computed => this with { SuspendedBy = SuspendedBy & ~bits },
        ActKind.Resumed when act.What.Part is null => (this with { SuspendedBy = SuspendedBy & ~bits }).Ran(),
        ActKind.Resumed => (this with { ResumedInPartBy = ResumedInPartBy | (SuspendedBy & bits) }).Ran(),
        ActKind.TerminationNotified => (this with { TerminationNotified = true }).Ran(known: FullySigned),
        ActKind.Terminated when act.ByTerm => this with { Expired = true },
        ActKind.Terminated when act.What.Part is null && (bits == All || EachEnds) => this with { Terminated = true },
        ActKind.Abandoned when act.What.Part is null && (bits == All || EachEnds) => this with { Abandoned = true },
        ActKind.Notified => this with { NotifiedBy = NotifiedBy | bits },
        ActKind.Terminated or ActKind.Abandoned or ActKind.MandateGiven or ActKind.Approved or ActKind.Ratified or ActKind.Published => this,
    };

    // What is suspended, runs again or is denounced was running: evidence of an entry into force that nobody recorded. What runs provisionally
    // stays provisional, and what is known as signed is not taken for more by being suspended or denounced.
    InstrumentLife Ran(bool known = false, bool renewed = false) => known || EnteredInPart || (Provisional && !renewed) ? this : this with { Entered = true };

    // Taking a plan up again revives what was abandoned before anybody was bound.
    InstrumentLife Reached(InstrumentState stage) => this with { Stage = stage > Stage ? stage : Stage, Abandoned = false };
}
