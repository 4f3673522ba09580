using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>Tokens as an attacker, or the provider itself, would write them (RFC 7515, compact form).</summary>
public sealed class Forged(ProviderProcess provider)
{
    /// <summary>A key pair of the attacker's.</summary>
    public RSA OwnKey { get; } = RSA.Create(2048);

    public JsonObject Header { get; } =
        new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = provider.Key.GetProperty("kid").GetString() };

    /// <summary>Good for five minutes, for the register.</summary>
    public JsonObject Claims { get; } = new()
    {
        ["iss"] = provider.Issuer, ["aud"] = ProviderHost.Audience, ["sub"] = "program-7d1f", ["iat"] = Now - 1, ["exp"] = Now + 300,
        ["office"] = new JsonObject { ["roles"] = new JsonArray("coop-chief") },
    };

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Signed with the provider's own key.</summary>
    public string Signed() => With(Signature(RSA.Create(Parameters(provider.Key))));

    /// <summary>Signed with the attacker's.</summary>
    public string SignedByAttacker() => With(Signature(OwnKey));

    /// <summary>With this signature of what is to be signed.</summary>
    public string With(Func<byte[], byte[]> sign)
    {
        var signed = $"{Part(Header)}.{Part(Claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The public key as a text that is at hand for everybody.</summary>
    public byte[] PublicKey() => Encoding.ASCII.GetBytes(RSA.Create(Parameters(provider.Key)).ExportSubjectPublicKeyInfoPem());

    /// <summary>The attacker's public key as a JWK.</summary>
    public JsonObject OwnJwk()
    {
        var own = OwnKey.ExportParameters(false);
        var (n, e) = (Base64Url.EncodeToString(own.Modulus), Base64Url.EncodeToString(own.Exponent));
        return new() { ["kty"] = "RSA", ["kid"] = "own", ["n"] = n, ["e"] = e };
    }

    static Func<byte[], byte[]> Signature(RSA key) => bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    static RSAParameters Parameters(JsonElement jwk)
    {
        byte[] Of(string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString()!);
        return new()
        {
            Modulus = Of("n"), Exponent = Of("e"), D = Of("d"), P = Of("p"), Q = Of("q"), DP = Of("dp"), DQ = Of("dq"), InverseQ = Of("qi"),
        };
    }
}
