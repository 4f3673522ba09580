using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>
/// The form of a time stamp in a bundle (TimeStampToken, RFC 3161, section 2.4.2): what it is of, and when. Only the elements that lead there are read, in DER
/// (X.690, section 10). Who signed it decides whether it counts, not whether the bundle is sound.
/// </summary>
public static class TimeStampToken
{
    private const byte Integer = 0x02, OctetString = 0x04, Null = 0x05, ObjectId = 0x06, GeneralizedTime = 0x18, Sequence = 0x30, Set = 0x31, Explicit0 = 0xa0;

    private static readonly byte[] signedData = Convert.FromHexString("2a864886f70d010702"); // id-signedData, RFC 5652, section 5.1
    private static readonly byte[] timeStampInfo = Convert.FromHexString("2a864886f70d0109100104"); // id-ct-TSTInfo
    private static readonly byte[] sha256 = Convert.FromHexString("608648016503040201");

    /// <summary>The time of a stamp.</summary>
    /// <param name="token">The whole token.</param>
    /// <param name="stamped">What it is to be of.</param>
    /// <exception cref="HistoryFault">It is no token, or not of these bytes.</exception>
    public static DateTime TimeOf(ReadOnlySpan<byte> token, ReadOnlySpan<byte> stamped) =>
        Read(token, SHA256.HashData(stamped)) ?? throw new HistoryFault(0, "a time stamp is not one of its checkpoint");

    private static DateTime? Read(ReadOnlySpan<byte> token, ReadOnlySpan<byte> digest)
    {
        // ContentInfo { contentType, [0] SignedData { version, digestAlgorithms, EncapsulatedContentInfo { eContentType, [0] eContent }, … } }
        if (!Take(ref token, Sequence, out var content) || token.Length > 0) return null;
        if (!Take(ref content, ObjectId, out var type) || !type.SequenceEqual(signedData) || !Take(ref content, Explicit0, out var inner) || content.Length > 0) return null;
        if (!Take(ref inner, Sequence, out var signed) || inner.Length > 0) return null;
        if (!Take(ref signed, Integer, out _) || !Take(ref signed, Set, out _) || !Take(ref signed, Sequence, out var encapsulated)) return null;
        if (!Take(ref encapsulated, ObjectId, out type) || !type.SequenceEqual(timeStampInfo) || !Take(ref encapsulated, Explicit0, out inner) || encapsulated.Length > 0) return null;
        if (!Take(ref inner, OctetString, out var octets) || inner.Length > 0 || !Take(ref octets, Sequence, out var info) || octets.Length > 0) return null;
        // TSTInfo { version, policy, messageImprint { hashAlgorithm, hashedMessage }, serialNumber, genTime, … }
        if (!Take(ref info, Integer, out _) || !Take(ref info, ObjectId, out _) || !Take(ref info, Sequence, out var imprint)) return null;
        if (!Take(ref imprint, Sequence, out var algorithm) || !Take(ref imprint, OctetString, out var hashed) || imprint.Length > 0 || !hashed.SequenceEqual(digest)) return null;
        if (!Take(ref algorithm, ObjectId, out var name) || !name.SequenceEqual(sha256)) return null;
        if (algorithm.Length > 0 && (!Take(ref algorithm, Null, out var nothing) || nothing.Length > 0 || algorithm.Length > 0)) return null;
        return Take(ref info, Integer, out _) && Take(ref info, GeneralizedTime, out var at) ? Time(Encoding.Latin1.GetString(at)) : null;
    }

    // The next element, if it has this tag: its length in the shortest form, its content within what is left.
    private static bool Take(ref ReadOnlySpan<byte> from, byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (from.Length < 2 || from[0] != tag) return false;
        var (length, at) = ((int)from[1], 2);
        if (length >= 0x80)
        {
            var bytes = length - 0x80;
            if (bytes is < 1 or > 3 || from.Length < 2 + bytes || from[2] == 0) return false;
            length = 0;
            for (; at < 2 + bytes; at++) length = (length << 8) | from[at];
            if (length < 0x80) return false;
        }
        if (length > from.Length - at) return false;
        content = from.Slice(at, length);
        from = from[(at + length)..];
        return true;
    }

    // GeneralizedTime as RFC 3161 has it: YYYYMMDDhhmmss[.s…]Z, on a day that exists.
    private static DateTime? Time(string text)
    {
        if (text.Length < 15 || text[^1] != 'Z' || !text[..14].All(char.IsAsciiDigit)) return null;
        if (text.Length > 15 && (text[14] != '.' || text.Length == 16 || !text[15..^1].All(char.IsAsciiDigit))) return null;
        return DateTime.TryParseExact(text[..14], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
