using System.Text.Json.Serialization;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Instruments;

namespace SecurityCoop.Web.Calendar;

/// <summary>For what a day stands in the calendar: something is due, a record is to be looked at again, a renewal can last be refused, an instrument ends, people meet, a signature is expected.</summary>
[JsonConverter(typeof(SlugJson<EntryKind>))]
public enum EntryKind { Due, Review, Notice, Expiry, Meeting, Expected }

/// <summary>One date of a record.</summary>
/// <param name="Key">Tells it from the record's other dates, for as long as the record has it.</param>
/// <param name="Text">What it is about, as recorded; of a meeting the slug of its kind.</param>
/// <param name="Partners">Codes of the partners that it concerns.</param>
/// <param name="Certainty">How surely the record asks for it, apart from how well the day is known.</param>
public sealed record Entry(EntryKind Kind, string Key, Edtf Date, string Text, IReadOnlyList<string> Partners, Certainty Certainty)
{
    /// <summary>Opaque id of whoever sees to the action.</summary>
    public string? Owner { get; init; }
    /// <summary>The date verbatim, as its source gives it.</summary>
    public string? AsGiven { get; init; }
    public string? Place { get; init; }
    /// <summary>Whether it follows from a clause or a notice rather than from somebody's record.</summary>
    public bool Computed { get; init; }
    /// <summary>For which party alone an instrument ends.</summary>
    public string? Party { get; init; }
    public bool Cancelled { get; init; }

    public IReadOnlyList<CalendarDays> Days => CalendarDays.Of(Date, deadline: Kind == EntryKind.Due);
}

/// <summary>
/// The dates of a record that belong into a calendar on a day: of what is open, standing or still planned, as the record's own fold says. What somebody has done,
/// held, withdrawn or replaced has none. No rule is computed here that the model computes.
/// </summary>
public static class CalendarEntries
{
    /// <summary>So long ahead every last day for a notice against a silent renewal is shown; the next one in any case.</summary>
    public const int NoticesAheadInMonths = 60;

    /// <param name="from">What is certainly over before this day is left out.</param>
    public static IEnumerable<Entry> Of(RecordState record, DateOnly asOf, DateOnly from) => Found(record, asOf, from).Where(e => e.Days.Any(d => d.Until >= from));

    static IEnumerable<Entry> Found(RecordState record, DateOnly asOf, DateOnly from) => record switch
    {
        Meeting { State: MeetingState.Planned or MeetingState.Postponed or MeetingState.Cancelled, Details: { } d } meeting =>
            [new(EntryKind.Meeting, "meeting", d.Date, d.Kind, d.Partners, Certainty.Certain) { AsGiven = d.DateAsGiven, Place = d.Place, Cancelled = meeting.State == MeetingState.Cancelled }],
        AgreedAction action => OfAction(action, asOf),
        Instrument instrument => OfInstrument(instrument, asOf, from),
        _ => [],
    };

    static IEnumerable<Entry> OfAction(AgreedAction action, DateOnly asOf)
    {
        var (d, open) = (action.Details!, ActionMarks.Of(action, asOf).Open);
        if (open == Certainty.No) yield break;
        if (d.Due is { } due) yield return new(EntryKind.Due, "due", due, d.What, [d.Partner], open) { Owner = d.Owner, AsGiven = d.DueAsGiven };
        if (action.ReviewDay is { } review) yield return new(EntryKind.Review, "review", review, d.What, [d.Partner], open) { Owner = d.Owner };
    }

    static IEnumerable<Entry> OfInstrument(Instrument i, DateOnly asOf, DateOnly from)
    {
        var (d, marks) = (i.Details!, InstrumentMarks.Of(i, asOf));
        foreach (var ((review, sureOfIt, _), n) in i.ReviewDays(asOf).Select((r, n) => (r, n)))
            yield return new(EntryKind.Review, n == 0 ? "review" : FormattableString.Invariant($"review-{n + 1}"), review, d.Title, d.Partners, sureOfIt);

        if (marks.InTheMaking != Certainty.No)
        {
            // Where another word on the day may hold as well, none is certain.
            var sure = marks.Expected.Count == 1 && marks.Undated == Certainty.No ? marks.InTheMaking : Certainty.Possible;
            foreach (var (day, n) in marks.Expected.Select((day, n) => (day, n)))
                yield return new(EntryKind.Expected, n == 0 ? "expected" : FormattableString.Invariant($"expected-{n + 1}"), day, d.Title, d.Partners, sure)
                {
                    AsGiven = i.Acts.LastOrDefault(a => !a.Withdrawn && a.What.Expected == day)?.What.ExpectedAsGiven,
                };
        }

        var several = i.TermsAt(asOf).Count > 1;
        var ends = InstrumentQueries.Endings(i, asOf, from, asOf.MonthsOn(NoticesAheadInMonths)).ToList();
        var leaving = ends.Where(e => e.Is == EndingKind.Announced).Select(e => e.Party).OfType<string>().ToList(); // There is no renewal with them to refuse.
        foreach (var (end, n) in ends.GroupBy(e => e.Key).SelectMany(same => same.Select((end, n) => (end, n))))
        {
            var runs = RunsUntil(i, end);
            if (several && runs == Certainty.Certain) runs = Certainty.Possible;
            if (runs == Certainty.No) continue;
            var (kind, alone) = (end.Is == EndingKind.LastNotice ? EntryKind.Notice : EntryKind.Expiry, i.Parties.Count > 2 ? end.Party : null);
            IReadOnlyList<string> concerned = alone is { } party && d.Partners.Contains(party) ? [party] : alone is null && kind == EntryKind.Notice ? [.. d.Partners.Except(leaving)] : d.Partners;
            if (concerned.Count == 0) continue;
            yield return new(kind, $"{Slug.Of(kind)}-{end.Key}{(n == 0 ? "" : FormattableString.Invariant($"-{n + 1}"))}", end.On, d.Title, concerned, runs)
            {
                Computed = true, Party = alone,
            };
        }
    }

    /// <summary>Whether the instrument runs when it would end or could last be kept from being renewed: what was terminated or replaced before then does not.</summary>
    static Certainty RunsUntil(Instrument i, Ending end)
    {
        if ((end.On.Earliest ?? end.On.Latest) is not { } day) return Certainty.No;
        var last = end.Is == EndingKind.Announced && day > DateOnly.MinValue ? day.AddDays(-1) : day;
        var lives = i.Lives(last);
        return lives.All(l => l.Runs) ? Certainty.Certain : lives.Any(l => l.Runs) ? Certainty.Possible : Certainty.No;
    }
}
