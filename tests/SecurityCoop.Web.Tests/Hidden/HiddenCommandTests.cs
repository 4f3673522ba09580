using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>What commands tell of records above the clearance: those that name one, look like one or change one beside their own.</summary>
public sealed class HiddenCommandTests(HiddenWorld world) : IClassFixture<HiddenWorld>
{
    const string Meeting = "\"partners\": [\"EE\"], \"kind\": \"talks\", \"date\": \"2025-11-01\"";

    // {x} is a record's name. Of an organisation, what does not look like a reference is a plain name.
    static readonly (string Path, string Body, bool OfOrganisation)[] naming =
    [
        ("/api/meetings", $"{Meeting}, \"partOf\": \"{{x}}\"", false),
        ("/api/meetings", $"{Meeting}, \"occasions\": [\"{{x}}\"]", false),
        ("/api/meetings", $"{Meeting}, \"homeOrganisation\": \"{{x}}\"", false),
        ("/api/meetings", $"{Meeting}, \"partnerSide\": [{{\"person\": \"{{x}}\"}}]", false),
        ("/api/meetings", $"{Meeting}, \"partnerSide\": [{{\"office\": {{\"title\": \"Head\", \"organisation\": \"{{x}}\"}}}}]", true),
        ("/api/meetings", $"{Meeting}, \"source\": {{\"document\": \"{{x}}\"}}", false),
        ("/api/meetings/EE-MTG-0001/statements",
            "\"force\": \"discussed\", \"speaker\": \"joint\", \"text\": \"x\", \"protectFor\": \"{x}\"", false),
        ("/api/meetings/EE-MTG-0001/corrections", "\"fields\": {\"partOf\": \"{x}\"}, \"reason\": \"x\"", false),
        ("/api/meetings/EE-MTG-0001/corrections", "\"fields\": {\"occasions\": [\"{x}\"]}, \"reason\": \"x\"", false),
        ("/api/actions", "\"partner\": \"EE\", \"what\": \"x\", \"owedBy\": \"home\", \"on\": \"2025-12-01\", \"meeting\": \"{x}\"", false),
        ("/api/actions/EE-ACT-0001/supersession", "\"on\": \"2026-02-01\", \"by\": \"{x}\"", false),
        ("/api/follow-ups", "\"on\": \"2026-01-20\", \"followUps\": [{\"action\": \"{x}\", \"note\": \"x\"}]", false),
        ("/api/follow-ups",
            "\"on\": \"2026-01-20\", \"meeting\": \"{x}\", \"followUps\": [{\"action\": \"EE-ACT-0001\", \"note\": \"x\"}]", false),
        ("/api/instruments/EE-INS-0001/links", "\"kind\": \"superseded-by\", \"instrument\": \"{x}\", \"on\": \"2026-01-20\"", false),
        ("/api/instruments/acts", "\"kind\": \"suspended\", \"on\": \"2026-02-01\", \"instruments\": [\"{x}\"]", false),
        ("/api/partnerships/EE/focal-points", "\"side\": \"partner\", \"person\": \"{x}\", \"on\": \"2026-02-01\"", false),
        ("/api/partnerships/EE/notes", "\"note\": \"x\", \"protectFor\": \"{x}\"", false),
        ("/api/organisations", "\"names\": {\"en\": \"x\"}, \"partOf\": \"{x}\"", false),
        ("/api/people/PER-0003/offices", "\"title\": \"x\", \"organisation\": \"{x}\"", true),
        ("/api/people/PER-0003/merges", "\"into\": \"{x}\", \"reason\": \"x\"", false),
        ("/api/organisations/ORG-0003/merges", "\"into\": \"{x}\", \"reason\": \"x\"", false),
    ];

    [Fact(Timeout = 240_000)]
    public async Task A_hidden_record_named_in_a_body_is_unknown_whatever_its_kind()
    {
        var (faults, head) = (new List<string>(), await world.Recorded());
        foreach (var (clearance, role) in ((Marking, Role)[])[(Marking.Confidential, Role.Steward), (Marking.Open, Role.Recorder), (Marking.Secret, Role.Steward)])
        {
            using var http = await world.As(clearance, role);
            var cleared = clearance == Marking.Secret;
            var records = (cleared ? world.OfGroup : world.Names).Where(n => n.Kind != "partnership").ToList();
            foreach (var (path, body, ofOrganisation) in naming)
                foreach (var (kind, name, absent) in records.Where(n => !ofOrganisation || n.Kind == "organisation"))
                    foreach (var dryRun in (string[])["", "?dryRun=true"])
                    {
                        string Of(string record) => $"{{\"marking\": \"open\", {body.Replace("{x}", record, StringComparison.Ordinal)}}}";
                        var (hidden, difference) = await HiddenWorld.Compare(name, absent, record => http.Command(path + dryRun, Of(record)));
                        if (difference is not null || (int)hidden.Status < 400) faults.Add($"{role} {path}{dryRun} {body} {difference}");
                        world.Scan($"{role} {path} {body} {name}", hidden, faults, name, cleared);
                    }
        }
        faults.Count.ShouldBe(0, string.Join('\n', faults.Take(30)));
        (await world.Recorded()).ShouldBe(head);
    }

    [Theory(Timeout = 240_000)]
    [InlineData(Marking.Confidential, HiddenWorld.Partner, HiddenWorld.Word, "2025-12-05")]
    [InlineData(Marking.Secret, HiddenWorld.GroupPartner, HiddenWorld.GroupWord, "2025-12-06")]
    public async Task What_looks_like_a_hidden_record_resembles_nothing(Marking clearance, string partner, string word, string day)
    {
        var faults = new List<string>();
        using var http = await world.As(clearance, Role.Recorder);
        foreach (var (path, body) in ((string, string)[])
            [
                ("/api/meetings", $"\"partners\": [\"{partner}\"], \"kind\": \"visit\", \"date\": \"{day}\""),
                ("/api/instruments", $$"""
                    "partners": ["{{partner}}"], "kind": "mou", "title": "{{word}} pact", "binding": "non-binding"
                    """),
                ("/api/people", $"\"name\": \"{word} Body\""),
                ("/api/organisations", $"\"names\": {{\"en\": \"{word} Police\"}}"),
                ("/api/partnerships", $"\"partner\": \"{partner}\""),
            ])
        {
            var answer = await http.Command($"{path}?dryRun=true", $"{{{body}}}");
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
            answer.Json.TryGetProperty("resembles", out _).ShouldBeFalse(answer.Text);
            world.Scan(path, answer, faults, null, clearance == Marking.Secret);
            var elsewhere = body.Replace($"\"{partner}\"", $"\"{HiddenWorld.NoPartner}\"", StringComparison.Ordinal);
            var other = await http.Command($"{path}?dryRun=true", $"{{{elsewhere}}}");
            HiddenWorld.Plain(answer, partner).ShouldBe(HiddenWorld.Plain(other, HiddenWorld.NoPartner));
        }
        // Opened again, it is open already; how often anything was recorded of it is not told.
        var open = await http.Record("/api/partnerships", $$"""{"partner": "{{partner}}"}""");
        open.Json.GetProperty("version").GetInt64().ShouldBe(0);
        faults.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_command_that_changes_a_hidden_record_beside_its_own_says_nothing_of_it()
    {
        var faults = new List<string>();
        using var http = await world.As(Marking.Confidential, Role.Steward);
        // The hidden action stays with the partner that the meeting would lose.
        const string corrections = "/api/meetings/EE-MTG-0003/corrections";
        const string newDay = """{"fields": {"date": "2025-10-04"}, "reason": "x"}""";
        var refused = await http.Command(corrections, """{"fields": {"partners": ["FI", "SE"]}, "reason": "x"}""");
        refused.ShouldBeProblem(409, "not-carried");
        refused.Text.ShouldContain(Visibility.Hidden);
        world.Scan("not carried", refused, faults);
        // A hold on a hidden record that was merged into this one.
        var held = await http.Command("/api/people/PER-0001/erasure", """{"legalBasis": "x", "reason": "x"}""");
        held.ShouldBeProblem(409, "legal-hold");
        world.Scan("held", held, faults);
        // Its day moves with the meeting's: an event of the hidden action, which the answer passes over, and the repeated one too.
        var key = ("Idempotency-Key", "moves-the-day");
        var before = await world.Recorded();
        var moved = await http.Record(corrections, newDay, key);
        ((await world.Recorded()) - before).ShouldBe(2);
        moved.Events.ShouldBe(["meeting_corrected"]);
        moved.Json.GetProperty("records").GetArrayLength().ShouldBe(1);
        world.Scan("moved", moved, faults);
        var again = await http.Record(corrections, newDay, key);
        again.Text.ShouldBe(moved.Text);
        faults.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_partnership_is_kept_by_hidden_records_without_their_names()
    {
        var faults = new List<string>();
        await world.Http.Record("/api/partnerships", """{"partner": "FJ", "marking": "open"}""");
        var hidden = await world.OfOfficer.Record("/api/meetings", """
            {"partners": ["FJ"], "kind": "talks", "date": "2025-01", "marking": "secret"}
            """);
        using var http = await world.As(Marking.Confidential, Role.Steward);
        var refused = await http.Command("/api/partnerships/FJ/withdrawal", """{"reason": "x"}""");
        refused.ShouldBeProblem(409, "partnership-has-records");
        refused.Text.ShouldNotContain(hidden.Reference!);
        world.Scan("withdrawal", refused, faults);
        faults.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task No_event_is_marked_lower_than_its_record()
    {
        foreach (var record in (string[])[world.Named.Action, world.Named.Meeting])
            foreach (var e in (await world.Http.Read($"/api/audit/records/{record}")).Json.GetProperty("events").EnumerateArray())
                e.GetProperty("marking").GetString().ShouldBe("secret");
    }
}
