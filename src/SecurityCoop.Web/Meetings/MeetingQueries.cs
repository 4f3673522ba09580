using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Meetings;

static class MeetingQueries
{
    /// <summary>
    /// Meetings; each filter narrows. from and to are days of the world, both belonging to the period: a meeting that only possibly falls into it, an
    /// undated one included, is shown with <c>inPeriod: possible</c>. topic keeps meetings at which something was said of it.
    /// </summary>
    public static async Task<IResult> List(
        HttpContext http, TwoClocks clocks, RegisterStore store, string? partner, string? kind, string? state, string? from, string? to, string? topic, string? asOf, string? knownAt, int? limit, string? after)
    {
        Known.PartnerOrNull(partner);
        Known.OneOf("?topic", topic, Vocabulary.Default.Topics.Keys);
        Known.OneOf("?kind", kind, Vocabulary.Default.MeetingKinds.Keys);
        Known.OneOf("?state", state, Labels.MeetingStates.Keys);
        var wanted = Known.OneOf<MeetingState>("?state", state);
        var (first, last) = (Day("?from", from) ?? DateOnly.MinValue, Day("?to", to) ?? DateOnly.MaxValue);
        if (first > last) throw Refusal.OfField("?from", "from-after-to", from!, to!);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        Certainty InPeriod(Edtf date) => from is null && to is null ? Certainty.Certain : date.Within(first, last);
        return await RecordQueries.List(http, clocks, store, RecordKinds.Meeting, asked,
            m => (partner is null || m.Details!.Partners.Contains(partner)) && (kind is null || m.Details!.Kind == kind) && (wanted is null || StatesOf(m, asked.AsOf).Contains(wanted.Value))
                && InPeriod(m.Details!.Date) != Certainty.No && (topic is null || m.Statements.Any(s => !s.Withdrawn && s.Said.Topics?.Contains(topic) == true)),
            limit, after, (m, json) =>
            {
                if (from is not null || to is not null) AtTheDay.Mark(json, "inPeriod", InPeriod(m.Details!.Date));
            });
    }

    // One that was first recorded as held was never planned.
    static IReadOnlySet<MeetingState> StatesOf(Meeting meeting, DateOnly day) =>
        meeting.PlannedFor is null ? new HashSet<MeetingState> { meeting.State } : meeting.StatesAt(day);

    static DateOnly? Day(string parameter, string? text) => text is null ? null
        : RegisterClock.IsDay(text, out var day) ? day : throw Refusal.OfField(parameter, "invalid-day", text);
}
