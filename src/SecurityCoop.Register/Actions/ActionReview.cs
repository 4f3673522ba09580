using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Actions;

/// <summary>
/// When an action is looked at again. What nobody set is derived and never stored: six months after the agreement of an undated action, as certain as
/// that day is (model.md, "Settled in November 2026", Review dates).
/// </summary>
public sealed partial record AgreedAction
{
    /// <summary>The day on which it is to be looked at again: the one that was set or, of an undated action, the one that is derived; null: there is none.</summary>
    public Edtf? ReviewDay => Details switch
    {
        null => null,
        { ReviewOn: { } set } d when !IsUndated(d) || !DefaultReview.Is(set, d.On) => Edtf.On(set),
        var d => IsUndated(d) ? DefaultReview.Of(d.On) : null,
    };

    /// <summary>The same where it is one day, and certainly that one.</summary>
    public DateOnly? ReviewOn => DefaultReview.Exactly(ReviewDay);

    /// <summary>Whether nobody set the review day.</summary>
    public bool ReviewIsDerived => Details is { } d && IsUndated(d) && (d.ReviewOn is not { } set || DefaultReview.Is(set, d.On));

    static bool IsUndated(ActionDetails d) => d is { Due: null or { IsUnknown: true }, Standing: null };

    // A stored date that is only the default counts as not set, from whichever day it was counted.
    static ActionDetails WithoutDefault(ActionDetails d, At at) => d.ReviewOn is { } set && IsUndated(d) && DefaultReview.Is(set, d.On, at) ? d with { ReviewOn = null } : d;
}
