using System.Diagnostics;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace SecurityCoop.Ledger.Tests;

/// <summary>A time-stamping authority by OpenSSL (`openssl ts`, RFC 3161), vouched for by a root of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("authority-").FullName;

    public TestAuthority()
    {
        using var rootKey = RSA.Create(2048);
        using var ownKey = RSA.Create(2048);
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var root = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var vouches = root.CreateSelfSigned(from, until);
        var own = new CertificateRequest("CN=Test authority", ownKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        own.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], true));
        using var certificate = own.Create(vouches, from, until, [7]);
        Root = Write("root.pem", vouches.ExportCertificatePem());
        Write("own.pem", certificate.ExportCertificatePem());
        Write("own.key", ownKey.ExportPkcs8PrivateKeyPem());
        Write("tsa.cnf", $"[tsa]\nserial = {Path.Combine(folder, "serial")}\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n");
    }

    /// <summary>File with the certificate of who vouches for it.</summary>
    public string Root { get; }

    /// <summary>A TimeStampToken of these bytes, DER.</summary>
    public byte[] Stamp(byte[] bytes)
    {
        var request = Rfc3161TimestampRequest.CreateFromData(bytes, HashAlgorithmName.SHA256, requestSignerCertificates: true);
        File.WriteAllBytes(Path.Combine(folder, "query"), request.Encode());
        using var openssl = Process.Start(new ProcessStartInfo("openssl",
            ["ts", "-reply", "-config", In("tsa.cnf"), "-section", "tsa", "-queryfile", In("query"), "-signer", In("own.pem"), "-inkey", In("own.key"), "-out", In("reply")]) { RedirectStandardError = true })!;
        var errors = openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        if (openssl.ExitCode != 0) throw new InvalidOperationException(errors);
        return request.ProcessResponse(File.ReadAllBytes(In("reply")), out _).AsSignedCms().Encode();
    }

    /// <summary>What a token says (RFC 3161, section 2.4.2; RFC 5652), signed by nobody: enough for whoever looks only at what was stamped, and when.</summary>
    public static byte[] Unsigned(byte[] bytes)
    {
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteInteger(1);
            info.WriteObjectIdentifier("1.2.3.4.1");
            using (info.PushSequence())
            {
                using (info.PushSequence()) info.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
                info.WriteOctetString(SHA256.HashData(bytes));
            }
            info.WriteInteger(7);
            info.WriteGeneralizedTime(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        }
        var (inner, token) = (new Asn1Tag(TagClass.ContextSpecific, 0), new AsnWriter(AsnEncodingRules.DER));
        using (token.PushSequence())
        {
            token.WriteObjectIdentifier("1.2.840.113549.1.7.2");
            using (token.PushSequence(inner))
            using (token.PushSequence())
            {
                token.WriteInteger(3);
                using (token.PushSetOf()) { }
                using (token.PushSequence())
                {
                    token.WriteObjectIdentifier("1.2.840.113549.1.9.16.1.4");
                    using (token.PushSequence(inner)) token.WriteOctetString(info.Encode());
                }
            }
        }
        return token.Encode();
    }

    /// <summary>The time in a token, as verifiers show it.</summary>
    public static string TimeOf(byte[] token) => Rfc3161TimestampToken.TryDecode(token, out var read, out _) ? read.TokenInfo.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : throw new FormatException();

    private string In(string name) => Path.Combine(folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
