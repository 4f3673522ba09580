using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>Programs' tokens: the provider's own are taken, and whatever somebody else could write is not.</summary>
[Collection(ProviderCollection.Name)]
public sealed class TokenAttackTests(ProviderHost host)
{
    // Each changes one thing of a token that would be good.
    static readonly Dictionary<string, Func<Forged, string>> attacks = new()
    {
        ["no signature, and alg none"] = f => { f.Header["alg"] = "none"; return f.With(_ => []); },
        ["alg None, in other letters"] = f => { f.Header["alg"] = "nOnE"; return f.With(_ => []); },
        ["HS256 with the public key as the secret"] = f =>
        {
            f.Header["alg"] = "HS256";
            return f.With(bytes => HMACSHA256.HashData(f.PublicKey(), bytes));
        },
        ["another's signature"] = f => f.SignedByAttacker(),
        ["a key that the provider does not have"] = f => { f.Header["kid"] = "unknown-key-5a"; return f.Signed(); },
        ["no kid"] = f => { f.Header.Remove("kid"); return f.Signed(); },
        ["another audience"] = f => { f.Claims["aud"] = "urn:another"; return f.Signed(); },
        ["the client's audience, as an ID token has it"] = f => { f.Claims["aud"] = "register"; return f.Signed(); },
        ["no audience"] = f => { f.Claims.Remove("aud"); return f.Signed(); },
        ["another issuer"] = f => { f.Claims["iss"] = "https://elsewhere.example"; return f.Signed(); },
        ["an issuer that begins alike"] = f => { f.Claims["iss"] = f.Claims["iss"] + ".elsewhere.example"; return f.Signed(); },
        ["no issuer"] = f => { f.Claims.Remove("iss"); return f.Signed(); },
        ["the type of an ID token"] = f => { f.Header["typ"] = "JWT"; return f.Signed(); },
        ["the type of a logout token"] = f => { f.Header["typ"] = "logout+jwt"; return f.Signed(); },
        ["no type"] = f => { f.Header.Remove("typ"); return f.Signed(); },
        ["expired"] = f => { f.Claims["exp"] = Forged.Now - 31; return f.Signed(); },
        ["no expiry"] = f => { f.Claims.Remove("exp"); return f.Signed(); },
        ["not valid yet"] = f => { f.Claims["nbf"] = Forged.Now + 60; return f.Signed(); },
        ["no subject"] = f => { f.Claims.Remove("sub"); return f.Signed(); },
        ["a subject longer than any provider's"] = f => { f.Claims["sub"] = new string('s', 256); return f.Signed(); },
        ["a key of its own in the header (jwk)"] = f =>
        {
            (f.Header["jwk"], f.Header["kid"]) = (f.OwnJwk(), "own");
            return f.SignedByAttacker();
        },
        ["a key of its own, under the provider's kid"] = f => { f.Header["jwk"] = f.OwnJwk(); return f.SignedByAttacker(); },
        ["a certificate of its own in the header (x5c)"] = f =>
        {
            var request = new CertificateRequest("CN=provider", f.OwnKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            f.Header["x5c"] = new JsonArray(Convert.ToBase64String(made.RawData));
            return f.SignedByAttacker();
        },
        ["a flipped bit in the header"] = f => Flipped(f.Signed(), 0),
        ["a flipped bit in the claims"] = f => Flipped(f.Signed(), 1),
        ["a flipped bit in the signature"] = f => Flipped(f.Signed(), 2),
        ["an empty signature"] = f => f.With(_ => []),
        ["the signature of other claims"] = f =>
        {
            var signature = f.Signed().Split('.')[2];
            f.Claims["sub"] = "program-other";
            return f.With(_ => []) + signature;
        },
        ["a second signature behind the first"] = f => { var token = f.Signed(); return $"{token}.{token.Split('.')[2]}"; },
        ["the JSON serialisation"] = f =>
        {
            var parts = f.Signed().Split('.');
            return new JsonObject { ["payload"] = parts[1], ["protected"] = parts[0], ["signature"] = parts[2] }.ToJsonString();
        },
        ["the JSON serialisation with two signatures"] = f =>
        {
            var parts = f.Signed().Split('.');
            JsonObject Signature() => new() { ["protected"] = parts[0], ["signature"] = parts[2] };
            return new JsonObject { ["payload"] = parts[1], ["signatures"] = new JsonArray(Signature(), Signature()) }.ToJsonString();
        },
        ["an encrypted token's five parts"] = f => f.Signed() is var token ? $"{token}.{token.Split('.')[1]}.{token.Split('.')[2]}" : "",
        ["a critical header that nobody knows"] = f =>
        {
            (f.Header["crit"], f.Header["x-own"]) = (new JsonArray("x-own"), 1);
            return f.Signed();
        },
        ["overlong"] = f => { f.Claims["filler"] = new string('x', 20_000); return f.Signed(); },
        ["nothing that can be read"] = _ => "eyJhbGciOiJSUzI1NiJ9.!!!.###",
    };

    public static TheoryData<string> Attacks => [.. attacks.Keys];

    [Fact]
    public async Task What_the_provider_signed_for_the_register_is_taken_with_the_roles_that_its_claims_give()
    {
        var forged = new Forged(host.Provider);
        (await Status(forged.Signed())).ShouldBe(HttpStatusCode.OK);
        forged.Claims["office"] = new JsonObject { ["roles"] = new JsonArray("canteen") };
        (await Status(forged.Signed())).ShouldBe(HttpStatusCode.Forbidden, "known, but without a role");
    }

    [Fact]
    public async Task A_program_with_a_token_that_the_provider_itself_made_is_known_and_has_no_role()
    {
        using var http = host.Client(await host.Provider.ProgramToken());
        (await http.Read("/api/meetings")).ShouldBeProblem(403, "no-role");
        (await http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_token_is_refused_with(string what)
    {
        var forged = new Forged(host.Provider);
        var token = attacks[what](forged);
        var before = host.Logs.Length;
        using var http = host.Client(null);

        var answer = await http.Read("/api/meetings", ("Authorization", $"Bearer {token}"));

        answer.ShouldBeProblem(401, "unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        var logged = host.Logs[before..];
        foreach (var part in token.Split('.').Where(p => p.Length > 8)) logged.ShouldNotContain(part);
        foreach (var said in new[] { "program-7d1f", "urn:another", "unknown-key-5a", "elsewhere.example" }) logged.ShouldNotContain(said);
    }

    [Theory]
    [InlineData("jku")]
    [InlineData("x5u")]
    public async Task An_address_of_keys_in_the_header_is_neither_believed_nor_asked(string header)
    {
        await using var keys = await AttackersKeys.Serve();
        var forged = new Forged(host.Provider);
        (forged.Header[header], forged.Header["kid"]) = (keys.Address, "own");
        keys.Answer = new JsonObject { ["keys"] = new JsonArray(forged.OwnJwk()) }.ToJsonString();

        (await Status(forged.SignedByAttacker())).ShouldBe(HttpStatusCode.Unauthorized);
        keys.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_is_longer_than_any_keeps_nobody_out()
    {
        var forged = new Forged(host.Provider);
        (forged.Claims["sub"], forged.Claims["name"]) = ("program-long-name", new string('n', 300));
        (await Status(forged.Signed())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_sent_twice_over_is_refused()
    {
        var token = new Forged(host.Provider).Signed();
        using var http = host.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/meetings");
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {token}", $"Bearer {token}"]);
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_is_no_longer_taken_once_it_has_expired_though_it_was_taken_just_before()
    {
        var forged = new Forged(host.Provider);
        forged.Claims["exp"] = Forged.Now - 27; // Within what clocks may differ by, for three seconds.
        var token = forged.Signed();
        (await Status(token)).ShouldBe(HttpStatusCode.OK);
        await Task.Delay(TimeSpan.FromSeconds(4));
        (await Status(token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    static string Flipped(string token, int part)
    {
        var parts = token.Split('.');
        var bytes = Base64Url.DecodeFromChars(parts[part]);
        bytes[bytes.Length / 2] ^= 1;
        parts[part] = Base64Url.EncodeToString(bytes);
        return string.Join('.', parts);
    }

    async Task<HttpStatusCode> Status(string token)
    {
        using var http = host.Client(token);
        return (await http.Read("/api/meetings")).Status;
    }
}
