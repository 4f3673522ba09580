using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SecurityCoop.Store;

/// <summary>JSON that has no canonical form here. Pointer (RFC 6901) says where.</summary>
public sealed class NotCanonical(string pointer, string why) : Exception($"{(pointer.Length == 0 ? "The document" : pointer)} {why}.")
{
    public string Pointer => pointer;
}

/// <summary>
/// Canonical JSON: RFC 8785 with two restrictions. Numbers are integers up to 2^53−1 in size, written plainly; strings and names hold no
/// U+0000 (which jsonb cannot keep). Names are sorted by UTF-16 code unit, nothing is escaped that need not be.
/// </summary>
public static class Canonical
{
    private const long Largest = 9_007_199_254_740_991;

    /// <summary>A protected value that was taken out: where it stood, whose it is, its canonical bytes.</summary>
    internal sealed record Taken(string Pointer, string Subject, byte[] Value);

    /// <summary>Where in the document the writer stands; made into a pointer only when one is needed.</summary>
    private sealed record Trail(Trail? Up, string Token)
    {
        public static string Pointer(Trail? trail) => trail is null
            ? ""
            : $"{Pointer(trail.Up)}/{trail.Token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }

    /// <summary>The canonical bytes of a JSON text in UTF-8.</summary>
    /// <exception cref="NotCanonical">A number that is not a plain integer, a duplicate name, a lone surrogate, U+0000, bytes that are not UTF-8.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static byte[] Bytes(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Bytes(document.RootElement);
    }

    /// <summary>The canonical bytes of a JSON value.</summary>
    /// <exception cref="NotCanonical">As above.</exception>
    public static byte[] Bytes(JsonElement value)
    {
        var to = new ArrayBufferWriter<byte>(256);
        Write(value, to, null, null);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>The canonical bytes of an event's body. Each {"$protected":{"subject":…,"value":…}} becomes null and is handed over in <paramref name="taken"/>.</summary>
    internal static byte[] Body(ReadOnlyMemory<byte> json, List<Taken> taken)
    {
        var look = json.Span.IndexOf("\"$protected\""u8) >= 0;
        using var document = JsonDocument.Parse(json);
        var to = new ArrayBufferWriter<byte>(json.Length);
        Write(document.RootElement, to, null, look ? taken : null);
        return to.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement value, ArrayBufferWriter<byte> to, Trail? at, List<Taken>? taken)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(value, to, at, taken); break;
            case JsonValueKind.Array:
                to.Write("["u8);
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (index > 0) to.Write(","u8);
                    Write(item, to, new(at, index.ToString(CultureInfo.InvariantCulture)), taken);
                    index++;
                }
                to.Write("]"u8);
                break;
            case JsonValueKind.String: WriteString(value, to, at); break;
            case JsonValueKind.Number: WriteNumber(value, to, at); break;
            case JsonValueKind.True: to.Write("true"u8); break;
            case JsonValueKind.False: to.Write("false"u8); break;
            case JsonValueKind.Null: to.Write("null"u8); break;
            case JsonValueKind.Undefined: throw new NotCanonical(Trail.Pointer(at), "is no JSON value");
        }
    }

    private static void WriteObject(JsonElement value, ArrayBufferWriter<byte> to, Trail? at, List<Taken>? taken)
    {
        var members = new List<(string Name, JsonElement Value)>();
        try
        {
            foreach (var member in value.EnumerateObject()) members.Add((member.Name, member.Value));
        }
        catch (InvalidOperationException)
        {
            throw new NotCanonical(Trail.Pointer(at), "has a name that is not Unicode");
        }
        if (taken is not null && members is [("$protected", var inside)])
        {
            taken.Add(Take(inside, at));
            to.Write("null"u8);
            return;
        }
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        to.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            var (name, member) = members[i];
            var here = new Trail(at, name);
            if (i > 0)
            {
                if (name == members[i - 1].Name) throw new NotCanonical(Trail.Pointer(here), "stands there twice");
                to.Write(","u8);
            }
            WriteText(name, to, here);
            to.Write(":"u8);
            Write(member, to, here, taken);
        }
        to.Write("}"u8);
    }

    private static Taken Take(JsonElement inside, Trail? at)
    {
        var pointer = Trail.Pointer(at);
        if (inside.ValueKind != JsonValueKind.Object || inside.GetPropertyCount() != 2
            || !inside.TryGetProperty("subject", out var subject) || subject.ValueKind != JsonValueKind.String
            || !inside.TryGetProperty("value", out var value))
            throw new NotCanonical(pointer, "is protected but does not hold a subject and a value");
        return new(pointer, subject.GetString()!, Bytes(value));
    }

    private static void WriteNumber(JsonElement value, ArrayBufferWriter<byte> to, Trail? at)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.ContainsAnyExcept("-0123456789"u8) || raw.SequenceEqual("-0"u8) || !value.TryGetInt64(out var number) || number is > Largest or < -Largest)
            throw new NotCanonical(Trail.Pointer(at), "is not an integer between −(2^53−1) and 2^53−1");
        to.Write(raw);
    }

    private static void WriteString(JsonElement value, ArrayBufferWriter<byte> to, Trail? at)
    {
        // Without an escape the bytes are canonical already: a JSON text holds neither quote nor control character bare.
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!raw.Contains((byte)'\\') && Utf8.IsValid(raw))
        {
            to.Write(raw);
            return;
        }
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new NotCanonical(Trail.Pointer(at), "is not Unicode: it has a lone surrogate or bytes that are not UTF-8");
        }
        WriteText(text, to, at);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> to, Trail? at)
    {
        if (!TryWriteText(text, to)) throw new NotCanonical(Trail.Pointer(at), "holds U+0000 or a lone surrogate");
    }

    /// <summary>A string with its quotes. False (with something half written) where it holds U+0000 or a lone surrogate.</summary>
    internal static bool TryWriteText(ReadOnlySpan<char> text, ArrayBufferWriter<byte> to)
    {
        to.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyInRange('\0', '\u001f');
            var special = text.IndexOfAny('"', '\\');
            var until = plain < 0 ? special : special < 0 ? plain : Math.Min(plain, special);
            var run = until < 0 ? text : text[..until];
            var room = to.GetSpan(run.Length * 3);
            if (Utf8.FromUtf16(run, room, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done) return false;
            to.Advance(written);
            if (until < 0) break;
            switch (text[until])
            {
                case '\0': return false;
                case '"': to.Write("\\\""u8); break;
                case '\\': to.Write("\\\\"u8); break;
                case '\b': to.Write("\\b"u8); break;
                case '\t': to.Write("\\t"u8); break;
                case '\n': to.Write("\\n"u8); break;
                case '\f': to.Write("\\f"u8); break;
                case '\r': to.Write("\\r"u8); break;
                case var control: to.Write(Encoding.ASCII.GetBytes($"\\u{(int)control:x4}")); break;
            }
            text = text[(until + 1)..];
        }
        to.Write("\""u8);
        return true;
    }
}
