using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Tests;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Random commands over HTTP, and the host's answers at random points of both clocks against the naive model that reads the log's bodies plainly.</summary>
public sealed class HistoryTests(HostFixture host) : IClassFixture<HostFixture>
{
    static readonly string[] partners = ["IS", "EE", "LV", "LT", "FI", "NO", "CZ", "SK"];
    readonly Random random = new(20260201);
    readonly List<(string Record, string Event)> items = [];
    readonly Dictionary<string, List<string>> records = new() { ["meetings"] = [], ["actions"] = [], ["instruments"] = [], ["partnerships"] = [.. partners.Select(p => $"/api/partnerships/{p}")] };

    [Fact]
    public async Task What_the_host_says_was_known_is_what_the_naive_model_reads_from_the_log()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "Press"}""")).Reference!;
        foreach (var partner in partners) await host.Http.Record("/api/partnerships", $$"""{"partner": "{{partner}}"}""");
        for (var recorded = 0; recorded < 400;) recorded += await Command(source);
        var log = await Log();
        log.Select(e => e.Type).Distinct().Count().ShouldBeGreaterThan(20);
        var seen = new HashSet<string>();
        for (var i = 0; i < 150; i++)
        {
            var (partner, position, asOf, service) = (One(partners), random.Next(1, log.Count + 1), new DateOnly(2018, 1, 1).AddDays(random.Next(1200)), Chance(4));
            var (best, worst, same) = NaiveModel.Status(NaiveModel.Read(log.Take(position)), partner, asOf, service);
            var answer = (await host.Http.Read($"/api/partnerships/{partner}?asOf={asOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}&knownAt=@{position}{(service ? "&home=service" : "")}")).Json;
            (answer.GetProperty("status").GetString(), answer.GetProperty("certainStatus").GetString(), answer.GetProperty("certainty").GetString())
                .ShouldBe((PartnershipStatus.SlugOf(best), PartnershipStatus.SlugOf(worst), same ? "certain" : "possible"), $"{partner} as of {asOf:O}, known at @{position}");
            seen.Add(PartnershipStatus.SlugOf(best));
        }
        seen.Count.ShouldBeGreaterThan(4);
    }

    async Task<int> Command(string source)
    {
        var cited = $$"""
            "source": {"document": "{{source}}"}, "reason": "a reason"
            """;
        var (path, body) = random.Next(16) switch
        {
            < 3 => ("/api/meetings", $$"""{"partners": ["{{One(partners)}}"], "kind": "talks", "date": "{{Day()}}", "statements": [{{(Chance(2) ? Said("joint") : "")}}]}"""),
            3 => (On("meetings", "statements"), Said(One(["home", "joint"]))),
            4 => (On("meetings", "reclassifications"), $$"""{"number": 1, "force": "{{Slug.Of(One(Enum.GetValues<Force>()))}}", {{cited}}}"""),
            5 => ("/api/actions", $$"""{"partner": "{{One(partners)}}", "what": "a list", "owedBy": "both", "on": "{{Day()}}"}"""),
            < 8 => (On("actions", "follow-ups"), $$"""{"on": "{{Day()}}", "note": "seen", "state": "{{Slug.Of(One(Enum.GetValues<ActionState>()))}}"}"""),
            8 => ("/api/instruments", $$"""{"partners": ["{{One(partners)}}"], "kind": "mou", "title": "A memorandum", "binding": "{{One(["binding", "non-binding"])}}"}"""),
            < 12 => (On("instruments", "acts"), $$"""{"kind": "{{Slug.Of(One(Enum.GetValues<ActKind>()))}}", "on": "{{Day()}}", "report": {{(Chance(4) ? "true" : "false")}}, {{cited}}}"""),
            12 => (On("partnerships", Chance(2) ? "suspension" : "resumption"), $$"""{"by": "{{One(["home", "joint"])}}", "on": "{{Day()}}"}"""),
            13 => (On("meetings", Chance(2) ? "corrections" : "reports"), $$"""{"fields": {"date": "{{Day()}}"}, {{cited}}}"""),
            14 when items.Count > 0 => One(items) is var (record, item) && Chance(3) ? ($"{record}/withdrawal", $$"""{"of": "{{item}}", "reason": "wrong"}""") : ($"{record}/reports", $$"""{"of": "{{item}}", "fields": {"on": "{{Day()}}"}, {{cited}}}"""),
            _ => await Preference(),
        };
        if (path == "") return 0;
        var answer = await host.For(path, body).Command(path, body);
        ((int)answer.Status).ShouldBeOneOf([200, 201, 400, 404, 409], $"POST {path} {body}: {answer.Text}");
        if ((int)answer.Status >= 400 || answer.Events.Count == 0) return 0;
        if (answer.Status == HttpStatusCode.Created) records[path.Split('/')[2]].Add($"{path}/{answer.Reference}");
        foreach (var e in answer.Json.GetProperty("events").EnumerateArray())
        {
            var type = e.GetProperty("type").GetString()!;
            if (type is "instrument_act_recorded" or "instrument_act_reported" or "action_verified" or "action_dropped" or "partnership_suspended") items.Add((path[..path.LastIndexOf('/')], e.GetProperty("id").GetString()!));
        }
        return 1;
    }

    // One of the readings that a record shows, preferred.
    async Task<(string Path, string Body)> Preference()
    {
        var record = One([.. records["meetings"], .. records["instruments"], .. records["actions"]]);
        if (record is null || !(await host.Http.Read(record)).Json.TryGetProperty("reports", out var reports)) return ("", "");
        var field = One([.. reports.EnumerateArray()]);
        var reading = One([.. field.GetProperty("readings").EnumerateArray()]);
        var of = field.TryGetProperty("of", out var item) ? $"\"of\": \"{item}\", " : "";
        return ($"{record}/preferences", $$"""{{{of}}"field": "{{field.GetProperty("field")}}", "report": "{{reading.GetProperty("event")}}", "reason": "better placed"}""");
    }

    async Task<List<Stored>> Log()
    {
        var log = new List<Stored>();
        for (string? next = "/api/audit/events?limit=500"; next is not null;)
        {
            var page = await host.Http.Read(next);
            log.AddRange(page.Items.Select(e => new Stored(e.GetProperty("position").GetInt64(), e.GetProperty("stream").GetString()!, e.GetProperty("id").GetGuid(), e.GetProperty("type").GetString()!, JsonNode.Parse(e.GetProperty("body").GetRawText())!.AsObject(), e.GetProperty("commandId").GetGuid())));
            next = page.Headers.Contains("Link") ? page.Headers.GetValues("Link").Single().Split('<', '>')[1] : null;
        }
        return log;
    }

    string Said(string speaker) => $$"""{"force": "{{Slug.Of(One(Enum.GetValues<Force>()))}}", "speaker": "{{speaker}}", "text": "words"}""";
    string On(string kind, string what) => One(records[kind]) is { } record ? $"{record}/{what}" : "";
    string Day() => Chance(4) ? One(NaiveDays.All) : NaiveDays.All[random.Next(10)];
    bool Chance(int oneIn) => random.Next(oneIn) == 0;
    T One<T>(IReadOnlyList<T> of) => of.Count == 0 ? default! : of[random.Next(of.Count)];
}
