using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Openings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Audit;

/// <summary>Who was shown whose protected values, when, and by which query.</summary>
static class OpeningQueries
{
    public static void MapOpenings(this RouteGroupBuilder api) => api.MapGet("/audit/openings", List).Needs(Role.Auditor).Produces<OpeningList>();

    /// <summary>Openings in the order of recording; each filter narrows. `subject` is a person, by reference or stream id; the cursor is a position.</summary>
    internal static async Task<IResult> List(
        HttpContext http, Records records, RegisterStore store, RegisterClock clock,
        string? subject, string? actor, string? from, string? to, long? after, int? limit)
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var take = RecordQueries.Limit(limit);
        var since = AuditEndpoints.Instant(clock, "?from", from, DayEdge.Start);
        var until = AuditEndpoints.Instant(clock, "?to", to, DayEdge.End);
        var position = (await store.Head(stop)).Size;
        List<Opening> found = [];
        if (subject is not null)
        {
            var person = (await records.Get(RecordKinds.Person, subject, caller, stop, itself: true)).Stream;
            found.AddRange((await RecordKinds.Opening.Of(person, store, stop)).Where(o => o.Position > (after ?? 0) && o.Position <= position
                && (actor is null || (o.Actor == actor && IsSeen(o))) && (since is null || o.At >= since) && (until is null || o.At < until)).Take(take + 1));
        }
        else
        {
            var filter = new EventFilter { After = after ?? 0, Through = position, Type = "opening_recorded", Actor = actor, From = since, To = until };
            await foreach (var e in store.ReadAll(filter, stop))
            {
                if (e.Event is not OpeningRecorded) continue;
                var o = OpeningKind.Of(e);
                if (actor is not null && !IsSeen(o)) continue;
                found.Add(o);
                if (found.Count > take) break;
            }
        }
        var page = found.Take(take).ToList();
        var next = found.Count > take ? page[^1].Position : (long?)null;
        if (next is not null) http.SetNext(FormattableString.Invariant($"{next}"));
        http.SetPosition(position);
        var subjects = page.SelectMany(o => o.Subjects).Distinct().ToList();
        var references = await store.ReferencesOf(subjects, stop);
        var hidden = await store.HiddenOf(subjects, caller.Rights, stop);
        // That somebody was shown something may be known; who it was, and what, may not where it lies above the auditor's clearance.
        return TypedResults.Json(new OpeningList([.. page.Select(o => !IsSeen(o)
            ? new OpeningBody(o.Position, o.At) { Withheld = true }
            : new OpeningBody(o.Position, o.At) { Actor = o.Actor, Subjects = [.. o.Subjects.Select(Named).Distinct()], Query = o.Query })], next), BodiesJson.Shown<OpeningList>());

        bool IsSeen(Opening o) => caller.Rights.Cover(o.Marking, o.Groups);

        string Named(string person) => hidden.Contains(person) ? Visibility.Hidden : references.GetValueOrDefault(person, person);
    }
}

public sealed record OpeningBody(long Position, DateTime At)
{
    /// <summary>Opaque id of whoever was shown the values.</summary>
    public string? Actor { get; init; }
    /// <summary>References of the people whose values they are.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }
    /// <summary>Method and route.</summary>
    public string? Query { get; init; }
    /// <summary>True where the values' marking is above the caller's clearance.</summary>
    public bool? Withheld { get; init; }
}

public sealed record OpeningList(IReadOnlyList<OpeningBody> Items, long? Next);
