using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Register.Openings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Audit;

/// <summary>The tree over the log, for whoever checks it: checkpoints, proofs, tiles, and the whole history as one file.</summary>
static class LedgerEndpoints
{
    const int SubjectsAtOnce = 1000, Unflushed = 256 * 1024;

    public static void MapLedger(this RouteGroupBuilder api)
    {
        api.MapGet("/audit/checkpoint", Checkpoint).Needs(Role.Auditor).Produces(StatusCodes.Status200OK, contentType: "text/plain");
        api.MapGet("/audit/events/{position:long}/proof", Proof).Needs(Role.Auditor).Produces<InclusionBody>();
        api.MapGet("/audit/consistency", Consistency).Needs(Role.Auditor).Produces<ConsistencyBody>();
        api.MapGet("/audit/tile/{**path}", Tile).Needs(Role.Auditor).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
        api.MapGet("/audit/bundle", Bundle).Needs(Role.Auditor).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    /// <summary>The newest checkpoint, with the cosignatures of witnesses that it has by now.</summary>
    static async Task<IResult> Checkpoint(HttpContext http, RegisterStore store)
    {
        var newest = await Bundles.Newest(store, http.RequestAborted) ?? throw Refusal.Because("not-signed-yet");
        http.Response.Headers.CacheControl = "no-cache";
        http.SetPosition(newest.Checkpoint.Size);
        return TypedResults.Bytes((await store.WithCosignatures(newest, http.RequestAborted)).ToBytes(), "text/plain; charset=utf-8");
    }

    static async Task<IResult> Proof(long position, long? size, HttpContext http, RegisterStore store)
    {
        var (stop, head) = (http.RequestAborted, (await store.Head(http.RequestAborted)).Size);
        if (position < 1 || position > head) throw Refusal.Because("not-found", FormattableString.Invariant($"@{position}"));
        http.SetPosition(head);
        return TypedResults.Json(await InclusionOf(store, position, await SizeOf(store, "?size", size, position, head, stop), stop), BodiesJson.Shown<InclusionBody>());
    }

    static async Task<IResult> Consistency(long? from, long? to, HttpContext http, RegisterStore store)
    {
        var (stop, head) = (http.RequestAborted, (await store.Head(http.RequestAborted)).Size);
        if (from is not { } smaller) throw Refusal.OfField("?from", "required");
        var larger = await SizeOf(store, "?to", to, smaller, head, stop);
        if (smaller < 0) throw Refusal.OfField("?from", "too-small", "0");
        http.SetPosition(head);
        var proof = await store.ConsistencyProof(smaller, larger, stop);
        return TypedResults.Json(
            new ConsistencyBody(smaller, larger, Convert.ToBase64String(await store.RootAt(smaller, stop)), Convert.ToBase64String(await store.RootAt(larger, stop)), [.. proof.Select(Convert.ToBase64String)]),
            BodiesJson.Shown<ConsistencyBody>());
    }

    /// <summary>The proof that an event is in the tree of a size.</summary>
    public static async Task<InclusionBody> InclusionOf(RegisterStore store, long position, long size, CancellationToken stop)
    {
        var leaf = (await store.LeafAt(position, stop)) ?? throw Refusal.Because("not-found", FormattableString.Invariant($"@{position}"));
        return new(position, size, Convert.ToBase64String(leaf), Convert.ToBase64String(await store.RootAt(size, stop)), [.. (await store.InclusionProof(position, size, stop)).Select(Convert.ToBase64String)]);
    }

    // Without one, the newest that is signed; the head where that is too small for what is asked.
    internal static async Task<long> SizeOf(RegisterStore store, string field, long? size, long atLeast, long head, CancellationToken stop)
    {
        if (size > head) throw Refusal.OfField(field, "unknown-position", FormattableString.Invariant($"@{size}"), FormattableString.Invariant($"@{head}"));
        if (size < atLeast) throw Refusal.OfField(field, "too-small", FormattableString.Invariant($"{atLeast}"));
        if (size is { } given) return given;
        var signed = (await store.NewestCheckpoint(stop))?.Checkpoint.Size ?? 0;
        var chosen = signed >= atLeast ? signed : head;
        return chosen >= atLeast ? chosen : throw Refusal.OfField("?from", "unknown-position", FormattableString.Invariant($"@{atLeast}"), FormattableString.Invariant($"@{head}"));
    }

    static async Task<IResult> Tile(string path, HttpContext http, RegisterStore store)
    {
        var head = (await store.Head(http.RequestAborted)).Size;
        if (!Tiles.TryParsePath(path, out var tile, out var width) || Tiles.WidthIn(tile, head) < width
            || await store.Tile(tile, width, http.RequestAborted) is not { } hashes) throw Refusal.Because("not-found", path);
        http.SetPosition(head);
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Bytes(hashes, "application/octet-stream");
    }

    /// <summary>The whole history up to the newest checkpoint, streamed.</summary>
    static async Task<IResult> Bundle(bool? openings, HttpContext http, RegisterStore store)
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        if (openings is true && !caller.MayOpenNames) throw Refusal.Because("names-withheld");
        var newest = await Bundles.Newest(store, stop) ?? throw Refusal.Because("not-signed-yet");
        if (openings is true) await RecordOpenings(store, caller, newest.Checkpoint.Size, stop);
        http.TookOut(null, new(caller.Clearance));
        http.SetPosition(newest.Checkpoint.Size);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"securitycoop-{newest.Checkpoint.Size}.bundle\"");
        http.Response.ContentType = "application/octet-stream";
        var body = http.Response.BodyWriter;
        await Bundles.Write(store, newest, caller.Rights, openings is true, body, async () =>
        {
            if (body.UnflushedBytes > Unflushed) await body.FlushAsync(stop);
        }, null, stop);
        await body.FlushAsync(stop);
        return Results.Empty;
    }

    // Before the first byte leaves: whose values are in it, in the log and on disk.
    static async Task RecordOpenings(RegisterStore store, Caller caller, long through, CancellationToken stop)
    {
        foreach (var some in (await store.ProtectedSubjects(through, stop)).Where(s => !UserKind.IsOfAccess(s)).Chunk(SubjectsAtOnce))
        {
            var (stream, command) = ($"opening-{Guid.CreateVersion7()}", Guid.CreateVersion7());
            var opening = new NewEvent(Guid.CreateVersion7(), new OpeningRecorded(some, "GET /api/audit/bundle"), new(caller.Subject, command, Slug.Of(caller.Clearance)));
            await store.Append(new(command, [new(stream, "opening", 0, [opening])]), stop);
        }
    }
}

/// <summary>That an event is in the tree of a size (RFC 6962, section 2.1.1). Hashes in base64.</summary>
/// <param name="Proof">Sibling hashes from the leaf upwards.</param>
public sealed record InclusionBody(long Position, long Size, string Leaf, string Root, IReadOnlyList<string> Proof);

/// <summary>That one tree is the beginning of another (RFC 6962, section 2.1.2). Hashes in base64.</summary>
public sealed record ConsistencyBody(long From, long To, string FromRoot, string ToRoot, IReadOnlyList<string> Proof);
