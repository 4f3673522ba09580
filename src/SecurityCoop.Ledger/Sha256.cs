using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecurityCoop.Ledger;

/// <summary>
/// SHA-256 of many short texts. <see cref="SHA256.HashData(ReadOnlySpan{byte})"/> makes a context of OpenSSL's for each, which for a header of 400 bytes takes longer than
/// hashing it does; here each thread keeps one. Where libcrypto is not there the platform's own is used.
/// </summary>
internal static class Sha256
{
    [ThreadStatic]
    private static Context? context;

    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        if (!Libcrypto.IsThere) SHA256.HashData(bytes, to);
        else (context ??= new()).Hash(bytes, to[..MerkleTree.HashSize]);
    }

    public static byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new byte[MerkleTree.HashSize];
        Hash(bytes, hash);
        return hash;
    }

    private sealed class Context
    {
        private readonly nint handle = Libcrypto.EVP_MD_CTX_new();

        public Context() => Done(handle != 0 && Libcrypto.EVP_DigestInit_ex(handle, Libcrypto.EVP_sha256(), 0) == 1);

        ~Context() => Libcrypto.EVP_MD_CTX_free(handle);

        public void Hash(ReadOnlySpan<byte> bytes, Span<byte> to) => Done(
            Libcrypto.EVP_DigestInit_ex(handle, 0, 0) == 1 // Again, with the same digest.
            && Libcrypto.EVP_DigestUpdate(handle, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length) == 1
            && Libcrypto.EVP_DigestFinal_ex(handle, ref MemoryMarshal.GetReference(to), 0) == 1);

        private static void Done(bool done)
        {
            if (!done) throw new CryptographicException("libcrypto does not hash.");
        }
    }
}
