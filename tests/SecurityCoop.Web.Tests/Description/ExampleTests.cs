using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>The examples of the interface's description, sent to a running register one after the other.</summary>
public sealed partial class ExampleTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Every_documented_example_is_answered_as_documented()
    {
        var document = (await host.Interface());
        var check = new SchemaCheck(document);
        var (faults, answers) = (new List<string>(), new SortedDictionary<string, ExampleAnswer>(StringComparer.Ordinal));
        var ids = new Dictionary<string, string>(StringComparer.Ordinal); // Of what has an id alone: the documented one, and the one that it got here.
        foreach (var text in RouteTexts.All)
        {
            var body = text.Body?.ToJsonString();
            foreach (var given in text.Given ?? [])
            {
                var recorded = await host.Http.Record(given.Post, given.Body.ToJsonString());
                if (given.Event is { } id) body = body!.Replace(id, recorded.Json.GetProperty("events")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
            }
            var (status, headers, media, answer) = await Send(text, body, ids);
            if (text.Refused is { } slug)
            {
                if (Operation(document, text.Route).GetProperty("responses").TryGetProperty($"{(int)status}", out var refusal) && refusal.GetProperty("x-problems").EnumerateArray().Any(p => p.GetString() == slug)
                    && JsonNode.Parse(answer)!["type"]!.GetValue<string>() == $"/problems/{slug}") continue;
                faults.Add($"{text.Route} gave {status} where {slug} is documented: {answer}");
                continue;
            }
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Created))
            {
                faults.Add($"{text.Route} gave {status}: {answer}");
                continue;
            }
            var documented = RouteTexts.Answers.GetValueOrDefault(text.Route);
            var json = media.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(answer) : media == "application/octet-stream" ? null : JsonValue.Create(answer);
            var missing = documented is null ? "no answer is documented" : documented.Status != (int)status ? $"{documented.Status} is documented, {(int)status} was answered" : Missing(documented.Answer, json, "");
            if (status == HttpStatusCode.Created && json is JsonObject made && made["id"] is { } own) ids[(string)Settled(json)["id"]!] = (string)own!;
            // What still fits is left, so that ids do not change with every run.
            answers[text.Route] = missing is null ? documented! : new((int)status, media, json is null ? null : Settled(json));
            if (Documents.Update) continue;
            if (missing is not null) faults.Add($"{text.Route}: {missing}; UPDATE_DOCS=1 ./test -class '*ExampleTests' writes it anew");
            var response = Operation(document, text.Route).GetProperty("responses");
            if (!response.TryGetProperty($"{(int)status}", out var described) || !described.TryGetProperty("content", out var content) || !content.TryGetProperty(media, out var shown))
            {
                faults.Add($"{text.Route}: {(int)status} {media} is not described");
                continue;
            }
            if (media == "application/json" && shown.TryGetProperty("schema", out var schema)) faults.AddRange(check.Faults(JsonDocument.Parse(answer).RootElement, schema, text.Route));
            if (described.TryGetProperty("headers", out var promised))
                faults.AddRange(promised.EnumerateObject().Where(h => !headers.Contains(h.Name)).Select(h => $"{text.Route}: the answer has no header {h.Name}"));
        }
        if (Documents.Update)
            await File.WriteAllTextAsync(Path.Combine(Documents.Root, "src/SecurityCoop.Web/Description/answers.json"), JsonSerializer.Serialize(answers, Writing.SortedDictionaryStringExampleAnswer) + "\n");
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_documented_body_fits_its_schema()
    {
        var document = (await host.Interface());
        var check = new SchemaCheck(document);
        var bodies = document.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("post", out var post) && post.TryGetProperty("requestBody", out _))
            .Select(p => (p.Name, Body: p.Value.GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json"))).ToList();
        bodies.Count.ShouldBeGreaterThan(50);
        bodies.SelectMany(b => b.Body.TryGetProperty("example", out var example) ? check.Faults(example, b.Body.GetProperty("schema"), b.Name) : [$"{b.Name}: no example"]).ShouldBeEmpty();
    }

    static JsonElement Operation(JsonElement document, string route) => document.GetProperty("paths").GetProperty(route.Split(' ')[1]).GetProperty(route.Split(' ')[0].ToLowerInvariant());

    async Task<(HttpStatusCode, HttpResponseHeaders, string Media, string Answer)> Send(RouteText text, string? body, Dictionary<string, string> ids)
    {
        using var other = text.By is { } by ? host.Client(await host.NewToken(
            $"second-{by}", Marking.Secret, Slug.TryParse<Role>(by, out var role) ? role : throw new ArgumentException($"{by} is no role.", nameof(text)))) : null;
        using var request = new HttpRequestMessage(new(text.Route.Split(' ')[0]), ids.Aggregate(text.Address, (address, id) => address.Replace(id.Key, id.Value, StringComparison.Ordinal)));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await (other ?? host.Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var media = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (media != "text/event-stream") return (answer.StatusCode, answer.Headers, media, await answer.Content.ReadAsStringAsync());
        // A stream has no end: two of its blocks, the position that it begins at and the first event.
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var read = new StringBuilder();
        for (var blocks = 0; blocks < 2;)
        {
            var line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            read.Append(line).Append('\n');
            if (line is null or "") blocks++;
        }
        return (answer.StatusCode, answer.Headers, media, read.ToString());
    }

    /// <summary>The first field of what is documented that is not answered; of a list, its first item is looked at.</summary>
    static string? Missing(JsonNode? documented, JsonNode? answered, string at) => (documented, answered) switch
    {
        (JsonObject d, JsonObject a) => d.Select(f => a.ContainsKey(f.Key) ? Missing(f.Value, a[f.Key], $"{at}/{f.Key}") : $"{at}/{f.Key} is documented and not answered").FirstOrDefault(m => m is not null),
        (JsonArray { Count: > 0 }, JsonArray { Count: 0 }) => $"{at} is documented with items and answered empty",
        (JsonArray { Count: > 0 } d, JsonArray a) => Missing(d[0], a[0], $"{at}/0"),
        (null, null) => null,
        _ => documented?.GetValueKind() == answered?.GetValueKind() ? null : $"{at} is documented as {documented?.GetValueKind()} and answered as {answered?.GetValueKind()}",
    };

    /// <summary>Ids, instants, secrets and the register's address as they might be, the same in every run.</summary>
    JsonNode Settled(JsonNode answer)
    {
        var ids = new Dictionary<string, string>();
        var text = Id().Replace(answer.ToJsonString(), m => ids.TryGetValue(m.Value, out var known) ? known : ids[m.Value] = $"0199c0de-0000-7000-8000-{ids.Count + 1:d12}");
        text = Secret().Replace(Instant().Replace(text, "2026-02-01T12:00:00Z"), "sc_and-43-characters-that-are-told-once");
        return JsonNode.Parse(text.Replace(host.Address, "https://register.example", StringComparison.Ordinal))!;
    }

    static RouteTextsJson Writing { get; } = new(new(RouteTextsJson.Default.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")] private static partial Regex Id();
    [GeneratedRegex("sc_[A-Za-z0-9_-]{43}")] private static partial Regex Secret();
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")] private static partial Regex Instant();
}
