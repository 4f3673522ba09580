using System.Text.Json;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests.Time;

public class EdtfReadingTests
{
    [Theory]
    [InlineData("2026-01-27", "2026-01-27", "2026-01-27")]
    [InlineData("2024-11", "2024-11-01", "2024-11-30")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("2025", "2025-01-01", "2025-12-31")]
    [InlineData("0001", "0001-01-01", "0001-12-31")]
    [InlineData("9999", "9999-01-01", "9999-12-31")]
    [InlineData("2025?", "2025-01-01", "2025-12-31")]
    [InlineData("2024-11~", "2024-11-01", "2024-11-30")]
    [InlineData("2024-11-04%", "2024-11-04", "2024-11-04")]
    [InlineData("2024-XX", "2024-01-01", "2024-12-31")]
    [InlineData("2024-11-XX", "2024-11-01", "2024-11-30")]
    [InlineData("2024-XX-XX", "2024-01-01", "2024-12-31")]
    [InlineData("201X", "2010-01-01", "2019-12-31")]
    [InlineData("20XX~", "2000-01-01", "2099-12-31")]
    [InlineData("000X", "0001-01-01", "0009-12-31")]
    [InlineData("2025-21", "2025-03-01", "2025-05-31")]
    [InlineData("2025-22", "2025-06-01", "2025-08-31")]
    [InlineData("2025-23", "2025-09-01", "2025-11-30")]
    [InlineData("2025-24", "2025-12-01", "2026-02-28")]
    [InlineData("2023-24?", "2023-12-01", "2024-02-29")]
    [InlineData("[2024-11-04]", "2024-11-04", "2024-11-04")]
    [InlineData("[2025-11-24..2025-11-27]", "2025-11-24", "2025-11-27")]
    [InlineData("[2024-11..2025]", "2024-11-01", "2025-12-31")]
    [InlineData("[..2001-06-22]", null, "2001-06-22")]
    [InlineData("[2001-06-22..]", "2001-06-22", null)]
    [InlineData("[..2001-06,2003?,2005..]", null, null)]
    [InlineData("", null, null)]
    public void A_date_that_is_no_interval_has_a_first_and_a_last_possible_day(string text, string? earliest, string? latest)
    {
        var date = Edtf.Parse(text);

        date.Text.ShouldBe(text);
        date.IsInterval.ShouldBeFalse();
        date.IsUnknown.ShouldBe(text == "");
        (date.Earliest, date.Latest).ShouldBe((Day(earliest), Day(latest)));
        date.StartBounds.ShouldBe((Day(earliest), Day(latest)));
        date.EndBounds.ShouldBe((Day(earliest), Day(latest)));
    }

    [Theory]
    [InlineData("2025-03-01/2025-03-03", "2025-03-01", "2025-03-01", "2025-03-03", "2025-03-03")]
    [InlineData("2025-03-01/2025-03-01", "2025-03-01", "2025-03-01", "2025-03-01", "2025-03-01")]
    [InlineData("2024-11~/2025-02?", "2024-11-01", "2024-11-30", "2025-02-01", "2025-02-28")]
    [InlineData("2024/2024-11-04", "2024-01-01", "2024-11-04", "2024-11-04", "2024-11-04")]
    [InlineData("2024-11-04/2024", "2024-11-04", "2024-11-04", "2024-11-04", "2024-12-31")]
    [InlineData("2024-11/..", "2024-11-01", "2024-11-30", null, null)]
    [InlineData("2024-11/", "2024-11-01", "2024-11-30", "2024-11-01", null)]
    [InlineData("../2025", null, "2025-12-31", "2025-01-01", "2025-12-31")]
    [InlineData("/2025", null, "2025-12-31", "2025-01-01", "2025-12-31")]
    [InlineData("2025-21/2025-23", "2025-03-01", "2025-05-31", "2025-09-01", "2025-11-30")]
    [InlineData("2024-11-XX/202X", "2024-11-01", "2024-11-30", "2024-11-01", "2029-12-31")]
    public void An_interval_has_bounds_for_its_start_and_for_its_end(string text, string? s1, string? s2, string? e1, string? e2)
    {
        var date = Edtf.Parse(text);

        date.Text.ShouldBe(text);
        date.IsInterval.ShouldBeTrue();
        date.IsOpenEnded.ShouldBe(text.EndsWith("/..", StringComparison.Ordinal));
        date.StartBounds.ShouldBe((Day(s1), Day(s2)));
        date.EndBounds.ShouldBe((Day(e1), Day(e2)));
    }

    [Fact]
    public void A_set_keeps_its_gaps_and_joins_what_overlaps_or_touches()
    {
        Edtf.Parse("[2024-11-11,2024-11-04]").Days.ShouldBe([(Day("2024-11-04"), Day("2024-11-04")), (Day("2024-11-11"), Day("2024-11-11"))]);
        Edtf.Parse("[2024-11-04,2024-11-05,2024-11-05..2024-11-07]").Days.ShouldBe([(Day("2024-11-04"), Day("2024-11-07"))]);
        Edtf.Parse("[..2024-11,2025-01,2026..]").Days.ShouldBe(
            [(null, Day("2024-11-30")), (Day("2025-01-01"), Day("2025-01-31")), (Day("2026-01-01"), null)]);
        Edtf.Parse("").Days.ShouldBe([(null, null)]);
    }

    [Theory]
    [InlineData("2025?", true)]
    [InlineData("2024-11~", true)]
    [InlineData("2024-11-04%", true)]
    [InlineData("2024-11/2025~", true)]
    [InlineData("[2024-11-04?,2024-11-11]", true)]
    [InlineData("2024-XX", false)]
    [InlineData("[2024-11-04,2024-11-11]", false)]
    [InlineData("", false)]
    public void Only_a_qualifier_makes_a_date_uncertain(string text, bool uncertain) => Edtf.Parse(text).IsUncertain.ShouldBe(uncertain);

    [Theory]
    [InlineData("2024-13", 5)]
    [InlineData("2024-00", 5)]
    [InlineData("2024-25", 5)]
    [InlineData("2024-21-01", 5)]
    [InlineData("2023-02-29", 8)]
    [InlineData("2024-11-00", 8)]
    [InlineData("2024-11-31", 8)]
    [InlineData("0000", 0)]
    [InlineData("9999-24", 0)]
    [InlineData("20230", 4)]
    [InlineData("2024-1", 6)]
    [InlineData("202", 3)]
    [InlineData("2024-", 5)]
    [InlineData("2024-11-4", 9)]
    [InlineData("2XXX", 1)]
    [InlineData("201X-XX", 4)]
    [InlineData("2024-XX-05", 8)]
    [InlineData("2024-1X", 6)]
    [InlineData("2024?-11", 4)]
    [InlineData("?2024", 0)]
    [InlineData("2024??", 4)]
    [InlineData("-2024", 0)]
    [InlineData("Y20240", 0)]
    [InlineData("2024-11-04T10:00:00Z", 10)]
    [InlineData("2024/11/04", 7)]
    [InlineData("2024-11-04 ", 10)]
    [InlineData(" ", 0)]
    [InlineData("prochainement", 0)]
    [InlineData("٢٠٢٤", 0)]
    [InlineData("..", 0)]
    [InlineData("/", 0)]
    [InlineData("../..", 0)]
    [InlineData("/..", 0)]
    [InlineData("2025/2024", 5)]
    [InlineData("2025-03-03/2025-03-01", 11)]
    [InlineData("2025?/2024?", 6)]
    [InlineData("2024/2025/2026", 9)]
    [InlineData("2024/[2025]", 5)]
    [InlineData("[]", 1)]
    [InlineData("[", 1)]
    [InlineData("[2024", 5)]
    [InlineData("[2024]/2025", 6)]
    [InlineData("[2024,]", 6)]
    [InlineData("[,2024]", 1)]
    [InlineData("[2024, 2025]", 6)]
    [InlineData("[..]", 1)]
    [InlineData("[2024,..2020]", 6)]
    [InlineData("[2024..,2020]", 5)]
    [InlineData("[2025..2024]", 7)]
    [InlineData("[2024...2025]", 7)]
    [InlineData("{2024,2025}", 0)]
    [InlineData("201x", 3)]
    [InlineData(" 2024", 0)]
    [InlineData("2024\n", 4)]
    [InlineData("2024-11-04\t", 10)]
    [InlineData("10000", 4)]
    [InlineData("2024-12-32", 8)]
    [InlineData("[..2024..]", 7)]
    [InlineData("2024-11/2024-10", 8)]
    [InlineData("2024-11/..2025", 8)]
    [InlineData("[2024-11-04..2024-11-11", 23)]
    public void What_is_no_date_is_refused_at_the_character_where_it_goes_wrong(string text, int position)
    {
        Edtf.TryParse(text, out var date, out var fault).ShouldBeFalse();
        date.ShouldBeNull();
        fault!.Position.ShouldBe(position, fault.Reason);
        fault.Reason.ShouldNotBeEmpty();
        Should.Throw<EdtfException>(() => Edtf.Parse(text)).Fault.ShouldBe(fault);
    }

    [Fact]
    public void A_time_of_day_is_refused_as_such() =>
        Should.Throw<EdtfException>(() => Edtf.Parse("2024-11-04T10:00")).Fault.Reason.ShouldBe("a day is due, not a time of day");

    [Fact]
    public void Days_are_written_as_EDTF_in_any_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            // Umm al-Qura: another calendar, which a formatting without a culture would use.
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("ar-SA");
            Edtf.On(new DateOnly(2024, 11, 4)).Text.ShouldBe("2024-11-04");
            Edtf.By(new DateOnly(987, 1, 2)).Text.ShouldBe("[..0987-01-02]");
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Dates_are_equal_when_their_texts_are()
    {
        (Edtf.Parse("2024-11") == Edtf.Parse("2024-11")).ShouldBeTrue();
        Edtf.Parse("2024-11").GetHashCode().ShouldBe(Edtf.Parse("2024-11").GetHashCode());
        (Edtf.Parse("2024-11") != Edtf.Parse("2024-11-XX")).ShouldBeTrue();
        Edtf.Parse("").ShouldBe(Edtf.Unknown);
        Edtf.Unknown.Equals(null).ShouldBeFalse();
    }

    sealed record Body(Edtf? On);

    [Theory]
    [InlineData("""{"On":"[2024-11-04,2024-11-11]"}""")]
    [InlineData("""{"On":""}""")]
    [InlineData("""{"On":null}""")]
    public void A_date_is_a_JSON_string_and_null_stays_absent(string json) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<Body>(json)).ShouldBe(json);

    [Theory]
    [InlineData("""{"On":"2024-13"}""")]
    [InlineData("""{"On":2024}""")]
    public void JSON_that_holds_no_date_is_refused_with_its_path(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Body>(json)).Path.ShouldBe("$.On");

    static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
