using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>The first byte of an encoded key (C2SP signed-note, "Signature types"). Cosignature: a witness's Ed25519 key, whose signatures carry a time.</summary>
public enum KeyType : byte { Ed25519 = 0x01, Ecdsa = 0x02, Cosignature = 0x04 }

/// <summary>A public key that verifies signatures of notes, with the name that stands in their lines.</summary>
/// <param name="Name">Not empty, without Unicode spaces and plus signs.</param>
/// <param name="Key">Ed25519 and cosignature: the 32 bytes of RFC 8032. ECDSA: a P-256 key as DER SubjectPublicKeyInfo.</param>
public sealed record VerifierKey(string Name, KeyType Type, ReadOnlyMemory<byte> Key)
{
    /// <summary>
    /// The first four bytes, big-endian: Ed25519 and cosignature of SHA-256(name ‖ 0x0A ‖ type ‖ key), ECDSA of SHA-256(SubjectPublicKeyInfo).
    /// </summary>
    public uint Id { get; } = BinaryPrimitives.ReadUInt32BigEndian(Type switch
    {
        KeyType.Ed25519 or KeyType.Cosignature => SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', (byte)Type, .. Key.Span]),
        KeyType.Ecdsa => SHA256.HashData(Key.Span),
    });

    // SubjectPublicKeyInfo of an uncompressed point on P-256 (RFC 5480, section 2.2), up to the 64 bytes of the point: the one encoding that is taken.
    private static readonly byte[] p256 = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    /// <summary>Reads <c>name+hash+base64(type ‖ key)</c>, the hash in lower-case hexadecimal.</summary>
    /// <exception cref="FormatException">It is not of that form, of an unknown type, no point of its curve, or its hash is not that of the key.</exception>
    public static VerifierKey Parse(string text)
    {
        if (text.Split('+', 3) is not [var name, { Length: 8 } hash, var encoded] || !Note.IsName(name) || Note.Base64(encoded) is not { Length: > 1 } bytes
            || !hash.All(char.IsAsciiHexDigitLower))
            throw new FormatException("A verifier key has the form name+hash+base64.");
        var id = uint.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var type = bytes[0] switch
        {
            0x01 => KeyType.Ed25519,
            0x02 => KeyType.Ecdsa,
            0x04 => KeyType.Cosignature,
            var other => throw new FormatException($"The verifier key {name} is of type {other}; known are 1 (Ed25519), 2 (ECDSA) and 4 (cosignature)."),
        };
        var key = new VerifierKey(name, type, bytes.AsMemory(1));
        if (type != KeyType.Ecdsa && !Ed25519.IsPoint(key.Key.Span)) throw new FormatException($"The verifier key {name} is not {Ed25519.KeySize} bytes that encode a point.");
        if (type == KeyType.Ecdsa) key.OpenEcdsa().Dispose();
        return key.Id == id ? key : throw new FormatException($"The verifier key {name} has the hash {hash}; its bytes give {key.Id:x8}.");
    }

    /// <summary>Whether a signature is this key's over a note's text.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine has no libcrypto to verify Ed25519 with.</exception>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (Type != KeyType.Ecdsa && !Ed25519.IsSupported) throw new PlatformNotSupportedException("Ed25519 needs OpenSSL's libcrypto, which this machine does not have.");
        if (Type == KeyType.Ed25519) return Ed25519.Verify(Key.Span, text, signature);
        if (Type == KeyType.Cosignature) return Cosignature.Time(signature) is { } time && Ed25519.Verify(Key.Span, Cosignature.Message(text, time), signature[8..]);
        using var ecdsa = OpenEcdsa();
        return ecdsa.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private ECDsa OpenEcdsa()
    {
        if (Key.Length != p256.Length + 64 || !Key.Span.StartsWith(p256)) throw new FormatException($"The verifier key {Name} is not a P-256 key with an uncompressed point.");
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(Key.Span, out _);
            return ecdsa;
        }
        catch (CryptographicException damaged)
        {
            ecdsa.Dispose();
            throw new FormatException($"The verifier key {Name} is damaged.", damaged);
        }
    }

    public bool Equals(VerifierKey? other) => other is not null && Name == other.Name && Type == other.Type && Key.Span.SequenceEqual(other.Key.Span);

    public override int GetHashCode() => HashCode.Combine(Name, Id);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Type, .. Key.Span])}";
}

/// <summary>A private key that signs notes. Its text form is to be kept like a password.</summary>
public sealed class SigningKey
{
    private const string Prefix = "PRIVATE+KEY+";

    private readonly byte[] secret; // Ed25519: the seed. ECDSA: PKCS #8.

    private SigningKey(string name, KeyType type, byte[] secret)
    {
        this.secret = secret;
        Public = new(name, type, type switch { KeyType.Ed25519 or KeyType.Cosignature => Ed25519.PublicKey(secret), KeyType.Ecdsa => PublicOf(secret) });
    }

    public VerifierKey Public { get; }

    /// <param name="name">The name of the key, the same as the checkpoints' origin.</param>
    /// <param name="type">Null: Ed25519 where libcrypto is there, ECDSA P-256 otherwise.</param>
    public static SigningKey Make(string name, KeyType? type = null)
    {
        var which = type ?? (Ed25519.IsSupported ? KeyType.Ed25519 : KeyType.Ecdsa);
        if (!Note.IsName(name)) throw new ArgumentException("A key's name is not empty and has no spaces or plus signs.", nameof(name));
        if (which != KeyType.Ecdsa) return new(name, which, RandomNumberGenerator.GetBytes(Ed25519.KeySize));
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(name, which, ecdsa.ExportPkcs8PrivateKey());
    }

    /// <summary>Reads <c>PRIVATE+KEY+name+hash+base64(type ‖ secret)</c>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static SigningKey Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('+', 3) is not [var name, var hash, var encoded] || !Note.IsName(name)
            || Note.Base64(encoded) is not { Length: > 1 } bytes || bytes[0] is not (0x01 or 0x02 or 0x04))
            throw new FormatException($"A signing key has the form {Prefix}name+hash+base64.");
        try
        {
            var key = new SigningKey(name, (KeyType)bytes[0], bytes[1..]);
            return $"{key.Public.Id:x8}" == hash ? key : throw new FormatException("The signing key's hash is not that of its bytes.");
        }
        catch (CryptographicException damaged)
        {
            throw new FormatException("The signing key is damaged.", damaged);
        }
    }

    /// <summary>A witness's cosignature over a checkpoint's text, as it stands in a line of the note: the time in seconds of POSIX, then the signature.</summary>
    public NoteSignature Cosign(ReadOnlySpan<byte> text, DateTimeOffset at)
    {
        if (Public.Type != KeyType.Cosignature) throw new InvalidOperationException($"{Public.Name} signs notes of its own; it is no witness's key.");
        var signature = new byte[8 + Ed25519.SignatureSize];
        BinaryPrimitives.WriteInt64BigEndian(signature, at.ToUnixTimeSeconds());
        Ed25519.Sign(secret, Cosignature.Message(text, at.ToUnixTimeSeconds())).CopyTo(signature, 8);
        return new(Public.Name, Public.Id, signature);
    }

    /// <summary>The signature over a note's text, as it stands in a line of the note.</summary>
    public NoteSignature Sign(ReadOnlySpan<byte> text)
    {
        if (Public.Type == KeyType.Cosignature) throw new InvalidOperationException($"{Public.Name} is a witness's key; it signs with the time.");
        if (Public.Type == KeyType.Ed25519) return new(Public.Name, Public.Id, Ed25519.Sign(secret, text));
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(secret, out _);
        return new(Public.Name, Public.Id, ecdsa.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>The secret, as <see cref="Parse"/> reads it. Not called ToString, so that no log prints it by mistake.</summary>
    public string Export() => $"{Prefix}{Public.Name}+{Public.Id:x8}+{Convert.ToBase64String([(byte)Public.Type, .. secret])}";

    private static byte[] PublicOf(byte[] pkcs8)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return ecdsa.ExportSubjectPublicKeyInfo();
    }
}
