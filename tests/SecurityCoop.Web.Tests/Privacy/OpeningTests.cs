using System.Net;
using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Privacy;

/// <summary>Whoever is shown a protected value is on record before seeing it.</summary>
public sealed class OpeningTests(HostFixture host) : IClassFixture<HostFixture>
{
    async Task<string> Describe(string marking = "restricted") => (await host.Http.Record("/api/people", $$"""{"name": "Some Body", "marking": "{{marking}}"}""")).Reference!;

    async Task<IReadOnlyList<JsonElement>> Openings(string query, HttpClient? http = null) => (await (http ?? host.Http).Read($"/api/audit/openings{query}")).Items;

    [Fact]
    public async Task Each_opening_says_who_whose_when_and_by_which_query()
    {
        var person = await Describe();
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        var before = DateTime.UtcNow.AddSeconds(-1);
        (await recorder.Read($"/api/people/{person}")).Json.GetProperty("names")[0].GetProperty("value").GetString().ShouldBe("Some Body");
        await recorder.Read($"/api/people/{person}");
        await host.Http.Read($"/api/people/{person}");

        var found = await Openings($"?subject={person}");
        found.Select(o => o.GetProperty("actor").GetString()).ShouldBe(["recorder", "recorder", "steward"]);
        found.ShouldAllBe(o => o.GetProperty("query").GetString() == "GET /api/people/{name}");
        found.ShouldAllBe(o => o.GetProperty("subjects")[0].GetString() == person);
        found.ShouldAllBe(o => o.GetProperty("at").GetDateTime() > before && o.GetProperty("at").GetDateTime() <= DateTime.UtcNow);
        found[^1].GetProperty("position").GetInt64().ShouldBe(await host.Head());

        (await Openings($"?subject={person}&actor=steward")).Count.ShouldBe(1);
        (await Openings($"?actor=recorder&from={before:O}")).Select(o => o.GetProperty("position").GetInt64()).ShouldBe(found.Take(2).Select(o => o.GetProperty("position").GetInt64()));
        (await Openings($"?subject={person}&to={before:O}")).ShouldBeEmpty();
        var first = await host.Http.Read($"/api/audit/openings?subject={person}&limit=2");
        first.Items.Count.ShouldBe(2);
        (await Openings($"?subject={person}&after={first.Json.GetProperty("next").GetInt64()}")).Single().GetProperty("actor").GetString().ShouldBe("steward");
        (await host.Http.Read("/api/audit/openings?subject=PER-9999")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Where_nothing_is_opened_nothing_is_recorded()
    {
        var person = await Describe();
        using var reader = await host.As(Marking.Secret, Role.Reader);
        var head = await host.Head();
        (await reader.Read($"/api/people/{person}")).Json.GetProperty("names")[0].GetProperty("withheld").GetBoolean().ShouldBeTrue();
        await host.Http.Read("/api/people");
        await host.Http.Read("/api/audit/events");
        (await host.Head()).ShouldBe(head);
        (await reader.Read("/api/audit/openings")).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_shown()
    {
        var person = await Describe();
        var mend = await host.MadeByAnother("occasion");
        await host.Restart();
        var refused = await host.Http.Read($"/api/people/{person}");
        refused.ShouldBeProblem(503, "view-outdated");
        refused.Text.ShouldNotContain("Some Body");
        await mend();
        await host.Restart();
        (await host.Http.Read($"/api/people/{person}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_opening_is_marked_as_what_was_opened()
    {
        var person = await Describe("secret");
        await host.Http.Read($"/api/people/{person}");
        using var auditor = await host.As(Marking.Restricted, Role.Auditor);
        var last = (await Openings("?limit=500", auditor))[^1];
        last.GetProperty("withheld").GetBoolean().ShouldBeTrue();
        last.TryGetProperty("subjects", out _).ShouldBeFalse();
        // Who it was may not be told, and so not be asked either.
        last.TryGetProperty("actor", out _).ShouldBeFalse();
        var asked = await Openings("?actor=steward&limit=500", auditor);
        asked.ShouldNotContain(o => o.GetProperty("position").GetInt64() == last.GetProperty("position").GetInt64());
        (await Openings("?actor=steward&limit=500"))[^1].GetProperty("subjects")[0].GetString().ShouldBe(person);
    }

    [Fact]
    public void No_other_place_of_the_host_opens_a_value()
    {
        var web = Path.Combine(HostFixture.Seeds, "..", "src", "SecurityCoop.Web");
        Directory.EnumerateFiles(web, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(f), @"\bstore\.Open\(|\bOpenAll\("))
            .Select(Path.GetFileName).ShouldBe(["NameIndex.cs", "Users.cs", "Openings.cs"], ignoreOrder: true); // The first two open them for themselves only: their values leave by the last.
    }
}
