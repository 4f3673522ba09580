using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecurityCoop.EventStore;

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

    /// <summary>A header read back.</summary>
    public static EventHeader Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var h = document.RootElement;
        string Text(string name) => h.GetProperty(name).GetString()!;
        string? Maybe(string name) => h.TryGetProperty(name, out var value) ? value.GetString() : null;
        var context = new EventContext(Text("actor"), Guid.Parse(Text("command_id")), Text("marking"))
        {
            Effective = Maybe("effective"),
            OnBehalfOf = Maybe("on_behalf_of"),
            Reason = Maybe("reason"),
            Sources = h.TryGetProperty("source", out var source) ? [.. source.EnumerateArray().Select(s => s.Clone())] : [],
            Credibility = h.TryGetProperty("credibility", out var credibility) ? credibility.GetInt32() : null,
            Correlation = Maybe("correlation"),
            Causation = Maybe("causation"),
            Corrects = Maybe("corrects") is { } corrects ? Guid.Parse(corrects) : null,
        };
        ProtectedField[] fields = h.TryGetProperty("protected", out var list)
            ? [.. list.EnumerateArray().Select(p => new ProtectedField(p[0].GetString()!, p[1].GetString()!, Convert.FromHexString(p[2].GetString()!)))]
            : [];
        return new(
            Guid.Parse(Text("log")), Guid.Parse(Text("event_id")), Text("stream"), h.GetProperty("version").GetInt64(), Maybe("reference"), Text("type"),
            h.GetProperty("schema").GetInt32(),
            DateTime.ParseExact(Text("recorded_at"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            context, Convert.FromHexString(Text("body")), fields);
    }

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
