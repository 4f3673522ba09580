using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>docs/http.md, from the interface's description: the same for people.</summary>
sealed class HttpPage(JsonElement document)
{
    static readonly JsonSerializerOptions readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    readonly StringBuilder page = new();
    HashSet<(string Status, string Slug)> everywhere = [], everyCommand = [];

    public string Write()
    {
        page.Append(FormattableString.Invariant(
            $"""
            # HTTP interface

            Written from the code by a test; `UPDATE_DOCS=1 ./test -namespace '*.Description'` writes it anew. The same for programs: `/openapi/v1.json`.

            - **Who asks.** `Authorization: Bearer` and an access token, or the cookie of a browser that signed in. A steward is also recorder, validator and auditor; each of these is also reader.
            - **Commands** are POSTs of JSON, of {Bodies.MaxBytes >> 20} MiB at most. `Idempotency-Key` makes a retry safe for ever: the same key and body give the first answer again, the same key with another body is refused. `If-Match` names the
              version that the change is meant for. A command that changes nothing gives 200 and no events.
            - **Queries** take two clocks: `asOf`, a day of the world, and `knownAt`, an instant or a position of the log. Every answer carries `Register-Position`, the position up to which it speaks; a query after a command sees it.
            - **Lists** page by cursor: `limit` up to {RecordQueries.MaxLimit}, and `after`; the next page's address is in the header `Link`.
            - **Refusals** are problem documents (RFC 9457): `type` is `/problems/` and a slug, title and detail are in the request's language (`Accept-Language`: fr, en, ar), `errors` names fields by JSON pointer. 429 and 503 say
              in `Retry-After` when to try again.
            - Enumerations are in kebab-case, dates in EDTF (ISO 8601-2:2019), instants in RFC 3339, field names in camelCase; what is absent is left out.


            """));
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Route: $"{o.Name.ToUpperInvariant()} {p.Name}", Of: o.Value))).ToList();
        everywhere = Common(operations.Select(o => o.Of));
        everyCommand = Common(operations.Select(o => o.Of).Where(IsCommand));
        Line($"Every route may refuse with {Listed(everywhere)}; every command also with {Listed(everyCommand.Except(everywhere))}. What a route may refuse with beside these stands with it.\n");
        foreach (var tag in document.GetProperty("tags").EnumerateArray())
        {
            var name = tag.GetProperty("name").GetString()!;
            Line($"## {name}\n\n{tag.GetProperty("description").GetString()}\n\n| Route | Role | What it does |\n|---|---|---|");
            var own = operations.Where(o => o.Of.GetProperty("tags")[0].GetString() == name).ToList();
            foreach (var (route, of) in own) Line($"| [`{route}`](#{Anchor(route)}) | {Role(of)} | {of.GetProperty("summary").GetString()} |");
            Line("");
            foreach (var (route, of) in own) Operation(route, of);
        }
        Line("## Bodies and answers\n");
        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject()) Schema(schema.Name, schema.Value);
        return page.ToString().TrimEnd() + "\n";
    }

    void Operation(string route, JsonElement of)
    {
        Line($"### {route}\n\n{Sentence(of.GetProperty("summary").GetString()!)}{(of.TryGetProperty("description", out var more) ? $" {more.GetString()}" : "")}\n");
        if (of.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() != "header").ToList() is { Count: > 0 } shown)
        {
            foreach (var p in shown) Line($"- `{p.GetProperty("name").GetString()}` ({p.GetProperty("in").GetString()}, {TypeOf(p.GetProperty("schema"))}): {(p.TryGetProperty("description", out var meaning) ? meaning.GetString() : "")}");
            Line("");
        }
        if (of.TryGetProperty("requestBody", out var body))
        {
            var sent = body.GetProperty("content").GetProperty("application/json");
            Line($"Body: {TypeOf(sent.GetProperty("schema"))}.\n");
            if (sent.TryGetProperty("example", out var example)) Line($"```json\n{JsonSerializer.Serialize(example, readable)}\n```\n");
        }
        var said = IsCommand(of) ? everyCommand : everywhere;
        Line("| Status | Answer |\n|---|---|");
        foreach (var response in of.GetProperty("responses").EnumerateObject().OrderBy(r => r.Name, StringComparer.Ordinal))
            if (!response.Value.TryGetProperty("x-problems", out _))
                Line($"| {response.Name} | {string.Join(" or ", response.Value.TryGetProperty("content", out var content) ? content.EnumerateObject().Select(c => c.Value.TryGetProperty("schema", out var s) && c.Name == "application/json" ? TypeOf(s) : $"`{c.Name}`") : ["nothing"])} |");
        foreach (var own in Refusals(of).Except(said).GroupBy(r => r.Status).OrderBy(g => g.Key, StringComparer.Ordinal)) Line($"| {own.Key} | {string.Join(" ", own.Select(o => $"`{o.Slug}`"))} |");
        Line("");
    }

    // What takes a body and no key records nothing.
    static bool IsCommand(JsonElement of) => of.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(p => p.GetProperty("name").GetString() == "Idempotency-Key");

    static IEnumerable<(string Status, string Slug)> Refusals(JsonElement of) => of.GetProperty("responses").EnumerateObject()
        .SelectMany(r => r.Value.TryGetProperty("x-problems", out var problems) ? problems.EnumerateArray().Select(p => (r.Name, p.GetString()!)) : []);

    static HashSet<(string Status, string Slug)> Common(IEnumerable<JsonElement> operations) => operations.Select(o => Refusals(o).ToHashSet()).Aggregate((a, b) => [.. a.Intersect(b)]);

    static string Listed(IEnumerable<(string Status, string Slug)> refusals) =>
        string.Join(", ", refusals.OrderBy(r => r).GroupBy(r => r.Status).Select(g => $"{g.Key} {string.Join(" ", g.Select(r => $"`{r.Slug}`"))}"));

    void Schema(string name, JsonElement schema)
    {
        Line($"### {name}\n");
        if (schema.TryGetProperty("description", out var description)) Line($"{Flat(description)}\n");
        var parts = schema.TryGetProperty("allOf", out var all) ? all.EnumerateArray().ToList() : [schema];
        foreach (var part in parts.Where(p => p.TryGetProperty("$ref", out _))) Line($"All of {TypeOf(part)}, and:\n");
        var fields = parts.Where(p => p.TryGetProperty("properties", out _)).ToList();
        if (fields.Count == 0) Line($"{(parts.Count == 1 ? TypeOf(schema) : "")}\n");
        foreach (var part in fields)
        {
            var required = part.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
            Line("| Field | Type | |\n|---|---|---|");
            foreach (var field in part.GetProperty("properties").EnumerateObject())
                Line($"| `{field.Name}`{(required.Contains(field.Name) ? "" : "?")} | {TypeOf(field.Value).Replace("|", "\\|", StringComparison.Ordinal)} | {Meaning(field.Value)} |");
            Line("");
        }
    }

    static string Meaning(JsonElement field) => field.TryGetProperty("description", out var own) ? Flat(own)
        : field.TryGetProperty("oneOf", out var several) ? several.EnumerateArray().Select(s => s.TryGetProperty("description", out var d) ? Flat(d) : "").FirstOrDefault(d => d != "") ?? "" : "";

    static string TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return reference.GetString()!.Split('/')[^1] is var name ? $"[{name}](#{name.ToLowerInvariant()})" : "";
        if (schema.TryGetProperty("oneOf", out var several)) return string.Join(" or ", several.EnumerateArray().Select(TypeOf).Where(t => t != "null"));
        if (schema.TryGetProperty("enum", out var codes)) return string.Join(" ", codes.EnumerateArray().Select(c => $"`{c}`"));
        var types = !schema.TryGetProperty("type", out var type) ? [] : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!).Where(t => t != "null").ToList() : [type.GetString()!];
        if (types.Contains("array")) return schema.TryGetProperty("items", out var items) ? $"list of {TypeOf(items)}" : "list";
        if (types.Contains("object") && schema.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object) return $"object of {TypeOf(values)}";
        return types.Count == 0 ? "any" : string.Join(" or ", types) + (schema.TryGetProperty("format", out var format) && format.GetString() is { } f && !f.StartsWith("int", StringComparison.Ordinal) ? $" ({f})" : "");
    }

    static string Role(JsonElement of) => of.TryGetProperty("x-role", out var role) ? role.GetString()! : "anyone";

    static string Anchor(string route) => string.Concat(route.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')).Replace(' ', '-');

    static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    static string Flat(JsonElement text) => string.Join(' ', text.GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);

    void Line(string text) => page.Append(text).Append('\n');
}
