using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The page of one partnership says what the interface says: reasons, changes, timeline.</summary>
public sealed class PartnershipPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task It_holds_the_interfaces_words_and_every_entry_of_the_timeline(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var page = WebUtility.HtmlDecode((await host.Http.Read($"/partnerships/DK?lang={code}&status=framework-active&from=@0&asOf=2026-02-01")).Text);
        foreach (var path in (string[])["/api/partnerships/DK/why?status=framework-active&asOf=2026-02-01", "/api/partnerships/DK/changes?from=@0&asOf=2026-02-01"])
            foreach (var sentence in (await host.Http.Read(path, ("Accept-Language", code))).Json.GetProperty("words").EnumerateArray()) page.ShouldContain($"<p>{sentence.GetString()}</p>");
        var at = 0;
        foreach (var entry in (await host.Http.Read("/api/partnerships/DK/timeline")).Items)
        {
            var next = page.IndexOf($"<bdi dir=\"ltr\">@{entry.GetProperty("position").GetInt64()}</bdi>", at, StringComparison.Ordinal);
            next.ShouldBeGreaterThan(at, "in the timeline's order");
            page[at..next].ShouldContain(Words.Event(entry.GetProperty("type").GetString()!, language));
            at = next;
        }
        page.ShouldContain($"<html lang=\"{code}\" dir=\"{language.Direction}\"");
    }

    [Fact]
    public async Task It_is_found_from_the_page_of_all_partnerships_and_keeps_the_question()
    {
        var all = WebUtility.HtmlDecode((await host.Http.Read("/?lang=en&asOf=2026-01-28&home=service")).Text);
        all.ShouldContain("href=\"/partnerships/DK?asOf=2026-01-28&home=service\"");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/GB?lang=en&asOf=2026-01-28&home=service")).Text);
        page.ShouldContain("28 January 2026");
        page.ShouldContain("United Kingdom: contact, because of");
        page.ShouldContain("href=\"/?asOf=2026-01-28&home=service#GB\"");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task What_is_not_understood_or_not_to_be_seen_is_refused()
    {
        (await host.Http.Read("/partnerships/ZZ")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.Read("/partnerships/DK?status=active")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.Read("/partnerships/DK?from=yesterday")).Status.ShouldBe(HttpStatusCode.BadRequest);
        // A form sends the fields that were left empty, too.
        (await host.Http.Read("/partnerships/DK?from=&status=&asOf=")).Status.ShouldBe(HttpStatusCode.OK);
        await host.Http.Record("/api/actions", """{"partner":"MY","what":"Confidential matter of the test","owedBy":"home","marking":"confidential","on":"2026-01-22"}""");
        (await host.Http.Read("/partnerships/MY")).Text.ShouldContain("Confidential matter of the test");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        (await reader.Read("/partnerships/MY?from=@0")).Text.ShouldNotContain("Confidential matter of the test");
        using var nobody = host.Client(null);
        (await nobody.Read("/partnerships/DK", ("Accept", "text/html"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
