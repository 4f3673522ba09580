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

/// <summary>What the header of an event says, read from its bytes, after everything was checked that can be checked of one event alone.</summary>
/// <param name="StreamKey">The first sixteen bytes of the SHA-256 of the stream's id: of a million streams nobody wants to keep the names.</param>
/// <param name="Form">1: the register appended it; 2 and 3: another program did, and what it says of keys and erasures counts for nothing.</param>
/// <param name="RecordedAt">UTC ticks.</param>
public sealed record ExaminedEvent(
    byte[] Leaf, string Log, string EventId, string Stream, UInt128 StreamKey, long Version, string Type, long Form, long RecordedAt, IReadOnlyList<ProtectedPlace> Protected, JsonElement Header, byte[]? Body)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Reads and checks an event: the header's form, its leaf, the body's digest and form.</summary>
    /// <param name="leafInput">0x00 ‖ header.</param>
    /// <param name="whole">Whether header and body are wanted too; otherwise the body is kept only of the ledger's own events.</param>
    /// <exception cref="HistoryFault">Without its position.</exception>
    public static ExaminedEvent Examine(ReadOnlySpan<byte> leafInput, ReadOnlySpan<byte> body, bool whole = false)
    {
        var header = leafInput[1..];
        if (!CanonicalJson.Is(header)) throw new HistoryFault(0, "the header is not canonical JSON");
        string? log = null, id = null, stream = null, type = null, recordedAt = null, digest = null;
        long? version = null, form = null;
        ProtectedPlace[] places = [];
        try
        {
            var h = new Utf8JsonReader(header);
            if (!h.Read() || h.TokenType != JsonTokenType.StartObject) throw new HistoryFault(0, "the header is not an object");
            while (h.Read() && h.TokenType == JsonTokenType.PropertyName)
            {
                if (Is(ref h, "body"u8)) digest = h.GetString();
                else if (Is(ref h, "event_id"u8)) id = h.GetString();
                else if (Is(ref h, "log"u8)) log = h.GetString();
                else if (Is(ref h, "protected"u8)) places = [.. JsonElement.ParseValue(ref h).EnumerateArray().Select(Place)];
                else if (Is(ref h, "recorded_at"u8)) recordedAt = h.GetString();
                else if (Is(ref h, "stream"u8)) stream = h.GetString();
                else if (Is(ref h, "type"u8)) type = h.GetString();
                else if (Is(ref h, "version"u8)) version = h.GetInt64();
                else if (Is(ref h, "v"u8)) form = h.GetInt64();
                else
                {
                    h.Read();
                    h.Skip();
                }
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException or IndexOutOfRangeException)
        {
            throw new HistoryFault(0, "the header has a member of the wrong kind");
        }
        if (log is null || id is null || stream is null || type is null || version is null || digest is null || recordedAt is null)
            throw new HistoryFault(0, "the header lacks a member that every header has");
        if (form is not (1 or 2 or 3)) throw new HistoryFault(0, "the header is of another form", "v 1, 2 or 3", $"v {form}");
        // Form 3: what another program appended has no canonical form, and the body is the database's own text of it.
        if (form != 3 && !CanonicalJson.Is(body)) throw new HistoryFault(0, "the body is not canonical JSON");
        if (!DateTime.TryParseExact(recordedAt, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            throw new HistoryFault(0, "recorded_at is no instant", TimeFormat, recordedAt);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(body, hash);
        if (Convert.ToHexStringLower(hash) is var found && found != digest) throw new HistoryFault(0, "the body is not the one that was hashed", digest, found);
        SHA256.HashData(Encoding.UTF8.GetBytes(stream), hash);
        return new(SHA256.HashData(leafInput), log, id, stream, BinaryPrimitives.ReadUInt128BigEndian(hash), version.Value, type, form.Value, at.Ticks, places,
            whole ? JsonElement.Parse(header) : default, whole || stream.StartsWith("ledger-", StringComparison.Ordinal) ? body.ToArray() : null);
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

    // Where the name is this one the reader then stands at its value.
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();

    private static ProtectedPlace Place(JsonElement p) =>
        p.GetArrayLength() == 3 && Convert.FromHexString(p[2].GetString()!) is { Length: 32 } commitment ? new(p[0].GetString()!, p[1].GetString()!, commitment) : throw new FormatException();
}
