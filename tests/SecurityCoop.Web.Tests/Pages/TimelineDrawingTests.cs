using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The drawing of a timeline says no more than is known, in numbers that no culture has touched.</summary>
public sealed partial class TimelineDrawingTests
{
    static readonly DateOnly today = new(2026, 2, 4);

    [Theory]
    [InlineData("2026-01-27", "mark tick")]
    [InlineData("2026-01", "mark")]
    [InlineData("2026-01~", "mark dash")]
    [InlineData("2025-22", "mark")]
    [InlineData("2025-11-03/2025-11-20", "filled")]
    [InlineData("[2024-11-04,2024-11-11]", "mark|mark dots")]
    [InlineData("[2025-11-24..2025-11-27]", "mark")]
    [InlineData("[..2025-06-22]", "mark|mark dots")]
    [InlineData("2024-11/..", "mark")]
    public void Each_kind_of_date_has_a_shape_of_its_own(string date, string shapes) =>
        string.Join('|', Draw(Language.English, date).Marks(0).Select(m => m.Css)).ShouldBe(shapes);

    [Fact]
    public void A_month_spans_its_days_and_a_day_is_one_line()
    {
        var month = Numbers().Matches(Draw(Language.English, "2026-01", "2025-01-01").Marks(0).Single().Path).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
        month[2].ShouldBeGreaterThan(20, "some day of a month is a bar");
        Draw(Language.English, "2026-01-27").Marks(0).Single().Path.ShouldMatch(@"^M\d+ \d+v20$");
    }

    [Fact]
    public void What_has_no_date_is_in_the_tray_and_never_on_the_axis()
    {
        var drawing = Draw(Language.English, "2026-01-27", "", "");
        drawing.Dated.Count.ShouldBe(1);
        drawing.Undated.Count.ShouldBe(2);
        TimelineDrawing.Word(drawing.Undated[0]).ShouldStartWith("2 ");
    }

    [Fact]
    public void In_Arabic_time_runs_from_the_right()
    {
        int X(Language l, int i) => int.Parse(Numbers().Match(Draw(l, "2025-01-27", "2026-01-27").Marks(i).First().Path).Value, CultureInfo.InvariantCulture);
        X(Language.English, 0).ShouldBeLessThan(X(Language.English, 1));
        X(Language.Arabic, 0).ShouldBeGreaterThan(X(Language.Arabic, 1));
        (X(Language.English, 0) + X(Language.Arabic, 0)).ShouldBe(560);
    }

    [Theory, InlineData("fr-MA"), InlineData("ar-MA"), InlineData("ar-SA"), InlineData("fa-IR")]
    public void No_culture_touches_a_number(string name)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            var drawing = Draw(Language.Arabic, "0999-01", "2026-01-27", "[..2020-01-01]", "2024/..", "");
            List<string> all = [drawing.ViewBox, drawing.Axis, drawing.Now, drawing.NowX, drawing.Tray, .. Enumerable.Range(0, drawing.Dated.Count).SelectMany(i => drawing.Marks(i).Select(m => m.Path)),
                .. drawing.AxisWords.SelectMany(w => new[] { w.X, w.Y })];
            foreach (var text in all) text.ShouldMatch(@"^[-0-9 a-zA-Z]+$");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    static TimelineDrawing Draw(Language language, params string[] dates) =>
        new([.. dates.Select((d, i) => new DrawnItem(i + 1, Edtf.Parse(d), "What happened", DrawnForm.Happened))], today, language);

    [GeneratedRegex(@"\d+")] private static partial Regex Numbers();
}
