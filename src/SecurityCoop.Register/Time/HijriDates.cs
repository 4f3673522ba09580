using System.Globalization;

namespace SecurityCoop.Register.Time;

/// <summary>
/// Hijri dates by the tables of Umm al-Qura, 1318 to 1500 (1900 to 2077). A month that is begun by sight of the moon, as Morocco's is,
/// begins on that day or the
/// next: so each date is one of two days, and its thirtieth exists even where the table's month has twenty-nine.
/// </summary>
static class HijriDates
{
    internal const int First = 1318, Last = 1500;

    static readonly UmAlQuraCalendar calendar = new();

    internal static bool Knows(int year) => year is >= First and <= Last;

    internal static int YearOf(DateOnly day) =>
        day < new DateOnly(1900, 4, 30) ? First : day > new DateOnly(2077, 11, 16) ? Last
            : calendar.GetYear(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>As EDTF: the two days of a day, the days of a month or a year and the one after; null where there is no such day.</summary>
    internal static string? Text(int year, int? month, int? day)
    {
        if (!Knows(year) || month is < 1 or > 12 || day is < 1 or > 30 || (day is not null && month is null)) return null;
        var start = Start(year, month ?? 1);
        if (day is { } d) return $"[{WrittenReader.Day(start.AddDays(d - 1))},{WrittenReader.Day(start.AddDays(d))}]";
        var days = month is { } m ? calendar.GetDaysInMonth(year, m) : calendar.GetDaysInYear(year);
        return $"[{WrittenReader.Day(start)}..{WrittenReader.Day(start.AddDays(days))}]";
    }

    static DateOnly Start(int year, int month) => DateOnly.FromDateTime(calendar.ToDateTime(year, month, 1, 0, 0, 0, 0));

    /// <summary>How an EDTF day, month or year would read as a Hijri one; null where it has not that form.</summary>
    internal static string? Hint(string edtf)
    {
        var parts = edtf.Split('-');
        if (parts.Length > 3 || parts[0].Length != 4 || !parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit))) return null;
        var numbers = parts.Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToList();
        return Text(numbers[0], parts.Length > 1 ? numbers[1] : null, parts.Length > 2 ? numbers[2] : null);
    }
}
