using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Pages.Lists;

/// <summary>One row of a list.</summary>
public sealed record ListRow(string Reference, RecordState State, JsonObject Json);

/// <summary>What the page of a list shows.</summary>
/// <param name="Count">How many records the filters keep, on all pages.</param>
/// <param name="Given">The parameters of the address that are given, without the language.</param>
/// <param name="Partners">Codes of those with whom there is a partnership that the caller may see.</param>
public sealed record ListView(
    Language Language, Caller Caller, ListDefinition List, Asking Asked, int Count, int Page, IReadOnlyList<ListRow> Rows, IReadOnlyList<(string Name, string Value)> Given, IReadOnlyList<string> Partners,
    IReadOnlyList<KeptSearch> Searches)
{
    /// <summary>Whether a clock does not say now: then nothing is recorded from here.</summary>
    public bool IsPast { get; init; }

    public int Pages => Math.Max(1, (Count + ListPages.OnPage - 1) / ListPages.OnPage);

    /// <summary>What the address gives of a parameter; "" where it gives nothing.</summary>
    public string Value(string name) => Given.FirstOrDefault(g => g.Name == name).Value ?? "";

    /// <summary>The same list with one parameter otherwise; null: without it. Its first page, unless a page is asked for.</summary>
    public string With(string name, string? value, string? path = null)
    {
        var query = Given.Where(g => g.Name != name && g.Name != ListPages.PageParameter).ToList();
        if (value is not null) query.Add((name, value));
        return query.Count == 0 ? path ?? List.Path : $"{path ?? List.Path}?{string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value)}"))}";
    }

    /// <summary>The same list with both clocks at now.</summary>
    public string WithoutClocks => (this with { Given = [.. Given.Where(g => g.Name != "asOf")] }).With("knownAt", null);

    /// <summary>The interface's answer to the same query, as a table.</summary>
    public string Table(string format) => (this with { Given = [.. Given.Where(g => g.Name is not (ListPages.SortParameter or ListPages.PageParameter)), ("language", Language.Code)] })
        .With("format", format, $"/api{List.Path}");

    /// <summary>The filters in place: each with what it is narrowed to, and the list without it.</summary>
    public IEnumerable<(string Words, string Without)> Chosen => Given.Select(g => (g.Name, g.Value, Filter: List.Filters.FirstOrDefault(f => f.Name == g.Name))).Where(g => g.Filter is not null)
        .Select(g => (Language.Say(ListWords.Remove, Language.Say(g.Filter!.Label), g.Name == "partner" ? Language.Say(Known.PartnerName(g.Value)) : g.Filter.Say(Language, g.Value)), With(g.Name, null)));

    /// <summary>The column by which it is sorted, and whether from the last to the first.</summary>
    public (string? Column, bool Descending) Sort => Value(ListPages.SortParameter) is { Length: > 0 } sort ? (sort.TrimStart('-'), sort[0] == '-') : (null, false);
}

/// <summary>Lists of records for people: filters, order and page stand in the address.</summary>
static class ListPages
{
    /// <summary>So many rows stand on a page.</summary>
    public const int OnPage = 100;

    public const string SortParameter = "sort", PageParameter = "page";

    public static void Map(RouteGroupBuilder pages)
    {
        foreach (var list in RecordLists.All) pages.MapGet(list.Path, (Delegate)((HttpContext http) => Get(list, http))).Needs(Role.Reader);
        pages.MapPost(KeptSearches.Path, (Delegate)KeptSearches.Keep).Needs(Role.Reader);
    }

    static async Task<IResult> Get(ListDefinition list, HttpContext http)
    {
        var (caller, language, stop, services) = (http.GetCaller(), Language.Of(http), http.RequestAborted, http.RequestServices);
        var (clocks, store) = (services.GetRequiredService<TwoClocks>(), services.GetRequiredService<RegisterStore>());
        // A form sends what was left empty, too.
        string? Given(string name) => StatusPages.Given(http.Request.Query[name].FirstOrDefault());
        var asked = await clocks.Ask(Given("asOf"), Given("knownAt"), stop);
        var (all, position) = await list.Load(http, asked, Given);
        var given = list.Filters.Select(f => f.Name).Concat(["asOf", "knownAt", SortParameter, PageParameter]).Select(n => (n, Given(n))).Where(g => g.Item2 is not null).Select(g => (g.n, g.Item2!)).ToList();
        var page = int.TryParse(Given(PageParameter), NumberStyles.None, CultureInfo.InvariantCulture, out var asks) && asks > 0 ? asks : 1;
        var view = new ListView(language, caller, list, asked, all.Count, page, [], given, language.InOrder(await StatusPages.Partners(store, caller, stop), p => language.Say(Known.PartnerName(p))).ToList(),
            KeptSearches.Of(http))
        {
            IsPast = asked.IsOfThePast(services.GetRequiredService<RegisterClock>()),
        };
        page = Math.Min(page, view.Pages);
        var shown = Sorted(all, list, view).Skip((page - 1) * OnPage).Take(OnPage).ToList();
        var json = new JsonArray([.. shown.Select(r => RecordQueries.Shape(list.Kind, r.Stream, r.Version, r.State, asked.AsOf))]);
        await new Opener(store, caller, stop).Texts(json, null);
        await RecordQueries.ShowReferences(json, store, clocks, position, caller, stop);
        http.Showed(shown.Select(r => (r.Stream, r.State.MarksWithParts)));
        http.SetPosition(position);
        var rows = shown.Select((r, i) => new ListRow(r.State.Reference ?? r.Stream, r.State, (JsonObject)json[i]!)).ToList();
        return new RazorComponentResult<ListPage>(new { View = view with { Page = page, Rows = rows } });
    }

    // The newest records first, unless the address sorts otherwise; of what is alike the older one stays before.
    static IEnumerable<(string Stream, long Version, RecordState State)> Sorted(IReadOnlyList<(string Stream, long Version, RecordState State)> all, ListDefinition list, ListView view)
    {
        var (name, descending) = view.Sort;
        if (list.Columns.FirstOrDefault(c => c.Name == name && c.Key is not null) is not { } column) return all.Reverse();
        var comparer = Comparer<IComparable?>.Create((a, b) => a is string x && b is string y ? view.Language.Culture.CompareInfo.Compare(x, y) : Comparer<object>.Default.Compare(a, b));
        return descending ? all.OrderByDescending(r => column.Key!(view.Language, r.State), comparer) : all.OrderBy(r => column.Key!(view.Language, r.State), comparer);
    }
}
