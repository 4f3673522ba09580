using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace SecurityCoop.Register.Time;

/// <summary>
/// A date as its source gives it, never more precise than that (EDTF, ISO 8601-2:2019; levels 0 and 1, and the sets "one of these" of level 2;
/// years 0001 to 9999; days only). A date that is no interval is one day, of which we know in which days it lies: <c>2024-11</c> is some day of
/// that November. An interval is a duration, from some day of its start to some day of its end.
/// <para>Seasons are meteorological and northern: spring 21 is March to May, summer 22 June to August, autumn 23 September to November, winter
/// 24 December of that year to the end of February of the next.</para>
/// <para><c>?</c>, <c>~</c> and <c>%</c> keep the bounds: inside them, what would be certain is possible; outside them the answer is still no.
/// An interval's start is in doubt by its own qualifier, and by its end's where only the end bounds it; its end likewise.</para>
/// <para>An interval's open end (<c>2024-11/..</c>) never comes; an unknown one (<c>2024-11/</c>) comes on some day that is not before the start.
/// A start that is open or unknown is some day that is not after the end. To the unknown date, the empty text, the answer to every question is
/// <see cref="Certainty.Possible"/>. Two dates are equal when their texts are.</para>
/// </summary>
[JsonConverter(typeof(EdtfJsonConverter))]
public sealed class Edtf : IEquatable<Edtf>
{
    public static readonly Edtf Unknown = OneDay("", DaySet.All, doubtful: false);

    readonly DaySet start;
    readonly DaySet? end; // null: never ends
    readonly bool startDoubtful, endDoubtful;

    Edtf(string text, bool isInterval, DaySet start, bool startDoubtful, DaySet? end, bool endDoubtful)
    {
        (Text, IsInterval) = (text, isInterval);
        (this.start, this.startDoubtful, this.end, this.endDoubtful) = (start, startDoubtful, end, endDoubtful);
    }

    internal static Edtf OneDay(string text, DaySet days, bool doubtful) => new(text, false, days, doubtful, days, doubtful);

    internal static Edtf Duration(string text, DaySet start, bool startDoubtful, DaySet? end, bool endDoubtful) =>
        new(text, true, start, startDoubtful, end, endDoubtful);

    /// <summary>Reads a date; the empty text is <see cref="Unknown"/>.</summary>
    /// <exception cref="EdtfException">The text is no date of these levels, or certainly ends before it starts.</exception>
    public static Edtf Parse(string text) => TryParse(text, out var date, out var fault) ? date : throw new EdtfException(text, fault);

    /// <summary>As <see cref="Parse"/>, with the fault instead of an exception.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Edtf? date, [NotNullWhen(false)] out EdtfFault? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new EdtfReader(text);
        date = reader.Read();
        fault = reader.Fault;
        return date is not null;
    }

    /// <summary>That day.</summary>
    public static Edtf On(DateOnly day) => Parse(Write(day));

    /// <summary>That day or some day before it: <c>[..day]</c>.</summary>
    public static Edtf By(DateOnly day) => Parse($"[..{Write(day)}]");

    /// <summary>The text exactly as it was read.</summary>
    public string Text { get; }

    public bool IsUnknown => Text.Length == 0;

    public bool IsInterval { get; }

    /// <summary>An interval that never ends. Only then are both of its <see cref="EndBounds"/> null.</summary>
    public bool IsOpenEnded => end is null;

    /// <summary>Whether any part of it is qualified (<c>?</c>, <c>~</c>, <c>%</c>).</summary>
    public bool IsUncertain => Text.AsSpan().ContainsAny('?', '~', '%');

    /// <summary>The first day that it may be, or on which it may start; null without a bound.</summary>
    public DateOnly? Earliest => DaySet.Day(start.First);

    /// <summary>The last day that it may be, or on which it may start; null without a bound.</summary>
    public DateOnly? Latest => DaySet.Day(start.Last);

    /// <summary>The first and last day on which it may start, null without a bound; for one day, on which it may lie.</summary>
    public (DateOnly? Earliest, DateOnly? Latest) StartBounds => (Earliest, Latest);

    /// <summary>The first and last day on which it may end, null without a bound; for one day, on which it may lie.</summary>
    public (DateOnly? Earliest, DateOnly? Latest) EndBounds => end is null ? (null, null) : (DaySet.Day(end.First), DaySet.Day(end.Last));

    /// <summary>The days that it may be, or on which it may start: ranges in order that neither overlap nor touch; null without a bound.</summary>
    public IReadOnlyList<(DateOnly? From, DateOnly? To)> Days =>
        [.. start.Ranges.Select(r => (DaySet.Day(r.From), DaySet.Day(r.Through)))];

    /// <summary>Whether it had happened, or a duration had started, at the end of that day.</summary>
    public Certainty StartedBy(DateOnly day) => Answer(start.First <= day.DayNumber, start.Last <= day.DayNumber, startDoubtful);

    /// <summary>Whether it was over at the end of that day. An open end is never over.</summary>
    public Certainty EndedBy(DateOnly day) =>
        end is null ? Certainty.No : Answer(end.First <= day.DayNumber, end.Last <= day.DayNumber, endDoubtful);

    /// <summary>Whether it lies, or starts, on an earlier day than the other one lies or starts. Two equal texts may be different days.</summary>
    public Certainty IsBefore(Edtf other) =>
        Answer(start.First < other.start.Last, start.Last < other.start.First, startDoubtful || other.startDoubtful);

    /// <summary>
    /// Whether the day lies in the window, whose first and last day belong to it, or whether a duration has any day in it: it has when it starts
    /// by the window's last day and does not end before its first. For a duration that is over by the window's end its last day decides,
    /// which is how dormancy counts contacts; one that still runs then is in the window.
    /// </summary>
    /// <exception cref="ArgumentException">The window ends before it starts.</exception>
    public Certainty Within(DateOnly from, DateOnly through)
    {
        if (from > through) throw new ArgumentException("The window ends before it starts.", nameof(through));
        var (first, last) = (from.DayNumber, through.DayNumber);
        if (!IsInterval) return Answer(start.Meets(first, last), first <= start.First && start.Last <= last, startDoubtful);
        return Answer(start.First <= last && (end is null || end.Last >= first),
            start.Last <= last && (end is null || end.First >= first), startDoubtful || endDoubtful);
    }

    /// <summary>
    /// For a deadline: whether <paramref name="asOf"/> is a later day. A set without a lower bound (<c>[..day]</c>, at the latest) falls due on the
    /// last day of its first range, a duration on the day it ends; one that never ends is never past. The unknown date is possibly past:
    /// whether an undated commitment can be late at all is for the caller to say.
    /// </summary>
    public Certainty IsPast(DateOnly asOf)
    {
        if (end is null) return Certainty.No;
        var first = end.Ranges[0];
        var firstDue = !IsInterval && first is { From: DaySet.Past, Through: < DaySet.Future } ? first.Through : first.From;
        return Answer(firstDue < asOf.DayNumber, end.Last < asOf.DayNumber, endDoubtful);
    }

    /// <summary>
    /// Whether this says nothing that the wider one excludes: every day that it may be, or on which it may start and end, is possible there too.
    /// Where only this is a duration, the wider one must allow all its days. Qualifiers play no part. Everything is within
    /// <see cref="Unknown"/>.
    /// </summary>
    public bool IsWithin(Edtf wider)
    {
        if (IsInterval && !wider.IsInterval) return wider.start.Covers(new DaySet(start.First, end?.Last ?? DaySet.Future));
        if (!wider.start.Covers(start)) return false;
        if (wider.end is null) return end is null;
        return end is null ? wider.end.Last == DaySet.Future : wider.end.Covers(end);
    }

    /// <summary>So many days after the day, or after a duration's start: a day, or a set of days. Keeps unknown, bounds and doubt.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The result leaves the years 0001 to 9999.</exception>
    public Edtf PlusDays(int days) => Moved(day => day.AddDays(days));

    /// <summary>
    /// As <see cref="PlusDays"/>, in months; a day that the month does not have becomes its last (31 January and one month: 28 February). Of a range
    /// the ends are moved, and the days between them are all kept as possible.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The result leaves the years 0001 to 9999.</exception>
    public Edtf PlusMonths(int months) => Moved(day => day.AddMonths(months));

    public bool Equals(Edtf? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Edtf);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(Edtf? left, Edtf? right) => Equals(left, right);

    public static bool operator !=(Edtf? left, Edtf? right) => !Equals(left, right);

    public override string ToString() => Text;

    static Certainty Answer(bool possible, bool certain, bool doubtful) =>
        !possible ? Certainty.No : certain && !doubtful ? Certainty.Certain : Certainty.Possible;

    Edtf Moved(Func<DateOnly, DateOnly> move)
    {
        var moved = start.Moved(move);
        if (moved is { First: DaySet.Past, Last: DaySet.Future, Ranges.Count: 1 }) return Unknown;
        var (questioned, approximate) = (Text.AsSpan().ContainsAny('?', '%'), Text.AsSpan().ContainsAny('~', '%'));
        var mark = !startDoubtful ? "" : questioned && approximate ? "%" : approximate ? "~" : "?";
        string Bound(int number) => DaySet.Day(number) is { } day ? Write(day) + mark : "";

        if (moved.First == moved.Last) return Parse(Bound(moved.First));
        var elements = moved.Ranges.Select(r => r.From == r.Through ? Bound(r.From) : $"{Bound(r.From)}..{Bound(r.Through)}");
        return Parse($"[{string.Join(',', elements)}]");
    }

    static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
