using System.Globalization;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Something to draw on the timeline.</summary>
/// <param name="Number">By which the list names it too.</param>
/// <param name="Form">A tick, unless it is planned or computed.</param>
sealed record DrawnItem(int Number, Edtf On, string Said, DrawnForm Form);

enum DrawnForm { Happened, Planned, Computed }

/// <summary>
/// Draws dates as they are known, on a linear scale, and nothing more precise (pages, "Honest timelines"): an exact day as a tick; some day of
/// a time as a hollow bar; a duration as a filled one; one of several days as hollow ticks joined by dots. What has no date stands below the
/// axis. In a language that is written from the right, time runs from the right. Paths only: the page's style sheet has the looks.
/// </summary>
sealed class TimelineDrawing
{
    const int Width = 560, Edge = 24, Row = 30, TextAt = 5;

    readonly DateOnly first, last;
    readonly bool fromRight;
    readonly Language language;

    public TimelineDrawing(IReadOnlyList<DrawnItem> items, DateOnly asOf, Language language)
    {
        (this.language, fromRight) = (language, language == Language.Arabic);
        Dated = [.. items.Where(i => Bounds(i.On) is not null)];
        Undated = [.. items.Where(i => Bounds(i.On) is null)];
        var days = Dated.SelectMany(i => Bounds(i.On)!).Append(asOf).ToList();
        // A little room at both ends, and never less than two months.
        var margin = Math.Max(30, (days.Max().DayNumber - days.Min().DayNumber) / 20);
        first = DateOnly.FromDayNumber(Math.Max(DateOnly.MinValue.DayNumber, days.Min().DayNumber - margin));
        last = DateOnly.FromDayNumber(Math.Min(DateOnly.MaxValue.DayNumber, days.Max().DayNumber + margin));
        AsOf = asOf;
    }

    public IReadOnlyList<DrawnItem> Dated { get; }
    public IReadOnlyList<DrawnItem> Undated { get; }
    DateOnly AsOf { get; }

    int AxisAt => 28 + (Row * Dated.Count);
    int TrayAt => AxisAt + 40;
    int Height => Undated.Count == 0 ? AxisAt + 36 : TrayAt + 24 + (22 * (Undated.Count + 1));

    /// <summary>The view box: numbers without a culture, as every number of the drawing.</summary>
    public string ViewBox => Inv($"0 0 {Width} {Height}");

    /// <summary>The axis with its ticks.</summary>
    public string Axis => Inv($"M{Edge} {AxisAt}H{Width - Edge}") + string.Concat(Ticks.Select(t => Inv($"M{X(t)} {AxisAt - 5}v10")));

    /// <summary>The words below the axis: where each stands, and what it says.</summary>
    public IEnumerable<(string X, string Y, string Text)> AxisWords => Ticks.Select(t => (Inv($"{X(t)}"), Inv($"{AxisAt + 22}"),
        Years ? t.ToString("yyyy", language.Culture) : t.ToString("MMM yyyy", language.Culture)));

    /// <summary>The line at the day asked about.</summary>
    public string Now => Inv($"M{X(AsOf)} 22V{AxisAt}");
    public string NowX => Inv($"{X(AsOf)}");

    /// <summary>From which end its words begin: near an edge they lead away from it.</summary>
    public string NowAnchor => (X(AsOf) is > 90 and < Width - 90) ? "middle" : X(AsOf) <= 90 != fromRight ? "start" : "end";

    /// <summary>The box below the axis for what has no date.</summary>
    public string Tray => Inv($"M{Edge} {TrayAt}h{Width - (2 * Edge)}v{14 + (22 * (Undated.Count + 1))}h-{Width - (2 * Edge)}z");
    public (string X, string Y) TrayWord(int row) => (Inv($"{(fromRight ? Width - Edge - 12 : Edge + 12)}"), Inv($"{TrayAt + 22 + (22 * row)}"));

    /// <summary>The marks of an item: of each the classes that its looks come from, and the path.</summary>
    public IEnumerable<(string Css, string Path)> Marks(int index)
    {
        var (item, y) = (Dated[index], YOf(index));
        var text = item.On.Text;
        var about = text.Contains('~', StringComparison.Ordinal) || text.Contains('%', StringComparison.Ordinal) ? " dash" : "";
        var days = Bounds(item.On)!;
        var (from, to) = (X(days[0]), X(days[^1]));
        if (item.Form == DrawnForm.Computed && from == to) return [("mark" + about, Inv($"m{from} {y - 8} 8 8-8 8-8-8z"))];
        if (item.Form == DrawnForm.Planned && from == to) return [("mark" + about, Inv($"M{from - 7} {y}a7 7 0 1 0 14 0a7 7 0 1 0-14 0"))];
        if (text.StartsWith("[..", StringComparison.Ordinal) || text.EndsWith("..]", StringComparison.Ordinal))
        {
            // Bounded on one side only: a bracket there, dots to the edge.
            var latest = text.StartsWith("[..", StringComparison.Ordinal);
            var edge = latest != fromRight ? Edge : Width - Edge;
            var arms = latest != fromRight ? from - 6 : from + 6;
            return [("mark" + about, Inv($"M{arms} {y - 8}H{from}v16H{arms}")), ("mark dots", Inv($"M{from} {y}H{edge}"))];
        }
        if (text[0] == '[' && days.Count > 1 && !text.Contains("..", StringComparison.Ordinal))
        {
            var ticks = string.Concat(days.Select(d => Inv($"M{X(d) - 2} {y - 8}h4v16h-4z")));
            return [("mark" + about, ticks), ("mark dots", Inv($"M{from} {y}H{to}"))];
        }
        if (item.On.IsInterval && item.On.EndBounds.Latest is null)
        {
            var (edge, back) = fromRight ? (Edge, 6) : (Width - Edge, -6);
            return [("mark" + about, Inv($"M{from} {y}H{edge}M{edge + back} {y - 6}l{-back} 6l{back} 6"))];
        }
        var (left, width) = (Math.Min(from, to), Math.Max(2, Math.Abs(to - from)));
        if (item.On.IsInterval) return [("filled" + about, Inv($"M{left} {y - 7}h{width}v14h-{width}z"))];
        return days[0] == days[^1] ? [("mark tick" + about, Inv($"M{from} {y - 10}v20"))]
            : [("mark" + about, Inv($"M{left} {y - 6}h{width}v12h-{width}zM{left} {y - 10}v20M{left + width} {y - 10}v20"))];
    }

    /// <summary>What stands beside an item: where, from which end, and its words.</summary>
    public (string X, string Y, string Anchor, string Text) Word(int index)
    {
        var (item, days) = (Dated[index], Bounds(Dated[index].On)!);
        var (low, high) = (Math.Min(X(days[0]), X(days[^1])), Math.Max(X(days[0]), X(days[^1])));
        // Where there is more room; in a language from the right an anchor's start is at the right.
        var after = Width - high > low;
        var doubtful = item.On.Text.Contains('?', StringComparison.Ordinal) || item.On.Text.Contains('%', StringComparison.Ordinal) ? " ?" : "";
        var words = $"{item.Number.ToString(CultureInfo.InvariantCulture)} {Short(item.Said)}{doubtful}";
        return (Inv($"{(after ? high + 16 : low - 16)}"), Inv($"{YOf(index) + TextAt}"), after != fromRight ? "start" : "end", words);
    }

    /// <summary>The words of something in the tray.</summary>
    public static string Word(DrawnItem item) => $"{item.Number.ToString(CultureInfo.InvariantCulture)} {Short(item.Said)}";

    static string Short(string text) => text.Length <= 34 ? text : string.Concat(text.AsSpan(0, 33), "…");

    static int YOf(int index) => 44 + (Row * index);

    // The days between which, or of which, something is; null: it has no date. A set keeps each of its days.
    static IReadOnlyList<DateOnly>? Bounds(Edtf on)
    {
        if (on.IsUnknown) return null;
        var each = on.Text.Trim('[', ']').Split(',');
        bool IsDay(string e) => DateOnly.TryParseExact(e, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        if (on.Text[0] == '[' && each.Length > 1 && each.All(IsDay))
            return [.. each.Select(e => DateOnly.ParseExact(e, "yyyy-MM-dd", CultureInfo.InvariantCulture))];
        DateOnly? from = on.Earliest is { } first && first > DateOnly.MinValue ? first : null;
        DateOnly? to = on.EndBounds.Latest is { } last && last < DateOnly.MaxValue ? last : null;
        return (from ?? to) is { } any ? [from ?? any, to ?? any] : null;
    }

    bool Years => last.DayNumber - first.DayNumber > 1100;

    // At most six, at the beginnings of months or years.
    List<DateOnly> Ticks
    {
        get
        {
            var months = Math.Max(1, (int)Math.Ceiling((last.DayNumber - first.DayNumber) / 30.4 / 6));
            var step = Years ? (int)Math.Ceiling(months / 12.0) * 12 : months;
            var at = Years ? new DateOnly(first.Year, 1, 1) : new DateOnly(first.Year, first.Month, 1);
            var ticks = new List<DateOnly>();
            for (; at <= last; at = at.AddMonths(step))
            {
                if (at >= first) ticks.Add(at);
                if (at.Year >= 9990) break;
            }
            return ticks;
        }
    }

    int X(DateOnly day)
    {
        var share = (double)(day.DayNumber - first.DayNumber) / (last.DayNumber - first.DayNumber);
        var x = Edge + (int)Math.Round((Width - (2 * Edge)) * share);
        return fromRight ? Width - x : x;
    }

    static string Inv(FormattableString text) => FormattableString.Invariant(text);
}
