using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The page of a source or an occasion lists the records that cite it, as far as the reader may see them and that they do.</summary>
public sealed class CitedByTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task A_source_lists_what_was_recorded_from_it(string code)
    {
        var cited = await Cited("SRC-0002", host.Http, code);
        foreach (var reference in (string[])["DK-MTG-0001", "DK-ACT-0001", "DK-INS-0001"]) cited.ShouldContain($"href=\"/records/{reference}\"");
        cited.ShouldNotContain("GB-MTG-0001");
    }

    [Fact]
    public async Task An_occasion_lists_the_meetings_that_refer_to_it_until_they_no_longer_do()
    {
        var occasion = (await host.Http.Record("/api/occasions", """{"what":"An assembly of the test","date":"2026-02","marking":"open"}""")).Reference!;
        (await Cited(occasion, host.Http)).ShouldContain("No record cites it.");
        var meeting = (await host.Http.Record("/api/meetings", $$"""{"partners":["NO"],"kind":"talks","date":"2026-01-12","occasions":["{{occasion}}"],"marking":"open"}""")).Reference!;
        (await Cited(occasion, host.Http)).ShouldContain(meeting);
        var before = await host.Head();
        await host.Http.Record($"/api/meetings/{meeting}/corrections", """{"fields":{"occasions":null},"reason":"Another one"}""");
        (await Cited(occasion, host.Http)).ShouldNotContain(meeting);
        (await Cited($"{occasion}?knownAt=@{before}", host.Http)).ShouldContain(meeting);
    }

    [Fact]
    public async Task What_the_reader_may_not_see_is_not_listed()
    {
        var source = (await host.Http.Record("/api/sources", """{"title":"A paper of the test","marking":"open"}""")).Reference!;
        var hidden = (await host.Http.Record("/api/actions", $$"""{"partner":"FI","what":"Unseen","owedBy":"home","on":"2026-01-22","marking":"confidential","source":{"document":"{{source}}"} }""")).Reference!;
        // Of a meeting that may be seen, the one part that cites the source is above the reader.
        var meeting = (await host.Http.Record("/api/meetings", """{"partners":["FI"],"kind":"talks","date":"2026-01-12","marking":"open"}""")).Reference!;
        await host.Http.Record($"/api/meetings/{meeting}/statements", $$"""{"force":"discussed","speaker":"joint","text":"Sealed","marking":"confidential","source":{"document":"{{source}}"} }""");
        var all = await Cited(source, host.Http);
        all.ShouldContain(hidden);
        all.ShouldContain(meeting);
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var seen = await Cited(source, reader);
        seen.ShouldNotContain(hidden);
        seen.ShouldNotContain(meeting);
        seen.ShouldContain("No record cites it.");
    }

    static async Task<string> Cited(string name, HttpClient http, string code = "en")
    {
        var page = await http.Read($"/records/{name}{(name.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={code}");
        page.Status.ShouldBe(HttpStatusCode.OK);
        var text = WebUtility.HtmlDecode(page.Text);
        text = text[text.IndexOf("id=\"cited\"", StringComparison.Ordinal)..];
        return text[..text.IndexOf("</section>", StringComparison.Ordinal)];
    }
}
