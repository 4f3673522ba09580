using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Audit;

/// <summary>A record's history for people: the same answer as /api/audit/records/{ref}.</summary>
static class RecordPages
{
    public static async Task<IResult> Get(string name, HttpContext http, EventStore.EventStore store)
    {
        var history = await AuditEndpoints.History(name, http.GetCaller(), store, http.RequestAborted);
        http.SetPosition((await store.Head(http.RequestAborted)).Size);
        return new RazorComponentResult<RecordPage>(new { History = history, Language = Language.Of(http) });
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
