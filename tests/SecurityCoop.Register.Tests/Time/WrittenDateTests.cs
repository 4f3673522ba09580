using System.Globalization;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests.Time;

/// <summary>Written dates: a table of them (written-dates.tsv), made from the rules of the three languages, and what holds for every text.</summary>
public class WrittenDateTests
{
    public static TheoryData<string, string, string> Table()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Time", "written-dates.tsv")).Where(l => !l.StartsWith('#')))
        {
            var cells = line.Split('\t');
            rows.Add(cells[0].Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal), cells[1], cells[2]);
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_written_date_is_read_or_refused_as_its_language_means_it(string text, string documentDay, string expected)
    {
        var read = WrittenDate.Read(text, documentDay == "" ? null : DateOnly.Parse(documentDay, CultureInfo.InvariantCulture));
        Shown(read).ShouldBe(expected);
        read.Text.ShouldBe(text);
    }

    [Fact]
    public void The_table_has_several_hundred_rows_and_no_text_twice_for_one_day()
    {
        var rows = Table().Select(r => (r.Data.Item1, r.Data.Item2)).ToList();
        rows.Count.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Every_fault_stands_in_the_table_or_belongs_to_fields_that_take_one_day() =>
        Enum.GetValues<WrittenFault>().Except([WrittenFault.NotOneDay]).ShouldAllBe(f => Table().Any(r => r.Data.Item3.StartsWith($"!{Slug.Of(f)}", StringComparison.Ordinal)));

    [Fact]
    public void No_text_makes_the_reader_throw_and_what_it_reads_it_reads_again_as_the_same()
    {
        var random = new Random(20261130);
        var signs = Table().Select(r => r.Data.Item1).SelectMany(t => t.Split(' ')).Distinct().ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var text = i % 2 == 0 ? string.Join(random.Next(3) == 0 ? "" : " ", random.GetItems(signs, random.Next(1, 7)))
                : new string([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => Letter(random))]);
            DateOnly? day = random.Next(3) switch
            {
                0 => null,
                1 => new DateOnly(2026, 1, 30),
                _ => random.Next(2) == 0 ? DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)) : random.Next(2) == 0 ? DateOnly.MinValue : DateOnly.MaxValue,
            };
            var read = Should.NotThrow(() => WrittenDate.Read(text, day), text);
            (read.Date is null).ShouldBe(read.Fault is not null, text);
            if (read.Date is { } date) WrittenDate.Read(date.Text).Date.ShouldBe(date, text);
            if (read.Fault is { Readings: { Count: > 0 } both })
            {
                both.Count.ShouldBe(2, text);
                both[0].ShouldNotBe(both[1], text);
                foreach (var one in both) Edtf.TryParse(one, out _, out _).ShouldBeTrue($"{text}: {one}");
            }
            if (read.Fault is { Hint: { } hint }) Edtf.TryParse(hint, out _, out _).ShouldBeTrue($"{text}: {hint}");
            read.Fault?.At("/date").Field.ShouldBe("/date");
        }
    }

    [Fact]
    public void Every_day_is_read_in_every_language_as_itself()
    {
        string[] fr = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
        string[] ar = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"];
        for (var day = new DateOnly(1999, 12, 1); day.Year < 2032; day = day.AddDays(1))
        {
            var iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            foreach (var text in (string[])[iso, day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture), day.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture),
                day.ToString("dddd d MMM yyyy", CultureInfo.InvariantCulture), $"{day.Day} {fr[day.Month - 1]} {day.Year}", $"{day.Day} {ar[day.Month - 1]} {day.Year}"])
                WrittenDate.Read(text).Date?.Text.ShouldBe(iso, text);
        }
    }

    [Fact]
    public void A_Hijri_day_is_the_Umm_al_Qura_day_or_the_next_in_all_years_of_its_tables()
    {
        var calendar = new UmAlQuraCalendar();
        for (var day = new DateOnly(1900, 4, 30); day < new DateOnly(2077, 11, 1); day = day.AddDays(7))
        {
            var at = day.ToDateTime(TimeOnly.MinValue);
            var text = $"{calendar.GetDayOfMonth(at):00}/{calendar.GetMonth(at):00}/{calendar.GetYear(at)} H";
            WrittenDate.Read(text).Date!.Text.ShouldBe($"[{day:yyyy-MM-dd},{day.AddDays(1):yyyy-MM-dd}]", text);
        }
    }

    [Fact]
    public void Reading_is_the_same_whatever_the_thread_s_culture()
    {
        var rows = Table().ToList();
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var name in (string[])["tr-TR", "ar-SA", "fa-IR", "fr-FR"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
                foreach (var row in rows)
                    Shown(WrittenDate.Read(row.Data.Item1, row.Data.Item2 == "" ? null : DateOnly.ParseExact(row.Data.Item2, "yyyy-MM-dd", CultureInfo.InvariantCulture)))
                        .ShouldBe(row.Data.Item3, $"{name}: {row.Data.Item1}");
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    static string Shown(WrittenDate read) => read.Fault is { } f ? string.Join(' ', (string?[])[$"!{Slug.Of(f.Kind)}", .. f.Readings, f.Hint]).TrimEnd() : read.Date!.Text;

    static char Letter(Random random) => random.Next(6) switch
    {
        0 => (char)random.Next(' ', 127), 1 => (char)random.Next('0', '9' + 1), 2 => (char)random.Next(0x600, 0x6FF), 3 => "-/.,–[]?~%'’()"[random.Next(14)],
        4 => (char)random.Next(0x20, 0x250), _ => (char)random.Next(0, 0xFFFF),
    };
}
