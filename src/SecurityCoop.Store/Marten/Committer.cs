using System.Diagnostics;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten;
using Npgsql;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

/// <summary>
/// The database refused the commit for a reason that passes (a deadlock, a lock not to be had). Nothing was written; the command may be
/// sent again.
/// </summary>
public class NotCommitted(Exception inner)
    : Exception("The database refused the commit; nothing was written, and the command may be sent again.", inner);

/// <summary>The database refused the commit since its disk is full or fails. Nothing was written.</summary>
public sealed class DiskRefused(Exception inner) : NotCommitted(inner);

/// <summary>
/// Somebody who is no writer of ours held the head for longer than commands wait for it. The same for all that waited together.
/// </summary>
public sealed class HeadHeld(Exception inner) : NotCommitted(inner);

/// <summary>
/// Writes commands. Those that come together share one Marten session and one commit, under the lock of the head; while one commit is on
/// its way the next commands gather. A command that conflicts is answered by itself and the others go on.
/// </summary>
internal sealed class Committer : IAsyncDisposable
{
    private const int MostEvents = 128, MostBytes = 4 << 20, Attempts = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), ResolveFor = TimeSpan.FromSeconds(10);

    private readonly RegisterDocuments documents;
    private readonly AppendQueue queue;
    private readonly Task loop;

    // Touched by the loop only.
    private List<Pending> next = [];
    private int lastCount;
    private TimeSpan lastTook;

    public Committer(RegisterDocuments documents, int queueLength = 4096, long queueBytes = 64 << 20)
    {
        this.documents = documents;
        queue = new(queueLength, queueBytes);
        loop = Task.Run(Run);
    }

    /// <summary>How many sessions were begun, and how many of them committed.</summary>
    internal (long Begun, long Committed) Sessions { get; private set; }

    /// <summary>
    /// Called in the transaction of each commit before Marten saves it: what it does with the session is committed with the events, or not
    /// at all.
    /// </summary>
    internal Func<IDocumentSession, Task>? Saving { get; set; }

    /// <summary>Called after each commit, with what it wrote.</summary>
    internal Action<CommitDraft>? Committed { get; init; }

    /// <summary>Queues a command; the task of its outcome goes on whatever its caller does.</summary>
    /// <exception cref="StoreBusy">The queue is full.</exception>
    public Task<AppendResult> Append(PreparedAppend append, CancellationToken stop) => queue.Add(append, stop);

    private async Task Run()
    {
        while (next.Count > 0 || await queue.Reached(1, inline: true))
        {
            await Gather();
            queue.Take(next, MostEvents, MostBytes);
            if (next.Count == 0) continue;
            var (taken, begun) = (next, Stopwatch.GetTimestamp());
            next = [];
            await Answer(taken);
            (lastCount, lastTook) = (taken.Count, Stopwatch.GetElapsedTime(begun));
        }
    }

    // Those who were just answered come back at about the same time. Starting with the first of them would leave the others to wait for a
    // whole commit; so up to a third of the last commit's time, 5 ms at most, is given to as many as came before. A single caller is never
    // waited for.
    private async Task Gather()
    {
        if (next.Count + queue.Count >= lastCount) return;
        var patience = TimeSpan.FromMilliseconds(Math.Min(5, lastTook.TotalMilliseconds / 3));
        await ((Task)queue.Reached(lastCount - next.Count, inline: true)).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whatever happens, everyone is answered or stands in next, and the loop goes on.
    private async Task Answer(List<Pending> taken)
    {
        try
        {
            await Commit(taken);
        }
        catch (Exception failure) when (failure is StoreAway or OutcomeUnknown or HeadHeld or DiskRefused)
        {
            // It is the same for all, and one by one they would wait for it once more each; and what may have been committed must not be
            // tried again.
            foreach (var one in taken) one.Done.TrySetException(failure);
        }
        catch (Exception) when (taken.Count > 1)
        {
            // One of them is at fault, or all of them are: by itself each is answered with what is its own.
            foreach (var one in taken) await Answer([one]);
        }
        catch (Exception failure)
        {
            taken[0].Done.TrySetException(failure);
        }
    }

    private async Task Commit(List<Pending> taken)
    {
        for (var attempt = 1; ; attempt++)
        {
            CommitDraft? draft = null;
            LedgerWriter? ledger = null;
            try
            {
                await using var session = documents.OpenWriting();
                Sessions = Sessions with { Begun = Sessions.Begun + 1 };
                draft = await Begin(session, taken);
                if (draft.Accepted.Count > 0)
                {
                    ledger = new(draft, documents.Model.Definition);
                    Fill(session, draft, ledger);
                    if (Saving is { } saving) await saving(session);
                    using var doubt = new CommitDoubt(session.Connection);
                    await session.SaveChangesAsync();
                    if (doubt.Raised) throw new TimeoutException("The standby did not confirm the commit in time.");
                    Sessions = Sessions with { Committed = Sessions.Committed + 1 };
                }
                Answer(draft);
                return;
            }
            catch (Exception failure) when (ledger is { Written: true })
            {
                // All was written and the commit was sent, or was about to be.
                if (await Happened(draft!, failure))
                {
                    Answer(draft!);
                    return;
                }
                if (attempt >= Attempts) throw new StoreAway(failure);
            }
            catch (PlacedOtherwise moved)
            {
                if (attempt >= Attempts) throw new NotCommitted(moved);
            }
            catch (Exception failure) when (draft is null && CommitFailure.IsLockTimeout(failure))
            {
                throw new HeadHeld(failure);
            }
            catch (Exception failure) when (CommitFailure.IsLostConnection(failure))
            {
                // Nothing was committed. A pooled connection may have been broken for long without anyone's noticing.
                if (attempt >= Attempts) throw new StoreAway(failure);
            }
            catch (Exception failure)
            {
                throw CommitFailure.Meaning(failure, taken[0].Append);
            }
            await Task.Delay(10 * attempt);
        }
    }

    // Takes the head and places what can be placed.
    private async Task<CommitDraft> Begin(IDocumentSession session, List<Pending> taken)
    {
        await session.BeginTransactionAsync(CancellationToken.None);
        var head = await Watched(LockedHead.Take(session, [.. taken.Select(p => p.Append)]), session.Connection.ProcessID);
        var own = documents.Model.Definition;
        if (head.Size > 0 && head.Records != own) throw new DocumentsOutdated(head.Records, own); // An empty log takes any definition.
        var draft = new CommitDraft(head);
        foreach (var pending in taken) draft.Add(pending);
        return draft;
    }

    private void Fill(IDocumentSession session, CommitDraft draft, LedgerWriter ledger)
    {
        // Marten gives numbers to the streams that are appended to first, and to those that are started after them. It has to be one or the
        // other, so that they come in the order of the draft; where all are new, it looks for no version and no document.
        var allNew = draft.Streams.TrueForAll(s => s.ExpectedVersion == 0);
        foreach (var (stream, expected, events) in draft.Streams)
        {
            foreach (var e in events) documents.Bodies.Add(e);
            object[] bodies = [.. events.Select(e => e.Event)];
            var action = allNew ? session.Events.StartStream(stream, bodies) : session.Events.Append(stream, expected + events.Count, bodies);
            foreach (var (ours, theirs) in events.Zip(action.Events))
            {
                theirs.Id = ours.Id;
                theirs.Timestamp = ours.RecordedAt;
                theirs.CorrelationId = ours.Header.Correlation;
                theirs.CausationId = ours.Header.Causation;
                theirs.UserName = ours.Header.Actor;
                theirs.Headers = StoredHeader.Of(ours);
                ledger.Expect(theirs, ours);
            }
        }
        session.QueueOperation(ledger);
        ((ITransactionParticipantRegistrar)session).AddTransactionParticipant(ledger);
    }

    private void Answer(CommitDraft draft)
    {
        if (draft.Accepted.Count > 0)
        {
            StoreMetrics.Committed(draft.Accepted.Count);
            Committed?.Invoke(draft);
        }
        foreach (var (pending, result) in draft.Accepted) pending.Done.TrySetResult(result);
        foreach (var (pending, why) in draft.Refused) pending.Done.TrySetException(why);
        next.AddRange(draft.Deferred);
    }

    /// <summary>
    /// Whether a commit happened whose answer was lost. Its transaction held the head before anything was written: once the head can be
    /// had, it has ended, and looking tells how. What is seen may not have reached the synchronous standby: that is waited for
    /// too.
    /// </summary>
    private async Task<bool> Happened(CommitDraft draft, Exception failure)
    {
        // By the clock that nobody sets.
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                if (!await Stands()) return false;
                await documents.MustBeKept();
                return true;
            }
            catch (Exception away) when (CommitFailure.IsLostConnection(away) || CommitFailure.IsOfTheDatabase(away))
            {
                // Whatever keeps the database from saying so: as long as it does, nobody knows.
                if (Stopwatch.GetElapsedTime(begun) > ResolveFor) throw new OutcomeUnknown(failure);
                await Task.Delay(100);
            }
        }

        async Task<bool> Stands()
        {
            await using var session = documents.OpenWriting();
            await session.BeginTransactionAsync(CancellationToken.None);
            await Watched(LockedHead.Take(session, []), session.Connection.ProcessID);
            await using var look = new NpgsqlCommand(CommitStatements.EventIdAt, session.Connection).With(Db.Of(draft.Before.Size + 1));
            return await look.ExecuteScalarAsync() is Guid first && first == draft.Events[0].Stored.Id;
        }
    }

    // A host that was stopped while it held the head would hold it for ever: none of PostgreSQL's timeouts runs while it waits for the
    // rest of a message.
    private async Task<T> Watched<T>(Task<T> work, int process)
    {
        while (true)
        {
            try
            {
                return await work.WaitAsync(Patience);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                await Task.WhenAny(work, EndHolder(process));
            }
        }
    }

    private async Task EndHolder(int process)
    {
        try
        {
            await using var command = documents.Database.CreateCommand(Sql.EndHolder).With(Db.Of(process), Db.Of(Db.WriterName));
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The database is going away; the work waited for will say so itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        queue.Close();
        await loop;
    }
}
