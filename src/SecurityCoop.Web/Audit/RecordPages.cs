using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Audit;

/// <summary>What the page of a record shows.</summary>
/// <param name="Clock">By which instants are shown.</param>
/// <param name="Places">By position, where the event's content is written.</param>
/// <param name="Sources">By stream id, the sources that the caller may see.</param>
public sealed record RecordPageView(
    Language Language, Caller Caller, RegisterClock Clock, RecordHistory History,
    IReadOnlyDictionary<long, List<Locator>> Places, IReadOnlyDictionary<string, Source> Sources);

/// <summary>A record's history for people: the same answer as /api/audit/records/{ref}.</summary>
static class RecordPages
{
    public static async Task<IResult> Get(string name, HttpContext http, RegisterStore store, RegisterClock clock)
    {
        var history = await AuditEndpoints.History(name, http.GetCaller(), store, http.RequestAborted);
        http.SetPosition((await store.Head(http.RequestAborted)).Size);
        AuditEndpoints.Showed(http, history.Events);
        var places = history.Events.ToDictionary(e => e.Position, e => (e.Source ?? []).Select(s => s.Deserialize(RegisterJson.Of<Locator>())!).ToList());
        var documents = places.Values.SelectMany(p => p).Select(p => p.Document).OfType<string>().Distinct().ToList();
        var sources = (await store.RowsOf(RecordKinds.Source, documents, http.RequestAborted))
            .Where(r => r.Value is Source s && http.GetCaller().Sees(s)).ToDictionary(r => r.Key, r => (Source)r.Value!);
        var view = new RecordPageView(Language.Of(http), http.GetCaller(), clock, history, places, sources);
        return new RazorComponentResult<RecordPage>(new { View = view });
    }

    /// <summary>A stored value as text: what is written stands as it is, what is nested as JSON.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonArray { Count: > 0 } a when a.All(x => x is JsonValue v && v.GetValueKind() == JsonValueKind.String) => string.Join(", ", a.Select(x => x!.GetValue<string>())),
        _ => value.ToJsonString(readable),
    };

    // Letters of every script stay letters; the page's own encoder makes the text safe.
    static readonly JsonSerializerOptions readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
