using Microsoft.Extensions.Configuration;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>What is wrong with the provider's settings is said at the start, by the setting's name.</summary>
public sealed class ProviderSettingsTests
{
    static ProviderSettings? Read(params (string Name, string? Value)[] changed)
    {
        var settings = ProviderHost.SettingsOf("https://login.example/office")
            .ToDictionary(s => "Register:Oidc:" + s.Key, s => (string?)s.Value);
        foreach (var (name, value) in changed) settings["Register:Oidc:" + name] = value;
        return ProviderSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Where(s => s.Value is not null)).Build());
    }

    [Fact]
    public void Without_settings_there_is_no_provider() => ProviderSettings.Read(new ConfigurationBuilder().Build()).ShouldBeNull();

    [Fact]
    public void What_is_not_given_is_as_the_documentation_says()
    {
        var read = Read(("RolesClaim", null))!;
        (read.Idle, read.Absolute, read.Recent).ShouldBe((TimeSpan.FromMinutes(30), TimeSpan.FromHours(10), TimeSpan.FromMinutes(10)));
        (string.Join(' ', read.Scopes), string.Join(' ', read.TokenTypes)).ShouldBe(("openid profile", "at+jwt"));
        (read.Claims.RolesClaim, read.Claims.NameClaim).ShouldBe(("roles", "name"));
        read.Claims.Roles.ShouldBe([("coop-desk", Role.Recorder), ("coop-north", Role.Recorder), ("coop-chief", Role.Steward)]);
    }

    [Fact]
    public void The_client_secret_may_stand_in_a_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "of the file\n");
        Read(("ClientSecret", null), ("ClientSecretFile", file))!.ClientSecret.ShouldBe("of the file");
        File.Delete(file);
    }

    [Theory]
    [InlineData("Authority", null, "Register__Oidc__Authority is missing")]
    [InlineData("Authority", "login.example", "Register__Oidc__Authority: login.example is no address")]
    [InlineData("Authority", "http://login.example", "must begin with https://")]
    [InlineData("Authority", "https://login.example/?realm=1", "Register__Oidc__Authority: https://login.example/?realm=1 has more to it")]
    [InlineData("ClientId", null, "Register__Oidc__ClientId is missing")]
    [InlineData("ClientSecretFile", "/tmp/any", "Register__Oidc__ClientSecretFile: Register__Oidc__ClientSecret is given too")]
    [InlineData("Audiance", "urn:register", "Register__Oidc__Audiance is no setting")]
    [InlineData("Scopes", "profile", "Register__Oidc__Scopes: openid must be among them")]
    [InlineData("Roles:recorders", "coop-desk", "Register__Oidc__Roles__recorders: recorders is none of reader, recorder")]
    [InlineData("Clearance:top", "c4", "Register__Oidc__Clearance__top: top is none of open, restricted")]
    [InlineData("Groups:africa", " , ", "Register__Oidc__Groups__africa names no value")]
    [InlineData("IdleMinutes", "0", "Register__Oidc__IdleMinutes: 0 is no number from 1 to 1440")]
    [InlineData("SessionHours", "ten", "Register__Oidc__SessionHours: ten is no number")]
    public void A_setting_that_cannot_be_used_is_named(string name, string? value, string said) =>
        Should.Throw<StartRefused>(() => Read((name, value))).Message.ShouldContain(said);

    [Fact]
    public void A_file_that_cannot_be_read_is_named() =>
        Should.Throw<StartRefused>(() => Read(("ClientSecret", null), ("ClientSecretFile", "/nowhere/secret")))
            .Message.ShouldContain("Register__Oidc__ClientSecretFile: /nowhere/secret cannot be read");

    [Fact]
    public void ID_tokens_cannot_be_let_pass_for_programs_tokens() =>
        Should.Throw<StartRefused>(() => Read(("TokenTypes", "at+jwt JWT"), ("Audience", "register")))
            .Message.ShouldContain("Register__Oidc__TokenTypes: JWT is the type of ID tokens");

    [Fact]
    public void A_provider_on_this_machine_needs_no_TLS() => Read(("Authority", "http://localhost:8080/realms/office")).ShouldNotBeNull();
}
