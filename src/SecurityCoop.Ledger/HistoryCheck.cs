using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

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

/// <summary>Reads a TimeStampToken (DER) and checks it against what it is to be of.</summary>
/// <exception cref="HistoryFault">It is none, or not of these bytes.</exception>
public delegate TimeStamp TimeStampReader(ReadOnlySpan<byte> token, ReadOnlySpan<byte> stamped);

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
    private readonly List<(LedgerOriginOpened Event, long Position)> origins = [];
    private readonly List<(LedgerKeyRotated Event, long Position)> rotations = [];
    private readonly List<(long Position, string Pointer, string Subject)> awaitingErasure = [];
    private readonly List<VerifiedCheckpoint> contradicted = [];
    private readonly List<FilledTile> filled = [];
    private readonly List<byte[]> tileHashes = []; // of the filled ones
    private readonly List<List<byte>> rows = []; // of the tiles that are under way, by level
    private List<VerifiedCheckpoint> known = [];
    private VerifiedCheckpoint? kept;
    private int nextCheckpoint;
    private long withheld, missingVersions, lastWithheld, opened, withheldValues, erased, recordedAt;
    private HeaderText? log;
    private byte[] ownStream = [];

    public long Size => frontier.Size;

    /// <summary>Step one: every checkpoint is signed by a key that is known.</summary>
    /// <exception cref="HistoryFault">One is not, or is not a checkpoint.</exception>
    public void Signatures()
    {
        VerifierKey[] all = [.. keys.Union([trusted])];
        known = [.. checkpoints.Select(c => Verify(c, all)).OrderBy(c => c.Checkpoint.Size)];
        if (known.Count == 0) throw new HistoryFault(0, "there is no checkpoint");
        if (keys.FirstOrDefault(k => known.All(c => !c.Signers.Contains(k))) is { } idle) throw new HistoryFault(0, $"the key {idle.Name}+{idle.Id:x8} signed no checkpoint");
        if (earlier is not null) kept = Verify(earlier, all);
        Compare();
    }

    /// <summary>An event whose leaf alone is known.</summary>
    public void AddWithheld(byte[] leaf)
    {
        (withheld, lastWithheld) = (withheld + 1, Size + 1);
        Grow(leaf);
    }

    /// <summary>The next event. Its protected values follow, in the order of its header.</summary>
    public void Add(ExaminedEvent e)
    {
        var position = Size + 1;
        if (log is null)
        {
            log = new(e.Log.Bytes.ToArray());
            ownStream = Encoding.UTF8.GetBytes(LedgerEvents.StreamOf(Guid.TryParse($"{log}", out var id) ? id : default));
        }
        if (log != e.Log) throw new HistoryFault(position, "the event is of another log", $"{log}", $"{e.Log}");
        if (e.RecordedAt < recordedAt) throw new HistoryFault(position, "it was recorded before the event before it", $"{new DateTime(recordedAt):O} or later", $"{new DateTime(e.RecordedAt):O}");
        recordedAt = e.RecordedAt;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(versions, e.StreamKey, out _);
        var before = known;
        missingVersions += e.Version - before - 1;
        // What is withheld may be what is missing here, and nothing else may.
        if (e.Version <= before || missingVersions > withheld) throw new HistoryFault(position, $"the versions of stream {e.Stream} are not contiguous", Number(before + 1), Number(e.Version));
        known = e.Version;
        if (e.Form == 1 && e.Stream.Is(ownStream)) Own(e, position);
        Erasure(e);
        Grow(e.Leaf);
    }

    /// <summary>Whether values are unopened whose erasure was not seen yet.</summary>
    public bool AwaitsErasure => awaitingErasure.Count > 0;

    /// <summary>Where the event is an erasure, what was said to be erased of its subject is. By itself for one that came too late to be added.</summary>
    public void Erasure(ExaminedEvent e)
    {
        if (awaitingErasure.Count == 0 || e.Form != 1 || !e.Type.Is("person_erased"u8)) return;
        var subject = e.Stream.ToString();
        erased += awaitingErasure.RemoveAll(a => a.Subject == subject);
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
            case Disposition.Erased: awaitingErasure.Add((Size, place.Pointer, place.Subject)); break;
        }
    }

    /// <summary>A tile as it was stored, right after the event that filled it.</summary>
    public void Tile(TileId tile, ReadOnlySpan<byte> hashes)
    {
        var at = filled.FindIndex(f => f.Id == tile);
        if (at < 0) throw new HistoryFault(Size, $"tile {tile.Level}/{tile.Index} is not one that this event fills");
        if (!hashes.SequenceEqual(tileHashes[at])) throw new HistoryFault(Size, $"tile {tile.Level}/{tile.Index} is not of the tree");
        filled.RemoveAt(at);
        tileHashes.RemoveAt(at);
    }

    /// <summary>Whether tiles that the newest event filled were not given.</summary>
    public FilledTile? MissingTile => filled.Count > 0 ? filled[0] : null;

    /// <summary>The last step: everything is there, and the keys are tied to the one that was given.</summary>
    /// <param name="covered">Whether events beyond the newest checkpoint are allowed: a live log has some.</param>
    public Sound End(bool covered = true)
    {
        var newest = known[^1];
        var current = origins.Count > 0 ? origins[^1].Event.Origin : newest.Checkpoint.Origin;
        newest = known.LastOrDefault(c => c.Checkpoint.Origin == current) ?? throw new HistoryFault(0, $"no checkpoint of {current} is there");
        foreach (var c in known.Where(c => c.Checkpoint.Size > Size).Concat(contradicted).OrderBy(c => c.Checkpoint.Size))
            if (origins.FirstOrDefault(o => o.Event.Origin != c.Checkpoint.Origin) is not { Event: not null } left || !IsLeft(c, left.Event))
                throw c.Checkpoint.Size > Size
                    ? new HistoryFault(Size + 1, "the events end before a checkpoint", $"{Number(c.Checkpoint.Size)} events", Number(Size))
                    : new HistoryFault(c.Checkpoint.Size, $"the tree of {Number(c.Checkpoint.Size)} events is not the one of its checkpoint ({c.Checkpoint.Origin})");
        if (kept is { } mine && mine.Checkpoint.Size > Size) throw new HistoryFault(Size + 1, "the events end before the checkpoint that was kept", $"{Number(mine.Checkpoint.Size)} events", Number(Size));
        if (covered && newest.Checkpoint.Size != Size) throw new HistoryFault(newest.Checkpoint.Size + 1, "events follow that no checkpoint covers", $"{Number(newest.Checkpoint.Size)} events", Number(Size));
        if (awaitingErasure.FirstOrDefault(a => a.Position > lastWithheld) is { Position: > 0 } lost)
            throw new HistoryFault(lost.Position, $"the value at {lost.Pointer} is neither opened nor withheld, and no erasure of {lost.Subject} follows");
        Tied();
        return new(newest.Checkpoint.Size, withheld, opened, withheldValues, erased + awaitingErasure.Count, known.Count, newest.Checkpoint.Origin, newest.Checkpoint.Root,
            recordedAt == 0 ? null : new DateTime(recordedAt, DateTimeKind.Utc), [.. origins.Select(Break)], [.. (witnesses ?? []).Select(Newest)], Newest(stamps ?? []));
    }

    // What others said counts where it is of this history, not of one that was left behind.
    private IEnumerable<VerifiedCheckpoint> Fitting => known.Where(c => c.Checkpoint.Size <= Size).Except(contradicted);

    private Cosigned Newest(VerifierKey witness)
    {
        var newest = Fitting.LastOrDefault(c => c.Witnesses.Contains(witness)) ?? throw new HistoryFault(0, $"no checkpoint is cosigned by {witness.Name}");
        var time = Cosignature.Time(newest.Note.Signatures.First(s => s.Name == witness.Name && s.KeyId == witness.Id).Signature.Span);
        return new(witness, newest.Checkpoint.Size, DateTimeOffset.FromUnixTimeSeconds(time!.Value));
    }

    private Stamped? Newest(IReadOnlyList<(Note Note, TimeStamp Stamp)> stamps) =>
        (from s in stamps join c in Fitting on s.Note equals c.Note orderby s.Stamp.IsTrusted descending, c.Checkpoint.Size descending, s.Stamp.At select new Stamped(c.Checkpoint.Size, s.Stamp)).FirstOrDefault();

    // Checkpoints of an origin that was left, beyond what both agree on, are those that the new one does not continue.
    private bool IsLeft(VerifiedCheckpoint c, LedgerOriginOpened left) =>
        origins.Any(o => o.Event.Origin == left.Origin) && c.Checkpoint.Size > left.AgreesTo && c.Checkpoint.Origin != origins[^1].Event.Origin;

    private static string Break((LedgerOriginOpened Event, long Position) o) => string.Create(CultureInfo.InvariantCulture,
        $"at position {o.Position} the log went on as {o.Event.Origin}; it is known to agree with what was signed before up to {o.Event.AgreesTo} events");

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

    private VerifiedCheckpoint Verify(Note note, IReadOnlyCollection<VerifierKey> all)
    {
        try
        {
            var (checkpoint, signers, cosigners) = (Checkpoint.Parse(note.Text), note.SignedBy(all), note.SignedBy(witnesses ?? []));
            if (signers.Count == 0) throw new HistoryFault(0, $"the checkpoint of {Number(checkpoint.Size)} events is signed by none of the keys");
            return signers.All(s => s.Name == checkpoint.Origin) ? new(checkpoint, note, signers, cosigners) : throw new HistoryFault(0, $"a checkpoint of {checkpoint.Origin} is signed by a key of another name");
        }
        catch (FormatException bad)
        {
            throw new HistoryFault(0, bad.Message);
        }
    }

    private void Own(ExaminedEvent e, long position)
    {
        try
        {
            if (e.Type.ToString() == LedgerOriginOpened.Name) origins.Add((JsonSerializer.Deserialize(e.Body.Span, LedgerJson.Default.LedgerOriginOpened)!, position));
            else if (e.Type.ToString() == LedgerKeyRotated.Name) rotations.Add((JsonSerializer.Deserialize(e.Body.Span, LedgerJson.Default.LedgerKeyRotated)!, position));
        }
        catch (JsonException)
        {
            throw new HistoryFault(position, $"the body is not that of a {e.Type}");
        }
    }

    // A rotation ties two keys, forwards only where the old one signed a checkpoint over it; a new origin ties the key before it to its own.
    private void Tied()
    {
        var tied = new HashSet<string> { trusted.ToString() };
        for (var more = true; more;)
        {
            more = false;
            foreach (var (r, position) in rotations)
            {
                if (tied.Contains(r.To)) more |= tied.Add(r.From);
                else if (tied.Contains(r.From) && known.Any(c => c.Checkpoint.Size >= position && c.Signers.Any(s => s.ToString() == r.From))) more |= tied.Add(r.To);
            }
            foreach (var (o, _) in origins)
                if (o.PreviousKey is { } before && tied.Contains(o.Key)) more |= tied.Add(before);
        }
        foreach (var c in known.Concat(kept is null ? [] : [kept]))
            if (!c.Signers.Any(s => tied.Contains(s.ToString())))
                throw new HistoryFault(0, $"the checkpoint of {Number(c.Checkpoint.Size)} events ({c.Checkpoint.Origin}) is signed by a key that nothing ties to the one given");
        foreach (var (o, position) in origins)
            if (o.Previous is { } cited && o.PreviousKey is { } by && VerifierKey.Parse(by) is var key && Verify(Note.Parse(Encoding.UTF8.GetBytes(cited)), [key]) is { Signers.Count: 0 })
                throw new HistoryFault(position, "the checkpoint that the new origin cites is not signed by the key before it");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
