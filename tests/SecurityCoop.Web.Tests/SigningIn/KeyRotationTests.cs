using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>A provider changes the keys that it signs with: the new one counts at once, and one that it no longer lists does not.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    readonly RsaSecurityKey first = Key("first"), second = Key("second"), never = Key("never-listed");
    readonly WebApplication app = Build();
    IReadOnlyList<RsaSecurityKey> listed = [];
    int asked;

    static RsaSecurityKey Key(string id) => new(RSA.Create(2048)) { KeyId = id };

    static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    string Issuer => app.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(new JsonObject
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/auth", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys",
        }.ToJsonString(), "application/json"));
        app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref asked);
            return Results.Text(new JsonObject { ["keys"] = new JsonArray([.. listed.Select(Public)]) }.ToJsonString(), "application/json");
        });
        await app.StartAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_new_key_is_taken_when_a_token_names_it_and_one_that_left_is_refused_once_the_keys_were_read_again()
    {
        listed = [first];
        var provider = NewProvider();
        (await Taken(provider, first)).ShouldBeTrue();
        (await Taken(provider, second)).ShouldBeFalse("it is not listed yet");

        listed = [first, second];
        await Until(() => Taken(provider, second));
        (await Taken(provider, first)).ShouldBeTrue("both are listed");

        listed = [second];
        (await Taken(provider, second)).ShouldBeTrue();
        await Until(async () =>
        {
            await Taken(provider, never); // A key that it does not know has the keys read again.
            return !await Taken(provider, first);
        });
        (await Taken(provider, second)).ShouldBeTrue();
        (await Taken(provider, never)).ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_keys_have_the_providers_keys_read_again_seldom()
    {
        listed = [first];
        var provider = NewProvider(quick: false);
        (await Taken(provider, first)).ShouldBeTrue();
        for (var i = 0; i < 20; i++) (await Taken(provider, Key($"guessed-{i}"))).ShouldBeFalse();
        asked.ShouldBeLessThanOrEqualTo(2);
        provider.Discovery.AutomaticRefreshInterval.ShouldBe(TimeSpan.FromHours(1));
    }

    // The library waits five minutes between two readings for unknown keys.
    Provider NewProvider(bool quick = true)
    {
        var settings = ProviderHost.SettingsOf(Issuer).ToDictionary(s => "Register:Oidc:" + s.Key, s => (string?)s.Value);
        var read = ProviderSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())!;
        var provider = new Provider(read, NullLogger<Provider>.Instance);
        if (quick) provider.Discovery.RefreshInterval = TimeSpan.FromSeconds(1);
        return provider;
    }

    async Task<bool> Taken(Provider provider, RsaSecurityKey key)
    {
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer, Audience = ProviderHost.Audience, TokenType = "at+jwt", Expires = DateTime.UtcNow.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = "program-1" }, SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
        });
        return await provider.ReadAccessToken(token, default) is not null;
    }

    static async Task Until(Func<Task<bool>> holds)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); !await holds(); await Task.Delay(200)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    static JsonNode Public(RsaSecurityKey key)
    {
        var parts = key.Rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = key.KeyId,
            ["n"] = Base64Url.EncodeToString(parts.Modulus), ["e"] = Base64Url.EncodeToString(parts.Exponent),
        };
    }
}
