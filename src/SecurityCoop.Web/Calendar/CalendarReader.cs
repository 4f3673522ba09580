using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Calendar;

/// <summary>What a calendar holds.</summary>
/// <param name="Partners">Codes of the partners that it concerns; none: all.</param>
/// <param name="Owner">Whose actions only; null: everything.</param>
/// <param name="Kinds">Which dates; none: all.</param>
/// <param name="Name">What it is called; null: by its partners.</param>
public sealed record CalendarQuestion(IReadOnlyList<string> Partners, string? Owner, IReadOnlyList<EntryKind> Kinds, Language Language, string? Name = null)
{
    /// <summary>Whether a date belongs into it.</summary>
    public bool Holds(Entry e) => (Kinds.Count == 0 || Kinds.Contains(e.Kind)) && (Owner is null || e.Owner == Owner) && (Partners.Count == 0 || e.Partners.Any(Partners.Contains));
}

/// <summary>Reads calendars from the records, for what somebody may see.</summary>
public sealed class CalendarReader(RegisterStore store, TwoClocks clocks, PublicAddress address)
{
    /// <summary>What is over is kept for so long.</summary>
    public const int MonthsBack = 12;

    static readonly RecordKind[] kinds = [RecordKinds.Meeting, RecordKinds.Action, RecordKinds.Instrument];

    /// <returns>The calendar, the position of the log up to which it speaks, and the records that are in it.</returns>
    public async Task<(byte[] Text, long Position, IReadOnlyList<(string Stream, Marks Marks)> Records)> Read(CalendarQuestion question, Asking asked, Caller caller, HttpRequest request, CancellationToken stop)
    {
        var (position, from, of) = (await clocks.Through(asked, stop), asked.AsOf.MonthsOn(-MonthsBack), address.Of(request));
        var found = new List<(Row Row, IReadOnlyList<Entry> Entries)>();
        foreach (var kind in kinds)
            await foreach (var row in clocks.Rows(kind, null, null, position, stop))
                if (row.Value is RecordState { Reference: not null } record && RecordQueries.IsListed(record, asked, caller)
                    && CalendarEntries.Of(caller.Seen(record), asked.AsOf, from).Where(question.Holds).ToList() is { Count: > 0 } entries) found.Add((row, entries));
        var times = await store.TimesAt([.. found.Select(f => f.Row.Position).Distinct()], stop);
        var records = found.Select(f => new DatedRecord(f.Row.Key, ((RecordState)f.Row.Value!).Reference!, f.Row.Version, times[f.Row.Position], PageOf(f.Row, of), f.Entries));
        return (CalendarText.Write(NameOf(question), question.Language, records, from), position, [.. found.Select(f => (f.Row.Key, caller.Seen((RecordState)f.Row.Value!).MarksWithParts))]);
    }

    static Uri PageOf(Row row, string address) => new($"{address}/records/{Uri.EscapeDataString(((RecordState)row.Value!).Reference!)}");

    static string NameOf(CalendarQuestion q) => q.Name ?? (q.Partners.Count == 0 ? q.Language.Say(CalendarWords.Register)
        : q.Language.Say(CalendarWords.NameOf, string.Join(q.Language.Comma, q.Partners.Select(p => q.Language.Say(Known.PartnerName(p))))));
}
