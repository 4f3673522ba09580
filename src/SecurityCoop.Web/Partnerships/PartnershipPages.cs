using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the page of one partnership shows: the interface's own answers.</summary>
/// <param name="Clock">By which days and instants are shown.</param>
/// <param name="StatusAsked">The status asked about, or the one that it has.</param>
/// <param name="From">Since when the register's knowledge is compared, as asked; null: it is not.</param>
public sealed record PartnershipPageView(
    Language Language, Caller Caller, RegisterClock Clock, Asking Asked, StatusBody Body, string StatusAsked, WhyBody Why, string? From, ChangesBody? Changes, TimelineBody Timeline, Marking Marking)
{
    /// <summary>The question as an address, in another language or from a place in the timeline on.</summary>
    public string Address(Language? other = null, string? after = null)
    {
        var query = new List<string> { $"asOf={Asked.AsOfText}", $"home={(Asked.ServiceOnly ? "service" : "any")}", $"status={StatusAsked}" };
        if (Asked.KnownAt is { } knownAt) query.Add($"knownAt={Uri.EscapeDataString(knownAt)}");
        if (From is { } from) query.Add($"from={Uri.EscapeDataString(from)}");
        if (after is not null) query.Add($"after={after}");
        if (other is not null) query.Add($"lang={other.Code}");
        return $"/partnerships/{Body.Partner.Code}?{string.Join('&', query)}";
    }
}

static class PartnershipPages
{
    public static async Task<IResult> Get(
        string code, HttpContext http, TwoClocks clocks, RegisterClock clock, Statuses statuses, RegisterStore store,
        string? status, string? from, string? home, string? asOf, string? knownAt, string? after)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var asked = await clocks.Ask(StatusPages.Given(asOf), StatusPages.Given(knownAt), stop, StatusPages.Given(home));
        var stands = await statuses.Of(code, asked, caller, stop);
        var body = await StatusQueries.Body(stands, asked, await statuses.Documents([stands], stop)).WithFrame(stands, asked, store, clocks, caller, stop);
        var about = StatusPages.Given(status) ?? body.Status;
        Known.OneOf("?status", about, Labels.PartnershipStatuses.Keys);
        var since = StatusPages.Given(from);
        var changes = since is null ? null : await Changes.Of(code, await Changes.Between(http, clocks, since, StatusPages.Given(knownAt), asked.AsOfText, StatusPages.Given(home)), caller, language, statuses, store, clocks, stop);
        // The page shows what is known of the future, too: the day only says what has happened.
        var timeline = await Timeline.Of(stands, asked with { DayGiven = false }, RecordQueries.DefaultLimit, after, caller, statuses, store, stop);
        http.SetPosition(stands.Position);
        http.Showed([.. timeline.Shown, .. changes?.Shown ?? [], stands.Shown]);
        return new RazorComponentResult<PartnershipPage>(new { View = new PartnershipPageView(
            language, caller, clock, asked, body, about, await Why.Of(stands, asked, about, statuses, language, stop), since, changes, timeline, stands.Facts.Marking()) });
    }

    /// <summary>What an entry of the timeline says beside its kind of event.</summary>
    public static string? Kind(TimelineEntry e, Language l)
    {
        if (e.Kind is not { } kind) return null;
        if (e.Type.Contains("_statement_", StringComparison.Ordinal)) return l.Say(Labels.Forces, kind);
        if (e.Type.StartsWith("meeting_", StringComparison.Ordinal)) return l.Say(Vocabulary.Default.MeetingKinds, kind);
        if (e.Type is "instrument_opened") return l.Say(Vocabulary.Default.InstrumentKinds, kind);
        // A term that ran out is called by the state that it leaves; an action's or a partnership's change is what the event is called.
        return e.Type.StartsWith("instrument_act_", StringComparison.Ordinal) || e.Computed == true ? l.Say(Labels.InstrumentActs.ContainsKey(kind) ? Labels.InstrumentActs : Labels.InstrumentStates, kind) : null;
    }
}
