using System.Globalization;
using SecurityCoop.Web.Commands;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Where a day begins and ends in a zone, and which day an instant is of; without a host.</summary>
public sealed class RegisterClockTests
{
    [Theory]
    [InlineData("Africa/Casablanca", "2026-11-29", "2026-11-28T23:00:00Z", "2026-11-29T23:00:00Z")] // an hour ahead of Greenwich
    [InlineData("Africa/Casablanca", "2026-02-28", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")] // in Ramadan it is not
    [InlineData("Africa/Casablanca", "2026-02-15", "2026-02-14T23:00:00Z", "2026-02-16T00:00:00Z")] // a day of 25 hours
    [InlineData("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")] // its first hour is left out
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")] // its first hour comes twice
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z")] // there was no such day
    [InlineData("Etc/GMT-14", "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T10:00:00Z")] // there is nothing before
    public void A_day_is_from_its_first_instant_to_the_next_days_first(string zone, string day, string start, string end)
    {
        var clock = Clock(zone);
        clock.StartOf(Day(day)).ShouldBe(Utc(start));
        clock.EndOf(Day(day)).ShouldBe(Utc(end));
        clock.Instant(day, DayEdge.Start).ShouldBe(Utc(start));
        clock.Instant(day, DayEdge.End).ShouldBe(Utc(end));
    }

    [Theory]
    [InlineData("Africa/Casablanca"), InlineData("America/Havana"), InlineData("Asia/Beirut")]
    [InlineData("Asia/Kathmandu"), InlineData("Etc/GMT+12")]
    public void Every_instant_of_a_day_is_of_that_day(string zone)
    {
        var clock = Clock(zone);
        for (var day = new DateOnly(2025, 12, 1); day < new DateOnly(2027, 1, 1); day = day.AddDays(1))
        {
            clock.DayOf(clock.StartOf(day)).ShouldBe(day);
            clock.DayOf(clock.StartOf(day).AddTicks(-1)).ShouldBe(day.AddDays(-1));
            clock.DayOf(clock.EndOf(day).AddTicks(-1)).ShouldBe(day);
        }
    }

    [Fact]
    public void The_last_day_that_there_is_has_an_end() => Clock("Etc/GMT+12").EndOf(DateOnly.MaxValue).ShouldBe(DateTime.MaxValue);

    [Theory]
    [InlineData("2026-01-27T10:00:00Z", "2026-01-27T10:00:00Z")]
    [InlineData("2026-01-27T10:00:00+02:00", "2026-01-27T08:00:00Z")]
    [InlineData("2026-01-27T10:00:00 02:00", "2026-01-27T08:00:00Z")] // a plus that was not escaped
    [InlineData("2026-01-27T10:00:00", "2026-01-27T10:00:00Z")]
    public void An_instant_is_taken_as_it_is(string text, string instant)
    {
        Clock("Pacific/Kiritimati").Instant(text, DayEdge.Start).ShouldBe(Utc(instant));
        Clock("Pacific/Kiritimati").Instant(text, DayEdge.End).ShouldBe(Utc(instant));
    }

    [Theory]
    [InlineData(""), InlineData("yesterday"), InlineData("2026-02-30"), InlineData("2026-1-27"), InlineData("27/01/2026")]
    [InlineData("2026-01"), InlineData("2026"), InlineData("10:00"), InlineData("@107")]
    public void What_is_neither_is_not_guessed(string text) => Clock("Africa/Casablanca").Instant(text, DayEdge.Start).ShouldBeNull();

    static RegisterClock Clock(string zone) => new(TimeProvider.System, TimeZoneInfo.FindSystemTimeZoneById(zone));

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTime Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;
}
