using System.Globalization;
using static SecurityCoop.Register.Time.SignKind;

namespace SecurityCoop.Register.Time;

/// <summary>What a text, or a part of it, is read as: EDTF, or why not.</summary>
readonly record struct Reading(string? Text, DateFault? Fault)
{
    internal static Reading Of(string text) => new(text, null);

    /// <summary>The same with each text changed, those of two readings too.</summary>
    internal Reading With(Func<string, string> change) => Fault switch
    {
        null => Of(change(Text!)),
        { Kind: WrittenFault.TwoReadings } f => new(null, f with { Readings = [.. f.Readings.Select(change)] }),
        _ => this,
    };
}

/// <summary>
/// Reads the signs of a written date: first what surrounds it (about, perhaps, by, before, since), then what joins several dates (from …
/// to, between … and, or), then
/// each date by itself (<see cref="WrittenPart"/>). A year that is left out is tried before and after the document's day, and taken where
/// one of the two is left.
/// </summary>
sealed class WrittenReader(string written, DateOnly? documentDay)
{
    enum Join { None, Duration, Set, OneOf, Several, Bare }

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal Reading Read(List<Sign> signs)
    {
        signs.RemoveAll(s => s.Kind is Filler or Gregorian);
        if (signs.Any(s => s.Kind == Undated) && signs.All(s => s.Kind is Undated or Comma or And or Or or SameDay)) return Reading.Of("");
        if (signs.Any(s => s.Kind is Unknown or Undated)) return Bad(WrittenFault.Unreadable);
        // "courant mars": during March; "le 15 courant": of this month.
        for (var i = 0; i + 1 < signs.Count; i++)
            if (signs[i].Kind == This && signs[i + 1].Kind is Month or HijriMonth) signs.RemoveAt(i--);
        if (signs.Any(s => s.Kind == PartOf))
        {
            for (var i = signs.Count - 1; i > 0; i--)
                if (signs[i].Kind == Dash && signs[i - 1].Kind == PartOf) signs.RemoveAt(i); // mi-mars
            var whole = Whole([.. signs.Where(s => s.Kind is not (PartOf or Approximate or Doubtful or By or Before or After or Since))]);
            return whole.Fault is null ? Bad(WrittenFault.PartOfPeriod, whole.Text) : whole;
        }
        var (approximate, doubtful) = (signs.RemoveAll(s => s.Kind == Approximate) > 0, signs.RemoveAll(s => s.Kind == Doubtful) > 0);
        var read = Whole(signs);
        return approximate || doubtful ? read.With(t => Qualified(t, approximate && doubtful ? '%' : approximate ? '~' : '?')) : read;
    }

    Reading Bad(WrittenFault kind, string? hint = null) => new(null, new DateFault(kind, written, hint));

    Reading Two(string one, string other) =>
        new(null, new DateFault(WrittenFault.TwoReadings, written, string.CompareOrdinal(one, other) <= 0 ? [one, other] : [other, one]));

    // Each date of a set or of an interval is qualified by itself.
    static string Qualified(string text, char mark)
    {
        if (text.Length == 0) return text;
        string Of(string date) => date.Length == 0 || date[^1] is '?' or '~' or '%' ? date : date + mark;
        if (text[0] == '[') return $"[{string.Join(',', text[1..^1].Split(',').Select(e => string.Join("..", e.Split("..").Select(Of))))}]";
        return string.Join('/', text.Split('/').Select(e => e == ".." ? e : Of(e)));
    }

    // A date in two calendars, or one.
    Reading Whole(List<Sign> signs)
    {
        while (signs.Count > 0 && signs[^1].Kind is SameDay or Comma) signs.RemoveAt(signs.Count - 1);
        while (signs.Count > 0 && signs[0].Kind is SameDay or Comma) signs.RemoveAt(0);
        var at = signs.FindIndex(s => s.Kind == SameDay);
        if (at < 0) return Surrounded(signs);
        List<Sign> left = signs[..at], right = [.. signs[(at + 1)..].Where(s => s.Kind != SameDay)];
        static bool IsHijri(List<Sign> side) => side.Any(s => s.Kind is Hijri or HijriMonth);
        if (IsHijri(left) == IsHijri(right)) return Surrounded([.. left, .. right]);
        // The weekday may stand with either.
        var (one, other) = (Surrounded(IsHijri(left) ? right : left), Surrounded(IsHijri(left) ? left : right));
        if (one.Fault is not null || other.Fault is not null) return one.Fault is not null ? one : other;
        return Edtf.Parse(one.Text!).IsWithin(Edtf.Parse(other.Text!)) ? one : Two(one.Text!, other.Text!);
    }

    Reading Surrounded(List<Sign> signs)
    {
        var at = signs.FindIndex(s => s.Kind is By or Before or After or Since
            || (s.Kind == From && !signs.Any(t => t.Kind is To or Dash)));
        if (at < 0) return Joined(signs);
        var (kind, rest) = (signs[at].Kind, signs.Where((_, i) => i != at).ToList());
        if ((at > 0 && kind != By) || rest.Any(s => s.Kind is By or Before or After or Since or To or Between or Dash or And or Or)) return Bad(WrittenFault.Unreadable);
        var inner = Joined(rest);
        if (inner.Fault is not null || !Edtf.TryParse(inner.Text!, out var date, out _)) return inner.With(t => kind == By
            && !t.StartsWith('[') ? $"[..{t}]" : t);
        if (date is not { IsInterval: false, Earliest: { } first, Latest: { } last }
            || inner.Text!.Contains('[', StringComparison.Ordinal)) return Bad(WrittenFault.Unreadable);
        if (first == DateOnly.MinValue || last == DateOnly.MaxValue) return Bad(WrittenFault.Unreadable);
        return kind switch
        {
            By => Reading.Of($"[..{inner.Text}]"),
            Before => Two($"[..{Day(first.AddDays(-1))}]", $"[..{inner.Text}]"), // Whether the day itself belongs to it, no language says.
            After => Two($"[{inner.Text}..]", $"[{Day(last.AddDays(1))}..]"),
            _ => Reading.Of($"{inner.Text}/.."),
        };
    }

    Reading Joined(List<Sign> signs)
    {
        if (Winter(signs) is { } winter) return winter;
        var (join, pieces) = Split(signs);
        var parts = new List<WrittenPart>();
        foreach (var piece in pieces)
        {
            var part = WrittenPart.Of(piece, written);
            if (part.Fault is not null) return new(null, part.Fault);
            parts.Add(part);
        }
        Lend(parts);
        if (parts.Any(p => p.ShortYear is not null))
        {
            // Of the two centuries neither is chosen.
            Reading In(int century) => Placed(join, [.. parts.Select(p => p.ShortYear is { } y
                ? p with { Year = century + y, ShortYear = null } : p)]);
            var (later, earlier) = (In(2000), In(1900));
            return later.Fault is null && earlier.Fault is null ? Two(earlier.Text!, later.Text!) : later.Fault is not null ? later
                : earlier;
        }
        return Placed(join, parts);
    }

    // The winter of one year is named by both.
    Reading? Winter(List<Sign> signs)
    {
        if (signs is not [{ Kind: Season } season, { Kind: Number, Digits: 4 } year, { Kind: Dash },
            { Kind: Number, Digits: 4 or 2 } next]) return null;
        return season.Value == 24 && (next.Value == year.Value + 1 || (next.Digits == 2 && next.Value == (year.Value + 1) % 100))
            ? Reading.Of(FormattableString.Invariant($"{year.Value:0000}-24")) : Bad(WrittenFault.Unreadable);
    }

    static (Join, List<List<Sign>>) Split(List<Sign> signs)
    {
        // Between two bare numbers a comma is "and" ("24, 25 et 26"); elsewhere it is nothing.
        for (var i = signs.Count - 1; i >= 0; i--)
            if (signs[i].Kind == Comma)
            {
                var listed = i > 0 && i + 1 < signs.Count && signs[i - 1] is { Kind: Number, Digits: <= 2 }
                    && signs[i + 1] is { Kind: Number, Digits: <= 2 };
                if (listed) signs[i] = new(signs.Any(s => s.Kind == Or) ? Or : And);
                else signs.RemoveAt(i);
            }
        var first = signs.Count > 0 ? signs[0].Kind : Filler;
        var (join, by) = first == Between ? (Join.Set, And) : signs.Any(s => s.Kind == To)
            ? (first is From or Of ? Join.Duration : Join.Bare, To)
            : signs.Any(s => s.Kind == Or) ? (Join.OneOf, Or) : signs.Any(s => s.Kind == And) ? (Join.Several, And)
            : signs.Any(s => s.Kind == Dash) ? (first == From ? Join.Duration : Join.Bare, Dash) : (Join.None, Filler);
        var pieces = new List<List<Sign>> { new() };
        foreach (var sign in signs.Skip(first is Between or From ? 1 : 0))
            if (sign.Kind == by && join != Join.None) pieces.Add([]);
            else pieces[^1].Add(sign);
        // "From 24 and 27", "between 24" and three ends are no dates.
        if (join is Join.Set or Join.Duration or Join.Bare && pieces.Count != 2) pieces = [[new(Unknown)]];
        return (join, pieces);
    }

    // "Du 24 au 27 novembre 2025": what one part leaves out, the other says.
    static void Lend(List<WrittenPart> parts)
    {
        for (var i = parts.Count - 2; i >= 0; i--) parts[i] = parts[i].Lent(parts[i + 1]);
        for (var i = 1; i < parts.Count; i++) parts[i] = parts[i].Lent(parts[i - 1]);
    }

    // Where the year, or the month, is left out, the document's day tells, if it can.
    Reading Placed(Join join, List<WrittenPart> parts)
    {
        if (!parts.Any(p => p.NeedsPlace)) return Together(join, parts, null);
        if (documentDay is not { } day) return Bad(WrittenFault.NeedsDocumentDate);
        if (parts.All(p => p.IsOneDayNear)) return Together(join, parts, day);
        var (before, after) = (default((Reading Read, Edtf Date)?), default((Reading Read, Edtf Date)?));
        foreach (var place in Places(day, parts[^1]))
        {
            var read = Together(join, [.. parts.Select(p => p.At(place))], day, weekdays: false);
            if (read.Fault is not null || !Edtf.TryParse(read.Text!, out var date, out _) || date.Earliest is not { } from
                || date.Latest is not { } to) continue;
            var strict = parts[^1].Turn == Last;
            if (strict ? to < day : from <= day) before = (read, date);
            else if (after is null && from > day) after = (read, date);
        }
        List<(Reading Read, Edtf Date)?> both = parts[^1].Turn switch { Last => [before], Next => [after], This =>
            [Current(before), Current(after)], _ => [before, after] };
        var left = both.OfType<(Reading Read, Edtf Date)>().ToList();
        if (left.Count == 0) return Bad(WrittenFault.NoSuchDay);
        var fit = left.Where(c => parts.Count > 1 || Fits(parts[0], c.Date, day)).ToList();
        return fit.Count switch
        {
            0 => Bad(WrittenFault.OtherWeekday, left[0].Read.Text),
            1 => fit[0].Read,
            _ => Two(fit[0].Read.Text!, fit[1].Read.Text!),
        };

        (Reading, Edtf Date)? Current((Reading, Edtf Date)? candidate) => candidate is { Date.Earliest: { } at }
            && (parts[^1].Hijri ? HijriDates.YearOf(at) == HijriDates.YearOf(day) : at.Year == day.Year)
                && (parts[^1].Month is not null || at.Month == day.Month) ? candidate : null;
    }

    // Years around the document's, in order, far enough to meet a 29 February on both sides; where the month is left out too, months.
    static IEnumerable<(int Year, int? Month)> Places(DateOnly day, WrittenPart last)
    {
        if (last.Hijri)
        {
            var year = HijriDates.YearOf(day);
            for (var y = year - 2; y <= year + 2; y++) yield return (y, null);
        }
        else if (last.IsDayOnly)
        {
            for (var m = -3; m <= 3; m++)
                if (day.Year * 12 + day.Month - 1 + m is var at && at / 12 is >= 1 and <= 9999) yield return (at / 12, at % 12 + 1);
        }
        else
            for (var y = Math.Max(1, day.Year - 8); y <= Math.Min(9999, day.Year + 8); y++) yield return (y, null);
    }

    static bool Fits(WrittenPart part, Edtf date, DateOnly documentDay)
    {
        bool May(DateOnly d) => (part.Weekday is not { } w || d.DayOfWeek == w)
            && (part.Away is not { } away || d.DayNumber == documentDay.DayNumber + away);
        return (part.Weekday is null && part.Away is null) || Narrowed(date, May) is not null;
    }

    // Of the few days that a date can be, those that fit: nothing, itself, or the one day.
    static string? Narrowed(Edtf date, Func<DateOnly, bool> may)
    {
        if (date is not { IsInterval: false, Earliest: { } from, Latest: { } to } || to.DayNumber - from.DayNumber > 6) return null;
        var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).Where(may).ToList();
        return days.Count == 0 ? null : days.Count == 1 ? Day(days[0]) : date.Text;
    }

    Reading Together(Join join, List<WrittenPart> parts, DateOnly? near, bool weekdays = true)
    {
        var texts = new string[parts.Count];
        // From the last: "du lundi au jeudi" counts back from the end.
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var anchor = i + 1 < parts.Count && Edtf.TryParse(texts[i + 1], out var next, out _) ? next.Earliest : near;
            var read = parts[i].Read(parts[i].IsOneDayNear ? anchor : near, written);
            if (read.Fault is not null) return read;
            texts[i] = read.Text!;
            if (weekdays && (parts[i].Weekday is not null || parts[i].Away is not null) && !parts[i].IsOneDayNear)
            {
                if (parts[i].Away is not null && documentDay is null) return Bad(WrittenFault.NeedsDocumentDate);
                bool May(DateOnly d) => (parts[i].Weekday is not { } w || d.DayOfWeek == w)
                    && (parts[i].Away is not { } a || d.DayNumber == documentDay!.Value.DayNumber + a);
                if (Narrowed(Edtf.Parse(texts[i]), May) is not { } fit) return Bad(WrittenFault.OtherWeekday, texts[i]);
                texts[i] = fit;
            }
            // "Du 28 décembre au 3 janvier 2026" begins the year before.
            if (i + 1 < parts.Count && parts[i].LentYear && parts[i] is { Year: > 1, Hijri: false } && parts[i].Month > parts[i + 1].Month
                && string.CompareOrdinal(texts[i], texts[i + 1]) > 0)
                texts[i] = (parts[i] with { Year = parts[i].Year - 1 }).Read(near, written).Text ?? texts[i];
        }
        if (parts.Count == 1) return Reading.Of(texts[0]);
        var isSet = texts.Any(t => t.StartsWith('['));
        if (join is Join.OneOf) return isSet ? Bad(WrittenFault.Unreadable) : Ordered($"[{string.Join(',', texts)}]");
        if (join is Join.Set) return Ordered($"[{Bound(texts[0], first: true)}..{Bound(texts[1], first: false)}]");
        if (isSet) return Bad(WrittenFault.Unreadable); // An interval's ends are single dates.
        if (join is Join.Several)
            return texts.Zip(texts.Skip(1)).All(t => t.First.Length == 10 && t.Second.Length == 10
                && DayNumber(t.Second) == DayNumber(t.First) + 1)
                ? Reading.Of($"{texts[0]}/{texts[^1]}") : Bad(WrittenFault.SeveralDays);
        var duration = Ordered($"{texts[0]}/{texts[1]}");
        return duration.Fault is not null || join == Join.Duration ? duration : Two(duration.Text!, $"[{texts[0]}..{texts[1]}]");
    }

    Reading Ordered(string text) => Edtf.TryParse(text, out _, out _) ? Reading.Of(text) : Bad(WrittenFault.EndsBeforeItStarts);

    static int DayNumber(string day) => Edtf.Parse(day).Earliest!.Value.DayNumber;

    // A set's range from a Hijri date runs from the first of its days, to one to the last.
    static string Bound(string text, bool first) => !text.StartsWith('[') ? text
        : Edtf.Parse(text) is { Earliest: { } from, Latest: { } to } ? Day(first ? from : to) : text;
}
