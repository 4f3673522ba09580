using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Status;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the status page shows: the interface's own answers, with the facts for their words.</summary>
/// <param name="Clock">By which instants are shown.</param>
/// <param name="Partnerships">By name, as the page's language has it.</param>
/// <param name="Sources">By reference, the sources that the caller may see.</param>
public sealed record StatusView(
    Language Language, Caller Caller, RegisterClock Clock, Asking Asked, long Position, IReadOnlyList<PartnershipEntry> Partnerships, IReadOnlyDictionary<string, Source> Sources)
{
    /// <summary>The highest that is shown.</summary>
    public Marking Marking => Partnerships.Select(p => p.Facts.Marking()).DefaultIfEmpty().Max();

    /// <summary>The question as an address, in this or another language.</summary>
    public string Address(Language? other = null)
    {
        var query = new List<string> { FormattableString.Invariant($"asOf={Asked.Question.AsOf:yyyy-MM-dd}"), $"home={(Asked.Question.ServiceOnly ? "service" : "any")}" };
        if (Asked.KnownAt is { } knownAt) query.Add($"knownAt={Uri.EscapeDataString(knownAt)}");
        if (other is not null) query.Add($"lang={other.Code}");
        return $"/?{string.Join('&', query)}";
    }
}

static class ShownFacts
{
    /// <summary>The highest marking of what somebody may see of a partner, parts of records included.</summary>
    public static Marking Marking(this PartnershipFacts facts) =>
        facts.Records.Values.Select(r => (r.MarkedParts ?? []).Select(p => p.Marking).Append(r.Marking).Max()).DefaultIfEmpty().Max();
}

public sealed record PartnershipEntry(StatusBody Body, PartnershipFacts Facts);

static class StatusPages
{
    public static async Task<IResult> Get(
        HttpContext http, TwoClocks clocks, RegisterClock clock, Statuses statuses, RegisterStore store, string? home, string? asOf, string? knownAt)
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        // A form sends what was left empty, too.
        var asked = await clocks.Ask(Given(asOf), Given(knownAt), stop, Given(home));
        var (all, position) = await statuses.All(asked, caller, stop);
        var references = await statuses.Documents(all, stop);
        var entries = language.InOrder(
            all.Select(s => new PartnershipEntry(StatusQueries.Body(s, asked, references), s.Facts)), e => language.Say(e.Body.Partner.Name)).ToList();
        var named = entries.SelectMany(e => e.Body.Because).SelectMany(b => b.Sources ?? []).Select(l => l.Document).OfType<string>().ToHashSet();
        var rows = await store.RowsOf(RecordKinds.Source, [.. references.Where(r => named.Contains(r.Value)).Select(r => r.Key)], stop);
        var sources = rows.Select(r => r.Value).OfType<Source>().Where(s => caller.Sees(s)).ToDictionary(s => s.Reference!);
        http.SetPosition(position);
        http.Showed(all.Select(s => s.Shown));
        return new RazorComponentResult<StatusPage>(new { View = new StatusView(language, caller, clock, asked, position, entries, sources) });
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
