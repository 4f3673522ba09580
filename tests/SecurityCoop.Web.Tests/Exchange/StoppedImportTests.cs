using System.Net;
using System.Text;
using SecurityCoop.Web.Exchange;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>A host that is stopped while it records a list: what was begun is finished, the rest is recorded when the file is sent again, and nothing twice.</summary>
public sealed class StoppedImportTests(HostFixture host) : IClassFixture<HostFixture>
{
    const int Rows = 400;

    [Fact]
    public async Task What_was_recorded_stays_and_the_rest_follows_when_it_is_sent_again()
    {
        var csv = "Partner,What,Owed by\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"Denmark,Row {i},Us\n"));
        var address = await Begin(csv);
        // In the middle of it.
        while (await Count() == 0) await Task.Delay(5);
        await host.Restart();
        var before = await Count();
        before.ShouldBeInRange(1, Rows - 1, "it was to be stopped in the middle");
        var page = await host.Http.Read($"{address}?lang=en");
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        WebUtility.HtmlDecode(page.Text).ShouldContain(ImportPageWords.NotFollowed.En);
        page.Text.ShouldContain("id=\"upload\"");

        address = await Begin(csv);
        while ((await host.Http.Read(address)).Headers.Contains("Refresh")) await Task.Delay(50);
        (await Count()).ShouldBe(Rows);
    }

    async Task<string> Begin(string csv)
    {
        var check = await host.Http.Send(HttpMethod.Post, "/import?lang=en", new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "list.csv" }, { new StringContent("action"), "kind" }, { new StringContent("check"), "step" },
        }, ("Sec-Fetch-Site", "same-origin"));
        var begun = await new Pages.Forms.FilledForm(check.Text, "record").Send(host.Http, "record");
        begun.Status.ShouldBe(HttpStatusCode.SeeOther, begun.Text);
        return begun.Headers.Location!.ToString();
    }

    async Task<int> Count() => (await host.Http.Read("/api/actions?partner=DK&limit=500")).Items.Count;
}
