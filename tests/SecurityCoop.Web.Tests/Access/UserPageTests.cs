using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>An administrator works with the pages of users in a browser without script.</summary>
public sealed partial class UserPageTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Both_pages_are_in_the_readers_language(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var reference = (await host.Http.Record("/api/users", $$"""{"subject": "shown-{{code}}", "roles": ["recorder"]}""")).Reference;
        await host.Http.Record($"/api/users/{reference}/tokens", "{}");
        var list = WebUtility.HtmlDecode((await host.Http.Read($"{UserPages.Path}?lang={code}")).Text);
        list.ShouldContain($"<html lang=\"{code}\" dir=\"{language.Direction}\"");
        list.ShouldContain($"<bdi>shown-{code}</bdi>");
        foreach (var role in Enum.GetValues<Role>()) list.ShouldContain(language.Say(Register.Vocabulary.Labels.Roles, Slug.Of(role)));
        var page = WebUtility.HtmlDecode((await host.Http.Read($"{UserPages.Path}/{reference}?lang={code}")).Text);
        page.ShouldContain(language.Say(UserWords.LastUsed));
        page.ShouldContain(language.Say(UserWords.MakeToken));
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task A_user_is_added_changed_and_given_a_token_that_is_shown_once()
    {
        using var http = host.Client(null);
        var browser = await Browser("administrator-1", Role.Administrator);
        var added = await http.Send(HttpMethod.Post, UserPages.Path, Form(
            ("subject", "desk-1"), ("name", "A Name Of Somebody"), ("role", "recorder"), ("role", "validator"), ("clearance", "confidential"), ("groups", "a\r\nb\r\n"), ("reason", "new")), browser);
        added.Status.ShouldBe(HttpStatusCode.SeeOther);
        var address = added.Headers.Location!.ToString();
        var page = WebUtility.HtmlDecode((await http.Read(address, browser)).Text);
        page.ShouldContain("A Name Of Somebody");
        Checked().Matches(page).Select(m => m.Groups[1].Value).ShouldBe(["recorder", "validator"]);
        page.ShouldContain(">a\nb</textarea>");
        WebUtility.HtmlDecode((await http.Read(UserPages.Path, browser)).Text).ShouldNotContain("A Name Of Somebody");

        (await http.Send(HttpMethod.Post, $"{address}/roles", Form(("role", "reader")), browser)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await http.Send(HttpMethod.Post, $"{address}/clearance", Form(("clearance", "open")), browser)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await http.Send(HttpMethod.Post, $"{address}/groups", Form(("groups", "")), browser)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var made = await http.Send(HttpMethod.Post, $"{address}/tokens", Form(("days", "7")), browser);
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var token = Token().Match(made.Text).Groups[1].Value;
        using var desk = host.Client(token);
        (await desk.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
        page = (await http.Read(address, browser)).Text;
        page.ShouldNotContain("sc_");

        var id = TokenId().Match(page).Groups[1].Value;
        (await http.Send(HttpMethod.Post, $"{address}/tokens/revocation", Form(("token", id)), browser)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await desk.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.Send(HttpMethod.Post, $"{address}/disabling", Form(("reason", "left")), browser)).Status.ShouldBe(HttpStatusCode.SeeOther);
        WebUtility.HtmlDecode((await http.Read(address, browser)).Text).ShouldContain(">Enable</button>");
        var user = (await host.Services.GetRequiredService<Users>().OfSubject("desk-1", default))!;
        (user.User.Roles.Single(), user.User.Clearance, user.User.MemberOf.Count, user.User.Disabled).ShouldBe((Role.Reader, Marking.Open, 0, true));
        (await host.Store.ReadStream(user.Stream).ToListAsync()).ShouldAllBe(e => e.Header.Actor == "administrator-1");
    }

    [Fact]
    public async Task What_is_refused_is_said_on_the_page_and_nothing_that_was_typed_is_lost()
    {
        using var http = host.Client(null);
        var browser = await Browser("administrator-2", Role.Administrator);
        var refused = await http.Send(HttpMethod.Post, UserPages.Path, Form(("subject", "two words"), ("role", "auditor"), ("groups", "kept")), browser);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("role=\"alert\"");
        refused.Text.ShouldContain("value=\"two words\"");
        refused.Text.ShouldContain(">kept</textarea>");
        Checked().Matches(refused.Text).Select(m => m.Groups[1].Value).ShouldBe(["auditor"]);

        var reference = (await host.Http.Record("/api/users", """{"subject": "administrator-2", "roles": ["administrator"], "clearance": "restricted"}""")).Reference;
        (await http.Send(HttpMethod.Post, $"{UserPages.Path}/{reference}/roles", Form(("role", "steward")), browser)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await http.Send(HttpMethod.Post, $"{UserPages.Path}/{reference}/tokens", Form(("days", "many")), browser)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await http.Send(HttpMethod.Post, $"{UserPages.Path}/USR-9999/roles", Form(("role", "steward")), browser)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await http.Read($"{UserPages.Path}/USR-9999", browser)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_origin_changes_nothing_and_whoever_is_no_administrator_sees_nothing()
    {
        using var http = host.Client(null);
        var (cookie, head) = ((await Browser("administrator-3", Role.Administrator))[0], await host.Head());
        (await http.Send(HttpMethod.Post, UserPages.Path, Form(("subject", "forged")), cookie, ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Head()).ShouldBe(head);
        var steward = await Browser("steward-3", Role.Steward);
        (await http.Read(UserPages.Path, steward)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await http.Read("/", steward)).Text.ShouldNotContain(UserPages.Path);
    }

    [Fact]
    public async Task Whoever_only_administers_is_led_to_the_users_and_not_to_what_would_be_refused()
    {
        using var http = host.Client(null);
        var browser = await Browser("administrator-4", Role.Administrator);
        var home = await http.Read("/", [.. browser, ("Accept", "text/html")]);
        home.Status.ShouldBe(HttpStatusCode.Forbidden);
        home.Text.ShouldContain($"<a href=\"{UserPages.Path}\">");
        var page = (await http.Read(UserPages.Path, browser)).Text;
        page.ShouldContain($"<a href=\"{UserPages.Path}\" aria-current=\"page\">");
        page.ShouldNotContain("href=\"/calendar\"");
        page.ShouldNotContain("action=\"/search\"");
    }

    async Task<(string, string)[]> Browser(string subject, params Role[] roles)
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, _) = await tokens.Create(subject, roles.ToHashSet(), Marking.Restricted, "test", null, default);
        return [("Cookie", $"{SignIn.Cookie}={(await tokens.CreateSession(id, default))!.Value.Token}; lang=en"), ("Sec-Fetch-Site", "same-origin")];
    }

    static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    [GeneratedRegex("""name="role" value="([a-z]+)" checked""")] private static partial Regex Checked();
    [GeneratedRegex("""class="address" value="(sc_[^"]+)""")] private static partial Regex Token();
    [GeneratedRegex("""name="token" value="([0-9a-f-]{36})""")] private static partial Regex TokenId();
}
