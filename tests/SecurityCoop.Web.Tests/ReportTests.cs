using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Competing reports, preferences and refinements over HTTP, and the status at both times of knowing.</summary>
public sealed class ReportTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Two_readings_of_an_instruments_state_are_shown_and_the_status_is_right_before_and_after_one_is_preferred()
    {
        await host.Http.Record("/api/sources", """{"title": "Ministry"}""");
        var (source, mou) = (await Newest("sources"), (await host.Http.Record("/api/instruments", """{"partners": ["AT"], "kind": "convention", "title": "Extradition", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2010"}]}""")).Reference);
        var reported = await host.Http.Record($"/api/instruments/{mou}/acts", $$"""{"kind": "suspended", "on": "2014", "party": "AT", "report": true, "source": {"document": "{{source}}", "paragraph": 3}, "credibility": 3, "reason": "press only"}""");
        reported.Events.ShouldBe(["instrument_act_reported"]);
        var act = reported.Json.GetProperty("events")[0].GetProperty("id").GetString()!;
        var before = await Status("AT", "");
        before.GetProperty("status").GetString().ShouldBe("framework-active");
        var disputed = before.GetProperty("modifiers").EnumerateArray().Single(m => m.GetProperty("code").GetString() == "disputed").GetProperty("because").EnumerateArray().ToList();
        disputed.Select(b => b.GetProperty("kind").GetString()).ShouldBe(["report", "report"]);
        (disputed[1].GetProperty("event").GetString(), disputed[1].GetProperty("reason").GetString(), disputed[1].GetProperty("sources")[0].GetProperty("document").GetString()).ShouldBe((act, "press only", source));

        (await host.Http.Command($"/api/instruments/{mou}/preferences", $$"""{"field": "happened", "of": "{{act}}", "report": "{{act}}"}""")).Json.GetProperty("errors").TryGetProperty("/reason", out _).ShouldBeTrue();
        var preferred = await host.Http.Record($"/api/instruments/{mou}/preferences", $$"""{"field": "happened", "of": "{{act}}", "report": "{{act}}", "reason": "confirmed by note verbale"}""");
        preferred.Events.ShouldBe(["instrument_report_preferred"]);
        var after = await Status("AT", "");
        after.GetProperty("status").GetString().ShouldBe("suspended");
        after.GetProperty("because").EnumerateArray().Single(b => b.GetProperty("kind").GetString() == "preferred").GetProperty("reason").GetString().ShouldBe("confirmed by note verbale");
        (await Status("AT", $"&knownAt=@{preferred.Position - 1}")).GetProperty("status").GetString().ShouldBe("framework-active");
        (await Status("AT", $"&knownAt=@{preferred.Position}")).GetProperty("status").GetString().ShouldBe("suspended");

        var field = (await host.Http.Read($"/api/instruments/{mou}")).Json.GetProperty("reports")[0];
        (field.GetProperty("field").GetString(), field.GetProperty("disputed").GetBoolean(), field.GetProperty("chosen").GetProperty("reason").GetString()).ShouldBe(("happened", true, "confirmed by note verbale"));
        field.GetProperty("readings").EnumerateArray().Select(r => $"{r.GetProperty("value")} {r.GetProperty("standing")}").ShouldBe(["False competes", "True preferred"]);
        (await host.Http.Read("/partnerships?asOf=2026-02-01", ("Accept", "text/html"))).Status.ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Every_kind_of_record_takes_reports_preferences_refinements_corrections_and_withdrawals()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "Agency"}""")).Reference;
        await host.Http.Record("/api/partnerships", """{"partner": "CH"}""");
        (string Path, string Body, string Field, string Said, string? Narrowed)[] kinds =
        [
            ("meetings", """{"partners": ["CH"], "kind": "talks", "date": "2025"}""", "date", "\"2024\"", "\"2025-03\""),
            ("actions", """{"partner": "CH", "what": "a list", "owedBy": "home", "on": "2025", "due": "2026"}""", "due", "\"2027\"", "\"2026-03\""),
            ("instruments", """{"partners": ["CH"], "kind": "mou", "title": "A", "acts": []}""", "binding", "\"binding\"", "\"non-binding\""),
            ("people", """{"name": "N. N."}""", "country", "\"AT\"", "\"CH\""),
            ("organisations", """{"names": {"en": "Police"}}""", "country", "\"AT\"", "\"CH\""),
            ("sources", """{"title": "B"}""", "published", "\"2024\"", "\"2025-03\""),
            ("occasions", """{"what": "assembly", "date": "2025"}""", "date", "\"2024\"", "\"2025-11\""),
        ];
        foreach (var (path, body, field, said, narrowed) in kinds)
        {
            var record = $"/api/{path}/{(await host.Http.Record($"/api/{path}", body)).Reference}";
            var kind = (await host.Http.Record($"{record}/refinements", $$"""{"fields": {"{{field}}": {{narrowed}} } }""")).Events.Single();
            kind.ShouldEndWith("_refined");
            (await host.Http.Read(record)).Json.GetProperty(field).GetRawText().ShouldBe(narrowed);
            (await host.Http.Command($"{record}/reports", $$"""{"fields": {"{{field}}": {{said}} } }""")).Json.GetProperty("errors").TryGetProperty("/source", out _).ShouldBeTrue(path);
            var reported = await host.Http.Record($"{record}/reports", $$"""{"fields": {"{{field}}": {{said}} }, "source": {"document": "{{source}}"}, "credibility": 4}""");
            reported.Events.Single().ShouldEndWith("_report_recorded");
            (await host.Http.Read(record)).Json.GetProperty(field).GetRawText().ShouldBe(narrowed, path);
            var report = reported.Json.GetProperty("events")[0].GetProperty("id").GetString();
            (await host.Http.Record($"{record}/preferences", $$"""{"field": "{{field}}", "report": "{{report}}", "reason": "seen"}""")).Events.Single().ShouldEndWith("_report_preferred");
            var now = (await host.Http.Read(record)).Json;
            now.GetProperty(field).GetRawText().ShouldBe(said, path);
            var readings = now.GetProperty("reports")[0].GetProperty("readings");
            readings[1].GetProperty("sources")[0].GetProperty("document").GetString().ShouldBe(source);
            (readings[0].GetProperty("value").GetRawText(), readings[1].GetProperty("standing").GetString(), readings[1].GetProperty("credibility").GetInt32()).ShouldBe((narrowed, "preferred", 4));
            (await host.Http.Command($"{record}/corrections", $$"""{"fields": {"{{field}}": {{narrowed}} } }""")).Json.GetProperty("errors").TryGetProperty("/reason", out _).ShouldBeTrue(path);
            await host.Http.Record($"{record}/corrections", $$"""{"fields": {"{{field}}": {{narrowed}} }, "reason": "misread"}""");
            (await host.Http.Command($"{record}/withdrawal", "{}")).Json.GetProperty("errors").TryGetProperty("/reason", out _).ShouldBeTrue(path);
            await host.Http.Record($"{record}/withdrawal", """{"reason": "recorded twice"}""");
            var history = (await host.Http.Read($"/api/audit/records/{now.GetProperty("reference").GetString()}")).Json.GetProperty("events").EnumerateArray().ToList();
            history.Where(e => e.TryGetProperty("explained", out _)).Select(e => e.GetProperty("explained")[0]).Select(c => $"{c.GetProperty("field")}: {c.GetProperty("is")}")
                .ShouldBe([$"{field}: {Plain(narrowed!)}", $"{field}: {Plain(said)}", $"{field}: {Plain(narrowed!)}"], path);
            history.Where(e => e.TryGetProperty("reason", out _)).Select(e => e.GetProperty("reason").GetString()).ShouldBe(["seen", "misread", "recorded twice"], path);
        }
        var note = await host.Http.Record("/api/partnerships/CH/notes", """{"note": "before", "on": "2025"}""");
        var of = note.Json.GetProperty("events")[0].GetProperty("id").GetString();
        await host.Http.Record("/api/partnerships/CH/refinements", $$"""{"fields": {"on": "2025-03"}, "of": "{{of}}"}""");
        (await host.Http.Record("/api/partnerships/CH/reports", $$"""{"fields": {"on": "2025-04"}, "of": "{{of}}", "source": {"document": "{{source}}"} }""")).Events.ShouldBe(["partnership_report_recorded"]);
    }

    [Fact]
    public async Task A_refinement_outside_what_was_said_names_the_field_the_old_and_the_new()
    {
        var meeting = (await host.Http.Record("/api/meetings", """{"partners": ["SI"], "kind": "talks", "date": "2025-06"}""")).Reference;
        var refused = await host.Http.Command($"/api/meetings/{meeting}/refinements", """{"fields": {"date": "2025-07-01"}}""");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("type").GetString().ShouldBe("/problems/refinement-outside");
        refused.Json.GetProperty("errors").GetProperty("/fields/date")[0].GetString()!.ShouldContain("“date” said “2025-06”; “2025-07-01”");
    }

    static string Plain(string json) => JsonDocument.Parse(json).RootElement.ToString();

    async Task<string> Newest(string path) => (await host.Http.Read($"/api/{path}?limit=500")).Items[^1].GetProperty("reference").GetString()!;

    async Task<JsonElement> Status(string partner, string query) => (await host.Http.Read($"/api/partnerships/{partner}?asOf=2026-02-01{query}")).Json;
}
