using System.Diagnostics;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// The process's one writer. It drains what waits into one transaction. As long as no other process writes, one round trip compares the head and writes;
/// after a mismatch the next batches take the head's lock first, so that two hosts share evenly.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    // With more callers than fit into one batch, the next is built while one is on its way: larger batches would save less than that hides.
    private const int MostEvents = 128, WorthBuildingAhead = 64, MostBytes = 4 << 20, LockedBatches = 8, Attempts = 10;
    private static readonly TimeSpan ResolveFor = TimeSpan.FromSeconds(10), Fresh = TimeSpan.FromSeconds(1);

    private readonly AppendQueue queue;
    private readonly Task loop;
    private readonly Func<Task<Writer>> open;
    private readonly IReadOnlyList<View> views;
    private readonly ViewCatalog catalog;
    private readonly Cache cache;
    private readonly Follower follower;
    private readonly Loader loader;
    private readonly PartnerFolds partners;
    private readonly Sealer sealer;
    private readonly Engine? engine;
    private readonly Action committed;

    // Touched by the loop only.
    private Writer? writer;
    private int lockNext;
    private bool locked, placing; // placing: an engine writes, and nothing is committed yet
    private Func<Task>? enlisted; // What it wants to be called after the commit.
    private int callers, lastCount;
    private TimeSpan lastTook;
    private List<Pending> next = [];
    private (Batch Batch, NpgsqlBatch Commands)? ahead; // Of next: built upon a batch that was on its way.

    /// <param name="committed">Called after each commit; must return at once.</param>
    public GroupCommit(
        Func<Task<Writer>> open, IReadOnlyList<View> views, ViewCatalog catalog, Cache cache, Follower follower, Loader loader, PartnerFolds partners, Sealer sealer, Engine? engine, int queueLength, long queueBytes, Action committed)
    {
        (this.open, this.views, this.catalog, this.cache, this.follower, this.loader, this.partners, this.sealer, this.engine, this.committed) = (open, views, catalog, cache, follower, loader, partners, sealer, engine, committed);
        queue = new(queueLength, queueBytes);
        loop = Task.Run(Run);
    }

    /// <summary>How many batches were built while the one before was on its way, and how many of them were sent as they were.</summary>
    public (long Built, long Sent) Ahead { get; private set; }

    /// <summary>Queues an append; the task of its outcome goes on whatever its caller does.</summary>
    /// <exception cref="StoreBusy">The queue is full.</exception>
    public Task<AppendResult> Append(PreparedAppend append, CancellationToken stop) => queue.Add(append, stop);

    private async Task Run()
    {
        // The first append after a pause is built and sent on its caller's own thread: handing it over to another would take longer.
        while (next.Count > 0 || await queue.Reached(1, inline: true))
        {
            if (ahead is null)
            {
                await Gather();
                queue.Take(next, MostEvents, MostBytes);
            }
            var (taken, built) = (next, ahead);
            (next, ahead) = ([], null);
            if (taken.Count == 0) continue;
            var begun = Stopwatch.GetTimestamp();
            await Answered(taken, built);
            (lastCount, lastTook) = (taken.Count, Stopwatch.GetElapsedTime(begun));
        }
        if (writer is not null) await writer.DisposeAsync();
    }

    // Those who were just answered come back at about the same time. Starting with the first of them would leave the others to wait for a whole commit;
    // so up to a third of the last commit's time, 5 ms at most, is given to as many as came before. A single caller is never waited for.
    private async Task Gather()
    {
        var (begun, patience) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(Math.Min(5, lastTook.TotalMilliseconds / 3)));
        while (next.Count + queue.Count < lastCount && Stopwatch.GetElapsedTime(begun) < patience) await Task.Yield();
    }

    // Whatever happens, everyone is answered and the loop goes on.
    private async Task Answered(List<Pending> appends, (Batch Batch, NpgsqlBatch Commands)? built = null)
    {
        try
        {
            await Write(appends, built);
        }
        catch (Exception e)
        {
            // Refusals leave connection and cache as they were; after anything else neither is relied on.
            if (locked || writer is not { IsOpen: true } || e is not (KeyTaken or ReferenceTaken or VersionConflict or ViewFailed or ViewOutdated or PostgresException)) await Drop();
            foreach (var pending in appends) pending.Done.TrySetException(e);
        }
    }

    private async Task Write(List<Pending> appends, (Batch Batch, NpgsqlBatch Commands)? built)
    {
        var presumeNew = engine is null; // An engine writes under the lock, where all is known.
        for (var attempt = 1; ; attempt++)
        {
            Batch batch;
            var ready = attempt == 1 && built is { } ahead && StillCounts(ahead.Batch) ? built : null;
            try
            {
                batch = ready?.Batch ?? await Build(appends, presumeNew);
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
                if (batch.Accepted.Count > 0) await Send(batch, ready?.Commands);
                else await Unlock();
                await Answer(batch);
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
            catch (NpgsqlException away) when (placing)
            {
                await Drop(); // The engine was still writing: without a commit nothing of it is there.
                if (attempt >= Attempts) throw new StoreAway(away);
                await Task.Delay(10 * attempt);
            }
            catch (NpgsqlException lost)
            {
                if (await Resolve(batch, lost))
                {
                    await Answer(batch);
                    return;
                }
                if (attempt >= Attempts) throw new StoreAway(lost);
            }
        }
    }

    // What was built ahead counts only if all that it was built on has happened, and nothing else; and its time must not be long past.
    private bool StillCounts(Batch built) =>
        lockNext == 0 && cache.Head is { } head && head.Mark.Equals(built.Before.Mark) && catalog.IsCurrent && DateTime.UtcNow - built.RecordedAt < Fresh;

    private async Task<Batch> Build(List<Pending> appends, bool presumeNew)
    {
        writer ??= await open();
        HeadState? taken = null;
        while (true)
        {
            if ((lockNext > 0 || engine is not null) && !locked)
            {
                taken = await writer.Lock();
                locked = true;
                lockNext = Math.Max(0, lockNext - 1);
                await follower.Reach(taken);
                // What other programs appended comes first. It is committed with the batch, or by itself where there is more than is sealed at once; and as
                // long as it is not, the cache knows nothing of it.
                taken = await sealer.Seal(writer, taken);
                if (taken.Unsealed > 0)
                {
                    await writer.Commit();
                    locked = false;
                    lockNext = LockedBatches;
                    continue;
                }
            }
            else if (!locked)
            {
                taken = cache.Head is null || !catalog.IsCurrent ? await writer.ReadHead() : null;
                if (taken is not null) await follower.Reach(taken);
            }
            catalog.MustBeCurrent();

            // What is presumed absent is looked for too: it may be known to exist after all, and then the conflict shows at once.
            var (at, known) = cache.Look(appends.SelectMany(p => Batch.Needs(p.Append, presumeNew: false)));
            if (taken is not null && (at is null || !at.Mark.Equals(taken.Mark))) (at, known) = (taken, []);
            if (at is null) continue;
            var missing = appends.SelectMany(p => Batch.Needs(p.Append, presumeNew)).Where(n => !known.ContainsKey(n)).ToHashSet();
            if (missing.Count > 0)
            {
                var (mark, loaded) = await writer.Read(reading => loader.Load(reading, missing));
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
        if (locked || (await writer!.ReadHead() is { Unsealed: 0 } head && head.Mark.Equals(batch.Before.Mark))) return true;
        lockNext = LockedBatches;
        return false;
    }

    private async Task Send(Batch batch, NpgsqlBatch? filled)
    {
        // The ledger's own stream the store writes itself, whichever the engine: the triggers let nobody else.
        var by = batch.Events.Any(e => e.Stored.Stream.StartsWith("ledger-", StringComparison.Ordinal)) ? null : engine;
        placing = engine is not null;
        if (by is not null) await writer!.Place(by, batch);
        enlisted = engine is null ? null : await writer!.Enlist(engine, batch);
        placing = false;
        await using var commands = filled ?? writer!.CreateBatch();
        if (filled is null) BatchCommands.Fill(commands, batch, views, catalog, commit: locked, placed: by is not null);
        else Ahead = (Ahead.Built, Ahead.Sent + 1);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Sending(batch.After.Mark, done.Task);
        try
        {
            var sending = writer!.Send(commands);
            await BuildNext(batch, sending);
            await sending;
            locked = false;
            cache.Publish(batch.Before.Mark, batch.After, batch.Overlay, partners.Changes(batch));
            callers = Math.Max(batch.Accepted.Count + next.Count + queue.Count, callers - Math.Max(1, callers / 16));
        }
        finally
        {
            cache.Sent();
            done.SetResult();
        }
    }

    /// <summary>
    /// While a batch is on its way, builds the next one upon it, once a full one waits, or as many as there are callers beside it. That one is sent after the answer,
    /// and only if the answer was the one hoped for; otherwise all of it is built again. It is closed at one moment, the time at which it is recorded:
    /// nothing may be recorded at a time before it was asked for.
    /// </summary>
    private async Task BuildNext(Batch sent, Task sending)
    {
        var (others, each) = (callers - sent.Accepted.Count, sent.Events.Count / sent.Accepted.Count);
        if (others * each < WorthBuildingAhead || locked || lockNext > 0 || next.Count > 0) return;
        await Task.WhenAny(sending, queue.Reached(Math.Min(others, (MostEvents + each - 1) / each), inline: false));
        if (sending.IsCompleted) return;
        queue.Take(next, MostEvents, MostBytes);
        try
        {
            var needs = next.SelectMany(p => Batch.Needs(p.Append, presumeNew: false)).ToList();
            var (at, basis) = cache.Look(needs);
            if (next.Count == 0 || at is null || !at.Mark.Equals(sent.Before.Mark)) return;
            foreach (var key in needs)
                if (sent.Overlay.TryGetValue(key, out var changed)) basis[key] = changed;
            if (next.Any(p => Batch.Needs(p.Append, presumeNew: true).Any(n => !basis.ContainsKey(n)))) return; // It must be read, and the connection is busy.
            var batch = new Batch(views, sent.After, basis, DateTime.UtcNow);
            foreach (var pending in next) batch.TryAdd(pending);
            var commands = writer!.CreateBatch();
            BatchCommands.Fill(commands, batch, views, catalog, commit: false, placed: false);
            ahead = (batch, commands);
            Ahead = (Ahead.Built + 1, Ahead.Sent);
        }
        catch (Exception)
        {
            // It will fail again when it is built in its turn, and be answered there; what is on its way must not suffer.
            ahead = null;
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

    private async Task Answer(Batch batch)
    {
        if (batch.Accepted.Count > 0) committed();
        foreach (var (pending, result) in batch.Accepted) pending.Done.TrySetResult(result);
        foreach (var (pending, refusal) in batch.Refused) pending.Done.TrySetException(refusal);
        if (batch.Accepted.Count > 0 && enlisted is { } after) await after();
    }

    // A connection lost meanwhile took its transaction with it: what is known stays known.
    private async Task Unlock()
    {
        placing = false;
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
        (locked, placing, ahead) = (false, false, null);
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
        queue.Close();
        await loop;
    }
}
