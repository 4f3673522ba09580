using Microsoft.Extensions.Logging;

namespace SecurityCoop.Store;

/// <summary>
/// Work that each day of the calendar asks for, done by one process of any number: day by day in order, each at least once, beginning with the day on which it
/// is first run. Its cursor stands among those of the subscriptions, and counts days.
/// </summary>
/// <param name="today">The day that it is, wherever that is decided.</param>
/// <param name="handle">Its token is cancelled with the lease. What it throws is logged, and the same day comes again after a wait.</param>
public sealed partial class Daily(RegisterStore store, string consumer, Func<DateOnly> today, Func<DateOnly, CancellationToken, Task> handle, ILogger log)
{
    /// <summary>After a longer pause the days before are left out: a reminder of last year helps nobody.</summary>
    public const int MostDaysBehind = 31;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Length = TimeSpan.FromSeconds(30), LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Works until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        var (done, failures) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var day = today().DayNumber;
                if (day > done && await Through(day, stop)) done = day;
                failures = 0;
            }
            catch (Exception failure)
            {
                if (stop.IsCancellationRequested) return;
                Log.Failed(log, failure, consumer);
                failures++;
            }
            var wait = failures == 0 ? Second : Second * Math.Pow(2, failures);
            await Task.Delay(wait < LongestWait ? wait : LongestWait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does what is to be done up to today and was not done yet. What the work throws is thrown, and that day comes again.</summary>
    /// <returns>False while another process is at it.</returns>
    public Task<bool> ThroughToday(CancellationToken stop) => Through(today().DayNumber, stop);

    // Whether everything up to the day is done. Not while another process is at it.
    private async Task<bool> Through(int day, CancellationToken stop)
    {
        await store.Execute(Sql.AddSubscription, stop, Database.Of(consumer), Database.Of((long)day - 1));
        if (await Lease.Take(store, consumer, Length, stop) is not { } taken) return false;
        await using var lease = taken;
        for (var next = Math.Max(lease.Handled + 1, day - MostDaysBehind); next <= day; next++)
        {
            await handle(DateOnly.FromDayNumber((int)next), lease.Held);
            await lease.Done(next);
        }
        await lease.Move();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Consumer} could not do its day's work; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure, string consumer);
    }
}
