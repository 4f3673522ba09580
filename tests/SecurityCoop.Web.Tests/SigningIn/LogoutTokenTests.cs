using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>The provider ends sessions without a browser (OpenID Connect Back-Channel Logout 1.0).</summary>
[Collection(ProviderCollection.Name)]
public sealed class LogoutTokenTests(ProviderHost host)
{
    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    static readonly Dictionary<string, Action<Forged>> faults = new()
    {
        ["another audience"] = f => f.Claims["aud"] = ProviderHost.Audience,
        ["another issuer"] = f => f.Claims["iss"] = "https://elsewhere.example",
        ["a nonce, as an ID token has it"] = f => f.Claims["nonce"] = "n",
        ["no event"] = f => f.Claims.Remove("events"),
        ["another event"] = f => f.Claims["events"] = new JsonObject { ["https://elsewhere.example/event"] = new JsonObject() },
        ["an event that is no object"] = f => f.Claims["events"] = new JsonObject { [Event] = true },
        ["nobody named"] = f => f.Claims.Remove("sub"),
        ["no id of its own"] = f => f.Claims.Remove("jti"),
        ["no time of issue"] = f => f.Claims.Remove("iat"),
        ["expired"] = f => f.Claims["exp"] = Forged.Now - 31,
        ["no expiry"] = f => f.Claims.Remove("exp"),
        ["the type of an access token"] = f => f.Header["typ"] = "at+jwt",
        ["no signature"] = f => f.Header["alg"] = "none",
        ["a key that the provider does not have"] = f => f.Header["kid"] = "unknown",
    };

    public static TheoryData<string> Faults => [.. faults.Keys];

    [Theory]
    [InlineData("logout+jwt")]
    [InlineData("JWT")]
    public async Task What_the_provider_ends_has_ended_here_at_once(string type)
    {
        using var visitor = await host.SignedIn("desk");
        using var other = await host.SignedIn("another");
        var token = Token("desk");
        token.Header["typ"] = type;
        (await Post(token.Signed())).ShouldBe(HttpStatusCode.OK);
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await other.Http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task By_its_own_id_one_session_ends_and_the_users_others_go_on()
    {
        using var one = await host.SignedIn("desk");
        using var two = await host.SignedIn("desk");
        var token = Token("desk");
        token.Claims["sid"] = await host.Ask<string>(
            "select provider_session from register.access_token where provider_session is not null order by created_at desc limit 1");
        (await Post(token.Signed())).ShouldBe(HttpStatusCode.OK);
        (await two.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await one.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_that_is_sent_again_later_does_not_end_what_began_since()
    {
        var token = Token("desk");
        (token.Claims["iat"], token.Claims["exp"]) = (Forged.Now - 60, Forged.Now + 60);
        using var visitor = await host.SignedIn("desk");
        (await Post(token.Signed())).ShouldBe(HttpStatusCode.OK);
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_logout_token_is_refused_with(string fault)
    {
        using var visitor = await host.SignedIn("desk");
        var token = Token("desk");
        faults[fault](token);
        (await Post(token.Signed())).ShouldBe(HttpStatusCode.BadRequest);
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_ID_token_and_what_is_no_form_end_nothing()
    {
        (await Post("")).ShouldBe(HttpStatusCode.BadRequest);
        (await Post(new string('x', 70_000))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var http = host.Client(null);
        (await http.Command("/sign-out/provider", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    Forged Token(string subject)
    {
        var token = new Forged(host.Provider);
        token.Header["typ"] = "logout+jwt";
        (token.Claims["aud"], token.Claims["sub"], token.Claims["jti"]) = ("register", subject, Guid.NewGuid().ToString());
        token.Claims["events"] = new JsonObject { [Event] = new JsonObject() };
        return token;
    }

    async Task<HttpStatusCode> Post(string token)
    {
        using var http = host.Client(null);
        using var form = new FormUrlEncodedContent([new("logout_token", token)]);
        using var answer = await http.PostAsync("/sign-out/provider", form);
        return answer.StatusCode;
    }
}
