using SecurityCoop.EventStore;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Everything that happened with a partner in order of the world's time, each entry with both clocks.</summary>
static class Timeline
{
    public static async Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Statuses statuses, EventStore.EventStore store, string? asOf, string? knownAt, int? limit, string? after)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var take = RecordQueries.Limit(limit);
        var asked = await clocks.Ask(asOf, knownAt, stop);
        var status = await statuses.Of(code, asked, caller, stop);
        var visible = status.Facts.Records.Keys.ToHashSet();
        var entries = new List<(Edtf? When, TimelineEntry Entry)>();
        await foreach (var e in store.ReadAll(new EventFilter { Partner = code, Through = status.Position }, stop))
        {
            if (!visible.Contains(e.Stream) || !status.Facts.IsOpened || !Slug.TryParse<Marking>(e.Header.Marking, out var marking) || marking > caller.Clearance) continue;
            var when = e.Header.Effective is { } text ? Edtf.Parse(text) : null;
            if (asOf is not null && when?.StartedBy(asked.Question.AsOf) == Certainty.No) continue;
            entries.Add((when, new(e.Header.Effective, e.RecordedAt, e.Position, e.Id, e.Stream, e.Type)));
        }
        var ordered = entries.OrderBy(e => e.When?.Earliest ?? e.When?.Latest ?? DateOnly.MaxValue).ThenBy(e => e.When?.Latest ?? DateOnly.MaxValue).ThenBy(e => e.Entry.Position).Select(e => e.Entry).ToList();
        var start = after is null ? 0 : ordered.FindIndex(e => e.Position.ToString(System.Globalization.CultureInfo.InvariantCulture) == after) + 1;
        if (after is not null && start == 0) throw Refusal.OfField("?after", "invalid-parameter");
        var page = ordered.Skip(start).Take(take).ToList();
        var next = start + page.Count < ordered.Count ? page[^1].Position.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        if (next is not null) http.Response.Headers.Link = $"<{RecordQueries.NextUrl(http, next)}>; rel=\"next\"";
        var references = await store.ReferencesOf([.. page.Select(e => e.Record).Distinct()], stop);
        http.SetPosition(status.Position);
        return TypedResults.Json(new TimelineBody([.. page.Select(e => e with { Record = references.GetValueOrDefault(e.Record, e.Record) })], next, asked.AsOfText, asked.KnownAtText(status.Position), status.Position, asked.Provisional ? true : null), BodiesJson.Shown.TimelineBody);
    }
}

/// <param name="On">When it happened in the world (EDTF; empty: unknown; absent: nothing happened in the world, only in the register).</param>
/// <param name="RecordedAt">When the register learnt of it.</param>
public sealed record TimelineEntry(string? On, DateTime RecordedAt, long Position, Guid Event, string Record, string Type);
public sealed record TimelineBody(IReadOnlyList<TimelineEntry> Items, string? Next, string AsOf, string KnownAt, long Position, bool? Provisional);
