using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Meetings;

/// <summary>
/// What a meeting with a partner has to come back to: the partner's open actions, instruments whose signature is awaited, and what is due for review.
/// They are carried over from meeting to meeting until an event settles them.
/// </summary>
static class Agenda
{
    static readonly string[] groups = ["overdue", "due", "undated", "standing"];

    public static async Task<IResult> Get(string name, HttpContext http, TwoClocks clocks, Records records, Statuses statuses, RegisterStore store, string? asOf, string? knownAt)
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var asked = await clocks.Ask(asOf, knownAt, stop);
        var position = await clocks.Through(asked, stop);
        var (stream, meeting, _) = await records.Get(RecordKinds.Meeting, name, caller, stop, position);
        var d = meeting.Standing("meeting").Details!;
        // Of a meeting that was held, the agenda is that of its day.
        var day = !asked.DayGiven && meeting.State == MeetingState.Held && d.Date.Latest is { } held ? held : asked.AsOf;
        var question = asked with { AsOf = day, Position = position };
        var items = new Dictionary<string, AgendaItem>(StringComparer.Ordinal);
        var shown = new List<(string Stream, RecordState Record)>();
        foreach (var partner in d.Partners)
            foreach (var (of, record) in (await statuses.Of(partner, question, caller, stop)).Facts.Records)
                if (Item(record, partner, stream, day) is { } item && item.Reference is { } reference && items.TryAdd(reference, item)) shown.Add((of, record));
        var raisedAt = items.Values.SelectMany(i => i.RaisedAt).Distinct().ToList();
        var meetings = await store.ReferencesOf(raisedAt, stop);
        var hidden = await store.HiddenOf(raisedAt, caller.Rights, stop);
        var ordered = items.Values.OrderBy(i => i.Overdue == Certainty.Certain ? 0 : i.Overdue == Certainty.Possible ? 1 : 2).ThenBy(i => i.Due?.Latest ?? i.Due?.Earliest ?? DateOnly.MaxValue)
            .ThenBy(i => i.ReviewDue is null).ThenBy(i => i.ReviewOn ?? DateOnly.MaxValue).ThenBy(i => i.Position)
            .Select(i => i with { RaisedAt = [.. i.RaisedAt.Select(Named).Distinct()] }).ToList();
        http.SetPosition(position);
        http.Showed([(stream, meeting.MarksWithParts), .. shown.Select(s => (s.Stream, s.Record.MarksWithParts))]);
        return TypedResults.Json(new AgendaBody(
            meeting.Reference!, d.Partners, meeting.State, d.Date, [.. groups.Select(g => new AgendaGroup(g, [.. ordered.Where(i => i.Group == g)])).Where(g => g.Items.Count > 0)],
            [.. ordered.Where(i => i.FollowedUpHere == true).Select(i => i.Reference!)], question.AsOfText, asked.KnownAtText(position), position, asked.Provisional ? true : null), BodiesJson.Shown<AgendaBody>());

        string Named(string raisedAt) => hidden.Contains(raisedAt) ? Visibility.Hidden : meetings.GetValueOrDefault(raisedAt, raisedAt);
    }

    static AgendaItem? Item(RecordState record, string partner, string meeting, DateOnly day)
    {
        switch (record)
        {
            // What was agreed at the meeting itself was not on its agenda, unless it was followed up there.
            case AgreedAction { Withdrawn: false, Details: { } d } a when d.Partner == partner:
                var marks = ActionMarks.Of(a, day);
                var followUps = a.FollowUps.Where(f => !f.Withdrawn && (f.Meeting == meeting || f.On.StartedBy(day) != Certainty.No)).ToList();
                var here = followUps.Any(f => f.Meeting == meeting);
                if (!here && (marks.Open == Certainty.No || d.Meeting == meeting)) return null;
                return new("action", a.Reference, partner, d.What, d.OwedBy, d.Owner, [.. a.StatesAt(day).Order().Select(s => Slug.Of(s))], marks.Open, d.Due, d.Standing, a.ReviewOn,
                    Said(marks.Overdue), Said(marks.ReviewDue), followUps.Count == 0 ? null : FollowUpBrief.Of(followUps[^1]), followUps.Count, here ? true : null)
                {
                    RaisedAt = [.. followUps.Select(f => f.Meeting).OfType<string>().Distinct()], Position = a.FirstPosition,
                    Group = marks.Overdue != Certainty.No ? "overdue" : d.Due is not null ? "due" : d.Standing is not null ? "standing" : "undated",
                };
            case Instrument { Withdrawn: false, Details: { } d } i when d.Partners.Contains(partner):
                var awaited = InstrumentMarks.Of(i, day);
                if ((awaited.InTheMaking == Certainty.No && awaited.ReviewDue == Certainty.No) || d.Meeting == meeting || !AtTheDay.MayHaveBegun(i, day)) return null;
                return new("instrument", i.Reference, partner, d.Title, null, null, [.. InstrumentBrief.Of(i, day, partner).States.Select(s => Slug.Of(s))], awaited.InTheMaking == Certainty.No ? awaited.ReviewDue : awaited.InTheMaking,
                    awaited.Expected.Count == 0 ? null : awaited.Expected[^1], null, i.ReviewOn(day, partner), Said(awaited.Overdue), Said(awaited.ReviewDue), null, 0, null)
                {
                    Position = i.FirstPosition, Group = awaited.Overdue != Certainty.No ? "overdue" : awaited is { InTheMaking: not Certainty.No, Expected.Count: > 0 } ? "due" : "undated",
                };
        }
        return null;
    }

    static Certainty? Said(Certainty certainty) => certainty == Certainty.No ? null : certainty;
}

/// <param name="Groups">In this order, empty ones left out: overdue, due, undated, standing.</param>
/// <param name="FollowedUp">References of the actions to which a follow-up is tied that was raised at this meeting.</param>
/// <param name="AsOf">Of a held meeting its own day, the last that it may be, unless the query names another.</param>
public sealed record AgendaBody(
    string Meeting, IReadOnlyList<string> Partners, MeetingState State, Edtf Date, IReadOnlyList<AgendaGroup> Groups, IReadOnlyList<string> FollowedUp, string AsOf, string KnownAt, long Position, bool? Provisional);

public sealed record AgendaGroup(string Group, IReadOnlyList<AgendaItem> Items);

/// <param name="Kind">action or instrument.</param>
/// <param name="What">What an action is about, an instrument's title.</param>
/// <param name="Open">possible or certain: whether it is open on the day, of an instrument whether it is in the making or its review due; "no" of an action that was settled by then and followed up here.</param>
/// <param name="Due">When an action is due, an instrument's signature expected.</param>
/// <param name="FollowUps">How many there are, whichever meeting they were raised at.</param>
/// <param name="FollowedUpHere">True where one was raised at this meeting.</param>
public sealed record AgendaItem(
    string Kind, string? Reference, string Partner, string What, OwedBy? OwedBy, string? Owner, IReadOnlyList<string> States, Certainty Open, Edtf? Due, string? Standing, DateOnly? ReviewOn,
    Certainty? Overdue, Certainty? ReviewDue, FollowUpBrief? LastFollowUp, int FollowUps, bool? FollowedUpHere)
{
    /// <summary>References of the meetings at which it was raised.</summary>
    public IReadOnlyList<string> RaisedAt { get; init; } = [];
    internal long Position { get; init; }
    internal string Group { get; init; } = "";
}
