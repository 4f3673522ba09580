using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Pages;

/// <summary>Dates as people read them. What a date leaves open is said in words, and nothing is added to it.</summary>
public static partial class DateWords
{
    static readonly Label
        unknown = new("date inconnue", "date unknown", "تاريخ غير معروف"),
        oneOf = new("l’un des jours suivants : {0}", "one of {0}", "أحد الأيام التالية: {0}"),
        oneOfThese = new("l’une de ces dates : {0}", "one of these dates: {0}", "أحد هذه التواريخ: {0}"),
        or = new(" ou ", " or ", " أو "),
        atTheLatest = new("{0} au plus tard", "{0} at the latest", "{0} على أبعد تقدير"),
        atTheEarliest = new("{0} au plus tôt", "{0} at the earliest", "{0} على أقرب تقدير"),
        someDay = new("un jour entre {0} et {1}", "some day between {0} and {1}", "يوم ما بين {0} و{1}"),
        fromTo = new("{0} – {1}", "from {0} to {1}", "من {0} إلى {1}"),
        fromOn = new("depuis {0}, sans fin", "since {0}, without end", "منذ {0} دون نهاية"),
        fromUnknownEnd = new("depuis {0}, fin inconnue", "from {0}, end unknown", "من {0}، والنهاية غير معروفة"),
        unknownStart = new("fin : {0}, début inconnu", "until {0}, start unknown", "إلى {0}، والبداية غير معروفة"),
        doubtful = new("{0} (incertain)", "{0} (uncertain)", "{0} (غير مؤكد)"),
        approximate = new("{0} (approximatif)", "{0} (approximate)", "{0} (تقريبي)"),
        dayUnknown = new("{0}, jour inconnu", "{0}, day unknown", "{0}، يوم غير معروف"),
        years = new("entre {0} et {1}", "between {0} and {1}", "بين {0} و{1}");

    static readonly IReadOnlyDictionary<string, Label> seasons = new Dictionary<string, Label>
    {
        ["21"] = new("printemps {0}", "spring {0}", "ربيع {0}"), ["22"] = new("été {0}", "summer {0}", "صيف {0}"),
        ["23"] = new("automne {0}", "autumn {0}", "خريف {0}"), ["24"] = new("hiver {0}", "winter {0}", "شتاء {0}"),
    };

    /// <summary>A day, as "27 January 2026".</summary>
    public static string Say(this Language l, DateOnly day) =>
        l.Code == "fr" && day.Day == 1 ? $"1er {day.ToString("MMMM yyyy", l.Culture)}" : day.ToString("d MMMM yyyy", l.Culture);

    /// <summary>An instant (UTC) as the clocks of the register's zone show it, to the second, with the zone's name.</summary>
    public static string Say(this Language l, DateTime instant, RegisterClock clock)
    {
        var local = clock.Local(instant);
        return $"{l.Say(DateOnly.FromDateTime(local))}{l.Comma}{local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} ({clock.ZoneName})";
    }

    /// <summary>What an answer says was known: by the end of a day, at an instant or at a position.</summary>
    /// <param name="knownAt">As the query asked for it.</param>
    public static string SayKnownAt(this Language l, string knownAt, RegisterClock clock) =>
        RegisterClock.IsDay(knownAt, out var day) ? l.Say(Words.AsKnownAtEndOf, l.Say(day))
        : clock.Instant(knownAt, DayEdge.End) is { } instant ? l.Say(Words.AsKnownOn, l.Say(instant, clock))
        : l.Say(Words.AsKnownAt, knownAt);

    /// <summary>A date of uncertain precision: "one of 4, 11, 18 or 25 November 2024", "November 2024, day unknown".</summary>
    public static string Say(this Language l, Edtf date)
    {
        var text = date.Text;
        if (text.Length == 0) return l.Say(unknown);
        if (text[0] == '[') return Set(l, text[1..^1].Split(','));
        if (text.Split('/') is [var from, var to])
            return from is "" or ".." ? l.Say(unknownStart, Part(l, to)) : to == ".." ? l.Say(fromOn, Within(l, from)) : to == "" ? l.Say(fromUnknownEnd, Within(l, from)) : l.Say(fromTo, Part(l, from), Part(l, to));
        return Part(l, text, alone: true);
    }

    static string Set(Language l, string[] elements)
    {
        if (elements is [var only]) return Element(l, only);
        // The days of one month are named together.
        if (elements.All(e => Day().IsMatch(e)) && elements.Select(e => e[..7]).Distinct().Count() == 1)
        {
            var days = elements.Select(e => l.Say(int.Parse(e.AsSpan(8), CultureInfo.InvariantCulture))).ToList();
            return l.Say(oneOf, $"{l.Join(days, or)} {Part(l, elements[0][..7])}");
        }
        return l.Say(oneOfThese, l.Join([.. elements.Select(e => Element(l, e))], or));
    }

    static string Element(Language l, string element)
    {
        var dots = element.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0) return Part(l, element, alone: true);
        var (from, to) = (element[..dots], element[(dots + 2)..]);
        return from == "" ? l.Say(atTheLatest, Within(l, to)) : to == "" ? l.Say(atTheEarliest, Within(l, from)) : l.Say(someDay, Within(l, from), Within(l, to));
    }

    // Within a sentence a French day has its article; a month or a year has none.
    static string Within(Language l, string text) => l == Language.French && Day().IsMatch(text.TrimEnd('?', '~', '%')) ? $"le {Part(l, text)}" : Part(l, text);

    // One date without dots. A month that stands alone is a day of it that nobody knows; at the end of a range it bounds.
    static string Part(Language l, string text, bool alone = false)
    {
        if (text[^1] is '?' or '~' or '%')
        {
            var bare = Part(l, text[..^1], alone);
            return text[^1] switch { '?' => l.Say(doubtful, bare), '~' => l.Say(approximate, bare), _ => l.Say(approximate, l.Say(doubtful, bare)) };
        }
        if (Day().IsMatch(text)) return l.Say(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (text.Length >= 7 && seasons.GetValueOrDefault(text[5..]) is { } season) return l.Say(season, text[..4]);
        if (text[3] == 'X')
        {
            var digits = text[..4].TrimEnd('X');
            return l.Say(years, digits.PadRight(4, '0'), digits.PadRight(4, '9'));
        }
        var hasMonth = text.Length >= 7 && text[5] != 'X';
        var named = hasMonth ? DateOnly.ParseExact(text[..7], "yyyy-MM", CultureInfo.InvariantCulture).ToString("MMMM yyyy", l.Culture) : text[..4];
        return alone || text.Length == 10 ? l.Say(dayUnknown, named) : named;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}\z")]
    private static partial Regex Day();
}
