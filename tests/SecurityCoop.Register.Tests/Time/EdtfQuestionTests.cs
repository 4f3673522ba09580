using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Time.Certainty;

namespace SecurityCoop.Register.Tests.Time;

public class EdtfQuestionTests
{
    [Theory]
    [InlineData("2024-11-04", "2024-11-03", No)]
    [InlineData("2024-11-04", "2024-11-04", Certain)]
    [InlineData("2024-11", "2024-10-31", No)]
    [InlineData("2024-11", "2024-11-01", Possible)]
    [InlineData("2024-11", "2024-11-30", Certain)]
    [InlineData("2024-11~", "2024-10-31", No)]
    [InlineData("2024-11~", "2024-12-31", Possible)]
    [InlineData("[..2001-06-22]", "1950-01-01", Possible)]
    [InlineData("[..2001-06-22]", "2001-06-22", Certain)]
    [InlineData("[2001-06-22..]", "2001-06-21", No)]
    [InlineData("[2001-06-22..]", "9999-12-31", Possible)]
    [InlineData("2025-03-01/2025-03-03", "2025-03-01", Certain)]
    [InlineData("2024-11/..", "2024-11-30", Certain)]
    [InlineData("../2025", "2024-06-01", Possible)]
    [InlineData("../2025", "2025-12-31", Certain)]
    [InlineData("/2025?", "2025-12-31", Possible)]
    [InlineData("2024-11-04/2025?", "2024-11-04", Certain)]
    [InlineData("", "0001-01-01", Possible)]
    [InlineData("", "9999-12-31", Possible)]
    public void Whether_it_had_started_by_a_day(string date, string day, Certainty answer) =>
        Edtf.Parse(date).StartedBy(Day(day)).ShouldBe(answer);

    [Theory]
    [InlineData("2024-11-04", "2024-11-04", Certain)]
    [InlineData("2025-03-01/2025-03-03", "2025-03-02", No)]
    [InlineData("2025-03-01/2025-03-03", "2025-03-03", Certain)]
    [InlineData("2025-03-01/2025-03-03?", "2025-03-03", Possible)]
    [InlineData("2024-11/..", "9999-12-31", No)]
    [InlineData("2024-11/", "2024-10-31", No)]
    [InlineData("2024-11/", "2024-11-01", Possible)]
    [InlineData("2024-11/", "2030-01-01", Possible)]
    [InlineData("/2025", "2024-12-31", No)]
    [InlineData("", "2024-11-04", Possible)]
    public void Whether_it_was_over_by_a_day(string date, string day, Certainty answer) =>
        Edtf.Parse(date).EndedBy(Day(day)).ShouldBe(answer);

    [Theory]
    [InlineData("2024-11-04", "2024-11-05", Certain)]
    [InlineData("2024-11-04", "2024-11-04", No)]
    [InlineData("2024-11", "2024-11", Possible)]
    [InlineData("2024-11", "2024-11-30", Possible)]
    [InlineData("2024-11", "2024-12", Certain)]
    [InlineData("2024-11?", "2024-12", Possible)]
    [InlineData("2024-11", "2024-12?", Possible)]
    [InlineData("2024-12?", "2024-11", No)]
    [InlineData("2025-03-01/2025-03-09", "2025-03-02", Certain)]
    [InlineData("", "2024-11-04", Possible)]
    [InlineData("2024-11-04", "", Possible)]
    public void Whether_it_came_before_another(string date, string other, Certainty answer) =>
        Edtf.Parse(date).IsBefore(Edtf.Parse(other)).ShouldBe(answer);

    [Theory]
    [InlineData("2024-11-04", Certain)]
    [InlineData("2024-11-04~", Possible)]
    [InlineData("2024-11", Certain)]
    [InlineData("2024", Possible)]
    [InlineData("2024-12-01", No)]
    [InlineData("2024-12~", No)]
    [InlineData("[2024-10-31,2024-12-01]", No)]
    [InlineData("[2024-11-01,2024-12-01]", Possible)]
    [InlineData("2024-10-01/2024-10-31", No)]
    [InlineData("2024-10-01/2024-11-01", Certain)]
    [InlineData("2024-10-01/2024-12-01", Certain)]
    [InlineData("2024-10/2024-11", Certain)]
    [InlineData("2024-10/..", Certain)]
    [InlineData("2024-10/", Possible)]
    [InlineData("2024-12/..", No)]
    [InlineData("", Possible)]
    public void Whether_any_day_of_it_falls_in_November_2024(string date, Certainty answer) =>
        Edtf.Parse(date).Within(Day("2024-11-01"), Day("2024-11-30")).ShouldBe(answer);

    [Fact]
    public void A_window_that_ends_before_it_starts_is_a_callers_fault() =>
        Should.Throw<ArgumentException>(() => Edtf.Unknown.Within(Day("2024-11-02"), Day("2024-11-01")));

    [Theory]
    [InlineData("2024-11-04", "2024-11-04", No)]
    [InlineData("2024-11-04", "2024-11-05", Certain)]
    [InlineData("2024-11", "2024-11-02", Possible)]
    [InlineData("2024-11", "2024-12-01", Certain)]
    [InlineData("2024-11~", "2024-12-01", Possible)]
    [InlineData("[..2024-11-04]", "2024-11-04", No)]
    [InlineData("[..2024-11-04]", "2024-11-05", Certain)]
    [InlineData("[..2024-11-04,2025]", "2024-11-05", Possible)]
    [InlineData("[2024-11-04..]", "2024-11-04", No)]
    [InlineData("[2024-11-04..]", "2030-01-01", Possible)]
    [InlineData("2025-03-01/2025-03-03", "2025-03-03", No)]
    [InlineData("2025-03-01/2025-03-03", "2025-03-04", Certain)]
    [InlineData("2025-03-01/..", "2030-01-01", No)]
    [InlineData("", "2030-01-01", Possible)]
    [InlineData("[..2024,2025..]", "2030-01-01", Possible)]
    public void Whether_a_deadline_is_past(string deadline, string asOf, Certainty answer) =>
        Edtf.Parse(deadline).IsPast(Day(asOf)).ShouldBe(answer);

    [Theory]
    [InlineData("2024-11-04", "2024-11", true)]
    [InlineData("2024-11", "2024-11-04", false)]
    [InlineData("2024-11", "2024-11", true)]
    [InlineData("2024-11-04?", "2024-11", true)]
    [InlineData("[2024-11-04,2024-11-11]", "2024-11", true)]
    [InlineData("2024-11-04", "[2024-11-04,2024-11-11]", true)]
    [InlineData("2024-11-05", "[2024-11-04,2024-11-11]", false)]
    [InlineData("2024-11-03/2024-11-05", "2024-11", true)]
    [InlineData("2024-11-04/2024-11-11", "[2024-11-04,2024-11-11]", false)]
    [InlineData("2024-11-30/2024-12-01", "2024-11", false)]
    [InlineData("2024-11-03/..", "2024-11", false)]
    [InlineData("2024-11-03/2024-12-05", "2024-11/2024-12", true)]
    [InlineData("2024-11-03/2024-12-05", "2024-11/", true)]
    [InlineData("2024-11-03/..", "2024-11/", true)]
    [InlineData("2024-11-03/", "2024-11/..", false)]
    [InlineData("2024-11-03", "2024-11-03/2024-11-05", false)]
    [InlineData("2024-11-03", "", true)]
    [InlineData("../2025", "", true)]
    [InlineData("", "2024", false)]
    [InlineData("", "", true)]
    public void Whether_it_refines_a_wider_date(string date, string wider, bool answer) =>
        Edtf.Parse(date).IsWithin(Edtf.Parse(wider)).ShouldBe(answer);

    [Theory]
    [InlineData("2024-11-04", 27, "2024-12-01")]
    [InlineData("2024-11-04?", 1, "2024-11-05?")]
    [InlineData("2024-11", 30, "[2024-12-01..2024-12-30]")]
    [InlineData("2024-11~", 30, "[2024-12-01~..2024-12-30~]")]
    [InlineData("[2024-11-04,2024-11-11]", 1, "[2024-11-05,2024-11-12]")]
    [InlineData("[..2001-06-22]", 1, "[..2001-06-23]")]
    [InlineData("[2001-06-22..]", -1, "[2001-06-21..]")]
    [InlineData("2025-03-01/2025-03-03", 1, "2025-03-02")]
    [InlineData("[2024?,2026~]", 0, "[2024-01-01%..2024-12-31%,2026-01-01%..2026-12-31%]")]
    [InlineData("2025/2026?", 0, "[2025-01-01..2025-12-31]")]
    [InlineData("[..2024,2025..]", 1, "")]
    [InlineData("", 1, "")]
    public void Days_later(string date, int days, string later) => Edtf.Parse(date).PlusDays(days).Text.ShouldBe(later);

    [Theory]
    [InlineData("2024-11-04", 6, "2025-05-04")]
    [InlineData("2025-01-31", 1, "2025-02-28")]
    [InlineData("2024-11", -3, "[2024-08-01..2024-08-30]")]
    [InlineData("[2025-01-29,2025-01-31]", 1, "2025-02-28")]
    [InlineData("[..2001-06-22]", 12, "[..2002-06-22]")]
    [InlineData("", 12, "")]
    public void Months_later(string date, int months, string later) => Edtf.Parse(date).PlusMonths(months).Text.ShouldBe(later);

    [Fact]
    public void A_day_after_the_last_year_cannot_be_computed() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Edtf.Parse("9999").PlusMonths(1));

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
