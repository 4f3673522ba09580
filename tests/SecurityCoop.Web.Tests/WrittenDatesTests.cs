using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Dates in words, in every field that takes a date: what is kept, what the answer says, what is refused (model.md, "Written dates").</summary>
public sealed class WrittenDatesTests(HostFixture host) : IClassFixture<HostFixture>
{
    static string Meeting(string date, string more = "") => $$"""{"partners": ["DK"], "kind": "talks", "date": {{date}}{{more}}}""";

    async Task<JsonElement> Record(string path, string json) => (await host.Http.Record(path, json)).Json;

    async Task<JsonElement> Read(string reference, string path = "meetings") => (await host.Http.Read($"/api/{path}/{reference}")).Json;

    static string[] Understood(JsonElement answer) =>
        [.. answer.GetProperty("understood").EnumerateArray().Select(u => $"{u.GetProperty("field")} {u.GetProperty("written")} = {u.GetProperty("date")}")];

    [Fact]
    public async Task A_written_date_is_recorded_as_EDTF_with_its_words_and_the_answer_says_how_it_was_read()
    {
        var answer = await Record("/api/meetings", Meeting("""{"written": "الثلاثاء 27 يناير", "documentDate": "2026-01-30"}"""));
        Understood(answer).ShouldBe(["/date الثلاثاء 27 يناير = 2026-01-27"]);
        var record = await Read(answer.GetProperty("reference").GetString()!);
        record.GetProperty("date").GetString().ShouldBe("2026-01-27");
        record.GetProperty("dateAsGiven").GetString().ShouldBe("الثلاثاء 27 يناير");
        (await Record("/api/meetings", Meeting("\"2026-01-27\""))).TryGetProperty("understood", out _).ShouldBeFalse("nothing was written in words");
    }

    [Fact]
    public async Task A_dry_run_and_a_repeated_command_say_what_is_understood_too()
    {
        var json = Meeting("""{"written": "15 رجب 1447"}""", """, "dateAsGiven": "as printed" """);
        Understood((await host.Http.Command("/api/meetings?dryRun=true", json)).Json).ShouldBe(["/date 15 رجب 1447 = [2026-01-04,2026-01-05]"]);
        var first = await host.Http.Record("/api/meetings", json, ("Idempotency-Key", "written"));
        var again = await host.Http.Command("/api/meetings", json, ("Idempotency-Key", "written"));
        Understood(again.Json).ShouldBe(Understood(first.Json));
        again.Reference.ShouldBe(first.Reference);
        (await Read(first.Reference!)).GetProperty("dateAsGiven").GetString().ShouldBe("as printed", "what the body says itself is kept");
    }

    [Fact]
    public async Task What_has_no_date_yet_is_unknown_and_keeps_its_words()
    {
        var answer = await Record("/api/instruments",
            """{"partners": ["DK"], "kind": "mou", "title": "x", "acts": [{"kind": "planned", "on": {"written": "3 mars 2025"}, "expected": {"written": "prochainement"}}]}""");
        Understood(answer).ShouldBe(["/acts/0/on 3 mars 2025 = 2025-03-03", "/acts/0/expected prochainement = "]);
        var act = (await Read(answer.GetProperty("reference").GetString()!, "instruments")).GetProperty("acts")[0].ToString();
        act.ShouldContain("\"expectedAsGiven\":\"prochainement\"");
        act.ShouldContain("\"onAsGiven\":\"3 mars 2025\"");
    }

    [Fact]
    public async Task Every_field_that_takes_a_date_takes_a_written_one()
    {
        var action = (await Record("/api/actions", """
            {"partner": "DK", "what": "a list", "owedBy": "both", "on": {"written": "1er mars 2025"}, "due": {"written": "fin"}}
            """.Replace("\"fin\"", "\"d'ici le 31 mars 2025\"", StringComparison.Ordinal))).GetProperty("reference").GetString()!;
        Understood(await Record($"/api/actions/{action}/due-date", """{"due": {"written": "by 30 June 2025"}, "on": {"written": "hier", "documentDate": "5 mars 2025"}}"""))
            .ShouldBe(["/on hier = 2025-03-04", "/due by 30 June 2025 = [..2025-06-30]"], ignoreOrder: true);
        Understood(await Record($"/api/actions/{action}/review-date", """{"reviewOn": {"written": "15 يونيو 2025"}}""")).ShouldBe(["/reviewOn 15 يونيو 2025 = 2025-06-15"]);
        (await host.Http.Command($"/api/actions/{action}/review-date", """{"reviewOn": {"written": "juin 2025"}}""")).ShouldBeProblem(400, "date-not-one-day", "/reviewOn");
        (await Record($"/api/actions/{action}/follow-ups", """{"note": "x", "on": {"written": "10/03/2025"}}""")).GetProperty("understood").GetArrayLength().ShouldBe(1);
        var record = await Read(action, "actions");
        record.GetProperty("due").GetString().ShouldBe("[..2025-06-30]");
        record.GetProperty("dueAsGiven").GetString().ShouldBe("by 30 June 2025");
        record.GetProperty("reviewOn").GetString().ShouldBe("2025-06-15");
    }

    [Fact]
    public async Task Corrections_refinements_and_reports_take_written_dates()
    {
        var meeting = (await Record("/api/meetings", Meeting("\"2025-03\""))).GetProperty("reference").GetString()!;
        Understood(await Record($"/api/meetings/{meeting}/refinements", """{"fields": {"date": {"written": "entre le 3 et le 5 mars 2025"}}}"""))
            .ShouldBe(["/fields/date entre le 3 et le 5 mars 2025 = [2025-03-03..2025-03-05]"]);
        (await Read(meeting)).GetProperty("dateAsGiven").GetString().ShouldBe("entre le 3 et le 5 mars 2025");
        await Record($"/api/meetings/{meeting}/corrections", """{"reason": "r", "fields": {"date": {"written": "04/04/2025"}}}""");
        (await Read(meeting)).GetProperty("date").GetString().ShouldBe("2025-04-04");
        (await host.Http.Command($"/api/meetings/{meeting}/corrections", """{"reason": "r", "fields": {"date": {"written": "24-27 avril 2025"}}}"""))
            .ShouldBeProblem(400, "date-two-readings", "/fields/date");
        (await host.Http.Command($"/api/meetings/{meeting}/corrections", """{"reason": "r", "fields": {"date": "1447-07-15"}}""")).ShouldBeProblem(400, "date-perhaps-hijri", "/fields/date");
    }

    [Theory]
    [InlineData("""{"written": "24–27 novembre 2025"}""", "date-two-readings", "/date")]
    [InlineData("""{"written": "01/27/2026"}""", "date-not-day-first", "/date")]
    [InlineData("""{"written": "31/04/2025"}""", "date-no-such-day", "/date")]
    [InlineData("""{"written": "mercredi"}""", "date-needs-document-date", "/date")]
    [InlineData("""{"written": "fin mars 2025"}""", "date-part-of-period", "/date")]
    [InlineData("""{"written": "lundi 27 janvier 2026"}""", "date-other-weekday", "/date")]
    [InlineData("""{"written": "xyz"}""", "date-unreadable", "/date")]
    [InlineData("""{"written": "lundi", "documentDate": "mars 2025"}""", "date-not-one-day", "/date/documentDate")]
    [InlineData("""{"written": "lundi", "document": "2025-01-01"}""", "unknown-field", "/date/document")]
    [InlineData("""{"written": 5}""", "invalid-value", "/date/written")]
    [InlineData("\"1447-07-15\"", "date-perhaps-hijri", "/date")]
    [InlineData("\"\\u0031447-07-15\"", "date-perhaps-hijri", "/date")]
    [InlineData("\"[..0700-01]\"", "date-too-early", "/date")]
    [InlineData("\"1650/2025\"", "date-too-early", "/date")]
    [InlineData("""{"documentDate": "2025-01-01"}""", "invalid-value", "/date")]
    public async Task What_cannot_be_understood_is_refused_with_the_way_out_and_records_nothing(string date, string slug, string field)
    {
        var head = await host.Head();
        (await host.Http.Command("/api/meetings", Meeting(date))).ShouldBeProblem(400, slug, field);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_refusal_names_both_readings_in_the_reader_s_language()
    {
        foreach (var (language, word) in ((string, string)[])[("fr", "peut se lire"), ("en", "can mean"), ("ar", "قد يعني")])
        {
            var refused = await host.Http.Command("/api/meetings", Meeting("""{"written": "27/01/26"}"""), ("Accept-Language", language));
            var detail = refused.Json.GetProperty("detail").GetString()!;
            detail.ShouldContain(word);
            detail.ShouldContain("1926-01-27");
            detail.ShouldContain("2026-01-27");
        }
    }
}
