using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

/// <summary>A history made by hand, with plain strings: nothing here uses what the register writes with but the bundle's writer, tree and keys.</summary>
public sealed class TestHistory
{
    public const string Log = "0192f0c4-0000-7000-8000-000000000001", Origin = $"securitycoop/{Log}";

    private readonly MerkleFrontier frontier = MerkleFrontier.Of(0, []);
    private readonly List<FilledTile> filled = [];
    private readonly List<byte[]> leaves = [];
    private readonly List<Action<BundleWriter>> events = [];
    private readonly Dictionary<string, long> versions = [];
    private readonly List<(SigningKey[] By, string Origin, long Size, byte[] Root)> signed = [];

    private readonly List<(int Checkpoint, SigningKey By, long Seconds)> cosigned = [];
    private readonly List<(int Checkpoint, byte[] Token)> stamped = [];

    public SigningKey Key { get; } = SigningKey.Make(Origin);

    /// <summary>Keys that the bundle names; without any, the one above.</summary>
    public List<SigningKey> Named { get; } = [];

    public long Size => frontier.Size;
    public byte[] Root => frontier.Root();
    public bool WithTiles { get; set; } = true;

    public long VersionOf(string stream) => versions.GetValueOrDefault(stream);

    /// <param name="body">Without one, an object that holds null at each of the values' pointers.</param>
    public TestHistory Event(string stream, string type = "sample_noted", string? body = null, string? header = null, IReadOnlyList<(string Pointer, string Subject, Disposition What)>? values = null, int seconds = 0, long? version = null, bool withheld = false)
    {
        body ??= $"{{{string.Join(',', (values ?? []).Select(v => $"\"{v.Pointer[1..]}\":null").Order(StringComparer.Ordinal))}}}";
        versions[stream] = version ?? VersionOf(stream) + 1;
        var id = $"0192f0c4-0000-7000-9000-{Size:x12}";
        var openings = (values ?? []).Select(v => (v.Pointer, v.Subject, v.What, Salted: (byte[])[.. SHA256.HashData(Encoding.UTF8.GetBytes($"{Size}{v.Pointer}")), .. Encoding.UTF8.GetBytes($"\"value {Size}\"")])).ToList();
        var places = openings.Count == 0 ? "" : $",\"protected\":[{string.Join(',', openings.Select(o => $"[\"{o.Pointer}\",\"{o.Subject}\",\"{Convert.ToHexStringLower(ExaminedEvent.Commitment(id, o.Pointer, o.Salted))}\"]"))}]";
        var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(Size + seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        header ??= $$"""{"actor":"person-1","body":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}}","command_id":"{{id}}","event_id":"{{id}}","log":"{{Log}}","marking":"open"{{places}},"recorded_at":"{{at}}","schema":1,"stream":"{{stream}}","type":"{{type}}","v":1,"version":{{versions[stream]}}}""";
        var leaf = MerkleTree.Leaf(Encoding.UTF8.GetBytes(header));
        filled.Clear();
        frontier.Add(leaf, filled);
        leaves.Add(leaf);
        var tiles = filled.Select(f => (f.Id, Hashes: Hashes(f.Id))).ToList();
        events.Add(w =>
        {
            if (withheld) w.Leaf(leaf);
            else w.Event(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(body));
            if (!withheld)
                foreach (var o in openings) w.Value(o.What, o.What == Disposition.Opened ? o.Salted : default);
            if (WithTiles)
                foreach (var (tile, hashes) in tiles) w.Tile(tile, hashes);
        });
        return this;
    }

    /// <summary>The header that the next event of a stream would have, with an empty body unless another is given.</summary>
    public string NextHeader(string stream, string body = "{}") => $$"""{"body":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}}","event_id":"e","log":"{{Log}}","recorded_at":"2026-01-01T00:00:{{Size:00}}.000000Z","stream":"{{stream}}","type":"t","v":1,"version":{{VersionOf(stream) + 1}}}""";

    private byte[] Hashes(TileId tile)
    {
        var span = 1 << (8 * tile.Level);
        return [.. Enumerable.Range((int)tile.Index * 256, 256).SelectMany(i => NaiveTree.Root(leaves[(i * span)..((i + 1) * span)].ToArray()))];
    }

    public TestHistory Rotated(SigningKey from, SigningKey to) => Event($"ledger-{Log}", LedgerKeyRotated.Name, Canonical(JsonSerializer.Serialize(new(from.Public.ToString(), to.Public.ToString()), LedgerJson.Default.LedgerKeyRotated)));

    public TestHistory OriginOpened(LedgerOriginOpened opened) => Event($"ledger-{Log}", LedgerOriginOpened.Name, Canonical(JsonSerializer.Serialize(opened, LedgerJson.Default.LedgerOriginOpened)));

    public TestHistory Sign(params SigningKey[] by)
    {
        signed.Add((by.Length == 0 ? [Key] : by, (by.Length == 0 ? Key : by[0]).Public.Name, Size, Root));
        return this;
    }

    /// <summary>A checkpoint of another tree.</summary>
    public TestHistory SignElse(SigningKey by, long size, byte[] root)
    {
        signed.Add(([by], by.Public.Name, size, root));
        return this;
    }

    /// <summary>The last checkpoint is cosigned by a witness.</summary>
    public TestHistory Cosign(SigningKey witness, long seconds)
    {
        cosigned.Add((signed.Count - 1, witness, seconds));
        return this;
    }

    /// <summary>The last checkpoint gets a time stamp.</summary>
    /// <param name="of">Gives the token of the checkpoint's text.</param>
    public TestHistory Stamp(Func<byte[], byte[]> of)
    {
        stamped.Add((signed.Count - 1, of(Encoding.UTF8.GetBytes(Note.Parse(NoteOf(signed.Count - 1)).Text))));
        return this;
    }

    public byte[] NoteOf(int checkpoint)
    {
        var note = Note.Sign(new Checkpoint(signed[checkpoint].Origin, signed[checkpoint].Size, signed[checkpoint].Root).Text, signed[checkpoint].By);
        var cosignatures = cosigned.Where(c => c.Checkpoint == checkpoint).Select(c => c.By.Cosign(Encoding.UTF8.GetBytes(note.Text), DateTimeOffset.FromUnixTimeSeconds(c.Seconds)));
        return (note with { Signatures = [.. note.Signatures, .. cosignatures] }).ToBytes();
    }

    public byte[] Bundle()
    {
        var to = new ArrayBufferWriter<byte>();
        using var writer = new BundleWriter(to);
        foreach (var key in Named.Count == 0 ? [Key] : Named) writer.Key(key.Public);
        foreach (var i in Enumerable.Range(0, signed.Count).OrderBy(i => signed[i].Size))
        {
            writer.Checkpoint(NoteOf(i));
            foreach (var (_, token) in stamped.Where(s => s.Checkpoint == i)) writer.TimeStamp(token);
        }
        foreach (var e in events) e(writer);
        writer.End();
        return to.WrittenSpan.ToArray();
    }

    // Sorted and without needless escapes.
    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        var members = document.RootElement.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => $"\"{m.Name}\":{(m.Value.ValueKind == JsonValueKind.String ? $"\"{m.Value.GetString()!.Replace("\n", "\\n", StringComparison.Ordinal)}\"" : m.Value.GetRawText())}");
        return $"{{{string.Join(',', members)}}}";
    }
}
