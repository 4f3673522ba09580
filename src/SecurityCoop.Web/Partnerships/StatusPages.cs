using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the page was asked for, as its address says it; null: nothing.</summary>
/// <param name="Sort">partner, status, contact or next; with a minus before it the other way round.</param>
/// <param name="Kind">Of which kind all that is pressing is listed; null: the ten most pressing.</param>
/// <param name="After">How many rows of the table stand on earlier pages.</param>
public sealed record StatusFilter(
    string? Status, string? Topic, string? Modifier, string? Home, string? AsOf, string? KnownAt, string? Sort, string? Kind, int After)
{
    /// <summary>The same question as an address.</summary>
    public string Address(Language? other = null)
    {
        (string Name, string? Value)[] all =
        [
            ("status", Status), ("topic", Topic), ("modifier", Modifier), ("asOf", AsOf), ("home", Home), ("knownAt", KnownAt), ("sort", Sort), ("work", Kind),
            ("after", After == 0 ? null : After.ToString(CultureInfo.InvariantCulture)), ("lang", other?.Code),
        ];
        var query = string.Join('&', all.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return query == "" ? "/" : $"/?{query}";
    }

    /// <summary>The clocks and whose records count, for the addresses of partnerships.</summary>
    public string Clocks => (new StatusFilter(null, null, null, Home, AsOf, KnownAt, null, null, 0)).Address()[1..];

    public bool Narrows => (Status ?? Topic ?? Modifier) is not null;
}

/// <summary>A partnership in the table.</summary>
public sealed record StatusRow(PartnerStatus Status, string Name, Work Work);

/// <summary>What the register learnt since somebody marked it as seen.</summary>
/// <param name="Position">Up to where it was seen; null: it never was.</param>
/// <param name="Partners">What changed, by partner, in sentences.</param>
public sealed record SinceSeen(long? Position, IReadOnlyList<(string Partner, IReadOnlyList<string> Words)> Partners);

/// <summary>What the page shows.</summary>
/// <param name="Rows">A page of the table, as filtered and sorted; of Total.</param>
/// <param name="Counts">By kind of work, how much there is.</param>
/// <param name="Pressing">The most pressing, or all of the kind that was asked for.</param>
public sealed record StatusView(
    Language Language, Caller Caller, RegisterClock Clock, Asking Asked, long Position, StatusFilter Filter, IReadOnlyList<StatusRow> Rows, int Total,
    IReadOnlyDictionary<string, int> Counts, IReadOnlyList<WorkItem> Pressing, SinceSeen Since);

/// <summary>Where we stand: what is pressing, what is new, and every partnership.</summary>
static class StatusPages
{
    public const int RowsOfPage = 100, MostPressing = 10;

    const string Cookie = "seen";

    // So many partners' changes are looked at and shown; the rest are found on their own pages.
    const int MostLooked = 60, MostChanged = 30;

    static readonly string[] sorts = ["partner", "status", "contact", "next", "-partner", "-status", "-contact", "-next"];

    public static async Task<IResult> Get(
        HttpContext http, TwoClocks clocks, RegisterClock clock, Statuses statuses, RegisterStore store,
        string? status, string? topic, string? modifier, string? home, string? asOf, string? knownAt, string? sort, string? work, int? after)
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        // A form sends what was left empty, too.
        var filter = new StatusFilter(
            Given(status), Given(topic), Given(modifier), Given(home), Given(asOf), Given(knownAt), Given(sort), Given(work), after ?? 0);
        Known.OneOf("?status", filter.Status, Labels.PartnershipStatuses.Keys);
        Known.OneOf("?modifier", filter.Modifier, Labels.Modifiers.Keys);
        Known.OneOf("?topic", filter.Topic, Vocabulary.Default.Topics.Keys);
        Known.OneOf("?sort", filter.Sort, sorts);
        Known.OneOf("?work", filter.Kind, Work.Kinds);
        if (filter.After < 0) throw Refusal.OfField("?after", "invalid-parameter");
        var asked = await clocks.Ask(filter.AsOf, filter.KnownAt, stop, filter.Home);
        var (all, position) = await statuses.All(asked, caller, stop);
        var rows = all.Select(s => new StatusRow(s, language.Say(Known.PartnerName(s.Facts.Partner)), Work.Of(s))).ToList();
        var items = rows.SelectMany(r => r.Work.Items).ToList();
        var pressing = filter.Kind is { } kind
            ? Work.InOrder(items.Where(i => i.Kind == kind)).Take(RowsOfPage) : Work.MostPressing(items).Take(MostPressing);
        var found = Sorted(await Filtered(rows, filter, asked, statuses, stop), filter.Sort, language).ToList();
        var since = await Since(http, all, position, asked, caller, language, statuses, store, clocks, stop);
        http.SetPosition(position);
        http.Showed(all.Select(s => s.Shown));
        return new RazorComponentResult<StatusPage>(new { View = new StatusView(
            language, caller, clock, asked, position, filter, [.. found.Skip(filter.After).Take(RowsOfPage)], found.Count,
            items.GroupBy(i => i.Kind).ToDictionary(g => g.Key, g => g.Count()), [.. pressing], since) });
    }

    /// <summary>Marks everything up to the position that the page showed as seen. The browser keeps it; the register does not.</summary>
    public static async Task<IResult> MarkSeen(HttpContext http, RegisterStore store)
    {
        var form = await FormReader.Read(http);
        var head = (await store.Head(http.RequestAborted)).Size;
        if (!long.TryParse(form["position"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) || seen > head)
            throw Refusal.OfField("/position", "invalid-parameter");
        http.Keep(Cookie, seen.ToString(CultureInfo.InvariantCulture));
        return http.SeeOther("/");
    }

    static async Task<IEnumerable<StatusRow>> Filtered(
        IReadOnlyList<StatusRow> rows, StatusFilter filter, Asking asked, Statuses statuses, CancellationToken stop)
    {
        // Only what is filtered by topic needs the whole answer.
        var documents = filter.Topic is null ? null : await statuses.Documents([.. rows.Select(r => r.Status)], stop);
        return rows.Where(r => (filter.Status is null || r.Status.Answer.Holds(filter.Status) != Certainty.No)
            && (filter.Modifier is null || r.Status.Answer.Modifiers.Any(m => m.Code == filter.Modifier))
            && (documents is null || StatusQueries.Body(r.Status, asked, documents).Topics.Contains(filter.Topic!)));
    }

    static IEnumerable<StatusRow> Sorted(IEnumerable<StatusRow> rows, string? sort, Language language)
    {
        var byName = language.InOrder(rows, r => r.Name);
        var sorted = sort?.TrimStart('-') switch
        {
            "status" => byName.OrderBy(r => r.Status.Answer.Status),
            "contact" => byName.OrderByDescending(r => r.Status.Answer.LastContact?.Date.Latest ?? DateOnly.MinValue),
            "next" => byName.OrderBy(r => r.Work.Next is { } next ? Work.First(next) ?? DateOnly.MaxValue : DateOnly.MaxValue),
            _ => byName,
        };
        return sort?[0] == '-' ? sorted.Reverse() : sorted;
    }

    // Of the partners of whom something was recorded since, what changed; of hidden records nothing is told.
    static async Task<SinceSeen> Since(
        HttpContext http, IReadOnlyList<PartnerStatus> all, long position, Asking asked, Caller caller, Language language,
        Statuses statuses, RegisterStore store, TwoClocks clocks, CancellationToken stop)
    {
        if (!long.TryParse(http.Request.Cookies[Cookie], NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            || seen > position || asked.KnownAt is not null) return new(null, []);
        var from = asked with { Position = seen, KnownAt = FormattableString.Invariant($"@{seen}") };
        var to = asked with { Position = position };
        var changed = new List<(string, IReadOnlyList<string>)>();
        var touched = all.Where(s => s.Facts.Records.Values.Any(r => r.LastPosition > seen)).Select(s => s.Facts.Partner);
        foreach (var partner in touched.Take(MostLooked))
        {
            var changes = await Changes.Of(partner, (from, to), caller, language, statuses, store, clocks, stop);
            if (changes.Records.Count > 0) changed.Add((partner, changes.Words));
            if (changed.Count == MostChanged) break;
        }
        return new(seen, changed);
    }

    /// <summary>Codes of those with whom there is a partnership that the caller may see.</summary>
    public static async Task<IReadOnlyList<string>> Partners(RegisterStore store, Caller caller, CancellationToken stop)
    {
        var partners = new List<string>();
        await foreach (var row in store.Rows(RecordKinds.Partnership, stop: stop))
            if (row.Value is Register.Partnerships.Partnership { Withdrawn: false, Details: { } d } p && caller.Sees(p)) partners.Add(d.Partner);
        return partners;
    }

    /// <summary>What a form sends; what was left empty was not given.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
