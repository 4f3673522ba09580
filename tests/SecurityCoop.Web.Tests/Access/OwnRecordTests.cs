using SecurityCoop.Register;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Nobody validates what they recorded themselves, whatever their roles are.</summary>
public sealed class OwnRecordTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_meeting_is_validated_by_somebody_else_than_recorded_it_or_that_it_was_held()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["LU"], "kind": "talks", "date": "2025-01"}""");
        (await host.Http.Command("/api/meetings/LU-MTG-0001/validation", "{}")).ShouldBeProblem(403, "own-record");
        (await host.Second.Record("/api/meetings/LU-MTG-0001/validation", "{}")).Events.ShouldBe(["meeting_validated"]);
        (await host.Http.Record("/api/meetings/LU-MTG-0001/validation", "{}")).Events.ShouldBeEmpty(); // It stands already.

        await host.Http.Record("/api/meetings", """{"partners": ["LU"], "kind": "talks", "date": "2025-02", "state": "planned"}""");
        await host.Second.Record("/api/meetings/LU-MTG-0002/holding", "{}");
        foreach (var own in (HttpClient[])[host.Http, host.Second]) (await own.Command("/api/meetings/LU-MTG-0002/validation", "{}")).ShouldBeProblem(403, "own-record");
        using var third = host.Client(await host.NewToken("third-steward", Marking.Secret, Role.Validator));
        (await third.Record("/api/meetings/LU-MTG-0002/validation", "{}")).Events.ShouldBe(["meeting_validated"]);
    }

    [Fact]
    public async Task An_action_is_verified_by_somebody_else_than_recorded_it_or_that_it_was_done()
    {
        await host.Http.Record("/api/actions", """{"partner": "BE", "what": "a list", "owedBy": "home"}""");
        (await host.Http.Command("/api/actions/BE-ACT-0001/verification", "{}")).ShouldBeProblem(403, "own-record");
        (await host.Http.Command("/api/actions/BE-ACT-0001/follow-ups", """{"note": "done", "state": "verified"}""")).ShouldBeProblem(403, "own-record");
        (await host.Http.Command("/api/follow-ups", """{"followUps": [{"action": "BE-ACT-0001", "note": "done", "state": "verified"}]}""")).ShouldBeProblem(403, "own-record", "/followUps/0");
        await host.Second.Record("/api/actions/BE-ACT-0001/follow-ups", """{"note": "done", "state": "reported-done"}""");
        (await host.Second.Command("/api/actions/BE-ACT-0001/verification", "{}")).ShouldBeProblem(403, "own-record");
        using var third = host.Client(await host.NewToken("third-steward", Marking.Secret, Role.Validator));
        (await third.Record("/api/actions/BE-ACT-0001/verification", "{}")).Events.ShouldBe(["action_verified"]);
    }

    [Fact]
    public async Task An_action_cannot_be_brought_in_as_verified_by_whoever_records_it()
    {
        var head = await host.Head();
        (await host.Http.Command("/api/actions", """{"partner": "NL", "what": "a list", "owedBy": "home", "on": "2024", "followUps": [{"note": "done", "on": "2024", "state": "verified"}]}""")).ShouldBeProblem(403, "own-record", "/followUps/0");
        (await host.Head()).ShouldBe(head);
    }

    [Theory]
    [InlineData("fr", "Vous avez enregistré LU-MTG-0009")]
    [InlineData("en", "You recorded LU-MTG-0009")]
    [InlineData("ar", "أنتم من سجل LU-MTG-0009")]
    public void It_is_said_in_the_callers_language(string language, string words) =>
        Problems.Say("own-record", ["LU-MTG-0009"], language).ShouldStartWith(words);
}
