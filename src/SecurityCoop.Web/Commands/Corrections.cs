using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Meetings;

namespace SecurityCoop.Web.Commands;

/// <summary>Corrections, withdrawals, refinements, reports and preferences, alike on every kind of record. They speak of what was
/// recorded under the name in the address, even where that record was merged into another.</summary>
public static class CorrectionEndpoints
{
    public static void MapCorrections<T>(this RouteGroupBuilder api, ServedKind<T> kind, Func<T, Correct, IReadOnlyList<Fact>> correct, Func<T, Guid?, IReadOnlyList<Fact>> withdraw) where T : RecordState
    {
        api.MapPost($"/{kind.Path}/{{name}}/corrections", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.CorrectionBody, kind, name, async (w, body, _, state) =>
            {
                body.NeedsReason();
                if (body.Fields.Count == 0) throw Refusal.OfField("/fields", "required");
                return correct(state, new Correct(await Resolved(w, body, kind.Name), body.Of));
            }, itself: true)).Needs(Role.Recorder).Takes<CorrectionBody>().WithMetadata(new Decides(typeof(T), correct.Method));
        api.MapPost($"/{kind.Path}/{{name}}/refinements", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.CorrectionBody, kind, name, async (w, body, _, state) => body.Fields.Count == 0 ? throw Refusal.OfField("/fields", "required")
                : state.Refine(new Correct(await Resolved(w, body, kind.Name), body.Of)), itself: true)).Needs(Role.Recorder).Takes<CorrectionBody>().WithMetadata(new Decides(typeof(T)));
        api.MapPost($"/{kind.Path}/{{name}}/reports", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.CorrectionBody, kind, name, async (w, body, _, state) => body.Fields.Count == 0 ? throw Refusal.OfField("/fields", "required")
                : state.Report(await Resolved(w, body, kind.Name), body.Of, await w.Sources()), itself: true)).Needs(Role.Recorder).Takes<CorrectionBody>().WithMetadata(new Decides(typeof(T)));
        api.MapPost($"/{kind.Path}/{{name}}/preferences", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.PreferenceBody, kind, name, (_, body, _, state) =>
            {
                body.NeedsReason();
                return Task.FromResult(state.Prefer(body.Field, body.Report, body.Of));
            }, itself: true)).Needs(Role.Recorder).Takes<PreferenceBody>().WithMetadata(new Decides(typeof(T)));
        api.MapPost($"/{kind.Path}/{{name}}/withdrawal", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.WithdrawalBody, kind, name, (_, body, _, state) =>
            {
                body.NeedsReason();
                return Task.FromResult(withdraw(state, body.Of));
            }, itself: true)).Needs(Role.Recorder).Takes<WithdrawalBody>().WithMetadata(new Decides(typeof(T), withdraw.Method));
    }

    /// <exception cref="Refusal">required, at /reason: who changes what was recorded says why.</exception>
    public static void NeedsReason(this Body body)
    {
        if (string.IsNullOrWhiteSpace(body.Reason)) throw Refusal.OfField("/reason", "required");
    }

    // Codes are checked and references resolved as in a first recording, wherever they stand in the new values; events name other records by stream id.
    static async Task<IReadOnlyDictionary<string, JsonElement>> Resolved(Write w, CorrectionBody body, string kind)
    {
        var resolved = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, value) in body.Fields)
            resolved[field] = value.ValueKind == JsonValueKind.Null ? value : JsonSerializer.SerializeToElement(await Resolve(w, body, kind, field, JsonSerializer.SerializeToNode(value, BodiesJson.Default.JsonElement)!, $"/fields/{field}"), BodiesJson.Default.JsonNode);
        return resolved;
    }

    static async Task<JsonNode> Resolve(Write w, CorrectionBody body, string kind, string name, JsonNode value, string pointer)
    {
        switch (value)
        {
            case JsonObject o:
                var properties = new JsonObject();
                foreach (var (n, v) in o) properties[n] = v is null ? null : await Resolve(w, body, kind, n, v, $"{pointer}/{n}");
                return properties;
            case JsonArray a:
                var items = new JsonArray();
                foreach (var (v, i) in a.Select((v, i) => (v!, i))) items.Add(await Resolve(w, body, kind, name, v, $"{pointer}/{i}"));
                return items;
        }
        if (value.GetValueKind() != JsonValueKind.String) return value.DeepClone();
        var text = value.GetValue<string>();
        switch (name)
        {
            case "partner" or "partners" when kind != "meeting" || name == "partners": Known.Partner(text, pointer); break;
            case "country": Known.Partner(text, pointer); break;
            case "topics": Known.Topic(text, pointer); break;
            case "kind" when body.Of is null && pointer == "/fields/kind" && kind == "meeting": Known.MeetingKind(text, pointer); break;
            case "kind" when body.Of is null && pointer == "/fields/kind" && kind == "instrument": Known.InstrumentKind(text, pointer); break;
        }
        return (name switch
        {
            "homeOrganisation" => await w.Named(RecordKinds.Organisation, text, pointer),
            "organisation" => await MeetingFields.OrganisationOrName(w, text, pointer),
            "partOf" when kind == "organisation" => await w.Named(RecordKinds.Organisation, text, pointer),
            "partOf" => await MeetingFields.Whole(w, text, pointer),
            "meeting" => await w.Named(RecordKinds.Meeting, text, pointer),
            "by" when kind == "instrument" => await w.Named(RecordKinds.Instrument, text, pointer),
            "person" => await w.Named(RecordKinds.Person, text, pointer),
            "occasions" => await w.Named(RecordKinds.Occasion, text, pointer),
            "instrument" => await w.Named(RecordKinds.Instrument, text, pointer),
            _ => text,
        })!;
    }
}
