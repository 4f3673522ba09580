namespace SecurityCoop.Store;

/// <summary>The head as one snapshot showed it.</summary>
/// <param name="Size">Events in the ledger: the log as everybody reads it.</param>
/// <param name="Ordered">Events with a position. Those after Size another program has appended, and they wait to be sealed.</param>
internal sealed record HeadState(long Size, byte[] Root, byte[] Frontier, long Epoch, DateTime RecordedAt, long Ordered)
{
    public long Unsealed => Ordered - Size;

    public HeadMark Mark => new(Size, Root, Epoch);

    /// <summary>Which folds made the documents, where Marten keeps them.</summary>
    public string Records { get; init; } = "";
}

/// <summary>What must agree for two snapshots to have seen the same history. The size alone does not: a restored database has another.</summary>
internal readonly record struct HeadMark(long Size, byte[] Root, long Epoch)
{
    public bool Equals(HeadMark other) => Size == other.Size && Epoch == other.Epoch && Root.AsSpan().SequenceEqual(other.Root);

    public override int GetHashCode() => HashCode.Combine(Size, Epoch);
}

/// <summary>What an entry is about: <see cref="Stream"/>, <see cref="Counter"/>, <see cref="Partner"/>, or a view by its index.</summary>
internal readonly record struct CacheKey(int Space, string Key)
{
    public const int Stream = -1, Counter = -2, Partner = -3;
}

/// <summary>
/// A stream (Value: its reference, Version), a counter (Version: the last number), a partner (Value: its fold, Position: the log when its rows were read) or a view's
/// row (Value, Version, Position). Version 0: it does not exist.
/// </summary>
internal sealed record Entry(object? Value, long Version, long Position, int Bytes)
{
    public static readonly Entry Absent = new(null, 0, 0, 0);
}

/// <summary>
/// What this process knows to be current at one head, but for partners whose rows were read before another process's last commit. Everything in it is immutable. Bounded by keeping two generations: what was not used while the
/// younger one filled up goes with the older.
/// </summary>
internal sealed class Cache(long bytes)
{
    private readonly Lock gate = new();
    private Dictionary<CacheKey, Entry> young = [];
    private Dictionary<CacheKey, Entry> old = [];
    private long youngBytes;
    private readonly Queue<HeadMark> order = new();
    private readonly HashSet<HeadMark> passed = [];
    private HeadState? head;
    private long followed; // The size of the log after the last commit of another process.
    private (HeadMark After, Task Done)? inFlight;

    /// <summary>The head at which everything here is current; null while nothing is known.</summary>
    public HeadState? Head { get { lock (gate) return head; } }

    /// <summary>Whether the cache stands at this head or has passed through it. Sizes alone would not tell: a restored database has another history.</summary>
    public bool Covers(HeadMark mark)
    {
        lock (gate) return passed.Contains(mark);
    }

    /// <summary>The commit that is on its way to the given head, if it is one of ours: whoever sees its head before it is acknowledged waits for it.</summary>
    public Task? CommitTo(HeadMark mark)
    {
        lock (gate) return inFlight is { } commit && commit.After.Equals(mark) ? commit.Done : null;
    }

    public void Sending(HeadMark after, Task done)
    {
        lock (gate) inFlight = (after, done);
    }

    public void Sent()
    {
        lock (gate) inFlight = null;
    }

    /// <summary>What is known of these, and the head at which it is. Absent from the answer: not known.</summary>
    public (HeadState? Head, Dictionary<CacheKey, Entry> Known) Look(IEnumerable<CacheKey> keys)
    {
        var known = new Dictionary<CacheKey, Entry>();
        lock (gate)
        {
            foreach (var key in keys)
                if (Find(key) is { } entry) known[key] = entry;
            return (head, known);
        }
    }

    /// <summary>What is kept of a partner, the head, and whether it is current there or may lack rows that changed after its position.</summary>
    public (HeadState? Head, Entry? Kept, bool Current) OfPartner(CacheKey key)
    {
        lock (gate)
        {
            var kept = Find(key);
            return (head, kept, head is not null && kept?.Position >= followed);
        }
    }

    /// <summary>Adds what was read at this very head; ignored where the cache stands at another.</summary>
    public void Add(HeadMark at, IEnumerable<KeyValuePair<CacheKey, Entry>> entries)
    {
        lock (gate)
        {
            if (head is null || !head.Mark.Equals(at)) return;
            foreach (var (key, entry) in entries) Put(key, entry);
        }
    }

    /// <summary>After a commit of ours: from one head to the next. Where the cache has gone further meanwhile, what the commit touched is forgotten.</summary>
    /// <param name="folds">For each partner concerned, what makes its new fold of the one that is kept.</param>
    public void Publish(HeadMark before, HeadState after, IReadOnlyDictionary<CacheKey, Entry> changed, IEnumerable<(CacheKey Partner, Func<Entry, Entry> Fold)> folds)
    {
        lock (gate)
        {
            if (head is not null && (head.Mark.Equals(before) || head.Mark.Equals(after.Mark)))
            {
                // Where a reader has seen the new head already, what is kept of a partner may hold the commit's rows: folding them in again changes nothing.
                MoveTo(after);
                foreach (var (key, entry) in changed) Put(key, entry);
                foreach (var (partner, fold) in folds)
                    if (Find(partner) is { } kept) Put(partner, fold(kept));
                return;
            }
            foreach (var key in changed.Keys) Forget(key);
            foreach (var (partner, _) in folds) Forget(partner);
        }
    }

    /// <summary>Forgets these; they will be read again.</summary>
    public void Forget(IEnumerable<CacheKey> keys)
    {
        lock (gate)
            foreach (var key in keys) Forget(key);
    }

    /// <summary>Moves on to a later head of the same epoch by forgetting what came in between. False where the cache has moved itself.</summary>
    public bool TryAdvance(HeadMark from, HeadState to, IEnumerable<CacheKey> touched)
    {
        lock (gate)
        {
            if (head is null || !head.Mark.Equals(from)) return false;
            foreach (var key in touched) Forget(key);
            // Which partners a foreign event concerns shows only in its row: each looks for newer rows when it is asked about.
            followed = to.Size;
            MoveTo(to);
            return true;
        }
    }

    /// <summary>Forgets everything; from here on what is read at this head counts.</summary>
    public void Reset(HeadState? to)
    {
        lock (gate)
        {
            (young, old, youngBytes, head, followed) = ([], [], 0, null, 0);
            passed.Clear();
            order.Clear();
            if (to is not null) MoveTo(to);
        }
    }

    private void MoveTo(HeadState to)
    {
        head = to;
        if (!passed.Add(to.Mark)) return;
        order.Enqueue(to.Mark);
        if (order.Count > 1024) passed.Remove(order.Dequeue());
    }

    private Entry? Find(CacheKey key)
    {
        if (young.TryGetValue(key, out var entry)) return entry;
        if (!old.Remove(key, out entry)) return null;
        Put(key, entry);
        return entry;
    }

    private void Put(CacheKey key, Entry entry)
    {
        if (young.TryGetValue(key, out var replaced)) youngBytes -= Weight(key, replaced);
        young[key] = entry;
        youngBytes += Weight(key, entry);
        if (youngBytes <= bytes / 2) return;
        (young, old, youngBytes) = ([], young, 0);
    }

    private void Forget(CacheKey key)
    {
        if (young.Remove(key, out var entry)) youngBytes -= Weight(key, entry);
        old.Remove(key);
    }

    private static long Weight(CacheKey key, Entry entry) => 150 + 2 * key.Key.Length + entry.Bytes;
}
