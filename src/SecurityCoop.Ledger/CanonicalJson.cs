using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SecurityCoop.Ledger;

/// <summary>
/// Whether bytes are canonical JSON as the register writes it: RFC 8785, numbers only integers up to 2^53−1 in size, no U+0000, objects and arrays at most 64
/// deep. A reader of its own, in one pass over the bytes; it shares nothing with what wrote them.
/// </summary>
public static class CanonicalJson
{
    private const long Largest = 9_007_199_254_740_991;

    /// <summary>So many objects and arrays may stand one within the other.</summary>
    internal const int Deepest = 64;

    // What ends a run of plain text: the quote, the escape, and what must be escaped.
    private static readonly SearchValues<byte> notPlain = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    public static bool Is(ReadOnlySpan<byte> json)
    {
        var at = 0;
        return Utf8.IsValid(json) && Value(json, ref at, 0) && at == json.Length;
    }

    private static bool Value(ReadOnlySpan<byte> json, ref int at, int depth)
    {
        if (at >= json.Length) return false;
        switch (json[at])
        {
            case (byte)'{': return depth < Deepest && Object(json, ref at, depth);
            case (byte)'[': return depth < Deepest && Array(json, ref at, depth);
            case (byte)'"': return Text(json, ref at, out _, out _);
            case (byte)'t': return Word(json, ref at, "true"u8);
            case (byte)'f': return Word(json, ref at, "false"u8);
            case (byte)'n': return Word(json, ref at, "null"u8);
            default: return Number(json, ref at);
        }
    }

    private static bool Object(ReadOnlySpan<byte> json, ref int at, int depth)
    {
        var members = new Members(json, at, depth);
        while (members.Next(out _, out _)) { }
        at = members.At;
        return members.AreSound;
    }

    /// <summary>The members of an object, taken out in the one pass that checks its form.</summary>
    internal ref struct Members
    {
        private readonly ReadOnlySpan<byte> json;
        private readonly int depth;
        private Range? last;
        private bool escaped;

        /// <param name="json">Bytes that are UTF-8, with an object at <paramref name="at"/>.</param>
        public Members(ReadOnlySpan<byte> json, int at, int depth)
        {
            this.json = json;
            this.depth = depth;
            AreSound = Empty(json, ref at, (byte)'}');
            At = at;
        }

        /// <summary>Where the object ended, once it is sound.</summary>
        public int At { get; private set; }

        /// <summary>Whether the object's form is right. Only true after the last member.</summary>
        public bool AreSound { get; private set; }

        /// <param name="name">Between its quotes, still with its escapes.</param>
        /// <param name="value">Where it stands.</param>
        public bool Next(out ReadOnlySpan<byte> name, out Range value)
        {
            var (at, begins) = (At, At + 1);
            name = default;
            value = default;
            if (AreSound) return false; // That was the last.
            var sound = Text(json, ref at, out name, out var hasEscapes) && (last is not { } before || Precedes(json[before], escaped, name, hasEscapes)) && at < json.Length && json[at++] == ':';
            if (!sound) return false;
            last = begins..(begins + name.Length);
            escaped = hasEscapes;
            begins = at;
            if (!Value(json, ref at, depth + 1) || at >= json.Length || json[at] is not ((byte)',' or (byte)'}')) return false;
            value = begins..at;
            AreSound = json[at] == '}';
            At = at + 1;
            return true;
        }
    }

    private static bool Array(ReadOnlySpan<byte> json, ref int at, int depth)
    {
        if (Empty(json, ref at, (byte)']')) return true;
        while (true)
        {
            if (!Value(json, ref at, depth + 1) || at >= json.Length) return false;
            if (json[at++] is not (byte)',' and var end) return end == ']';
        }
    }

    // Steps over the bracket that opens, and over the one that closes if it follows at once.
    private static bool Empty(ReadOnlySpan<byte> json, ref int at, byte closing)
    {
        at++;
        if (at >= json.Length || json[at] != closing) return false;
        at++;
        return true;
    }

    private static bool Word(ReadOnlySpan<byte> json, ref int at, ReadOnlySpan<byte> word)
    {
        if (!json[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> json, ref int at)
    {
        var begin = at;
        if (json[at] == '-') at++;
        var (digits, number) = (at, 0L);
        for (; at < json.Length && json[at] is >= (byte)'0' and <= (byte)'9' && at - digits < 17; at++) number = (number * 10) + json[at] - '0';
        if (at == digits || number > Largest || (json[digits] == '0' && at - digits > 1)) return false;
        return number != 0 || digits == begin;
    }

    /// <param name="content">Between the quotes, still with its escapes.</param>
    private static bool Text(ReadOnlySpan<byte> json, scoped ref int at, out ReadOnlySpan<byte> content, out bool escaped)
    {
        content = default;
        escaped = false;
        if (at >= json.Length || json[at] != '"') return false;
        var begin = ++at;
        while (true)
        {
            var run = json[at..].IndexOfAny(notPlain);
            if (run < 0) return false;
            at += run;
            if (json[at] == '"')
            {
                content = json[begin..at++];
                return true;
            }
            if (json[at] != '\\' || at + 1 >= json.Length) return false;
            escaped = true;
            switch (json[at + 1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'b' or (byte)'t' or (byte)'n' or (byte)'f' or (byte)'r':
                    at += 2;
                    break;
                case (byte)'u':
                    // Only what has no shorter form: control characters but U+0000 and the five above, in lower case.
                    if (at + 6 > json.Length || json[at + 2] != '0' || json[at + 3] != '0' || json[at + 4] is not ((byte)'0' or (byte)'1')) return false;
                    if (json[at + 5] is not (>= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'f')) return false;
                    if (json[at + 4] == '0' && (json[at + 5] is (byte)'0' or (byte)'8' or (byte)'9' or (byte)'a' or (byte)'c' or (byte)'d')) return false;
                    at += 6;
                    break;
                default: return false;
            }
        }
    }

    // By UTF-16 code unit, as RFC 8785 has it. The order of the bytes is the same but where one is of a surrogate pair and the other above it.
    internal static bool Precedes(ReadOnlySpan<byte> one, bool oneEscaped, ReadOnlySpan<byte> other, bool otherEscaped)
    {
        if (oneEscaped || otherEscaped) return string.CompareOrdinal(Unescape(one), Unescape(other)) < 0;
        var same = one.CommonPrefixLength(other);
        if (same == one.Length || same == other.Length) return one.Length < other.Length;
        return one[same] < 0xee && other[same] < 0xee ? one[same] < other[same] : string.CompareOrdinal(Unescape(one), Unescape(other)) < 0;
    }

    /// <summary>The text of a string of canonical JSON.</summary>
    /// <param name="content">Between its quotes.</param>
    internal static string Unescape(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\')) return Encoding.UTF8.GetString(content);
        var reader = new Utf8JsonReader([.. "\""u8, .. content, .. "\""u8]);
        reader.Read();
        return reader.GetString()!;
    }
}
