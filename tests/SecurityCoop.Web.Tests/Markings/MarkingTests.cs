using System.Net;
using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Markings;

/// <summary>Statements, notes and follow-ups with a marking of their own, groups, raising and lowering, over HTTP (model.md, "Markings").</summary>
public sealed class MarkingTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Word = "zanzibarite";

    async Task<string> Meeting(string partner, string more = "") => (await host.Http.Record("/api/meetings", $$"""
        {"partners": ["{{partner}}"], "kind": "talks", "date": "2026-01-20", "marking": "restricted"{{more}}}
        """)).Reference!;

    // Every answer that somebody may get of a partner and a record of it, as one text.
    static async Task<string> Everything(HttpClient http, string partner, string collection, string reference, string word = Word)
    {
        var all = new List<string>();
        foreach (var path in (string[])
            [
                $"/api/{collection}/{reference}", $"/api/{collection}?partner={partner}", $"/api/partnerships/{partner}", $"/api/partnerships/{partner}/timeline",
                $"/api/partnerships/{partner}/notes", $"/api/partnerships/{partner}/why?status=intent", $"/api/changes?from=@1", $"/api/search?q={word}",
                $"/api/audit/records/{reference}", "/api/audit/events?limit=500", $"/api/calendar.ics?partner={partner}", $"/partnerships/{partner}",
            ])
            all.Add((await http.Read(path, ("Accept", "*/*"))).Text);
        return string.Join('\n', all);
    }

    [Fact]
    public async Task A_secret_statement_is_seen_by_those_cleared_for_it_and_moves_no_status_for_others()
    {
        var meeting = await Meeting("EE");
        await host.Http.Record($"/api/meetings/{meeting}/statements", $$"""
            {"force": "agreed-action", "speaker": "joint", "text": "{{Word}} exchange", "marking": "secret"}
            """);
        (await host.Http.Read("/api/partnerships/EE")).Json.GetProperty("status").GetString().ShouldBe("committed");
        using var reader = await host.As(Marking.Restricted, Role.Auditor);
        (await reader.Read("/api/partnerships/EE")).Json.GetProperty("status").GetString().ShouldBe("contact");
        var seen = await reader.Read($"/api/meetings/{meeting}");
        seen.Status.ShouldBe(HttpStatusCode.OK);
        seen.Json.GetProperty("statements").GetArrayLength().ShouldBe(0);
        (await Everything(reader, "EE", "meetings", meeting)).ShouldNotContain(Word);
        var all = (await host.Http.Read($"/api/meetings/{meeting}")).Json;
        all.GetProperty("marking").GetString().ShouldBe("restricted");
        all.GetProperty("statements")[0].GetProperty("marking").GetString().ShouldBe("secret");
        (await Everything(host.Http, "EE", "meetings", meeting)).ShouldContain(Word);
    }

    [Fact]
    public async Task A_secret_note_hides_neither_its_partnership_nor_that_there_are_none()
    {
        await Meeting("LV");
        await host.Http.Record("/api/partnerships/LV/notes", $$"""{"note": "{{Word}}", "on": "2026-01-21", "marking": "secret"}""");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        (await reader.Read("/api/partnerships/LV")).Json.GetProperty("status").GetString().ShouldBe("contact");
        (await reader.Read("/api/partnerships/LV/notes")).Items.ShouldBeEmpty();
        (await host.Http.Read("/api/partnerships/LV/notes")).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_follow_up_takes_the_state_that_it_brought_with_it()
    {
        // A word of its own: what other tests lowered stands in lists of all partners.
        const string word = "smaragdine";
        var action = (await host.Http.Record("/api/actions", """
            {"partner": "LT", "what": "A list", "owedBy": "both", "on": "2026-01-20", "due": "2026-03-01", "marking": "restricted"}
            """)).Reference!;
        await host.Http.Record($"/api/actions/{action}/follow-ups", $$"""
            {"on": "2026-01-25", "note": "{{word}}", "state": "reported-done", "marking": "secret"}
            """);
        (await host.Http.Read($"/api/actions/{action}")).Json.GetProperty("state").GetString().ShouldBe("reported-done");
        using var reader = await host.As(Marking.Restricted, Role.Auditor);
        var seen = (await reader.Read($"/api/actions/{action}")).Json;
        seen.GetProperty("state").GetString().ShouldBe("agreed");
        seen.GetProperty("followUps").GetArrayLength().ShouldBe(0);
        (await Everything(reader, "LT", "actions", action, word)).ShouldNotContain(word);
        // A recorder who knows nothing of it goes on as if it were open.
        using var recorder = await host.As(Marking.Restricted, Role.Recorder);
        (await recorder.Record($"/api/actions/{action}/follow-ups", """{"on": "2026-01-30", "note": "Reminded."}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_a_steward_raises_a_record_and_says_so_by_an_event()
    {
        var meeting = await Meeting("SI");
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        const string body = """{"fields": {"place": "Rabat"}, "reason": "Named since.", "marking": "confidential"}""";
        var refused = await recorder.Command($"/api/meetings/{meeting}/corrections", body);
        (refused.Status, refused.Json.GetProperty("type").GetString()).ShouldBe((HttpStatusCode.Forbidden, "/problems/marking-needs-steward"));
        (await host.Http.Record($"/api/meetings/{meeting}/corrections", body)).Events.ShouldBe(["meeting_marking_raised", "meeting_corrected"]);
        (await host.Http.Read($"/api/meetings/{meeting}")).Json.GetProperty("marking").GetString().ShouldBe("confidential");
    }

    [Fact]
    public async Task What_quotes_a_confidential_source_is_marked_like_it()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "A note", "publisher": "An office", "language": "en", "marking": "confidential"}""")).Reference;
        var quoting = (await host.Http.Record("/api/meetings", $$$"""
            {"partners": ["HR"], "kind": "talks", "date": "2026-01-20", "marking": "open", "source": {"document": "{{{source}}}", "paragraph": 1}}
            """)).Reference!;
        (await host.Http.Read($"/api/meetings/{quoting}")).Json.GetProperty("marking").GetString().ShouldBe("confidential");
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        (await recorder.Command($"/api/meetings/{await Meeting("HR")}/corrections", $$$"""
            {"fields": {"place": "Rabat"}, "reason": "Named there.", "source": {"document": "{{{source}}}", "paragraph": 2}}
            """)).Json.GetProperty("type").GetString().ShouldBe("/problems/marking-needs-steward");
    }

    [Fact]
    public async Task A_lowered_record_is_shown_with_its_history_once_a_second_person_granted_it()
    {
        var meeting = (await host.Http.Record("/api/meetings", """
            {"partners": ["BG"], "kind": "talks", "date": "2026-01-20", "place": "tanganyikite", "marking": "confidential"}
            """)).Reference!;
        using var reader = await host.As(Marking.Restricted, Role.Auditor);
        (await reader.Read($"/api/meetings/{meeting}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var asked = (await host.Http.Record($"/api/records/{meeting}/lowering", """{"marking": "restricted", "reason": "Published."}""")).Json
            .GetProperty("events")[0].GetProperty("id").GetString();
        (await reader.Read($"/api/meetings/{meeting}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var grant = $$"""{"asked": "{{asked}}", "reason": "Read in the newspaper."}""";
        (await host.Http.Command($"/api/records/{meeting}/lowering/grant", grant)).Json.GetProperty("type").GetString().ShouldBe("/problems/same-person-lowers");
        using var second = host.Client(await host.NewToken("steward-2", Marking.Secret, Role.Steward));
        await second.Record($"/api/records/{meeting}/lowering/grant", grant);
        (await reader.Read($"/api/meetings/{meeting}")).Json.GetProperty("place").GetString().ShouldBe("tanganyikite");
        var history = await reader.Read($"/api/audit/records/{meeting}");
        history.Json.GetProperty("events").EnumerateArray().ShouldAllBe(e => !HasTrue(e, "withheld"));
    }

    [Fact]
    public async Task A_steward_without_clearance_for_a_part_cannot_raise_it_and_learns_nothing()
    {
        var meeting = await Meeting("RO");
        var statement = (await host.Http.Record($"/api/meetings/{meeting}/statements", """
            {"force": "discussed", "speaker": "joint", "text": "x", "marking": "secret"}
            """)).Json.GetProperty("events")[0].GetProperty("id").GetString();
        using var steward = host.Client(await host.NewToken("steward-3", Marking.Restricted, Role.Steward));
        string Of(string id) => $$"""{"marking": "restricted", "of": "{{id}}", "reason": "x"}""";
        var (hidden, absent) = (await steward.Command($"/api/records/{meeting}/marking", Of(statement!)), await steward.Command($"/api/records/{meeting}/marking", Of("0199c0de-0000-7000-8000-00000000ffff")));
        hidden.Text.Replace(statement!, "", StringComparison.Ordinal).ShouldBe(absent.Text.Replace("0199c0de-0000-7000-8000-00000000ffff", "", StringComparison.Ordinal));
        hidden.Json.GetProperty("type").GetString().ShouldBe("/problems/no-such-item");
    }

    static bool HasTrue(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
