using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>
/// What lies above the clearance is as if it were not there: for every route of the interface's description, every role and a lower
/// clearance, a hidden record's name is answered as one that nobody bears, and nothing of a hidden record stands in any answer.
/// </summary>
public sealed partial class HiddenRecordTests(HiddenWorld world) : IClassFixture<HiddenWorld>
{
    static readonly (Marking, Role[])[] callers =
    [
        (Marking.Confidential, [Role.Steward, Role.Administrator]), (Marking.Open, [Role.Auditor]), (Marking.Open, [Role.Recorder]),
        (Marking.Restricted, [Role.Validator]), (Marking.Open, [Role.Reader]), (Marking.Secret, [Role.Steward]),
        (Marking.Confidential, [Role.Administrator]),
    ];

    // Cleared for everything, and in no group.
    static bool IsCleared(Marking clearance) => clearance == Marking.Secret;

    static readonly string[] pages = ["/partnerships/{name}", "/records/{name}"];

    [Fact(Timeout = 240_000)]
    public async Task Every_name_of_a_hidden_record_is_answered_as_one_that_nobody_bears()
    {
        var (document, faults) = (await world.Interface(), new List<string>());
        var routes = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject(), (p, m) => (Method: m.Name, Path: p.Name, Body: Example(m.Value)))
            .Where(r => r.Method is "get" or "post")
            .Where(r => Parameter().Match(r.Path) is { Success: true, Value: not ("{position}" or "{path}") }).ToList();
        routes.Count.ShouldBeGreaterThan(60);
        routes.AddRange(pages.Select(p => ("get", p, (string?)null)));
        foreach (var (clearance, roles) in callers)
        {
            using var http = await world.As(clearance, roles);
            // By each name of the route's own kind; the first caller, who may do everything, by others too.
            bool IsAsked(string method, string path, string kind, int i) =>
                IsOf(path, kind) || (roles.Contains(Role.Steward) && (method == "get" || i % 6 == 0));
            foreach (var (method, path, body) in routes)
                foreach (var (kind, name, absent) in (IsCleared(clearance) ? world.OfGroup : world.Names).Where((n, i) => IsAsked(method, path, n.Kind, i)))
                    foreach (var query in Queries(method, path))
                    {
                        var (hidden, difference) = await HiddenWorld.Compare(
                            name, absent, record => Ask(http, method, Parameter().Replace(path, record) + query, body));
                        if (difference is not null) faults.Add($"{roles[0]} {method} {path}{query} {difference}");
                        world.Scan($"{roles[0]} {method} {path}{query} {name}", hidden, faults, name, IsCleared(clearance));
                    }
        }
        Report(faults);
    }

    [Fact(Timeout = 240_000)]
    public async Task No_answer_about_anything_else_holds_a_word_of_a_hidden_record()
    {
        var (document, faults) = (await world.Interface(), new List<string>());
        var head = await world.Head();
        string[] ofLists =
        [
            "", "?limit=500", "?limit=1", "?format=csv", $"?knownAt=@{head}", "?from=@0", "?from=0&limit=500", "?q=plain",
            $"?q={HiddenWorld.Word}", $"?q={HiddenWorld.GroupWord}", "?partner=EE", "?actor=steward", "?openings=true",
        ];
        string[] ofOneEvent = ["", "?proof=true"];
        string[] ofRecords = ["", "?status=lapsed", "?from=@0", $"?knownAt=@{head - 1}"];
        var routes = document.GetProperty("paths").EnumerateObject()
            .Where(p => p.Value.TryGetProperty("get", out _) && p.Name != "/api/events")
            .Select(p => p.Name).Concat(pages).Concat(["/", "/calendar", "/search"]).ToList();
        var asked = new List<string>();
        foreach (var path in routes)
        {
            var ofEvents = path.Contains("{position}", StringComparison.Ordinal);
            var names = ofEvents ? Enumerable.Range(1, (int)head).Select(p => $"{p}")
                : world.Open.Where(o => IsOfAny(path, o.Key)).SelectMany(o => o.Value).Append("EE");
            if (!path.Contains('{', StringComparison.Ordinal)) asked.AddRange(ofLists.Select(query => path + query));
            else
                asked.AddRange(names.SelectMany(
                    _ => ofEvents ? ofOneEvent : ofRecords, (name, query) => Parameter().Replace(path, name) + query));
        }
        foreach (var (clearance, roles) in callers)
        {
            using var http = await world.As(clearance, roles);
            foreach (var path in asked)
            {
                var answer = await http.Read(path);
                ((int)answer.Status).ShouldBeLessThan(500, path);
                // A search page repeats what was typed.
                var typed = ((string[])[HiddenWorld.Word, HiddenWorld.GroupWord]).FirstOrDefault(word => path.EndsWith(word, StringComparison.Ordinal));
                world.Scan($"{roles[0]} {path}", answer, faults, typed, IsCleared(clearance));
            }
        }
        Report(faults);
    }

    [Fact(Timeout = 240_000)]
    public async Task What_passes_a_filter_is_told_of_open_records_only()
    {
        var faults = new List<string>();
        (string Hidden, string Absent)[] values =
        [
            (HiddenWorld.Partner, HiddenWorld.NoPartner), (HiddenWorld.Officer, "nobody-zq77"), ("zq-owner", "no-owner"),
            (HiddenWorld.Word, "Qqwyxz"), .. world.Names.Select(n => (n.Name, n.Absent)),
        ];
        (string Hidden, string Absent)[] ofGroup =
        [
            (HiddenWorld.GroupPartner, HiddenWorld.NoPartner), (HiddenWorld.Member, "nobody-zq77"), (HiddenWorld.GroupWord, "Qqwyxz"),
            .. world.OfGroup.Select(n => (n.Name, n.Absent)),
        ];
        string[] filters =
        [
            "/api/audit/events?partner=", "/api/audit/events?limit=1&partner=", "/api/audit/events?actor=",
            "/api/audit/events?limit=1&actor=", "/api/audit/events?stream=", "/api/audit/events?format=csv&actor=",
            "/api/audit/openings?subject=", "/api/audit/openings?actor=",
            "/api/actions?meeting=", "/api/actions?owner=", "/api/actions?partner=", "/api/meetings?partner=", "/api/instruments?partner=",
            "/api/people?partner=", "/api/organisations?partner=", "/api/search?q=", "/api/search?q=plain&partner=", "/search?q=",
            "/api/calendar.ics?owner=", "/api/calendar.ics?partner=", "/api/partnerships?after=", "/api/changes?from=@0&after=",
            "/api/actions?after=", "/api/people?after=", "/api/meetings?after=",
        ];
        foreach (var (clearance, roles) in callers.Take(6))
        {
            using var http = await world.As(clearance, roles);
            var (these, few) = IsCleared(clearance) ? (ofGroup, 3) : ([.. values, .. ofGroup.Take(3)], 4);
            foreach (var filter in filters)
                foreach (var (hidden, absent) in TakesNames().IsMatch(filter) ? these : [.. these[..few], .. IsCleared(clearance) ? [] : ofGroup.Take(3)])
                {
                    var (one, difference) = await HiddenWorld.Compare(hidden, absent, value => http.Read(filter + value));
                    if (difference is not null) faults.Add($"{roles[0]} {filter}{difference}");
                    world.Scan($"{roles[0]} {filter}{hidden}", one, faults, hidden, IsCleared(clearance));
                }
            // Kinds of events that only hidden records have.
            if (!IsCleared(clearance) && roles[0] is Role.Steward or Role.Auditor)
            {
                var held = await http.Read("/api/audit/events?limit=1&type=person_hold_placed");
                var released = await http.Read("/api/audit/events?limit=1&type=person_hold_released");
                HiddenWorld.Plain(held, "person_hold_placed").ShouldBe(HiddenWorld.Plain(released, "person_hold_released"));
            }
        }
        Report(faults);
    }

    [Fact(Timeout = 240_000)]
    public async Task The_stream_of_events_tells_no_more_than_the_list()
    {
        var faults = new List<string>();
        var head = await world.Head();
        using var http = await world.As(Marking.Confidential, Role.Auditor);
        foreach (var filter in (string[])["", $"&partner={HiddenWorld.Partner}", "&partner=EE"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?after=0{filter}");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var stream = await answer.Content.ReadAsStreamAsync();
            using var lines = new StreamReader(stream);
            using var end = new CancellationTokenSource(TimeSpan.FromSeconds(filter == "" ? 20 : 2));
            var text = new System.Text.StringBuilder();
            try
            {
                for (var line = ""; line is not null && line != $"id: {head}"; text.AppendLine(line))
                    line = await lines.ReadLineAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                // Filtered, the newest event need not come.
            }
            if (filter.EndsWith(HiddenWorld.Partner, StringComparison.Ordinal)) text.ToString().ShouldNotContain("data:");
            world.Scan($"/api/events{filter}", new(answer.StatusCode, answer.Headers, null, text.ToString()), faults);
        }
        Report(faults);
    }

    static bool IsOf(string path, string kind) => IsOfAny(path, kind == "person" ? "people" : kind + "s");

    static bool IsOfAny(string path, string plural) =>
        path.StartsWith($"/api/{plural}/", StringComparison.Ordinal) || path.Contains("records", StringComparison.Ordinal);

    static IEnumerable<string> Queries(string method, string path) =>
        method == "post" ? ["", "?dryRun=true"]
        : path.EndsWith("/why", StringComparison.Ordinal) ? ["?status=lapsed"]
        : path.EndsWith("/changes", StringComparison.Ordinal) ? ["?from=@0"]
        : ["", "?knownAt=@40"];

    static string? Example(JsonElement operation) =>
        operation.ValueKind != JsonValueKind.Object || !operation.TryGetProperty("requestBody", out var body) ? null
        : body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out var example) ? example.GetRawText()
        : "{}";

    static Task<Answer> Ask(HttpClient http, string method, string path, string? body) =>
        method == "get" ? http.Read(path) : http.Command(path, body ?? "{}", ("If-Match", "\"1\""));

    static void Report(List<string> faults) => faults.Count.ShouldBe(0, string.Join('\n', faults.Take(40)));

    [GeneratedRegex(@"\{[^}]+\}")] private static partial Regex Parameter();
    [GeneratedRegex("(stream|subject|meeting|after|q)=$")] private static partial Regex TakesNames();
}
