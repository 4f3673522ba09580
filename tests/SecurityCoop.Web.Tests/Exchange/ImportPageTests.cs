using System.Net;
using System.Text;
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
        var recorded = await form.Send(host.Http, "record");
        recorded.Status.ShouldBe(HttpStatusCode.OK, recorded.Text);
        var items = (await host.Http.Read("/api/actions?partner=DK&limit=500")).Items.Count(i => i.GetProperty("what").GetString()!.EndsWith($" {code}", StringComparison.Ordinal));
        items.ShouldBe(2);
        (await form.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read("/api/actions?partner=DK&limit=500")).Items.Count(i => i.GetProperty("what").GetString()!.EndsWith($" {code}", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task No_file_and_one_that_is_no_list_are_refused_in_words()
    {
        (await host.Http.Send(HttpMethod.Post, "/import", new MultipartFormDataContent { { new StringContent(""), "kind" } }, ("Sec-Fetch-Site", "same-origin"), ("Cookie", "lang=en"))).Text.ShouldContain("Choose a file.");
        (await Upload("", "action")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    Task<Answer> Upload(string csv, string kind, string language = "en") => host.Http.Send(HttpMethod.Post, $"/import?lang={language}", new MultipartFormDataContent
    {
        { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "list.csv" }, { new StringContent(kind), "kind" }, { new StringContent("check"), "step" },
    }, ("Sec-Fetch-Site", "same-origin"));
}
