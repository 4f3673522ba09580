using System.Numerics;
using System.Security.Cryptography;

namespace SecurityCoop.Ledger;

/// <summary>
/// Ed25519 (RFC 8032) by OpenSSL's libcrypto, which the runtime itself loads on Linux: .NET has none of its own. Where libcrypto is missing
/// <see cref="IsSupported"/> is false, and ECDSA is what there is.
/// </summary>
public static class Ed25519
{
    public const int KeySize = 32, SignatureSize = 64;

    private const int Nid = 1087; // NID_ED25519

    // The field's prime and the curve's d = −121665/121666 (RFC 8032, section 5.1).
    private static readonly BigInteger prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger d = (prime - 121665) * BigInteger.ModPow(121666, prime - 2, prime) % prime;

    public static bool IsSupported => Libcrypto.IsThere;

    /// <summary>Whether bytes are the one encoding of a point (RFC 8032, section 5.1.3). libcrypto takes others too, and verifies under them.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize) return false;
        Span<byte> bytes = stackalloc byte[KeySize];
        key.CopyTo(bytes);
        var isNegative = (bytes[31] & 0x80) != 0;
        bytes[31] &= 0x7f;
        var y = new BigInteger(bytes, isUnsigned: true);
        if (y >= prime) return false;
        var square = y * y % prime;
        // x² = (y² − 1) / (d·y² + 1). A quotient is a square where the product is one (Euler's criterion).
        var product = (square + prime - 1) * ((d * square + 1) % prime) % prime;
        return product.IsZero ? !isNegative : BigInteger.ModPow(product, (prime - 1) / 2, prime).IsOne;
    }

    /// <summary>The public key of a private one.</summary>
    /// <param name="seed">The private key of RFC 8032: 32 random bytes.</param>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var key = Key(Libcrypto.EVP_PKEY_new_raw_private_key(Nid, 0, Exactly(seed, KeySize), KeySize));
        try
        {
            var publicKey = new byte[KeySize];
            nuint length = KeySize;
            return Libcrypto.EVP_PKEY_get_raw_public_key(key, publicKey, ref length) == 1 && length == KeySize ? publicKey : throw new CryptographicException("No public key was given.");
        }
        finally
        {
            Libcrypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>The signature of a message, 64 bytes; the same each time.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var key = Key(Libcrypto.EVP_PKEY_new_raw_private_key(Nid, 0, Exactly(seed, KeySize), KeySize));
        var context = Libcrypto.EVP_MD_CTX_new();
        try
        {
            var signature = new byte[SignatureSize];
            nuint length = SignatureSize;
            var done = context != 0 && Libcrypto.EVP_DigestSignInit(context, 0, 0, 0, key) == 1
                && Libcrypto.EVP_DigestSign(context, signature, ref length, message.ToArray(), (nuint)message.Length) == 1 && length == SignatureSize;
            return done ? signature : throw new CryptographicException("The message could not be signed.");
        }
        finally
        {
            Libcrypto.EVP_MD_CTX_free(context);
            Libcrypto.EVP_PKEY_free(key);
        }
    }

    /// <summary>Whether a signature is that key's over that message; false for a key or signature of another length, too.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize) return false;
        var key = Key(Libcrypto.EVP_PKEY_new_raw_public_key(Nid, 0, publicKey.ToArray(), KeySize));
        var context = Libcrypto.EVP_MD_CTX_new();
        try
        {
            return context != 0 && Libcrypto.EVP_DigestVerifyInit(context, 0, 0, 0, key) == 1
                && Libcrypto.EVP_DigestVerify(context, signature.ToArray(), SignatureSize, message.ToArray(), (nuint)message.Length) == 1;
        }
        finally
        {
            Libcrypto.EVP_MD_CTX_free(context);
            Libcrypto.EVP_PKEY_free(key);
        }
    }

    private static byte[] Exactly(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length ? bytes.ToArray() : throw new CryptographicException($"An Ed25519 key has {length} bytes, not {bytes.Length}.");

    private static nint Key(nint key) => key != 0 ? key : throw new CryptographicException("libcrypto refuses the Ed25519 key.");
}
