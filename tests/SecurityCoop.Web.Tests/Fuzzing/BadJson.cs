using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>Bodies that are almost right: an example with values of other types, lengths and depths, fields that are missing, unknown or
/// doubled, and text that is no JSON.</summary>
static class BadJson
{
    static readonly JsonSerializerOptions written = new() { MaxDepth = 1000, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="sound">It is JSON, and one value at most is wrong.</param>
    /// <param name="fields">Names that a body of this kind may have beside those of its example.</param>
    public static byte[] Of(JsonNode? example, IReadOnlyList<string> fields, Randomness random, bool sound)
    {
        var body = example?.DeepClone() ?? new JsonObject();
        for (var changes = random.Below(sound ? 2 : 4); changes > 0; changes--) body = Changed(body, fields, random);
        var text = body.ToJsonString(written);
        if (sound) return Encoding.UTF8.GetBytes(text);
        if (random.Once(3)) text = Broken(text, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Below(40) switch
        {
            0 => [0xEF, 0xBB, 0xBF, .. bytes],
            1 => Encoding.Unicode.GetBytes(text),
            2 when bytes.Length > 2 => [.. bytes[..(bytes.Length / 2)], 0xFF, 0xC0, .. bytes[(bytes.Length / 2)..]],
            3 => [],
            _ => bytes,
        };
    }

    // Replaces, removes or adds one value somewhere.
    static JsonNode Changed(JsonNode body, IReadOnlyList<string> fields, Randomness random)
    {
        var places = Places(body).ToList();
        if (places.Count == 0 || random.Once(25)) return Value(random, 0) ?? new JsonArray();
        switch (random.Of(places))
        {
            case (JsonObject o, string name):
                if (random.Once(6)) o.Remove(name);
                else if (random.Once(6)) o[random.Once(2) && fields.Count > 0 ? random.Of(fields) : $"x{random.Marker}"] = Value(random, 0);
                else if (o[name] is JsonValue one && random.Once(8)) o[name] = new JsonArray([.. Enumerable.Range(0, random.Of([2, 50, 5000])).Select(_ => one.DeepClone())]);
                else o[name] = Value(random, 0);
                break;
            case (JsonArray a, int at):
                if (random.Once(4)) a.RemoveAt(at);
                else if (random.Once(3)) for (var more = random.Of([1, 60, 3000]); more > 0 && a[at] is { } item; more--) a.Add(item.DeepClone());
                else a[at] = Value(random, 0);
                break;
        }
        return body;
    }

    static IEnumerable<(JsonNode, object)> Places(JsonNode node)
    {
        IEnumerable<(JsonNode?, object)> members = node switch
        {
            JsonObject o => o.Select(m => (m.Value, (object)m.Key)),
            JsonArray a => a.Select((v, i) => (v, (object)i)),
            _ => [],
        };
        foreach (var (value, at) in members.ToList())
        {
            yield return (node, at);
            if (value is not null)
                foreach (var inner in Places(value)) yield return inner;
        }
    }

    static JsonNode? Value(Randomness random, int depth) => random.Below(depth > 3 ? 9 : 12) switch
    {
        0 => null,
        1 => random.Once(2),
        2 => random.Of([0, -1, 1, 7, int.MaxValue, int.MinValue]),
        3 => JsonNode.Parse(random.Of(["1e400", "-0", "1.5", "9223372036854775808", "123456789012345678901234567890", "1e-400"])),
        < 9 => random.Text().Replace("\uFFFE", "", StringComparison.Ordinal),
        9 => new JsonArray([.. Enumerable.Range(0, random.Below(5)).Select(_ => Value(random, depth + 1))]),
        10 => new JsonObject([.. Enumerable.Range(0, random.Below(5)).Select(i => KeyValuePair.Create($"{random.Of(["on", "kind", "document", "text", "k"])}{(random.Once(2) ? "" : i.ToString(CultureInfo.InvariantCulture))}", Value(random, depth + 1))).DistinctBy(m => m.Key)]),
        _ => Nested(random.Of([3, 40, 63])),
    };

    static JsonNode Nested(int depth)
    {
        JsonNode node = new JsonArray();
        for (; depth > 0; depth--) node = depth % 2 == 0 ? new JsonArray(node) : new JsonObject { ["k"] = node };
        return node;
    }

    // Puts something into the text that no serializer writes.
    static string Broken(string text, Randomness random)
    {
        var at = random.Below(text.Length + 1);
        var quote = text.IndexOf('"', Math.Min(at, text.Length - 1));
        return random.Below(14) switch
        {
            0 => text[..at],
            1 when text is ['{', _, ..] => $"{{{text[1..^1]},{text[1..]}", // every name twice
            2 when quote >= 0 => text.Insert(quote + 1, "\\ud800" + random.Marker),
            3 when quote >= 0 => text.Insert(quote + 1, random.Marker + "\\u0000"),
            4 when quote >= 0 => text.Insert(quote + 1, "\\x" + random.Marker),
            5 => text.Insert(at, random.Of([",", ",,", ":", "}", "]", "\"", "\\", "\0", "//", "/* */", "NaN", "'", "\u2028"])),
            6 => $"{text}{text}",
            7 => string.Concat(Enumerable.Repeat("[", random.Of([65, 1000, 100_000]))),
            8 => $"{{\"reason\":{text.PadLeft(text.Length + random.Of([10, 1_200_000]))}}}",
            9 => $"\"{random.Marker}\"",
            10 => text.Replace("\"", "'", StringComparison.Ordinal),
            11 => $"{text} trailing {random.Marker}",
            12 when text.EndsWith('}') => text[..^1] + ",}",
            _ => text.Insert(at, random.Marker),
        };
    }
}
