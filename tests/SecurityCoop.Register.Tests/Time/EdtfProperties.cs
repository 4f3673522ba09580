using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using SecurityCoop.Register.Time;
using Xunit;

namespace SecurityCoop.Register.Tests.Time;

/// <summary>
/// The answers against brute force over a small calendar. Which days a text allows is decided here by matching each day's own text, which has
/// nothing in common with how <see cref="Edtf"/> reads. Whatever has bounds lies well inside the calendar, so that its first and last days
/// stand for all that is before and after; years and decades are left to the examples.
/// </summary>
public class EdtfProperties
{
    const int Cases = 300;

    static readonly DateOnly[] Calendar = [.. Enumerable.Range(0, 283).Select(n => new DateOnly(2024, 8, 27).AddDays(n))];
    static readonly DateOnly[] Inside = Calendar[5..^5];

    static readonly Gen<string> Mark = Gen.Frequency((5, Gen.Constant("")), (1, Gen.Elements("?", "~", "%")));
    static readonly Gen<DateOnly> InsideDay = Gen.Elements(Inside);

    static readonly Gen<string> Date =
        from date in Gen.Frequency(
            (4, InsideDay.Select(Write)),
            (3, Gen.Elements("2024-10", "2024-11", "2024-12", "2025-01-XX", "2025-02", "2025-03")),
            (2, Gen.Elements("2024-23", "2024-24", "2025-21")))
        from mark in Mark
        select date + mark;

    static readonly Gen<string> SetOfDays =
        from first in Gen.Frequency((2, Gen.Constant("")), (1, InsideDay.Select(d => $"..{Write(d)},")))
        from elements in Gen.NonEmptyListOf(Gen.OneOf(Date,
            from a in InsideDay from b in InsideDay from mark in Mark
            select $"{Write(a < b ? a : b)}..{Write(a < b ? b : a)}{mark}"))
        from last in Gen.Frequency((2, Gen.Constant("")), (1, InsideDay.Select(d => $",{Write(d)}..")))
        select $"[{first}{string.Join(',', elements.Take(4))}{last}]";

    static readonly Gen<string> OneDay = Gen.Frequency((3, Date), (4, SetOfDays), (1, Gen.Constant("")));

    static readonly Gen<string> Interval =
        (from start in Gen.Frequency((4, Date), (1, Gen.Elements("", "..")))
         from end in Gen.Frequency((4, Date), (1, Gen.Elements("", "..")))
         select $"{start}/{end}")
        .Where(text => Pairs(text).Count != 0 && text is not ("/" or "../.." or "../" or "/.."));

    static readonly Gen<string> Any = Gen.OneOf(OneDay, Interval);

    [Fact]
    public void What_is_read_is_written_back_as_it_was() => Hold(Any, text => Edtf.Parse(text).ToString() == text);

    [Fact]
    public void The_earliest_day_is_never_after_the_latest() => Hold(Any, text =>
    {
        var date = Edtf.Parse(text);
        return !(date.Earliest > date.Latest) && !(date.EndBounds.Earliest > date.EndBounds.Latest)
            && !(date.Earliest > date.EndBounds.Earliest) && (date.IsOpenEnded || !(date.Latest > date.EndBounds.Latest));
    });

    // Any text at all, made of what dates are made of, and dates of the whole calendar.
    static readonly Gen<string> Scribble = Gen.Frequency(
        (3, Gen.Choose(0, 14).SelectMany(n => Gen.ListOf(Gen.Elements("0123456789X-/.[],?~% T".ToCharArray()), n)).Select(cs => string.Concat(cs))),
        (2, from text in Any from at in Gen.Choose(0, 30) from c in Gen.Elements("09X-/.[],?~% ".ToCharArray()) select text.Insert(Math.Min(at, text.Length), $"{c}")),
        (2, from text in Any from at in Gen.Choose(0, 30) select text.Length == 0 ? text : text.Remove(Math.Min(at, text.Length - 1), 1)),
        (3, from year in Gen.Choose(0, 9999) from shape in Gen.Elements("{0:0000}", "{0:0000}-12", "{0:0000}-24", "{0:0000}-XX", "{0:0000}-12-31", "{0:0000}/..", "../{0:0000}", "[..{0:0000}]", "[{0:0000}..]", "{0:0000}-11/") select string.Format(CultureInfo.InvariantCulture, shape, year)),
        (1, from decade in Gen.Choose(0, 999) from mark in Mark select $"{decade:000}X{mark}"),
        (1, from century in Gen.Choose(0, 99) select $"{century:00}XX"));

    [Fact]
    public void Any_text_is_either_read_and_written_back_or_refused_at_one_of_its_characters() => Hold(Scribble, text =>
    {
        if (!Edtf.TryParse(text, out var date, out var fault)) return fault.Position >= 0 && fault.Position <= text.Length && fault.Reason.Length > 0;
        return date.Text == text && Edtf.Parse(date.Text) == date && !(date.Earliest > date.Latest) && !(date.EndBounds.Earliest > date.EndBounds.Latest)
            && (date.Latest is not { } last || date.StartedBy(last) == (date.IsUncertain && date.StartedBy(last) == Certainty.Possible ? Certainty.Possible : Certainty.Certain))
            && (date.Earliest is not { } first || first == DateOnly.MinValue || date.StartedBy(first.AddDays(-1)) == Certainty.No);
    });

    [Fact]
    public void The_possible_days_are_those_that_the_text_allows() => Hold(OneDay, text =>
    {
        var days = Edtf.Parse(text).Days;
        return Calendar.All(day => days.Any(r => !(r.From > day) && !(r.To < day)) == Allows(text, day));
    });

    [Fact]
    public void Started_by_and_ended_by_are_what_every_possible_case_says() => Hold(Any, InsideDay, (text, day) =>
        Edtf.Parse(text).StartedBy(day) == Answer(text, (start, _) => start <= day, StartDoubt(text))
        && Edtf.Parse(text).EndedBy(day) == Answer(text, (_, end) => end <= day, EndDoubt(text)));

    [Fact]
    public void Within_a_window_is_what_every_possible_case_says() => Hold(Any, InsideDay.Two(), (text, window) =>
    {
        var (from, through) = window.Item1 < window.Item2 ? (window.Item1, window.Item2) : (window.Item2, window.Item1);
        return Edtf.Parse(text).Within(from, through)
            == Answer(text, (start, end) => start <= through && (end ?? DateOnly.MaxValue) >= from, StartDoubt(text) || EndDoubt(text));
    });

    [Fact]
    public void Before_another_is_what_every_pair_of_possible_days_says() => Hold(Any, Any, (text, other) =>
    {
        var starts = Pairs(text).Select(p => p.Start).Distinct().ToList();
        var others = Pairs(other).Select(p => p.Start).Distinct().ToList();
        var answers = starts.SelectMany(_ => others, (a, b) => a < b).Distinct().ToList();
        return Edtf.Parse(text).IsBefore(Edtf.Parse(other)) == Answer(answers, StartDoubt(text) || StartDoubt(other));
    });

    [Fact]
    public void A_past_deadline_is_what_every_possible_due_day_says() => Hold(Any, InsideDay, (text, asOf) =>
    {
        if (text == "") return Edtf.Parse(text).IsPast(asOf) == Certainty.Possible;
        var due = Pairs(text).Select(p => p.End).Distinct().Order().ToList();
        // At the latest a day: of the days from the calendar's start on, the last before the first gap. A set of all days has no such day.
        var allDays = text.EndsWith("..]", StringComparison.Ordinal) && due.Count == Calendar.Length;
        if (text.StartsWith("[..", StringComparison.Ordinal) && !allDays)
            due.RemoveRange(0, Enumerable.Range(0, due.Count).Last(n => due[n] == Calendar[n]));
        return Edtf.Parse(text).IsPast(asOf) == Answer(due.Select(d => d < asOf).Distinct().ToList(), EndDoubt(text));
    });

    [Fact]
    public void One_day_is_within_another_when_every_day_that_it_allows_is() => Hold(OneDay, OneDay, (text, wider) =>
        Edtf.Parse(text).IsWithin(Edtf.Parse(wider)) == Calendar.All(d => !Allows(text, d) || Allows(wider, d)));

    [Fact]
    public void Days_later_are_the_possible_days_moved() => Hold(OneDay, Gen.Choose(-5, 5), (text, days) =>
    {
        var moved = Edtf.Parse(text).PlusDays(days);
        var back = moved.PlusDays(-days);
        return Inside.All(d => moved.StartedBy(d.AddDays(days)) == Edtf.Parse(text).StartedBy(d)) && back.IsWithin(Edtf.Parse(text));
    });

    static void Hold(Gen<string> texts, Func<string, bool> holds) =>
        Prop.ForAll(texts.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

    static void Hold<T>(Gen<string> texts, Gen<T> others, Func<string, T, bool> holds) =>
        Prop.ForAll(texts.ToArbitrary(), others.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

    static Certainty Answer(string text, Func<DateOnly, DateOnly?, bool> holds, bool doubtful) =>
        Answer(Pairs(text).Select(p => holds(p.Start, p.End)).Distinct().ToList(), doubtful);

    static Certainty Answer(List<bool> inEachCase, bool doubtful) =>
        !inEachCase.Contains(true) ? Certainty.No : inEachCase.Contains(false) || doubtful ? Certainty.Possible : Certainty.Certain;

    /// <summary>Every start with every end that fits it; an end that never comes is null.</summary>
    static List<(DateOnly Start, DateOnly? End)> Pairs(string text)
    {
        if (!text.Contains('/')) return [.. Calendar.Where(d => Allows(text, d)).Select(d => (d, (DateOnly?)d))];
        var ends = text.Split('/');
        var starts = Calendar.Where(d => ends[0] is "" or ".." || Allows(ends[0], d)).ToList();
        if (ends[1] is "..") return [.. starts.Select(s => (s, (DateOnly?)null))];
        var lasts = Calendar.Where(d => ends[1] is "" || Allows(ends[1], d)).ToList();
        return [.. starts.SelectMany(_ => lasts, (s, e) => (Start: s, End: (DateOnly?)e)).Where(p => p.Start <= p.End)];
    }

    static bool Allows(string text, DateOnly day)
    {
        if (text is "") return true;
        if (text.StartsWith('[')) return text[1..^1].Split(',').Any(element => Allows(element, day));
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots >= 0)
        {
            var (from, through) = (text[..dots], text[(dots + 2)..].TrimEnd('?', '~', '%'));
            return (from == "" || string.CompareOrdinal(from, Write(day)) <= 0) && (through == "" || string.CompareOrdinal(Write(day), through) <= 0);
        }
        var date = text.TrimEnd('?', '~', '%');
        return date switch
        {
            "2024-23" => day is { Year: 2024, Month: 9 or 10 or 11 },
            "2024-24" => day is { Year: 2024, Month: 12 } or { Year: 2025, Month: 1 or 2 },
            "2025-21" => day is { Year: 2025, Month: 3 or 4 or 5 },
            _ => Regex.IsMatch(Write(day), "^" + date.Replace("X", @"\d")),
        };
    }

    static bool Doubt(string text) => text.IndexOfAny(['?', '~', '%']) >= 0;

    // An end's doubt reaches the start where cutting that end away would leave the start more days, and the other way round.
    static bool StartDoubt(string text) => text.Contains('/') ? Doubt(text.Split('/')[0]) || (Doubt(text.Split('/')[1]) && Bounds(text, 1)) : Doubt(text);

    static bool EndDoubt(string text) => text.Contains('/') ? Doubt(text.Split('/')[1]) || (Doubt(text.Split('/')[0]) && Bounds(text, 0)) : Doubt(text);

    /// <summary>Whether an interval's end (0 the start, 1 the end) takes possible days from the other one.</summary>
    static bool Bounds(string text, int which)
    {
        var ends = text.Split('/');
        var without = which == 0 ? $"/{ends[1]}" : $"{ends[0]}/";
        DateOnly?[] Other(string interval) => [.. Pairs(interval).Select(p => which == 0 ? p.End : p.Start).Distinct()];
        return Other(text).Length < Other(without).Length;
    }

    static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
