using JasperFx.Events.Daemon.HighWater;

namespace SecurityCoop.Store;

/// <summary>
/// Wakes Marten's daemon when the log has grown. Marten's own way sends a NOTIFY in each commit, which takes a lock that is one for the whole
/// server, and keeps a connection that it does not close when the daemon ends (9.59.0).
/// </summary>
internal sealed class DaemonWakeup(Bell bell) : IDaemonWakeup
{
    // Each time the daemon wakes, every follower reads, works and commits. Where commits come one after the other, that many of them would
    // share the disk and the processors with the commands.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    // What rings while the daemon looks at the log is heard at the next wait.
    private Task next = bell.Next;

    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        bell.Listen();
        var heard = next;
        await heard.WaitAsync(timeout, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
        if (heard.IsCompleted) await Task.Delay(Gathering, token);
        next = bell.Next;
    }

    public void Dispose()
    {
        // The bell is the store's.
    }
}
