namespace SecurityCoop.Register.Time;

/// <summary>
/// Days as sorted ranges that neither overlap nor touch, counted in <see cref="DateOnly.DayNumber"/>. <see cref="Past"/> and
/// <see cref="Future"/> stand for "no bound"; they lie outside the calendar, so that a bound of 9999-12-31 is not mistaken for none.
/// </summary>
sealed class DaySet
{
    internal const int Past = int.MinValue, Future = int.MaxValue;

    internal static readonly DaySet All = new(Past, Future);

    internal DaySet(int from, int through) => Ranges = [(from, through)];

    /// <summary>At least one range, in any order, overlapping or not.</summary>
    internal DaySet(IEnumerable<(int From, int Through)> ranges)
    {
        var merged = new List<(int From, int Through)>();
        foreach (var next in ranges.Order())
        {
            // Next.From - 1 cannot overflow: a range that starts at Past either comes first or touches one that does.
            if (merged.Count > 0 && (next.From == Past || next.From - 1 <= merged[^1].Through))
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].Through, next.Through));
            else
                merged.Add(next);
        }
        Ranges = merged;
    }

    internal IReadOnlyList<(int From, int Through)> Ranges { get; }

    internal int First => Ranges[0].From;

    internal int Last => Ranges[^1].Through;

    internal bool Meets(int from, int through) => Ranges.Any(r => r.From <= through && r.Through >= from);

    // Ranges never touch, so what is covered is covered by one of them.
    internal bool Covers(DaySet narrower) => narrower.Ranges.All(n => Ranges.Any(r => r.From <= n.From && n.Through <= r.Through));

    internal DaySet Moved(Func<DateOnly, DateOnly> move) => new(Ranges.Select(r => (Move(r.From, move), Move(r.Through, move))));

    internal static DateOnly? Day(int number) => number is Past or Future ? null : DateOnly.FromDayNumber(number);

    static int Move(int day, Func<DateOnly, DateOnly> move) => Day(day) is { } known ? move(known).DayNumber : day;
}
