using System.Reflection;
using System.Runtime.InteropServices;
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

    // By versioned names only: macOS ends a process that loads its own unversioned libcrypto.
    private static readonly string[] places =
    [
        "libcrypto.so.3", "libcrypto.so.1.1", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    ];

    private static readonly Lazy<nint> library = new(() =>
    {
        foreach (var place in places)
            if (NativeLibrary.TryLoad(place, out var handle) && NativeLibrary.TryGetExport(handle, "EVP_DigestSign", out _)) return handle;
        return 0;
    });

    static Ed25519() => NativeLibrary.SetDllImportResolver(typeof(Ed25519).Assembly, Resolve);

    public static bool IsSupported => library.Value != 0;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == "libcrypto" ? library.Value : 0;

    /// <summary>The public key of a private one.</summary>
    /// <param name="seed">The private key of RFC 8032: 32 random bytes.</param>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var key = Key(EVP_PKEY_new_raw_private_key(Nid, 0, Exactly(seed, KeySize), KeySize));
        try
        {
            var publicKey = new byte[KeySize];
            nuint length = KeySize;
            return EVP_PKEY_get_raw_public_key(key, publicKey, ref length) == 1 && length == KeySize ? publicKey : throw new CryptographicException("No public key was given.");
        }
        finally
        {
            EVP_PKEY_free(key);
        }
    }

    /// <summary>The signature of a message, 64 bytes; the same each time.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var key = Key(EVP_PKEY_new_raw_private_key(Nid, 0, Exactly(seed, KeySize), KeySize));
        var context = EVP_MD_CTX_new();
        try
        {
            var signature = new byte[SignatureSize];
            nuint length = SignatureSize;
            var done = context != 0 && EVP_DigestSignInit(context, 0, 0, 0, key) == 1
                && EVP_DigestSign(context, signature, ref length, message.ToArray(), (nuint)message.Length) == 1 && length == SignatureSize;
            return done ? signature : throw new CryptographicException("The message could not be signed.");
        }
        finally
        {
            EVP_MD_CTX_free(context);
            EVP_PKEY_free(key);
        }
    }

    /// <summary>Whether a signature is that key's over that message; false for a key or signature of another length, too.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize) return false;
        var key = Key(EVP_PKEY_new_raw_public_key(Nid, 0, publicKey.ToArray(), KeySize));
        var context = EVP_MD_CTX_new();
        try
        {
            return context != 0 && EVP_DigestVerifyInit(context, 0, 0, 0, key) == 1
                && EVP_DigestVerify(context, signature.ToArray(), SignatureSize, message.ToArray(), (nuint)message.Length) == 1;
        }
        finally
        {
            EVP_MD_CTX_free(context);
            EVP_PKEY_free(key);
        }
    }

    private static byte[] Exactly(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length ? bytes.ToArray() : throw new CryptographicException($"An Ed25519 key has {length} bytes, not {bytes.Length}.");

    private static nint Key(nint key) => key != 0 ? key : throw new CryptographicException("libcrypto refuses the Ed25519 key.");

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code for a handful of calls.
    [DllImport("libcrypto")]
    private static extern nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte[] key, nuint length);

    [DllImport("libcrypto")]
    private static extern nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte[] key, nuint length);

    [DllImport("libcrypto")]
    private static extern int EVP_PKEY_get_raw_public_key(nint key, byte[] to, ref nuint length);

    [DllImport("libcrypto")]
    private static extern void EVP_PKEY_free(nint key);

    [DllImport("libcrypto")]
    private static extern nint EVP_MD_CTX_new();

    [DllImport("libcrypto")]
    private static extern void EVP_MD_CTX_free(nint context);

    [DllImport("libcrypto")]
    private static extern int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DllImport("libcrypto")]
    private static extern int EVP_DigestSign(nint context, byte[] signature, ref nuint length, byte[] message, nuint messageLength);

    [DllImport("libcrypto")]
    private static extern int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DllImport("libcrypto")]
    private static extern int EVP_DigestVerify(nint context, byte[] signature, nuint length, byte[] message, nuint messageLength);
#pragma warning restore SYSLIB1054
}
