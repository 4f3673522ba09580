using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Privacy;

/// <summary>A note or a statement can be kept like a name: for a person, and only as long as theirs are.</summary>
public sealed class ProtectedTextTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Text = "Said by Xyzzq Plughh himself";

    async Task<(string Person, string Action, string Meeting)> Record(string partner)
    {
        var person = (await host.Http.Record("/api/people", """{"name": "Some Body"}""")).Reference!;
        var action = (await host.Http.Record("/api/actions", $$"""{"partner": "{{partner}}", "what": "send the draft", "owedBy": "home"}""")).Reference!;
        await host.Http.Record($"/api/actions/{action}/follow-ups", """{"on": "2026-01-03", "note": "in the clear"}""");
        await host.Http.Record($"/api/actions/{action}/follow-ups", $$"""{"on": "2026-01-04", "note": "{{Text}}", "protectFor": "{{person}}"}""");
        await host.Http.Record($"/api/partnerships/{partner}/notes", $$"""{"note": "{{Text}}", "protectFor": "{{person}}"}""");
        var meeting = (await host.Http.Record("/api/meetings", $$"""
            {"partners": ["{{partner}}"], "kind": "talks", "date": "2026-01-05",
             "statements": [{"force": "discussed", "speaker": "joint", "text": "{{Text}}", "protectFor": "{{person}}"}]}
            """)).Reference!;
        return (person, action, meeting);
    }

    async Task<IReadOnlyList<JsonElement>> Texts(HttpClient http, string partner, string action, string meeting) =>
    [
        (await http.Read($"/api/actions/{action}")).Json.GetProperty("followUps")[1].GetProperty("note"),
        (await http.Read($"/api/partnerships/{partner}/notes")).Json.GetProperty("items")[0].GetProperty("note"),
        (await http.Read($"/api/meetings/{meeting}")).Json.GetProperty("statements")[0].GetProperty("said").GetProperty("text"),
    ];

    [Fact]
    public async Task It_is_opened_for_whoever_may_and_goes_with_the_persons_erasure()
    {
        var (person, action, meeting) = await Record("SE");
        var (seen, head) = (await Texts(host.Http, "SE", action, meeting), await host.Head());
        seen.ShouldAllBe(t => t.GetProperty("value").GetString() == Text && t.GetProperty("protectedFor").GetString() == person);
        (await host.Http.Read($"/api/audit/openings?subject={person}")).Items.Select(o => o.GetProperty("query").GetString())
            .ShouldBe(["GET /api/actions/{name}", "GET /api/partnerships/{code}/notes", "GET /api/meetings/{name}"]);

        using var reader = await host.As(Marking.Secret, Role.Reader);
        (await Texts(reader, "SE", action, meeting)).ShouldAllBe(t => t.GetProperty("withheld").GetBoolean() && t.EnumerateObject().Count() == 2);
        foreach (var list in (string[])["/api/actions?partner=SE", "/api/meetings?partner=SE", "/api/partnerships/SE", "/api/partnerships/SE/timeline", "/partnerships/SE", $"/api/meetings/{meeting}/agenda", "/api/audit/events?partner=SE"])
            (await host.Http.Read(list)).Text.ShouldNotContain("Xyzzq", Case.Insensitive, list);
        (await host.Http.Read("/api/actions?partner=SE")).Items[0].GetProperty("followUps")[1].GetProperty("note").GetProperty("withheld").GetBoolean().ShouldBeTrue();
        var brief = (await host.Http.Read("/api/partnerships/SE")).Json.GetProperty("openActions")[0].GetProperty("lastFollowUp");
        brief.GetProperty("protected").GetBoolean().ShouldBeTrue();
        brief.TryGetProperty("note", out _).ShouldBeFalse();
        (await host.Http.Read("/api/partnerships/SE/timeline")).Items.Count(e => e.TryGetProperty("protected", out _)).ShouldBe(3);
        (await host.Http.Read("/partnerships/SE?lang=en")).Text.ShouldContain("protected text");
        (await host.Head()).ShouldBe(head, "none of these opened anything");

        await host.Http.Record($"/api/people/{person}/erasure", """{"legalBasis": "law", "reason": "asked for"}""");
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var erased = await auditor.Record($"/api/people/{person}/erasure/approval", """{"reason": "checked"}""");
        (await host.Http.Read($"/api/audit/events/{erased.Position}")).Json.GetProperty("body").GetProperty("count").GetInt64().ShouldBe(4);
        (await Texts(host.Http, "SE", action, meeting)).ShouldAllBe(t => t.GetProperty("erased").GetProperty("position").GetInt64() == erased.Position);
        (await host.Http.Read($"/api/actions/{action}")).Json.GetProperty("followUps")[0].GetProperty("note").GetString().ShouldBe("in the clear");
        (await host.Http.Command($"/api/actions/{action}/follow-ups", $$"""{"note": "more", "protectFor": "{{person}}"}""")).ShouldBeProblem(400, "erased", "/protectFor");
    }

    [Fact]
    public async Task Its_row_and_event_hold_null_and_a_correction_would_disclose_it()
    {
        var (person, action, meeting) = await Record("NO");
        var stream = (await host.Store.StreamOf(action))!;
        var e = await host.Store.ReadStream(stream).LastAsync();
        System.Text.Encoding.UTF8.GetString(e.BodyBytes.Span).ShouldBe("""{"note":null,"on":"2026-01-04"}""");
        e.Header.Protected.Select(p => (p.Pointer, p.Subject)).ShouldBe([("/note", (await host.Store.StreamOf(person))!)]);
        (await host.Http.Command($"/api/actions/{action}/corrections", $$$"""{"of": "{{{e.Id}}}", "fields": {"note": "x"}, "reason": "y"}""")).ShouldBeProblem(400, "protected-text", "/fields/note");
        (await host.Http.Record($"/api/actions/{action}/corrections", $$$"""{"of": "{{{e.Id}}}", "fields": {"on": "2026-01-06"}, "reason": "y"}""")).Events.ShouldBe(["action_corrected"]);
        (await Texts(host.Http, "NO", action, meeting))[0].GetProperty("value").GetString().ShouldBe(Text);
    }

    [Fact]
    public async Task What_a_protected_statement_opens_does_not_repeat_it()
    {
        var (person, _, meeting) = await Record("FI");
        var agreed = $$"""{"force": "agreed-action", "speaker": "joint", "text": "{{Text}}", "protectFor": "{{person}}" """;
        (await host.Http.Command($"/api/meetings/{meeting}/statements", agreed + "}")).ShouldBeProblem(400, "what-or-text", "/action/what");
        (await host.Http.Command($"/api/meetings/{meeting}/statements", $$"""{"force": "planned-instrument", "speaker": "joint", "text": "{{Text}}", "protectFor": "{{person}}"}""")).ShouldBeProblem(400, "title-or-text", "/instrument/title");
        await host.Http.Record($"/api/meetings/{meeting}/statements", agreed + ""","action": {"what": "follow up"}}""");
        (await host.Http.Read("/api/actions?partner=FI")).Items.Select(a => a.GetProperty("what").GetString()).ShouldBe(["send the draft", "follow up"]);
        (await host.Http.Command($"/api/meetings/{meeting}/statements", $$"""{"force": "discussed", "speaker": "joint", "protectFor": "{{person}}"}""")).ShouldBeProblem(400, "required", "/text");
        (await host.Http.Command($"/api/partnerships/FI/notes", """{"note": "x", "protectFor": "PER-9999"}""")).ShouldBeProblem(400, "unknown-reference", "/protectFor");
    }
}
