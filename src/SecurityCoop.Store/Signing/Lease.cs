using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// The right to work for the consumer. The database decides who has it, by its own clock and the fence; here it ends by this process's clock, counted from
/// before the question, so never later than there.
/// </summary>
internal sealed class Lease : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string Holder = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");

    private readonly RegisterStore store;
    private readonly string consumer;
    private readonly TimeSpan length;
    private readonly CancellationTokenSource held;
    private readonly Task prolonging;
    private long handled, moved, movedAt = Stopwatch.GetTimestamp(), asked;

    private Lease(RegisterStore store, string consumer, TimeSpan length, long fence, long position, long asked, CancellationToken stop)
    {
        (this.store, this.consumer, this.length, Fence, handled, moved) = (store, consumer, length, fence, position, position);
        held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        HeldFrom(asked);
        prolonging = Prolong();
    }

    /// <summary>Takes the lease of a consumer that the database knows; null while another process holds it.</summary>
    public static async Task<Lease?> Take(RegisterStore store, string consumer, TimeSpan length, CancellationToken stop)
    {
        var asked = Stopwatch.GetTimestamp();
        await using var command = store.Command(Sql.TakeLease, Database.Of(consumer), Database.Of(Holder), Database.Of(length));
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? new(store, consumer, length, reader.GetInt64(0), reader.GetInt64(1), asked, stop) : null;
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
