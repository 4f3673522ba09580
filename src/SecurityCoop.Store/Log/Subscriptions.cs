using Microsoft.Extensions.Logging;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>How a subscription goes about its work; the defaults suit handlers that take well under a second.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>Where a consumer begins that the database does not know yet: after this position. 0: at the beginning of the log.</summary>
    public long From { get; init; }

    /// <summary>How long a process that no longer answers keeps the others out. A live one prolongs its lease at a third of this.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The cursor moves after so many events, or after a second: so much may be delivered again after a crash.</summary>
    public int Page { get; init; } = 100;

    /// <summary>The wait after a first failure; each further one doubles it, up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>An event for a consumer.</summary>
/// <param name="Fence">
/// Grows with each change of holder. A consumer that writes elsewhere stores it there and refuses a smaller one: a holder that was stalled in the middle of
/// handling cannot know that it has been replaced.
/// </param>
/// <param name="Attempt">1, and one more after each failure of this holder's.</param>
public sealed record Delivery(StoredEvent Event, long Fence, int Attempt);

/// <summary>
/// Hands the log to one named consumer, event by event in order, each at least once. Any number of processes may run the same consumer: the one with the lease
/// works, and another goes on where its cursor stands as soon as it ends or falls silent.
/// </summary>
/// <param name="handle">Its token is cancelled with the lease. What it throws is logged, and the same event comes again after a wait: none is ever skipped.</param>
public sealed partial class Subscription(
    RegisterStore store, string consumer, Func<Delivery, CancellationToken, Task> handle, ILogger log, SubscriptionOptions? options = null)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SubscriptionOptions options = options ?? new();

    /// <summary>Works until it is stopped, then gives the lease back and returns. A database that is away is waited for.</summary>
    public async Task Run(CancellationToken stop)
    {
        var (known, failures) = (false, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!known) await store.Execute(Sql.AddSubscription, stop, Database.Of(consumer), Database.Of(options.From));
                known = true;
                if (await Lease.Take(store, consumer, options.Lease, stop) is { } lease)
                {
                    failures = 0;
                    await using (lease) await Work(lease);
                }
                else await Task.Delay(Second, stop);
            }
            catch (OperationCanceledException)
            {
                if (!stop.IsCancellationRequested) Log.LeaseLost(log, consumer);
            }
            catch (NpgsqlException away)
            {
                Log.DatabaseAway(log, away, consumer);
                await Task.Delay(Wait(++failures), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// Handles, in order, whatever stands up to a position and was not handled yet, and returns when all of it is; at once where it is already. What the handler
    /// throws is thrown, and the cursor stands before that event.
    /// </summary>
    /// <returns>False while another process holds the lease and has not come as far.</returns>
    public async Task<bool> Through(long position, CancellationToken stop)
    {
        await store.Execute(Sql.AddSubscription, stop, Database.Of(consumer), Database.Of(options.From));
        await using (var read = store.Command(Sql.ReadCursor, Database.Of(consumer)))
            if ((long)(await read.ExecuteScalarAsync(stop))! >= position) return true;
        if (await Lease.Take(store, consumer, options.Lease, stop) is not { } taken) return false;
        await using var lease = taken;
        while (lease.Handled < position)
        {
            var page = new EventFilter { After = lease.Handled, Through = position, Limit = options.Page };
            await foreach (var e in store.ReadAll(page, lease.Held))
            {
                lease.MustHold();
                await handle(new(e, lease.Fence, 1), lease.Held);
                await lease.Done(e.Position);
            }
        }
        await lease.Move();
        return true;
    }

    // Ends by cancellation of the lease, or with the database.
    private async Task Work(Lease lease)
    {
        for (var (readable, failures) = (long.MaxValue, 0); ;)
        {
            var head = await store.HeadBeyond(lease.Handled, TimeSpan.MaxValue, lease.Held);
            try
            {
                var page = new EventFilter { After = lease.Handled, Through = Math.Min(head, readable), Limit = options.Page };
                await foreach (var e in store.ReadAll(page, lease.Held)) await Handle(e, lease);
                (readable, failures) = (long.MaxValue, 0);
            }
            catch (UnknownEventType unknown)
            {
                Log.Unreadable(log, unknown, consumer, unknown.Position);
                // What stands before it is handled first.
                if (unknown.Position > lease.Handled + 1) readable = unknown.Position - 1;
                else await Task.Delay(Wait(++failures), lease.Held);
            }
            await lease.Move();
        }
    }

    private async Task Handle(StoredEvent e, Lease lease)
    {
        for (var attempt = 1; ; attempt++)
        {
            lease.MustHold();
            try
            {
                await handle(new(e, lease.Fence, attempt), lease.Held);
                break;
            }
            catch (Exception failure)
            {
                lease.MustHold(); // Without the lease it was cancelled, and whoever takes over tries again.
                Log.Failed(log, failure, consumer, e.Type, e.Position, attempt);
            }
            await lease.Move();
            await Task.Delay(Wait(attempt), lease.Held);
        }
        await lease.Done(e.Position);
    }

    private TimeSpan Wait(int failures)
    {
        var wait = options.FirstWait * Math.Pow(2, Math.Min(failures - 1, 30));
        return wait < options.LongestWait ? wait : options.LongestWait;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Consumer {Consumer} failed on event {Type} at position {Position}, attempt {Attempt}; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure, string consumer, string type, long position, int attempt);

        [LoggerMessage(Level = LogLevel.Error, Message = "Consumer {Consumer} cannot read the event at position {Position}; it is tried again")]
        public static partial void Unreadable(ILogger log, Exception failure, string consumer, long position);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Consumer {Consumer} lost its lease; another process may go on from the cursor")]
        public static partial void LeaseLost(ILogger log, string consumer);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away from consumer {Consumer}")]
        public static partial void DatabaseAway(ILogger log, Exception away, string consumer);
    }
}
