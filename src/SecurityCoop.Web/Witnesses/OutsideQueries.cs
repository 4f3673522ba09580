using System.Text;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Witnesses;

/// <summary>What others say of this log's checkpoints.</summary>
static class OutsideQueries
{
    public static void MapOutside(this RouteGroupBuilder api)
    {
        api.MapGet("/audit/witnessed", Witnessed).Needs(Role.Auditor).Produces<string>(StatusCodes.Status200OK, "text/plain");
        api.MapGet("/audit/timestamps", TimeStamps).Needs(Role.Auditor).Produces<TimeStampList>();
    }

    /// <summary>The largest checkpoint that a witness cosigned, with all its signatures: a signed note.</summary>
    static async Task<IResult> Witnessed(HttpContext http, RegisterStore store)
    {
        var (stop, origin) = (http.RequestAborted, store.VerifierKey?.Name ?? "");
        var size = await store.NewestCosigned(origin, null, stop);
        if (size == 0) throw Refusal.Because("not-found", "cosignature");
        var signed = (await store.Checkpoints(origin, size + 1, 1, stop))[0];
        http.SetPosition((await store.Head(stop)).Size);
        return Results.Text(Encoding.UTF8.GetString((await store.WithCosignatures(signed, stop)).ToBytes()));
    }

    /// <summary>Time stamps of checkpoints, the newest first; the cursor is a size.</summary>
    static async Task<IResult> TimeStamps(HttpContext http, RegisterStore store, long? after, int? limit)
    {
        var (stop, take) = (http.RequestAborted, RecordQueries.Limit(limit));
        var found = await store.TimeStamps(store.VerifierKey?.Name ?? "", after ?? long.MaxValue, take + 1, stop);
        var page = found.Take(take).ToList();
        var next = found.Count > take ? page[^1].Size : (long?)null;
        if (next is not null) http.Response.Headers.Link = $"<{RecordQueries.NextUrl(http, FormattableString.Invariant($"{next}"))}>; rel=\"next\"";
        http.SetPosition((await store.Head(stop)).Size);
        return TypedResults.Json(new TimeStampList([.. page.Select(t => new TimeStampBody(store.VerifierKey!.Name, t.Size, t.StampedAt, Convert.ToBase64String(t.Token)))], next), BodiesJson.Shown<TimeStampList>());
    }
}

/// <param name="Size">Of the checkpoint whose text was stamped.</param>
/// <param name="Token">TimeStampToken (RFC 3161), DER in base64.</param>
public sealed record TimeStampBody(string Origin, long Size, DateTime StampedAt, string Token);

public sealed record TimeStampList(IReadOnlyList<TimeStampBody> Items, long? Next);
