using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Outgoing;

/// <summary>
/// Sends each event of the log, in its order, until it was taken: the next one goes then, and the follower's progress with it.
/// </summary>
/// <param name="send">Sends one event; returns once it was taken.</param>
sealed partial class EventSender(RegisterStore store, TimeProvider time, ILogger log, Func<StoredEvent, CancellationToken, Task> send)
{
    const int AttemptsAtOnce = 6;
    static readonly Backoff backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
    static readonly TimeSpan grace = TimeSpan.FromSeconds(3);

    (long Position, int Attempts, long At) failed; // Of this host; touched by the one page that is on its way.

    /// <summary>
    /// Sends the events of a page. Each is tried a few times at once; then the daemon pauses, so that the failure is seen, and comes back
    /// with the same page some seconds later, without end. An address that stays away is asked less and less often: the daemon has one
    /// pause for all who follow and all failures, so what is missing of the wait is waited for here.
    /// </summary>
    public async Task Follow(FollowedPage page, CancellationToken stop)
    {
        // What is on its way when the host stops is waited for: cut off, it would come a second time.
        using var sending = new CancellationTokenSource();
        await using var ending = stop.Register(() => sending.CancelAfter(grace));
        await foreach (var e in store.ReadAll(new EventFilter { After = page.After, Through = page.Through }, stop))
        {
            if (UserKind.IsOfAccess(e.Stream)) continue; // Who may do what, and who did, leaves the register to nobody.
            var attempts = failed.Position == e.Position ? failed.Attempts : 0;
            if (attempts > 0 && WaitAfter(attempts) - time.GetElapsedTime(failed.At) is var missing && missing > TimeSpan.Zero)
                await Task.Delay(missing, stop);
            for (var once = attempts >= AttemptsAtOnce; ;)
            {
                try
                {
                    await send(e, sending.Token);
                    break;
                }
                catch (Exception failure) when (!stop.IsCancellationRequested)
                {
                    failed = (e.Position, ++attempts, time.GetTimestamp());
                    Log.Failed(log, failure, e.Type, e.Position, attempts);
                    if (once || attempts >= AttemptsAtOnce) throw;
                }
                await Task.Delay(WaitAfter(attempts), stop);
            }
        }
    }

    /// <summary>How long the address is left alone after so many attempts in a row that failed.</summary>
    public static TimeSpan WaitAfter(int attempts) => backoff.After(attempts);

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Event {Type} at position {Position} could not be sent to others, attempt {Attempt}; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure, string type, long position, int attempt);
    }
}
