using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

/// <summary>One record, or all of a kind, as the register holds them now. Other records are named by their references.</summary>
public static partial class RecordQueries
{
    public const int MaxLimit = 500, DefaultLimit = 100;

    public static void MapRecord<T>(this RouteGroupBuilder api, RecordView<T> view) where T : RecordState =>
        api.MapGet($"/{view.Path}/{{name}}", async (string name, HttpContext http, Records records, EventStore.EventStore store) =>
        {
            var (stream, state, version) = await records.Get(view, name, http.GetCaller(), http.RequestAborted);
            return Answer(http, await Document(view, stream, state, version, store, http.RequestAborted), version, (await store.Head(http.RequestAborted)).Size);
        }).Needs(Role.Reader);

    public static void MapRecords<T>(this RouteGroupBuilder api, RecordView<T> view) where T : RecordState =>
        api.MapGet($"/{view.Path}", (HttpContext http, EventStore.EventStore store, string? partner, int? limit, string? after) =>
        {
            Known.PartnerOrNull(partner);
            return List(http, store, view, s => partner is null || view.PartnersOf(s).Contains(partner), limit, after);
        }).Needs(Role.Reader);

    /// <summary>A page of records in the order in which they were opened. The cursor is the last record's stream id.</summary>
    public static async Task<IResult> List<T>(HttpContext http, EventStore.EventStore store, RecordView<T> view, Func<T, bool> which, int? limit, string? after, Func<T, JsonObject, JsonObject>? more = null) where T : RecordState
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var take = Limit(limit);
        if (after is not null && !(StreamId().IsMatch(after) && after.StartsWith($"{view.Kind}-", StringComparison.Ordinal))) throw Refusal.OfField("?after", "invalid-parameter");
        var items = new JsonArray();
        var position = (await store.Head(stop)).Size;
        string? last = null, next = null;
        await foreach (var row in store.Rows(view, after, stop))
        {
            var state = (T)row.Value!;
            if (state.Withdrawn || state.Marking > caller.Clearance || !which(state)) continue;
            if (items.Count == take)
            {
                next = last;
                break;
            }
            var json = (JsonObject)JsonSerializer.SerializeToNode(view.Document(state), BodiesJson.Default.JsonElement)!;
            items.Add(Shape(json, row.Key, row.Version, state, more is null ? null : j => more(state, j)));
            last = row.Key;
        }
        await ShowReferences(items, store, stop);
        if (next is not null) http.Response.Headers.Link = $"<{NextUrl(http, next)}>; rel=\"next\"";
        http.SetPosition(position);
        return TypedResults.Json(new JsonObject { ["items"] = items, ["next"] = next }, BodiesJson.Shown.JsonObject);
    }

    /// <exception cref="Refusal">out-of-range, at limit.</exception>
    public static int Limit(int? limit) => limit is < 1 or > MaxLimit ? throw Refusal.OfField("?limit", "out-of-range", "1", $"{MaxLimit}") : limit ?? DefaultLimit;

    public static string NextUrl(HttpContext http, string after)
    {
        var query = http.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}"));
        return $"{http.Request.Path}?{string.Join('&', query.Append($"after={Uri.EscapeDataString(after)}"))}";
    }

    public static async Task<JsonObject> Document<T>(RecordView<T> view, string stream, T state, long version, EventStore.EventStore store, CancellationToken stop) where T : RecordState
    {
        var json = Shape((JsonObject)JsonSerializer.SerializeToNode(view.Document(state), BodiesJson.Default.JsonElement)!, stream, version, state, null);
        await ShowReferences(json, store, stop);
        return json;
    }

    public static IResult Answer(HttpContext http, JsonObject json, long version, long position)
    {
        http.Response.Headers.ETag = ETags.Of(version);
        http.SetPosition(position);
        return TypedResults.Json(json, BodiesJson.Shown.JsonObject);
    }

    // The description's fields stand beside the rest; what only the fold needs is left out.
    static JsonObject Shape(JsonObject state, string stream, long version, RecordState record, Func<JsonObject, JsonObject>? more)
    {
        var json = new JsonObject { ["reference"] = record.Reference, ["id"] = stream, ["version"] = version, ["marking"] = Slug.Of(record.Marking) };
        if (record is Register.Actions.AgreedAction action) json["state"] = Slug.Of(action.State);
        if (state["details"] is JsonObject details)
            foreach (var (name, value) in details) json[name] = value?.DeepClone();
        foreach (var (name, value) in state)
            if (name is not ("details" or "reference" or "marking" or "firstEvent" or "firstPosition") && !(name == "withdrawn" && !record.Withdrawn)) json[name] = value?.DeepClone();
        return more is null ? json : more(json);
    }

    /// <summary>Puts references in place of the stream ids of other records, wherever they stand alone in a string; "id" keeps the stream id.</summary>
    public static async Task ShowReferences(JsonNode json, EventStore.EventStore store, CancellationToken stop)
    {
        var found = new List<JsonValue>();
        Collect(json, found);
        if (found.Count == 0) return;
        var references = await store.ReferencesOf([.. found.Select(v => v.GetValue<string>()).Distinct()], stop);
        foreach (var value in found)
            if (references.TryGetValue(value.GetValue<string>(), out var reference)) value.ReplaceWith(reference);
    }

    static void Collect(JsonNode? node, List<JsonValue> found)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                    if (name != "id") Collect(value, found);
                break;
            case JsonArray a:
                foreach (var value in a.ToList()) Collect(value, found);
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String && StreamId().IsMatch(v.GetValue<string>()):
                found.Add(v);
                break;
        }
    }

    [GeneratedRegex(@"\A(meeting|action|instrument|person|organisation|source|occasion)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z")]
    private static partial Regex StreamId();
}
