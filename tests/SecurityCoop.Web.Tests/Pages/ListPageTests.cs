using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Lists;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>Lists of records for people: the same records as the interface's lists, filtered, sorted and taken out by the address.</summary>
public sealed class ListPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    public static TheoryData<string, string> Lists
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var list in RecordLists.All)
                foreach (var language in Language.All) all.Add(list.Path, language.Code);
            return all;
        }
    }

    [Theory, MemberData(nameof(Lists))]
    public async Task A_list_shows_what_the_interfaces_list_shows_in_the_readers_language(string path, string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var list = RecordLists.All.Single(l => l.Path == path);
        var answer = await host.Http.Read($"{path}?lang={code}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var page = WebUtility.HtmlDecode(answer.Text);
        answer.Text.ShouldBeAPageIn(code);
        page.ShouldContain($"<h1>{language.Say(list.Title)}</h1>");
        var items = (await host.Http.Read($"/api{path}?limit=500")).Items;
        foreach (var item in items) page.ShouldContain($"<bdi dir=\"ltr\">{item.GetProperty("reference").GetString()}</bdi>");
        page.ShouldContain(ListWords.Counted(language, list.Title, items.Count));
        foreach (var column in list.Columns) page.ShouldContain(language.Say(column.Label));
    }

    [Fact]
    public async Task Filters_stand_in_the_address_can_be_removed_and_lead_to_the_same_table()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/actions?partner=DK&state=&undated=true&lang=en")).Text);
        page.ShouldContain("<a href=\"/actions?undated=true\" title=\"Remove this filter\">Partner: Denmark");
        page.ShouldContain("<a href=\"/actions?partner=DK\" title=\"Remove this filter\">Undated: yes");
        page.ShouldContain("<a href=\"/api/actions?partner=DK&undated=true&language=en&format=csv\">");
        var items = (await host.Http.Read("/api/actions?partner=DK&undated=true")).Items;
        items.Count.ShouldBeGreaterThan(0);
        page.ShouldContain($"Actions: {items.Count} as of 1 February 2026");
        (await host.Http.Read("/api/actions?partner=DK&undated=true&language=en&format=csv")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_empty_says_so_with_its_day()
    {
        (await host.Http.Read("/actions?partner=NZ&overdue=true&lang=en")).Text.ShouldContain("Nothing overdue as of 1 February 2026.");
        (await host.Http.Read("/meetings?partner=NZ&lang=en")).Text.ShouldContain("Nothing answers these filters as of 1 February 2026.");
    }

    [Fact]
    public async Task Columns_sort_both_ways()
    {
        var up = WebUtility.HtmlDecode((await host.Http.Read("/meetings?sort=date&lang=en")).Text);
        up.ShouldContain("aria-sort=\"ascending\"");
        up.ShouldContain("href=\"/meetings?sort=-date\"");
        var down = WebUtility.HtmlDecode((await host.Http.Read("/meetings?sort=-date&lang=en")).Text);
        References(down).Order(StringComparer.Ordinal).ShouldBe(References(up).Order(StringComparer.Ordinal));
        References(down)[0].ShouldNotBe(References(up)[0]);
    }

    [Fact]
    public async Task Ticked_actions_lead_to_one_screen_of_follow_ups()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/actions?lang=en")).Text);
        page.ShouldContain("<form id=\"rows\" method=\"get\" action=\"/follow-ups/new\">");
        page.ShouldContain("type=\"checkbox\" name=\"action\" value=\"DK-ACT-0001\"");
        using var reader = await host.As(Marking.Secret, Role.Reader);
        (await reader.Read("/actions?lang=en")).Text.ShouldNotContain("type=\"checkbox\"");
    }

    [Fact]
    public async Task What_is_hidden_is_in_no_list_and_in_no_count()
    {
        using var open = await host.As(Marking.Open, Role.Reader);
        var before = (await open.Read("/actions?lang=en")).Text;
        await host.Http.Record("/api/actions", """{"partner":"DK","what":"Something secret","owedBy":"home","on":"2026-01-10","marking":"secret"}""");
        (await open.Read("/actions?lang=en")).Text.ShouldBe(before);
    }

    [Fact]
    public async Task A_workbook_holds_the_same_rows_and_no_formula()
    {
        await host.Http.Record("/api/occasions", """{"what":"=1+1","date":"2026-03"}""");
        var bytes = await host.Http.GetByteArrayAsync(new Uri("/api/occasions?format=xlsx&language=en", UriKind.Relative));
        var rows = MiniExcelLibs.MiniExcel.Query(new MemoryStream(bytes), useHeaderRow: true).Cast<IDictionary<string, object>>().ToList();
        rows.Count.ShouldBe((await host.Http.Read("/api/occasions?limit=500")).Items.Count);
        rows.ShouldContain(r => (string)r["Subject"] == "'=1+1");
    }

    [Fact]
    public async Task A_search_is_kept_in_the_browser_under_a_name_and_leads_to_no_other_site()
    {
        var kept = await Keep("/actions?partner=DK", "Denmark");
        kept.Status.ShouldBe(HttpStatusCode.SeeOther);
        kept.Headers.Location!.OriginalString.ShouldBe("/actions?partner=DK");
        var cookie = kept.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("searches=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/meetings?lang=en", ("Cookie", cookie.Split(';')[0]))).Text);
        page.ShouldContain("<a href=\"/actions?partner=DK\" dir=\"auto\">Denmark</a>");
        foreach (var elsewhere in new[] { "https://example.org/", "//example.org/actions", "/actions\\@example.org", "/sign-out" })
            (await Keep(elsewhere, "x")).Status.ShouldBe(HttpStatusCode.BadRequest);

        Task<Answer> Keep(string address, string name) => host.Http.Send(HttpMethod.Post, "/searches", new FormUrlEncodedContent([new("address", address), new("name", name)]), ("Sec-Fetch-Site", "same-origin"));
    }

    static List<string> References(string page) => [.. System.Text.RegularExpressions.Regex.Matches(page, "<th scope=\"row\"><a class=\"reference\" href=\"/records/([^\"]+)\"").Select(m => m.Groups[1].Value)];
}
