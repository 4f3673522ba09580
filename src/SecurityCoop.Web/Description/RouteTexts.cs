using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Web.Description;

/// <summary>
/// What is written about one route (routes.json): in a sentence, and a request that works. The requests stand in an order in which they can be sent to an
/// empty register one after the other, which a test does.
/// </summary>
/// <param name="Route">Method and path, `POST /api/meetings/{meeting}/statements`.</param>
/// <param name="Summary">In a few words what it does.</param>
/// <param name="Description">What one has to know beside that.</param>
/// <param name="Path">Values of the path's parameters.</param>
/// <param name="Query">Values of the query's parameters.</param>
/// <param name="By">The role of whoever sends it; absent: a steward.</param>
/// <param name="Refused">The problem that the example gets, where what it asks for comes from outside the register.</param>
/// <param name="Given">Commands that are sent before it.</param>
public sealed record RouteText(
    string Route, string Summary, string? Description = null, IReadOnlyDictionary<string, string>? Path = null, IReadOnlyDictionary<string, string>? Query = null, JsonNode? Body = null,
    string? By = null, string? Refused = null, IReadOnlyList<GivenCommand>? Given = null)
{
    /// <summary>The address of the example.</summary>
    public string Address
    {
        get
        {
            var path = Route[(Route.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            foreach (var (name, value) in Path ?? new Dictionary<string, string>()) path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            return Query is null ? path : $"{path}?{string.Join('&', Query.Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}"))}";
        }
    }
}

/// <param name="Post">Its address.</param>
/// <param name="Event">The id in the example that stands for its first event.</param>
public sealed record GivenCommand(string Post, JsonNode Body, string? Event = null);

/// <param name="Answer">As a register answered it: JSON, or text; of bytes, nothing.</param>
public sealed record ExampleAnswer(int Status, string MediaType, JsonNode? Answer);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(List<RouteText>))]
[JsonSerializable(typeof(SortedDictionary<string, ExampleAnswer>))]
public sealed partial class RouteTextsJson : JsonSerializerContext;

/// <summary>The texts and examples as they travel with the program.</summary>
public static class RouteTexts
{
    /// <summary>In the order in which their examples are sent.</summary>
    public static IReadOnlyList<RouteText> All { get; } = Load("routes.json", RouteTextsJson.Default.ListRouteText);

    /// <summary>By route, what a register answered to the example (answers.json, written by a test).</summary>
    public static IReadOnlyDictionary<string, ExampleAnswer> Answers { get; } = Load("answers.json", RouteTextsJson.Default.SortedDictionaryStringExampleAnswer);

    public static RouteText? Of(string route) => All.FirstOrDefault(r => r.Route == route);

    static T Load<T>(string name, JsonTypeInfo<T> json)
    {
        using var file = typeof(RouteTexts).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize(file, json)!;
    }
}
