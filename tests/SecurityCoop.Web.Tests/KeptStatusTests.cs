using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Partnerships;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A status that was read is kept as long as nothing is recorded of its partner, and is never somebody else's.</summary>
public sealed class KeptStatusTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task What_was_read_is_not_read_again_until_something_is_recorded_of_the_partner()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["SE"], "kind": "talks", "date": "2025-06-01"}""");
        var first = await Answer("SE", Marking.Secret);
        (await Answer("SE", Marking.Secret)).ShouldBeSameAs(first);

        await host.Http.Record("/api/meetings", """{"partners": ["NO"], "kind": "talks", "date": "2025-06-01"}""");
        (await Answer("SE", Marking.Secret)).ShouldBeSameAs(first);

        await host.Http.Record("/api/meetings", """{"partners": ["SE"], "kind": "talks", "date": "2025-07-01"}""");
        var later = await Answer("SE", Marking.Secret);
        (later.LastContact!.Date.Text, first.LastContact!.Date.Text).ShouldBe(("2025-07-01", "2025-06-01"));
    }

    [Fact]
    public async Task A_kept_status_is_shown_with_the_position_of_now()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["FI"], "kind": "talks", "date": "2025-06-01"}""");
        var before = await host.Http.Read("/api/partnerships/FI");
        var elsewhere = await host.Http.Record("/api/meetings", """{"partners": ["IS"], "kind": "talks", "date": "2025-06-01"}""");
        var after = await host.Http.Read("/api/partnerships/FI");

        after.Position.ShouldBe(elsewhere.Position);
        (after.Json.GetProperty("position").GetInt64(), after.Json.GetProperty("knownAt").GetString()).ShouldBe((elsewhere.Position, $"@{elsewhere.Position}"));
        Without(after.Json, "position", "knownAt").ShouldBe(Without(before.Json, "position", "knownAt"));
    }

    [Fact]
    public async Task A_kept_status_is_byte_by_byte_what_is_written_anew_for_its_position()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["EE"], "kind": "talks", "date": "2025-06-01", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "\"knownAt\": é ع"}]}""");
        var first = await host.Http.GetStringAsync("/api/partnerships/EE");
        using var again = await host.Http.GetAsync("/api/partnerships/EE");
        var anew = await host.Http.GetStringAsync($"/api/partnerships/EE?knownAt=@{await host.Head()}");

        (await again.Content.ReadAsStringAsync()).ShouldBe(anew);
        first.ShouldBe(anew);
        $"{again.Content.Headers.ContentType}".ShouldBe("application/json; charset=utf-8");
    }

    [Fact]
    public async Task Each_clearance_each_day_and_each_question_has_its_own_however_often_they_take_turns()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["GR"], "kind": "talks", "date": "2025-05-01", "marking": "open"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["GR"], "kind": "talks", "date": "2025-06-01", "marking": "secret"}""");
        var other = (await host.Http.Record("/api/organisations", """{"names": {"fr": "Un autre service"}}""")).Reference;
        await host.Http.Record("/api/meetings", $$"""{"partners": ["GR"], "kind": "talks", "date": "2025-04-01", "marking": "open", "homeOrganisation": "{{other}}"}""");
        using var open = await host.As(Marking.Open, Role.Reader);
        for (var turn = 0; turn < 2; turn++)
        {
            (await Shown(host.Http, "")).ShouldBe("2025-06-01 3 2026-02-01");
            (await Shown(open, "")).ShouldBe("2025-05-01 2 2026-02-01");
            (await Shown(host.Http, "?asOf=2025-05-15")).ShouldBe("2025-05-01 2 2025-05-15");
            (await Shown(open, "?asOf=2025-04-15")).ShouldBe("2025-04-01 1 2025-04-15");
            (await Shown(host.Http, "?home=service")).ShouldBe("2025-06-01 2 2026-02-01");
            (await Shown(open, "?home=service")).ShouldBe("2025-05-01 1 2026-02-01");
        }

        async Task<string> Shown(HttpClient http, string question)
        {
            var status = (await http.Read("/api/partnerships/GR" + question)).Json;
            return $"{status.GetProperty("lastContact")} {status.GetProperty("counts").GetProperty("meetings")} {status.GetProperty("asOf")}";
        }
    }

    async Task<StatusAnswer> Answer(string partner, Marking clearance)
    {
        var asked = await host.Services.GetRequiredService<TwoClocks>().Ask(null, null, default);
        return (await host.Services.GetRequiredService<Statuses>().Of(partner, asked, new("test", new HashSet<Role> { Role.Reader }, clearance), default)).Answer;
    }

    static string Without(JsonElement json, params string[] names) =>
        string.Join('\n', json.EnumerateObject().Where(p => !names.Contains(p.Name)).Select(p => $"{p.Name}: {p.Value.GetRawText()}"));
}
