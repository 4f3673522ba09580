using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Actions;

static class ActionQueries
{
    /// <summary>Actions; each filter narrows. overdue and undated speak of open actions, at asOf.</summary>
    public static Task<IResult> List(HttpContext http, EventStore.EventStore store, RegisterClock clock, string? partner, bool? overdue, bool? undated, string? owner, string? owedBy, string? state, string? asOf, int? limit, string? after)
    {
        OwedBy? owed = owedBy is null ? null : Slug.TryParse<OwedBy>(owedBy, out var o) ? o : throw Refusal.OfField("?owedBy", "unknown-code", owedBy, "home partner both");
        ActionState? wanted = state is null ? null : Slug.TryParse<ActionState>(state, out var s) ? s : throw Refusal.OfField("?state", "unknown-code", state, string.Join(" ", Enum.GetValues<ActionState>().Select(v => Slug.Of(v))));
        var day = clock.Day(asOf);
        Known.PartnerOrNull(partner);
        return RecordQueries.List(http, store, RecordViews.Action, a =>
            (partner is null || a.Details!.Partner == partner)
            && (owner is null || a.Details!.Owner == owner)
            && (owed is null || a.Details!.OwedBy == owed)
            && (wanted is null || a.StatesAt(day).Contains(wanted.Value))
            && (overdue is null || overdue == (PartnershipStatus.OpenAt(a, day) != Certainty.No && Overdue(a, day) != Certainty.No))
            && (undated is null || undated == (PartnershipStatus.OpenAt(a, day) != Certainty.No && a.Details is { Due: null, Standing: null })),
            limit, after, (a, json) =>
            {
                if (PartnershipStatus.OpenAt(a, day) != Certainty.No && Overdue(a, day) is var late && late != Certainty.No) json["overdue"] = Slug.Of(late);
                return json;
            });
    }

    static Certainty Overdue(AgreedAction a, DateOnly day) => a.Details!.Due?.IsPast(day) ?? Certainty.No;
}
