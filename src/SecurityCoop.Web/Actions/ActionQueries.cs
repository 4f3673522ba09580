using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Actions;

static class ActionQueries
{
    /// <summary>
    /// Actions; each filter narrows. overdue, undated, reviewDue, blocked, waitingOnPartner and toVerify speak of actions that are at least possibly open at asOf:
    /// true keeps those of which it may be said, false those of which it may not. meeting keeps what was agreed or followed up there. Nothing but an event
    /// takes an action out of such a list.
    /// </summary>
    public static async Task<IResult> List(
        HttpContext http, TwoClocks clocks, Records records, RegisterStore store, string? partner, bool? overdue, bool? undated, bool? reviewDue, bool? blocked, bool? waitingOnPartner, bool? toVerify,
        string? owner, string? owedBy, string? state, string? topic, string? meeting, string? asOf, string? knownAt, int? limit, string? after)
    {
        var owed = Known.OneOf<OwedBy>("?owedBy", owedBy);
        var wanted = Known.OneOf<ActionState>("?state", state);
        Known.PartnerOrNull(partner);
        Known.OneOf("?topic", topic, Vocabulary.Default.Topics.Keys);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var at = meeting is null ? null : await records.Named(RecordKinds.Meeting, meeting, "?meeting", http.GetCaller(), http.RequestAborted);
        static bool Narrows(bool? filter, Certainty mark) => filter is null || filter == (mark != Certainty.No);
        return await RecordQueries.List(http, clocks, store, RecordKinds.Action, asked, a =>
        {
            var (d, marks) = (a.Details!, ActionMarks.Of(a, asked.AsOf));
            return (partner is null || d.Partner == partner) && (owner is null || d.Owner == owner) && (owed is null || d.OwedBy == owed)
                && (topic is null || d.Topics?.Contains(topic) == true) && (wanted is null || a.StatesAt(asked.AsOf).Contains(wanted.Value))
                && (at is null || d.Meeting == at || a.FollowUps.Any(f => !f.Withdrawn && f.Meeting == at))
                && Narrows(overdue, marks.Overdue) && Narrows(undated, marks.Undated) && Narrows(reviewDue, marks.ReviewDue)
                && Narrows(blocked, marks.Blocked) && Narrows(waitingOnPartner, marks.WaitingOnPartner)
                && Narrows(toVerify, marks.ToVerify);
        }, limit, after);
    }
}
