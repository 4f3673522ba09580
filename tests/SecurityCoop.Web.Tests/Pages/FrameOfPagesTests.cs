using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The frame that every page has: bands, navigation by role, language, help, and errors that keep it.</summary>
public sealed class FrameOfPagesTests(SeededHost host) : IClassFixture<SeededHost>
{
    static readonly (string, string)[] browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

    static readonly string[] addresses =
    [
        "/", "/help", "/search", "/search?q=Rabat", "/calendar", "/sessions", "/partnerships/DK", "/partnerships/GB?asOf=2026-02-01", "/partnerships/SE",
        "/records/DK-MTG-0001", "/records/DK-ACT-0001", "/records/DK-INS-0001", "/records/PER-0001", "/records/ORG-0001", "/records/SRC-0002", "/records/DK",
        "/administration/users", "/records/NO-ACT-0001", "/partnerships/ZZ", "/?status=nonsense",
    ];

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Every_page_is_in_its_language_and_no_culture_has_touched_its_attributes(string code)
    {
        foreach (var address in addresses)
        {
            var page = await host.Http.Read($"{address}{(address.Contains('?') ? '&' : '?')}lang={code}", browser);
            page.MediaType.ShouldBe("text/html", address);
            page.Text.ShouldBeAPageIn(code);
        }
    }

    [Theory, InlineData("fr", "Introuvable"), InlineData("en", "Not found"), InlineData("ar", "غير موجود")]
    public async Task An_error_keeps_the_language_and_the_frame_and_shows_the_way_out(string code, string title)
    {
        var page = await host.Http.Read("/records/DK-ACT-9999", [.. browser, ("Cookie", $"lang={code}"), ("Accept-Language", "de")]);
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Text.ShouldBeAPageIn(code);
        page.Text.ShouldContain(title);
        page.Text.ShouldContain("<a class=\"button main\" href=\"/\">");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("style-src 'self'");
    }

    [Fact]
    public async Task A_right_that_is_missing_keeps_the_frame_too()
    {
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var page = await reader.Read("/administration/users?lang=en", browser);
        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        page.Text.ShouldBeAPageIn("en");
        page.Text.ShouldContain("Your role does not allow this");
        page.Text.ShouldNotContain("href=\"/administration/users\"");
    }

    [Fact]
    public async Task Navigation_leads_where_the_role_may_go()
    {
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var page = (await reader.Read("/calendar?lang=en")).Text;
        foreach (var link in Navigation.Links.Where(l => l.Role == Role.Reader))
        {
            page.ShouldContain($"href=\"{link.Address}\"");
            (await reader.Read(link.Address)).Status.ShouldBe(HttpStatusCode.OK, link.Address);
        }
        page.ShouldNotContain("href=\"/administration");
        page.ShouldContain("href=\"/calendar\" aria-current=\"page\"");
        using var administrator = await host.As(Marking.Secret, Role.Administrator);
        var users = (await administrator.Read("/administration/users?lang=en")).Text;
        users.ShouldContain("href=\"/administration/users\"");
        users.ShouldNotContain("href=\"/calendar\"");
        users.ShouldNotContain("id=\"search\"");
    }

    [Fact]
    public async Task The_language_switch_keeps_the_address()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/search?q=Rabat&kind=meeting&lang=en")).Text);
        page.ShouldContain("href=\"/search?q=Rabat&kind=meeting&lang=ar\"");
        WebUtility.HtmlDecode((await host.Http.Read("/records/DK-ACT-0001?asOf=2026-02-01&lang=en")).Text).ShouldContain("href=\"/records/DK-ACT-0001?asOf=2026-02-01&lang=fr\"");
    }

    [Fact]
    public async Task The_band_says_the_highest_marking_and_the_printed_page_too()
    {
        (await host.Http.Read("/partnerships/DK?lang=en")).Text.ShouldContain("<p class=\"band\">Highest marking on this page: Open</p>");
        await host.Http.Record("/api/actions", """{"partner":"GA","what":"Something confidential","owedBy":"home","marking":"confidential","on":"2026-01-22"}""");
        foreach (var path in (string[])["/?lang=en", "/partnerships/GA?lang=en"])
        {
            var page = (await host.Http.Read(path)).Text;
            page.ShouldContain("<p class=\"band high\">Highest marking on this page: Confidential</p>", Case.Sensitive, path);
            page.ShouldContain("data-marking=\"Confidential\"");
        }
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        (await reader.Read("/partnerships/GA?lang=en")).Text.ShouldContain("Highest marking on this page: Open");
        (await reader.Read("/?lang=en")).Text.ShouldNotContain("Confidential</p>");
    }

    [Fact]
    public async Task Whenever_a_clock_does_not_say_now_a_band_says_so_leads_back_and_nothing_can_be_recorded()
    {
        (await host.Http.Read("/partnerships/DK?lang=en")).Text.ShouldNotContain("band time");
        (await host.Http.Read("/records/DK-ACT-0001?lang=en")).Text.ShouldContain("class=\"forms\"");
        foreach (var clock in (string[])["asOf=2025-12-01", "knownAt=@60", "knownAt=2026-01-01"])
            foreach (var path in (string[])["/partnerships/DK", "/"])
            {
                var page = (await host.Http.Read($"{path}?lang=en&{clock}")).Text;
                page.ShouldContain("<p class=\"band time\">", Case.Sensitive, $"{path} {clock}");
                page.ShouldContain($"<a href=\"{path}\">Back to now</a>");
                page.ShouldNotContain("class=\"forms\"");
                page.ShouldNotContain("action=\"/seen\"");
            }
        (await host.Http.Read("/records/DK-ACT-0001?lang=en&asOf=2025-12-01")).Text.ShouldNotContain("class=\"forms\"");
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task The_help_explains_every_status_modifier_force_and_marking(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var page = WebUtility.HtmlDecode((await host.Http.Read($"/help?lang={code}")).Text);
        foreach (var (words, texts) in new[] { (Labels.PartnershipStatuses, HelpWords.OfStatus), (Labels.Modifiers, HelpWords.OfModifier), (Labels.Forces, HelpWords.OfForce) })
            foreach (var (key, name) in words)
            {
                page.ShouldContain(language.Say(name));
                page.ShouldContain(language.Say(texts[key]));
            }
        foreach (var marking in Labels.Markings.Values) page.ShouldContain(language.Say(marking));
        using var nobody = host.Client(null);
        (await nobody.Read("/help", browser)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
