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
    /// <summary>Moves parameters, headers of answers and whole answers that stand more than once.</summary>
    public static void Share(JsonObject document)
    {
        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!.AsObject()).ToList();
        var answers = operations.Select(o => o["responses"]!.AsObject()).ToList();
        Move(document, "headers", answers.SelectMany(a => a).Select(a => a.Value!["headers"]).OfType<JsonObject>()
            .SelectMany(headers => headers.Select(h => new Place(headers, h.Key, h.Key))));
        Move(document, "responses", answers.SelectMany(of => of.Select(a => new Place(of, a.Key, a.Key))));
        Move(document, "parameters", operations.Select(o => o["parameters"]).OfType<JsonArray>()
            .SelectMany(list => list.Select((p, i) => new Place(list, i, (string)p!["name"]!))));
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
