using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Every rule and every modifier names the events that make it hold, their record, and where it is written.</summary>
public sealed class ReasonTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string At = "\"source\": {\"document\": \"SRC-0001\", \"paragraph\": 2, \"sentence\": 3}";

    [Theory]
    [InlineData("MW", "suspended", "/api/partnerships", """{"partner": "MW"}""", "/api/partnerships/MW/suspension", """{"by": "home", "on": "2026-01", SOURCE}""")]
    [InlineData("MC", "framework-active", "/api/instruments", """{"partners": ["MC"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020"}], SOURCE}""")]
    [InlineData("MD", "suspended", "/api/instruments", """{"partners": ["MD"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020"}, {"kind": "suspended", "on": "2021", "party": "MD"}], SOURCE}""")]
    [InlineData("ME", "signed", "/api/instruments", """{"partners": ["ME"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "signed", "on": "2020"}], SOURCE}""")]
    [InlineData("MG", "committed", "/api/instruments", """{"partners": ["MG"], "kind": "mou", "title": "x", "acts": [{"kind": "planned", "on": "2020"}], SOURCE}""")]
    [InlineData("MK", "committed", "/api/actions", """{"partner": "MK", "what": "x", "owedBy": "home", "on": "2020", SOURCE}""")]
    [InlineData("MN", "lapsed", "/api/instruments", """{"partners": ["MN"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020"}, {"kind": "terminated", "on": "2021"}], SOURCE}""")]
    [InlineData("MU", "lapsed", "/api/instruments", """{"partners": ["MU"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020"}], SOURCE}""",
        "/api/instruments", """{"partners": ["MU"], "kind": "mou", "title": "y", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2021"}, {"kind": "terminated", "on": "2022"}], SOURCE}""",
        "/api/instruments/MU-INS-0001/links", """{"kind": "superseded-by", "instrument": "MU-INS-0002", "on": "2021", SOURCE}""")]
    [InlineData("MR", "intent", "/api/meetings", """{"partners": ["MR"], "kind": "talks", "date": "2026-01", "statements": [{"force": "intent", "speaker": "joint", "text": "x", SOURCE}]}""")]
    [InlineData("MT", "contact", "/api/meetings", """{"partners": ["MT"], "kind": "talks", "date": "2026-01", SOURCE}""")]
    public async Task Each_rule_names_its_source(string partner, string status, params string[] commands)
    {
        await Recorded(commands);
        var answer = (await host.Http.Read($"/api/partnerships/{partner}")).Json;
        answer.GetProperty("status").GetString().ShouldBe(status);
        await Explained(answer.GetProperty("because"), partner);
    }

    [Theory]
    [InlineData("NA", "overdue", "/api/actions", """{"partner": "NA", "what": "x", "owedBy": "home", "on": "2020", "due": "2021", SOURCE}""")]
    [InlineData("NC", "overdue", "/api/instruments", """{"partners": ["NC"], "kind": "mou", "title": "x", "acts": [{"kind": "planned", "on": "2020", "expected": "2021"}], SOURCE}""")]
    [InlineData("NI", "undated-commitment", "/api/actions", """{"partner": "NI", "what": "x", "owedBy": "home", "on": "2026-01", SOURCE}""")]
    [InlineData("NO", "undated-commitment", "/api/instruments", """{"partners": ["NO"], "kind": "mou", "title": "x", "acts": [{"kind": "planned", "on": "2026-01"}], SOURCE}""")]
    [InlineData("NP", "review-due", "/api/actions", """{"partner": "NP", "what": "x", "owedBy": "home", "on": "2026-01", "reviewOn": "2026-01-15", SOURCE}""")]
    [InlineData("NZ", "review-due", "/api/instruments", """{"partners": ["NZ"], "kind": "mou", "title": "x", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020"}], "reviewOn": "2026-01-15", SOURCE}""")]
    [InlineData("PA", "dormant", "/api/meetings", """{"partners": ["PA"], "kind": "talks", "date": "2020", SOURCE}""")]
    [InlineData("PE", "dormant", "/api/meetings", """{"partners": ["PE"], "kind": "talks", "date": "", SOURCE}""")]
    [InlineData("PH", "dormant", "/api/actions", """{"partner": "PH", "what": "x", "owedBy": "home", "on": "2020-01", SOURCE}""")]
    public async Task Each_modifier_names_its_source(string partner, string modifier, params string[] commands)
    {
        await Recorded(commands);
        var answer = (await host.Http.Read($"/api/partnerships/{partner}")).Json;
        await Explained(answer.GetProperty("modifiers").EnumerateArray().Single(m => m.GetProperty("code").GetString() == modifier).GetProperty("because"), partner);
    }

    // The event stands where the reason says, belongs to the record that it says, and is written where the command said.
    async Task Explained(JsonElement because, string partner)
    {
        because.GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var b in because.EnumerateArray())
        {
            var e = (await host.Http.Read($"/api/audit/events/{b.GetProperty("position").GetInt64()}")).Json;
            e.GetProperty("id").GetString().ShouldBe(b.GetProperty("event").GetString());
            e.GetProperty("reference").GetString().ShouldBe(b.GetProperty("record").GetString());
            b.GetProperty("record").GetString()!.ShouldStartWith(partner);
            b.GetProperty("sources").GetRawText().ShouldBe("""[{"document":"SRC-0001","paragraph":2,"sentence":3}]""");
        }
    }

    async Task Recorded(string[] commands)
    {
        if ((await host.Http.Read("/api/sources/SRC-0001")).Status == System.Net.HttpStatusCode.NotFound) await host.Http.Record("/api/sources", """{"title": "A report"}""");
        for (var i = 0; i < commands.Length; i += 2) await host.Http.Record(commands[i], commands[i + 1].Replace("SOURCE", At, StringComparison.Ordinal));
    }
}
