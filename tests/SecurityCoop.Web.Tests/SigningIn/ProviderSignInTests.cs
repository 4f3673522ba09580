using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>Signing in by the provider, without a browser.</summary>
[Collection(ProviderCollection.Name)]
public sealed class ProviderSignInTests(ProviderHost host)
{
    static readonly CancellationToken none = CancellationToken.None;

    Users Directory => host.Services.GetRequiredService<Users>();

    [Fact]
    public async Task A_newcomer_is_told_whom_to_ask_and_does_what_the_administrator_then_allows()
    {
        using var visitor = await host.SignedIn("newcomer");
        foreach (var (language, said) in new[] { ("fr", "aucun rôle"), ("en", "no role yet"), ("ar", "لا دور لكم بعد") })
            (await visitor.Http.Read("/", ("Accept", "text/html"), ("Accept-Language", language))).Text.ShouldContain(said);
        var page = await visitor.Page("/");
        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        var user = (await Directory.OfIssuer(host.Provider.Issuer, "newcomer", none))!;
        page.Text.ShouldContain(user.User.Subject);
        page.Text.ShouldNotContain("New Comer");
        (await visitor.Http.Read("/api/meetings")).ShouldBeProblem(403, "no-role");

        await Directory.Change(
            user.User.Subject, "administrator", "desk", u => new(user.Stream, u.SetRoles([Role.Recorder], "administrator")), none);
        host.Clock.Pass(TimeSpan.FromSeconds(10));
        (await visitor.Page("/")).Status.ShouldBe(HttpStatusCode.OK);
        await visitor.Http.Record("/api/sources", """{"title":"As told","language":"en"}""");

        await Directory.Change(user.User.Subject, "administrator", "left", u => new(user.Stream, u.Disable("administrator")), none);
        host.Clock.Pass(TimeSpan.FromSeconds(10));
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var again = host.NewVisitor();
        using var refused = await again.SignIn("newcomer");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Your access to the register is disabled");
        again.Session.ShouldBeNull();
        var forged = new Forged(host.Provider) { };
        forged.Claims["sub"] = "newcomer";
        using var program = host.Client(forged.Signed());
        (await program.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Claims_give_roles_clearance_and_groups_as_configured()
    {
        using var visitor = await host.SignedIn("desk");
        var grant = (await host.Services.GetRequiredService<AccessTokens>().Find(visitor.Session!, none))!;
        var caller = grant.Caller;
        (caller.Roles.Single(), caller.Clearance, caller.Groups.Single()).ShouldBe((Role.Recorder, Marking.Confidential, "europe"));
        (await visitor.Http.Read("/api/audit/events")).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task The_sign_in_and_the_newcomer_are_events_and_neither_name_nor_id_of_the_provider_is_in_the_clear()
    {
        using var visitor = await host.SignedIn("another");
        await host.Services.GetRequiredService<AccessTrace>().Flush(none);
        var bodies = await host.Ask<string>("select string_agg(data::text, ' ') from register.mt_events");
        bodies.ShouldContain(host.Provider.Issuer);
        bodies.ShouldNotContain("An Other");
        bodies.ShouldNotContain("\"another\"");
        var subject = (await Directory.OfIssuer(host.Provider.Issuer, "another", none))!.User.Subject;
        var ofSubject = $"select count(*) from register.mt_events where type = 'access_signed_in' and data::text like '%{subject}%'";
        // The same person signs in for other tests of this class too: each time is one event.
        var before = await host.Ask<long>(ofSubject);
        before.ShouldBeGreaterThan(0);
        using var again = await host.SignedIn("another");
        await host.Services.GetRequiredService<AccessTrace>().Flush(none);
        (await host.Ask<long>(ofSubject)).ShouldBe(before + 1);
        (await host.Ask<string>("select string_agg(t::text, ' ') from register.access_token t")).ShouldNotContain("An Other");
    }

    [Theory]
    [InlineData("elsewhere", "SecurityTokenInvalidAudienceException")]
    [InlineData("late", "SecurityTokenExpiredException")]
    [InlineData("unproven", "no auth_time")]
    public async Task An_ID_token_that_is_not_for_the_register_or_says_too_little_signs_nobody_in(string login, string logged)
    {
        var before = host.Logs.Length;
        using var visitor = host.NewVisitor();
        using var refused = await visitor.SignIn(login);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("did not succeed");
        visitor.Session.ShouldBeNull();
        host.Logs[before..].ShouldContain(logged);
    }

    [Theory]
    [InlineData("?error=access_denied&error_description=secret-of-theirs")]
    [InlineData("?code=secret-of-theirs")]
    [InlineData("?code=secret-of-theirs&state=secret-of-theirs")]
    [InlineData("")]
    public async Task What_did_not_begin_here_ends_at_the_sign_in_page_and_leaves_nothing_of_itself_in_the_log(string query)
    {
        using var visitor = host.NewVisitor();
        var page = await visitor.Page("/sign-in/provider/callback" + query);
        page.Status.ShouldBe(HttpStatusCode.Unauthorized);
        page.Text.ShouldContain("/sign-in/provider");
        host.Logs.ShouldNotContain("secret-of-theirs");
    }

    [Fact]
    public async Task One_browsers_answer_signs_no_other_browser_in()
    {
        // What the provider would send an attacker's browser back with, opened in somebody else's.
        var (sent, _) = await Begun("");
        using var other = host.NewVisitor();
        var page = await other.Page($"/sign-in/provider/callback?code=any&state={Uri.EscapeDataString(sent["state"]!)}");
        page.Status.ShouldBe(HttpStatusCode.Unauthorized);
        other.Session.ShouldBeNull();
    }

    [Fact]
    public async Task The_provider_is_asked_with_PKCE_a_nonce_and_a_greatest_age()
    {
        var (sent, cookies) = await Begun("");
        (sent["response_type"], sent["code_challenge_method"], sent["max_age"], sent["prompt"]).ShouldBe(("code", "S256", "36000", null));
        sent["redirect_uri"].ShouldBe(host.Address + "/sign-in/provider/callback");
        sent["scope"].ShouldBe("openid profile");
        sent["nonce"].ShouldNotBeNullOrEmpty();
        cookies.Count.ShouldBe(2); // Correlation and nonce.
        cookies.ShouldAllBe(c => c.Contains("httponly") && c.Contains("samesite=lax") && c.Contains("path=/sign-in/provider/callback"));
        var (again, _) = await Begun("?again=true");
        (again["max_age"], again["prompt"]).ShouldBe(("600", "login"));
    }

    [Theory]
    [InlineData("/calendar", "/calendar")]
    [InlineData("/?status=signed", "/?status=signed")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    public async Task After_the_sign_in_it_goes_on_where_one_was_and_never_to_another_host(string back, string there)
    {
        using var visitor = host.NewVisitor();
        using var landed = await visitor.SignIn("desk", "?return=" + Uri.EscapeDataString(back));
        (await landed.Content.ReadAsStringAsync()).ShouldContain($"content=\"0;url={there}\"");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_leads_to_where_it_ends_there()
    {
        using var visitor = await host.SignedIn("desk");
        using var page = await visitor.Http.PostAsync("/sign-out", null);
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
        text.ShouldContain($"url={host.Provider.Issuer}/session/end?client_id=register");
        text.ShouldContain("id_token_hint=eyJ");
        text.ShouldContain($"post_logout_redirect_uri={Uri.EscapeDataString(host.Address)}");
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_provider_knows_its_client_secret_and_a_wrong_one_signs_nobody_in()
    {
        await using var other = await host.AnotherWith(("Oidc:ClientSecret", "not that"));
        await host.Provider.Serve(other.App.Urls.Single());
        try
        {
            using var visitor = new Visitor(host, other.App.Urls.Single());
            using var refused = await visitor.SignIn("desk");
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            host.Logs.ShouldContain("invalid_client");
        }
        finally
        {
            await host.Provider.Serve(host.Address);
        }
    }

    [Fact]
    public async Task One_host_may_ask_and_another_be_answered()
    {
        await using var other = await host.AnotherWith(("Address", host.Address)); // As behind one proxy.
        using var visitor = new Visitor(host, other.App.Urls.Single());
        using var landed = await visitor.SignIn("desk");
        landed.StatusCode.ShouldBe(HttpStatusCode.OK, await landed.Content.ReadAsStringAsync());
        landed.RequestMessage!.RequestUri!.Port.ShouldBe(new Uri(host.Address).Port);
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_its_provider_the_register_says_so_and_takes_access_tokens_as_ever()
    {
        await using var other = await host.AnotherWith(("Oidc:Authority", "http://127.0.0.1:9"));
        using var http = new HttpClient { BaseAddress = new(other.App.Urls.Single()) };
        (await http.Read("/sign-in/provider", ("Accept", "text/html"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await other.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
        var forged = new Forged(host.Provider);
        forged.Claims["iss"] = "http://127.0.0.1:9";
        (await http.Read("/api/meetings", ("Authorization", $"Bearer {forged.Signed()}"))).ShouldBeProblem(503, "provider-away");
    }

    [Fact]
    public async Task A_provider_that_calls_itself_otherwise_is_not_used()
    {
        var otherName = host.Provider.Issuer.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        await using var other = await host.AnotherWith(("Oidc:Authority", otherName));
        using var http = new HttpClient { BaseAddress = new(other.App.Urls.Single()) };
        (await http.Read("/sign-in/provider")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        host.Logs.ShouldContain($"The provider says that its issuer is {host.Provider.Issuer}, where Register__Oidc__Authority says");
    }

    // What a browser is sent to the provider with, and the cookies that it keeps.
    async Task<(System.Collections.Specialized.NameValueCollection Sent, IReadOnlyList<string> Cookies)> Begun(string query)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = new(host.Address) };
        using var begun = await http.GetAsync("/sign-in/provider" + query);
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        begun.Headers.Location!.ToString().ShouldStartWith(host.Provider.Issuer);
        return (System.Web.HttpUtility.ParseQueryString(begun.Headers.Location.Query), [.. begun.Headers.GetValues("Set-Cookie")]);
    }
}
