using System.Net;
using System.Text;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Tests.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>Import of a list in the browser, without script: tried row by row, then recorded, each row once.</summary>
public sealed class ImportPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task A_list_is_tried_with_its_faults_in_place_and_nothing_is_recorded()
    {
        var before = await host.Head();
        var answer = await Upload("Partner,What,Owed by,Due\nDenmark,Exchange lists,Us,27/01/2027\nAtlantis,Exchange more,Us,\n", "action");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldContain("Faulty rows: 1 of 2; nothing is recorded.");
        answer.Text.ShouldContain("Atlantis");
        answer.Text.ShouldNotContain("id=\"record\"");
        (await host.Http.Read($"/news?after={before}")).Json.GetProperty("positions").GetArrayLength().ShouldBe(0);
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task A_list_without_faults_is_recorded_once_however_often_it_is_sent(string code)
    {
        var csv = $"Partner,What,Owed by,Due\nDenmark,Exchange lists {code},Us,27/01/2027\nDenmark,Exchange more {code},Us,\n";
        var check = await Upload(csv, "action", code);
        check.Status.ShouldBe(HttpStatusCode.OK, check.Text);
        check.Text.ShouldBeAPageIn(code);
        var form = new Pages.Forms.FilledForm(check.Text, "record");
        (await Done(await form.Send(host.Http, "record", code), code)).ShouldContain("href=\"/records/DK-ACT-");
        var items = (await host.Http.Read("/api/actions?partner=DK&limit=500")).Items.Count(i => i.GetProperty("what").GetString()!.EndsWith($" {code}", StringComparison.Ordinal));
        items.ShouldBe(2);
        await Done(await form.Send(host.Http, "record", code), code);
        (await host.Http.Read("/api/actions?partner=DK&limit=500")).Items.Count(i => i.GetProperty("what").GetString()!.EndsWith($" {code}", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task No_file_and_one_that_is_no_list_are_refused_in_words()
    {
        (await host.Http.Send(HttpMethod.Post, "/import", new MultipartFormDataContent { { new StringContent(""), "kind" } }, ("Sec-Fetch-Site", "same-origin"), ("Cookie", "lang=en"))).Text.ShouldContain("Choose a file.");
        (await Upload("", "action")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Progress_is_shown_until_the_end_though_the_browser_is_closed_meanwhile(string code)
    {
        var l = Language.All.Single(x => x.Code == code);
        var check = await Upload(Rows(150, $"of progress-{code}"), "action", code);
        var started = await new Pages.Forms.FilledForm(check.Text, "record").Send(host.Http, "record", code);
        started.Status.ShouldBe(HttpStatusCode.SeeOther, started.Text);
        var address = started.Headers.Location!.ToString();
        // The request that began it is over; the page says how far it is, and loads itself again without script.
        var page = await host.Http.Read($"{address}?lang={code}");
        page.Text.ShouldBeAPageIn(code);
        page.Text.ShouldContain("<progress max=\"150\" value=\"");
        WebUtility.HtmlDecode(page.Text).ShouldContain(l.Say(ImportPageWords.MayBeClosed));
        page.Headers.GetValues("Refresh").ShouldBe(["2"]);
        (await host.Http.Read($"{address}?still=true")).Headers.Contains("Refresh").ShouldBeFalse("a reader can have it stand still");
        WebUtility.HtmlDecode(await Done(started, code)).ShouldContain(l.Say(ImportPageWords.Recorded, "150"));
        (await Count($"of progress-{code}")).ShouldBe(150);
        (await host.Second.Read(address)).Status.ShouldBe(HttpStatusCode.NotFound, "it is its sender's alone");
    }

    static string Rows(int count, string what) =>
        "Partner,What,Owed by,Due\n" + string.Concat(Enumerable.Range(1, count).Select(i => $"Denmark,Row {i} {what},Us,27/01/2027\n"));

    async Task<int> Count(string what)
    {
        var (count, after) = (0, "");
        while (true)
        {
            var page = await host.Http.Read($"/api/actions?partner=DK&limit=500{after}");
            count += page.Items.Count(i => i.GetProperty("what").GetString()!.EndsWith(what, StringComparison.Ordinal));
            if (!page.Json.TryGetProperty("next", out var next) || next.GetString() is not { } cursor) return count;
            after = $"&after={cursor}";
        }
    }

    // The page that a browser comes to at last.
    async Task<string> Done(Answer started, string code)
    {
        started.Status.ShouldBe(HttpStatusCode.SeeOther, started.Text);
        for (var i = 0; i < 600; i++, await Task.Delay(100))
            if (await host.Http.Read($"{started.Headers.Location}?lang={code}") is var page && !page.Headers.Contains("Refresh")) return page.Text;
        throw new Xunit.Sdk.XunitException("The import does not end.");
    }

    Task<Answer> Upload(string csv, string kind, string language = "en") => host.Http.Send(HttpMethod.Post, $"/import?lang={language}", new MultipartFormDataContent
    {
        { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "list.csv" }, { new StringContent(kind), "kind" }, { new StringContent("check"), "step" },
    }, ("Sec-Fetch-Site", "same-origin"));
}
