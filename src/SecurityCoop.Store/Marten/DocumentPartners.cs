using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics;
using Marten;
using Npgsql;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

/// <summary>
/// The folds of the partners that were asked about, each at the head at which it was last found to be current. One that no event since
/// concerns is kept as it is, so that what was read from it is kept too; into another the documents that changed are folded.
/// </summary>
internal sealed class DocumentPartners(RegisterDocuments documents, PartnerFold? fold)
{
    /// <summary>
    /// $1, $2 position and time at which something is kept; $3 the partner; $4 the head's size. Whether the log is the one that it was
    /// read from (times never come twice), and whether an event since then concerns the partner.
    /// </summary>
    private const string Since =
        """
        select exists (select from register.mt_events where seq_id = $1 and timestamp = $2),
            exists (select from register.event_partner where partner = $3 and position > $1 and position <= $4)
        """;

    private readonly ConcurrentDictionary<string, (HeadState At, object Fold, long Made)> all = new(StringComparer.Ordinal);

    // How many documents each fold was made from, and when it was last asked for. Guarded by itself.
    private readonly Dictionary<string, (int Documents, long Asked)> weights = new(StringComparer.Ordinal);

    // The last reading of each partner. Guarded by itself.
    private readonly Dictionary<string, Reading> readings = new(StringComparer.Ordinal);

    private PartnerFold Fold => fold ?? throw new InvalidOperationException("The store was opened without a fold of partners.");

    /// <summary>As <see cref="RegisterStoreOptions.MostDocumentsKept"/>.</summary>
    public required int MostDocuments { get; init; }

    /// <summary>The partners whose folds are kept.</summary>
    internal ICollection<string> KeptPartners => all.Keys;

    /// <summary>The kinds of record that count.</summary>
    public IReadOnlyList<RecordKind> Kinds => Fold.Kinds;

    /// <summary>What is kept of the partner, where it is current at this head; null where it has to be read.</summary>
    /// <param name="called">When the caller asked, as <see cref="Stopwatch"/> tells the time.</param>
    public async Task<(long Position, object Fold)?> Kept(string partner, HeadState head, long called, CancellationToken stop)
    {
        if (!all.TryGetValue(partner, out var kept) || kept.At.Epoch != head.Epoch) return null;
        Asked(partner, 0);
        if (kept.At.Mark.Equals(head.Mark)) return (head.Size, kept.Fold);
        // It was brought further since the head was asked for; or else the database was restored.
        if (kept.At.Size >= head.Size) return IsLater(kept, head, called) ? (kept.At.Size, kept.Fold) : null;
        await using var command = documents.Database.CreateCommand(Since);
        if (await HasChanged(command, kept.At, partner, head.Size, stop) is not false) return null;
        all.TryUpdate(partner, (head, kept.Fold, Stopwatch.GetTimestamp()), kept);
        return (head.Size, kept.Fold);
    }

    /// <summary>
    /// One reading of a partner for all who ask for it at once: whoever called before it began is answered with it, and whoever comes later
    /// waits for the next.
    /// </summary>
    /// <param name="called">When the caller asked, as <see cref="Stopwatch"/> tells the time.</param>
    public async Task<(long Position, object Fold)> ReadOnce(
        string partner, long called, Func<Task<(long Position, object Fold)>> read, CancellationToken stop)
    {
        while (true)
        {
            Reading reading;
            lock (readings)
                if (!readings.TryGetValue(partner, out reading!) || reading.Task.IsCompleted && reading.Begun < called)
                    readings[partner] = reading = new(Stopwatch.GetTimestamp(), Task.Run(read, CancellationToken.None));
            if (reading.Begun >= called) return await reading.Task.WaitAsync(stop);
            await ((Task)reading.Task).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }
    }

    private sealed record Reading(long Begun, Task<(long Position, object Fold)> Task);

    /// <summary>
    /// What this process has committed is folded into what is kept of each partner that was current just before it, and need not be read.
    /// Throws nothing: the commit stands, and whoever sent it waits for the answer. Where the fold fails, all is read anew, and fails there.
    /// </summary>
    public void Committed(CommitDraft draft)
    {
        if (fold is null || all.IsEmpty) return;
        try
        {
            FoldIn(draft);
        }
        catch (Exception)
        {
            all.Clear();
        }
    }

    private void FoldIn(CommitDraft draft)
    {
        var before = new HeadMark(draft.Before.Size, draft.Before.Root, draft.Before.Epoch);
        var after = new HeadState(draft.Size, draft.Root, draft.Before.Epoch, draft.RecordedAt, documents.Model.Definition);
        var changed = draft.Events.Select(e => e.Stored.Document).OfType<RecordDocument>()
            .Where(d => Kinds.Any(kind => d.Id.StartsWith($"{kind.Name}-", StringComparison.Ordinal)))
            .SelectMany(d => d.Partners, (document, partner) => (Partner: partner, Row: KeyValuePair.Create(document.Id, document.State)))
            .ToLookup(c => c.Partner, c => c.Row);
        foreach (var (partner, kept) in all)
            if (kept.At.Mark.Equals(before))
            {
                var now = changed.Contains(partner) ? Fold.With(kept.Fold, changed[partner]) : kept.Fold;
                if (all.TryUpdate(partner, (after, now, Stopwatch.GetTimestamp()), kept) && changed.Contains(partner))
                    Asked(partner, changed[partner].Count());
            }
    }

    /// <summary>Reads the partner's documents, or those that changed since they were last read, at one position.</summary>
    public async Task<(long Position, object Fold)> Read(string partner, CancellationToken stop)
    {
        var called = Stopwatch.GetTimestamp();
        await using var session = documents.Store.LightweightSession(IsolationLevel.RepeatableRead);
        await session.BeginTransactionAsync(stop);
        HeadState head;
        await using (var readHead = new NpgsqlCommand(Sql.ReadHead, session.Connection))
            head = await Db.ReadHead(readHead, stop);
        var (after, basis) = (0L, (object?)null);
        var isKept = all.TryGetValue(partner, out var kept) && kept.At.Epoch == head.Epoch;
        if (isKept && (kept.At.Mark.Equals(head.Mark) || IsLater(kept, head, called))) return (kept.At.Size, kept.Fold);
        if (isKept && kept.At.Size < head.Size)
        {
            await using var command = new NpgsqlCommand(Since, session.Connection);
            if (await HasChanged(command, kept.At, partner, head.Size, stop) is not null) (after, basis) = (kept.At.Size, kept.Fold);
        }
        var changed = await session.Together(batch => Task.WhenAll(Kinds.Select(kind => kind.Concerning(batch, partner, after))), stop);
        var rows = changed.SelectMany(found => found).Select(row => KeyValuePair.Create(row.Key, row.Value!)).ToList();
        var read = Fold.With(basis ?? Fold.Empty(partner), rows);
        // Of documents that are being made anew nothing is carried on: the epoch is another when they are done.
        var made = (head, read, Stopwatch.GetTimestamp());
        all.AddOrUpdate(partner, made, (_, now) => IsLater(now, head, called) ? now : made); // What was committed meanwhile is further.
        Asked(partner, rows.Count, anew: basis is null);
        return (head.Size, read);
    }

    // A document that changed counts again, until its partner is read anew: too many are counted at times, never too few.
    private void Asked(string partner, int more, bool anew = false)
    {
        lock (weights)
        {
            weights[partner] = ((anew ? 0 : weights.GetValueOrDefault(partner).Documents) + more, Stopwatch.GetTimestamp());
            if (more == 0) return;
            for (var documents = weights.Values.Sum(w => (long)w.Documents); documents > MostDocuments && weights.Count > 1;)
            {
                var oldest = weights.Where(w => w.Key != partner).MinBy(w => w.Value.Asked);
                documents -= oldest.Value.Documents;
                weights.Remove(oldest.Key);
                all.TryRemove(oldest.Key, out _);
                lock (readings) readings.Remove(oldest.Key);
            }
        }
    }

    private static bool IsLater((HeadState At, object Fold, long Made) kept, HeadState head, long called) =>
        kept.At.Size > head.Size && kept.Made >= called;

    // Null where the log is another one.
    private static async Task<bool?> HasChanged(NpgsqlCommand since, HeadState at, string partner, long through, CancellationToken stop)
    {
        since.With(Db.Of(at.Size), Db.Of(at.RecordedAt), Db.Of(partner), Db.Of(through));
        await using var reader = await since.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetBoolean(0) ? reader.GetBoolean(1) : null;
    }
}
