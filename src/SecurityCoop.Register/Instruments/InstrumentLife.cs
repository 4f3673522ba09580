using System.Numerics;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

public enum InstrumentState
{
    None, Proposed, Planned, InNegotiation, TextAgreed, SigningPlanned, PartlySigned, Signed, ProvisionallyApplied, InForce, InForceInPart, Suspended, Terminated, Superseded, Abandoned,
}

/// <summary>
/// Which acts have happened by a day, as far as they matter to the state. Parties are bits in the order of the instrument's list; two lives
/// with the same values are the same, so that the possible ones stay few.
/// </summary>
public readonly record struct InstrumentLife(int Parties, bool EntersOnSignature)
{
    public int ProposedBy { get; init; }
    public int SignedBy { get; init; }
    public int SuspendedBy { get; init; }
    /// <summary>A resumption of a part while the rest stays suspended.</summary>
    public bool ResumedInPart { get; init; }
    public InstrumentState Stage { get; init; }
    public bool Provisional { get; init; }
    public bool Entered { get; init; }
    public bool EffectDayCame { get; init; }
    public bool Abandoned { get; init; }
    public bool Terminated { get; init; }
    public bool Superseded { get; init; }
    public bool TerminationNotified { get; init; }

    int All => (1 << Parties) - 1;
    public bool FullySigned => SignedBy == All;
    public bool InEffect => Entered || (FullySigned && (EntersOnSignature || EffectDayCame));
    public bool ProposedByEverySide => ProposedBy == All;

    /// <summary>Whether it was ever more than a plan.</summary>
    public bool WasSigned => FullySigned || Entered || Provisional || SuspendedBy != 0 || Terminated;

    public InstrumentState State =>
        Terminated ? InstrumentState.Terminated
        : Superseded ? InstrumentState.Superseded
        : Abandoned ? InstrumentState.Abandoned
        : SuspendedBy != 0 ? ResumedInPart ? InstrumentState.InForceInPart : InstrumentState.Suspended
        : InEffect ? InstrumentState.InForce
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
        // What runs on, or runs again, was running: evidence of the entry into force that nobody recorded.
        ActKind.EnteredIntoForce or ActKind.Renewed => this with { Entered = true },
        ActKind.Suspended when act.What.Part is null => this with { SuspendedBy = SuspendedBy | bits, ResumedInPart = false },
        ActKind.Resumed when act.What.Part is null => this with { SuspendedBy = SuspendedBy & ~bits, Entered = Entered || !act.Computed },
        ActKind.Resumed => this with { ResumedInPart = SuspendedBy != 0 },
        ActKind.TerminationNotified => this with { TerminationNotified = true },
        // Between two, either ends it; between many, one party's leaving is not the end.
        ActKind.Terminated when act.What.Part is null && (bits == All || Parties <= 2) => this with { Terminated = true },
        ActKind.Abandoned => this with { Abandoned = true },
        ActKind.Suspended or ActKind.Terminated or ActKind.MandateGiven or ActKind.Approved or ActKind.Ratified or ActKind.Notified or ActKind.Published => this,
    };

    // Taking a plan up again revives what was abandoned before anybody was bound.
    InstrumentLife Reached(InstrumentState stage) => this with { Stage = stage > Stage ? stage : Stage, Abandoned = false };

    /// <summary>How many parties have signed.</summary>
    public int Signatures => BitOperations.PopCount((uint)SignedBy);
}
