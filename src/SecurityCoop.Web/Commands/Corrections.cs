using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>Corrections and withdrawals, alike on every kind of record.</summary>
public static class CorrectionEndpoints
{
    public static void MapCorrections<T>(this RouteGroupBuilder api, RecordView<T> view, Func<T, Correct, IReadOnlyList<Fact>> correct, Func<T, Guid?, IReadOnlyList<Fact>> withdraw) where T : RecordState
    {
        api.MapPost($"/{view.Path}/{{name}}/corrections", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.CorrectionBody, view, name, async (w, body, _, state) =>
            {
                body.NeedsReason();
                if (body.Fields.Count == 0) throw Refusal.OfField("/fields", "required");
                return correct(state, new Correct(await Resolved(w, body.Fields), body.Of));
            })).Needs(Role.Recorder).Takes<CorrectionBody>();
        api.MapPost($"/{view.Path}/{{name}}/withdrawal", (string name, HttpContext http, CommandService commands) =>
            commands.Change(http, BodiesJson.Default.WithdrawalBody, view, name, (_, body, _, state) =>
            {
                body.NeedsReason();
                return Task.FromResult(withdraw(state, body.Of));
            })).Needs(Role.Recorder).Takes<WithdrawalBody>();
    }

    /// <exception cref="Refusal">required, at /reason: who changes what was recorded says why.</exception>
    public static void NeedsReason(this Body body)
    {
        if (string.IsNullOrWhiteSpace(body.Reason)) throw Refusal.OfField("/reason", "required");
    }

    // Codes are checked and references resolved as in a first recording; events name other records by stream id.
    static async Task<IReadOnlyDictionary<string, System.Text.Json.JsonElement>> Resolved(Write w, Dictionary<string, System.Text.Json.JsonElement> fields)
    {
        var resolved = new Dictionary<string, System.Text.Json.JsonElement>(fields);
        foreach (var (field, value) in fields)
        {
            var texts = value.ValueKind switch
            {
                System.Text.Json.JsonValueKind.String => [value.GetString()!],
                System.Text.Json.JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == System.Text.Json.JsonValueKind.String) => value.EnumerateArray().Select(v => v.GetString()!).ToList(),
                _ => new List<string>(),
            };
            if (texts.Count == 0) continue;
            switch (field)
            {
                case "partner": Known.Partner(texts[0], "/fields/partner"); break;
                case "partners": Known.Partners(texts, "/fields/partners"); break;
                case "topics": Known.Topics(texts, "/fields/topics"); break;
                case "homeOrganisation": resolved[field] = Text(await w.Named(RecordViews.Organisation, texts[0], "/fields/homeOrganisation")); break;
                case "meeting" or "partOf" when texts[0].Contains("MTG-", StringComparison.Ordinal): resolved[field] = Text(await w.Named(RecordViews.Meeting, texts[0], $"/fields/{field}")); break;
                case "partOf" when texts[0].StartsWith("ORG-", StringComparison.Ordinal): resolved[field] = Text(await w.Named(RecordViews.Organisation, texts[0], "/fields/partOf")); break;
            }
        }
        return resolved;
    }

    static System.Text.Json.JsonElement Text(string text) => System.Text.Json.JsonSerializer.SerializeToElement(text, BodiesJson.Default.String);
}
