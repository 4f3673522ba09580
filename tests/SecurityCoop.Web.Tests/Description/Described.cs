using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>The interface's description as programs read it, with what is referred to put in its place; schemas stay references.</summary>
static class Described
{
    static readonly string[] kinds = ["headers", "responses", "parameters"];

    public static async Task<JsonElement> Interface(this HttpClient http)
    {
        var document = JsonNode.Parse((await http.Read("/openapi/v1.json")).Text)!.AsObject();
        document["paths"] = Resolved(document["paths"]!, document);
        return JsonSerializer.SerializeToElement(document);
    }

    static JsonNode Resolved(JsonNode node, JsonObject document)
    {
        if (node is JsonObject one)
        {
            if (one.Count == 1 && (string?)one["$ref"] is { } reference && reference.Split('/') is ["#", "components", var kind, var name] && kinds.Contains(kind))
                return Resolved(document["components"]![kind]![name]!, document);
            return new JsonObject(one.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Resolved(m.Value, document))));
        }
        return node is JsonArray list ? new JsonArray([.. list.Select(i => i is null ? null : Resolved(i, document))]) : node.DeepClone();
    }
}
