using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Meetings;

namespace SecurityCoop.Web.Commands;

/// <summary>Gives a record's fields other values than were recorded; from when it was recorded they were wrong.</summary>
public sealed record CorrectRecord<T>(string Name, CorrectionBody Body) : CommandOn<CorrectionBody>(Name, Body) where T : RecordState;

/// <summary>Gives a record's fields values that say more of the same.</summary>
public sealed record RefineRecord<T>(string Name, CorrectionBody Body) : CommandOn<CorrectionBody>(Name, Body) where T : RecordState;

/// <summary>Records what another source says of a record's fields, beside what the record follows.</summary>
public sealed record ReportOnRecord<T>(string Name, CorrectionBody Body) : CommandOn<CorrectionBody>(Name, Body) where T : RecordState;

/// <summary>Has a record follow another of the reports on one of its fields.</summary>
public sealed record PreferReport<T>(string Name, PreferenceBody Body) : CommandOn<PreferenceBody>(Name, Body) where T : RecordState;

/// <summary>Takes a record, or something recorded of it, back.</summary>
public sealed record WithdrawRecord<T>(string Name, WithdrawalBody Body) : CommandOn<WithdrawalBody>(Name, Body) where T : RecordState;

/// <summary>Corrections, withdrawals, refinements, reports and preferences, alike on every kind of record. They speak of what was
/// recorded under the name in the address, even where that record was merged into another.</summary>
static class CorrectionCommands
{
    public static void Corrections<T>(this CommandSet commands, ServedKind<T> kind, Func<T, Correct, IReadOnlyList<Fact>> correct, Func<T, Guid?, IReadOnlyList<Fact>> withdraw) where T : RecordState
    {
        var of = new Decides(typeof(T));
        commands.Change($"/{kind.Path}/{{name}}/corrections", Role.Recorder, (string name, CorrectionBody body) => new CorrectRecord<T>(name, body), kind, async (w, c, _, state) =>
        {
            c.Body.NeedsReason();
            return correct(state, await ToCorrect(w, c.Body, kind.Name));
        }, itself: true, of with { By = [correct.Method] });
        commands.Change($"/{kind.Path}/{{name}}/refinements", Role.Recorder, (string name, CorrectionBody body) => new RefineRecord<T>(name, body), kind,
            async (w, c, _, state) => state.Refine(await ToCorrect(w, c.Body, kind.Name)), itself: true, of);
        commands.Change($"/{kind.Path}/{{name}}/reports", Role.Recorder, (string name, CorrectionBody body) => new ReportOnRecord<T>(name, body), kind,
            async (w, c, _, state) => await ToCorrect(w, c.Body, kind.Name) is var said ? state.Report(said.Fields, said.Of, await w.Sources()) : [], itself: true, of);
        commands.Change($"/{kind.Path}/{{name}}/preferences", Role.Recorder, (string name, PreferenceBody body) => new PreferReport<T>(name, body), kind, (_, c, _, state) =>
        {
            c.Body.NeedsReason();
            return Task.FromResult(state.Prefer(c.Body.Field, c.Body.Report, c.Body.Of));
        }, itself: true, of);
        commands.Change($"/{kind.Path}/{{name}}/withdrawal", Role.Recorder, (string name, WithdrawalBody body) => new WithdrawRecord<T>(name, body), kind, (_, c, _, state) =>
        {
            c.Body.NeedsReason();
            return Task.FromResult(withdraw(state, c.Body.Of));
        }, itself: true, of with { By = [withdraw.Method] });
    }

    static async Task<Correct> ToCorrect(Write w, CorrectionBody body, string kind) =>
        body.Fields.Count == 0 ? throw Refusal.OfField("/fields", "required") : new(await Resolved(w, body, kind), body.Of);

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
            resolved[field] = value.ValueKind == JsonValueKind.Null ? value : JsonSerializer.SerializeToElement(await Resolve(w, body, kind, field, JsonSerializer.SerializeToNode(value, BodiesJson.Of<JsonElement>())!, $"/fields/{field}"), BodiesJson.Of<JsonNode>());
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
