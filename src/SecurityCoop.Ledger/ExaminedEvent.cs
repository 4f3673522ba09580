using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecurityCoop.Ledger;

/// <summary>A fault in a history: where, what was expected and what was found.</summary>
/// <param name="Position">Of the event; 0 where it is about none.</param>
public sealed class HistoryFault(long position, string what, string? expected = null, string? found = null)
    : Exception($"{(position > 0 ? string.Create(CultureInfo.InvariantCulture, $"position {position}: ") : "")}{what}{(expected is null ? "" : $"; expected {expected}, found {found}")}")
{
    public long Position => position;
}

/// <summary>A protected value's place in an event: where it stood, whose it is, the commitment to it.</summary>
public sealed record ProtectedPlace(string Pointer, string Subject, byte[] Commitment);

/// <summary>A text of a header, as its bytes stand there: most are only compared.</summary>
/// <param name="Bytes">Between the quotes. Two texts are the same where these are, since canonical JSON writes each in one way.</param>
public readonly record struct HeaderText(ReadOnlyMemory<byte> Bytes)
{
    /// <param name="text">UTF-8 without what JSON escapes.</param>
    public bool Is(ReadOnlySpan<byte> text) => Bytes.Span.SequenceEqual(text);

    public bool Equals(HeaderText other) => Is(other.Bytes.Span);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => CanonicalJson.Unescape(Bytes.Span);
}

/// <summary>What the header of an event says, read from its bytes, after everything was checked that can be checked of one event alone.</summary>
public sealed class ExaminedEvent
{
    public byte[] Leaf { get; private init; } = [];
    public HeaderText Log { get; private init; }
    public HeaderText EventId { get; private init; }
    public HeaderText Stream { get; private init; }
    /// <summary>The first sixteen bytes of the SHA-256 of the stream's id: of a million streams nobody wants to keep the names.</summary>
    public UInt128 StreamKey { get; private init; }
    public long Version { get; private init; }
    public HeaderText Type { get; private init; }
    /// <summary>1: the register appended it; 2 and 3: another program did, and what it says of keys and erasures counts for nothing.</summary>
    public long Form { get; private init; }
    /// <summary>UTC ticks.</summary>
    public long RecordedAt { get; private init; }
    public IReadOnlyList<ProtectedPlace> Protected { get; private init; } = [];
    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>Reads and checks an event: the header's form, its leaf, the body's digest and form.</summary>
    /// <param name="leafInput">0x00 ‖ header. What is returned points into it, and into the body.</param>
    /// <param name="before">An event of the same thread's: where it is of the same stream, its key is taken over.</param>
    /// <param name="mayLackNull">Whether a protected place may be left out of the body altogether: bundles of form 1 were not checked for it.</param>
    /// <exception cref="HistoryFault">Without its position.</exception>
    public static ExaminedEvent Examine(ReadOnlyMemory<byte> leafInput, ReadOnlyMemory<byte> body, ExaminedEvent? before = null, bool mayLackNull = false)
    {
        var header = leafInput[1..];
        var h = HeaderMembers.Read(header);
        // Form 3: what another program appended has no canonical form, and the body is the database's own text of it.
        if (h.Form != 3 && !CanonicalJson.Is(body.Span)) throw new HistoryFault(0, "the body is not canonical JSON");
        if (Instant(h.RecordedAt.Bytes.Span) is not { } at) throw new HistoryFault(0, "recorded_at is no instant", "yyyy-MM-ddTHH:mm:ss.ffffffZ", h.RecordedAt.ToString());
        Span<byte> hash = stackalloc byte[32], digest = stackalloc byte[64];
        Sha256.Hash(body.Span, hash);
        Convert.TryToHexStringLower(hash, digest, out _);
        if (!h.Digest.Is(digest)) throw new HistoryFault(0, "the body is not the one that was hashed", h.Digest.ToString(), Encoding.ASCII.GetString(digest));
        MustBeNull(body, h.Protected, mayLackNull);
        UInt128 key;
        if (before is not null && before.Stream == h.Stream) key = before.StreamKey;
        else
        {
            Sha256.Hash(h.Stream.Bytes.Span, hash);
            key = BinaryPrimitives.ReadUInt128BigEndian(hash);
        }
        return new()
        {
            Leaf = Sha256.Hash(leafInput.Span), Log = h.Log, EventId = h.EventId, Stream = h.Stream, StreamKey = key, Version = h.Version, Type = h.Type, Form = h.Form,
            RecordedAt = at, Protected = h.Protected, Body = body,
        };
    }

    /// <summary>SHA-256("pd-v1" ‖ lp(event id) ‖ lp(pointer) ‖ salt ‖ value); lp is a big-endian uint32 length and the UTF-8 bytes.</summary>
    public static byte[] Commitment(string eventId, string pointer, ReadOnlySpan<byte> saltAndValue)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("pd-v1"u8);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in new[] { eventId, pointer })
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        hash.AppendData(saltAndValue);
        return hash.GetHashAndReset();
    }

    // `yyyy-MM-ddTHH:mm:ss.ffffffZ`, as ticks of UTC.
    private static long? Instant(ReadOnlySpan<byte> text)
    {
        if (text.Length != 27) return null;
        ReadOnlySpan<byte> form = "dddd-dd-ddTdd:dd:dd.ddddddZ"u8;
        for (var i = 0; i < form.Length; i++)
            if (form[i] == 'd' ? text[i] is < (byte)'0' or > (byte)'9' : text[i] != form[i]) return null;
        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]));
        var (hour, minute, second) = (Digits(text[11..13]), Digits(text[14..16]), Digits(text[17..19]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return null;
        return new DateTime(year, month, day, hour, minute, second).Ticks + (Digits(text[20..26]) * TimeSpan.TicksPerMicrosecond);
    }

    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = (number * 10) + digit - '0';
        return number;
    }

    // The value at each pointer (RFC 6901) is null: what stood there is in the commitment alone.
    private static void MustBeNull(ReadOnlyMemory<byte> body, ProtectedPlace[] places, bool mayLackNull)
    {
        if (places.Length == 0) return;
        var root = JsonElement.Parse(body.Span);
        foreach (var place in places)
            if (At(root, place.Pointer) is { } value ? value.ValueKind != JsonValueKind.Null : !mayLackNull)
                throw new HistoryFault(0, $"the body does not hold null at {place.Pointer}, which is protected");
    }

    private static JsonElement? At(JsonElement value, string pointer)
    {
        foreach (var escaped in pointer.Split('/')[1..])
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                var bare = escaped.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal);
                if (bare.Contains('~', StringComparison.Ordinal)) return null;
                var name = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                if (!value.TryGetProperty(name, out value)) return null;
            }
            else
            {
                var isIndex = escaped is "0" || (escaped.Length is > 0 and < 10 && escaped[0] != '0' && escaped.All(char.IsAsciiDigit));
                if (value.ValueKind != JsonValueKind.Array || !isIndex) return null;
                var index = int.Parse(escaped, CultureInfo.InvariantCulture);
                if (index >= value.GetArrayLength()) return null;
                value = value[index];
            }
        }
        return value;
    }
}
