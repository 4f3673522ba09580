using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Audit;

/// <summary>What was recorded since a page was read: positions of events of records that the reader may see. Who reads or signs in is no news.</summary>
static class News
{
    public const string Path = "/news";

    const int Most = 200;

    public static async Task<IResult> Get(HttpContext http, RegisterStore store, long? after)
    {
        var stop = http.RequestAborted;
        var head = (await store.Head(stop)).Size;
        var events = await store.ReadAll(new EventFilter { After = Math.Max(after ?? head, 0), Through = head, Limit = Most }, stop).ToListAsync(stop);
        var hidden = await store.HiddenOf(events.SelectMany(e => Visibility.StreamsOf(e.Header)), http.GetCaller().Rights, stop);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new NewsBody([.. events.Where(e => RecordKinds.OfStream(e.Stream) is IServedKind && hidden.Shows(e.Header)).Select(e => e.Position)]), BodiesJson.Shown<NewsBody>());
    }
}

/// <param name="Positions">Of the events, in order.</param>
public sealed record NewsBody(IReadOnlyList<long> Positions);
