using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>An act as recorded, or (Position 0) one that follows from a clause: computed, never stored.</summary>
public sealed record RecordedAct(Act What, Guid Event, long Position, Marking Marking = Marking.Restricted, IReadOnlyList<Locator>? Sources = null, bool Withdrawn = false) : IDated
{
    [JsonIgnore] public ActKind Kind => What.Kind;
    [JsonIgnore] public Edtf On => What.On;
    int IDated.Rank => (int)What.Kind;
    string IDated.Party => What.Party ?? "";

    /// <summary>Whether it follows from a clause or a notice rather than from somebody's record.</summary>
    [JsonIgnore] public bool Computed => Position == 0;
}

/// <summary>
/// Which acts contradict each other, and which want another to have gone before. Only what certainly came earlier can contradict: records
/// arrive in pieces and in any order (model.md, "Instruments").
/// </summary>
public static class Acts
{
    /// <summary>Whether <paramref name="second"/> cannot be true after <paramref name="first"/>, when both concern the same party or all.</summary>
    /// <remarks>Signed, as the first of two, stands for the signature of every party.</remarks>
    public static bool Contradicts(ActKind first, ActKind second) => first switch
    {
        ActKind.Signed => second is ActKind.Proposed or ActKind.MandateGiven or ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed
            or ActKind.SigningPlanned or ActKind.SigningPostponed or ActKind.Signed,
        ActKind.Ratified => second is ActKind.Signed or ActKind.Ratified,
        ActKind.EnteredIntoForce => second is ActKind.Proposed or ActKind.Planned or ActKind.SigningPlanned or ActKind.SigningPostponed or ActKind.Signed
            or ActKind.ProvisionallyApplied or ActKind.EnteredIntoForce or ActKind.Abandoned,
        ActKind.Renewed or ActKind.Suspended or ActKind.Resumed => second is ActKind.EnteredIntoForce,
        ActKind.Terminated => second is not (ActKind.Notified or ActKind.Published),
        ActKind.Abandoned => second is ActKind.Signed or ActKind.Approved or ActKind.Ratified or ActKind.Notified or ActKind.ProvisionallyApplied
            or ActKind.EnteredIntoForce or ActKind.Renewed or ActKind.Suspended or ActKind.Resumed or ActKind.TerminationNotified or ActKind.Terminated,
        ActKind.Proposed or ActKind.MandateGiven or ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed or ActKind.NegotiationReopened
            or ActKind.SigningPlanned or ActKind.SigningPostponed or ActKind.Approved or ActKind.Notified or ActKind.Published
            or ActKind.ProvisionallyApplied or ActKind.TerminationNotified => false,
    };

    /// <summary>The acts of which one is expected to have gone before; none: it needs no forerunner.</summary>
    public static IReadOnlyList<ActKind> Wants(ActKind kind) => kind switch
    {
        ActKind.NegotiationReopened => [ActKind.NegotiationOpened, ActKind.TextAgreed, ActKind.Abandoned],
        ActKind.SigningPostponed => [ActKind.SigningPlanned, ActKind.Planned],
        ActKind.Ratified or ActKind.ProvisionallyApplied or ActKind.EnteredIntoForce => [ActKind.Signed],
        ActKind.Suspended or ActKind.Renewed or ActKind.TerminationNotified or ActKind.Terminated =>
            [ActKind.Signed, ActKind.EnteredIntoForce, ActKind.ProvisionallyApplied],
        ActKind.Resumed => [ActKind.Suspended],
        ActKind.Proposed or ActKind.MandateGiven or ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed or ActKind.SigningPlanned
            or ActKind.Signed or ActKind.Approved or ActKind.Notified or ActKind.Published or ActKind.Abandoned => [],
    };

    static readonly ActKind[] revives = [ActKind.Proposed, ActKind.Planned, ActKind.NegotiationOpened, ActKind.NegotiationReopened, ActKind.TextAgreed, ActKind.SigningPlanned];

    /// <summary>The first certain contradiction among the acts, if any: (earlier, later).</summary>
    public static (RecordedAct Earlier, RecordedAct Later)? Contradiction(IReadOnlyList<RecordedAct> acts, IReadOnlyList<string> parties)
    {
        foreach (var later in acts.InWorldOrder())
        {
            var before = acts.Where(a => a != later && a.On.IsBefore(later.On) == Certainty.Certain).InWorldOrder().ToList();
            foreach (var earlier in before)
                if (Contradicts(earlier.Kind, later.Kind) && Meets(earlier, later, before, acts, parties)) return (earlier, later);
        }
        return null;
    }

    // A pair of the table contradicts only where both acts concern the same thing, and where nothing that may lie between explains it.
    static bool Meets(RecordedAct earlier, RecordedAct later, List<RecordedAct> before, IReadOnlyList<RecordedAct> acts, IReadOnlyList<string> parties)
    {
        if (earlier.What.Part is not null || later.What.Part is not null) return false;
        var sameParty = earlier.What.Party is null || later.What.Party is null || earlier.What.Party == later.What.Party;
        return earlier.Kind switch
        {
            ActKind.Signed when later.Kind == ActKind.Signed => sameParty,
            ActKind.Signed => parties.All(p => before.Any(a => a.Kind == ActKind.Signed && (a.What.Party is null || a.What.Party == p))),
            // Others may accede to what is in force between many, and for them it enters into force later.
            ActKind.EnteredIntoForce when parties.Count > 2 && later.What.Party is not null => earlier.What.Party == later.What.Party && later.Kind != ActKind.Signed,
            ActKind.EnteredIntoForce when parties.Count > 2 => later.Kind != ActKind.Signed && sameParty,
            // What was applied provisionally can be suspended and taken up again before it enters into force.
            ActKind.Renewed or ActKind.Suspended or ActKind.Resumed => sameParty && !acts.Any(a => a.Kind == ActKind.ProvisionallyApplied && later.On.IsBefore(a.On) != Certainty.Certain),
            // Between many, one party's leaving binds nobody else.
            ActKind.Terminated => earlier.What.Party is null || parties.Count <= 2,
            ActKind.Abandoned => (earlier.What.Party is null || parties.Count <= 2) && !acts.Any(a => revives.Contains(a.Kind)
                && a.On.IsBefore(earlier.On) != Certainty.Certain && later.On.IsBefore(a.On) != Certainty.Certain),
            _ => sameParty,
        };
    }

    /// <summary>Whether the register holds nothing that <paramref name="act"/> builds on: accepted, and shown as such.</summary>
    public static bool IsUnsupported(RecordedAct act, IReadOnlyList<RecordedAct> acts) =>
        Wants(act.Kind) is { Count: > 0 } wanted && !acts.Any(a => a != act && !a.Withdrawn && wanted.Contains(a.Kind) && act.On.IsBefore(a.On) != Certainty.Certain);
}
