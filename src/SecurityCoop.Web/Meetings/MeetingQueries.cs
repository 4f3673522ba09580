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
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var filter = new MeetingFilter(partner, kind, state, from, to, topic);
        var (which, inPeriod) = Which(asked, filter);
        return await RecordQueries.List(http, clocks, store, RecordKinds.Meeting, asked, partner, which, limit, after, (m, json) =>
        {
            if (from is not null || to is not null) AtTheDay.Mark(json, "inPeriod", inPeriod(m));
        });
    }

    /// <summary>Which meetings a filter keeps, and whether each falls into its period.</summary>
    /// <exception cref="Refusal">What the filter names is not there; each at its parameter.</exception>
    public static (Func<Meeting, bool> Which, Func<Meeting, Certainty> InPeriod) Which(Asking asked, MeetingFilter f)
    {
        Known.PartnerOrNull(f.Partner);
        Known.OneOf("?topic", f.Topic, Vocabulary.Default.Topics.Keys);
        Known.OneOf("?kind", f.Kind, Vocabulary.Default.MeetingKinds.Keys);
        Known.OneOf("?state", f.State, Labels.MeetingStates.Keys);
        var wanted = Known.OneOf<MeetingState>("?state", f.State);
        var (first, last) = (Day("?from", f.From) ?? DateOnly.MinValue, Day("?to", f.To) ?? DateOnly.MaxValue);
        if (first > last) throw Refusal.OfField("?from", "from-after-to", f.From!, f.To!);
        Certainty InPeriod(Meeting m) => f.From is null && f.To is null ? Certainty.Certain : m.Details!.Date.Within(first, last);
        return (m => (f.Partner is null || m.Details!.Partners.Contains(f.Partner)) && (f.Kind is null || m.Details!.Kind == f.Kind) && (wanted is null || StatesOf(m, asked.AsOf).Contains(wanted.Value))
            && InPeriod(m) != Certainty.No && (f.Topic is null || m.Statements.Any(s => !s.Withdrawn && s.Said.Topics?.Contains(f.Topic) == true)), InPeriod);
    }

    // One that was first recorded as held was never planned.
    static IReadOnlySet<MeetingState> StatesOf(Meeting meeting, DateOnly day) =>
        meeting.PlannedFor is null ? new HashSet<MeetingState> { meeting.State } : meeting.StatesAt(day);

    static DateOnly? Day(string parameter, string? text) => text is null ? null
        : RegisterClock.IsDay(text, out var day) ? day : throw Refusal.OfField(parameter, "invalid-day", text);
}

/// <summary>What narrows a list of meetings; null: nothing.</summary>
sealed record MeetingFilter(string? Partner, string? Kind, string? State, string? From, string? To, string? Topic);
