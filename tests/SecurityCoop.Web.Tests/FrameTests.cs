using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What a partnership's own frame holds is shown with its status, as known and for the day asked about.</summary>
public sealed class FrameTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_partnership_shows_its_suspended_parts_focal_points_review_period_and_notes_at_both_clocks()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "FI"}""");
        var source = (await host.Http.Record("/api/sources", """{"title": "A letter"}""")).Reference;
        var person = (await host.Http.Record("/api/people", """{"name": "F", "script": "Latn"}""")).Reference;
        var before = await host.Head();
        await host.Http.Record("/api/partnerships/FI/suspension", $$"""{"on": "2025-06-01", "by": "home", "part": "joint patrols", "source": [{"document": "{{source}}", "sentence": 2}]}""");
        await host.Http.Record("/api/partnerships/FI/review-period", """{"months": 18}""");
        var assigned = (await host.Http.Record("/api/partnerships/FI/focal-points", $$"""{"side": "home", "person": "{{person}}", "on": "2025-07-01"}""")).Json.GetProperty("events")[0].GetProperty("id").GetString();
        await host.Http.Record("/api/partnerships/FI/notes", """{"note": "file lent to the archive", "on": "2025-08-01"}""");

        (await Frame("")).ShouldBe($"joint patrols by home, certain, {source} 2 | 18 | home {person} certain | file lent to the archive");
        (await Frame("?asOf=2025-06-15")).ShouldBe($"joint patrols by home, certain, {source} 2 | 18 |  | ");
        (await Frame("?asOf=2025-05-31")).ShouldBe(" | 18 |  | ");
        (await Frame($"?knownAt=@{before}")).ShouldBe(" | 12 |  | ");

        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/FI?lang=en")).Text);
        foreach (var words in (string[])["Suspended in part", "joint patrols", "by: our side", person!, "file lent to the archive"]) page.ShouldContain(words);
        page.ShouldMatch(@"Review period \(in months\)</dt>\s*<dd>18<");
        WebUtility.HtmlDecode((await host.Http.Read($"/partnerships/FI?lang=en&knownAt=@{before}")).Text).ShouldNotContain("joint patrols");

        var corrected = await host.Http.Record("/api/partnerships/FI/corrections", $$"""{"of": "{{assigned}}", "fields": {"on": "2025-07-02"}, "reason": "misread"}""");
        (await host.Http.Read("/api/partnerships/FI")).Json.GetProperty("focalPoints")[0].GetProperty("on").GetString().ShouldBe("2025-07-02");
        (await host.Http.Read($"/api/partnerships/FI?knownAt=@{corrected.Position - 1}")).Json.GetProperty("focalPoints")[0].GetProperty("on").GetString().ShouldBe("2025-07-01");
        await host.Http.Record("/api/partnerships/FI/withdrawal", $$"""{"of": "{{assigned}}", "reason": "never was"}""");
        (await host.Http.Read("/api/partnerships/FI")).Json.GetProperty("focalPoints").GetArrayLength().ShouldBe(0);
    }

    async Task<string> Frame(string query)
    {
        var json = (await host.Http.Read($"/api/partnerships/FI{query}")).Json;
        var parts = json.TryGetProperty("suspendedParts", out var suspended) ? suspended.EnumerateArray().Select(p =>
            $"{p.GetProperty("part")} by {string.Join('+', p.GetProperty("by").EnumerateArray())}, {p.GetProperty("certainty")}, {p.GetProperty("because")[0].GetProperty("sources")[0].GetProperty("document")} {p.GetProperty("because")[0].GetProperty("sources")[0].GetProperty("sentence")}") : [];
        var points = json.GetProperty("focalPoints").EnumerateArray().Select(f => $"{f.GetProperty("side")} {f.GetProperty("person")} {f.GetProperty("certainty")}");
        var notes = json.GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("note").GetString());
        return string.Join(" | ", string.Join("; ", parts), json.GetProperty("reviewMonths"), string.Join("; ", points), string.Join("; ", notes));
    }
}
