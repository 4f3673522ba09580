using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.EventStore;
using SecurityCoop.Register;
using SecurityCoop.Register.Openings;
using SecurityCoop.Register.People;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;

namespace SecurityCoop.Web.Privacy;

/// <summary>
/// The one way by which protected values come into an answer. What was opened is recorded, and on disk, before the answer leaves: where it cannot be recorded,
/// nothing is shown.
/// </summary>
public sealed class Openings(EventStore.EventStore store)
{
    /// <summary>Makes an answer with the values that the caller may see, and records whose were opened.</summary>
    public async Task<T> Show<T>(HttpContext http, Func<Opener, Task<T>> answer)
    {
        var opener = new Opener(store, http.GetCaller(), http.RequestAborted);
        var shown = await answer(opener);
        if (opener.Opened.Count == 0) return shown;
        // The route, not the address: what was typed into it may be a name.
        var query = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";
        var (stream, command) = ($"opening-{Guid.CreateVersion7()}", Guid.CreateVersion7());
        var opening = new NewEvent(Guid.CreateVersion7(), new OpeningRecorded([.. opener.Opened], query), new(http.GetCaller().Subject, command, Slug.Of(opener.Marking)));
        await store.Append(new(command, [new(stream, "opening", 0, [opening])]), http.RequestAborted);
        return shown;
    }
}

/// <summary>Opens values for one answer, and keeps whose they were.</summary>
public sealed class Opener(EventStore.EventStore store, Caller caller, CancellationToken stop)
{
    readonly Dictionary<string, Person?> people = [];

    /// <summary>Stream ids of the people whose values were opened.</summary>
    public SortedSet<string> Opened { get; } = new(StringComparer.Ordinal);
    /// <summary>The highest marking of what was opened.</summary>
    public Marking Marking { get; private set; }

    /// <summary>
    /// Puts a protected value of an event into an answer: as `value`; or, in its place, `erased` with when and where the log says so, `withheld` where the caller
    /// may not see it, `missing` where its key is not there though nobody erased it.
    /// </summary>
    /// <param name="pointer">Where it stands in the event, as its header says.</param>
    public async Task Put(JsonObject into, StoredEvent e, string pointer)
    {
        var subject = e.Header.Protected.First(p => p.Pointer == pointer).Subject;
        if (!people.TryGetValue(subject, out var person)) people[subject] = person = (Person?)(await store.Row(RecordViews.Person, subject, stop)).Value;
        if (person?.Erased is { } erased) into["erased"] = JsonSerializer.SerializeToNode(erased, BodiesJson.Default.Erasure);
        else if (!caller.MayOpenNames || person?.Marking > caller.Clearance) into["withheld"] = true;
        else if (await store.Open(e, pointer, stop) is { } value)
        {
            into["value"] = value.GetString();
            Opened.Add(subject);
            if (e.At().Marking > Marking) Marking = e.At().Marking;
        }
        else into["missing"] = true;
    }
}

/// <summary>How events are shown where no value is ever opened.</summary>
static class ClosedValues
{
    /// <summary>Says of each protected value whether it is withheld here, or erased.</summary>
    public static async Task<IReadOnlyList<EventBody>> Closed(this IEnumerable<EventBody> events, EventStore.EventStore store, CancellationToken stop)
    {
        var shown = events.ToList();
        var subjects = shown.SelectMany(e => e.Protected ?? []).Select(p => p.Subject).Distinct().ToList();
        if (subjects.Count == 0) return shown;
        var erased = (await store.RowsOf(RecordViews.Person, subjects, stop)).ToDictionary(r => r.Key, r => (r.Value as Person)?.Erased);
        return [.. shown.Select(e => e.Protected is null ? e : e with
        {
            Protected = [.. e.Protected.Select(p => erased[p.Subject] is { } gone ? p with { Erased = gone } : p with { Withheld = true })],
        })];
    }
}
