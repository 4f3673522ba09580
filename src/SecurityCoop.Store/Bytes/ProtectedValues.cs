using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Store;

/// <summary>A protected value as it goes into the log: the commitment into the header, the ciphertext beside it.</summary>
internal sealed record SealedValue(string Pointer, string Subject, byte[] Commitment, byte[] Ciphertext);

/// <summary>How a protected value is committed to and encrypted (docs: "Personal data").</summary>
internal static class ProtectedValues
{
    private const int Nonce = 12, Tag = 16, Salt = 32;

    /// <summary>
    /// Commitment: SHA-256("pd-v1" ‖ lp(event id) ‖ lp(pointer) ‖ salt ‖ value). Ciphertext: nonce ‖ AES-256-GCM(salt ‖ value) ‖ tag, with associated
    /// data lp(event id) ‖ lp(pointer). lp is a big-endian uint32 length and the UTF-8 bytes; an event id is its 36 lower-case characters.
    /// </summary>
    public static SealedValue Seal(Guid eventId, Canonical.Taken taken, byte[] key)
    {
        var place = Place(eventId, taken.Pointer);
        var plain = new byte[Salt + taken.Value.Length];
        RandomNumberGenerator.Fill(plain.AsSpan(0, Salt));
        taken.Value.CopyTo(plain, Salt);
        var sealedBytes = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce, plain.Length), sealedBytes.AsSpan(Nonce + plain.Length), place);
        return new(taken.Pointer, taken.Subject, Commitment(place, plain), sealedBytes);
    }

    /// <summary>The value's canonical JSON.</summary>
    /// <exception cref="CryptographicException">The ciphertext is not the one that was written, or not under this key.</exception>
    public static byte[] Open(Guid eventId, string pointer, ReadOnlySpan<byte> sealedBytes, byte[] key) => Unseal(eventId, pointer, sealedBytes, key)[Salt..];

    /// <summary>Salt and value, which open the commitment.</summary>
    internal static byte[] Unseal(Guid eventId, string pointer, ReadOnlySpan<byte> sealedBytes, byte[] key)
    {
        if (sealedBytes.Length < Nonce + Salt + Tag) throw new CryptographicException("The ciphertext is too short.");
        var plain = new byte[sealedBytes.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(sealedBytes[..Nonce], sealedBytes[Nonce..^Tag], sealedBytes[^Tag..], plain, Place(eventId, pointer));
        return plain;
    }

    internal static byte[] Commitment(Guid eventId, string pointer, byte[] saltAndValue) => Commitment(Place(eventId, pointer), saltAndValue);

    private static byte[] Commitment(byte[] place, byte[] saltAndValue) => SHA256.HashData([.. "pd-v1"u8, .. place, .. saltAndValue]);

    private static byte[] Place(Guid eventId, string pointer) => [.. LengthPrefixed(eventId.ToString("D")), .. LengthPrefixed(pointer)];

    /// <summary>A big-endian uint32 length and the text's UTF-8 bytes.</summary>
    internal static byte[] LengthPrefixed(string text)
    {
        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bytes.Length - 4);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(4));
        return bytes;
    }
}
