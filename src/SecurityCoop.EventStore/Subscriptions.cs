using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SecurityCoop.EventStore;

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
    EventStore store, string consumer, Func<Delivery, CancellationToken, Task> handle, ILogger log, SubscriptionOptions? options = null)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string Holder = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");

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
                if (await Take(stop) is { } lease)
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

    private async Task<Lease?> Take(CancellationToken stop)
    {
        var asked = Stopwatch.GetTimestamp();
        await using var command = store.Command(Sql.TakeLease, Database.Of(consumer), Database.Of(Holder), Database.Of(options.Lease));
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? new(store, consumer, options.Lease, reader.GetInt64(0), reader.GetInt64(1), asked, stop) : null;
    }

    /// <summary>
    /// The right to work for the consumer. The database decides who has it, by its own clock and the fence; here it ends by this process's clock, counted from
    /// before the question, so never later than there.
    /// </summary>
    private sealed class Lease : IAsyncDisposable
    {
        private readonly EventStore store;
        private readonly string consumer;
        private readonly TimeSpan length;
        private readonly CancellationTokenSource held;
        private readonly Task prolonging;
        private long handled, moved, movedAt = Stopwatch.GetTimestamp(), asked;

        public Lease(EventStore store, string consumer, TimeSpan length, long fence, long position, long asked, CancellationToken stop)
        {
            (this.store, this.consumer, this.length, Fence, handled, moved) = (store, consumer, length, fence, position, position);
            held = CancellationTokenSource.CreateLinkedTokenSource(stop);
            HeldFrom(asked);
            prolonging = Prolong();
        }

        public long Fence { get; }
        public long Handled => handled;

        /// <summary>Cancelled once the lease is lost or the subscription is stopped.</summary>
        public CancellationToken Held => held.Token;

        /// <summary>For a process that was itself stopped for a while, whose timers have not run yet.</summary>
        /// <exception cref="OperationCanceledException">The lease is over.</exception>
        public void MustHold()
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref asked)) >= length) held.Cancel();
            held.Token.ThrowIfCancellationRequested();
        }

        public async Task Done(long position)
        {
            handled = position;
            if (Stopwatch.GetElapsedTime(movedAt) >= Second) await Move();
        }

        /// <summary>Moves the cursor to what is handled.</summary>
        /// <exception cref="OperationCanceledException">The lease is lost, and the cursor where it was.</exception>
        public async Task Move()
        {
            if (handled == moved) return;
            var (from, to) = (Stopwatch.GetTimestamp(), handled);
            if (!await store.Execute(Sql.MoveCursor, held.Token, Database.Of(consumer), Database.Of(Fence), Database.Of(to), Database.Of(length))) await held.CancelAsync();
            held.Token.ThrowIfCancellationRequested();
            (moved, movedAt) = (to, from);
            HeldFrom(from);
        }

        private void HeldFrom(long asking)
        {
            Volatile.Write(ref asked, asking);
            var left = length - Stopwatch.GetElapsedTime(asking);
            held.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        private async Task Prolong()
        {
            while (true)
            {
                await Task.Delay(length / 3, held.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (held.IsCancellationRequested) return;
                var from = Stopwatch.GetTimestamp();
                try
                {
                    if (await store.Execute(Sql.ProlongLease, held.Token, Database.Of(consumer), Database.Of(Fence), Database.Of(length))) HeldFrom(from);
                    else await held.CancelAsync();
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (NpgsqlException)
                {
                    // Once more in a third; if it fails again, the lease runs out here as it does there.
                }
            }
        }

        /// <summary>Keeps what is handled and lets another in at once. Where the lease is lost or the database away, neither happens.</summary>
        public async ValueTask DisposeAsync()
        {
            await held.CancelAsync();
            await prolonging;
            held.Dispose();
            try
            {
                if (handled != moved)
                    await store.Execute(Sql.MoveCursor, default, Database.Of(consumer), Database.Of(Fence), Database.Of(handled), Database.Of(length));
                await store.Execute(Sql.ProlongLease, default, Database.Of(consumer), Database.Of(Fence), Database.Of(TimeSpan.Zero));
            }
            catch (NpgsqlException)
            {
                // The lease runs out by itself.
            }
        }
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
