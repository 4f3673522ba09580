using System.Text;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Instruments;

namespace SecurityCoop.Web.Partnerships;

public static class StatusQueries
{
    const string Json = "application/json; charset=utf-8";

    public static void MapStatusQueries(this RouteGroupBuilder api)
    {
        api.MapGet("/partnerships", List).Needs(Role.Reader).Shows<StatusList>().AlsoCsv("partnerships", ("code", "partner.code"), ("fr", "partner.name.fr"), ("en", "partner.name.en"), ("ar", "partner.name.ar"),
            ("status", "status"), ("certainty", "certainty"), ("certainStatus", "certainStatus"), ("modifiers", "modifiers.code"), ("lastContact", "lastContact"), ("topics", "topics"), ("meetings", "counts.meetings"), ("statements", "counts.statements"), ("actions", "counts.actions"), ("openActions", "counts.openActions"), ("instruments", "counts.instruments"), ("because", "because.record"), ("asOf", "asOf"), ("knownAt", "knownAt"));
        api.MapGet("/partnerships/{code}", Get).Needs(Role.Reader).Shows<StatusBody>();
        api.MapGet("/partnerships/{code}/why", Why.Get).Needs(Role.Reader).Shows<WhyBody>();
        api.MapGet("/partnerships/{code}/timeline", Timeline.Get).Needs(Role.Reader).Shows<TimelineBody>();
        api.MapGet("/partnerships/{code}/changes", Changes.OfOne).Needs(Role.Reader).Shows<ChangesBody>();
        api.MapGet("/changes", Changes.OfAll).Needs(Role.Reader).Shows<ChangesList>();
    }

    static async Task<IResult> List(HttpContext http, TwoClocks clocks, Statuses statuses, string? status, string? topic, string? modifier, string? home, string? asOf, string? knownAt, int? limit, string? after)
    {
        Known.OneOf("?status", status, Labels.PartnershipStatuses.Keys);
        Known.OneOf("?modifier", modifier, Labels.Modifiers.Keys);
        Known.OneOf("?topic", topic, Vocabulary.Default.Topics.Keys);
        var take = RecordQueries.Limit(limit);
        if (after is not null && !Known.IsPartner(after)) throw Refusal.OfField("?after", "invalid-parameter");
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var asked = await clocks.Ask(asOf, knownAt, stop, home);
        var (all, position) = await statuses.All(asked, caller, stop);
        var documents = await statuses.Documents(all, stop);
        var found = all.Where(s => (after is null || string.CompareOrdinal(s.Facts.Partner, after) > 0)
                && (status is null || s.Reading.Answer.Holds(status) != Certainty.No))
            .Select(s => Body(s, asked, documents))
            .Where(b => (modifier is null || b.Modifiers.Any(m => m.Code == modifier)) && (topic is null || b.Topics.Contains(topic)))
            .Take(take + 1).ToList();
        var listed = found.Take(take).Select(b => b.Partner.Code).ToHashSet(StringComparer.Ordinal);
        http.Showed(all.Where(s => listed.Contains(s.Facts.Partner)).Select(s => s.Shown));
        var next = found.Count > take ? found[take - 1].Partner.Code : null;
        if (next is not null) http.SetNext(next);
        http.SetPosition(position);
        return TypedResults.Json(new StatusList([.. found.Take(take)], next, asked.AsOfText, asked.KnownAtText(position), position, asked.Provisional ? true : null), BodiesJson.Shown<StatusList>());
    }

    static async Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Statuses statuses, RegisterStore store, string? home, string? asOf, string? knownAt)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var stop = http.RequestAborted;
        var asked = await clocks.Ask(asOf, knownAt, stop, home);
        var status = await statuses.Of(code, asked, http.GetCaller(), stop);
        http.SetPosition(status.Position);
        http.Showed([status.Shown]);
        if (asked.Position is null && status.Reading.Written is { } written) return await Again(written, status.Position, http);
        var body = await Body(status, asked, await statuses.Documents([status], stop)).WithFrame(status, asked, store, clocks, http.GetCaller(), stop);
        var whole = StatusJson.Write(body);
        if (asked.Position is not null) return TypedResults.Bytes(whole, Json);
        // A focal point's person may be merged into another, which is nothing that is recorded of the partner.
        if (body.FocalPoints is []) status.Reading.Written = whole[..whole.AsSpan().LastIndexOf("\"knownAt\":"u8)];
        return TypedResults.Bytes(whole, Json);
    }

    // Only the position has changed since: everything before it is as it was written.
    static async Task<IResult> Again(byte[] written, long position, HttpContext http)
    {
        var end = Encoding.UTF8.GetBytes(FormattableString.Invariant($"\"knownAt\":\"@{position}\",\"position\":{position}}}"));
        (http.Response.ContentType, http.Response.ContentLength) = (Json, written.Length + end.Length);
        await http.Response.Body.WriteAsync(written, http.RequestAborted);
        await http.Response.Body.WriteAsync(end, http.RequestAborted);
        return Results.Empty;
    }

    /// <summary>The status as HTTP and pages show it.</summary>
    /// <param name="documents">References of the sources that the reasons name, by stream id.</param>
    public static StatusBody Body(PartnerStatus s, Asking asked, IReadOnlyDictionary<string, string> documents) => (s.Reading.Shown ??= Shown(s.Reading, documents)) with
    {
        AsOf = asked.AsOfText, KnownAt = asked.KnownAtText(s.Position), Position = s.Position, Provisional = asked.Provisional ? true : null,
    };

    static StatusBody Shown(Reading reading, IReadOnlyDictionary<string, string> documents)
    {
        var (facts, answer, asOf) = (reading.Facts, reading.Answer, reading.Question.AsOf);
        bool Counts(string? home) => !reading.Question.ServiceOnly || home is null;
        var meetings = facts.Meetings.Where(m => m.State == MeetingState.Held && Counts(m.Details!.HomeOrganisation) && m.Details.Date.StartedBy(asOf) != Certainty.No).ToList();
        var actions = facts.Actions.Where(a => Counts(a.Details!.HomeOrganisation) && a.Details!.On.StartedBy(asOf) != Certainty.No).ToList();
        // What had not begun by the day asked about is not shown; what nobody has dated is.
        var instruments = facts.Instruments.Where(i => Counts(i.Details!.HomeOrganisation) && (i.Acts.Count == 0 || i.Lives(asOf).Any(l => l.State != InstrumentState.None))).ToList();
        var statements = meetings.SelectMany(m => m.Statements)
            .Concat(facts.Partnership.Statements.Where(x => Counts(x.HomeOrganisation) && x.On!.StartedBy(asOf) != Certainty.No)).Where(x => !x.Withdrawn).ToList();
        var open = actions.Where(a => PartnershipStatus.OpenAt(a, asOf) != Certainty.No).OrderBy(a => a.FirstPosition).ToList();
        return new(
            PartnerBody.Of(facts.Partner), PartnershipStatus.SlugOf(answer.Status), answer.Certainty, PartnershipStatus.SlugOf(answer.Certain),
            [.. answer.Modifiers.Select(m => new ModifierBody(m.Code, m.Certainty, [.. m.Because.Select(b => BecauseBody.Of(b, documents))]))],
            [.. answer.Because.Select(b => BecauseBody.Of(b, documents))], answer.LastContact?.Date.Text, answer.Closed ? true : null,
            [.. statements.SelectMany(x => x.Said.Topics ?? []).Concat(actions.SelectMany(a => a.Details!.Topics ?? [])).Concat(instruments.SelectMany(i => i.Details!.Topics ?? [])).Distinct().Order(StringComparer.Ordinal)],
            new(meetings.Count, statements.Count, actions.Count, open.Count, instruments.Count),
            [.. open.Select(a => OpenActionBody.Of(a, asOf))],
            [.. instruments.OrderBy(i => i.FirstPosition).Select(i => InstrumentBrief.Of(i, asOf, facts.Partner))],
            Frames.SuspendedParts(facts, reading.Question, documents), ReviewMonths: null, FocalPoints: null, Notes: null,
            Partial: reading.IsPartial ? true : null, AsOf: "", KnownAt: "", Position: 0, Provisional: null);
    }
}

public sealed record StatusList(IReadOnlyList<StatusBody> Items, string? Next, string AsOf, string KnownAt, long Position, bool? Provisional);

/// <param name="LastContact">EDTF date of the latest dated meeting; absent where there is none.</param>
/// <param name="CertainStatus">The first rule such that in every possible case it or an earlier one holds.</param>
/// <param name="Topics">Codes of everything that was spoken of.</param>
/// <param name="SuspendedParts">What of the partnership is suspended, or may be; absent where nothing is.</param>
/// <param name="ReviewMonths">After how many months without contact it counts as dormant; absent in lists.</param>
/// <param name="FocalPoints">Whom one turns to on each side at the day; absent in lists.</param>
/// <param name="Notes">What was noted, in the order of recording; absent in lists.</param>
/// <param name="Partial">True where it is read without something that the caller may not see.</param>
/// <param name="KnownAt">As asked; otherwise the position, as "@1234".</param>
/// <param name="Position">The answer is made from the log up to here.</param>
/// <param name="Provisional">True where knownAt lies after the newest event.</param>
public sealed record StatusBody(
    PartnerBody Partner, string Status, Certainty Certainty, string CertainStatus, IReadOnlyList<ModifierBody> Modifiers, IReadOnlyList<BecauseBody> Because, string? LastContact, bool? Closed,
    IReadOnlyList<string> Topics, CountsBody Counts, IReadOnlyList<OpenActionBody> OpenActions, IReadOnlyList<InstrumentBrief> Instruments, IReadOnlyList<SuspendedPartBody>? SuspendedParts, int? ReviewMonths,
    IReadOnlyList<FocalPointShown>? FocalPoints, IReadOnlyList<NoteShown>? Notes, bool? Partial, string AsOf, string KnownAt, long Position, bool? Provisional);

public sealed record PartnerBody(string Code, Label Name)
{
    public static PartnerBody Of(string code) => new(code, Known.PartnerName(code));
}

public sealed record ModifierBody(string Code, Certainty Certainty, IReadOnlyList<BecauseBody> Because);

/// <param name="Event">Id of the event that makes the rule hold, at Position.</param>
/// <param name="Kind">meeting, statement, action, instrument, suspension, the kind of an instrument's act, or what changed a value that counts: refined, corrected, reclassified, set, report or preferred.</param>
/// <param name="Reason">Of a preference or of a competing report: why, as its recorder said.</param>
/// <param name="Computed">True where it follows from a clause or a notice.</param>
/// <param name="Origin">Of what a statement opened that says so no longer: "withdrawn", or the force that the statement has now.</param>
public sealed record BecauseBody(Guid Event, long Position, string? Record, string Kind, Certainty Certainty, bool? Computed, IReadOnlyList<Locator>? Sources, string? Reason, string? Origin)
{
    public static BecauseBody Of(Because b, IReadOnlyDictionary<string, string> documents) => new(b.Event, b.Position, b.Record, b.Kind, b.Certainty, b.Computed,
        b.Sources is null ? null : [.. b.Sources.Select(l => l.Document is { } d ? l with { Document = documents.GetValueOrDefault(d, d) } : l)], b.Reason, b.Origin);
}

public sealed record CountsBody(int Meetings, int Statements, int Actions, int OpenActions, int Instruments);

/// <param name="States">The states that are possible at the day asked about; one where it is certain.</param>
/// <param name="Due">EDTF; absent where undated or standing.</param>
public sealed record OpenActionBody(string? Reference, string What, OwedBy OwedBy, string? Owner, IReadOnlyList<ActionState> States, Certainty Open, Edtf? Due, string? Standing, DateOnly? ReviewOn, Certainty? Overdue, FollowUpBrief? LastFollowUp, int FollowUps, bool? OriginWithdrawn, Force? OriginForce)
{
    public static OpenActionBody Of(AgreedAction a, DateOnly asOf)
    {
        var d = a.Details!;
        var followUps = a.FollowUps.Where(f => !f.Withdrawn && f.On.StartedBy(asOf) != Certainty.No).ToList();
        var marks = ActionMarks.Of(a, asOf);
        return new(a.Reference, d.What, d.OwedBy, d.Owner, [.. a.StatesAt(asOf).Order()], marks.Open, d.Due, d.Standing, a.ReviewOn,
            marks.Overdue == Certainty.No ? null : marks.Overdue, followUps.Count == 0 ? null : FollowUpBrief.Of(followUps[^1]), followUps.Count, a.OriginWithdrawn, a.OriginForce);
    }
}

/// <param name="Protected">True where the note is protected: the action's own record shows it to whoever may see it.</param>
public sealed record FollowUpBrief(Edtf On, string? Note, bool? Protected)
{
    public static FollowUpBrief Of(Register.Actions.FollowUp f) => new(f.On, f.Note, f.ProtectedFor is null ? null : true);
}
