using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Calendar;

/// <summary>Days in a row as a calendar shows them.</summary>
/// <param name="Until">The last of them, itself included.</param>
/// <param name="Certain">Whether it is on exactly these days; otherwise it is on one of them, or some, or near them.</param>
public sealed record CalendarDays(DateOnly From, DateOnly Until, bool Certain)
{
    /// <summary>
    /// The days of a date, and no day that it does not speak of. One day of which we know in which days it lies stands over all of them; of a set "one of these", each
    /// part by itself; a duration from its first possible day to its last. Where a bound is missing, the other one stands alone. The unknown date has none.
    /// </summary>
    /// <param name="deadline">Whether something is due by the date: at the latest on a day is then as certain as on it.</param>
    public static IReadOnlyList<CalendarDays> Of(Edtf date, bool deadline = false)
    {
        if (date.IsUnknown) return [];
        if (date.IsInterval) return [OfDuration(date)];
        var ranges = date.Days;
        return [.. ranges.Select(r => new CalendarDays((r.From ?? r.To)!.Value, (r.To ?? r.From)!.Value,
            !date.IsUncertain && ranges.Count == 1 && (r.From == r.To || (deadline && r.From is null))))];
    }

    // Of a duration whose end is open or unknown the start stands, of one whose start is unknown the end: between them and nowhere there is nothing to show.
    static CalendarDays OfDuration(Edtf date)
    {
        var ((first, lastStart), (firstEnd, last)) = (date.StartBounds, date.EndBounds);
        if (last is null) return new(first!.Value, lastStart!.Value, false);
        if (first is null) return new(firstEnd!.Value, last.Value, false);
        return new(first.Value, last.Value, !date.IsUncertain && first == lastStart && firstEnd == last);
    }
}
