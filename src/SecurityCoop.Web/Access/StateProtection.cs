using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Protects what a browser carries through a sign-in and back, with AES-256-GCM under a key that all hosts of a register have: the one that answers may be
/// another than the one that asked. ASP.NET's own keys would lie in a folder of each host, and rotate apart.
/// </summary>
sealed class StateProtection(byte[] key, string purpose = "") : IDataProtectionProvider, IDataProtector
{
    const int Nonce = 12, Tag = 16;

    public IDataProtector CreateProtector(string purpose1) => new StateProtection(key, $"{purpose}\n{purpose1}");

    public byte[] Protect(byte[] plaintext)
    {
        var made = new byte[Nonce + plaintext.Length + Tag];
        RandomNumberGenerator.Fill(made.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(made.AsSpan(0, Nonce), plaintext, made.AsSpan(Nonce, plaintext.Length), made.AsSpan(Nonce + plaintext.Length), Encoding.UTF8.GetBytes(purpose));
        return made;
    }

    /// <exception cref="CryptographicException">It was not made here, or for something else.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < Nonce + Tag) throw new CryptographicException("It is too short.");
        var plain = new byte[protectedData.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(protectedData.AsSpan(0, Nonce), protectedData.AsSpan(Nonce, plain.Length), protectedData.AsSpan(Nonce + plain.Length), plain, Encoding.UTF8.GetBytes(purpose));
        return plain;
    }
}
