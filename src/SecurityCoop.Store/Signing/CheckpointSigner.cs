using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>How the signer goes about its work.</summary>
public sealed record SignerOptions
{
    /// <summary>At most one checkpoint in so much time; so long after its commit an event is signed at the latest.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a signer that no longer answers keeps the others out.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Signs the state of the tree, one process at a time. Before each signature the new leaves are added to the tree that was signed before, so that two checkpoints
/// cannot contradict each other; before the note is released, the guard outside the database knows of it. Where the database no longer holds what was
/// signed, nothing is signed and nothing is appended until an operator opens a new origin.
/// </summary>
public sealed partial class CheckpointSigner(RegisterStore store, ILogger log, SignerOptions? options = null)
{
    private const string Consumer = "ledger-signer";
    private const int Page = 10_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SignerOptions options = options ?? new();
    private bool known;

    /// <summary>Works until it is stopped. A database that is away is waited for.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!known) await store.Execute(Sql.AddSubscription, stop, Database.Of(Consumer), Database.Of(0L));
                known = true;
                await Check(stop);
                if (store.Broken is null && await Lease.Take(store, Consumer, options.Lease, stop) is { } lease)
                {
                    await using (lease) await Work(lease);
                }
                else await Task.Delay(Second, stop);
            }
            catch (OperationCanceledException)
            {
                if (!stop.IsCancellationRequested) Log.LeaseLost(log);
            }
            catch (NpgsqlException away)
            {
                Log.DatabaseAway(log, away);
                await Task.Delay(Second, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                Log.KeysAway(log, e);
                await Task.Delay(Second, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Compares the database with what was signed, and makes the store read-only where it contradicts it (<see cref="RegisterStore.Broken"/>).</summary>
    public async Task Check(CancellationToken stop)
    {
        string? before, why;
        await store.Judging.WaitAsync(stop);
        try
        {
            (before, why) = (store.Broken, await store.Contradiction(stop));
            store.Broken = why;
        }
        finally
        {
            store.Judging.Release();
        }
        if (why is not null && why != before) Log.Broken(log, why);
        if (store.Broken is null && before is not null) Log.Mended(log);
    }

    // Ends when the history is broken, or with the lease.
    private async Task Work(Lease lease)
    {
        var signed = store.LedgerKeys.Guard;
        var frontier = await store.FrontierAt(signed?.Size ?? 0, lease.Held);
        // What stands in the guard alone was never released: it is signed again.
        for (var size = (await store.NewestCheckpoint(lease.Held))?.Checkpoint.Size ?? -1; ;)
        {
            var last = Stopwatch.GetTimestamp();
            await store.HeadBeyond(size, Second, lease.Held);
            var head = await store.Head(lease.Held);
            if (store.Broken is not null || head.Size < frontier.Size || store.LedgerKeys.Guard != signed && !Same(store.LedgerKeys.Guard, signed)) return; // The check at the loop's beginning says which.
            while (frontier.Size < head.Size)
            {
                var leaves = await store.Leaves(frontier.Size, Math.Min(head.Size, frontier.Size + Page), lease.Held);
                if (leaves.Count == 0) return;
                foreach (var leaf in leaves) frontier.Add(leaf);
            }
            if (!frontier.Root().AsSpan().SequenceEqual(head.Root)) return;
            if (head.Size > size)
            {
                signed = await Sign(head, lease);
                size = head.Size;
            }
            if (options.Every - Stopwatch.GetElapsedTime(last) is { Ticks: > 0 } left) await Task.Delay(left, lease.Held);
        }
    }

    private static bool Same(Checkpoint? one, Checkpoint? other) => one is not null && other is not null && one.Origin == other.Origin && one.SameTree(other);

    private async Task<Checkpoint> Sign(Head head, Lease lease)
    {
        var keys = store.LedgerKeys;
        var key = keys.Current ?? throw new IOException("the signing key is missing");
        var next = keys.Next is { } follows && follows.Public.Name == key.Public.Name && await store.NewestRotation(head.Size, lease.Held) == follows.Public.ToString() ? follows : null;
        var checkpoint = new Checkpoint(key.Public.Name, head.Size, head.Root);
        // What is signed must not be lost with the primary: what followed would contradict the signature.
        await store.MustBeKept(head.Size, lease.Held);
        lease.MustHold();
        keys.Keep(checkpoint);
        var note = Note.Sign(checkpoint.Text, next is null ? [key] : [key, next]).ToBytes();
        await store.Execute(Sql.AddCheckpoint, lease.Held, Database.Of(checkpoint.Origin), Database.Of(checkpoint.Size), Database.Of(checkpoint.Root), Database.Of(note));
        if (next is not null) keys.Promote();
        await lease.Done(head.Size);
        return checkpoint;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "THE HISTORY IS BROKEN. {Why} The register is read-only; `securitycoop ledger new-origin` is the way on, after the cause is known")]
        public static partial void Broken(ILogger log, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The history agrees with what was signed again; the register takes commands")]
        public static partial void Mended(ILogger log);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The signer lost its lease; another process may go on")]
        public static partial void LeaseLost(ILogger log);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away from the signer")]
        public static partial void DatabaseAway(ILogger log, Exception away);

        [LoggerMessage(Level = LogLevel.Error, Message = "The signer cannot use its keys; it tries again")]
        public static partial void KeysAway(ILogger log, Exception failure);
    }
}
