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
    static async Task<IResult> List(
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
                && (actor is null || o.Actor == actor) && (since is null || o.At >= since) && (until is null || o.At < until)).Take(take + 1));
        }
        else
        {
            var filter = new EventFilter { After = after ?? 0, Through = position, Limit = take + 1, Type = "opening_recorded", Actor = actor, From = since, To = until };
            await foreach (var e in store.ReadAll(filter, stop))
                if (e.Event is OpeningRecorded) found.Add(OpeningKind.Of(e));
        }
        var page = found.Take(take).ToList();
        var next = found.Count > take ? page[^1].Position : (long?)null;
        if (next is not null) http.SetNext(FormattableString.Invariant($"{next}"));
        http.SetPosition(position);
        var subjects = page.SelectMany(o => o.Subjects).Distinct().ToList();
        var references = await store.ReferencesOf(subjects, stop);
        var hidden = await store.HiddenOf(subjects, caller.Clearance, stop);
        // That somebody was shown something may be known; what lies above the auditor's clearance may not.
        return TypedResults.Json(new OpeningList([.. page.Select(o => o.Marking > caller.Clearance
            ? new OpeningBody(o.Position, o.At, o.Actor) { Withheld = true }
            : new OpeningBody(o.Position, o.At, o.Actor) { Subjects = [.. o.Subjects.Select(Named).Distinct()], Query = o.Query })], next), BodiesJson.Shown<OpeningList>());

        string Named(string person) => hidden.Contains(person) ? Visibility.Hidden : references.GetValueOrDefault(person, person);
    }
}

/// <param name="Actor">Opaque id of whoever was shown the values.</param>
public sealed record OpeningBody(long Position, DateTime At, string Actor)
{
    /// <summary>References of the people whose values they are.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }
    /// <summary>Method and route.</summary>
    public string? Query { get; init; }
    /// <summary>True where the values' marking is above the caller's clearance.</summary>
    public bool? Withheld { get; init; }
}

public sealed record OpeningList(IReadOnlyList<OpeningBody> Items, long? Next);
