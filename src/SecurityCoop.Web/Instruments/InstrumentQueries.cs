using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Instruments;

static partial class InstrumentQueries
{
    /// <summary>
    /// Instruments, with the states that are possible at asOf; each filter narrows. expiringWithin, a number of months or a duration of ISO 8601 (P90D), keeps
    /// those that run and whose end, or last day for refusing a tacit renewal, may come from asOf on within that time, and shows how surely as <c>expiring</c>.
    /// </summary>
    public static async Task<IResult> List(
        HttpContext http, TwoClocks clocks, EventStore.EventStore store, string? partner, string? kind, string? state, string? expiringWithin, string? asOf, string? knownAt, int? limit, string? after)
    {
        var wanted = Known.OneOf<InstrumentState>("?state", state);
        Known.PartnerOrNull(partner);
        Known.OneOf("?kind", kind, Vocabulary.Default.InstrumentKinds.Keys);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var until = expiringWithin is null ? (DateOnly?)null : After(asked.AsOf, expiringWithin);
        return await RecordQueries.List(http, clocks, store, RecordViews.Instrument, asked,
            i => (partner is null || i.Details!.Partners.Contains(partner)) && (kind is null || i.Details!.Kind == kind) && (wanted is null || i.Lives(asked.AsOf).Any(l => l.State == wanted))
                && (until is null || Expiring(i, asked.AsOf, until.Value) != Certainty.No),
            limit, after, (i, json) =>
            {
                if (until is { } day) AtTheDay.Mark(json, "expiring", Expiring(i, asked.AsOf, day));
            });
    }

    /// <summary>Whether an instrument that runs comes to an end within the days, both included: as certain as the less certain of the two.</summary>
    static Certainty Expiring(Instrument i, DateOnly asOf, DateOnly until)
    {
        var lives = i.Lives(asOf);
        var running = lives.Count(l => l.State is InstrumentState.InForce or InstrumentState.InForceInPart or InstrumentState.Suspended or InstrumentState.ProvisionallyApplied);
        var runs = running == 0 ? Certainty.No : running == lives.Count ? Certainty.Certain : Certainty.Possible;
        // What renews itself comes to its end on no day; the last on which that can be refused is what must not be missed.
        var notices = i.TermDaysAt(asOf).Where(t => t.Term.What.Kind == TermKind.Tacit).SelectMany(t => new[] { t.LastNotice(t.PeriodAt(asOf)), t.LastNotice(t.PeriodAt(asOf) + 1) }).OfType<Edtf>();
        var ends = i.Computed(asOf).Where(a => a.Kind == ActKind.Terminated).Select(a => a.On).Concat(notices).Select(d => d.Within(asOf, until)).DefaultIfEmpty(Certainty.No).Max();
        return ends < runs ? ends : runs;
    }

    /// <exception cref="Refusal">invalid-duration, at ?expiringWithin.</exception>
    static DateOnly After(DateOnly day, string within)
    {
        var (months, days) = (0L, 0L);
        if (Duration().Match(within) is { Success: true } parts && within != "P")
        {
            long Part(string name) => parts.Groups[name] is { Success: true } p ? long.Parse(p.ValueSpan, CultureInfo.InvariantCulture) : 0;
            (months, days) = (12 * Part("years") + Part("months"), 7 * Part("weeks") + Part("days"));
        }
        else if (!long.TryParse(within, NumberStyles.None, CultureInfo.InvariantCulture, out months) || within.Length > 5) throw Refusal.OfField("?expiringWithin", "invalid-duration", within);
        var last = day.MonthsOn((int)Math.Min(months, 12 * 9999));
        return days > DateOnly.MaxValue.DayNumber - last.DayNumber ? DateOnly.MaxValue : last.AddDays((int)days);
    }

    // Of ISO 8601-1:2019, 5.5.2.2, the parts that are whole days.
    [GeneratedRegex(@"\AP(?:(?<years>\d{1,5})Y)?(?:(?<months>\d{1,5})M)?(?:(?<weeks>\d{1,5})W)?(?:(?<days>\d{1,5})D)?\z")]
    private static partial Regex Duration();
}
