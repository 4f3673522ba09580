using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A command's answer names every record that it opened or changed, as far as its caller may see them.</summary>
public sealed class AnsweredRecordTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Communique = """
        {"partners": ["SK"], "kind": "talks", "date": "2025-03-10", "statements": [
          {"force": "agreed-action", "speaker": "joint", "text": "exchange lists"},
          {"force": "agreed-action", "speaker": "home", "text": "send a liaison officer"},
          {"force": "planned-instrument", "speaker": "joint", "text": "a memorandum", "instrument": {"kind": "mou"}}]}
        """;

    [Fact]
    public async Task A_communique_names_its_meeting_its_actions_its_plan_and_the_partnership()
    {
        var key = ("Idempotency-Key", "communique");
        var first = await host.Http.Record("/api/meetings", Communique, key);
        Records(first).ShouldBe(["SK-MTG-0001 opened", "SK-ACT-0001 opened", "SK-ACT-0002 opened", "SK-INS-0001 opened", "SK opened"]);
        await EachIsReadWhereItSays(first);
        await host.Http.Record("/api/meetings/SK-MTG-0001/statements", """{"force": "discussed", "speaker": "home", "text": "borders"}""");
        (await host.Http.Command("/api/meetings", Communique, key)).Text.ShouldBe(first.Text);
        await host.Restart();
        (await host.Http.Command("/api/meetings", Communique, key)).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task What_is_changed_is_named_without_being_called_opened()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["CZ"], "kind": "talks", "date": "2025-03-10"}""");
        var said = await host.Http.Record(
            "/api/meetings/CZ-MTG-0001/statements", """{"force": "agreed-action", "speaker": "joint", "text": "exchange lists"}""");
        Records(said).ShouldBe(["CZ-MTG-0001", "CZ-ACT-0001 opened"]);
        var followed = await host.Http.Record(
            "/api/actions/CZ-ACT-0001/follow-ups", """{"on": "2025-04-01", "note": "stuck", "state": "blocked"}""");
        followed.Events.Count.ShouldBe(2);
        Records(followed).ShouldBe(["CZ-ACT-0001"]);
        await EachIsReadWhereItSays(followed);
        var (gone, into) = (await Person(), await Person());
        var merged = await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{into}}", "reason": "one person"}""");
        Records(merged).ShouldBe([gone, into]);
        await host.Http.Record("/api/instruments", """{"partners": ["CZ"], "kind": "mou", "title": "one"}""");
        await host.Http.Record("/api/instruments", """{"partners": ["CZ"], "kind": "mou", "title": "two"}""");
        var signed = await host.Http.Record(
            "/api/instruments/acts", """{"instruments": ["CZ-INS-0001", "CZ-INS-0002"], "kind": "signed", "on": "2025-05-01"}""");
        Records(signed).ShouldBe(["CZ-INS-0001", "CZ-INS-0002"]);

        async Task<string> Person() => (await host.Http.Record("/api/people", """{"name": "Somebody"}""")).Reference!;
    }

    [Fact]
    public async Task What_changes_nothing_and_what_is_only_tried_name_nothing()
    {
        Records(await host.Http.Record("/api/partnerships", """{"partner": "HU"}""")).ShouldBe(["HU opened"]);
        Records(await host.Http.Record("/api/partnerships", """{"partner": "HU"}""")).ShouldBeEmpty();
        const string Meeting = """{"partners": ["HU"], "kind": "talks", "date": "2025-03-10"}""";
        Records(await host.Http.Record("/api/meetings?dryRun=true", Meeting)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_correction_carries_along_is_named_but_for_what_the_caller_may_not_see()
    {
        const string Agreed = """
            {"partners": ["SI"], "kind": "talks", "date": "2025-03-10", "statements": [
              {"force": "agreed-action", "speaker": "joint", "text": "exchange lists"},
              {"force": "agreed-action", "speaker": "joint", "text": "set up a hotline", "action": {"what": "a hotline"}}]}
            """;
        await host.Http.Record("/api/meetings", Agreed);
        await host.Http.Record("/api/actions/SI-ACT-0002/assignment", """{"owner": "desk-7", "marking": "secret"}""");
        using var recorder = await host.As(Marking.Restricted, Role.Recorder);
        (await recorder.Read("/api/actions/SI-ACT-0001")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        (await recorder.Read("/api/actions/SI-ACT-0002")).ShouldBeProblem(404, "not-found");
        const string Correction = """{"fields": {"partners": ["HR"]}, "reason": "another country"}""";
        var key = ("Idempotency-Key", "correction");
        var corrected = await recorder.Record("/api/meetings/SI-MTG-0001/corrections", Correction, key);
        Records(corrected).ShouldBe(["SI-MTG-0001", "SI-ACT-0001", "HR opened"]);
        (await recorder.Command("/api/meetings/SI-MTG-0001/corrections", Correction, key)).Text.ShouldBe(corrected.Text);
    }

    static IReadOnlyList<string> Records(Answer answer) =>
        [.. answer.Json.GetProperty("records").EnumerateArray().Select(r => $"{r.GetProperty("reference")}{Opened(r)}")];

    static string Opened(JsonElement record) =>
        record.TryGetProperty("opened", out var opened) ? opened.GetBoolean() ? " opened" : " false" : "";

    async Task EachIsReadWhereItSays(Answer answer)
    {
        foreach (var record in answer.Json.GetProperty("records").EnumerateArray())
        {
            var read = await host.Http.Read(record.GetProperty("address").GetString()!);
            read.Status.ShouldBe(System.Net.HttpStatusCode.OK, record.GetRawText());
            var id = record.GetProperty("id").GetString()!;
            if (!id.StartsWith("partnership-", StringComparison.Ordinal)) read.Json.GetProperty("id").GetString().ShouldBe(id);
        }
    }
}
