using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Description;

/// <summary>
/// What many routes say alike stands once in an OpenAPI document, among its components (OpenAPI 3.1, section 4.8.7), and each route
/// refers to it.
/// </summary>
static class SharedParts
{
    // A refusal that more routes have than these is said of none of them: they read the same bodies, dates and names.
    const int FewRoutes = 40;

    // Statuses that a route says itself; what others have stands in the answer that all refer to.
    static readonly string[] own = ["400", "404"];

    const string Refused =
        """
        {"description": "Refused otherwise: 401 without a valid token, 403 for a right that the caller does not have, 409 against what stands,
        412 for another version than If-Match names, 413, 415 and 422 for a body that is too large, no JSON, or sent under another body's key, 429 and 503 with `Retry-After`, 500.",
        "headers": {"Retry-After": {"description": "Seconds after which another attempt is of use.", "schema": {"type": "integer"}},
        "WWW-Authenticate": {"description": "RFC 6750, section 3.", "schema": {"type": "string"}}},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}}
        """;

    /// <summary>Moves parameters, headers of answers and whole answers that stand more than once, and what all bodies have.</summary>
    public static void Share(JsonObject document)
    {
        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!.AsObject()).ToList();
        ShareRefusals(operations);
        ShareBody(document["components"]!["schemas"]!.AsObject());
        var answers = operations.Select(o => o["responses"]!.AsObject()).ToList();
        Move(document, "headers", answers.SelectMany(a => a).Select(a => a.Value!["headers"]).OfType<JsonObject>()
            .SelectMany(headers => headers.Select(h => new Place(headers, h.Key, h.Key))));
        Move(document, "responses", answers.SelectMany(of => of.Select(a => new Place(of, a.Key, a.Key))));
        Move(document, "parameters", operations.Select(o => o["parameters"]).OfType<JsonArray>()
            .SelectMany(list => list.Select((p, i) => new Place(list, i, (string)p!["name"]!))));
    }

    static void ShareRefusals(IReadOnlyList<JsonObject> operations)
    {
        var slugs = operations.Select(o => Slugs(o["responses"]!.AsObject())).ToList();
        var routes = slugs.SelectMany(s => s).CountBy(s => s).ToDictionary();
        foreach (var (operation, of) in operations.Zip(slugs))
        {
            var responses = operation["responses"]!.AsObject();
            foreach (var (status, answer) in responses.ToList())
                if (answer!["x-problems"] is not null && !own.Contains(status)) responses.Remove(status);
                else answer.AsObject().Remove("x-problems");
            responses["default"] = JsonNode.Parse(Refused.ReplaceLineEndings(" "));
            JsonArray few = [.. of.Where(s => routes[s] <= FewRoutes).Order(StringComparer.Ordinal).Select(s => (JsonNode)s)];
            if (few.Count > 0) operation["x-problems"] = few;
        }
    }

    static HashSet<string> Slugs(JsonObject responses) =>
        [.. responses.SelectMany(r => r.Value!["x-problems"]?.AsArray() ?? []).Select(s => (string)s!)];

    // A body that has every member of Body is one, with more (OpenAPI 3.1, section 4.8.24.1); whether a member is left over is then a
    // question for the whole (JSON Schema 2020-12, section 11.3).
    static void ShareBody(JsonObject schemas)
    {
        const string body = "Body";
        var common = schemas[body]!["properties"]!.AsObject();
        schemas[body]!.AsObject().Remove("additionalProperties");
        foreach (var (name, schema) in schemas)
        {
            if (name == body || schema!["properties"] is not JsonObject members) continue;
            if (!common.All(c => JsonNode.DeepEquals(members[c.Key], c.Value))) continue;
            foreach (var (member, _) in common) members.Remove(member);
            if (schema.AsObject().Remove("additionalProperties")) schema["unevaluatedProperties"] = false;
            schema["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/components/schemas/{body}" });
        }
    }

    static void Move(JsonObject document, string kind, IEnumerable<Place> places)
    {
        var shared = new JsonObject();
        foreach (var same in places.GroupBy(p => p.Part.ToJsonString()).Where(g => g.Count() > 1).Select(g => g.ToList()).ToList())
        {
            var name = same[0].Name;
            for (var other = 2; shared.ContainsKey(name); other++)
                name = string.Create(CultureInfo.InvariantCulture, $"{same[0].Name}-{other}");
            shared[name] = same[0].Part.DeepClone();
            foreach (var place in same) place.Part = new JsonObject { ["$ref"] = $"#/components/{kind}/{name}" };
        }
        if (shared.Count > 0) document["components"]![kind] = shared;
    }

    // A part of the document, by what holds it and where.
    sealed class Place(JsonNode holder, object at, string name)
    {
        public string Name => name;

        public JsonNode Part
        {
            get => at is int index ? holder[index]! : holder[(string)at]!;
            set
            {
                if (at is int index) holder[index] = value;
                else holder[(string)at] = value;
            }
        }
    }
}
