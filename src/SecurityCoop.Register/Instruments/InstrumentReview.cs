using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>
/// When an instrument is looked at again. What nobody set is derived and never stored: six months after the last plan of what is not yet signed by all
/// and is expected on no day; gone once it is signed, closed or abandoned, in whatever order the acts were recorded (model.md, "Settled in November
/// 2026", Review dates).
/// </summary>
public sealed partial record Instrument
{
    /// <summary>
    /// The days on which it may have to be looked at again, as far as had happened by a day, each with how surely it stands; none where there is none.
    /// </summary>
    public IReadOnlyList<(Edtf Day, Certainty Certainty, RecordedAct? Plan)> ReviewDays(DateOnly asOf, string? partner = null)
    {
        if (Details!.ReviewOn is { } set && !Acts.Any(a => IsPlan(a.What) && DefaultReview.Is(set, a.On)))
            return Modifiers.Alive(this, partner, asOf) is var alive && alive != Certainty.No ? [(Edtf.On(set), alive, null)] : [];
        var making = Modifiers.Both(Modifiers.Committed(Lives(asOf, partner).Select(Voices.Rule).ToHashSet()), Modifiers.Undated(this, asOf));
        if (making == Certainty.No) return [];
        var plans = Acts.Where(a => !a.Withdrawn && IsPlan(a.What) && a.On.StartedBy(asOf) != Certainty.No).InWorldOrder().ToList();
        var last = plans.Skip(Math.Max(0, plans.FindLastIndex(a => a.On.StartedBy(asOf) == Certainty.Certain))).ToList();
        return [.. last.Select(p => (DefaultReview.Of(p.On), last.Count == 1 ? making : Certainty.Possible, (RecordedAct?)p))];
    }

    /// <summary>The review day where it is one day, and certainly that one.</summary>
    public DateOnly? ReviewOn(DateOnly asOf, string? partner = null) => ReviewDays(asOf, partner) is [var only] ? DefaultReview.Exactly(only.Day) : null;

    /// <summary>Whether its review day has come, by the day that says so most surely.</summary>
    public Certainty ReviewDue(DateOnly asOf, string? partner = null) =>
        ReviewDays(asOf, partner).Select(r => Modifiers.Both(r.Certainty, r.Day.StartedBy(asOf))).DefaultIfEmpty(Certainty.No).Max();

    static bool IsPlan(Act act) => act.Kind is ActKind.Planned or ActKind.SigningPlanned;

    // The date that the register itself used to store with a plan counts as not set.
    Instrument WithoutDefault(Act act, At at) =>
        Details?.ReviewOn is { } set && IsPlan(act) && act.Expected is null or { IsUnknown: true } && DefaultReview.Is(set, act.On, at) ? this with { Details = Details! with { ReviewOn = null } } : this;
}
