using System.Globalization;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Commands;

/// <summary>Which edge of a day is meant where an instant is due and a day is given.</summary>
public enum DayEdge
{
    /// <summary>As the day begins.</summary>
    Start,

    /// <summary>As the next day begins.</summary>
    End,
}

/// <summary>
/// The host's clock and the register's time zone: the one place in which an instant becomes a day or a time of day, and a day an instant.
/// </summary>
public sealed class RegisterClock(TimeProvider time, TimeZoneInfo zone)
{
    const string DayForm = "yyyy-MM-dd";

    /// <summary>The zone's name, such as Africa/Casablanca; it stands beside every time of day that is shown.</summary>
    public string ZoneName => zone.Id;

    /// <summary>Today, in the register's time zone.</summary>
    public DateOnly Today => DayOf(time.GetUtcNow().UtcDateTime);

    /// <summary>The day that a query asks about; today where it does not say.</summary>
    /// <exception cref="Refusal">invalid-day, at the parameter.</exception>
    public DateOnly Day(string? asOf, string parameter = "?asOf") =>
        asOf is null ? Today : IsDay(asOf, out var day) ? day : throw Refusal.OfField(parameter, "invalid-day", asOf);

    /// <summary>Whether the text is a day, written like 2026-01-27.</summary>
    public static bool IsDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>An instant (UTC) as the zone's clocks show it.</summary>
    public DateTime Local(DateTime instant) => TimeZoneInfo.ConvertTimeFromUtc(instant, zone);

    /// <summary>The day of an instant (UTC).</summary>
    public DateOnly DayOf(DateTime instant) => DateOnly.FromDateTime(Local(instant));

    /// <summary>The first instant of a day (UTC).</summary>
    public DateTime StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks go forward over midnight, the day begins as the one before ends; where they go back over it, at the first midnight.
        var offset = zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddDays(-1))
            : zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new(Math.Clamp(midnight.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
    }

    /// <summary>The first instant after a day (UTC).</summary>
    public DateTime EndOf(DateOnly day) =>
        day == DateOnly.MaxValue ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc) : StartOf(day.AddDays(1));

    /// <summary>The instant (UTC) that a text names: an instant of RFC 3339, or the edge of a day; null where it names neither.</summary>
    public DateTime? Instant(string text, DayEdge edge)
    {
        if (IsDay(text, out var day)) return edge == DayEdge.Start ? StartOf(day) : EndOf(day);
        // A plus that was not escaped arrives as a space.
        return text.Contains('T', StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(
                text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.UtcDateTime : null;
    }
}
