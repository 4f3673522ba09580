using System.Text.Json;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>Whether a value has the form that a schema of the interface's description gives it: types, required and unknown fields, codes.</summary>
sealed class SchemaCheck(JsonElement document)
{
    public IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at)
    {
        if (schema.ValueKind != JsonValueKind.Object) yield break;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            foreach (var fault in Faults(value, Resolve(reference.GetString()!), at)) yield return fault;
            yield break;
        }
        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : new[] { type.GetString()! };
            if (!types.Any(t => Is(value, t)))
            {
                yield return $"{at}: {value.ValueKind} is not {string.Join(" or ", types)}";
                yield break;
            }
        }
        if (schema.TryGetProperty("enum", out var codes) && value.ValueKind == JsonValueKind.String && !codes.EnumerateArray().Any(c => c.ValueKind == JsonValueKind.String && c.GetString() == value.GetString()))
            yield return $"{at}: {value.GetString()} is none of the codes";
        foreach (var word in new[] { "oneOf", "anyOf" })
            if (schema.TryGetProperty(word, out var several) && several.EnumerateArray().All(s => Faults(value, s, at).Any()))
                yield return $"{at}: fits none of {word}: {Faults(value, several.EnumerateArray().Last(), at).First()}";
        if (schema.TryGetProperty("allOf", out var all))
            foreach (var fault in all.EnumerateArray().SelectMany(s => Faults(value, s, at))) yield return fault;
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            foreach (var fault in value.EnumerateArray().SelectMany((v, i) => Faults(v, items, $"{at}/{i}"))) yield return fault;
        if (value.ValueKind != JsonValueKind.Object) yield break;
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!))
                if (!value.TryGetProperty(name, out _)) yield return $"{at}: {name} is required and not there";
        var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
        foreach (var field in value.EnumerateObject())
            if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(field.Name, out var of))
                foreach (var fault in Faults(field.Value, of, $"{at}/{field.Name}")) yield return fault;
            else if (schema.TryGetProperty("additionalProperties", out var others))
                if (others.ValueKind == JsonValueKind.False) yield return $"{at}: {field.Name} is not described";
                else
                    foreach (var fault in Faults(field.Value, others, $"{at}/{field.Name}")) yield return fault;
    }

    JsonElement Resolve(string reference) => reference[2..].Split('/').Aggregate(document, (at, name) => at.GetProperty(name));

    static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new ArgumentException($"{type} is no type of JSON Schema.", nameof(type)),
    };
}
