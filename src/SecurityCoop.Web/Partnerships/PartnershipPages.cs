using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the page of one partnership shows: the interface's own answers.</summary>
/// <param name="Clock">By which days and instants are shown.</param>
/// <param name="Facts">As the caller may know them.</param>
/// <param name="StatusAsked">The status asked about, or the one that it has.</param>
/// <param name="More">For each status that it could grow into: what is missing, in sentences.</param>
/// <param name="Compared">What is compared, between which days and by which clock; null: nothing.</param>
/// <param name="Linked">By stream id, the records that the page names.</param>
/// <param name="Sources">By reference, the sources of the reasons.</param>
public sealed record PartnershipPageView(
    Language Language, Caller Caller, RegisterClock Clock, Asking Asked, StatusBody Body, PartnershipFacts Facts, string StatusAsked, WhyBody Why,
    IReadOnlyList<(string Status, IReadOnlyList<string> Words)> More, ComparedDays? Compared, TimelineBody Timeline, LinkedRecords Linked,
    IReadOnlyDictionary<string, LinkedRecord> Sources)
{
    /// <summary>The question as an address, in another language or from a place in the timeline on.</summary>
    public string Address(Language? other = null, string? after = null)
    {
        var query = new List<string> { $"asOf={Asked.AsOfText}", $"home={Home}", $"status={StatusAsked}" };
        if (Asked.KnownAt is { } knownAt) query.Add($"knownAt={Uri.EscapeDataString(knownAt)}");
        if (Compared is { } compared) query.AddRange(compared.Query);
        if (after is not null) query.Add($"after={after}");
        if (other is not null) query.Add($"lang={other.Code}");
        return $"/partnerships/{Body.Partner.Code}?{string.Join('&', query)}";
    }

    public string Home => Asked.ServiceOnly ? "service" : "any";

    /// <summary>Whether both clocks say now, so that something can be recorded.</summary>
    public bool IsNow => !Asked.IsOfThePast(Clock);

    /// <summary>The statements that had been made by the day, with the reference of the meeting and the day of each.</summary>
    public IReadOnlyList<(RecordedStatement Statement, string? Meeting, Edtf On)> Statements { get; } = StatementsOf(Facts, Asked);

    /// <summary>The same of some facts.</summary>
    internal static IReadOnlyList<(RecordedStatement Statement, string? Meeting, Edtf On)> StatementsOf(PartnershipFacts facts, Asking asked) =>
    [
        .. facts.Meetings.Where(m => m.State == MeetingState.Held && m.Details!.Date.StartedBy(asked.AsOf) != Certainty.No)
            .Where(m => !asked.ServiceOnly || m.Details!.HomeOrganisation is null)
            .SelectMany(m => m.Statements.Select(s => (s, m.Reference, m.Details!.Date))),
        .. facts.Partnership.Statements.Where(s => s.On!.StartedBy(asked.AsOf) != Certainty.No && (!asked.ServiceOnly || s.HomeOrganisation is null))
            .Select(s => (s, (string?)null, s.On!)),
    ];
}

static class PartnershipPages
{
    public static async Task<IResult> Get(
        string code, HttpContext http, TwoClocks clocks, RegisterClock clock, Statuses statuses, RegisterStore store,
        string? status, string? from, string? to, string? by, string? home, string? asOf, string? knownAt, string? after)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var asked = await clocks.Ask(StatusPages.Given(asOf), StatusPages.Given(knownAt), stop, StatusPages.Given(home));
        var stands = await statuses.Of(code, asked, caller, stop);
        var body = await StatusQueries.Body(stands, asked, await statuses.Documents([stands], stop)).WithFrame(stands, asked, store, clocks, caller, stop);
        var about = StatusPages.Given(status) ?? body.Status;
        Known.OneOf("?status", about, Labels.PartnershipStatuses.Keys);
        var compared = await ComparedDays.Of(
            code, new(StatusPages.Given(from), StatusPages.Given(to), StatusPages.Given(by), StatusPages.Given(knownAt), StatusPages.Given(home)), asked, stands, http,
            clocks, clock, statuses, store);
        // The page shows what is known of the future, too: the day only says what has happened.
        var timeline = await Timeline.Of(stands, asked with { DayGiven = false }, RecordQueries.DefaultLimit, after, caller, statuses, store, stop);
        var more = new List<(string, IReadOnlyList<string>)>();
        // The first sentence says what the page says already.
        foreach (var other in PartnershipWords.More(body.Status))
            more.Add((other, [.. (await Why.Of(stands, asked, other, statuses, language, stop)).Words.Skip(1)]));
        var linked = await LinkedRecords.Load(
            Streams(stands, body, asked), stands.Position, language, store, clocks, new Opener(store, caller, stop), stop, names: false);
        http.SetPosition(stands.Position);
        http.Showed([.. timeline.Shown, .. compared?.Shown ?? [], stands.Shown]);
        return new RazorComponentResult<PartnershipPage>(new { View = new PartnershipPageView(
            language, caller, clock, asked, body, stands.Facts, about, await Why.Of(stands, asked, about, statuses, language, stop), more,
            compared, timeline, linked, linked.OfKind("source")) });
    }

    // The records that the page names: where the reasons, the statements, the acts and the reports are written, what statements opened, and what reports say. Of a
    // partner with many records most name others that the page does not.
    static IEnumerable<string> Streams(PartnerStatus stands, StatusBody body, Asking asked)
    {
        var facts = stands.Facts;
        var statements = PartnershipPageView.StatementsOf(facts, asked).Select(s => s.Statement).Where(s => !s.Withdrawn).ToList();
        var instruments = body.Instruments.Select(i => i.Reference).ToHashSet();
        var places = stands.Answer.Because.SelectMany(b => b.Sources ?? [])
            .Concat(statements.SelectMany(s => s.Sources ?? []))
            .Concat(facts.Instruments.Where(i => instruments.Contains(i.Reference)).SelectMany(i => i.Acts).SelectMany(a => a.Sources ?? []));
        var readings = facts.Reported.SelectMany(r => r.Value.Reports!).SelectMany(r => r.Readings).ToList();
        var values = readings.Select(r => r.Value).OfType<JsonElement>().SelectMany(v => Visibility.StreamsIn(JsonNode.Parse(v.GetRawText()))).Select(v => v.GetValue<string>());
        return places.Concat(readings.SelectMany(r => r.Sources ?? [])).Select(l => l.Document).OfType<string>()
            .Concat(statements.SelectMany(s => s.Said.Opens ?? [])).Concat(values).Where(s => Visibility.StreamId().IsMatch(s));
    }

    /// <summary>What an entry of the timeline says: its kind of event, and what it was beside that.</summary>
    public static IEnumerable<string> Said(TimelineEntry e, Language l)
    {
        if (e.Computed != true) yield return Words.Event(e.Type, l);
        if (Kind(e, l) is { } kind) yield return kind;
    }

    /// <summary>What an entry of the timeline says beside its kind of event.</summary>
    public static string? Kind(TimelineEntry e, Language l)
    {
        if (e.Kind is not { } kind) return null;
        if (e.Type.Contains("_statement_", StringComparison.Ordinal)) return l.Say(Labels.Forces, kind);
        // What became of a planned meeting is what the event is called.
        if (e.Type.StartsWith("meeting_", StringComparison.Ordinal))
            return Vocabulary.Default.MeetingKinds.GetValueOrDefault(kind) is { } name ? l.Say(name) : null;
        if (e.Type is "instrument_opened") return l.Say(Vocabulary.Default.InstrumentKinds, kind);
        // A term that ran out is called by the state that it leaves; an action's or a partnership's change is what the event is called.
        return e.Type.StartsWith("instrument_act_", StringComparison.Ordinal) || e.Computed == true
            ? l.Say(Labels.InstrumentActs.ContainsKey(kind) ? Labels.InstrumentActs : Labels.InstrumentStates, kind) : null;
    }
}
