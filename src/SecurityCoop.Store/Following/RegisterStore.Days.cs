namespace SecurityCoop.Store;

/// <summary>Work that each day of the calendar asks for.</summary>
public sealed partial class RegisterStore
{
    /// <summary>After a longer pause the days before are left out: a reminder of last year helps nobody.</summary>
    public const int MostDaysBehind = 31;

    private static readonly TimeSpan dayLease = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Does what is to be done up to a day and was not done yet: day by day in order, each at least once, by one process of any number, beginning
    /// with the day of the first call. The last day done stands in register.subscription, where a position counts days.
    /// </summary>
    /// <param name="work">Its name, stored for ever.</param>
    /// <param name="handle">Its token is cancelled with the right to the work. What it throws is thrown, and that day comes again.</param>
    /// <returns>False while another process is at it.</returns>
    public async Task<bool> EachDay(string work, DateOnly through, Func<DateOnly, CancellationToken, Task> handle, CancellationToken stop = default)
    {
        long day = through.DayNumber;
        await Execute(Sql.AddSubscription, stop, Database.Of(work), Database.Of(day - 1));
        if (await Lease.Take(this, work, dayLease, stop) is not { } taken) return false;
        await using var lease = taken;
        for (var next = Math.Max(lease.Handled + 1, day - MostDaysBehind); next <= day; next++)
        {
            await handle(DateOnly.FromDayNumber((int)next), lease.Held);
            await lease.Done(next);
        }
        await lease.Move();
        return true;
    }
}
