using System.Text;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Calendar;

/// <summary>A record with its dates.</summary>
/// <param name="Version">Its stream's; it grows with every change.</param>
/// <param name="Changed">When its last event was recorded (UTC).</param>
/// <param name="Page">Where it is shown.</param>
public sealed record DatedRecord(string Stream, string Reference, long Version, DateTime Changed, Uri Page, IReadOnlyList<Entry> Entries);

/// <summary>
/// Dates as a calendar (RFC 5545), each an all-day event. The same dates give the same bytes: an event's stamp is the last change of its record, as section 3.8.7.2 has it
/// of a calendar without a METHOD, which here there is none of.
/// </summary>
public static class CalendarText
{
    /// <summary>How often a program that subscribed is asked to look (RFC 7986, section 5.7; the other name is older programs').</summary>
    const string Every = "PT1H";

    public static byte[] Write(string name, Language language, IEnumerable<DatedRecord> records, DateOnly from)
    {
        var calendar = new Ical.Net.Calendar { ProductId = $"-//SecurityCoop//Register//{language.Code.ToUpperInvariant()}" };
        calendar.AddProperty("NAME", Clean(name));
        calendar.AddProperty("X-WR-CALNAME", Clean(name));
        var refresh = new Ical.Net.CalendarProperty("REFRESH-INTERVAL", Every);
        refresh.AddParameter("VALUE", "DURATION");
        calendar.Properties.Add(refresh);
        calendar.AddProperty("X-PUBLISHED-TTL", Every);
        foreach (var record in records)
            foreach (var entry in record.Entries)
                foreach (var (days, n) in entry.Days.Select((days, n) => (days, n)))
                    if (days.Until >= from) calendar.Events.Add(Event(record, entry, days, n, language));
        return Encoding.UTF8.GetBytes(new CalendarSerializer().SerializeToString(calendar)!);
    }

    static CalendarEvent Event(DatedRecord record, Entry entry, CalendarDays days, int n, Language l)
    {
        var about = entry.Kind == EntryKind.Meeting ? l.Say(Vocabulary.Default.MeetingKinds, entry.Text) : entry.Text;
        var partners = entry.Partners.Select(p => Clean(l.Say(Known.PartnerName(p)))).ToList();
        var stamp = new CalDateTime(record.Changed);
        return new()
        {
            // Only the first of several possible days keeps the name that the date had before it was known to be one of several.
            Uid = $"{record.Stream}-{entry.Key}{(n == 0 ? "" : FormattableString.Invariant($"-{n + 1}"))}@securitycoop",
            DtStamp = stamp, LastModified = stamp, Sequence = (int)Math.Min(record.Version, int.MaxValue),
            DtStart = new CalDateTime(days.From),
            // The day after the last one (section 3.6.1). The calendar has none after its own last day; a single day needs none.
            DtEnd = days.From == DateOnly.MaxValue ? null : new CalDateTime(days.Until == DateOnly.MaxValue ? days.Until : days.Until.AddDays(1)),
            Summary = Clean(l.Say(CalendarWords.Summary(entry.Kind), string.Join(l.Comma, partners), about)),
            Description = Clean(string.Join('\n', Said(record, entry, l))), Location = entry.Place is { } place ? Clean(place) : null, Categories = partners, Url = record.Page,
            Status = entry.Cancelled ? "CANCELLED" : days.Certain && entry.Certainty == Certainty.Certain ? "CONFIRMED" : "TENTATIVE",
            Transparency = "TRANSPARENT",
        };
    }

    static IEnumerable<string> Said(DatedRecord record, Entry entry, Language l)
    {
        yield return record.Reference;
        yield return l.Say(CalendarWords.Date, l.Say(entry.Date));
        if (entry.AsGiven is { } given) yield return l.Say(CalendarWords.AsGiven, given);
        if (entry.Computed) yield return l.Say(Words.Computed);
        if (entry.Certainty == Certainty.Possible) yield return l.Say(CalendarWords.OnlyPossible);
        if (entry.Party is { } party) yield return l.Say(CalendarWords.ForParty, party == Register.Meetings.Statements.Home ? l.Say(Words.OurSide) : l.Say(Known.PartnerName(party)));
        if (entry.Owner is { } owner) yield return l.Say(Words.Owner, owner);
    }

    // A calendar's text has no control characters but tabs and line ends (section 3.3.11), and the library writes what it is given.
    static string Clean(string text) => string.Concat(text.ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c)));
}
