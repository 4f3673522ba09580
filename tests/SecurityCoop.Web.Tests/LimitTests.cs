using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>How long texts and lists may be, and how much work a command may cause.</summary>
public sealed class LimitTests(SeededHost host) : IClassFixture<SeededHost>
{
    const string Meeting = """{"partners": ["DK"], "kind": "talks", "date": "2026-01-30", """;

    [Theory]
    [InlineData("/api/partnerships/DK/notes", """{"note": "¤"}""", "/note", 10_000)]
    [InlineData("/api/sources", """{"title": "¤"}""", "/title", 1_000)]
    [InlineData("/api/sources", """{"title": "x", "publisher": "¤"}""", "/publisher", 500)]
    [InlineData("/api/organisations", """{"names": {"fr": "¤"}}""", "/names/fr", 500)]
    [InlineData("/api/actions/DK-ACT-0001/corrections", """{"fields": {"what": "x"}, "reason": "¤"}""", "/reason", 2_000)]
    [InlineData("/api/actions/DK-ACT-0001/corrections", """{"fields": {"what": "¤"}, "reason": "x"}""", "/fields/what", 2_000)]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "text": "¤"}]}""", "/statements/0/text", 10_000)]
    public async Task A_text_that_is_too_long_is_refused_by_its_field_with_what_it_has_and_may_have(string path, string body, string field, int longest)
    {
        // Characters, as JSON Schema counts them, and not the halves of which some are made.
        string Of(int length) => body.Replace("¤", string.Concat(Enumerable.Repeat("😀", length)), StringComparison.Ordinal);
        var head = await host.Head();
        var refused = await host.Http.Command(path, Of(longest + 1));
        refused.ShouldBeProblem(400, "too-long", field);
        refused.Json.GetProperty("detail").GetString().ShouldBe($"This text has {longest + 1} characters and may have {longest} at most; shorten it.");
        (await host.Head()).ShouldBe(head);
        (await host.Http.Command($"{path}?dryRun=true", Of(longest))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/meetings", Meeting + """ "statements": [¤]}""", """{"force": "discussed", "speaker": "joint"}""", "/statements", 200)]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "source": [¤]}]}""", """{"document": "SRC-0001"}""", "/statements/0/source", 20)]
    [InlineData("/api/meetings", Meeting + """ "home": [¤]}""", """{"description": "x"}""", "/home", 50)]
    public async Task A_list_that_is_too_long_is_refused_by_its_field_with_what_it_has_and_takes(string path, string body, string item, string field, int most)
    {
        string Of(int count) => body.Replace("¤", string.Join(',', Enumerable.Repeat(item, count)), StringComparison.Ordinal);
        var refused = await host.Http.Command(path, Of(most + 1));
        refused.ShouldBeProblem(400, "too-many", field);
        refused.Json.GetProperty("detail").GetString()!.ShouldStartWith($"The list has {most + 1} items and takes {most} at most;");
        (await host.Http.Command($"{path}?dryRun=true", Of(most))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_object_with_too_many_members_or_too_long_a_name_is_refused()
    {
        var members = string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"f{i}\": 1"));
        (await host.Http.Command("/api/actions/DK-ACT-0001/corrections", $$"""{"fields": { {{members}} }, "reason": "x"}""")).ShouldBeProblem(400, "too-many", "/fields");
        (await host.Http.Command("/api/sources", $$"""{"title": "x", "{{new string('f', 101)}}": 1}""")).ShouldBeProblem(400, "too-long", "");
    }

    [Fact]
    public async Task More_records_than_one_command_may_name_are_refused_before_any_is_looked_up()
    {
        string Sources(int i) => string.Join(',', Enumerable.Range(1000 + 3 * i, 3).Select(n => $$"""{"document": "SRC-{{n}}"}"""));
        var statements = string.Join(',', Enumerable.Range(0, 167).Select(i => $$"""{"force": "discussed", "speaker": "joint", "source": [{{Sources(i)}}]}"""));
        using var asked = new Statements(host);
        var refused = await host.Http.Command("/api/meetings", $$"""{{Meeting}} "statements": [{{statements}}]}""");
        refused.ShouldBeProblem(400, "too-many-records", "");
        refused.Json.GetProperty("detail").GetString()!.ShouldStartWith("The request names 501 different records and may name 500 at most;");
        asked.With("stream_reference").ShouldBe(0);
    }

    [Fact]
    public async Task The_records_that_a_command_names_are_looked_up_together()
    {
        var sources = new List<string>();
        for (var i = 0; i < 60; i++) sources.Add((await host.Http.Record("/api/sources", $$"""{"title": "Paper {{i}}", "marking": "open"}""")).Reference!);
        var statements = string.Join(',', sources.Select(s => $$"""{"force": "discussed", "speaker": "joint", "source": {"document": "{{s}}" } }"""));
        using var asked = new Statements(host);
        var tried = await host.Http.Command("/api/meetings?dryRun=true", $$"""{{Meeting}} "statements": [{{statements}}]}""");
        tried.Status.ShouldBe(HttpStatusCode.OK);
        asked.With("stream_reference").ShouldBe(1);
        asked.With("mt_doc_").ShouldBeLessThan(10);
        // One that there is not is named by its place all the same.
        (await host.Http.Command("/api/meetings?dryRun=true", $$"""{{Meeting}} "statements": [{{statements.Replace(sources[40], "SRC-9999", StringComparison.Ordinal)}}]}"""))
            .ShouldBeProblem(400, "unknown-reference", "/statements/40/source/0/document");
    }

    [Fact]
    public async Task Every_text_and_list_of_a_body_says_in_the_description_how_long_it_may_be()
    {
        var document = JsonDocument.Parse((await host.Http.Read("/openapi/v1.json")).Text).RootElement;
        var (faults, seen, texts) = (new List<string>(), new HashSet<string>(), 0);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Name == "post" && o.Value.TryGetProperty("requestBody", out _)))
                Look(operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"), $"{operation.Name} {path.Name}");
        faults.ShouldBeEmpty();
        texts.ShouldBeGreaterThan(60);

        void Look(JsonElement schema, string at)
        {
            if (schema.ValueKind != JsonValueKind.Object) return;
            if (schema.TryGetProperty("$ref", out var reference))
            {
                if (seen.Add(reference.GetString()!)) Look(reference.GetString()!.Split('/').Skip(1).Aggregate(document, (e, step) => e.GetProperty(step)), reference.GetString()!);
                return;
            }
            var type = schema.TryGetProperty("type", out var t) ? t.ToString() : "";
            if (type.Contains("string", StringComparison.Ordinal) && !schema.TryGetProperty("enum", out _) && !schema.TryGetProperty("format", out _))
            {
                texts++;
                if (!schema.TryGetProperty("maxLength", out _)) faults.Add($"{at}: no maxLength");
            }
            if (type.Contains("array", StringComparison.Ordinal) && !schema.TryGetProperty("maxItems", out _)) faults.Add($"{at}: no maxItems");
            foreach (var part in schema.EnumerateObject())
                if (part.Name == "properties") foreach (var property in part.Value.EnumerateObject()) Look(property.Value, $"{at}/{property.Name}");
                else if (part.Name is "items" or "additionalProperties") Look(part.Value, $"{at} {part.Name}");
                else if (part.Name is "allOf" or "anyOf" or "oneOf") foreach (var one in part.Value.EnumerateArray()) Look(one, $"{at} {part.Name}");
        }
    }

    /// <summary>The statements that the host sends to its database.</summary>
    sealed class Statements : IDisposable
    {
        readonly List<string> sent = [];
        readonly ActivityListener listener;

        public Statements(HostFixture host)
        {
            var database = new NpgsqlConnectionStringBuilder(host.ApplicationConnection).Database;
            listener = new()
            {
                ShouldListenTo = source => source.Name == "Npgsql", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = a =>
                {
                    if (a.GetTagItem("db.namespace") as string != database) return;
                    lock (sent) sent.Add(Convert.ToString(a.GetTagItem("db.query.text"), CultureInfo.InvariantCulture) ?? "");
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public int With(string table)
        {
            lock (sent) return sent.Count(s => s.Contains(table, StringComparison.Ordinal));
        }

        public void Dispose() => listener.Dispose();
    }
}
