using System.Globalization;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>
/// The commands of one commit with their places in the log, compared with the head whose lock is held. Nothing is sent from here: a command
/// that is refused leaves nothing behind, and the others go on.
/// </summary>
internal sealed class CommitDraft
{
    private readonly MerkleFrontier frontier;
    private readonly Dictionary<string, (long Version, string? Reference)> streams;
    private readonly Dictionary<string, long> counters;
    private readonly HashSet<string> touched = new(StringComparer.Ordinal), awaited = new(StringComparer.Ordinal), keys, references;

    public CommitDraft(LockedHead before)
    {
        Before = before;
        frontier = MerkleFrontier.Of(before.Size, before.Frontier);
        (streams, counters) = (new(before.Streams, StringComparer.Ordinal), new(before.Counters, StringComparer.Ordinal));
        (keys, references) = (new(before.KeysUsed, StringComparer.Ordinal), new(before.ReferencesTaken, StringComparer.Ordinal));
        RecordedAt = before.NextTime;
    }

    public LockedHead Before { get; }
    public DateTime RecordedAt { get; }
    public List<PlacedStream> Streams { get; } = [];
    public List<(PreparedEvent Prepared, StoredEvent Stored, byte[] Leaf)> Events { get; } = [];

    /// <summary>Tiles of the tree that these events fill, a lower level before the one above it.</summary>
    public List<FilledTile> Tiles { get; } = [];

    public List<(string Reference, string Stream)> References { get; } = [];
    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);
    public List<(KeyHmacs Key, Guid CommandId, long First, long Last)> Keys { get; } = [];
    public List<(Pending Pending, AppendResult Result)> Accepted { get; } = [];

    /// <summary>To be answered once the commit is done: what was compared with a command of this commit holds only with it.</summary>
    public List<(Pending Pending, Exception Why)> Refused { get; } = [];

    /// <summary>
    /// Commands whose stream another one of this commit has moved to the very version that they expect, and those on the same streams after
    /// them: in one session Marten would mix their events. They come next.
    /// </summary>
    public List<Pending> Deferred { get; } = [];

    public long Size => Before.Size + Events.Count;
    public byte[] Root => frontier.Root();
    public byte[] Frontier => frontier.Bytes();

    /// <summary>Adds a command whole, or refuses or defers it.</summary>
    public void Add(Pending pending)
    {
        try
        {
            if (Compare(pending.Append)) Place(pending);
            else Defer(pending);
        }
        catch (Exception refusal) when (refusal is VersionConflict or ReferenceTaken or KeyTaken)
        {
            Refused.Add((pending, refusal));
        }
    }

    // Throws before anything of the command is placed. False: it must wait for the next commit.
    private bool Compare(PreparedAppend append)
    {
        if (append.Key is { } key && keys.Contains(LockedHead.NameOf(key.Key))) throw new KeyTaken();
        if (append.Streams.Any(s => awaited.Contains(s.Append.Stream))) return false;
        var waits = false;
        foreach (var stream in append.Streams)
        {
            var (id, expected) = (stream.Append.Stream, stream.Append.ExpectedVersion);
            if (VersionOf(id) is var now && now != expected) throw new VersionConflict(id, expected, now);
            if (stream.Append.Reference is { } reference && references.Contains(reference)) throw new ReferenceTaken(reference);
            waits |= touched.Contains(id);
            foreach (var e in stream.Events)
                if (e.New.Protect is var (_, subject, at) && VersionOf(subject) is var version && version != at)
                    throw new VersionConflict(subject, at, version);
        }
        return !waits;
    }

    private void Defer(Pending pending)
    {
        Deferred.Add(pending);
        awaited.UnionWith(pending.Append.Streams.Select(s => s.Append.Stream));
    }

    private void Place(Pending pending)
    {
        var (append, first, results) = (pending.Append, Size + 1, new List<AppendedEvent>());
        foreach (var stream in append.Streams)
        {
            var (id, version) = (stream.Append.Stream, stream.Append.ExpectedVersion);
            var reference = version > 0 ? streams[id].Reference : ReferenceOf(stream.Append);
            if (version == 0 && reference is not null)
            {
                References.Add((reference, id));
                references.Add(reference);
            }
            var placed = new List<StoredEvent>();
            foreach (var e in stream.Events)
            {
                version++;
                var stored = e.At(Size + 1, version, version == 1 ? reference : null, RecordedAt);
                var leaf = MerkleTree.Leaf(stored.HeaderBytes.Span);
                frontier.Add(leaf, Tiles);
                Events.Add((e, stored, leaf));
                placed.Add(stored);
                results.Add(new(stored.Id, id, version, stored.Type, stored.Position, reference));
            }
            Streams.Add(new(id, stream.Append.ExpectedVersion, placed));
            streams[id] = (version, reference);
            touched.Add(id);
        }
        if (append.Key is { } key)
        {
            Keys.Add((key, append.CommandId, first, Size));
            keys.Add(LockedHead.NameOf(key.Key));
        }
        Accepted.Add((pending, new(first, Size, RecordedAt, results)));
    }

    private long VersionOf(string stream) => streams.TryGetValue(stream, out var known) ? known.Version : 0;

    private string? ReferenceOf(StreamAppend append) => append.Reference ?? (append.ReferencePrefix is { } prefix ? Next(prefix) : null);

    private string Next(string prefix)
    {
        var number = counters.GetValueOrDefault(prefix) + 1;
        counters[prefix] = Counters[prefix] = number;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:0000}");
    }
}

/// <summary>What a command writes to one stream.</summary>
internal sealed record PlacedStream(string Stream, long ExpectedVersion, IReadOnlyList<StoredEvent> Events);
