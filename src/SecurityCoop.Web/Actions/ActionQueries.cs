using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
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
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var which = await Which(http, records, asked, new(partner, overdue, undated, reviewDue, blocked, waitingOnPartner, toVerify, owner, owedBy, state, topic, meeting));
        return await RecordQueries.List(http, clocks, store, RecordKinds.Action, asked, partner, which, limit, after);
    }

    /// <summary>Which actions a filter keeps.</summary>
    /// <exception cref="Refusal">What the filter names is not there; each at its parameter.</exception>
    public static async Task<Func<AgreedAction, bool>> Which(HttpContext http, Records records, Asking asked, ActionFilter f)
    {
        var owed = Known.OneOf<OwedBy>("?owedBy", f.OwedBy);
        var wanted = Known.OneOf<ActionState>("?state", f.State);
        Known.PartnerOrNull(f.Partner);
        Known.OneOf("?topic", f.Topic, Vocabulary.Default.Topics.Keys);
        var at = f.Meeting is null ? null : await records.Named(RecordKinds.Meeting, f.Meeting, "?meeting", http.GetCaller(), http.RequestAborted);
        static bool Narrows(bool? filter, Certainty mark) => filter is null || filter == (mark != Certainty.No);
        return a =>
        {
            var (d, marks) = (a.Details!, ActionMarks.Of(a, asked.AsOf));
            return (f.Partner is null || d.Partner == f.Partner) && (f.Owner is null || d.Owner == f.Owner) && (owed is null || d.OwedBy == owed)
                && (f.Topic is null || d.Topics?.Contains(f.Topic) == true) && (wanted is null || a.StatesAt(asked.AsOf).Contains(wanted.Value))
                && (at is null || d.Meeting == at || a.FollowUps.Any(u => !u.Withdrawn && u.Meeting == at))
                && Narrows(f.Overdue, marks.Overdue) && Narrows(f.Undated, marks.Undated) && Narrows(f.ReviewDue, marks.ReviewDue)
                && Narrows(f.Blocked, marks.Blocked) && Narrows(f.WaitingOnPartner, marks.WaitingOnPartner)
                && Narrows(f.ToVerify, marks.ToVerify);
        };
    }
}

/// <summary>What narrows a list of actions; null: nothing.</summary>
sealed record ActionFilter(
    string? Partner, bool? Overdue, bool? Undated, bool? ReviewDue, bool? Blocked, bool? WaitingOnPartner, bool? ToVerify, string? Owner, string? OwedBy, string? State, string? Topic, string? Meeting);
