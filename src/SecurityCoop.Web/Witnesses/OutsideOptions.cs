using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web.Witnesses;

/// <summary>A witness that is asked to cosign our checkpoints.</summary>
/// <param name="Url">Its submission prefix.</param>
/// <param name="Key">Its verifier key, of the cosignature type.</param>
public sealed record ForeignWitness(Uri Url, VerifierKey Key);

/// <summary>Whoever stamps our checkpoints with the time (RFC 3161).</summary>
/// <param name="Certificates">Its own certificate, or those of the authority that vouches for it.</param>
public sealed record TimeStampAuthority(Uri Url, X509Certificate2Collection Certificates);

/// <summary>What the register has to do with others: whose checkpoints it witnesses, who witnesses its own, and who stamps them. All of it is optional.</summary>
/// <param name="Name">The name of this register as a witness; null where it is none.</param>
/// <param name="Logs">Keys of the logs that it witnesses, each named after its origin.</param>
public sealed record OutsideOptions(string? Name, IReadOnlyList<VerifierKey> Logs, IReadOnlyList<ForeignWitness> Witnesses, TimeStampAuthority? TimeStamps)
{
    /// <exception cref="StartRefused">A setting cannot be used; the line names it.</exception>
    public static OutsideOptions Read(IConfiguration configuration)
    {
        var logs = configuration.GetSection("Register:Witness:Logs").GetChildren().Select(s => Key(s, cosigns: false)).ToList();
        var name = configuration["Register:Witness:Name"];
        if (logs.Count > 0 && string.IsNullOrWhiteSpace(name)) throw new StartRefused("Register__Witness__Name is missing: a register that witnesses other logs has a name of its own for that, such as witness.example/one.");
        var witnesses = configuration.GetSection("Register:Witnesses").GetChildren().Select(s => new ForeignWitness(Url(s.GetSection("Url")), Key(s.GetSection("Key"), cosigns: true))).ToList();
        var stamps = configuration.GetSection("Register:TimeStamp");
        return new(logs.Count > 0 ? name : null, logs, witnesses, stamps["Url"] is null ? null : new(Url(stamps.GetSection("Url")), Certificates(stamps.GetSection("Certificate"))));
    }

    static VerifierKey Key(IConfigurationSection setting, bool cosigns)
    {
        try
        {
            var key = VerifierKey.Parse(setting.Value ?? "");
            return key.Type == KeyType.Cosignature == cosigns ? key : throw new FormatException(cosigns ? "It is a log's key, not a witness's." : "It is a witness's key, not a log's.");
        }
        catch (FormatException e)
        {
            throw new StartRefused($"{NameOf(setting)} cannot be used: {e.Message}", e);
        }
    }

    static Uri Url(IConfigurationSection setting) => Uri.TryCreate(setting.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw new StartRefused($"{NameOf(setting)} is no address such as https://host/path: {setting.Value}");

    static X509Certificate2Collection Certificates(IConfigurationSection setting)
    {
        try
        {
            return Verify.TimeStamps.Certificates(setting.Value ?? "");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartRefused($"{NameOf(setting)} must be a PEM file with the certificate of the time-stamping authority, or of who vouches for it: {e.Message}", e);
        }
    }

    static string NameOf(IConfigurationSection setting) => setting.Path.Replace(":", "__", StringComparison.Ordinal);
}
