using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>An act as recorded, or (Position 0) one that follows from a clause: computed, never stored.</summary>
public sealed record RecordedAct(Act What, Guid Event, long Position, Marking Marking = Marking.Restricted, IReadOnlyList<Locator>? Sources = null, bool Withdrawn = false) : IDated
{
    [JsonIgnore] public ActKind Kind => What.Kind;
    [JsonIgnore] public Edtf On => What.On;
    /// <summary>The body for which the party acted.</summary>
    public string? OnBehalfOf { get; init; }
    public int? Credibility { get; init; }
    public string? Reason { get; init; }

    // A term runs out at the end of the day before, whatever else happens on this one.
    int IDated.Rank => ByTerm ? -1 : (int)What.Kind;
    string IDated.Party => What.Party ?? "";

    /// <summary>Whether it follows from a clause or a notice rather than from somebody's record.</summary>
    [JsonIgnore] public bool Computed => Position == 0;

    /// <summary>Whether it follows from the term: as the end, the instrument has expired; as a renewal, it was renewed in silence.</summary>
    [JsonIgnore] public bool ByTerm { get; init; }

    /// <summary>What reasons call it: "expired" for a term that ran out, the kind of the act otherwise.</summary>
    [JsonIgnore] public string Name => ByTerm && Kind == ActKind.Terminated ? "expired" : Slug.Of(Kind);
}

/// <summary>
/// Which acts contradict each other, and which want another to have gone before. Only what certainly came earlier can contradict: records
/// arrive in pieces and in any order (model.md, "Instruments").
/// </summary>
public static class Acts
{
    /// <summary>For whom an act of the earlier kind makes a later one impossible.</summary>
    public enum Reach
    {
        /// <summary>For the party that did it, or for all where all did.</summary>
        OneParty,
        /// <summary>For everybody, once every party has done it; a party does it once.</summary>
        EveryParty,
        /// <summary>For both, whichever of two parties did it.</summary>
        Either,
    }

    // x: the later cannot be true after the earlier. +: the earlier is what the later builds on; where none of its column's is on record, the
    // later is accepted as unsupported. A dot: it may follow.
    static readonly (ActKind Earlier, Reach Reach, string Later)[] table =
    [
        // earlier                                          Pro Man Pla Neg Tex Reo SgP Pos Sig App Rat Not Pub Prv Ent Ren Sus Res TNo Ter Aba   later
        (ActKind.Proposed,              Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.MandateGiven,          Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Planned,               Reach.OneParty,    ".   .   .   .   .   .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.NegotiationOpened,     Reach.OneParty,    ".   .   .   .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.TextAgreed,            Reach.OneParty,    ".   .   .   .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.NegotiationReopened,   Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.SigningPlanned,        Reach.OneParty,    ".   .   .   .   .   .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.SigningPostponed,      Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Signed,                Reach.EveryParty,  "x   x   x   x   x   .   x   x   x   .   +   .   .   +   +   +   +   .   +   +   ."),
        (ActKind.Approved,              Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Ratified,              Reach.OneParty,    ".   .   .   .   .   .   .   .   x   .   x   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Notified,              Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Published,             Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.ProvisionallyApplied,  Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   +   +   .   +   +   ."),
        (ActKind.EnteredIntoForce,      Reach.OneParty,    "x   .   x   .   .   .   x   x   x   .   .   .   .   x   x   +   +   .   +   +   x"),
        (ActKind.Renewed,               Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   x   .   .   .   .   .   ."),
        (ActKind.Suspended,             Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   x   .   .   +   .   .   ."),
        (ActKind.Resumed,               Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   x   .   .   .   .   .   ."),
        (ActKind.TerminationNotified,   Reach.OneParty,    ".   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   ."),
        (ActKind.Terminated,            Reach.Either,      "x   x   x   x   x   x   x   x   x   x   x   .   .   x   x   x   x   x   x   x   x"),
        (ActKind.Abandoned,             Reach.Either,      ".   .   .   .   .   +   .   .   x   x   x   x   .   x   x   x   x   x   x   x   ."),
    ];

    static readonly ActKind[] kinds = Enum.GetValues<ActKind>();
    static readonly Dictionary<ActKind, (Reach Reach, string[] Later)> rows = table.ToDictionary(r => r.Earlier, r => (r.Reach, r.Later.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>Whether <paramref name="second"/> cannot be true after <paramref name="first"/>, when both concern the same party or all.</summary>
    public static bool Contradicts(ActKind first, ActKind second) => rows[first].Later[(int)second] == "x";

    /// <summary>For whom an act of this kind stands in the way of later ones.</summary>
    public static Reach ReachOf(ActKind first) => rows[first].Reach;

    /// <summary>The acts of which one is expected to have gone before; none: it needs no forerunner.</summary>
    public static IReadOnlyList<ActKind> Wants(ActKind kind) => [.. kinds.Where(k => rows[k].Later[(int)kind] == "+")];

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
            _ when ReachOf(earlier.Kind) == Reach.EveryParty => earlier.Kind == later.Kind ? sameParty
                : parties.All(p => before.Any(a => a.Kind == earlier.Kind && (a.What.Party is null || a.What.Party == p))),
            // Others may accede to what is in force between many, and for them it enters into force later.
            ActKind.EnteredIntoForce when parties.Count > 2 && later.What.Party is not null => earlier.What.Party == later.What.Party && later.Kind != ActKind.Signed,
            ActKind.EnteredIntoForce when parties.Count > 2 => later.Kind != ActKind.Signed && sameParty,
            // What was applied provisionally can be suspended and taken up again before it enters into force.
            ActKind.Renewed or ActKind.Suspended or ActKind.Resumed => sameParty && !acts.Any(a => a.Kind == ActKind.ProvisionallyApplied && later.On.IsBefore(a.On) != Certainty.Certain),
            // Between many, one party's leaving binds nobody else.
            _ when ReachOf(earlier.Kind) == Reach.Either => (earlier.What.Party is null || parties.Count <= 2)
                && !(earlier.Kind == ActKind.Abandoned && acts.Any(a => revives.Contains(a.Kind)
                && a.On.IsBefore(earlier.On) != Certainty.Certain && later.On.IsBefore(a.On) != Certainty.Certain)),
            _ => sameParty,
        };
    }

    /// <summary>Whether the register holds nothing that <paramref name="act"/> builds on: accepted, and shown as such. A party resumes what it, or all, suspended.</summary>
    public static bool IsUnsupported(RecordedAct act, IReadOnlyList<RecordedAct> acts) =>
        Wants(act.Kind) is { Count: > 0 } wanted && !acts.Any(a => a != act && !a.Withdrawn && wanted.Contains(a.Kind) && act.On.IsBefore(a.On) != Certainty.Certain
            && (act.Kind != ActKind.Resumed || act.What.Party is null || a.What.Party is null || a.What.Party == act.What.Party));
}
