using System.Globalization;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Everything that happened with a partner in order of the world's time, each entry with both clocks.</summary>
static class Timeline
{
    public static async Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Statuses statuses, RegisterStore store, string? asOf, string? knownAt, int? limit, string? after)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var take = RecordQueries.Limit(limit);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        var status = await statuses.Of(code, asked, http.GetCaller(), http.RequestAborted);
        var body = await Of(status, asked, take, after, http.GetCaller(), statuses, store, http.RequestAborted);
        if (body.Next is { } next) http.SetNext(next);
        http.Showed(body.Shown);
        http.SetPosition(status.Position);
        return TypedResults.Json(body, BodiesJson.Shown<TimelineBody>());
    }

    /// <summary>A page of the timeline: what the caller may see, after a cursor.</summary>
    /// <exception cref="Refusal">invalid-parameter at ?after.</exception>
    public static async Task<TimelineBody> Of(PartnerStatus status, Asking asked, int take, string? after, Caller caller, Statuses statuses, RegisterStore store,
        CancellationToken stop)
    {
        var code = status.Facts.Partner;
        var told = Items(status.Facts);
        var entries = new List<(Edtf? On, TimelineEntry Entry)>();
        var recorded = new Dictionary<Guid, StoredEvent>();
        var hidden = await statuses.HiddenOf(code, status.Position, caller, stop);
        await foreach (var e in store.ReadAll(new EventFilter { Partner = code, Through = status.Position }, stop))
        {
            if (!status.Facts.Records.ContainsKey(e.Stream) || !status.Facts.IsOpened || !hidden.Shows(e.Header)) continue;
            recorded[e.Id] = e;
            var item = told.GetValueOrDefault(e.Id) ?? (e.Event is MeetingHeld ? told.GetValueOrDefault(status.Facts.Records[e.Stream].FirstEvent) : null) ?? new Item(null, null, null, null);
            // A meeting put off or corrected since keeps, where it was planned, the day for which it was planned.
            var on = item.On is null || e.Event is MeetingPlanned ? e.Header.Effective is { } text ? Edtf.Parse(text) : null : item.On;
            var happened = e.Event is MeetingPlanned or MeetingPostponed { On: null } ? null : on?.StartedBy(asked.AsOf);
            entries.Add((on, new(on?.Text, e.RecordedAt, e.Position, e.Id, e.Stream, e.Type, item.Kind, item.Party, item.Text, null, item.Withdrawn ? true : null, happened) { Protected = e.Header.Protected.Count > 0 ? true : null }));
        }
        foreach (var instrument in status.Facts.Instruments)
            foreach (var (act, n) in Computed(instrument, code, asked.AsOf).Select((a, n) => (a, n)))
                if (recorded.GetValueOrDefault(act.Event == Guid.Empty ? instrument.FirstEvent : act.Event) is { } from)
                    entries.Add((act.On, new(act.On.Text, from.RecordedAt, from.Position, from.Id, from.Stream, from.Type, act.Name, act.What.Party, instrument.Details!.Title, true, null, act.On.StartedBy(asked.AsOf)) { Nth = n + 1 }));
        var ordered = entries.Where(e => !asked.DayGiven || e.Entry.Happened != Certainty.No)
            .OrderBy(e => e.On?.Earliest ?? e.On?.Latest ?? DateOnly.MaxValue).ThenBy(e => e.On?.Latest ?? DateOnly.MaxValue).ThenBy(e => e.Entry.Position).ThenBy(e => e.Entry.Nth)
            .Select(e => e.Entry).ToList();
        var start = after is null ? 0 : ordered.FindIndex(e => e.Cursor == after) + 1;
        if (after is not null && start == 0) throw Refusal.OfField("?after", "invalid-parameter");
        var page = ordered.Skip(start).Take(take).ToList();
        var next = start + page.Count < ordered.Count ? page[^1].Cursor : null;
        var references = await store.ReferencesOf([.. page.Select(e => e.Record).Distinct()], stop);
        return new([.. page.Select(e => e with { Record = references.GetValueOrDefault(e.Record, e.Record) })], next, asked.AsOfText, asked.KnownAtText(status.Position), status.Position, asked.Provisional ? true : null)
        {
            Shown = [.. page.Select(e => e.Record).Distinct().Select(stream => (stream, status.Facts.Records[stream].MarksWithParts))],
        };
    }

    sealed record Item(Edtf? On, string? Kind, string? Party, string? Text, bool Withdrawn = false);

    /// <summary>By event, what is known today of what it recorded: a date that was corrected since stands at its right place, what was withdrawn says so.</summary>
    static Dictionary<Guid, Item> Items(PartnershipFacts facts)
    {
        var items = new Dictionary<Guid, Item>();
        foreach (var record in facts.Records.Values)
            switch (record)
            {
                case Meeting { Details: { } d } m:
                    items[m.FirstEvent] = new(d.Date, d.Kind, null, d.Place, m.Withdrawn);
                    foreach (var s in m.Statements) items[s.Event] = Of(s, d.Date, m.Withdrawn);
                    foreach (var o in m.Outcomes.Where(o => o.Kind != OutcomeKind.Held))
                        items[o.Event] = new(o.On, Slug.Of(o.Kind), o.By, o.Reason, o.Withdrawn || m.Withdrawn);
                    break;
                case AgreedAction { Details: { } d } a:
                    items[a.FirstEvent] = new(d.On, null, Slug.Of(d.OwedBy), d.What, a.Withdrawn);
                    foreach (var f in a.FollowUps) items[f.Event] = new(f.On, null, null, f.Note, f.Withdrawn || a.Withdrawn);
                    foreach (var c in a.Changes) items[c.Event] = new(c.On, Slug.Of(c.To), null, d.What, c.Withdrawn || a.Withdrawn);
                    break;
                case Instrument { Details: { } d } i:
                    items[i.FirstEvent] = new(null, d.Kind, null, d.Title, i.Withdrawn);
                    foreach (var act in i.Acts) items[act.Event] = new(act.On, Slug.Of(act.Kind), act.What.Party, d.Title, act.Withdrawn || i.Withdrawn);
                    foreach (var t in i.Terms) items[t.Event] = new(t.What.AgreedOn, Slug.Of(t.What.Kind), null, d.Title, t.Withdrawn || i.Withdrawn);
                    foreach (var s in i.Supersessions) items[s.Event] = new(s.Said.On, "superseded-by", null, d.Title, s.Withdrawn || i.Withdrawn);
                    break;
                case RegisterPartnership p:
                    foreach (var t in p.Turns) items[t.Event] = new(t.On, Slug.Of(t.Kind), t.By == "" ? null : t.By, t.Part, t.Withdrawn);
                    foreach (var n in p.Notes) items[n.Event] = new(n.On, null, null, n.Text, n.Withdrawn);
                    foreach (var f in p.FocalPoints) items[f.Event] = new(f.On, null, Slug.Of(f.Side), f.Office?.Title, f.Withdrawn);
                    foreach (var s in p.Statements) items[s.Event] = Of(s, s.On!, false);
                    break;
            }
        return items;

        static Item Of(RecordedStatement s, Edtf on, bool withdrawn) => new(on, Slug.Of(s.Said.Force), s.Said.Speaker, s.Said.Text, s.Withdrawn || withdrawn);
    }

    static IEnumerable<RecordedAct> Computed(Instrument instrument, string partner, DateOnly asOf) => instrument.Computed(asOf, partner);
}

/// <param name="On">When it happened in the world, as is known (EDTF; empty: unknown; absent: nothing happened in the world, only in the register).</param>
/// <param name="RecordedAt">When the register learnt of it.</param>
/// <param name="Type">The event's wire name; of what is computed, the name of the event from which it follows.</param>
/// <param name="Kind">What it was: the kind of a meeting or an act, the force of a statement, the state that an action came into, a suspension or closing.</param>
/// <param name="Party">Who acted, spoke or owes it.</param>
/// <param name="Text">What was said, agreed, noted or signed.</param>
/// <param name="Computed">True for what nobody recorded and what follows from a clause or a notice.</param>
/// <param name="Withdrawn">True for what should never have been in the register.</param>
/// <param name="Happened">Whether it had happened by asOf: no, possible, certain; absent of what was planned for a day and of what has none.</param>
public sealed record TimelineEntry(
    string? On, DateTime RecordedAt, long Position, Guid Event, string Record, string Type, string? Kind, string? Party, string? Text, bool? Computed, bool? Withdrawn, Certainty? Happened)
{
    /// <summary>True where the text is protected: the record itself shows it to whoever may see it.</summary>
    public bool? Protected { get; init; }

    /// <summary>Which of several that follow from one event.</summary>
    internal int Nth { get; init; }

    internal string Cursor => Nth == 0 ? Position.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"{Position}.{Nth}");
}

public sealed record TimelineBody(IReadOnlyList<TimelineEntry> Items, string? Next, string AsOf, string KnownAt, long Position, bool? Provisional)
{
    /// <summary>The records that the entries are of, by stream id.</summary>
    internal IReadOnlyList<(string Stream, Marks Marks)> Shown { get; init; } = [];
}
