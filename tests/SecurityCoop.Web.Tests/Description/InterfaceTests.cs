using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>Whether the interface's description is whole and true.</summary>
public sealed class InterfaceTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task Every_route_has_its_words_its_role_and_an_example_and_every_parameter_its_meaning()
    {
        var faults = new List<string>();
        foreach (var (route, operation) in await Operations())
        {
            if (RouteTexts.Of(route) is null) faults.Add($"{route} has no entry in Description/routes.json: a summary, and a request that works where the entries before it were sent");
            if (!operation.TryGetProperty("x-role", out _)) faults.Add($"{route} says not who may call it: Needs(Role), NeedsSignIn()");
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
                if (!parameter.TryGetProperty("description", out _)) faults.Add($"{route}: {parameter.GetProperty("name").GetString()} has no meaning in Description/Parameters.cs");
            foreach (var status in operation.GetProperty("responses").EnumerateObject())
                if (status.Value.TryGetProperty("content", out var content) && !content.EnumerateObject().First().Value.TryGetProperty("example", out _) && RouteTexts.Answers.TryGetValue(route, out var answer) && answer.Answer is not null && $"{answer.Status}" == status.Name
                    && !(status.Name == "200" && answer.Answer is JsonObject command && command.ContainsKey("events"))) // What changes a record answers alike.
                    faults.Add($"{route}: {status.Name} has no example");
        }
        var described = (await Operations()).Select(o => o.Route).ToHashSet();
        faults.AddRange(RouteTexts.All.Where(t => !described.Contains(t.Route)).Select(t => $"{t.Route} is in routes.json and is no route"));
        faults.AddRange(RouteTexts.All.GroupBy(t => t.Route).Where(g => g.Count() > 1).Select(g => $"{g.Key} stands twice in routes.json"));
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_codes_that_a_parameter_takes_are_those_that_the_register_names_when_it_gets_another()
    {
        var (faults, asked) = (new List<string>(), 0);
        foreach (var (route, operation) in (await Operations()).Where(o => o.Route.StartsWith("GET ", StringComparison.Ordinal)))
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
            {
                var (name, schema) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("schema"));
                if (parameter.GetProperty("in").GetString() != "query" || Numeric(schema) || RouteTexts.Of(route) is not { } text) continue;
                var query = new Dictionary<string, string>(text.Query ?? new Dictionary<string, string>()) { [name] = "no-such-code" };
                var answer = await host.Http.Read((text with { Query = query }).Address);
                if (answer.MediaType != "application/problem+json" || answer.Json.GetProperty("type").GetString() != "/problems/unknown-code") continue;
                asked++;
                if (schema.TryGetProperty("items", out var items)) schema = items;
                var codes = schema.TryGetProperty("enum", out var described) ? string.Join(" ", described.EnumerateArray().Select(c => c.GetString())) : "";
                var detail = answer.Json.GetProperty("detail").GetString()!.Replace(", ", " ", StringComparison.Ordinal);
                if (codes == "" || !detail.Contains(codes, StringComparison.Ordinal)) faults.Add($"{route} ?{name}: described are “{codes}”, the register says: {detail}");
            }
        asked.ShouldBeGreaterThan(8);
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST /api/meetings", """{"partners":["XX"],"kind":"talks","date":"2026"}""", 400, "unknown-partner")]
    [InlineData("POST /api/meetings", """{"partners":["DK"],"kind":"talks","date":"2026-13"}""", 400, "invalid-date")]
    [InlineData("POST /api/meetings", """{"partners":["DK"],"kind":"talks","date":"2026-03-01","state":"planned","statements":[{"force":"intent","speaker":"DK"}]}""", 400, "statements-before-meeting")]
    [InlineData("POST /api/actions", """{"partner":"DK","what":"x","owedBy":"home","standing":"weekly","due":"2026"}""", 400, "standing-and-due")]
    [InlineData("POST /api/actions/{action}/verification", "{}", 404, "not-found")]
    [InlineData("POST /api/partnerships/{name}/corrections", """{"fields":{"partner":"SE"},"reason":"x"}""", 400, "identity-fixed")]
    [InlineData("POST /api/people/{person}/erasure/approval", """{"reason":"x"}""", 404, "not-found")]
    [InlineData("POST /api/instruments/acts", """{"kind":"signed","on":"2026","instruments":["DK-INS-9999"]}""", 400, "unknown-reference")]
    public async Task A_refusal_is_described_where_it_happens(string route, string body, int status, string slug)
    {
        var path = route.Split(' ')[1].Replace("{name}", "GB", StringComparison.Ordinal).Replace("{action}", "GB-ACT-9999", StringComparison.Ordinal).Replace("{person}", "PER-9999", StringComparison.Ordinal);
        var answer = await host.Http.Command(path, body);
        ((int)answer.Status).ShouldBe(status);
        answer.Json.GetProperty("type").GetString().ShouldBe($"/problems/{slug}");
        (await Operations()).Single(o => o.Route == route).Operation.GetProperty("responses").GetProperty($"{status}").GetProperty("x-problems").EnumerateArray().Select(s => s.GetString()).ShouldContain(slug);
    }

    [Fact]
    public async Task A_route_is_not_described_with_refusals_that_belong_to_others()
    {
        var slugs = (await Operations()).ToDictionary(o => o.Route, o => o.Operation.GetProperty("responses").EnumerateObject()
            .SelectMany(r => r.Value.TryGetProperty("x-problems", out var problems) ? problems.EnumerateArray().Select(p => p.GetString()!) : []).ToHashSet());
        slugs["POST /api/meetings"].ShouldNotContain("state-not-reachable");
        slugs["POST /api/sources"].ShouldNotContain("not-found");
        slugs["POST /api/sources/{source}/notes"].ShouldNotContain("meeting-held");
        slugs["GET /api/partnerships"].ShouldNotContain("not-json");
        slugs["GET /api/partnerships"].ShouldContain("unknown-code");
        slugs["POST /api/people/{person}/erasure/approval"].ShouldContain("same-person");
    }

    [Fact]
    public async Task A_linter_that_shares_nothing_with_the_register_finds_nothing_in_its_description()
    {
        var linter = NodeProgram.Installed(Path.Combine(".bin", "redocly"));
        var folder = Directory.CreateTempSubdirectory("openapi-").FullName;
        try
        {
            var file = Path.Combine(folder, "v1.json");
            await File.WriteAllTextAsync(file, (await host.Http.Read("/openapi/v1.json")).Text);
            var (text, errors, exitCode) = await NodeProgram.Run(linter, ["lint", file, "--config", "redocly.yaml", "--format", "json", "--max-problems", "50"], null, ("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));
            if (!text.Contains('{', StringComparison.Ordinal)) throw new InvalidOperationException($"The linter said nothing: {text}{errors}");
            var found = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]).RootElement;
            found.GetProperty("problems").EnumerateArray().Select(p => $"{p.GetProperty("ruleId").GetString()}: {p.GetProperty("message").GetString()} {p.GetProperty("location")}").ShouldBeEmpty();
            exitCode.ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_routes_say_alike_stands_once_so_that_the_description_stays_small()
    {
        var text = (await host.Http.Read("/openapi/v1.json")).Text;
        TestContext.Current.TestOutputHelper?.WriteLine($"{text.Length:N0} characters");
        text.Length.ShouldBeLessThan(300_000);
        text.ShouldContain("\"$ref\":\"#/components/parameters/asOf\"");
    }

    [Fact]
    public async Task A_parameter_that_an_address_does_not_take_is_refused_by_name()
    {
        var faults = new List<string>();
        foreach (var (route, _) in (await Operations()).Where(o => o.Route.StartsWith("GET ", StringComparison.Ordinal)))
        {
            var text = RouteTexts.Of(route)!;
            var query = new Dictionary<string, string>(text.Query ?? new Dictionary<string, string>()) { ["partnr"] = "DK" };
            var answer = await host.Http.Read((text with { Query = query }).Address);
            if ((int)answer.Status != 400 || answer.Json.GetProperty("type").GetString() != "/problems/unknown-parameter") faults.Add($"{route}: {(int)answer.Status} {answer.Text}");
        }
        faults.ShouldBeEmpty();
        var list = (await host.Http.Read("/api/meetings?partnr=DK")).Json;
        list.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("?partnr");
        list.GetProperty("detail").GetString().ShouldStartWith("This address takes no parameter partnr. It takes: partner,");
    }

    async Task<IReadOnlyList<(string Route, JsonElement Operation)>> Operations() =>
        [.. (await host.Interface()).GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name.ToUpperInvariant()} {p.Name}", o.Value)))];

    static bool Numeric(JsonElement schema) => schema.TryGetProperty("type", out var type) && type.ToString() is var text && (text.Contains("integer", StringComparison.Ordinal) || text.Contains("boolean", StringComparison.Ordinal));
}
