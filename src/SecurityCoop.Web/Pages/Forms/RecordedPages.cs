using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What the page after recording shows.</summary>
/// <param name="Records">References of what was opened or changed, each with the kind of record and what it is about.</param>
/// <param name="Changes">Of each partner concerned, what the register says otherwise than before.</param>
public sealed record RecordedView(Language Language, IReadOnlyList<(string Reference, IServedKind Kind, string? Title)> Records, IReadOnlyList<ChangesBody> Changes)
{
    /// <summary>Whether the reader may record the next meeting.</summary>
    public bool MayRecord { get; init; }
}

/// <summary>What was recorded just now, and which status changed by it. The address names it, so that reading it again sends nothing twice.</summary>
static class RecordedPages
{
    public const string Path = "/recorded";

    const int MostRecords = 50;

    /// <summary>Leads from the form to what was recorded.</summary>
    public static IResult SeeOther(HttpContext http, params IReadOnlyList<CommandAnswer> answers)
    {
        return http.SeeOther(Address(answers));
    }

    /// <summary>The address at which it stands what these commands recorded, which were given one after the other.</summary>
    public static string Address(IReadOnlyList<CommandAnswer> answers)
    {
        // A command that changes nothing has no event.
        var first = answers.Min(a => a.Events.Count == 0 ? a.Position : a.Events[0].Position - 1);
        var last = answers.Max(a => a.Events.Count == 0 ? a.Position : a.Events[^1].Position);
        var query = new List<string> { string.Create(CultureInfo.InvariantCulture, $"from=@{first}&to=@{last}") };
        query.AddRange(answers.SelectMany(a => a.Records).Select(r => r.Reference ?? r.Id).Distinct().Take(MostRecords).Select(r => $"record={Uri.EscapeDataString(r)}"));
        return $"{Path}?{string.Join('&', query)}";
    }

    public static async Task<IResult> Get(
        HttpContext http, Records records, TwoClocks clocks, Statuses statuses, RegisterStore store, string? from, string? to, string[]? record)
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var between = await Changes.Between(http, clocks, from, to, null, null);
        var (shown, partners) = (new List<(string, IServedKind, string?)>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var name in (record ?? []).Distinct().Take(MostRecords))
        {
            // What the caller may not see is not there.
            if (await records.KindOf(name, stop) is not { } kind || await Seen(kind, records, name, caller, stop) is not { } state) continue;
            shown.Add((name, kind, LinkedRecords.Title(state, language)));
            partners.UnionWith(kind.PartnersOf(state));
        }
        var changes = new List<ChangesBody>();
        foreach (var partner in partners) changes.Add(await Changes.Of(partner, between, caller, language, statuses, store, clocks, stop));
        http.Showed(changes.SelectMany(c => c.Shown));
        return new RazorComponentResult<RecordedPage>(new { View = new RecordedView(language, shown, changes) { MayRecord = caller.May(Role.Recorder) } });
    }

    static async Task<RecordState?> Seen(IServedKind kind, Records records, string name, Caller caller, CancellationToken stop)
    {
        try
        {
            return (await kind.Get(records, name, caller, stop, itself: true)).State;
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            return null;
        }
    }
}
