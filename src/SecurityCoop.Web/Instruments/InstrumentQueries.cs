using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Instruments;

static class InstrumentQueries
{
    /// <summary>Instruments, with the states that are possible at asOf; each filter narrows.</summary>
    public static async Task<IResult> List(
        HttpContext http, TwoClocks clocks, EventStore.EventStore store, string? partner, string? kind, string? state, string? asOf, string? knownAt, int? limit, string? after)
    {
        var wanted = Known.OneOf<InstrumentState>("?state", state);
        Known.PartnerOrNull(partner);
        Known.OneOf("?kind", kind, Vocabulary.Default.InstrumentKinds.Keys);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        return await RecordQueries.List(http, clocks, store, RecordViews.Instrument, asked,
            i => (partner is null || i.Details!.Partners.Contains(partner)) && (kind is null || i.Details!.Kind == kind) && (wanted is null || i.Lives(asked.AsOf).Any(l => l.State == wanted)),
            limit, after);
    }
}
