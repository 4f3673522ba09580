using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>A parameter of a query.</summary>
/// <param name="Values">Some that it takes.</param>
sealed record Parameter(string Name, IReadOnlyList<string> Values);

/// <summary>One operation of the host's own description.</summary>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Example">The body of its example; null where it takes none.</param>
/// <param name="Fields">Names of the fields that its body takes.</param>
/// <param name="IsTable">A list that is also given as CSV.</param>
sealed record Operation(
    string Method, string Path, IReadOnlyDictionary<string, string> InPath, IReadOnlyList<Parameter> Query, JsonNode? Example, IReadOnlyList<string> Fields, bool IsTable)
{
    /// <summary>Every operation of an OpenAPI document.</summary>
    public static IReadOnlyList<Operation> All(JsonObject document) =>
    [
        // A partner's code is known to every host of the process: a good one would be taken for the other tests.
        .. document["paths"]!.AsObject().Where(p => !p.Key.EndsWith("/partner-code", StringComparison.Ordinal)).SelectMany(path => path.Value!.AsObject().Select(o =>
        {
            var operation = o.Value!.AsObject();
            var parameters = (operation["parameters"]?.AsArray() ?? []).Select(p => Resolved(p!, document)).ToList();
            var body = operation["requestBody"] is { } b ? Resolved(b, document)["content"]!["application/json"]! : null;
            var answer = operation["responses"]!["200"] is { } ok ? Resolved(ok, document) : null;
            return new Operation(
                o.Key.ToUpperInvariant(), path.Key, parameters.Where(p => (string)p["in"]! == "path").ToDictionary(p => (string)p["name"]!, p => p["example"]?.ToString() ?? ""),
                [.. parameters.Where(p => (string)p["in"]! == "query").Select(p => new Parameter((string)p["name"]!, Values(p)))],
                body?["example"], body is null ? [] : [.. FieldsOf(body["schema"]!, document).Distinct()], answer?["content"]?["text/csv"] is not null);
        })),
    ];

    static JsonObject Resolved(JsonNode node, JsonObject document)
    {
        while (node["$ref"] is { } reference) node = ((string)reference!).Split('/').Skip(1).Aggregate((JsonNode)document, (at, step) => at[step]!);
        return node.AsObject();
    }

    static IEnumerable<string> FieldsOf(JsonNode schema, JsonObject document)
    {
        var resolved = Resolved(schema, document);
        foreach (var (name, _) in resolved["properties"]?.AsObject() ?? []) yield return name;
        foreach (var part in resolved["allOf"]?.AsArray() ?? [])
            foreach (var name in FieldsOf(part!, document)) yield return name;
    }

    static IReadOnlyList<string> Values(JsonObject parameter)
    {
        var schema = parameter["schema"]!.AsObject();
        if (schema["items"] is JsonObject items) schema = items;
        if (schema["enum"] is JsonArray codes) return [.. codes.Select(c => (string)c!)];
        if (parameter["example"] is { } example) return [example is JsonArray several ? several[0]!.ToString() : example.ToString()];
        var type = schema["type"]?.ToJsonString() ?? "";
        return type.Contains("boolean", StringComparison.Ordinal) ? ["true", "false"] : type.Contains("integer", StringComparison.Ordinal) ? ["1", "20"]
            : (string?)schema["format"] == "date" ? ["2026-02-01"] : [];
    }
}
