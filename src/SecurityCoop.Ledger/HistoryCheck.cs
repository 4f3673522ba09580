using System.Globalization;
using System.Runtime.InteropServices;

namespace SecurityCoop.Ledger;

/// <summary>A checkpoint with the log's keys that signed it, and the witnesses that cosigned it.</summary>
public sealed record VerifiedCheckpoint(Checkpoint Checkpoint, Note Note, IReadOnlyList<VerifierKey> Signers, IReadOnlyList<VerifierKey> Witnesses);

/// <summary>What becomes of a protected value in a copy of the history.</summary>
public enum Disposition { Opened, Withheld, Erased }

/// <summary>What was found sound.</summary>
/// <param name="Size">Events that the newest checkpoint covers.</param>
/// <param name="Withheld">Of these, how many only their leaf is known of.</param>
/// <param name="Newest">What the newest event says it was recorded at; nobody else vouches for it.</param>
/// <param name="Breaks">Where the log went on under a new origin, in words.</param>
/// <param name="Cosigned">Of each witness that the auditor knows, the largest checkpoint of this history that it cosigned.</param>
/// <param name="Stamped">The largest checkpoint of this history with a time stamp that is trusted; where there is none, with any.</param>
public sealed record Sound(
    long Size, long Withheld, long Opened, long WithheldValues, long Erased, int Checkpoints, string Origin, byte[] Root, DateTime? Newest, IReadOnlyList<string> Breaks, IReadOnlyList<Cosigned> Cosigned, Stamped? Stamped);

/// <summary>How many events a witness vouches for, and since when by its own clock.</summary>
public sealed record Cosigned(VerifierKey Witness, long Size, DateTimeOffset At);

/// <summary>How many events existed when somebody stamped the time.</summary>
public sealed record Stamped(long Size, TimeStamp Stamp);

/// <summary>A time stamp (RFC 3161) of a checkpoint's text.</summary>
/// <param name="By">Whose certificate it is.</param>
/// <param name="IsTrusted">Whether the auditor said whom to trust, and they vouch for that certificate.</param>
public sealed record TimeStamp(DateTimeOffset At, string By, bool IsTrusted);

/// <summary>Reads who signed a TimeStampToken (DER) of these bytes; null where the signature is not that of the certificate it names, so that it counts for nothing.</summary>
public delegate TimeStamp? TimeStampReader(ReadOnlySpan<byte> token, ReadOnlySpan<byte> stamped);

/// <summary>
/// Checks a history event by event, in order: the tree against every checkpoint, stream versions, times, protected values, keys and origins. Its memory does not
/// grow with the events, only with streams (some forty bytes each), checkpoints, and values that are said to be erased until their erasure is seen.
/// </summary>
/// <param name="trusted">The key that the auditor was given.</param>
/// <param name="keys">Keys that the history names, trusted only as far as its own events tie them to the given one.</param>
/// <param name="checkpoints">Those of the history.</param>
/// <param name="earlier">A checkpoint that the auditor kept.</param>
/// <param name="witnesses">Keys of witnesses whom the auditor knows.</param>
/// <param name="stamps">Time stamps, each of one of the checkpoints.</param>
public sealed class HistoryCheck(
    VerifierKey trusted, IReadOnlyList<VerifierKey> keys, IReadOnlyList<Note> checkpoints, Note? earlier, IReadOnlyList<VerifierKey>? witnesses = null, IReadOnlyList<(Note Note, TimeStamp Stamp)>? stamps = null)
{
    private readonly MerkleFrontier frontier = MerkleFrontier.Of(0, []);
    private readonly Dictionary<UInt128, long> versions = [];
    private readonly KeyHistory keyHistory = new(trusted);
    private readonly UnopenedValues unopened = new();
    private readonly HashSet<VerifiedCheckpoint> contradicted = [];
    private readonly List<FilledTile> filled = [];
    private readonly List<byte[]> tileHashes = []; // of the filled ones
    private readonly List<List<byte>> rows = []; // of the tiles that are under way, by level
    private List<VerifiedCheckpoint> known = [];
    private VerifiedCheckpoint? kept;
    private int nextCheckpoint;
    private long opened, withheldValues, erased, recordedAt;
    private HeaderText? log;
    private byte[] ownStream = [];

    public long Size => frontier.Size;

    /// <summary>Step one: every checkpoint is signed by a key that is known, and they stand in order of their size.</summary>
    /// <exception cref="HistoryFault">One is not, or is not a checkpoint.</exception>
    public void Signatures()
    {
        var byLine = new Dictionary<(string Name, uint Id), VerifierKey>();
        foreach (var key in keys.Prepend(trusted).Distinct())
            if (!byLine.TryAdd((key.Name, key.Id), key)) throw new HistoryFault(0, $"two keys have the name {key.Name} and the hash {key.Id:x8}");
        known = [.. checkpoints.Select(c => Verify(c, byLine))];
        if (known.Count == 0) throw new HistoryFault(0, "there is no checkpoint");
        if (keys.Except(known.SelectMany(c => c.Signers)).FirstOrDefault() is { } idle) throw new HistoryFault(0, $"the key {idle.Name}+{idle.Id:x8} signed no checkpoint");
        foreach (var (one, next) in known.Zip(known.Skip(1)))
            if (one.Checkpoint.Size > next.Checkpoint.Size) throw new HistoryFault(0, $"the checkpoint of {Number(next.Checkpoint.Size)} events stands after one of {Number(one.Checkpoint.Size)}");
        if (known.GroupBy(c => (c.Checkpoint.Origin, c.Checkpoint.Size)).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            throw new HistoryFault(0, $"two checkpoints of {twice.Origin} are of {Number(twice.Size)} events");
        if (earlier is not null) kept = Verify(earlier, byLine);
        Compare();
    }

    /// <summary>An event whose leaf alone is known.</summary>
    public void AddWithheld(byte[] leaf)
    {
        unopened.Withhold();
        Grow(leaf);
    }

    /// <summary>The next event. Its protected values follow, in the order of its header.</summary>
    public void Add(ExaminedEvent e)
    {
        var position = Size + 1;
        if (log is null)
        {
            log = new(e.Log.Bytes.ToArray());
            ownStream = [.. "ledger-"u8, .. e.Log.Bytes.Span];
        }
        if (log != e.Log) throw new HistoryFault(position, "the event is of another log", $"{log}", $"{e.Log}");
        if (e.RecordedAt < recordedAt) throw new HistoryFault(position, "it was recorded before the event before it", $"{new DateTime(recordedAt):O} or later", $"{new DateTime(e.RecordedAt):O}");
        recordedAt = e.RecordedAt;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(versions, e.StreamKey, out _);
        var before = known;
        // What is withheld may be what is missing here, and nothing else may.
        if (e.Version <= before || !unopened.Skip(e.Stream, e.Version - before - 1)) throw new HistoryFault(position, $"the versions of stream {e.Stream} are not contiguous", Number(before + 1), Number(e.Version));
        known = e.Version;
        if (e.Form == 1 && e.Stream.Is(ownStream)) keyHistory.Add(e, position);
        Erasure(e);
        Grow(e.Leaf);
    }

    /// <summary>Whether values are unopened whose erasure was not seen yet.</summary>
    public bool AwaitsErasure => unopened.AwaitErasure;

    /// <summary>Where the event is an erasure, what was said to be erased of its subject is. By itself for one that came too late to be added.</summary>
    public void Erasure(ExaminedEvent e)
    {
        if (AwaitsErasure && e.Form == 1 && (e.Type.Is("person_erased"u8) || e.Type.Is("user_erased"u8))) erased += unopened.Erase(e.Stream.ToString());
    }

    /// <summary>What became of a protected value of the newest event.</summary>
    /// <param name="saltAndValue">Of an opened one.</param>
    public void Value(ExaminedEvent e, ProtectedPlace place, Disposition disposition, ReadOnlySpan<byte> saltAndValue)
    {
        switch (disposition)
        {
            case Disposition.Opened:
                if (saltAndValue.Length < 33 || !CanonicalJson.Is(saltAndValue[32..])) throw new HistoryFault(Size, $"the opening of {place.Pointer} is no salt and value");
                var found = ExaminedEvent.Commitment(e.EventId.ToString(), place.Pointer, saltAndValue);
                if (!found.AsSpan().SequenceEqual(place.Commitment)) throw new HistoryFault(Size, $"the opening of {place.Pointer} is not what was committed to", Hex(place.Commitment), Hex(found));
                opened++;
                break;
            case Disposition.Withheld: withheldValues++; break;
            case Disposition.Erased: unopened.Erased(place.Subject, Size, place.Pointer); break;
        }
    }

    /// <summary>A tile as it was stored, right after the event that filled it; where it filled several, the lowest level first.</summary>
    public void Tile(TileId tile, ReadOnlySpan<byte> hashes)
    {
        if (filled.Count == 0 || filled[0].Id != tile) throw new HistoryFault(Size, $"tile {tile.Level}/{tile.Index} is not the one that this event fills");
        if (!hashes.SequenceEqual(tileHashes[0])) throw new HistoryFault(Size, $"tile {tile.Level}/{tile.Index} is not of the tree");
        filled.RemoveAt(0);
        tileHashes.RemoveAt(0);
    }

    /// <summary>Whether tiles that the newest event filled were not given.</summary>
    public FilledTile? MissingTile => filled.Count > 0 ? filled[0] : null;

    /// <summary>The last step: everything is there, and the keys are tied to the one that was given.</summary>
    /// <param name="covered">Whether the newest checkpoint must cover every event: a live log has some that are younger.</param>
    public Sound End(bool covered = true)
    {
        if (kept is { } mine && mine.Checkpoint.Size > Size) throw new HistoryFault(Size + 1, "the events end before the checkpoint that was kept", $"{Number(mine.Checkpoint.Size)} events", Number(Size));
        var newest = keyHistory.Judge(known, Fits, Size, covered, kept);
        unopened.End();
        return new(newest.Checkpoint.Size, unopened.Withheld, opened, withheldValues, erased + unopened.Values, known.Count, newest.Checkpoint.Origin, newest.Checkpoint.Root,
            recordedAt == 0 ? null : new DateTime(recordedAt, DateTimeKind.Utc), keyHistory.Breaks, [.. (witnesses ?? []).Select(Newest)], Newest(stamps ?? []));
    }

    private bool Fits(VerifiedCheckpoint c) => c.Checkpoint.Size <= Size && !contradicted.Contains(c);

    // What others said counts where it is of this history, not of one that was left behind.
    private IEnumerable<VerifiedCheckpoint> Fitting => known.Where(Fits);

    private Cosigned Newest(VerifierKey witness)
    {
        var newest = Fitting.LastOrDefault(c => c.Witnesses.Contains(witness)) ?? throw new HistoryFault(0, $"no checkpoint is cosigned by {witness.Name}");
        var time = Cosignature.Time(newest.Note.Signatures.First(s => s.Name == witness.Name && s.KeyId == witness.Id).Signature.Span);
        return new(witness, newest.Checkpoint.Size, DateTimeOffset.FromUnixTimeSeconds(time!.Value));
    }

    private Stamped? Newest(IReadOnlyList<(Note Note, TimeStamp Stamp)> stamps) =>
        (from s in stamps join c in Fitting on s.Note equals c.Note orderby s.Stamp.IsTrusted descending, c.Checkpoint.Size descending, s.Stamp.At select new Stamped(c.Checkpoint.Size, s.Stamp)).FirstOrDefault();

    private void Grow(byte[] leaf)
    {
        if (filled.Count > 0) throw new HistoryFault(Size, $"tile {filled[0].Id.Level}/{filled[0].Id.Index} is missing");
        frontier.Add(leaf, filled);
        Gather(leaf);
        Compare();
    }

    private void Gather(byte[] leaf)
    {
        Row(0).AddRange(leaf);
        foreach (var tile in filled)
        {
            tileHashes.Add([.. Row(tile.Id.Level)]);
            Row(tile.Id.Level).Clear();
            Row(tile.Id.Level + 1).AddRange(tile.Root);
        }

        List<byte> Row(int level)
        {
            if (rows.Count == level) rows.Add(new(Tiles.Width * MerkleTree.HashSize));
            return rows[level];
        }
    }

    private void Compare()
    {
        if (kept is { } mine && mine.Checkpoint.Size == Size && !frontier.Root().AsSpan().SequenceEqual(mine.Checkpoint.Root))
            throw new HistoryFault(Size, "the tree is not the one of the checkpoint that was kept", Hex(mine.Checkpoint.Root), Hex(frontier.Root()));
        for (; nextCheckpoint < known.Count && known[nextCheckpoint].Checkpoint.Size == Size; nextCheckpoint++)
        {
            if (frontier.Root().AsSpan().SequenceEqual(known[nextCheckpoint].Checkpoint.Root)) continue;
            contradicted.Add(known[nextCheckpoint]);
        }
    }

    private VerifiedCheckpoint Verify(Note note, Dictionary<(string Name, uint Id), VerifierKey> byLine)
    {
        try
        {
            VerifierKey[] named = [.. note.Signatures.Select(s => byLine.GetValueOrDefault((s.Name, s.KeyId))).OfType<VerifierKey>().Distinct()];
            var (checkpoint, signers, cosigners) = (Checkpoint.Parse(note.Text), note.SignedBy(named), note.SignedBy(witnesses ?? []));
            if (signers.Count == 0) throw new HistoryFault(0, $"the checkpoint of {Number(checkpoint.Size)} events is signed by none of the keys");
            return signers.All(s => s.Name == checkpoint.Origin) ? new(checkpoint, note, signers, cosigners) : throw new HistoryFault(0, $"a checkpoint of {checkpoint.Origin} is signed by a key of another name");
        }
        catch (FormatException bad)
        {
            throw new HistoryFault(0, bad.Message);
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
