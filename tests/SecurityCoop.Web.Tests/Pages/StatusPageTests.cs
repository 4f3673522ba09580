using System.Net;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The page must say what the interface says, no more and no less, in every language.</summary>
public sealed partial class StatusPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    static readonly string[] partners = ["BE", "DK", "GA", "GB", "MY", "PK"];

    public static TheoryData<string> Languages => ["fr", "en", "ar"];

    [Theory, MemberData(nameof(Languages))]
    public async Task The_table_holds_the_six_partners_with_status_modifiers_and_last_contact(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var html = (await host.Http.Read($"/?lang={code}")).Text;
        var items = (await host.Http.Read("/api/partnerships")).Items;
        items.Select(i => i.GetProperty("partner").GetProperty("code").GetString()).ShouldBe(partners);
        var marks = 0;
        foreach (var item in items)
        {
            var row = Row(html, item.GetProperty("partner").GetProperty("code").GetString()!);
            row.ShouldContain(item.GetProperty("partner").GetProperty("name").GetProperty(code).GetString()!);
            row.ShouldContain(language.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!));
            foreach (var m in item.GetProperty("modifiers").EnumerateArray()) row.ShouldContain(language.Say(Labels.Modifiers, m.GetProperty("code").GetString()!));
            if (item.TryGetProperty("lastContact", out var last)) row.ShouldContain(language.Say(Edtf.Parse(last.GetString()!)));
            if (item.GetProperty("certainty").GetString() != "possible") continue;
            marks++;
            row.ShouldContain(language.Say(PageWords.Possibly, language.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!)));
            row.ShouldContain(language.Say(PageWords.CertainIs, language.Say(Labels.PartnershipStatuses, item.GetProperty("certainStatus").GetString()!)));
        }
        marks.ShouldBeGreaterThan(0, "the seeds hold a status that is only possible");
    }

    [Fact]
    public async Task The_day_and_the_organisations_asked_about_are_the_interfaces()
    {
        var page = await host.Http.Read("/?lang=en&asOf=2024-11-15&home=service");
        var items = (await host.Http.Read("/api/partnerships?asOf=2024-11-15&home=service")).Items;
        page.Text.ShouldContain("Status of partnerships on 15 November 2024");
        foreach (var item in items)
            Row(page.Text, item.GetProperty("partner").GetProperty("code").GetString()!).ShouldContain(Language.English.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!));
        items.Select(i => i.GetProperty("status").GetString()).ShouldContain("no-record");
        // A form sends the fields that were left empty, too.
        (await host.Http.Read("/?asOf=&home=&status=&topic=&modifier=&knownAt=")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("status=intent", "?status=intent")]
    [InlineData("modifier=dormant", "?modifier=dormant")]
    [InlineData("topic=LEG", "?topic=LEG")]
    [InlineData("status=committed&topic=LEG", "?status=committed&topic=LEG")]
    public async Task Filters_keep_what_the_interface_keeps(string filter, string asked)
    {
        var page = (await host.Http.Read($"/?lang=en&{filter}")).Text;
        var kept = (await host.Http.Read($"/api/partnerships{asked}")).Items.Select(i => i.GetProperty("partner").GetProperty("code").GetString()!).ToList();
        kept.ShouldNotBeEmpty();
        kept.Count.ShouldBeLessThan(partners.Length);
        foreach (var partner in partners) Rows(page).Any(r => r.Contains($"href=\"/partnerships/{partner}\"")).ShouldBe(kept.Contains(partner), partner);
        (await host.Http.Read("/?modifier=disputed&status=suspended&lang=en")).Text.ShouldContain("No partnership meets these filters.");
        foreach (var fault in (string[])["status=x", "modifier=x", "topic=x", "sort=x", "work=x", "asOf=x", "knownAt=x", "after=-1", "after=x"])
            (await host.Http.Read($"/?{fault}")).Status.ShouldBe(HttpStatusCode.BadRequest, fault);
    }

    [Fact]
    public async Task Headings_sort_in_the_languages_order_and_say_so()
    {
        var page = (await host.Http.Read("/?lang=fr&sort=-partner")).Text;
        page.ShouldContain("aria-sort=\"descending\"");
        (await host.Http.Read("/?lang=fr")).Text.ShouldContain("aria-sort=\"ascending\"");
        var codes = Rows(page).Select(r => Code().Match(r).Groups[1].Value).ToList();
        codes.ShouldBe(Rows((await host.Http.Read("/?lang=fr")).Text).Select(r => Code().Match(r).Groups[1].Value).Reverse());
        codes.Count.ShouldBe(partners.Length);
    }

    [Fact]
    public async Task Counts_lead_to_all_of_their_kind_and_the_pressing_things_are_named()
    {
        var action = (await host.Http.Record("/api/actions", """{"partner":"GA","what":"Send the list of contacts","owedBy":"partner","on":"2026-01-22","due":"2026-02-10"}""")).Reference!;
        var page = (await host.Http.Read("/?lang=en&asOf=2026-03-01")).Text;
        page.ShouldContain("href=\"/?asOf=2026-03-01&amp;work=overdue#work\"");
        var list = Text((await host.Http.Read("/?lang=en&asOf=2026-03-01&work=overdue")).Text);
        foreach (var said in (string[])["19 days late", "Send the list of contacts", action, "owed by the partner", "10 February 2026"]) list.ShouldContain(said);
        Text((await host.Http.Read("/?lang=ar&asOf=2026-03-01&work=overdue")).Text).ShouldContain("متأخر 19 يوما");
        Text((await host.Http.Read("/?lang=en&asOf=2026-02-01&work=coming")).Text).ShouldContain("Send the list of contacts");
        Text((await host.Http.Read("/?lang=en&asOf=2025-02-01&work=overdue")).Text).ShouldContain("Nothing to see to on 1 February 2025.");
    }

    [Fact]
    public async Task What_changed_since_it_was_marked_as_seen_is_told_and_the_browser_alone_keeps_that()
    {
        (await host.Http.Read("/?lang=en")).Text.ShouldContain("Mark the present state as seen");
        var head = (await host.Http.Read("/api/partnerships")).Json.GetProperty("position").GetInt64();
        var marked = await host.Http.Send(HttpMethod.Post, "/seen", Form("position", $"{head}"));
        marked.Status.ShouldBe(HttpStatusCode.SeeOther);
        marked.Headers.GetValues("Set-Cookie").Single().ShouldStartWith($"seen={head};");
        (await host.Http.Read("/?lang=en", ("Cookie", $"seen={head}"))).Text.ShouldContain("Nothing new.");
        var action = (await host.Http.Record("/api/actions", """{"partner":"MY","what":"Something new since","owedBy":"home","on":"2026-01-22"}""")).Reference!;
        var secret = (await host.Http.Record("/api/actions", """{"partner":"BE","what":"Something secret since","owedBy":"home","on":"2026-01-22","marking":"secret"}""")).Reference!;
        var page = Text((await host.Http.Read("/?lang=en", ("Cookie", $"seen={head}"))).Text);
        page.ShouldContain($"{action} (Something new since)");
        page.ShouldContain(secret);
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var shown = Text((await reader.Read("/?lang=en", ("Cookie", $"seen={head}"))).Text);
        shown.ShouldContain(action);
        shown.ShouldNotContain(secret);
        foreach (var odd in (string[])["x", "-1", $"{long.MaxValue}"]) (await host.Http.Read("/", ("Cookie", $"seen={odd}"))).Status.ShouldBe(HttpStatusCode.OK, odd);
        (await host.Http.Send(HttpMethod.Post, "/seen", Form("position", "999999"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nobody_sees_the_page_without_sign_in()
    {
        using var nobody = host.Client(null);
        foreach (var path in new[] { "/", "/records/DK-ACT-0001" })
        {
            var answer = await nobody.Read(path, ("Accept", "text/html"));
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
            answer.MediaType.ShouldBe("text/html");
            answer.Text.ShouldNotContain("Denmark");
            answer.Text.ShouldContain("/sign-in");
        }
        using var administrator = await host.As(Marking.Secret, Role.Administrator);
        (await administrator.Read("/")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_reader_may_not_see_is_not_on_the_page()
    {
        await host.Http.Record("/api/actions", """{"partner":"MY","what":"Confidential matter of the test","owedBy":"home","marking":"confidential","on":"2026-01-22"}""");
        (await host.Http.Read("/?lang=en")).Text.ShouldContain("Confidential matter of the test");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var page = await reader.Read("/?lang=en");
        page.Text.ShouldNotContain("Confidential matter of the test");
    }

    [Fact]
    public async Task The_language_is_kept_and_French_without_one()
    {
        var asked = await host.Http.Read("/?lang=ar");
        asked.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("lang=ar;");
        (await host.Http.Read("/", ("Cookie", "lang=ar"))).Text.ShouldContain("dir=\"rtl\"");
        (await host.Http.Read("/")).Text.ShouldContain("<html lang=\"fr\"");
        (await host.Http.Read("/?lang=xx")).Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_lets_nothing_else_in_and_its_style_sheet_is_everybodys()
    {
        var page = await host.Http.Read("/");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        page.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain(" style=");
        using var nobody = host.Client(null);
        var css = await nobody.Read(StylesheetLink().Match(page.Text).Groups[1].Value);
        css.Status.ShouldBe(HttpStatusCode.OK);
        css.MediaType.ShouldBe("text/css");
    }

    static FormUrlEncodedContent Form(string name, string value) => new([KeyValuePair.Create(name, value)]);

    // The rows of the table, as HTML.
    static List<string> Rows(string html) => [.. Regex.Matches(html, "<tr>\\s*<th scope=\"row\">.*?</tr>", RegexOptions.Singleline).Select(m => m.Value)];

    static string Row(string html, string partner) => Text(Rows(html).Single(r => Code().Match(r).Groups[1].Value == partner));

    static string Text(string html) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(html, ""), " "));

    [GeneratedRegex("<[^>]*>")] private static partial Regex Tag();
    [GeneratedRegex("[ \\n\\r]+")] private static partial Regex Space();
    [GeneratedRegex("href=\"/partnerships/([A-Z]+)")] private static partial Regex Code();
    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\"")] private static partial Regex StylesheetLink();
}
