using System.Net;
using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Two records of one person or organisation: both references keep working.</summary>
public sealed class MergeTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Both_references_show_the_survivor_and_commands_upon_either_go_to_it()
    {
        var (gone, stays) = (await Person("A. Kowalski", "Latn", "PL"), await Person("Adam Kowalski", "Latn", "PL"));
        await host.Http.Record($"/api/people/{gone}/offices", """{"title": "Attaché", "from": "2019", "until": "2021"}""");
        var meeting = (await host.Http.Record("/api/meetings", $$"""{"partners": ["PL"], "kind": "talks", "date": "2020", "partnerSide": [{"person": "{{gone}}"}]}""")).Reference;
        (await host.Http.Command($"/api/people/{gone}/merges", $$"""{"into": "{{stays}}"}""")).Json.GetProperty("errors").TryGetProperty("/reason", out _).ShouldBeTrue();
        (await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{stays}}", "reason": "same passport"}""")).Events.ShouldBe(["person_merged", "person_absorbed"]);
        (await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{stays}}", "reason": "same passport"}""")).Events.ShouldBeEmpty();

        foreach (var reference in (string[])[gone, stays])
        {
            var person = (await host.Http.Read($"/api/people/{reference}")).Json;
            person.GetProperty("reference").GetString().ShouldBe(stays);
            person.GetProperty("absorbed").EnumerateArray().Select(a => a.GetString()).ShouldBe([gone]);
            person.GetProperty("names").EnumerateArray().Select(n => n.GetProperty("value").GetString()).ShouldBe(["Adam Kowalski", "A. Kowalski"]);
            person.GetProperty("offices")[0].GetProperty("recordedOf").GetString().ShouldBe(gone);
            (person.TryGetProperty("askedFor", out var asked) ? asked.GetString() : null).ShouldBe(reference == gone ? gone : null);
        }
        (await host.Http.Read($"/api/meetings/{meeting}")).Json.GetProperty("partnerSide")[0].GetProperty("person").GetString().ShouldBe(stays);
        (await host.Http.Record($"/api/people/{gone}/variants", """{"name": "Kowalski", "script": "Latn"}""")).Reference.ShouldBe(stays);
        (await host.Http.Record("/api/meetings", $$"""{"partners": ["PL"], "kind": "talks", "date": "2021", "partnerSide": [{"person": "{{gone}}"}]}""")).Events.ShouldBe(["meeting_held"]);
        (await host.Http.Read("/api/people?limit=500")).Items.Select(p => p.GetProperty("reference").GetString()).ShouldNotContain(gone);
        var history = (await host.Http.Read($"/api/audit/records/{gone}")).Json.GetProperty("events").EnumerateArray().Last();
        (history.GetProperty("type").GetString(), history.GetProperty("reason").GetString()).ShouldBe(("person_merged", "same passport"));

        (await host.Http.Command($"/api/people/{stays}/merges", $$"""{"into": "{{gone}}", "reason": "x"}""")).ShouldBeProblem(400, "merge-cycle", "/into");
        (await host.Http.Command($"/api/people/{stays}/merges", $$"""{"into": "{{stays}}", "reason": "x"}""")).ShouldBeProblem(400, "itself", "/into");
    }

    [Fact]
    public async Task What_was_recorded_under_the_old_reference_is_corrected_and_held_under_it_and_an_erasure_is_of_the_person()
    {
        var (gone, stays) = (await Person("B. Nowak", null, null), await Person("Barbara Nowak", null, null));
        var office = (await host.Http.Record($"/api/people/{gone}/offices", """{"title": "Attache"}""")).Json.GetProperty("events")[0].GetProperty("id").GetString();
        await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{stays}}", "reason": "one person"}""");
        (await host.Http.Record($"/api/people/{gone}/corrections", $$"""{"of": "{{office}}", "fields": {"title": "Attaché"}, "reason": "accent"}""")).Reference.ShouldBe(gone);
        (await host.Http.Read($"/api/people/{stays}")).Json.GetProperty("offices")[0].GetProperty("office").GetProperty("title").GetString().ShouldBe("Attaché");
        (await host.Http.Record($"/api/people/{gone}/hold", """{"legalBasis": "a court", "reason": "proceeding"}""")).Reference.ShouldBe(gone);
        (await host.Http.Command($"/api/people/{stays}/erasure", """{"legalBasis": "loi 09-08", "reason": "asked"}""")).ShouldBeProblem(409, "legal-hold");
        await host.Http.Record($"/api/people/{gone}/hold/release", """{"reason": "closed"}""");
        (await host.Http.Record($"/api/people/{gone}/erasure", """{"legalBasis": "loi 09-08", "reason": "asked"}""")).Reference.ShouldBe(stays);
    }

    [Fact]
    public async Task A_merge_raises_the_survivor_to_the_marking_and_groups_of_what_is_merged_into_it_which_needs_a_steward()
    {
        async Task<string> Person(string name, string marking) =>
            (await host.Http.Record("/api/people", $$"""{"name": "{{name}}", "marking": "{{marking}}"}""")).Reference!;
        var (gone, lower, stays) = (await Person("C. Wood", "confidential"), await Person("Wood", "open"), await Person("Charles Wood", "open"));
        await host.Http.Record("/api/users", """{"subject": "desk-pl", "clearance": "secret", "roles": ["steward"], "groups": ["desk-pl"]}""");
        using var member = host.Client((await host.Http.Record("/api/users/desk-pl/tokens", "{}")).Json.GetProperty("token").GetString());
        await member.Record($"/api/records/{gone}/marking", """{"groups": ["desk-pl"], "reason": "of the desk"}""");
        string Into(string survivor) => $$"""{"into": "{{survivor}}", "reason": "same passport"}""";

        await host.Http.Record("/api/users", """{"subject": "recorder-pl", "clearance": "secret", "roles": ["recorder"], "groups": ["desk-pl"]}""");
        using var recorder = host.Client((await host.Http.Record("/api/users/recorder-pl/tokens", "{}")).Json.GetProperty("token").GetString());
        (await recorder.Command($"/api/people/{gone}/merges", Into(stays))).ShouldBeProblem(403, "marking-needs-steward", "/marking");
        (await recorder.Record($"/api/people/{lower}/merges", Into(stays))).Events.ShouldBe(["person_merged", "person_absorbed"]);

        (await member.Record($"/api/people/{gone}/merges", Into(stays))).Events.ShouldBe(["person_merged", "person_marking_raised", "person_absorbed"]);
        var survivor = (await member.Read($"/api/people/{stays}")).Json;
        survivor.GetProperty("marking").GetString().ShouldBe("confidential");
        survivor.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(["desk-pl"]);
        using var reader = await host.As(Marking.Secret, Role.Recorder);
        foreach (var name in (string[])[gone, lower, stays]) (await reader.Read($"/api/people/{name}")).Status.ShouldBe(HttpStatusCode.NotFound, name);
    }

    [Fact]
    public async Task A_chain_of_merges_leads_to_the_last()
    {
        var people = new[] { await Person("One", null, null), await Person("Two", null, null), await Person("Three", null, null) };
        await host.Http.Record($"/api/people/{people[0]}/merges", $$"""{"into": "{{people[1]}}", "reason": "x"}""");
        await host.Http.Record($"/api/people/{people[1]}/merges", $$"""{"into": "{{people[2]}}", "reason": "x"}""");
        var last = (await host.Http.Read($"/api/people/{people[0]}")).Json;
        last.GetProperty("reference").GetString().ShouldBe(people[2]);
        last.GetProperty("names").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Before_a_merge_was_known_nothing_names_the_survivor()
    {
        var (gone, stays) = (await Person("C. Wisniewski", null, null), await Person("Cyryl Wisniewski", null, null));
        var held = await host.Http.Record("/api/meetings", $$"""{"partners": ["PL"], "kind": "talks", "date": "2019", "partnerSide": [{"person": "{{gone}}"}]}""");
        var merged = await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{stays}}", "reason": "one person"}""");

        (await Named($"/api/meetings/{held.Reference}?knownAt=@{held.Position}")).ShouldBe(gone);
        (await Named($"/api/meetings/{held.Reference}?knownAt=@{merged.Position}")).ShouldBe(stays);
        (await Named($"/api/meetings/{held.Reference}")).ShouldBe(stays);

        async Task<string?> Named(string path) => (await host.Http.Read(path)).Json.GetProperty("partnerSide")[0].GetProperty("person").GetString();
    }

    [Fact]
    public async Task Organisations_merge_only_with_their_like_and_an_acronym_identifies_none()
    {
        var moroccan = (await host.Http.Record("/api/organisations", """{"names": {"fr": "Direction générale de la sûreté nationale"}, "acronyms": {"fr": "DGSN"}, "country": "MA"}""")).Reference;
        var algerian = (await host.Http.Record("/api/organisations", """{"names": {"fr": "Direction générale de la sûreté nationale"}, "acronyms": {"fr": "DGSN"}, "country": "DZ"}""")).Reference;
        moroccan.ShouldNotBe(algerian);
        (await host.Http.Read("/api/organisations/DGSN")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.Command($"/api/organisations/{moroccan}/merges", $$"""{"into": "{{algerian}}", "reason": "x"}""")).ShouldBeProblem(409, "merge-differs");
        var person = await Person("N. N.", null, null);
        (await host.Http.Command($"/api/organisations/{moroccan}/merges", $$"""{"into": "{{person}}", "reason": "x"}""")).ShouldBeProblem(400, "merge-kinds", "/into");
        var again = (await host.Http.Record("/api/organisations", $$"""{"names": {"en": "Algerian police"}, "country": "DZ"}""")).Reference;
        (await host.Http.Record($"/api/organisations/{again}/merges", $$"""{"into": "{{algerian}}", "reason": "one service"}""")).Events.ShouldBe(["organisation_merged", "organisation_absorbed"]);
        (await host.Http.Read($"/api/organisations/{again}")).Json.GetProperty("askedFor").GetString().ShouldBe(again);
        var office = await host.Http.Record($"/api/people/{person}/offices", $$"""{"title": "Director", "organisation": "{{again}}"}""");
        (await host.Http.Read($"/api/people/{person}")).Json.GetProperty("offices")[0].GetProperty("office").GetProperty("organisation").GetString().ShouldBe(algerian);
    }

    async Task<string> Person(string name, string? script, string? country) =>
        (await host.Http.Record("/api/people", JsonSerializer.Serialize(new Dictionary<string, string?> { ["name"] = name, ["script"] = script, ["country"] = country }.Where(p => p.Value is not null).ToDictionary()))).Reference!;
}
