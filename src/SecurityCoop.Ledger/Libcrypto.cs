using System.Reflection;
using System.Runtime.InteropServices;

namespace SecurityCoop.Ledger;

/// <summary>OpenSSL's libcrypto, which the runtime itself loads on Linux, for what .NET has not.</summary>
internal static class Libcrypto
{
    // By versioned names only: macOS ends a process that loads its own unversioned libcrypto.
    private static readonly string[] places =
    [
        "libcrypto.so.3", "libcrypto.so.1.1", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    ];

    private static readonly nint library = Load();

    static Libcrypto() => NativeLibrary.SetDllImportResolver(typeof(Libcrypto).Assembly, Resolve);

    public static bool IsThere => library != 0;

    private static nint Load()
    {
        foreach (var place in places)
            if (NativeLibrary.TryLoad(place, out var handle) && NativeLibrary.TryGetExport(handle, "EVP_DigestSign", out _)) return handle;
        return 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == "libcrypto" ? library : 0;

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code for a handful of calls.
    [DllImport("libcrypto")]
    public static extern nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte[] key, nuint length);

    [DllImport("libcrypto")]
    public static extern nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte[] key, nuint length);

    [DllImport("libcrypto")]
    public static extern int EVP_PKEY_get_raw_public_key(nint key, byte[] to, ref nuint length);

    [DllImport("libcrypto")]
    public static extern void EVP_PKEY_free(nint key);

    [DllImport("libcrypto")]
    public static extern nint EVP_MD_CTX_new();

    [DllImport("libcrypto")]
    public static extern void EVP_MD_CTX_free(nint context);

    [DllImport("libcrypto")]
    public static extern nint EVP_sha256();

    [DllImport("libcrypto")]
    public static extern int EVP_DigestInit_ex(nint context, nint digest, nint engine);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestUpdate(nint context, ref readonly byte bytes, nuint length);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestFinal_ex(nint context, ref byte to, nint length);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestSign(nint context, byte[] signature, ref nuint length, byte[] message, nuint messageLength);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DllImport("libcrypto")]
    public static extern int EVP_DigestVerify(nint context, byte[] signature, nuint length, byte[] message, nuint messageLength);
#pragma warning restore SYSLIB1054
}
