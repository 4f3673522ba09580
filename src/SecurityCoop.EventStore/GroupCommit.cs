using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;

namespace SecurityCoop.EventStore;

/// <summary>
/// The process's one writer. It drains what waits into one transaction. As long as no other process writes, one round trip compares the head and writes;
/// after a mismatch the next batches take the head's lock first, so that two hosts share evenly.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MostEvents = 512, MostBytes = 4 << 20, LockedBatches = 8, Attempts = 10;
    private static readonly TimeSpan ResolveFor = TimeSpan.FromSeconds(10);

    private readonly Channel<Pending> queue;
    private readonly long mostWaiting;
    private long waitingBytes; // Of appends that the loop has not taken yet; moved with Interlocked.
    private readonly Task loop;
    private readonly Func<Task<Writer>> open;
    private readonly IReadOnlyList<View> views;
    private readonly ViewCatalog catalog;
    private readonly Cache cache;
    private readonly Follower follower;
    private readonly Loader loader;
    private readonly PartnerFolds partners;
    private readonly Action committed;

    // Touched by the loop only.
    private Writer? writer;
    private int lockNext;
    private bool locked;
    private int lastCount;
    private TimeSpan lastTook;

    /// <param name="committed">Called after each commit; must return at once.</param>
    public GroupCommit(
        Func<Task<Writer>> open, IReadOnlyList<View> views, ViewCatalog catalog, Cache cache, Follower follower, Loader loader, PartnerFolds partners, int queueLength, long queueBytes, Action committed)
    {
        (this.open, this.views, this.catalog, this.cache, this.follower, this.loader, this.partners, this.committed) = (open, views, catalog, cache, follower, loader, partners, committed);
        mostWaiting = queueBytes;
        queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(queueLength) { SingleReader = true });
        loop = Task.Run(Run);
    }

    /// <summary>Queues an append; the task of its outcome goes on whatever its caller does.</summary>
    /// <exception cref="StoreBusy">The queue is full.</exception>
    public Task<AppendResult> Append(PreparedAppend append, CancellationToken stop)
    {
        var pending = new Pending(append, stop);
        // Where nothing else waits, one append is taken however large it is.
        var waiting = Interlocked.Add(ref waitingBytes, append.Bytes);
        if ((waiting > mostWaiting && waiting > append.Bytes) || !queue.Writer.TryWrite(pending))
        {
            Interlocked.Add(ref waitingBytes, -append.Bytes);
            throw new StoreBusy();
        }
        return pending.Done.Task;
    }

    private async Task Run()
    {
        var waiting = queue.Reader;
        while (await waiting.WaitToReadAsync())
        {
            await Gather();
            var taken = new List<Pending>();
            var (events, bytes) = (0, 0);
            while (events < MostEvents && bytes < MostBytes && waiting.TryRead(out var next))
            {
                Interlocked.Add(ref waitingBytes, -next.Append.Bytes);
                if (next.GaveUp)
                {
                    next.Done.TrySetCanceled();
                    continue;
                }
                taken.Add(next);
                events += next.Append.Events;
                bytes += next.Append.Bytes;
            }
            if (taken.Count == 0) continue;
            var begun = Stopwatch.GetTimestamp();
            await Answered(taken);
            (lastCount, lastTook) = (taken.Count, Stopwatch.GetElapsedTime(begun));
        }
        if (writer is not null) await writer.DisposeAsync();
    }

    // Those who were just answered come back at about the same time. Starting with the first of them would leave the others to wait for a whole commit;
    // so up to a third of the last commit's time, 5 ms at most, is given to as many as came before. A single caller is never waited for.
    private async Task Gather()
    {
        var (begun, patience) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(Math.Min(5, lastTook.TotalMilliseconds / 3)));
        while (queue.Reader.Count < lastCount && Stopwatch.GetElapsedTime(begun) < patience) await Task.Yield();
    }

    // Whatever happens, everyone is answered and the loop goes on.
    private async Task Answered(List<Pending> appends)
    {
        try
        {
            await Write(appends);
        }
        catch (Exception e)
        {
            // Refusals leave connection and cache as they were; after anything else neither is relied on.
            if (locked || writer is not { IsOpen: true } || e is not (KeyTaken or ReferenceTaken or VersionConflict or ViewFailed or ViewOutdated or PostgresException)) await Drop();
            foreach (var pending in appends) pending.Done.TrySetException(e);
        }
    }

    private async Task Write(List<Pending> appends)
    {
        var presumeNew = true;
        for (var attempt = 1; ; attempt++)
        {
            Batch batch;
            try
            {
                batch = await Build(appends, presumeNew);
                if (batch.Accepted.Count == 0 && !await IsCurrent(batch)) continue;
            }
            catch (NpgsqlException away) when (writer is not { IsOpen: true } || away.IsTransient || away is not PostgresException)
            {
                // Nothing was sent yet. A kept connection, the writer's or one that reads for it, may have been broken for long without anyone's noticing:
                // once more on a fresh one.
                await Drop();
                if (attempt >= Attempts) throw new StoreAway(away);
                await Task.Delay(10 * attempt);
                continue;
            }
            try
            {
                if (batch.Accepted.Count > 0) await Send(batch);
                else await Unlock();
                Answer(batch);
                return;
            }
            catch (PostgresException e) when (writer!.IsOpen)
            {
                await Unlock();
                var moved = e is { SqlState: PostgresErrorCodes.NotNullViolation, TableName: "log_head" };
                if (moved && attempt < Attempts)
                {
                    lockNext = LockedBatches;
                    continue;
                }
                if (moved && e.ColumnName == "recorded_at") throw new ClockRefused(batch.RecordedAt, e);
                if (appends.Count > 1)
                {
                    foreach (var one in appends) await Answered([one]);
                    return;
                }
                if (!presumeNew || IsAnswer(e)) throw Meaning(e, appends[0].Append);
                // What was taken to be new exists, or a foreign writer moved a stream: look, and let the versions be compared.
                cache.Forget(Batch.Needs(appends[0].Append, presumeNew: false));
                presumeNew = false;
            }
            catch (ViewFailed) when (appends.Count > 1)
            {
                await Unlock();
                foreach (var one in appends) await Answered([one]);
                return;
            }
            catch (NpgsqlException lost)
            {
                if (await Resolve(batch, lost))
                {
                    Answer(batch);
                    return;
                }
                if (attempt >= Attempts) throw new StoreAway(lost);
            }
        }
    }

    private async Task<Batch> Build(List<Pending> appends, bool presumeNew)
    {
        writer ??= await open();
        HeadState? taken = null;
        while (true)
        {
            if (lockNext > 0 && !locked)
            {
                taken = await writer.Lock();
                locked = true;
                lockNext--;
            }
            else if (!locked) taken = cache.Head is null || !catalog.IsCurrent ? await writer.ReadHead() : null;
            if (taken is not null) await follower.Reach(taken);
            catalog.MustBeCurrent();

            // What is presumed absent is looked for too: it may be known to exist after all, and then the conflict shows at once.
            var (at, known) = cache.Look(appends.SelectMany(p => Batch.Needs(p.Append, presumeNew: false)));
            if (taken is not null && (at is null || !at.Mark.Equals(taken.Mark))) (at, known) = (taken, []);
            if (at is null) continue;
            var missing = appends.SelectMany(p => Batch.Needs(p.Append, presumeNew)).Where(n => !known.ContainsKey(n)).ToHashSet();
            if (missing.Count > 0)
            {
                await using var reading = writer.CreateBatch();
                var (mark, loaded) = await loader.Load(reading, missing);
                if (mark is null || !mark.Value.Equals(at.Mark))
                {
                    // Somebody else wrote meanwhile. (With the lock held this cannot happen.)
                    lockNext = LockedBatches;
                    continue;
                }
                cache.Add(at.Mark, loaded);
                foreach (var (key, entry) in loaded) known[key] = entry;
            }
            var batch = new Batch(views, at, known, DateTime.UtcNow);
            foreach (var pending in appends) batch.TryAdd(pending);
            return batch;
        }
    }

    // A refusal rests on what the cache holds. A commit proves that it was current; where nothing is to be committed, the head must be asked.
    private async Task<bool> IsCurrent(Batch batch)
    {
        if (locked || (await writer!.ReadHead()).Mark.Equals(batch.Before.Mark)) return true;
        lockNext = LockedBatches;
        return false;
    }

    private async Task Send(Batch batch)
    {
        await using var commands = writer!.CreateBatch();
        BatchCommands.Fill(commands, batch, views, catalog, commit: locked);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var after = batch.After;
        cache.Sending(after.Mark, done.Task);
        try
        {
            await writer.Send(commands);
            locked = false;
            cache.Publish(batch.Before.Mark, after, batch.Overlay, partners.Changes(batch));
        }
        finally
        {
            cache.Sent();
            done.SetResult();
        }
    }

    /// <summary>
    /// Whether a batch whose answer was lost was committed. First the epoch is raised under the head's lock: from then on the old connection's backend has
    /// committed or never will. Only then looking tells anything.
    /// </summary>
    private async Task<bool> Resolve(Batch batch, NpgsqlException lost)
    {
        await Drop();
        for (var until = DateTime.UtcNow + ResolveFor; ;)
        {
            try
            {
                writer = await open();
                var head = await writer.RaiseEpoch();
                var first = await writer.EventIdAt(batch.Before.Size + 1);
                await follower.Reach(head);
                return first == batch.Events[0].Stored.Id;
            }
            catch (NpgsqlException)
            {
                await Drop();
                if (DateTime.UtcNow > until) throw new OutcomeUnknown(lost);
                await Task.Delay(100);
            }
        }
    }

    private void Answer(Batch batch)
    {
        if (batch.Accepted.Count > 0) committed();
        foreach (var (pending, result) in batch.Accepted) pending.Done.TrySetResult(result);
        foreach (var (pending, refusal) in batch.Refused) pending.Done.TrySetException(refusal);
    }

    // A connection lost meanwhile took its transaction with it: what is known stays known.
    private async Task Unlock()
    {
        if (!locked) return;
        locked = false;
        try
        {
            await writer!.Rollback();
        }
        catch (NpgsqlException)
        {
            await Drop();
        }
    }

    // Connection and cache: whatever was under way, nothing of it is relied on.
    private async Task Drop()
    {
        locked = false;
        cache.Reset(null);
        if (writer is null) return;
        await writer.DisposeAsync();
        writer = null;
    }

    private static bool IsAnswer(PostgresException e) =>
        e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idempotency_pkey" or "stream_reference_pkey" };

    private static Exception Meaning(PostgresException e, PreparedAppend append) => e.ConstraintName switch
    {
        "idempotency_pkey" => new KeyTaken(),
        "stream_reference_pkey" => new ReferenceTaken(append.Streams.Select(s => s.Append.Reference).FirstOrDefault(r => r is not null) ?? "asked for"),
        "pkey_mt_streams_id" or "pk_mt_events_stream_and_version" => new VersionConflict(append.Streams[0].Append.Stream, append.Streams[0].Append.ExpectedVersion, null),
        _ => e,
    };

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }
}
