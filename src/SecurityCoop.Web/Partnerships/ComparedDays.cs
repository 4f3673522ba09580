using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the address says of a comparison; null: nothing.</summary>
/// <param name="By">The clock: what was recorded in between, or what happened in the world.</param>
sealed record AskedComparison(string? From, string? To, string? By, string? KnownAt, string? Home);

/// <summary>What differs between two days, by one of the two clocks.</summary>
/// <param name="From">As asked.</param>
/// <param name="To">As asked; null: now, or what the page's own clocks say.</param>
/// <param name="Words">What changed, in sentences.</param>
/// <param name="Records">Of the register's clock, the records of which something was recorded in between.</param>
/// <param name="Entries">Of the world's clock, what happened in between, as far as is known.</param>
public sealed record ComparedDays(
    string From, string? To, bool InTheWorld, IReadOnlyList<string> Words, IReadOnlyList<RecordChange> Records, IReadOnlyList<TimelineEntry> Entries)
{
    /// <summary>The clocks, by the names that addresses have for them.</summary>
    public const string Recorded = "recorded", Happened = "happened";

    // What happens in the register alone bears the day of what it is about.
    static readonly string[] ofTheRegister =
        ["_corrected", "_refined", "_withdrawn", "_reclassified", "_report_recorded", "_report_preferred", "_statement_opened", "_validated", "_participant_identified", "_origin_changed"];

    /// <summary>The records that it shows, by stream id.</summary>
    internal IReadOnlyList<(string Stream, Marks Marks)> Shown { get; init; } = [];

    /// <summary>The same question as parts of an address.</summary>
    public IEnumerable<string> Query => ((string, string?)[])[("from", From), ("to", To), ("by", InTheWorld ? Happened : null)] is var all
        ? all.Where(q => q.Item2 is not null).Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2!)}") : [];

    /// <exception cref="Refusal">only-for at ?by, required or from-after-to at ?from; invalid-day, or what an instant or a position may be, at the parameter.</exception>
    internal static async Task<ComparedDays?> Of(
        string partner, AskedComparison given, Asking asked, PartnerStatus stands, HttpContext http, TwoClocks clocks, RegisterClock clock, Statuses statuses,
        RegisterStore store)
    {
        if (given.By is not (null or Recorded or Happened)) throw Refusal.OfField("?by", "only-for", Recorded, Happened);
        if (given.From is null && given.To is null) return null;
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var from = given.From ?? throw Refusal.OfField("?from", "required");
        if (given.By == Happened)
            return await OfTheWorld(from, given.To, asked, stands, caller, language, clock, statuses, store, stop);
        var between = await Changes.Between(http, clocks, from, given.To ?? given.KnownAt, asked.AsOfText, given.Home);
        var changes = await Changes.Of(partner, between, caller, language, statuses, store, clocks, stop);
        return new(from, given.To, false, changes.Words, changes.Records, []) { Shown = changes.Shown };
    }

    // What stood before the first day, what stands at the end of the last, and what happened from the one to the other: all as the page knows it.
    static async Task<ComparedDays> OfTheWorld(
        string from, string? to, Asking asked, PartnerStatus stands, Caller caller, Language language, RegisterClock clock, Statuses statuses, RegisterStore store,
        CancellationToken stop)
    {
        var (first, last) = (clock.Day(from, "?from"), to is null ? asked.AsOf : clock.Day(to, "?to"));
        if (first > last) throw Refusal.OfField("?from", "from-after-to", from, to ?? asked.AsOfText);
        var (partner, known) = (stands.Facts.Partner, asked with { Position = stands.Position, DayGiven = true });
        var (before, after) = (known with { AsOf = first > DateOnly.MinValue ? first.AddDays(-1) : first }, known with { AsOf = last });
        var (was, now) = (await statuses.Of(partner, before, caller, stop), await statuses.Of(partner, after, caller, stop));
        var documents = await statuses.Documents([was, now], stop);
        var (wasSaid, nowSaid) = (StatusQueries.Body(was, before, documents), StatusQueries.Body(now, after, documents));
        var causes = nowSaid.Because.Select(b => b.Record).OfType<string>().Distinct().ToList();
        var timeline = await Timeline.Of(stands, asked with { AsOf = last, DayGiven = false }, int.MaxValue, null, caller, statuses, store, stop);
        var happened = timeline.Items.Where(e => e.Withdrawn != true && !ofTheRegister.Any(t => e.Type.EndsWith(t, StringComparison.Ordinal)) && e.On is { Length: > 0 } on && Edtf.Parse(on).Within(first, last) != Certainty.No).ToList();
        return new(from, to, true, [.. ChangeWords.Of(partner, wasSaid, nowSaid, causes, [], language)], [], happened) { Shown = timeline.Shown };
    }
}
