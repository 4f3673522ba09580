using System.Globalization;

namespace SecurityCoop.Register.Time;

/// <summary>
/// Reads one EDTF text (ISO 8601-2:2019; the Library of Congress publishes the profile): levels 0 and 1 for days, months, years, seasons and
/// intervals, and from level 2 the sets "one of these". A method that fails leaves <see cref="Fault"/> and returns false or null.
/// </summary>
sealed class EdtfReader(string text)
{
    // A digit reads 0 here. Level 1 leaves open whole days, whole months, decades and centuries; anything else is level 2.
    static readonly string[] Shapes =
        ["0000", "000X", "00XX", "0000-00", "0000-XX", "0000-00-00", "0000-00-XX", "0000-XX-XX"];

    internal EdtfFault? Fault { get; private set; }

    internal Edtf? Read()
    {
        if (text.Length == 0) return Edtf.Unknown;
        if (text[0] == '[') return Set();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0) return Interval(slash);
        return Date(0, text.Length, out var day) ? Edtf.OneDay(text, new DaySet(day.From, day.Through), day.Doubtful) : null;
    }

    Edtf? Set()
    {
        var close = text.IndexOf(']', StringComparison.Ordinal);
        if (close < 0) return Fail(text.Length, "the set is not closed");
        if (close != text.Length - 1) return Fail(close + 1, "nothing may follow the set");
        if (close == 1) return Fail(1, "the set is empty");

        var ranges = new List<(int, int)>();
        var doubtful = false;
        for (var at = 1; at <= close;)
        {
            var comma = text.IndexOf(',', at);
            var end = comma < 0 ? close : comma;
            if (!Element(at, end, isFirst: at == 1, isLast: end == close, out var element)) return null;
            ranges.Add((element.From, element.Through));
            doubtful |= element.Doubtful;
            at = end + 1;
        }
        return Edtf.OneDay(text, new DaySet(ranges), doubtful);
    }

    bool Element(int at, int end, bool isFirst, bool isLast, out Part element)
    {
        var dots = text.IndexOf("..", at, end - at, StringComparison.Ordinal);
        if (dots < 0) return Date(at, end, out element);

        var from = new Part(DaySet.Past, DaySet.Past, false);
        var through = new Part(DaySet.Future, DaySet.Future, false);
        element = default;
        if (end - at == 2) return Fails(at, "a range needs a date at one end at least");
        if (dots == at && !isFirst) return Fails(at, "only a set's first range may lack its start");
        if (dots == end - 2 && !isLast) return Fails(dots, "only a set's last range may lack its end");
        if (dots > at && !Date(at, dots, out from)) return false;
        if (dots < end - 2 && !Date(dots + 2, end, out through)) return false;
        if (from.From > through.Through) return Fails(dots + 2, "the range ends before it starts");
        element = new Part(from.From, through.Through, from.Doubtful || through.Doubtful);
        return true;
    }

    Edtf? Interval(int slash)
    {
        if (!End(0, slash, out var start) || !End(slash + 1, text.Length, out var end)) return null;
        if (start is null && end is null) return Fail(0, "an interval needs a date at one end at least");
        var isOpen = text.AsSpan(slash + 1) is "..";

        var from = start ?? new Part(DaySet.Past, DaySet.Future, false);
        var through = end ?? new Part(DaySet.Past, DaySet.Future, false);
        if (from.From > through.Through) return Fail(slash + 1, "the interval ends before it starts");

        // Nothing starts after it ends: each end bounds the other, and lends it its doubt where it does.
        var startDays = new DaySet(from.From, Math.Min(from.Through, through.Through));
        var endDays = new DaySet(Math.Max(from.From, through.From), through.Through);
        var startDoubtful = from.Doubtful || (through.Doubtful && through.Through < from.Through);
        var endDoubtful = through.Doubtful || (from.Doubtful && from.From > through.From);
        return Edtf.Duration(text, startDays, startDoubtful, isOpen ? null : endDays, endDoubtful);
    }

    /// <summary>One end of an interval; null for an unknown one (nothing written) and an open one (two dots).</summary>
    bool End(int at, int end, out Part? part)
    {
        part = null;
        if (at == end || text.AsSpan(at, end - at) is "..") return true;
        if (!Date(at, end, out var date)) return false;
        part = date;
        return true;
    }

    /// <summary>A day, month, year, season, decade or century with or without its qualifier, as the days that it may be.</summary>
    bool Date(int at, int end, out Part date)
    {
        date = default;
        if (at == end) return Fails(at, "a date is missing");
        var doubtful = text[end - 1] is '?' or '~' or '%';
        var body = text.AsSpan(at, end - at - (doubtful ? 1 : 0)).ToString();
        var shape = string.Concat(body.Select(c => char.IsAsciiDigit(c) ? '0' : c));
        if (!Shapes.Contains(shape)) return Misshapen(at, shape);

        var year = int.Parse(body[..4].Replace('X', '0'), CultureInfo.InvariantCulture);
        if (year == 0 && shape is not ("000X" or "00XX")) return Fails(at, "years run from 0001 to 9999");
        if (shape is "0000-00" or "0000-00-00" or "0000-00-XX")
        {
            var month = Number(body, 5);
            if (shape is "0000-00" && month is >= 21 and <= 24) return Season(at, year, month, doubtful, out date);
            if (month is < 1 or > 12) return Fails(at + 5, "there is no such month or season (01 to 12, 21 to 24)");
            var length = DateTime.DaysInMonth(year, month);
            var day = shape is "0000-00-00" ? Number(body, 8) : 0;
            if (shape is "0000-00-00" && (day < 1 || day > length))
                return Fails(at + 8, string.Create(CultureInfo.InvariantCulture, $"this month has the days 01 to {length}"));
            var first = new DateOnly(year, month, Math.Max(day, 1));
            date = new Part(first.DayNumber, day > 0 ? first.DayNumber : first.DayNumber + length - 1, doubtful);
            return true;
        }

        var lastYear = year + (shape switch { "000X" => 9, "00XX" => 99, _ => 0 });
        date = new Part(new DateOnly(Math.Max(year, 1), 1, 1).DayNumber, new DateOnly(lastYear, 12, 31).DayNumber, doubtful);
        return true;
    }

    // ISO 8601-2 leaves open when a season starts. Here they are the meteorologists', in the north, in whole months.
    bool Season(int at, int year, int season, bool doubtful, out Part date)
    {
        date = default;
        if (season == 24 && year == 9999) return Fails(at, "the winter of 9999 ends after the last year");
        var first = new DateOnly(year, season switch { 21 => 3, 22 => 6, 23 => 9, _ => 12 }, 1);
        date = new Part(first.DayNumber, first.AddMonths(3).DayNumber - 1, doubtful);
        return true;
    }

    bool Misshapen(int at, string shape)
    {
        var good = Shapes.Max(s => shape.Zip(s).TakeWhile(pair => pair.First == pair.Second).Count());
        var reason = good == shape.Length ? "the date ends too early"
            : shape[good] is 'T' ? "a day is due, not a time of day"
            : shape[good] is '?' or '~' or '%' ? "a qualifier stands once, at the end of a date"
            : "a date reads 2026-01-27, 2026-01, 2026, 2026-01-XX, 2026-XX-XX, 2026-XX, 202X or 20XX";
        return Fails(at + good, reason);
    }

    Edtf? Fail(int position, string reason)
    {
        Fault = new EdtfFault(position, reason);
        return null;
    }

    bool Fails(int position, string reason) => Fail(position, reason) is not null;

    static int Number(string body, int at) => int.Parse(body.AsSpan(at, 2), CultureInfo.InvariantCulture);

    readonly record struct Part(int From, int Through, bool Doubtful);
}
