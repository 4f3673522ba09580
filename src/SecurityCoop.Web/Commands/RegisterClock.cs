using SecurityCoop.Register;

namespace SecurityCoop.Web.Commands;

/// <summary>The host's clock, and the day it is in the register's time zone.</summary>
public sealed class RegisterClock(TimeProvider time, TimeZoneInfo zone)
{
    /// <summary>The day that a query asks about; today where it does not say.</summary>
    /// <exception cref="Refusal">invalid-day, at the parameter.</exception>
    public DateOnly Day(string? asOf, string parameter = "?asOf") => asOf is null ? Today
        : DateOnly.TryParseExact(asOf, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day
        : throw Refusal.OfField(parameter, "invalid-day", asOf);

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
}
