using System.Globalization;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Search;

/// <summary>Something found, as it is shown.</summary>
/// <param name="Names">Of a person, the forms of the name that answered, opened for the caller.</param>
public sealed record FoundItem(Found Found, JsonArray? Names);

/// <summary>Some of what was found.</summary>
/// <param name="Next">How many items were read with these; null: all.</param>
public sealed record SearchPage(SearchResult Result, IReadOnlyList<FoundItem> Items, string? Next);

public static class SearchEndpoints
{
    public const int DefaultLimit = 20;

    public static void MapSearch(this RouteGroupBuilder api) => api.MapGet("/search", Get).Needs(Role.Reader).Shows<JsonObject>();

    /// <summary>
    /// Records and statements in which every word of q is found, the best first; partner, kind ("statement" among them), topic, from and to narrow. after is how many
    /// items were read before.
    /// </summary>
    static Task<IResult> Get(
        HttpContext http, Searching searching, RegisterClock clock, RegisterStore store, Openings openings,
        string? q, string? partner, string? kind, string? topic, string? from, string? to, int? limit, int? after) => openings.Show(http, async opener =>
    {
        var (take, skip) = (RecordQueries.Limit(limit ?? DefaultLimit), Skipped(after ?? 0));
        var page = await Read(Asked(clock, q, partner, kind, topic, from, to), skip, take, http, searching, store, opener);
        if (page.Next is { } next) http.Response.Headers.Link = $"<{RecordQueries.NextUrl(http, next)}>; rel=\"next\"";
        var found = page.Result;
        var json = new JsonObject { ["items"] = new JsonArray([.. page.Items.Select(Item)]), ["next"] = page.Next, ["names"] = Slug.Of(found.Names), ["position"] = found.Position };
        if (!found.Current) json["indexing"] = true;
        if (!found.All) json["truncated"] = true;
        return (IResult)TypedResults.Json(json, BodiesJson.Shown<JsonObject>());
    });

    /// <summary>What the caller is shown of what was found, for the interface and for the page; says in the answer's head up to where it speaks.</summary>
    internal static async Task<SearchPage> Read(Question asked, int skip, int take, HttpContext http, Searching searching, RegisterStore store, Opener opener)
    {
        var found = await searching.Find(asked, http.GetCaller(), http.RequestAborted);
        var items = new List<FoundItem>();
        foreach (var f in found.Found.Skip(skip).Take(take)) items.Add(new(f, f.Names.Count == 0 ? null : await Names(f, store, opener, http.RequestAborted)));
        http.SetPosition(found.Position);
        http.Showed(items.Select(i => (i.Found.Thing.Stream, i.Found.Thing.Record.MarksWithParts)));
        return new(found, items, found.Found.Count > skip + take ? (skip + take).ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <exception cref="Refusal">invalid-parameter, at ?after.</exception>
    internal static int Skipped(int after) => after >= 0 ? after : throw Refusal.OfField("?after", "invalid-parameter");

    /// <exception cref="Refusal">required or too-long at ?q, unknown-partner, unknown-code, invalid-day; each at its parameter.</exception>
    internal static Question Asked(RegisterClock clock, string? q, string? partner, string? kind, string? topic, string? from, string? to)
    {
        if (string.IsNullOrWhiteSpace(q)) throw Refusal.OfField("?q", "required");
        Limits.Text(q, Limits.Question, "?q");
        Known.PartnerOrNull(partner);
        Known.OneOf("?kind", kind, Searching.Kinds);
        Known.OneOf("?topic", topic, Vocabulary.Default.Topics.Keys);
        return new(q, partner, kind, topic, from is null ? null : clock.Day(from, "?from"), to is null ? null : clock.Day(to, "?to"));
    }

    static JsonNode Item(FoundItem shown)
    {
        var t = shown.Found.Thing;
        var item = new JsonObject { ["reference"] = t.Record.Reference, ["kind"] = t.Kind };
        if (t.Number is { } number) item["statement"] = number;
        if (t.Title is { } title) item["title"] = title;
        if (t.Partners.Count > 0) item["partners"] = new JsonArray([.. t.Partners.Select(p => (JsonNode)p)]);
        if (t.On is { } on) item["on"] = on.Text;
        item["marking"] = Slug.Of(t.Record.Marking);
        item["score"] = Math.Round(shown.Found.Score, 3);
        item["matches"] = new JsonArray([.. shown.Found.Matches.Select(m => (JsonNode)new JsonObject { ["field"] = m.Place.Field, ["snippet"] = m.Snippet() })]);
        if (shown.Names is not null) item["names"] = shown.Names;
        return item;
    }

    /// <summary>The forms of the name that answered, the best first; opened for this answer, and recorded as such.</summary>
    internal static async Task<JsonArray> Names(Found f, RegisterStore store, Opener opener, CancellationToken stop)
    {
        var names = new JsonArray();
        var holders = f.Thing.Absorbed.Prepend((f.Thing.Stream, f.Thing.Record)).Select(h => (h.Stream, Person: (Person)h.Record)).ToList();
        foreach (var position in f.Names)
        {
            var (stream, kept) = holders.SelectMany(h => h.Person.Names.Select(n => (h.Stream, Name: n))).First(n => n.Name.Position == position && n.Name.Kind != NameKind.Contact);
            var e = await store.ReadStream(stream, position, stop).LastAsync(stop);
            var name = new JsonObject { ["kind"] = Slug.Of(kept.Kind), ["event"] = kept.Event.ToString(), ["script"] = kept.Script };
            await opener.Put(name, e, kept.Pointer);
            names.Add(name);
        }
        return names;
    }
}
