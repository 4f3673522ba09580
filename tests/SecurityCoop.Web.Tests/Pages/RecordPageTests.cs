using System.Net;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

public sealed partial class RecordPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory]
    [InlineData("en", "steward corrected this field: title. “Mémorandum d’entente maroco-danois” becomes “A fuller title”.", "Reason: The communiqué says more.")]
    [InlineData("fr", "steward a rectifié ce champ : intitulé. « Mémorandum d’entente maroco-danois » devient « A fuller title ».", "Motif : The communiqué says more.")]
    [InlineData("ar", "صحّح steward هذا الحقل: العنوان. «Mémorandum d’entente maroco-danois» صار «A fuller title».", "السبب: The communiqué says more.")]
    public async Task A_correction_says_what_was_written_who_changed_it_and_why(string code, string sentence, string reason)
    {
        await host.Http.Record("/api/instruments/DK-INS-0001/corrections", """{"fields":{"title":"A fuller title"},"reason":"The communiqué says more"}""");
        var text = await Text($"/records/DK-INS-0001?lang={code}");
        text.ShouldContain(sentence);
        text.ShouldContain(reason);
        text.ShouldContain(" (Africa/Casablanca)"); // when it was recorded, by the register's clock
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Every_event_of_the_history_is_on_the_page_in_order(string code)
    {
        var events = (await host.Http.Read("/api/audit/records/DK-MTG-0001")).Json.GetProperty("events").EnumerateArray().ToList();
        var page = (await host.Http.Read($"/records/DK-MTG-0001?lang={code}")).Text;
        events.Count.ShouldBeGreaterThan(5);
        var at = events.Select(e => page.IndexOf(FormattableString.Invariant($"<li id=\"e{e.GetProperty("position").GetInt64()}\">"), StringComparison.Ordinal)).ToList();
        at.ShouldAllBe(i => i > 0);
        at.ShouldBeInOrder();
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task A_meeting_shows_both_sides_with_the_office_of_that_day_and_what_was_said_by_force(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var meeting = (await host.Http.Read("/api/meetings/DK-MTG-0001")).Json;
        var text = await Text($"/records/DK-MTG-0001?lang={code}");
        foreach (var side in (string[])["home", "partnerSide"])
            foreach (var p in meeting.GetProperty(side).EnumerateArray())
            {
                if (p.TryGetProperty("person", out var person)) text.ShouldContain(person.GetString()!);
                if (p.TryGetProperty("office", out var office)) text.ShouldContain(office.GetProperty("title").GetString()!);
                if (p.TryGetProperty("description", out var description)) text.ShouldContain(description.GetString()!);
            }
        foreach (var s in meeting.GetProperty("statements").EnumerateArray().Select(s => s.GetProperty("said")))
        {
            text.ShouldContain(s.GetProperty("text").GetString()!);
            text.ShouldContain(language.Say(Labels.Forces, s.GetProperty("force").GetString()!));
        }
        foreach (var opened in (string[])["DK-ACT-0001", "DK-INS-0001", "SRC-0002"]) text.ShouldContain(opened);
        text.ShouldContain(language.Say(RecordWords.SetPhrases, 2));
    }

    [Fact]
    public async Task Every_kind_of_record_has_a_page_that_says_what_the_interface_says()
    {
        foreach (var (path, reference, fields) in new[]
        {
            ("actions", "DK-ACT-0001", (string[])["what"]), ("instruments", "DK-INS-0001", ["title"]), ("sources", "SRC-0002", ["title", "publisher", "url", "sha256"]),
            ("organisations", "ORG-0001", []), ("people", "PER-0001", []),
        })
        {
            var record = (await host.Http.Read($"/api/{path}/{reference}")).Json;
            var text = await Text($"/records/{reference}?lang=en");
            foreach (var field in fields)
                if (record.TryGetProperty(field, out var value)) text.ShouldContain(value.GetString()!);
            if (path == "organisations")
                foreach (var name in record.GetProperty("names").EnumerateObject()) text.ShouldContain(name.Value.GetString()!);
            if (path == "people")
                foreach (var office in record.GetProperty("offices").EnumerateArray()) text.ShouldContain(office.GetProperty("office").GetProperty("title").GetString()!);
        }
        (await Text("/records/DK-INS-0001?lang=en")).ShouldContain("Expected: Signed, our side, no date");
        (await Text("/records/DK-ACT-0001?lang=en")).ShouldContain("27 July 2026 (computed)");
    }

    [Fact]
    public async Task Names_of_people_are_opened_for_whoever_may_see_them_and_the_opening_is_recorded()
    {
        var person = (await host.Http.Read("/api/people/PER-0005")).Json;
        var name = person.GetProperty("names")[0].GetProperty("value").GetString()!;
        var before = (await host.Http.Read("/api/audit/openings?limit=500")).Items.Count;
        (await Text("/records/PER-0005?lang=en")).ShouldContain(name);
        (await Text("/records/DK-MTG-0001?lang=en")).ShouldContain(name);
        (await host.Http.Read("/api/audit/openings?limit=500")).Items.Count.ShouldBe(before + 2);
        using var reader = await host.As(Marking.Secret, Role.Reader);
        foreach (var page in (string[])["/records/PER-0005", "/records/DK-MTG-0001"])
        {
            var answer = await reader.Read($"{page}?lang=en");
            answer.Status.ShouldBe(HttpStatusCode.OK, page);
            WebUtility.HtmlDecode(answer.Text).ShouldNotContain(name);
        }
    }

    [Fact]
    public async Task Sources_that_contradict_each_other_stand_side_by_side_with_the_preferred_one()
    {
        var action = (await host.Http.Record("/api/actions", """{"partner":"MY","what":"Two sources speak of it","owedBy":"home","on":"2026-01-22","due":"2026-03-01"}""")).Reference!;
        await host.Http.Record($"/api/actions/{action}/reports", """{"fields":{"due":"2026-04-01"},"source":{"document":"SRC-0002"},"reason":"Another paper says April"}""");
        var text = await Text($"/records/{action}?lang=en");
        foreach (var said in (string[])["1 March 2026", "1 April 2026", "preferred: the record says so", "contradicts the record", "Another paper says April"]) text.ShouldContain(said);
    }

    [Fact]
    public async Task A_reader_sees_the_record_with_its_history_and_nothing_of_what_is_hidden()
    {
        var meeting = (await host.Http.Record("/api/meetings", """{"partners":["IS"],"kind":"talks","date":"2026-01-12"}""")).Reference!;
        await host.Http.Record($"/api/meetings/{meeting}/statements", """{"force":"discussed","speaker":"joint","text":"Spoken under seal","marking":"confidential"}""");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var page = await reader.Read($"/records/{meeting}?lang=en");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("recorded that this meeting took place");
        page.Text.ShouldNotContain("Spoken under seal");
        page.Text.ShouldNotContain("withheld");
        page.Text.ShouldContain("Highest marking on this page: Restricted");
        (await host.Http.Read($"/records/{meeting}?lang=en")).Text.ShouldContain("Spoken under seal");
        var hidden = (await host.Http.Record("/api/actions", """{"partner":"IS","what":"Hidden whole","owedBy":"home","marking":"confidential","on":"2026-01-22"}""")).Reference!;
        (await reader.Read($"/records/{hidden}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    // What the page says, as somebody reads it.
    async Task<string> Text(string path) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace((await host.Http.Read(path)).Text, ""), " "));

    [GeneratedRegex("<[^>]*>")] private static partial Regex Tag();
    [GeneratedRegex(@"\s+")] private static partial Regex Space();

    [Fact]
    public async Task An_unknown_record_is_not_found() => (await host.Http.Read("/records/DK-ACT-9999")).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public void Every_event_that_the_register_stores_has_words()
    {
        foreach (var name in Register.EventTypes.All.Select(t => t.Name))
            Words.Events.ContainsKey(name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..]).ShouldBeTrue(name);
    }
}
