using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Audit;

/// <summary>
/// The log as server-sent events (HTML standard, section 9.2), straight from the log: `id` is the position, `event` the wire name, `data` what
/// `/api/audit/events/{position}` answers. Since positions are dense and become visible in order, whoever reconnects with the last `id` misses nothing and gets
/// nothing twice.
/// </summary>
static class EventStream
{
    // A page is what a stream holds in memory while its reader is slow: so many events, and so many bytes and one event more.
    const int Page = 100, PageBytes = 128 * 1024, Progress = 10_000, Unflushed = 64 * 1024;
    static readonly TimeSpan tick = TimeSpan.FromSeconds(1), heartbeat = TimeSpan.FromSeconds(15), betweenChecks = TimeSpan.FromMinutes(1);

    // Whoever takes nothing for so long has gone, or holds memory on purpose; a reader comes back with the last `id`.
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends what follows the position in Last-Event-ID, which a browser repeats beside the address it first asked for, else the one in `after`, else the head;
    /// and goes on until the client leaves, the host stops or the token is no longer good.
    /// </summary>
    /// <exception cref="Refusal">
    /// invalid-parameter at Last-Event-ID, too-small or unknown-position at the position, unknown-partner, unknown-code at ?type; too-many-streams, host-full.
    /// </exception>
    public static async Task Send(
        long? after, string? partner, string? type, HttpContext http, RegisterStore store, AccessTokens tokens, TimeProvider time, IHostApplicationLifetime host,
        OpenStreams streams)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        var stop = ending.Token;
        var grant = ((CallerIdentity)http.User.Identity!).Access;
        if (partner is not null && !Known.IsPartner(partner)) throw Refusal.OfField("?partner", "unknown-partner", partner, Known.Suggestion(partner));
        if (type is not null && Setup.EventTypes.Find(type) is null)
            throw Refusal.OfField("?type", "unknown-code", type, string.Join(", ", Setup.EventTypes.All.Select(t => t.Name)));
        var head = (await store.Head(http.RequestAborted)).Size;
        var (at, checkedAt, quietSince) = (Start(http, after, head), time.GetTimestamp(), time.GetTimestamp());
        var told = at; // the last `id` that the client has

        http.TookOut(null, new(grant.Caller.Clearance));
        using var place = streams.Enter(grant.Caller.Subject);
        http.SetPosition(head);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy that gathers an answer before it passes it on would never pass this one on.
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await Write(Id(at)); // A client that loses the connection before the first event still knows where it began.
            while (true)
            {
                try
                {
                    head = await store.HeadBeyond(at, tick, stop);
                    if (time.GetElapsedTime(checkedAt) >= betweenChecks)
                    {
                        if (!await tokens.IsGood(grant, stop)) return;
                        checkedAt = time.GetTimestamp();
                    }
                    if (head > at) await SendPage();
                }
                catch (NpgsqlException)
                {
                    // The database is away. A browser would not come back after an error, so the connection is kept and the client waits with it.
                    await Task.Delay(tick, stop);
                }
                if (at - told >= Progress) await Write(Id(at));
                else if (time.GetElapsedTime(quietSince) >= heartbeat) await Write(at > told ? ":\n" + Id(at) : ":\n\n");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The answer ends here, whole.
        }

        // Reads first and writes then: a database that goes away in between has sent nothing, or nothing that would be sent again.
        async Task SendPage()
        {
            var through = Math.Min(head, at + Progress);
            var page = await store.ReadAll(new EventFilter { After = at, Through = through, Limit = Page, Bytes = PageBytes, Partner = partner, Type = type }, stop).ToListAsync(stop);
            foreach (var body in await AuditEndpoints.Shown(page, grant.Caller, store, stop))
            {
                // That something above the clearance was recorded may be known; of whom or what kind, as passing a filter would tell, may not.
                if (body.Withheld is true && (partner ?? type) is not null) continue;
                Add(string.Create(CultureInfo.InvariantCulture,
                    $"id: {body.Position}\nevent: {body.Type ?? "withheld"}\ndata: {JsonSerializer.Serialize(body, BodiesJson.Shown<EventBody>())}\n\n"));
                told = body.Position;
                if (http.Response.BodyWriter.UnflushedBytes > Unflushed) await Flush();
            }
            at = page.Count == Page || page.Sum(e => e.HeaderBytes.Length + e.BodyBytes.Length) >= PageBytes ? page[^1].Position : through;
            await Flush();
        }

        Task Write(string lines)
        {
            Add(lines);
            told = at;
            return Flush();
        }

        void Add(string lines)
        {
            Encoding.UTF8.GetBytes(lines, http.Response.BodyWriter);
            quietSince = time.GetTimestamp();
        }

        async Task Flush()
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            late.CancelAfter(patience);
            try
            {
                await http.Response.BodyWriter.FlushAsync(late.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                http.Abort();
                throw new OperationCanceledException(http.RequestAborted);
            }
        }
    }

    static string Id(long position) => string.Create(CultureInfo.InvariantCulture, $"id: {position}\n\n");

    static long Start(HttpContext http, long? after, long head)
    {
        var (field, start) = ("?after", after ?? head);
        if (http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last)
        {
            field = "Last-Event-ID";
            if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out start)) throw Refusal.OfField(field, "invalid-parameter");
        }
        if (start < 0) throw Refusal.OfField(field, "too-small", "0");
        if (start > head) throw Refusal.OfField(field, "unknown-position", $"@{start}", $"@{head}");
        return start;
    }
}
