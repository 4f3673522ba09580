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
    /// those that run and whose end, or last day for a notice against their renewal, may come from asOf on within that time: <c>expiringWithin</c> says how surely.
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
                if (until is { } day) AtTheDay.Mark(json, "expiringWithin", Expiring(i, asked.AsOf, day));
            });
    }

    /// <summary>
    /// Whether an instrument that runs comes to an end, or to the last day on which its renewal can be refused, within the days, both included: as
    /// certain as the less certain of the two.
    /// </summary>
    static Certainty Expiring(Instrument i, DateOnly asOf, DateOnly until)
    {
        var lives = i.Lives(asOf);
        var runs = lives.All(l => l.Runs) ? Certainty.Certain : lives.Any(l => l.Runs) ? Certainty.Possible : Certainty.No;
        var announced = (EndShown.Of(i, asOf, null) ?? []).Select(e => e.On).ToList();
        // A notice was given: there is no further renewal to refuse.
        var days = announced.Concat(i.TermDaysAt(asOf).SelectMany(t => t.Term.What.Kind == TermKind.Tacit ? announced.Count > 0 ? [] : Notices(t, asOf, until) : t.FirstEnd is { } end ? [end] : []));
        var ends = days.Select(d => d.Within(asOf, until)).DefaultIfEmpty(Certainty.No).Max();
        return ends < runs ? ends : runs;
    }

    // The last days for a notice of the period in which the day lies and of those after it, as far as the time asked about reaches.
    static IEnumerable<Edtf> Notices(TermDays term, DateOnly asOf, DateOnly until)
    {
        for (var period = term.PeriodAt(asOf); term.LastNotice(period) is { } notice && (notice.Earliest is null || notice.Earliest <= until); period++)
        {
            yield return notice;
            if (notice.Latest is null) yield break;
        }
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
