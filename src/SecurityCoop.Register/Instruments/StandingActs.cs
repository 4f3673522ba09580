using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>Which acts still say how an instrument stands (model.md, "Settled in November 2026", Reasons): a suspension until it is lifted, a resumption until the
/// next suspension, an abandonment until the plan is taken up again, the running out of a term until a renewal.</summary>
public sealed partial record Instrument
{
    /// <summary>Whether, in some possible case, nothing that happened by a day took the act back.</summary>
    /// <param name="acts">What may have happened by then, the computed among it.</param>
    public bool MayStand(RecordedAct act, IEnumerable<RecordedAct> acts, DateOnly asOf)
    {
        var parties = Parties;
        // The parties for which it stands; zero: none.
        return acts.PossibleStates(0, asOf, (standing, next) => next == act ? Bits(act.What.Party, parties) : standing & ~TakenBack(act, next, parties)).Any(standing => standing != 0);
    }

    static int TakenBack(RecordedAct act, RecordedAct next, IReadOnlyList<string> parties) => (act.Kind, next.Kind) switch
    {
        (ActKind.Suspended, ActKind.Resumed) or (ActKind.Resumed, ActKind.Suspended) => next.What.Part is null ? Bits(next.What.Party, parties) : 0,
        (ActKind.Abandoned, ActKind.Proposed or ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed or ActKind.NegotiationReopened or ActKind.SigningPlanned or ActKind.SigningPostponed) => ~0,
        (ActKind.Terminated, ActKind.Renewed) when act.ByTerm && !next.ByTerm => ~0,
        _ => 0,
    };
}
