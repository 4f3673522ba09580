using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What a meeting has to come back to, and follow-ups as people work: several in one command, each tied to the meeting at which it was raised.</summary>
public sealed class AgendaTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Open_actions_awaited_signatures_and_due_reviews_are_carried_over_to_the_next_meeting_until_settled()
    {
        await Record("/api/meetings", """{"partners": ["EG"], "kind": "talks", "date": "2025-06-10"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "maybe late", "owedBy": "partner", "on": "2025-06-10", "due": "[2026-01-20,2026-02-20]", "meeting": "EG-MTG-0001"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "late", "owedBy": "home", "owner": "u-1", "on": "2025-06-10", "due": "2025-12", "meeting": "EG-MTG-0001"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "standing", "owedBy": "home", "standing": "within ten days", "on": "2025-06-10"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "no day", "owedBy": "both", "on": "2025-06-10"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "later", "owedBy": "both", "on": "2025-06-10", "due": "2026-12"}""");
        await Record("/api/actions", """{"partner": "EG", "what": "settled", "owedBy": "home", "on": "2025-06-10", "due": "2025-12"}""");
        await Record("/api/actions/EG-ACT-0006/verification", """{"on": "2025-11-01"}""");
        await Record("/api/instruments", """{"partners": ["EG"], "kind": "mou", "title": "awaited", "acts": [{"kind": "planned", "on": "2025-06-10", "expected": "2026-06"}]}""");
        await Record("/api/instruments", """{"partners": ["EG"], "kind": "agreement", "title": "to be reviewed", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2001"}], "reviewOn": "2026-01-15"}""");
        await Record("/api/instruments", """{"partners": ["EG"], "kind": "agreement", "title": "in force and at rest", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2001"}]}""");
        await Record("/api/meetings", """{"partners": ["EG"], "kind": "talks", "date": "2026-01-30", "state": "planned"}""");

        const string before = "overdue: EG-ACT-0002, EG-ACT-0001 possible | due: EG-INS-0001, EG-ACT-0005 | undated: EG-ACT-0004, EG-INS-0002 | standing: EG-ACT-0003";
        var agenda = await Agenda("EG-MTG-0002");
        Short(agenda).ShouldBe(before);
        (agenda.GetProperty("state").GetString(), agenda.GetProperty("asOf").GetString(), agenda.GetProperty("followedUp").GetArrayLength()).ShouldBe(("planned", "2026-02-01", 0));
        var late = Item(agenda, "EG-ACT-0002");
        (late.GetProperty("what").GetString(), late.GetProperty("owner").GetString(), late.GetProperty("due").GetString(), late.GetProperty("followUps").GetInt32()).ShouldBe(("late", "u-1", "2025-12", 0));
        Item(agenda, "EG-INS-0001").GetProperty("due").GetString().ShouldBe("2026-06");
        Item(agenda, "EG-INS-0002").GetProperty("reviewDue").GetString().ShouldBe("certain");

        // Asked again later, nothing has left it; only what is overdue is more.
        Short(await Agenda("EG-MTG-0002?asOf=2026-03-01")).ShouldBe("overdue: EG-ACT-0002, EG-ACT-0001 | due: EG-INS-0001, EG-ACT-0005 | undated: EG-ACT-0004, EG-INS-0002 | standing: EG-ACT-0003");

        await Record("/api/meetings/EG-MTG-0002/holding", "{}");
        var followed = await host.Second.Record("/api/follow-ups", """
            {"meeting": "EG-MTG-0002", "followUps": [{"action": "EG-ACT-0002", "note": "done at last", "state": "verified"}, {"action": "EG-ACT-0001", "note": "promised again"}]}
            """);
        followed.Events.ShouldBe(["action_follow_up_recorded", "action_verified", "action_follow_up_recorded"]);
        var held = await Agenda("EG-MTG-0002");
        held.GetProperty("asOf").GetString().ShouldBe("2026-01-30");
        held.GetProperty("followedUp").EnumerateArray().Select(r => r.GetString()).ShouldBe(["EG-ACT-0001", "EG-ACT-0002"], ignoreOrder: true);
        var settled = Item(held, "EG-ACT-0002");
        (settled.GetProperty("open").GetString(), settled.GetProperty("followedUpHere").GetBoolean(), settled.GetProperty("raisedAt")[0].GetString()).ShouldBe(("no", true, "EG-MTG-0002"));
        (settled.GetProperty("lastFollowUp").GetProperty("on").GetString(), settled.GetProperty("lastFollowUp").GetProperty("note").GetString()).ShouldBe(("2026-01-30", "done at last"));

        // As it was known before the meeting, and at the next one: what was verified is gone, what was only promised is not.
        Short(await Agenda($"EG-MTG-0002?knownAt=@{followed.Position - 4}")).ShouldBe(before);
        await Record("/api/meetings", """{"partners": ["EG"], "kind": "talks", "date": "2026-09", "state": "planned"}""");
        var next = await Agenda("EG-MTG-0003?asOf=2026-03-11");
        Short(next).ShouldBe("overdue: EG-ACT-0001 | due: EG-INS-0001, EG-ACT-0005 | undated: EG-ACT-0004, EG-INS-0002 | standing: EG-ACT-0003");
        Item(next, "EG-ACT-0001").GetProperty("raisedAt").EnumerateArray().Select(m => m.GetString()).ShouldBe(["EG-MTG-0002"]);
        next.GetProperty("followedUp").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_meeting_of_several_partners_has_the_items_of_all_of_them_and_what_it_agreed_itself_is_not_on_it()
    {
        await Record("/api/actions", """{"partner": "ML", "what": "a", "owedBy": "home", "on": "2025-06-10", "due": "2026-12"}""");
        await Record("/api/actions", """{"partner": "NE", "what": "b", "owedBy": "home", "on": "2025-06-10", "due": "2026-11"}""");
        await Record("/api/instruments", """{"partners": ["ML", "NE"], "kind": "mou", "title": "c", "acts": [{"kind": "planned", "on": "2025-06-10"}], "reviewOn": "2027-01-01"}""");
        var meeting = await host.Http.Record("/api/meetings", """{"partners": ["ML", "NE"], "kind": "conference", "date": "2026-01-20", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "new"}]}""");
        Short(await Agenda(meeting.Reference!)).ShouldBe("due: NE-ACT-0001, ML-ACT-0001 | undated: MUL-INS-0001");
    }

    [Theory]
    [InlineData("""{"followUps": [{"action": "CI-ACT-0001", "note": "a"}, {"action": "CI-ACT-0002", "note": "b"}]}""", 409, "action-closed", "/followUps/1")]
    [InlineData("""{"followUps": [{"action": "CI-ACT-0001", "note": "a"}, {"action": "CI-ACT-0001", "note": "b"}]}""", 400, "doubled", "/followUps/1/action")]
    [InlineData("""{"followUps": [{"action": "CI-ACT-0001", "note": "a", "meeting": "CI-MTG-0099"}]}""", 400, "unknown-reference", "/followUps/0/meeting")]
    [InlineData("""{"meeting": "CI-MTG-0099", "followUps": [{"action": "CI-ACT-0001", "note": "a"}]}""", 400, "unknown-reference", "/meeting")]
    [InlineData("""{"followUps": [{"action": "CI-ACT-0001", "note": "a", "on": "soon"}]}""", 400, "invalid-date", "/followUps/0/on")]
    [InlineData("""{"followUps": [{"action": "CI-ACT-0003", "note": "a", "state": "verified"}]}""", 409, "standing-never-done", "/followUps/0")]
    public async Task What_is_refused_among_several_follow_ups_is_named_by_its_place_and_nothing_is_recorded(string body, int status, string slug, string pointer)
    {
        if ((await host.Http.Read("/api/actions/CI-ACT-0001")).Status == System.Net.HttpStatusCode.NotFound)
        {
            await Record("/api/actions", """{"partner": "CI", "what": "a", "owedBy": "home", "on": "2025-06-10"}""");
            await Record("/api/actions", """{"partner": "CI", "what": "b", "owedBy": "home", "on": "2025-06-10"}""");
            await Record("/api/actions/CI-ACT-0002/verification", """{"on": "2025-07-01"}""");
            await Record("/api/actions", """{"partner": "CI", "what": "c", "owedBy": "home", "on": "2025-06-10", "standing": "always"}""");
        }
        var head = await host.Head();
        (await host.Http.Command("/api/follow-ups", body)).ShouldBeProblem(status, slug, pointer);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_meeting_that_is_not_there_has_no_agenda() => (await host.Http.Read("/api/meetings/EG-MTG-0099/agenda")).ShouldBeProblem(404, "not-found");

    Task Record(string path, string body) => host.For(path, body).Record(path, body);

    async Task<JsonElement> Agenda(string meeting)
    {
        var (name, query) = meeting.Split('?') is [var n, var q] ? (n, $"?{q}") : (meeting, "");
        var answer = await host.Http.Read($"/api/meetings/{name}/agenda{query}");
        answer.Json.GetProperty("position").GetInt64().ShouldBe(answer.Position);
        return answer.Json;
    }

    static JsonElement Item(JsonElement agenda, string reference) =>
        agenda.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("items").EnumerateArray()).Single(i => i.GetProperty("reference").GetString() == reference);

    static string Short(JsonElement agenda) => string.Join(" | ", agenda.GetProperty("groups").EnumerateArray().Select(g => $"{g.GetProperty("group")}: " + string.Join(", ",
        g.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("reference")}{(i.TryGetProperty("overdue", out var o) && o.GetString() == "possible" ? " possible" : "")}"))));
}
