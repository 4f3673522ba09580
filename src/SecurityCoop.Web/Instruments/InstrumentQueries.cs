using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Instruments;

static partial class InstrumentQueries
{
    /// <summary>
    /// Instruments, with the states that are possible at asOf; each filter narrows. expiringWithin, a number of months or a duration of ISO 8601 (P90D), keeps
    /// those that run and whose end, or last day for a notice against their renewal, may come from asOf on within that time: <c>expiringWithin</c> says how surely.
    /// </summary>
    public static async Task<IResult> List(
        HttpContext http, TwoClocks clocks, RegisterStore store, string? partner, string? kind, string? state, string? expiringWithin, string? asOf, string? knownAt, int? limit, string? after)
    {
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var (which, until) = Which(asked, new(partner, kind, state, expiringWithin));
        return await RecordQueries.List(http, clocks, store, RecordKinds.Instrument, asked, partner, which, limit, after, (i, json) =>
        {
            if (until is { } day) AtTheDay.Mark(json, "expiringWithin", Expiring(i, asked.AsOf, day));
        });
    }

    /// <summary>Which instruments a filter keeps, and the last day of the time within which they are to expire.</summary>
    /// <exception cref="Refusal">What the filter names is not there; each at its parameter.</exception>
    public static (Func<Instrument, bool> Which, DateOnly? Until) Which(Asking asked, InstrumentFilter f)
    {
        var wanted = Known.OneOf<InstrumentState>("?state", f.State);
        Known.PartnerOrNull(f.Partner);
        Known.OneOf("?kind", f.Kind, Vocabulary.Default.InstrumentKinds.Keys);
        var until = f.ExpiringWithin is null ? (DateOnly?)null : After(asked.AsOf, f.ExpiringWithin);
        return (i => (f.Partner is null || i.Details!.Partners.Contains(f.Partner)) && (f.Kind is null || i.Details!.Kind == f.Kind) && (wanted is null || i.Lives(asked.AsOf).Any(l => l.State == wanted))
            && (until is null || Expiring(i, asked.AsOf, until.Value) != Certainty.No), until);
    }

    /// <summary>
    /// Whether an instrument that runs comes to an end, or to the last day on which its renewal can be refused, within the days, both included: as
    /// certain as the less certain of the two.
    /// </summary>
    static Certainty Expiring(Instrument i, DateOnly asOf, DateOnly until)
    {
        var lives = i.Lives(asOf);
        var runs = lives.All(l => l.Runs) ? Certainty.Certain : lives.Any(l => l.Runs) ? Certainty.Possible : Certainty.No;
        var ends = Endings(i, asOf, asOf, until).Where(e => e.Is != EndingKind.Announced || e.On.StartedBy(asOf) != Certainty.Certain)
            .Select(e => e.On.Within(asOf, until)).DefaultIfEmpty(Certainty.No).Max();
        return ends < runs ? ends : runs;
    }

    /// <summary>
    /// The days on which an instrument, as far as its terms and notices say, ends or can last be kept from being renewed. Whether it runs until then is not asked.
    /// </summary>
    /// <param name="from">Of what renews itself, the periods from the one in which this day lies are looked at,</param>
    /// <param name="until">up to the last whose day for a notice may come by then, and the next one in any case.</param>
    internal static IEnumerable<Ending> Endings(Instrument i, DateOnly asOf, DateOnly from, DateOnly until)
    {
        var announced = EndShown.Announced(i, asOf, null).ToList();
        foreach (var end in announced) yield return new(EndingKind.Announced, end.On, $"{end.Event}", end.Party);
        // A notice was given: there is no further renewal to refuse. Between many, another party's stops none of ours.
        var stopped = announced.Any(e => e.On.StartedBy(asOf) != Certainty.Certain && (e.Party is null or Statements.Home || i.Parties.Count <= 2));
        foreach (var days in i.TermDaysAt(asOf))
            if (days.Term.What.Kind != TermKind.Tacit)
            {
                if (days.FirstEnd is { } end) yield return new(EndingKind.OfTerm, end, $"{days.Term.Event}");
            }
            else if (!stopped)
            {
                var coming = false;
                for (var period = days.PeriodAt(from); days.LastNotice(period) is { } notice && !(coming && notice.Earliest > until); period++)
                {
                    yield return new(EndingKind.LastNotice, notice, FormattableString.Invariant($"{days.Term.Event}-{period}"));
                    if (notice.Latest is null) break;
                    coming |= notice.Latest >= asOf;
                }
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

enum EndingKind { OfTerm, Announced, LastNotice }

/// <summary>A day that a term or a notice leads to.</summary>
/// <param name="On">The last day of the term; the day from which a notice has ended it; the last day for a notice.</param>
/// <param name="Key">What it comes from: the id of the event that set the term or gave the notice; of a last day for a notice also the period, counted from 0.</param>
/// <param name="Party">For whom alone it ends, where a party gave notice.</param>
sealed record Ending(EndingKind Is, Edtf On, string Key, string? Party = null);

/// <summary>What narrows a list of instruments; null: nothing.</summary>
sealed record InstrumentFilter(string? Partner, string? Kind, string? State, string? ExpiringWithin);
