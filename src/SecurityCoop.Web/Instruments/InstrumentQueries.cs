using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Instruments;

static class InstrumentQueries
{
    /// <summary>Instruments, with the states that are possible at asOf.</summary>
    public static Task<IResult> List(HttpContext http, EventStore.EventStore store, RegisterClock clock, string? partner, string? state, string? asOf, int? limit, string? after)
    {
        InstrumentState? wanted = state is null ? null : Slug.TryParse<InstrumentState>(state, out var s) ? s : throw Refusal.OfField("?state", "unknown-code", state, string.Join(" ", Enum.GetValues<InstrumentState>().Select(v => Slug.Of(v))));
        var day = clock.Day(asOf);
        Known.PartnerOrNull(partner);
        return RecordQueries.List(http, store, RecordViews.Instrument,
            i => (partner is null || i.Details!.Partners.Contains(partner)) && (wanted is null || i.Lives(day).Any(l => l.State == wanted)),
            limit, after, (i, json) =>
            {
                json["states"] = new JsonArray([.. i.Lives(day).Select(l => l.State).Distinct().Order().Select(x => (JsonNode)Slug.Of(x))]);
                return json;
            });
    }
}
