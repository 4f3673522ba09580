using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Protects what a browser carries through a sign-in and back, with AES-256-GCM under a key that all hosts of a register have: the one that
/// answers may be another than the one that asked. ASP.NET's own keys would lie in a folder of each host, and rotate apart.
/// </summary>
sealed class StateProtection(byte[] key, string purpose = "") : IDataProtectionProvider, IDataProtector
{
    const int Nonce = 12, Tag = 16;

    public IDataProtector CreateProtector(string purpose1) => new StateProtection(key, $"{purpose}\n{purpose1}");

    byte[] Purpose { get; } = Encoding.UTF8.GetBytes(purpose);

    public byte[] Protect(byte[] plaintext)
    {
        var made = new byte[Nonce + plaintext.Length + Tag];
        var (nonce, cipher, tag) = Parts(made);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(nonce.Span, plaintext, cipher.Span, tag.Span, Purpose);
        return made;
    }

    /// <exception cref="CryptographicException">It was not made here, or for something else.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < Nonce + Tag) throw new CryptographicException("It is too short.");
        var (nonce, cipher, tag) = Parts(protectedData);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Purpose);
        return plain;
    }

    static (Memory<byte> Nonce, Memory<byte> Cipher, Memory<byte> Tag) Parts(Memory<byte> all) =>
        (all[..Nonce], all[Nonce..^Tag], all[^Tag..]);
}
