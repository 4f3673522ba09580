using SecurityCoop.Register.Instruments;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Ends of periods over leap days against a calendar that is counted on the fingers: the same day so many years on, or the last of February.</summary>
public class LeapDayTests
{
    static DateOnly YearsOn(DateOnly first, int years) =>
        first is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(first.Year + years) ? new(first.Year + years, 2, 28) : new(first.Year + years, first.Month, first.Day);

    [Fact]
    public void The_nth_end_is_the_first_day_and_n_periods_in_one_step()
    {
        var instrument = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2024-02-29"), Tacit(1)).State;
        TermDays Days(string asOf) => instrument.TermDaysAt(Day(asOf)).Single();
        Enumerable.Range(0, 5).Select(p => Days("2024-03-01").End(p)!.Text).ShouldBe(["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]);
        var days = Days("2028-02-01");
        days.End(days.PeriodAt(Day("2028-02-01")))!.Text.ShouldBe("2028-02-29");
        var named = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2020"), Tacit(1, on: "2024-02-29")).State.TermDaysAt(Day("2024-01-01")).Single();
        Enumerable.Range(0, 5).Select(p => named.End(p)!.Text).ShouldBe(["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
    }

    [Fact]
    public void Renewals_by_act_count_likewise()
    {
        var acts = Enumerable.Range(2025, 3).Select(year => (object)Act(ActKind.Renewed, $"{year}-02-01"));
        Instrument([Opened(), Act(ActKind.EnteredIntoForce, "2024-02-29"), Ends(years: 1), .. acts]).State.TermDaysAt(Day("2028-01-01")).Single().FirstEnd!.Text.ShouldBe("2028-02-29");
    }

    [Fact]
    public void Random_terms_end_where_counting_leads()
    {
        var random = new Random(20261130);
        for (var i = 0; i < 2000; i++)
        {
            var first = random.Next(2) == 0 ? new DateOnly(2000 + 4 * random.Next(8), 2, 29) : new DateOnly(2000, 1, 1).AddDays(random.Next(9000));
            var (years, renewals, tacit) = (random.Next(1, 9), random.Next(4), random.Next(2) == 0);
            object[] acts = [.. Enumerable.Range(1, tacit ? 0 : renewals).Select(n => Act(ActKind.Renewed, $"{YearsOn(first, n * years).AddDays(-1):yyyy-MM-dd}"))];
            var days = Instrument([Opened(), Act(ActKind.EnteredIntoForce, $"{first:yyyy-MM-dd}"), tacit ? Tacit(years) : Ends(years: years), .. acts]).State.TermDaysAt(Day("2099-01-01")).Single();
            var n = tacit ? renewals : 0;
            days.End(n)!.Text.ShouldBe($"{YearsOn(first, (tacit ? n + 1 : renewals + 1) * years):yyyy-MM-dd}", $"{first} by {years}, {renewals} renewals");
        }
    }
}
