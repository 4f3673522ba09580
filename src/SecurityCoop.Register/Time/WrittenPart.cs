using static SecurityCoop.Register.Time.SignKind;

namespace SecurityCoop.Register.Time;

/// <summary>One date of a written text, as far as the text says: a day, a month, a year, a weekday, a season, a quarter, in either
/// calendar.</summary>
sealed record WrittenPart
{
    internal int? Day { get; private init; }
    internal int? Month { get; private init; }
    internal int? Year { get; init; }
    /// <summary>A year of two digits.</summary>
    internal int? ShortYear { get; init; }
    internal DayOfWeek? Weekday { get; private init; }
    /// <summary>Days from the document's: yesterday is -1.</summary>
    internal int? Away { get; private init; }
    internal int? Season { get; private init; }
    /// <summary>Quarter, HalfYear, Fortnight or Decade, of which <see cref="Day"/> is the number.</summary>
    internal SignKind? Period { get; private init; }
    /// <summary>Last, Next or This.</summary>
    internal SignKind? Turn { get; private init; }
    internal bool EnglishNext { get; private init; }
    internal bool Hijri { get; private init; }
    /// <summary>The year was said with another date of the text.</summary>
    internal bool LentYear { get; private init; }
    internal DateFault? Fault { get; private init; }

    /// <summary>A weekday or "yesterday" alone.</summary>
    internal bool IsOneDayNear => (Weekday ?? (object?)Away) is not null && Day is null && Month is null && Year is null && Season is null
        && Period is null;

    internal bool IsDayOnly => Day is not null && Month is null && Year is null && Period is null;

    /// <summary>Whether the document's day must say which year, month or week is meant.</summary>
    internal bool NeedsPlace => IsOneDayNear || (Year is null && ShortYear is null);

    internal static WrittenPart Of(List<Sign> signs, string written)
    {
        var part = new WrittenPart { Hijri = signs.Any(s => s.Kind is SignKind.Hijri or HijriMonth) };
        var french = false; // After a month's French or Arabic name a number is the year.
        // "mar." is March, or Tuesday beside another month.
        if (signs.Count(s => s.Kind == SignKind.Month) == 2)
            signs = [.. signs.Select(s => s is { Kind: SignKind.Month, Digits: WrittenWords.PerhapsTuesday }
                ? new Sign(SignKind.Weekday, (int)DayOfWeek.Tuesday) : s)];
        foreach (var sign in signs)
        {
            var next = sign.Kind switch
            {
                Number => part.WithNumber(sign, french),
                Numeric => part.WithNumbers(sign.Parts!, iso: sign.Marked, written),
                SignKind.Month or HijriMonth when part.Month is null && part.Season is null => part with { Month = sign.Value },
                SignKind.Weekday when part.Weekday is null => part with { Weekday = (DayOfWeek)sign.Value },
                Relative when part.Away is null => part with { Away = sign.Value },
                SignKind.Season when part.Season is null && part.Month is null => part with { Season = sign.Value },
                Quarter or HalfYear or Fortnight or Decade when part.Period is null => part with { Period = sign.Kind },
                Last or Next or This when part.Turn is null =>
                    part with { Turn = sign.Kind, EnglishNext = sign.Kind == Next && sign.Value == WrittenWords.EnglishNext },
                SignKind.Hijri or SignKind.Of or Comma => part,
                _ => null,
            };
            if (next is null) return Bad(WrittenFault.Unreadable);
            if (next.Fault is not null) return next;
            part = next;
            french |= sign is { Kind: SignKind.Month, Marked: true };
        }
        return part.IsSound ? part : Bad(WrittenFault.Unreadable);

        WrittenPart Bad(WrittenFault kind) => new() { Fault = new(kind, written) };
    }

    WrittenPart? WithNumber(Sign number, bool french) => number switch
    {
        { Digits: 4 } => Year is null && ShortYear is null ? this with { Year = number.Value } : null,
        { Digits: > 2 } or { Value: 0, Marked: false } => null,
        { Marked: false } when Day is null && !(french && Year is null) => this with { Day = number.Value },
        { Digits: 2 } when Year is null && ShortYear is null && !Hijri => this with { ShortYear = number.Value },
        _ => null,
    };

    // Day first, and no other way (model.md, "Written dates"); a year of four digits in front, as in ISO 8601, leaves the month before the
    // day.
    WrittenPart? WithNumbers(IReadOnlyList<(int Value, int Digits)> parts, bool iso, string written)
    {
        if (Day is not null || Month is not null || Year is not null || ShortYear is not null || Season is not null
            || Period is not null) return null;
        WrittenPart Bad(WrittenFault kind, string? hint = null) => new() { Fault = new(kind, written, hint) };
        WrittenPart With(int? day, int month, (int Value, int Digits)? year) =>
            month is < 1 or > 12 || day is < 1 or > 31 ? Bad(WrittenFault.NoSuchDay)
            : this with { Day = day, Month = month, Year = year is { Digits: 4 } full ? full.Value : null,
                ShortYear = year is { Digits: 2 } brief ? brief.Value : null };
        switch (parts)
        {
            case [{ Digits: <= 2 }, { Digits: <= 2 }, { Digits: 4 or 2 }]:
                if (parts[1].Value is > 12 and <= 31 && parts[0].Value is >= 1 and <= 12 && parts[2].Digits == 4
                    && Written(parts[2].Value, parts[0].Value, parts[1].Value) is { } meant)
                    return Bad(WrittenFault.NotDayFirst, meant);
                return With(parts[0].Value, parts[1].Value, parts[2]);
            case [{ Digits: 4 }, { Digits: <= 2 }, { Digits: <= 2 }]:
                if (parts[1].Value > 12 || parts[2].Value > 12 || parts[1].Value == parts[2].Value) return With(parts[2].Value,
                    parts[1].Value, parts[0]);
                return iso && parts is [_, { Digits: 2 }, { Digits: 2 }] ? With(parts[2].Value, parts[1].Value, parts[0])
                    : Written(parts[0].Value, parts[1].Value, parts[2].Value) is { } one
                        && Written(parts[0].Value, parts[2].Value, parts[1].Value) is { } other
                        ? new() { Fault = new(WrittenFault.TwoReadings, written, parts[1].Value < parts[2].Value ? [one, other]
                            : [other, one]) } : Bad(WrittenFault.NoSuchDay);
            case [{ Digits: <= 2 }, { Digits: 4 }]: return With(null, parts[0].Value, parts[1]);
            case [{ Digits: 4 }, { Digits: 2 }]: return With(null, parts[1].Value, parts[0]);
            case [{ Digits: <= 2 }, { Digits: <= 2 }]:
                return parts[1].Value is > 12 and <= 31 && parts[0].Value is >= 1 and <= 12
                    ? Bad(WrittenFault.NoSuchDay) : With(parts[0].Value, parts[1].Value, null);
            default: return null;
        }
    }

    // Whether what was said makes one date: no weekday of a month, no third half.
    bool IsSound => Period switch
    {
        Quarter => Day is >= 1 and <= 4 && Month is null && Season is null && !Hijri && Weekday is null && Away is null && Turn is null,
        HalfYear => Day is 1 or 2 && Month is null && Season is null && !Hijri && Weekday is null && Away is null && Turn is null,
        Fortnight => Day is 1 or 2 && Month is not null && !Hijri && Weekday is null && Away is null,
        Decade => Year % 10 == 0 && Day is null && Month is null && Season is null && !Hijri && Weekday is null && Away is null
            && Turn is null,
        _ => Season is not null ? Day is null && Weekday is null && Away is null && !Hijri
            : Day is not null ? Month is not null || ShortYear is null
            : Month is not null ? Weekday is null && Away is null
            : Year is not null ? Weekday is null && Away is null && Turn is null && ShortYear is null
            : (Weekday is not null || Away is not null) && ShortYear is null && !Hijri,
    };

    /// <summary>The same with what a neighbour in the text says: the month, the year, the calendar.</summary>
    internal WrittenPart Lent(WrittenPart other)
    {
        if (Fault is not null || IsOneDayNear || Period == Decade) return this;
        var lent = this;
        if (lent is { Day: not null, Month: null, Period: null, ShortYear: null }
            && other.Month is not null) lent = lent with { Month = other.Month, Hijri = lent.Hijri || other.Hijri };
        if (lent.Year is null && lent.ShortYear is null && (other.Year ?? other.ShortYear) is not null
            && (lent.Month ?? lent.Season ?? (int?)lent.Period) is not null)
            lent = lent with { Year = other.Year, ShortYear = other.ShortYear, Hijri = lent.Hijri || other.Hijri, LentYear = true };
        return lent.Turn is null && lent.Year is null ? lent with { Turn = other.Turn, EnglishNext = other.EnglishNext } : lent;
    }

    /// <summary>The same in that year, and month where none was said.</summary>
    internal WrittenPart At((int Year, int? Month) place) =>
        IsOneDayNear || Year is not null || ShortYear is not null ? this
            : this with { Year = place.Year, Month = Month ?? (Season is null && Period is null ? place.Month : null), LentYear = true };

    /// <summary>As EDTF.</summary>
    /// <param name="near">The day that a weekday or "yesterday" counts from.</param>
    internal Reading Read(DateOnly? near, string written)
    {
        Reading Bad(WrittenFault kind, string? hint = null) => new(null, new DateFault(kind, written, hint));
        if (IsOneDayNear) return near is { } day ? Near(day, Bad, written) : Bad(WrittenFault.NeedsDocumentDate);
        if (Year is not { } year) return Bad(WrittenFault.Unreadable);
        if (Hijri)
            return !HijriDates.Knows(year) ? Bad(WrittenFault.OutsideHijriTables) : HijriDates.Text(year, Month, Day) is { } both
                ? Reading.Of(both) : Bad(WrittenFault.NoSuchDay);
        if (year is 0 or > 9998) return Bad(WrittenFault.Unreadable);
        string Y(int y) => FormattableString.Invariant($"{y:0000}");
        string M(int m) => FormattableString.Invariant($"{year:0000}-{m:00}");
        switch (Period)
        {
            case Quarter: return Reading.Of($"[{M(Day!.Value * 3 - 2)}..{M(Day.Value * 3)}]");
            case HalfYear: return Reading.Of($"[{M(Day!.Value * 6 - 5)}..{M(Day.Value * 6)}]");
            case Fortnight when Month is { } m:
                return Reading.Of(Day == 1 ? $"[{M(m)}-01..{M(m)}-15]"
                    : FormattableString.Invariant($"[{M(m)}-16..{M(m)}-{DateTime.DaysInMonth(year, m):00}]"));
            case Decade: return Reading.Of($"{Y(year)[..3]}X");
        }
        // The winter of a year may be the one that ends in it.
        if (Season == 24) return new(null, new DateFault(WrittenFault.TwoReadings, written, [$"{Y(year - 1)}-24", $"{Y(year)}-24"]));
        if (Season is { } season) return Reading.Of(M(season));
        if (Month is not { } month) return Day is null ? Reading.Of(Y(year)) : Bad(WrittenFault.Unreadable);
        if (Day is not { } d) return Reading.Of(M(month));
        if (Written(year, month, d) is { } text) return Reading.Of(text);
        // Of a year before the calendar the Hijri reading says more than that there is no such day.
        return year < WrittenDate.FirstYear && HijriDates.Text(year, month, d) is { } hijri ? Bad(WrittenFault.BeforeTheCalendar, hijri)
            : Bad(WrittenFault.NoSuchDay);
    }

    Reading Near(DateOnly day, Func<WrittenFault, string?, Reading> bad, string written)
    {
        string? On(int number) => number < DateOnly.MinValue.DayNumber || number > DateOnly.MaxValue.DayNumber ? null
            : WrittenReader.Day(DateOnly.FromDayNumber(number));
        if (Weekday is not { } weekday) return On(day.DayNumber + Away!.Value) is { } there ? Reading.Of(there)
            : bad(WrittenFault.NoSuchDay, null);
        var back = ((int)day.DayOfWeek - (int)weekday + 7) % 7;
        if (Away is { } away)
            return On(day.DayNumber + away) is not { } said ? bad(WrittenFault.NoSuchDay, null)
                : DateOnly.FromDayNumber(day.DayNumber + away).DayOfWeek == weekday ? Reading.Of(said)
                    : bad(WrittenFault.OtherWeekday, said);
        var number = Turn switch { Next => day.DayNumber + 7 - back, Last when back == 0 => day.DayNumber - 7, _ => day.DayNumber - back };
        if (On(number) is not { } found) return bad(WrittenFault.NoSuchDay, null);
        // English "next Friday" is the coming one to some, the one after it to others.
        return EnglishNext && On(number + 7) is { } later ? new(null, new DateFault(WrittenFault.TwoReadings, written, [found, later]))
            : Reading.Of(found);
    }

    static string? Written(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? WrittenReader.Day(new DateOnly(year, month, day)) : null;
}
