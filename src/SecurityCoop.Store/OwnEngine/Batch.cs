using System.Globalization;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>
/// Appends on their way into one transaction: places given, views folded into an overlay of their own. Nothing here is seen by anyone before the commit.
/// </summary>
internal sealed class Batch
{
    private readonly IReadOnlyList<View> views;
    private readonly IReadOnlyDictionary<CacheKey, Entry> basis;
    private readonly MerkleFrontier frontier;
    private HeadState? after;

    /// <param name="before">The head that it builds on.</param>
    /// <param name="basis">Streams, counters and rows at that head. What is missing does not exist yet (see <see cref="Needs"/>).</param>
    public Batch(IReadOnlyList<View> views, HeadState before, IReadOnlyDictionary<CacheKey, Entry> basis, DateTime now)
    {
        (this.views, this.basis, Before) = (views, basis, before);
        frontier = MerkleFrontier.Of(before.Size, before.Frontier);
        var last = before.RecordedAt.AddTicks(TimeSpan.TicksPerMicrosecond);
        var truncated = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        RecordedAt = truncated > last ? truncated : last;
    }

    public HeadState Before { get; }
    public DateTime RecordedAt { get; }
    public Dictionary<CacheKey, Entry> Overlay { get; } = [];
    public List<(PreparedEvent Prepared, StoredEvent Stored, byte[] Leaf)> Events { get; } = [];
    /// <summary>Tiles of the tree that these events fill, in the order in which they fill up: a lower level before the one above it.</summary>
    public List<FilledTile> Tiles { get; } = [];

    public List<(string Partner, long Position)> EventPartners { get; } = [];
    public List<(string Reference, string Stream)> References { get; } = [];
    public List<(string Stream, string Kind)> NewStreams { get; } = [];
    public List<(KeyHmacs Key, Guid CommandId, long First, long Last)> Keys { get; } = [];
    public List<(Pending Pending, AppendResult Result)> Accepted { get; } = [];

    /// <summary>To be answered once the batch is known to rest on the current head: what was read may be old, what was accepted may still fail.</summary>
    public List<(Pending Pending, Exception Refusal)> Refused { get; } = [];

    /// <summary>The head that it leads to, once every append is in it.</summary>
    public HeadState After => after ??= new(Before.Size + Events.Count, frontier.Root(), frontier.Bytes(), Before.Epoch, RecordedAt, Before.Size + Events.Count);

    /// <summary>
    /// What has to be known before this append can be added. A new stream and the row under its own name are taken not to exist: if they do, their insertion
    /// fails (23505) and nothing is lost but time.
    /// </summary>
    public static IEnumerable<CacheKey> Needs(PreparedAppend append, bool presumeNew)
    {
        foreach (var stream in append.Streams)
        {
            var isNew = presumeNew && stream.Append.ExpectedVersion == 0;
            if (!isNew) yield return new(CacheKey.Stream, stream.Append.Stream);
            if (stream.Append is { ExpectedVersion: 0, ReferencePrefix: { } prefix }) yield return new(CacheKey.Counter, prefix);
            foreach (var e in stream.Events)
            {
                if (e.New.Protect is { } protect) yield return new(CacheKey.Stream, protect.Subject);
                for (var view = 0; view < e.Keys.Length; view++)
                    foreach (var key in e.Keys[view])
                        if (!isNew || key != stream.Append.Stream) yield return new(view, key);
            }
        }
    }

    /// <summary>What each append writes to its streams, in the order of the log.</summary>
    public IEnumerable<IReadOnlyList<StreamWrite>> Writes()
    {
        var written = 0;
        foreach (var (pending, _) in Accepted)
        {
            var streams = new List<StreamWrite>();
            foreach (var (append, events) in pending.Append.Streams)
            {
                streams.Add(new(append.Stream, append.ExpectedVersion, [.. Events.GetRange(written, events.Length).Select(e => e.Stored)]));
                written += events.Length;
            }
            yield return streams;
        }
    }

    /// <summary>Adds one append whole; or refuses it, for a version conflict or a failing view, and leaves the others as they are.</summary>
    public void TryAdd(Pending pending)
    {
        var append = pending.Append;
        var draft = new Draft(this);
        try
        {
            foreach (var stream in append.Streams) draft.Add(stream);
        }
        catch (Exception refusal) when (refusal is VersionConflict or ViewFailed)
        {
            Refused.Add((pending, refusal));
            return;
        }
        var first = Before.Size + Events.Count + 1;
        foreach (var (key, entry) in draft.Changed) Overlay[key] = entry;
        foreach (var e in draft.Events)
        {
            frontier.Add(e.Leaf, Tiles);
            Events.Add(e);
        }
        EventPartners.AddRange(draft.Partners);
        References.AddRange(draft.References);
        NewStreams.AddRange(draft.NewStreams);
        var last = Before.Size + Events.Count;
        if (append.Key is { } key2) Keys.Add((key2, append.CommandId, first, last));
        Accepted.Add((pending, new(first, last, RecordedAt, draft.Results)));
    }

    /// <summary>Folds an event that stands in the log already into the rows of these keys, for each view; or refuses it, and leaves them as they are.</summary>
    public bool TryFold(StoredEvent e, string[][] keys)
    {
        var draft = new Draft(this);
        try
        {
            draft.Fold(e, keys);
            foreach (var (key, entry) in draft.Changed) BatchCommands.Write(views[key.Space], entry);
        }
        catch (ViewFailed)
        {
            return false;
        }
        foreach (var (key, entry) in draft.Changed) Overlay[key] = entry;
        EventPartners.AddRange(draft.Partners);
        return true;
    }

    /// <summary>Whether it was there before the batch.</summary>
    public bool Existed(CacheKey key) => basis.TryGetValue(key, out var entry) && entry.Version > 0;

    /// <summary>As it was before the batch.</summary>
    public Entry Basis(CacheKey key) => basis.GetValueOrDefault(key, Entry.Absent);

    /// <summary>Replaces a row by the same row with its document's weight, once that is known.</summary>
    public void Weigh(CacheKey key, int documentBytes) => Overlay[key] = Overlay[key] with { Bytes = 3 * documentBytes };

    /// <summary>One append's changes, kept apart until all of it has succeeded.</summary>
    private sealed class Draft(Batch batch)
    {
        public Dictionary<CacheKey, Entry> Changed { get; } = [];
        public List<(PreparedEvent Prepared, StoredEvent Stored, byte[] Leaf)> Events { get; } = [];
        public HashSet<(string, long)> Partners { get; } = [];
        public List<(string, string)> References { get; } = [];
        public List<(string, string)> NewStreams { get; } = [];
        public List<AppendedEvent> Results { get; } = [];

        public void Add(PreparedStream stream)
        {
            var (id, expected) = (stream.Append.Stream, stream.Append.ExpectedVersion);
            var key = new CacheKey(CacheKey.Stream, id);
            var before = Get(key);
            if (before.Version != expected) throw new VersionConflict(id, expected, before.Version);
            var reference = before.Value as string;
            if (expected == 0)
            {
                reference = stream.Append.Reference ?? (stream.Append.ReferencePrefix is { } prefix ? Next(prefix) : null);
                NewStreams.Add((id, stream.Append.Kind));
                if (reference is not null) References.Add((reference, id));
            }
            var version = expected;
            foreach (var e in stream.Events)
            {
                version++;
                if (e.New.Protect is var (_, subject, at) && Get(new(CacheKey.Stream, subject)).Version is var now && now != at) throw new VersionConflict(subject, at, now);
                var position = batch.Before.Size + batch.Events.Count + Events.Count + 1;
                var stored = e.At(position, version, version == 1 ? reference : null, batch.RecordedAt);
                Events.Add((e, stored, MerkleTree.Leaf(stored.HeaderBytes.Span)));
                Results.Add(new(stored.Id, id, version, stored.Type, position, reference));
                Fold(stored, e.Keys);
            }
            Changed[key] = new(reference, version, 0, 2 * (reference?.Length ?? 0));
        }

        public void Fold(StoredEvent e, string[][] keys)
        {
            for (var view = 0; view < keys.Length; view++)
                foreach (var row in keys[view]) Fold(view, row, e);
        }

        private void Fold(int index, string row, StoredEvent e)
        {
            var view = batch.views[index];
            var key = new CacheKey(index, row);
            var before = Get(key);
            if (e.Event is ForeignEvent)
            {
                if (before.Value is not null) Changed[key] = before with { Version = e.Version, Position = e.Position };
                return;
            }
            try
            {
                var after = view.Evolve(before.Value, e);
                if (before.Value is not null)
                    foreach (var partner in view.PartnersOf(before.Value)) Partners.Add((partner, e.Position));
                foreach (var partner in view.PartnersOf(after)) Partners.Add((partner, e.Position));
                Changed[key] = new(after, e.Version, e.Position, before.Bytes);
            }
            catch (Exception failure)
            {
                throw new ViewFailed(view.Name, e.Type, e.Position, failure);
            }
        }

        private string Next(string prefix)
        {
            var key = new CacheKey(CacheKey.Counter, prefix);
            var number = Get(key).Version + 1;
            Changed[key] = new(null, number, 0, 0);
            return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:0000}");
        }

        private Entry Get(CacheKey key) =>
            Changed.TryGetValue(key, out var entry) || batch.Overlay.TryGetValue(key, out entry) ? entry : batch.Basis(key);
    }
}
