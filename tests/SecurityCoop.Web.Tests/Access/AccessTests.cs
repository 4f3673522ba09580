using System.Net;
using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Who is let in over HTTP, with an access token.</summary>
public sealed class AccessTests(AccessHost host) : IClassFixture<AccessHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/needs/Reader")]
    [InlineData("/there-is-no-such-address")]
    public async Task Without_sign_in_there_is_nothing_to_be_had_not_even_which_addresses_exist(string path)
    {
        using var answer = await host.Get(path);
        await ShouldBeProblem(answer, HttpStatusCode.Unauthorized, "/problems/unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData(null, "Connexion requise")]
    [InlineData("de, fr;q=0.3, en-GB;q=0.8", "Sign-in required")]
    [InlineData("ar-MA,ar;q=0.9,fr;q=0.8", "تسجيل الدخول مطلوب")]
    [InlineData("en;q=0, de", "Connexion requise")]
    public async Task A_refusal_is_said_in_the_callers_language(string? language, string title)
    {
        using var answer = await host.Get("/", language: language);
        (await ShouldBeProblem(answer, HttpStatusCode.Unauthorized, "/problems/unauthenticated")).GetProperty("title").GetString().ShouldBe(title);
    }

    [Fact]
    public async Task What_is_for_everybody_needs_no_sign_in()
    {
        using var answer = await host.Get("/health/live");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("fr", "ltr")]
    [InlineData("en", "ltr")]
    [InlineData("ar", "rtl")]
    public async Task A_browser_without_sign_in_gets_a_page_that_says_how_and_no_redirect(string language, string direction)
    {
        using var answer = await host.Get("/", accept: "text/html,application/xhtml+xml,*/*;q=0.8", language: language);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Location.ShouldBeNull();
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain($"<html lang=\"{language}\" dir=\"{direction}\">");
        page.ShouldContain("./run");
        page.ShouldContain("securitycoop token create");
        page.ShouldContain("action=\"/sign-in\"");
    }

    [Theory]
    [InlineData("sc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not-even-the-look-of-one")]
    [InlineData("")]
    public async Task A_token_that_the_register_does_not_know_opens_nothing(string token)
    {
        using var answer = await host.Post("/", null, null, ("Authorization", "Bearer " + token));
        await ShouldBeProblem(answer, HttpStatusCode.Unauthorized, "/problems/unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Fact]
    public async Task A_token_under_another_scheme_opens_nothing()
    {
        using var answer = await host.Post("/", null, null, ("Authorization", "Basic " + await host.NewToken(Role.Reader)));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_opens_nothing_once_it_has_expired_even_while_it_is_remembered()
    {
        var (id, token) = await host.TokensElsewhere().Create("somebody", new HashSet<Role> { Role.Reader }, Marking.Open, "test", TimeSpan.FromSeconds(5), default);
        (await Status("/", token)).ShouldBe(HttpStatusCode.OK);
        host.Clock.Pass(TimeSpan.FromSeconds(5)); // less than the ten seconds for which it is remembered
        await host.Change($"update register.access_token set expires_at = now() where id = '{id}'"); // the database's clock cannot be moved
        (await Status("/", token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(Role.Reader, Role.Reader)]
    [InlineData(Role.Recorder, Role.Reader, Role.Recorder)]
    [InlineData(Role.Validator, Role.Reader, Role.Validator)]
    [InlineData(Role.Auditor, Role.Reader, Role.Auditor)]
    [InlineData(Role.Steward, Role.Reader, Role.Recorder, Role.Validator, Role.Steward, Role.Auditor)]
    [InlineData(Role.Administrator, Role.Administrator)]
    public async Task Each_role_reaches_what_it_implies_and_nothing_else(Role role, params Role[] reached)
    {
        var token = await host.NewToken(role);
        foreach (var needed in Enum.GetValues<Role>())
        {
            using var answer = await host.Get($"/needs/{needed}", token);
            if (reached.Contains(needed)) answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{role} at {needed}");
            else await ShouldBeProblem(answer, HttpStatusCode.Forbidden, "/problems/forbidden");
        }
    }

    [Fact]
    public async Task Two_roles_reach_what_either_does()
    {
        var token = await host.NewToken(Role.Administrator, Role.Auditor);
        (await Status("/needs/Administrator", token)).ShouldBe(HttpStatusCode.OK);
        (await Status("/needs/Reader", token)).ShouldBe(HttpStatusCode.OK);
        (await Status("/needs/Recorder", token)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_browser_without_the_role_gets_a_page()
    {
        using var answer = await host.Get("/needs/Steward", await host.NewToken(Role.Reader), accept: "text/html", language: "en");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Your role does not allow this");
    }

    [Theory]
    [InlineData(Role.Reader, false)]
    [InlineData(Role.Auditor, false)]
    [InlineData(Role.Administrator, false)]
    [InlineData(Role.Recorder, true)]
    [InlineData(Role.Validator, true)]
    [InlineData(Role.Steward, true)]
    public async Task An_endpoint_is_given_its_caller(Role role, bool opensNames)
    {
        using var answer = await host.Get("/caller", await host.NewToken(role));
        (await answer.Content.ReadAsStringAsync()).ShouldBe($"somebody {role} Restricted {opensNames}");
    }

    [Fact]
    public async Task A_token_revoked_by_another_process_is_refused_within_ten_seconds()
    {
        var (id, token) = await host.TokensElsewhere().Create("somebody", new HashSet<Role> { Role.Reader }, Marking.Open, "test", null, default);
        (await Status("/", token)).ShouldBe(HttpStatusCode.OK);
        (await host.TokensElsewhere().Revoke(id, default)).ShouldBeTrue();

        (await Status("/", token)).ShouldBe(HttpStatusCode.OK); // remembered: it costs no query
        host.Clock.Pass(TimeSpan.FromSeconds(10));
        (await Status("/", token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_revoked_by_the_host_itself_is_refused_at_once()
    {
        var (id, token) = await host.Tokens.Create("somebody", new HashSet<Role> { Role.Reader }, Marking.Open, "test", null, default);
        (await Status("/", token)).ShouldBe(HttpStatusCode.OK);
        await host.Tokens.Revoke(id, default);
        (await Status("/", token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<HttpStatusCode> Status(string path, string token)
    {
        using var answer = await host.Get(path, token);
        return answer.StatusCode;
    }

    static async Task<JsonElement> ShouldBeProblem(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("type").GetString().ShouldBe(type);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        return problem;
    }
}
