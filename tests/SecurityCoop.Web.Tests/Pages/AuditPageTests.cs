using System.Net;
using Microsoft.Playwright;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The log for auditors: pages to the beginning, one event, and its verification in the browser.</summary>
public sealed class AuditPageTests(SeededHost host, Browser browser) : IClassFixture<SeededHost>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task The_log_is_read_a_page_at_a_time_to_its_beginning(string code)
    {
        var address = $"/audit?lang={code}";
        var first = 0L;
        for (var pages = 0; pages < 50; pages++)
        {
            var html = (await host.Http.Read(address)).Text;
            html.ShouldBeAPageIn(code);
            var page = WebUtility.HtmlDecode(html);
            var positions = System.Text.RegularExpressions.Regex.Matches(page, "href=\"/audit/events/(\\d+)\"").Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            positions.ShouldNotBeEmpty();
            if (first > 0) positions[^1].ShouldBeGreaterThanOrEqualTo(first - 1);
            first = positions[0];
            if (System.Text.RegularExpressions.Regex.Match(page, "rel=\"prev\" href=\"([^\"]+)\"") is not { Success: true } earlier) break;
            address = $"{earlier.Groups[1].Value}&lang={code}";
        }
        first.ShouldBe(1);
    }

    [Fact]
    public async Task Filters_narrow_the_log_as_the_interface_does()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/audit?stream=DK-MTG-0001&type=&lang=en")).Text);
        var events = (await host.Http.Read("/api/audit/events?stream=DK-MTG-0001")).Items;
        foreach (var e in events) page.ShouldContain($"/audit/events/{e.GetProperty("position").GetInt64()}\"");
        (await host.Http.Read("/audit?type=nothing")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_event_has_its_header_body_digest_and_place_in_the_tree_and_says_how_to_verify_without_script()
    {
        var e = (await host.Http.Read("/api/audit/events?stream=DK-MTG-0001")).Items[0];
        var page = WebUtility.HtmlDecode((await host.Http.Read($"/audit/events/{e.GetProperty("position").GetInt64()}?lang=en")).Text);
        (await host.Http.Read($"/audit/events/{e.GetProperty("position").GetInt64()}?lang=ar")).Text.ShouldBeAPageIn("ar");
        page.ShouldContain(e.GetProperty("digest").GetString()!);
        page.ShouldContain(e.GetProperty("id").GetString()!);
        page.ShouldContain("This program came from the server under test.");
        page.ShouldContain("<noscript>");
        page.ShouldContain("SecurityCoop.Verify -- register.bundle");
        page.ShouldNotContain("authentic", Case.Insensitive);
        (await host.Http.Read("/audit/events/999999")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.Read("/audit/openings?lang=en")).Status.ShouldBe(HttpStatusCode.OK);
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        foreach (var path in new[] { "/audit", "/audit/events/1", "/audit/openings" }) (await recorder.Read(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Trait("Run", "long")]
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task An_event_is_verified_in_the_browser_step_by_step(string language)
    {
        var l = Language.All.Single(x => x.Code == language);
        var position = (await host.Http.Read("/api/audit/events?stream=DK-MTG-0001")).Items[0].GetProperty("position").GetInt64();
        var earlier = (await host.Http.Read("/api/audit/checkpoint")).Text;
        await host.Http.Record("/api/occasions", $$"""{"what":"One more, {{language}}","date":"2026-03"}""");
        var page = await Open($"/audit/events/{position}?lang={language}");
        await page.FillAsync("#mykey", host.Store.VerifierKey!.ToString());
        await page.FillAsync("#mynote", earlier);
        await page.ClickAsync("#verify button");
        await page.WaitForSelectorAsync($"#verify [role=status]:has-text('{l.Say(AuditWords.Done)}')");
        (await Outcomes(page)).ShouldBe(AuditWords.Steps.Values.Select(step => $"{l.Say(step)}: {l.Say(AuditWords.Agrees)}"));
    }

    [Trait("Run", "long")]
    [Fact]
    public async Task What_does_not_fit_is_said_and_what_was_not_given_is_not_checked()
    {
        var position = (await host.Http.Read("/api/audit/events?stream=DK-MTG-0001")).Items[0].GetProperty("position").GetInt64();
        var page = await Open($"/audit/events/{position}?lang=en");
        // Another body than the one that was signed.
        await page.RouteAsync("**/api/audit/events/*?proof=true", async route =>
        {
            var answer = await route.FetchAsync();
            var text = await answer.TextAsync();
            var body = System.Text.RegularExpressions.Regex.Match(text, "\"bodyBytes\":\"([^\"]+)\"").Groups[1].Value;
            await route.FulfillAsync(new() { Response = answer, Body = text.Replace(body, Convert.ToBase64String("{}"u8), StringComparison.Ordinal) });
        });
        await page.ClickAsync("#verify button");
        await page.WaitForSelectorAsync("#verify [role=status]:has-text('Every step is done.')");
        (await Outcomes(page)).ShouldBe(["Body → header: Does not agree", "Header → leaf: Agrees", "Leaf → path → checkpoint’s root: Agrees", "Checkpoint’s signature: Agrees", "Key, compared with yours: Not checked"]);
    }

    static async Task<IReadOnlyList<string>> Outcomes(IPage page)
    {
        var rows = new List<string>();
        foreach (var row in await page.QuerySelectorAllAsync("#verify tbody tr"))
        {
            var cells = await row.QuerySelectorAllAsync("th, td");
            rows.Add($"{await cells[0].InnerTextAsync()}: {await cells[1].InnerTextAsync()}");
        }
        return rows;
    }

    async Task<IPage> Open(string path)
    {
        var page = await browser.SignedIn(host, "auditor", new HashSet<Role> { Role.Auditor });
        await page.GotoAsync($"{host.Address}{path}");
        return page;
    }
}
