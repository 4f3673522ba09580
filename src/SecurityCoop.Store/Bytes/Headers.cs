using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecurityCoop.Store;

/// <summary>
/// The bytes of an event's header: canonical JSON, so its members stand in alphabetical order. All but recorded_at, reference and version is written
/// beforehand, in two pieces around them.
/// </summary>
internal static class Headers
{
    /// <summary>Longest header in bytes.</summary>
    public const int Longest = 65_535;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>From the beginning to <c>"recorded_at":"</c>, and from <c>,"schema":</c> to <c>"version":</c>.</summary>
    public static (byte[] Before, byte[] After) Write(
        Guid log, NewEvent e, EventType type, string stream, ReadOnlySpan<byte> bodyDigest, IReadOnlyList<SealedValue> protectedValues)
    {
        var c = e.Context;
        var text = new Writer();
        text.Text("actor", c.Actor);
        text.Text("body", Convert.ToHexStringLower(bodyDigest));
        text.Text("causation", c.Causation);
        text.Text("command_id", c.CommandId.ToString("D"));
        text.Text("corrects", c.Corrects?.ToString("D"));
        text.Text("correlation", c.Correlation);
        if (c.Credibility is { } credibility) text.Number("credibility", credibility);
        text.Text("effective", c.Effective);
        text.Text("event_id", e.Id.ToString("D"));
        if (c.Groups.Count > 0) text.Texts("groups", c.Groups);
        text.Text("log", log.ToString("D"));
        text.Text("marking", c.Marking);
        text.Text("on_behalf_of", c.OnBehalfOf);
        if (protectedValues.Count > 0) text.Protected(protectedValues);
        text.Text("reason", c.Reason);
        text.Name("recorded_at");
        text.Raw("\""u8);
        var before = text.Take();
        text.Number("schema", type.Schema);
        if (c.Sources.Count > 0) text.Array("source", c.Sources);
        text.Text("stream", stream);
        text.Text("type", type.Name);
        text.Number("v", 1);
        text.Name("version");
        var after = text.Take();
        if (before.Length + after.Length > Longest - 300) throw new ArgumentException($"The header of a {type.Name} would be longer than {Longest} bytes.", nameof(e));
        return (before, after);
    }

    /// <summary>The whole header. The reference stands only in a record's first event.</summary>
    public static byte[] Splice(byte[] before, DateTime recordedAt, string? reference, byte[] after, long version)
    {
        var middle = recordedAt.ToString(TimeFormat, CultureInfo.InvariantCulture) + '"';
        if (reference is not null) middle += $",\"reference\":\"{reference}\"";
        var end = version.ToString(CultureInfo.InvariantCulture) + '}';
        var header = new byte[before.Length + Encoding.UTF8.GetByteCount(middle) + after.Length + end.Length];
        before.CopyTo(header, 0);
        var at = before.Length + Encoding.UTF8.GetBytes(middle, header.AsSpan(before.Length));
        after.CopyTo(header, at);
        Encoding.ASCII.GetBytes(end, header.AsSpan(at + after.Length));
        return header;
    }

    /// <summary>Of a header only where its event stands, when it happened in the world, and where it is written.</summary>
    public static (string Stream, string? Effective, IReadOnlyList<JsonElement> Sources) Place(ReadOnlySpan<byte> bytes)
    {
        var (stream, effective, sources) = ("", (string?)null, (IReadOnlyList<JsonElement>)[]);
        var h = new Utf8JsonReader(bytes);
        h.Read();
        while (h.Read() && h.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref h, "effective"u8)) effective = h.GetString();
            else if (Is(ref h, "source"u8)) sources = [.. JsonElement.ParseValue(ref h).EnumerateArray()];
            else if (Is(ref h, "stream"u8)) stream = h.GetString()!;
            else h.Skip();
        }
        return (stream, effective, sources);
    }

    /// <summary>A header read back, in one pass: a rebuild reads all of them.</summary>
    public static EventHeader Read(ReadOnlyMemory<byte> bytes)
    {
        string? actor = null, marking = null, effective = null, onBehalfOf = null, reason = null, correlation = null, causation = null;
        string? reference = null, stream = null, type = null;
        byte[]? body = null;
        DateTime? recordedAt = null;
        Guid? corrects = null, log = null, id = null, command = null;
        long? version = null;
        int? schema = null, credibility = null;
        IReadOnlyList<JsonElement> sources = [];
        IReadOnlyList<string> groups = [];
        ProtectedField[] fields = [];
        var h = new Utf8JsonReader(bytes.Span);
        h.Read();
        while (h.Read() && h.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref h, "actor"u8)) actor = h.GetString();
            else if (Is(ref h, "body"u8)) body = Convert.FromHexString(h.ValueSpan);
            else if (Is(ref h, "causation"u8)) causation = h.GetString();
            else if (Is(ref h, "command_id"u8)) command = h.GetGuid();
            else if (Is(ref h, "corrects"u8)) corrects = h.GetGuid();
            else if (Is(ref h, "correlation"u8)) correlation = h.GetString();
            else if (Is(ref h, "credibility"u8)) credibility = h.GetInt32();
            else if (Is(ref h, "effective"u8)) effective = h.GetString();
            else if (Is(ref h, "event_id"u8)) id = h.GetGuid();
            else if (Is(ref h, "groups"u8)) groups = [.. JsonElement.ParseValue(ref h).EnumerateArray().Select(g => g.GetString()!)];
            else if (Is(ref h, "log"u8)) log = h.GetGuid();
            else if (Is(ref h, "marking"u8)) marking = h.GetString();
            else if (Is(ref h, "on_behalf_of"u8)) onBehalfOf = h.GetString();
            else if (Is(ref h, "protected"u8))
                fields = [.. JsonElement.ParseValue(ref h).EnumerateArray().Select(p => new ProtectedField(p[0].GetString()!, p[1].GetString()!, Convert.FromHexString(p[2].GetString()!)))];
            else if (Is(ref h, "reason"u8)) reason = h.GetString();
            else if (Is(ref h, "recorded_at"u8)) recordedAt = h.GetDateTime();
            else if (Is(ref h, "reference"u8)) reference = h.GetString();
            else if (Is(ref h, "schema"u8)) schema = h.GetInt32();
            else if (Is(ref h, "source"u8)) sources = [.. JsonElement.ParseValue(ref h).EnumerateArray()];
            else if (Is(ref h, "stream"u8)) stream = h.GetString();
            else if (Is(ref h, "type"u8)) type = h.GetString();
            else if (Is(ref h, "version"u8)) version = h.GetInt64();
            else
            {
                h.Read();
                h.Skip();
            }
        }
        return new(
            log ?? throw Lacks("log"), id ?? throw Lacks("event_id"), stream ?? throw Lacks("stream"), version ?? throw Lacks("version"), reference,
            type ?? throw Lacks("type"), schema ?? throw Lacks("schema"),
            recordedAt ?? throw Lacks("recorded_at"),
            new(actor ?? throw Lacks("actor"), command ?? throw Lacks("command_id"), marking ?? throw Lacks("marking"))
            {
                Groups = groups, Effective = effective, OnBehalfOf = onBehalfOf, Reason = reason, Sources = sources, Credibility = credibility,
                Correlation = correlation, Causation = causation, Corrects = corrects,
            },
            body ?? throw Lacks("body"), fields);
    }

    // Whether the member has this name; then the reader stands at its value.
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();

    private static InvalidDataException Lacks(string member) => new($"An event's header lacks {member}.");

    private sealed class Writer
    {
        private readonly ArrayBufferWriter<byte> to = new(512);
        private bool started;

        public void Raw(ReadOnlySpan<byte> bytes) => to.Write(bytes);

        public void Name(string name)
        {
            Raw(started ? ",\""u8 : "{\""u8);
            started = true;
            Raw(Encoding.ASCII.GetBytes(name));
            Raw("\":"u8);
        }

        public void Number(string name, long value)
        {
            Name(name);
            Raw(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        }

        public void Text(string name, string? value)
        {
            if (value is null) return;
            Name(name);
            Value(name, value);
        }

        public void Texts(string name, IReadOnlyList<string> values)
        {
            Name(name);
            for (var i = 0; i < values.Count; i++)
            {
                Raw(i == 0 ? "["u8 : ","u8);
                Value(name, values[i]);
            }
            Raw("]"u8);
        }

        public void Array(string name, IReadOnlyList<JsonElement> objects)
        {
            Name(name);
            for (var i = 0; i < objects.Count; i++)
            {
                if (objects[i].ValueKind != JsonValueKind.Object) throw new NotCanonical($"/{name}/{i}", "is not an object");
                Raw(i == 0 ? "["u8 : ","u8);
                Raw(Canonical.Bytes(objects[i]));
            }
            Raw("]"u8);
        }

        public void Protected(IReadOnlyList<SealedValue> values)
        {
            Name("protected");
            for (var i = 0; i < values.Count; i++)
            {
                Raw(i == 0 ? "[["u8 : ",["u8);
                Value("protected", values[i].Pointer);
                Raw(","u8);
                Value("protected", values[i].Subject);
                Raw(Encoding.ASCII.GetBytes($",\"{Convert.ToHexStringLower(values[i].Commitment)}\"]"));
            }
            Raw("]"u8);
        }

        public byte[] Take()
        {
            var taken = to.WrittenSpan.ToArray();
            to.ResetWrittenCount();
            return taken;
        }

        private void Value(string name, string value)
        {
            if (!Canonical.TryWriteText(value, to)) throw new NotCanonical($"/{name}", "holds U+0000 or a lone surrogate");
        }
    }
}
