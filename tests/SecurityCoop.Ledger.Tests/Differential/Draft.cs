using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Ledger.Tests.Differential;

/// <summary>An event of a draft: text that can be changed anywhere before the bundle is made.</summary>
public sealed record DraftEvent(string Header, byte[] Body, IReadOnlyList<(byte Type, byte[] Payload)> Values, bool Withheld = false)
{
    public byte[] Leaf => MerkleTree.Leaf(Encoding.UTF8.GetBytes(Header));
}

/// <summary>A checkpoint of a draft. Without a root it is of the draft's own tree; a note is taken as it is.</summary>
public sealed record DraftCheckpoint(string Origin, long Size, byte[]? Root, SigningKey[] By)
{
    public byte[]? Note { get; init; }

    /// <summary>What becomes of the note's text before it is signed.</summary>
    public Func<string, string>? Text { get; init; }

    /// <summary>What becomes of the signed note.</summary>
    public Func<string, string>? Signed { get; init; }

    public Func<byte[], byte[]>? Stamp { get; init; }
}

/// <summary>A bundle under construction: every part of it can be replaced, and what depends on it (leaves, roots, signatures, the end) is made anew.</summary>
public sealed class Draft
{
    public const string Log = "0192f0c4-0000-7000-8000-000000000001", Origin = $"securitycoop/{Log}";

    public int Form { get; set; } = 2;
    public List<string> Keys { get; } = [];
    public List<DraftCheckpoint> Checkpoints { get; } = [];
    public List<DraftEvent> Events { get; } = [];

    /// <summary>What becomes of the records before the end is made: they can be moved, dropped, doubled.</summary>
    public Action<List<(byte Type, byte[] Payload)>>? Records { get; set; }

    public Draft Copy()
    {
        var copy = new Draft { Form = Form };
        copy.Keys.AddRange(Keys);
        copy.Checkpoints.AddRange(Checkpoints);
        copy.Events.AddRange(Events);
        return copy;
    }

    private long VersionOf(string stream) => Events.Count(e => e.Header.Contains($"\"stream\":\"{stream}\"", StringComparison.Ordinal));

    /// <summary>Adds an event. Its values' pointers hold null in the body, which is an object.</summary>
    public Draft Add(string stream, string type = "sample_noted", string body = "{}", (string Pointer, string Subject, byte Type)[]? values = null, bool withheld = false, string more = "")
    {
        var id = $"0192f0c4-0000-7000-9000-{Events.Count:x12}";
        var salted = (values ?? []).Select(v => (v.Pointer, v.Subject, v.Type, Salted: (byte[])[.. SHA256.HashData(Encoding.UTF8.GetBytes(id + v.Pointer)), .. "\"value\""u8])).ToList();
        if (values is not null) body = $"{{{string.Join(',', values.Select(v => $"\"{v.Pointer[1..]}\":null").Order(StringComparer.Ordinal))}}}";
        var places = salted.Select(s => $"[\"{s.Pointer}\",\"{s.Subject}\",\"{Convert.ToHexStringLower(ExaminedEvent.Commitment(id, s.Pointer, s.Salted))}\"]");
        var protectedMember = salted.Count == 0 ? "" : $",\"protected\":[{string.Join(',', places)}]";
        var header = $$"""{"actor":"person-1","body":"{{Digest(body)}}","command_id":"{{id}}","event_id":"{{id}}"{{more}},"log":"{{Log}}","marking":"open"{{protectedMember}},"recorded_at":"2026-01-01T00:00:{{Events.Count:00}}.000000Z","schema":1,"stream":"{{stream}}","type":"{{type}}","v":1,"version":{{VersionOf(stream) + 1}}}""";
        Events.Add(new(header, Encoding.UTF8.GetBytes(body), [.. salted.Select(s => (s.Type, s.Type == Bundle.Opened ? s.Salted : []))], withheld));
        return this;
    }

    public static string Digest(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public Draft Own(string type, string body) => Add($"ledger-{Log}", type, body);

    public Draft Rotated(SigningKey from, SigningKey to) => Own(LedgerKeyRotated.Name, $$"""{"from":"{{from.Public}}","to":"{{to.Public}}"}""");

    public Draft Opened(SigningKey key, long agreesTo, SigningKey? before) =>
        Own(LedgerOriginOpened.Name, $$"""{"agreesTo":{{agreesTo}},"key":"{{key.Public}}","origin":"{{key.Public.Name}}"{{(before is null ? "" : $",\"previousKey\":\"{before.Public}\"")}}}""");

    /// <summary>A checkpoint of what is there so far.</summary>
    public Draft Sign(params SigningKey[] by)
    {
        Checkpoints.Add(new(by[0].Public.Name, Events.Count, null, by));
        foreach (var key in by)
            if (!Keys.Contains(key.Public.ToString())) Keys.Add(key.Public.ToString());
        return this;
    }

    public byte[] RootAt(long size)
    {
        var frontier = MerkleFrontier.Of(0, []);
        foreach (var e in Events.Take((int)size)) frontier.Add(e.Leaf);
        return frontier.Root();
    }

    public byte[] NoteOf(DraftCheckpoint c)
    {
        if (c.Note is not null) return c.Note;
        var text = new Checkpoint(c.Origin, c.Size, c.Root ?? RootAt(c.Size)).Text;
        if (c.Text is not null) text = c.Text(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        var note = $"{text}\n{string.Concat(c.By.Select(k => $"{k.Sign(bytes)}\n"))}";
        return Encoding.UTF8.GetBytes(c.Signed is null ? note : c.Signed(note));
    }

    public byte[] Build()
    {
        var records = new List<(byte Type, byte[] Payload)>();
        records.AddRange(Keys.Select(k => (Bundle.Key, Encoding.UTF8.GetBytes(k))));
        foreach (var c in Checkpoints)
        {
            var note = NoteOf(c);
            records.Add((Bundle.Checkpoint, note));
            var text = Encoding.UTF8.GetString(note).Split("\n\n")[0] + "\n";
            if (c.Stamp is not null) records.Add((Bundle.TimeStamp, c.Stamp(Encoding.UTF8.GetBytes(text))));
        }
        foreach (var e in Events)
        {
            var header = Encoding.UTF8.GetBytes(e.Header);
            byte[] length = [(byte)(header.Length >> 8), (byte)header.Length];
            records.Add(e.Withheld ? (Bundle.Leaf, e.Leaf) : (Bundle.Event, [.. length, 0, .. header, .. e.Body]));
            if (!e.Withheld) records.AddRange(e.Values);
        }
        Records?.Invoke(records);
        return Join(records, Form);
    }

    /// <summary>A file of these records, and an end that is right for them.</summary>
    public static byte[] Join(IReadOnlyCollection<(byte Type, byte[] Payload)> records, int form)
    {
        var (file, framed) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        file.Write(Encoding.ASCII.GetBytes($"securitycoop-bundle {form}\n"));
        framed.Write(file.WrittenSpan);
        foreach (var (type, payload) in records)
        {
            Put(file, type, payload);
            if (type is Bundle.Key or Bundle.Checkpoint or Bundle.TimeStamp or Bundle.Withheld or Bundle.Erased) Put(framed, type, payload);
        }
        var end = new byte[40];
        BinaryPrimitives.WriteInt64BigEndian(end, records.Count(r => r.Type is Bundle.Event or Bundle.Leaf));
        SHA256.HashData(framed.WrittenSpan, end.AsSpan(8));
        Put(file, Bundle.End, end);
        return file.WrittenSpan.ToArray();
    }

    private static void Put(ArrayBufferWriter<byte> to, byte type, byte[] payload)
    {
        Span<byte> prefix = stackalloc byte[Bundle.Prefix];
        prefix[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)payload.Length);
        to.Write(prefix);
        to.Write(payload);
    }
}
