using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
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

    [Theory, InlineData("fr", "SE"), InlineData("en", "EE"), InlineData("ar", "LT")]
    public async Task Two_free_days_are_compared_by_either_clock(string code, string partner)
    {
        var head = await host.Head();
        var action = (await host.Http.Record("/api/actions", $$"""{"partner":"{{partner}}","what":"Long agreed, learnt of now","owedBy":"home","on":"2024-05-06"}""")).Reference!;
        var between = await host.Head();
        await host.Http.Record($"/api/actions/{action}/follow-ups", """{"on":"2025-03-03","note":"Came by letter","state":"reported-done"}""");

        // What the register learnt between two states of its knowledge: the interface's words, and where each stands in the record's story.
        var recorded = await Changes($"from=@{head}&to=@{between}");
        foreach (var sentence in (await host.Http.Read($"/api/partnerships/{partner}/changes?from=@{head}&to=@{between}", ("Accept-Language", code))).Json.GetProperty("words").EnumerateArray())
            recorded.ShouldContain($"<p>{sentence.GetString()}</p>");
        recorded.ShouldContain($"href=\"/records/{action}#e");
        recorded.ShouldNotContain("Came by letter");
        (await Changes($"from=@{between}")).ShouldContain(action, customMessage: "until now, where no end is given");

        // What happened in the world between two days, whenever it was recorded.
        var happened = await Changes("from=2024-05-01&to=2024-05-31&by=happened");
        happened.ShouldContain("Long agreed, learnt of now");
        happened.ShouldNotContain("Came by letter");
        (await Changes("from=2025-01-01&to=2025-12-31&by=happened")).ShouldContain("Came by letter");
        // A correction bears the day of what it corrects, and happened in the register alone.
        await host.Http.Record($"/api/actions/{action}/corrections", """{"fields":{"owner":"desk-2"},"reason":"The minutes"}""");
        (await Changes("from=2024-05-01&to=2024-05-31&by=happened")).ShouldNotContain($"<strong>{Language.All.Single(l => l.Code == code).Say(Words.Events["corrected"])}</strong>");
        var none = await Changes("from=2023-01-01&to=2023-12-31&by=happened");
        none.ShouldContain(Language.All.Single(l => l.Code == code).Say(Web.Partnerships.PartnershipWords.NothingHappened));
        (await Changes($"from=2024-05-01&to=2024-05-31&by=happened&knownAt=@{head}")).ShouldNotContain("Long agreed", customMessage: "it was not known then");
        foreach (var wrong in (string[])["from=2025-01-01&to=2024-01-01&by=happened", "from=@1&by=happened", "to=2025-01-01", "from=@0&by=other", "from=@3&to=@1"])
            (await host.Http.Read($"/partnerships/{partner}?{wrong}")).Status.ShouldBe(HttpStatusCode.BadRequest, wrong);

        async Task<string> Changes(string query)
        {
            var page = await host.Http.Read($"/partnerships/{partner}?lang={code}&{query}");
            page.Status.ShouldBe(HttpStatusCode.OK, query);
            var text = WebUtility.HtmlDecode(page.Text);
            return text[text.IndexOf("id=\"changes\"", StringComparison.Ordinal)..text.IndexOf("</main>", StringComparison.Ordinal)];
        }
    }

    [Fact]
    public async Task It_is_found_from_the_page_of_all_partnerships_and_keeps_the_question()
    {
        var all = WebUtility.HtmlDecode((await host.Http.Read("/?lang=en&asOf=2026-01-28&home=service")).Text);
        all.ShouldContain("href=\"/partnerships/DK?asOf=2026-01-28&home=service\"");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/GB?lang=en&asOf=2026-01-28&home=service")).Text);
        page.ShouldContain("28 January 2026");
        page.ShouldContain("United Kingdom: contact, because of");
        page.ShouldNotContain("<script");
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task The_badge_the_reasons_the_actions_and_the_instruments_are_the_interfaces(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var marks = 0;
        foreach (var item in (await host.Http.Read("/api/partnerships")).Items)
        {
            var partner = item.GetProperty("partner").GetProperty("code").GetString()!;
            var html = (await host.Http.Read($"/partnerships/{partner}?lang={code}")).Text;
            var text = WebUtility.HtmlDecode(html);
            text.ShouldContain(item.GetProperty("partner").GetProperty("name").GetProperty(code).GetString()!);
            text.ShouldContain(language.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!));
            foreach (var m in item.GetProperty("modifiers").EnumerateArray()) text.ShouldContain(language.Say(Labels.Modifiers, m.GetProperty("code").GetString()!));
            foreach (var b in item.GetProperty("because").EnumerateArray())
            {
                text.ShouldContain($"href=\"/records/{b.GetProperty("record").GetString()}\"");
                if (b.TryGetProperty("sources", out var sources)) text.ShouldContain($"href=\"/records/{sources[0].GetProperty("document").GetString()}\"");
            }
            foreach (var a in item.GetProperty("openActions").EnumerateArray()) text.ShouldContain(a.GetProperty("what").GetString()!);
            foreach (var i in item.GetProperty("instruments").EnumerateArray())
            {
                text.ShouldContain(i.GetProperty("title").GetString()!);
                text.ShouldContain(language.Say(Labels.InstrumentStates, i.GetProperty("states")[0].GetString()!));
            }
            if (item.GetProperty("certainty").GetString() != "possible") continue;
            marks++;
            text.ShouldContain(language.Say(PageWords.Possibly, language.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!)));
            text.ShouldContain(language.Say(PageWords.CertainIs, language.Say(Labels.PartnershipStatuses, item.GetProperty("certainStatus").GetString()!)));
            html.ShouldContain(" big possible\">");
        }
        marks.ShouldBeGreaterThan(0, "the seeds hold a status that is only possible");
    }

    [Fact]
    public async Task Statements_stand_by_their_force_and_topics_by_their_year()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/BE?lang=ar")).Text);
        page.ShouldContain("Volonté belge de consolider la coopération.");
        page.ShouldContain("أحد الأيام التالية: 4، 11، 18 أو 25 نونبر 2024");
        page.ShouldContain("<th scope=\"col\">2024</th>");
    }

    [Fact]
    public async Task A_meeting_that_was_called_off_is_said_once()
    {
        var meeting = (await host.Http.Record("/api/meetings", """{"partners":["NO"],"kind":"talks","date":"2027-01-12","state":"planned"}""")).Reference!;
        await host.Http.Record($"/api/meetings/{meeting}/cancellation", """{"on":"2026-01-20","by":"NO","reason":"The minister is ill"}""");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/NO?lang=en")).Text);
        page.ShouldContain("<strong>Cancelled</strong>");
        page.ShouldContain("The minister is ill");
    }

    [Fact]
    public async Task Text_from_outside_stays_text()
    {
        await host.Http.Record("/api/actions", """{"partner":"PK","what":"<b>bold</b> & \"quoted\"","owedBy":"home","on":"2026-01-22"}""");
        var page = (await host.Http.Read("/partnerships/PK?lang=en")).Text;
        page.ShouldContain("&lt;b&gt;bold&lt;/b&gt; &amp; ");
        page.ShouldNotContain("<b>bold");
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
