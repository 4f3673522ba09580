using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SecurityCoop.Ledger;

namespace SecurityCoop.Verify;

/// <summary>Time stamps of checkpoints (RFC 3161): whose they are, and whether whoever is trusted vouches for it. The host verifies with the same code what it is given.</summary>
/// <param name="trusted">Certificates of time-stamping authorities, or of who vouches for them; may be empty.</param>
internal sealed class TimeStamps(X509Certificate2Collection trusted)
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8"; // id-kp-timeStamping, RFC 3161, section 2.3

    /// <exception cref="CryptographicException">The file has none, or cannot be read as PEM.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static X509Certificate2Collection Certificates(string pemFile)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(pemFile);
        return found.Count > 0 ? found : throw new CryptographicException($"{pemFile} holds no certificate.");
    }

    /// <summary>A stamp as a bundle holds it: who signed it, of these bytes, and whether they are trusted; null where it is not signed by the certificate that it names.</summary>
    public TimeStamp? Read(ReadOnlySpan<byte> token, ReadOnlySpan<byte> stamped)
    {
        try
        {
            if (!Rfc3161TimestampToken.TryDecode(token.ToArray(), out var read, out var length) || length != token.Length) return null;
            var signer = SignerOf(read, stamped);
            return new(read.TokenInfo.Timestamp, signer.Subject, WhyNot(read, signer) is null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The time at which an authority that is trusted has seen these bytes.</summary>
    /// <exception cref="CryptographicException">It is not its stamp, or not of these bytes.</exception>
    public DateTimeOffset Verify(Rfc3161TimestampToken token, ReadOnlySpan<byte> stamped)
    {
        var signer = SignerOf(token, stamped);
        return WhyNot(token, signer) is { } why ? throw new CryptographicException($"The time stamp is signed by {signer.Subject}, for whom nobody vouches: {why}.") : token.TokenInfo.Timestamp;
    }

    private X509Certificate2 SignerOf(Rfc3161TimestampToken token, ReadOnlySpan<byte> stamped) => token.VerifySignatureForData(stamped, out var signer, trusted) ? signer
        : throw new CryptographicException("The time stamp is not of this checkpoint, or not signed by its certificate.");

    private string? WhyNot(Rfc3161TimestampToken token, X509Certificate2 signer)
    {
        if (trusted.Any(c => c.RawDataMemory.Span.SequenceEqual(signer.RawDataMemory.Span))) return null;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(token.AsSignedCms().Certificates);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(TimeStamping));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = token.TokenInfo.Timestamp.LocalDateTime;
        return chain.Build(signer) ? null : string.Join(", ", chain.ChainStatus.Select(s => s.Status));
    }
}
