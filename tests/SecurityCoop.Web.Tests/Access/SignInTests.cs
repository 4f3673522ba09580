using System.Net;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Signing in and out with a browser.</summary>
public sealed class SignInTests(AccessHost host) : IClassFixture<AccessHost>
{
    static readonly (string, string?) sameOrigin = ("Sec-Fetch-Site", "same-origin");

    [Fact]
    public async Task A_sign_in_link_works_once()
    {
        var path = "/sign-in/" + host.Links.NewCode(await NewAccessToken());
        using var first = await host.Get(path, accept: "text/html");
        first.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        first.Headers.Location!.ToString().ShouldBe("/");
        (await Status(Session(first))).ShouldBe(HttpStatusCode.OK);

        using var second = await host.Get(path, accept: "text/html", language: "en");
        second.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        second.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await second.Content.ReadAsStringAsync()).ShouldContain("This link is unknown, too old or was used before.");
    }

    [Fact]
    public async Task A_sign_in_link_opened_by_many_at_once_lets_one_in()
    {
        var path = "/sign-in/" + host.Links.NewCode(await NewAccessToken());
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.Get(path)));
        answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(15);
    }

    [Fact]
    public async Task A_sign_in_link_is_good_for_an_hour()
    {
        var (early, late) = (host.Links.NewCode(await NewAccessToken()), host.Links.NewCode(await NewAccessToken()));
        host.Clock.Pass(TimeSpan.FromMinutes(59));
        using var inTime = await host.Get("/sign-in/" + early);
        inTime.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        host.Clock.Pass(TimeSpan.FromMinutes(1));
        using var tooLate = await host.Get("/sign-in/" + late);
        tooLate.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_sign_in_link_made_before_its_token_was_revoked_opens_nothing()
    {
        var token = await NewAccessToken();
        var code = host.Links.NewCode(token);
        await host.Tokens.Revoke(token, default);
        using var answer = await host.Get("/sign-in/" + code);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_cookie_is_kept_from_scripts_from_other_sites_and_over_https_from_the_open_wire()
    {
        using var plain = await SignIn(await host.NewToken(Role.Reader), sameOrigin);
        var cookie = plain.Headers.GetValues("Set-Cookie").Single();
        cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal).ShouldBe(["httponly", "max-age=2592000", "path=/", "samesite=strict"]);

        using var secure = await SignIn(await host.NewToken(Role.Reader), sameOrigin, ("Test-Https", "yes"));
        cookie = secure.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-securitycoop=");
        cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal).ShouldBe(["httponly", "max-age=2592000", "path=/", "samesite=strict", "secure"]);

        // A cookie of the plain name may be another host's below the same domain.
        using var planted = await host.Post("/", Session(plain), null, sameOrigin, ("Test-Https", "yes"));
        planted.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_pasted_into_the_form_signs_in_with_a_session_of_its_own()
    {
        var token = await host.NewToken(Role.Recorder);
        using var answer = await SignIn(" " + token + "\n", ("Origin", host.Address)); // as over http from another machine, where there is no Sec-Fetch-Site
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var session = Session(answer);
        session.ShouldNotBe(token);
        using var page = await host.Get("/needs/Recorder", cookie: session);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_pasted_token_that_is_not_good_is_refused_with_the_form_again()
    {
        using var answer = await SignIn("sc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", sameOrigin, ("Accept-Language", "en"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("This token is unknown, expired or revoked.");
        page.ShouldContain("<form");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Origin", "null")]
    [InlineData("Test-Nothing", "")]
    public async Task Another_origin_can_neither_sign_somebody_in_nor_out_nor_use_the_cookie(string header, string value)
    {
        var token = await host.NewToken(Role.Reader);
        using var signIn = await SignIn(token, (header, value));
        signIn.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        signIn.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var signedIn = await SignIn(token, sameOrigin);
        var session = Session(signedIn);
        using var signOut = await host.Post("/sign-out", session, null, (header, value));
        signOut.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var command = await host.Post("/", session, null, (header, value));
        command.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var own = await host.Post("/", session, null, sameOrigin);
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_is_no_access_token_and_an_access_token_no_session()
    {
        var token = await host.NewToken(Role.Reader);
        using var signedIn = await SignIn(token, sameOrigin);
        using var asBearer = await host.Get("/", bearer: Session(signedIn));
        asBearer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(token)).ShouldBe(HttpStatusCode.Unauthorized);
        using var pasted = await SignIn(Session(signedIn), sameOrigin);
        pasted.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whoever_signs_out_is_out_even_with_a_copy_of_the_cookie()
    {
        using var signedIn = await SignIn(await host.NewToken(Role.Reader), sameOrigin);
        var session = Session(signedIn);
        (await Status(session)).ShouldBe(HttpStatusCode.OK);
        using var signedOut = await host.Post("/sign-out", session, null, sameOrigin);
        signedOut.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        signedOut.Headers.Location!.ToString().ShouldBe("/sign-in");
        signedOut.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("securitycoop=; expires=Thu, 01 Jan 1970");
        (await Status(session)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_ends_with_the_access_token_that_it_was_signed_in_with()
    {
        var (id, token) = await host.TokensElsewhere().Create("somebody", new HashSet<Role> { Role.Reader }, Register.Marking.Open, "test", null, default);
        using var signedIn = await SignIn(token, sameOrigin);
        (await Status(Session(signedIn))).ShouldBe(HttpStatusCode.OK);
        await host.TokensElsewhere().Revoke(id, default);
        host.Clock.Pass(TimeSpan.FromSeconds(10));
        (await Status(Session(signedIn))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_lasts_thirty_days()
    {
        using var signedIn = await SignIn(await host.NewToken(Role.Reader), sameOrigin);
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Session(signedIn)));
        var row = $"from register.access_token where token_hash = '\\x{Convert.ToHexString(hash)}'";
        (await host.Ask<TimeSpan>($"select expires_at - created_at {row}")).ShouldBe(TimeSpan.FromDays(30));
        await host.Change($"update register.access_token set expires_at = now() where id = (select id {row})");
        (await Status(Session(signedIn))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<Guid> NewAccessToken() =>
        (await host.Tokens.Create("somebody", new HashSet<Role> { Role.Reader }, Register.Marking.Open, "test", null, default)).Id;

    async Task<HttpResponseMessage> SignIn(string token, params (string, string?)[] headers)
    {
        using var form = new FormUrlEncodedContent([new("token", token)]);
        return await host.Post("/sign-in", null, form, headers);
    }

    async Task<HttpStatusCode> Status(string cookie)
    {
        using var answer = await host.Get("/", cookie: cookie);
        return answer.StatusCode;
    }

    static string Session(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["securitycoop=".Length..];
}
