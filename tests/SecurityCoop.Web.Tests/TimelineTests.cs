using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Everything that happened with a partner, with both clocks.</summary>
public sealed class TimelineTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_timeline_is_in_order_of_the_worlds_time_and_gives_both_clocks()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["NL"], "kind": "talks", "date": "2025-06"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["NL"], "kind": "talks", "date": ""}""");
        await host.Http.Record("/api/meetings", """{"partners": ["NL"], "kind": "talks", "date": "2024-01-05"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["NL"], "kind": "talks", "date": "2026-01-30"}""");
        var entries = (await host.Http.Read("/api/partnerships/NL/timeline")).Items;
        entries.Where(e => e.GetProperty("type").GetString() == "meeting_held").Select(e => e.GetProperty("on").GetString()).ShouldBe(["2024-01-05", "2025-06", "2026-01-30", ""]);
        entries.ShouldAllBe(e => (DateTimeOffset.UtcNow - e.GetProperty("recordedAt").GetDateTimeOffset()).Duration() < TimeSpan.FromMinutes(5));
        entries[0].GetProperty("record").GetString().ShouldBe("NL-MTG-0003");
        (await host.Http.Read("/api/partnerships/NL/timeline?asOf=2025-12-31")).Items.Select(e => e.TryGetProperty("on", out var on) ? on.GetString() : null).ShouldNotContain("2026-01-30");
        var known = entries[0].GetProperty("position").GetInt64();
        (await host.Http.Read($"/api/partnerships/NL/timeline?knownAt=@{known - 1}")).Items.Select(e => e.GetProperty("position").GetInt64()).ShouldAllBe(p => p < known);
    }

    [Fact]
    public async Task A_timeline_holds_everything_each_at_its_place_in_the_world()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "P"}""")).Reference;
        foreach (var (path, body) in ((string, string)[])[
            ("/api/meetings", """{"partners": ["SN"], "kind": "talks", "date": "2025-03-01", "place": "Dakar", "statements": [{"force": "intent", "speaker": "SN", "text": "wish"}]}"""),
            ("/api/meetings", """{"partners": ["SN"], "kind": "talks", "date": "2026-03", "state": "planned"}"""),
            ("/api/meetings/SN-MTG-0002/postponement", """{"date": "2026-06"}"""),
            ("/api/partnerships/SN/suspension", """{"by": "SN", "on": "2025-05-01"}"""),
            ("/api/partnerships/SN/resumption", """{"by": "SN", "on": "2025-05-20"}"""),
            ("/api/partnerships/SN/notes", """{"note": "a note", "on": "2025-04-01"}"""),
            ("/api/partnerships/SN/focal-points", $$"""{"side": "partner", "person": "{{person}}", "on": "2025-04-02"}"""),
            ("/api/partnerships/SN/statements", """{"force": "objection", "speaker": "SN", "text": "to the press", "on": "2025-04-30"}"""),
            ("/api/actions", """{"partner": "SN", "what": "a list", "owedBy": "partner", "on": "2025-03-01", "due": "2025-06"}"""),
            ("/api/actions/SN-ACT-0001/follow-ups", """{"on": "2025-07-01", "note": "none yet", "state": "blocked"}"""),
            ("/api/actions/SN-ACT-0001/assignment", """{"owner": "u-1"}"""),
            ("/api/instruments", """{"partners": ["SN"], "kind": "mou", "title": "a memorandum", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2024-01-01"}]}"""),
            ("/api/instruments/SN-INS-0001/acts", """{"kind": "suspended", "party": "SN", "on": "2025-08-01", "until": "2025-10-31"}"""),
            ("/api/instruments/SN-INS-0001/acts", """{"kind": "termination-notified", "party": "SN", "on": "2025-12-01", "expected": "2026-06-01"}""")])
            await host.Http.Record(path, body);
        var entries = (await host.Http.Read("/api/partnerships/SN/timeline")).Items;
        entries.Select(Line).ShouldBe([
            "2024-01-01 SN-INS-0001 instrument_opened mou a memorandum; certain",
            "2024-01-01 SN-INS-0001 instrument_act_recorded entered-into-force a memorandum; certain",
            "2025-03-01 SN-MTG-0001 meeting_held talks Dakar; certain",
            "2025-03-01 SN-MTG-0001 meeting_statement_recorded intent SN wish; certain",
            "2025-03-01 SN-ACT-0001 action_agreed partner a list; certain",
            "2025-04-01 SN partnership_note_added a note; certain",
            "2025-04-02 SN partnership_focal_point_assigned partner; certain",
            "2025-04-30 SN partnership_statement_recorded objection SN to the press; certain",
            "2025-05-01 SN partnership_suspended suspended SN; certain",
            "2025-05-20 SN partnership_resumed resumed SN; certain",
            "2025-07-01 SN-ACT-0001 action_follow_up_recorded none yet; certain",
            "2025-07-01 SN-ACT-0001 action_blocked blocked a list; certain",
            "2025-08-01 SN-INS-0001 instrument_act_recorded suspended SN a memorandum; certain",
            "2025-11-01 SN-INS-0001 instrument_act_recorded resumed SN a memorandum computed; certain",
            "2025-12-01 SN-INS-0001 instrument_act_recorded termination-notified SN a memorandum; certain",
            "2026-03 SN-MTG-0002 meeting_planned talks; -",
            "2026-06-01 SN-INS-0001 instrument_act_recorded terminated SN a memorandum computed; no",
            "2026-06 SN-MTG-0002 meeting_postponed postponed; -",
            "- SN partnership_opened; -",
            "- SN-ACT-0001 action_assigned; -",
        ]);
        // What is computed was learnt with the act from which it follows.
        var notice = entries.Single(e => Line(e).Contains("termination-notified", StringComparison.Ordinal));
        entries.Single(e => Line(e).Contains("terminated", StringComparison.Ordinal)).GetProperty("position").GetInt64().ShouldBe(notice.GetProperty("position").GetInt64());

        // By its cursor each entry comes once, what is computed included.
        var walked = new List<string>();
        for (var next = "/api/partnerships/SN/timeline?limit=3"; next is not null;)
        {
            var page = await host.Http.Read(next);
            walked.AddRange(page.Items.Select(Line));
            next = page.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }
        walked.ShouldBe(entries.Select(Line));
        (await host.Http.Read("/api/partnerships/SN/timeline?after=1.9")).ShouldBeProblem(400, "invalid-parameter", "?after");

        // As known before the notice, its end is not foreseen; as of a day, only what may have happened by then stands there.
        (await host.Http.Read($"/api/partnerships/SN/timeline?knownAt=@{notice.GetProperty("position").GetInt64() - 1}")).Items.Select(Line).ShouldNotContain(l => l.Contains("terminat", StringComparison.Ordinal));
        (await host.Http.Read("/api/partnerships/SN/timeline?asOf=2025-03-31")).Items.Select(Line).ShouldBe([.. entries.Select(Line).Take(5), "2026-03 SN-MTG-0002 meeting_planned talks; -", "2026-06 SN-MTG-0002 meeting_postponed postponed; -",
            "- SN partnership_opened; -", "- SN-ACT-0001 action_assigned; -"]);
    }

    [Fact]
    public async Task A_date_corrected_since_stands_at_its_right_place_and_what_was_withdrawn_says_so()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["TG"], "kind": "talks", "date": "2025-03-01", "statements": [{"force": "intent", "speaker": "TG", "text": "wish"}]}""");
        await host.Http.Record("/api/meetings", """{"partners": ["TG"], "kind": "talks", "date": "2025-02-01"}""");
        await host.Http.Record("/api/meetings/TG-MTG-0001/corrections", """{"fields": {"date": "2025-01-01"}, "reason": "misprint"}""");
        await host.Http.Record("/api/meetings/TG-MTG-0002/withdrawal", """{"reason": "another country's"}""");
        (await host.Http.Read("/api/partnerships/TG/timeline")).Items.Where(e => e.TryGetProperty("on", out _)).Select(Line).ShouldBe([
            "2025-01-01 TG-MTG-0001 meeting_held talks; certain",
            "2025-01-01 TG-MTG-0001 meeting_statement_recorded intent TG wish; certain",
            "2025-01-01 TG-MTG-0001 meeting_corrected; certain",
            "2025-02-01 TG-MTG-0002 meeting_held talks withdrawn; certain",
        ]);
    }

    static string Line(JsonElement e)
    {
        string Text(string name) => e.TryGetProperty(name, out var value) ? $" {value}" : "";
        var flags = (e.TryGetProperty("computed", out _) ? " computed" : "") + (e.TryGetProperty("withdrawn", out _) ? " withdrawn" : "");
        return $"{(e.TryGetProperty("on", out var on) ? on : "-")}{Text("record")}{Text("type")}{Text("kind")}{Text("party")}{Text("text")}{flags}; {(e.TryGetProperty("happened", out var h) ? h : "-")}";
    }
}
