using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SecurityCoop.Ledger;

/// <summary>
/// The members of a header (docs/bundle.md, "Header"), read and checked in one pass over its bytes. A member that the table does not know is a fault: a verifier
/// that passes over what it does not understand cannot vouch for it.
/// </summary>
internal ref struct HeaderMembers
{
    public HeaderText Digest, EventId, Log, RecordedAt, Stream, Type;
    public long Version, Form;
    public ProtectedPlace[] Protected;

    private int required;   // of the texts that every header has
    private bool ownOnly;   // a member that only the register's own events have
    private bool otherOnly; // a member that only events of other programs have
    private string? unknown;

    /// <exception cref="HistoryFault">Without its position.</exception>
    public static HeaderMembers Read(ReadOnlyMemory<byte> header)
    {
        var json = header.Span;
        if (!Utf8.IsValid(json)) throw NotCanonical();
        if (json is not [(byte)'{', ..]) throw CanonicalJson.Is(json) ? new HistoryFault(0, "the header is not an object") : NotCanonical();
        var read = new HeaderMembers { Protected = [] };
        var members = new CanonicalJson.Members(json, 0, 0);
        while (members.Next(out var name, out var value)) read.Take(name, header[value]);
        if (!members.AreSound || members.At != json.Length) throw NotCanonical();
        if (read.unknown is not null) throw new HistoryFault(0, $"the header has a member that none has: {read.unknown}");
        if (read.required < 6 || read.Version == 0 || read.Form == 0) throw new HistoryFault(0, "the header lacks a member that every header has");
        if (read.Form is not (1 or 2 or 3)) throw new HistoryFault(0, "the header is of another form", "v 1, 2 or 3", $"v {read.Form}");
        if (read.Form == 1 ? read.otherOnly : read.ownOnly) throw new HistoryFault(0, $"the header has a member that none of v {read.Form} has");
        if (!IsUuid(read.Log.Bytes.Span)) throw new HistoryFault(0, "log is not a UUID in lower case");
        return read;
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        switch (name)
        {
            case var n when n.SequenceEqual("body"u8): Digest = Required(value); break;
            case var n when n.SequenceEqual("event_id"u8): EventId = Required(value); break;
            case var n when n.SequenceEqual("log"u8): Log = Required(value); break;
            case var n when n.SequenceEqual("recorded_at"u8): RecordedAt = Required(value); break;
            case var n when n.SequenceEqual("stream"u8): Stream = Required(value); break;
            case var n when n.SequenceEqual("type"u8): Type = Required(value); break;
            case var n when n.SequenceEqual("v"u8): Form = Number(value); break;
            case var n when n.SequenceEqual("version"u8): Version = Number(value); break;
            case var n when n.SequenceEqual("schema"u8): Number(value); break;
            case var n when n.SequenceEqual("actor"u8) || n.SequenceEqual("causation"u8) || n.SequenceEqual("command_id"u8) || n.SequenceEqual("corrects"u8)
                || n.SequenceEqual("correlation"u8) || n.SequenceEqual("marking"u8) || n.SequenceEqual("on_behalf_of"u8) || n.SequenceEqual("reason"u8): Text(value); break;
            case var n when n.SequenceEqual("effective"u8) || n.SequenceEqual("reference"u8): Text(value); ownOnly = true; break;
            case var n when n.SequenceEqual("credibility"u8): Number(value); ownOnly = true; break;
            case var n when n.SequenceEqual("groups"u8): Groups(value.Span); ownOnly = true; break;
            case var n when n.SequenceEqual("protected"u8): Protected = Places(value.Span); ownOnly = true; break;
            case var n when n.SequenceEqual("source"u8): Objects(value.Span); ownOnly = true; break;
            case var n when n.SequenceEqual("bdata"u8) || n.SequenceEqual("metadata"u8): Text(value); otherOnly = true; break;
            case var n when n.SequenceEqual("folded"u8): Flag(value.Span); otherOnly = true; break;
            default: unknown ??= CanonicalJson.Unescape(name); break;
        }
    }

    private HeaderText Required(ReadOnlyMemory<byte> value)
    {
        required++;
        var text = Text(value);
        return text.Bytes.Length > 0 ? text : throw WrongKind();
    }

    private static HeaderText Text(ReadOnlyMemory<byte> value) => value.Span[0] == '"' ? new(value[1..^1]) : throw WrongKind();

    // From 1: none of a header's numbers is less.
    private static long Number(ReadOnlyMemory<byte> value) =>
        Utf8Parser.TryParse(value.Span, out long number, out var length) && length == value.Length && number > 0 ? number : throw WrongKind();

    private static void Flag(ReadOnlySpan<byte> value)
    {
        if (!value.SequenceEqual("true"u8) && !value.SequenceEqual("false"u8)) throw WrongKind();
    }

    private static void Objects(ReadOnlySpan<byte> value)
    {
        foreach (var item in Items(value))
            if (item.ValueKind != JsonValueKind.Object) throw WrongKind();
    }

    // Texts, each once, in the order of member names (RFC 8785, section 3.2.3).
    private static void Groups(ReadOnlySpan<byte> value)
    {
        string? before = null;
        foreach (var item in Items(value))
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } group || string.CompareOrdinal(before, group) >= 0) throw WrongKind();
            before = group;
        }
    }

    private static ProtectedPlace[] Places(ReadOnlySpan<byte> value)
    {
        var places = Items(value).Select(Place).ToArray();
        return places.Select(p => p.Pointer).Distinct(StringComparer.Ordinal).Count() == places.Length ? places : throw WrongKind();
    }

    private static ProtectedPlace Place(JsonElement place)
    {
        if (place.ValueKind != JsonValueKind.Array || place.GetArrayLength() != 3 || place.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.String)) throw WrongKind();
        var (pointer, subject, commitment) = (place[0].GetString()!, place[1].GetString()!, place[2].GetString()!);
        return pointer.StartsWith('/') && subject.Length > 0 && commitment.Length == 64 && commitment.All(char.IsAsciiHexDigitLower)
            ? new(pointer, subject, Convert.FromHexString(commitment)) : throw WrongKind();
    }

    // Of an array that is not empty: an empty one is left out.
    private static List<JsonElement> Items(ReadOnlySpan<byte> value)
    {
        var array = JsonElement.Parse(value);
        return array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0 ? [.. array.EnumerateArray()] : throw WrongKind();
    }

    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36) return false;
        for (var i = 0; i < text.Length; i++)
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigitLower((char)text[i])) return false;
        return true;
    }

    private static HistoryFault NotCanonical() => new(0, "the header is not canonical JSON");

    private static HistoryFault WrongKind() => new(0, "the header has a member of the wrong kind");
}
