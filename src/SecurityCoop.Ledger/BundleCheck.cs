using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>The input is no bundle, or ends too early: nothing can be said about any history.</summary>
public sealed class NoBundle(string why) : Exception(why);

/// <summary>
/// Checks a bundle from a stream, in constant memory: chunks of a few megabytes are read, their events examined on other threads, and what was examined is put
/// together in order.
/// </summary>
/// <param name="trusted">The key that the auditor was given.</param>
/// <param name="earlier">A checkpoint that the auditor kept.</param>
/// <param name="witnesses">Witnesses whom the auditor knows: each must have cosigned a checkpoint.</param>
/// <param name="stamps">Reads time stamps; without it none vouches for anything.</param>
/// <param name="progress">Told how many bytes were checked.</param>
public sealed class BundleCheck(VerifierKey trusted, Note? earlier = null, IReadOnlyList<VerifierKey>? witnesses = null, TimeStampReader? stamps = null, Action<long>? progress = null) : IDisposable
{
    private const int ChunkSize = 2 << 20, InFlight = 4;

    private readonly IncrementalHash frame = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool stamped; // Whether it is a bundle of form 2, which may hold time stamps.
    private readonly List<VerifierKey> keys = [];
    private readonly List<Note> checkpoints = [];
    private readonly List<(Note Note, TimeStamp Stamp)> timeStamps = [];
    private HistoryCheck? check;
    private ExaminedEvent? last;
    private int values; // of the last event that were seen
    private Sound? sound;
    private Exception? ending; // Why the file could not be read on; what stands before it is judged first.

    private readonly record struct Record(byte Type, int At, int Length);

    /// <summary>Whole records, and what the events among them say.</summary>
    private sealed record Chunk(byte[] Bytes, IReadOnlyList<Record> Records, Task<object[]> Examined, long Through);

    /// <exception cref="HistoryFault">The first fault.</exception>
    /// <exception cref="NoBundle">It is none, or not whole.</exception>
    public Sound Run(Stream bundle)
    {
        var waiting = new Queue<Chunk>();
        foreach (var chunk in Chunks(bundle))
        {
            waiting.Enqueue(chunk);
            if (waiting.Count >= InFlight) Take(waiting.Dequeue());
        }
        while (waiting.Count > 0) Take(waiting.Dequeue());
        if (ending is not null) throw ending;
        return sound ?? throw new NoBundle("The bundle ends before its end record: it is not whole.");
    }

    private IEnumerable<Chunk> Chunks(Stream bundle)
    {
        var magic = new byte[Bundle.Magic.Length];
        bundle.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stamped = magic.AsSpan().SequenceEqual(Bundle.Magic);
        if (!stamped && !magic.AsSpan().SequenceEqual(Bundle.Magic1)) throw new NoBundle("The file is not a bundle of version 1 or 2.");
        frame.AppendData(magic);
        var (buffer, filled, through) = (new byte[ChunkSize], 0, (long)magic.Length);
        while (true)
        {
            var read = bundle.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            filled += read;
            var (records, at) = (new List<Record>(), 0);
            while (filled - at >= Bundle.Prefix)
            {
                var length = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at + 1));
                if (length > Bundle.Longest) ending = new HistoryFault(0, $"a record is longer than any may be, at byte {through + at}");
                if (ending is not null || filled - at - Bundle.Prefix < (int)length) break;
                records.Add(new(buffer[at], at + Bundle.Prefix, (int)length));
                at += Bundle.Prefix + (int)length;
            }
            through += at;
            if (records.Count > 0)
            {
                var bytes = buffer;
                yield return new(bytes, records, Task.Run(() => Examine(bytes, records)), through);
            }
            if (ending is not null) yield break;
            if (records.Count == 0 && read == 0)
            {
                if (filled > 0) ending = new NoBundle("The bundle ends in the middle of a record: it is not whole.");
                yield break;
            }
            // The buffer belongs to the chunk now; what is left of it begins the next, which a record longer than it makes larger.
            var needed = filled - at >= Bundle.Prefix ? (int)BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at + 1)) + Bundle.Prefix : 0;
            var next = new byte[Math.Max(ChunkSize, needed)];
            buffer.AsSpan(at, filled - at).CopyTo(next);
            (buffer, filled) = (next, filled - at);
        }
    }

    // For each event what it says, or its fault.
    private object[] Examine(byte[] bytes, IReadOnlyList<Record> records)
    {
        var examined = new List<object>();
        ExaminedEvent? before = null;
        foreach (var record in records)
        {
            if (record.Type != Bundle.Event) continue;
            try
            {
                var payload = bytes.AsMemory(record.At, record.Length);
                if (record.Length < 3) throw new HistoryFault(0, "the event's record is too short");
                var header = BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
                if (3 + header > record.Length || payload.Span[2] != 0x00) throw new HistoryFault(0, "the event's record is not a header and a body");
                examined.Add(before = ExaminedEvent.Examine(payload.Slice(2, 1 + header), payload[(3 + header)..], before, mayLackNull: !stamped));
            }
            catch (HistoryFault fault)
            {
                examined.Add(fault);
            }
        }
        return [.. examined];
    }

    private void Take(Chunk chunk)
    {
        var (examined, next) = (chunk.Examined.GetAwaiter().GetResult(), 0);
        foreach (var record in chunk.Records)
        {
            var payload = chunk.Bytes.AsSpan(record.At, record.Length);
            if (sound is not null) throw new HistoryFault(0, "something follows after the end");
            if (record.Type is Bundle.Key or Bundle.Checkpoint or Bundle.TimeStamp or Bundle.Withheld or Bundle.Erased) frame.AppendData(chunk.Bytes, record.At - Bundle.Prefix, Bundle.Prefix + record.Length);
            switch (record.Type)
            {
                case Bundle.Key when check is null && checkpoints.Count == 0: keys.Add(Key(payload)); break;
                case Bundle.Checkpoint when check is null: checkpoints.Add(Checkpoint(payload)); break;
                case Bundle.TimeStamp when stamped && check is null && checkpoints.Count > 0:
                    var text = Encoding.UTF8.GetBytes(checkpoints[^1].Text);
                    TimeStampToken.TimeOf(payload, text);
                    if (stamps?.Invoke(payload, text) is { } stamp) timeStamps.Add((checkpoints[^1], stamp));
                    break;
                case Bundle.Event:
                    Begin();
                    last = examined[next++] as ExaminedEvent ?? throw At((HistoryFault)examined[next - 1]);
                    values = 0;
                    check!.Add(last);
                    break;
                case Bundle.Leaf when payload.Length == MerkleTree.HashSize:
                    Begin();
                    last = null;
                    check!.AddWithheld(payload.ToArray());
                    break;
                case Bundle.Opened or Bundle.Withheld or Bundle.Erased when last is not null && values < last.Protected.Count && (record.Type == Bundle.Opened || payload.Length == 0):
                    check!.Value(last, last.Protected[values++], record.Type switch { Bundle.Opened => Disposition.Opened, Bundle.Withheld => Disposition.Withheld, _ => Disposition.Erased }, payload);
                    break;
                case Bundle.Tile when check is not null && (last is null || values == last.Protected.Count) && payload.Length == 9 + (Tiles.Width * MerkleTree.HashSize):
                    check.Tile(new(payload[0], BinaryPrimitives.ReadInt64BigEndian(payload[1..])), payload[9..]);
                    break;
                case Bundle.End when payload.Length == 40:
                    Begin();
                    End(payload);
                    break;
                default: throw new HistoryFault((check?.Size ?? 0) + 1, $"a record of type {record.Type} and {record.Length} bytes cannot stand here");
            }
        }
        progress?.Invoke(chunk.Through);
    }

    // Before the first event, and before each further one: what belongs before it is complete.
    private void Begin()
    {
        if (check is null)
        {
            if (keys.Count == 0) throw new HistoryFault(0, "there is no key");
            if (keys.Distinct().Count() < keys.Count) throw new HistoryFault(0, "a key stands twice");
            check = new(trusted, keys, checkpoints, earlier, witnesses, timeStamps);
            check.Signatures();
        }
        if (last is not null && values < last.Protected.Count) throw new HistoryFault(check.Size, $"nothing is said of the value at {last.Protected[values].Pointer}");
    }

    private void End(ReadOnlySpan<byte> payload)
    {
        var size = BinaryPrimitives.ReadInt64BigEndian(payload);
        if (size != check!.Size) throw new HistoryFault(check.Size, "the number of events is another", $"{size}", $"{check.Size}");
        if (check.MissingTile is { } tile) throw new HistoryFault(check.Size, $"tile {tile.Id.Level}/{tile.Id.Index} is missing");
        var frameDigest = frame.GetHashAndReset();
        if (!frameDigest.AsSpan().SequenceEqual(payload[8..])) throw new HistoryFault(0, "keys, checkpoints, time stamps or what is said to be withheld or erased were changed", Convert.ToHexStringLower(payload[8..]), Convert.ToHexStringLower(frameDigest));
        sound = check.End();
    }

    private static VerifierKey Key(ReadOnlySpan<byte> payload)
    {
        try
        {
            return VerifierKey.Parse(Note.Strict.GetString(payload)) is { Type: not KeyType.Cosignature } key ? key : throw new FormatException("a witness's key is not for the bundle to give");
        }
        catch (Exception bad) when (bad is FormatException or DecoderFallbackException)
        {
            throw new HistoryFault(0, bad.Message);
        }
    }

    private static Note Checkpoint(ReadOnlySpan<byte> payload)
    {
        try
        {
            var note = Note.Parse(payload);
            Ledger.Checkpoint.Parse(note.Text); // What is no checkpoint is told before anything that follows it.
            return note;
        }
        catch (FormatException bad)
        {
            throw new HistoryFault(0, bad.Message);
        }
    }

    private HistoryFault At(HistoryFault fault) => new(check!.Size + 1, fault.Message);

    public void Dispose() => frame.Dispose();
}
