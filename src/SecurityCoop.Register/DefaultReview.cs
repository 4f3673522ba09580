using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>The review day of a commitment without a date that nobody set one for: so many months after its own day.</summary>
static class DefaultReview
{
    public static Edtf Of(Edtf on)
    {
        var months = Actions.AgreedAction.ReviewMonths;
        // Where the months lead out of the calendar, its last day stands for what comes after.
        return (on.Latest ?? on.Earliest) is { } last && last.MonthsOn(months) == DateOnly.MaxValue ? Edtf.On(DateOnly.MaxValue) : on.PlusMonths(months);
    }

    /// <summary>The one day that it certainly is; null where it may be another, or may not be at all.</summary>
    public static DateOnly? Exactly(Edtf? day) => day is { IsUncertain: false, Earliest: { } first } && day.Latest == first ? first : null;

    /// <summary>Whether a date that is stored is what the register itself used to store: counted from the last day that it may be.</summary>
    public static bool Is(DateOnly stored, Edtf on) => on.Latest is { } last && stored == last.MonthsOn(Actions.AgreedAction.ReviewMonths);

    /// <summary>The same where nobody knew the day, and it was counted from the day of recording, which a time zone may put a day off.</summary>
    public static bool Is(DateOnly stored, Edtf on, At at)
    {
        if (on.Latest is not null) return Is(stored, on);
        var recorded = DateOnly.FromDateTime(at.RecordedAt);
        return recorded < DateOnly.MaxValue.AddDays(-1) && recorded > DateOnly.MinValue
            && Enumerable.Range(-1, 3).Any(shift => stored == recorded.AddDays(shift).MonthsOn(Actions.AgreedAction.ReviewMonths));
    }
}
