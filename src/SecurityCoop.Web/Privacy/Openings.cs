using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Openings;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;

namespace SecurityCoop.Web.Privacy;

/// <summary>
/// The one way by which protected values come into an answer. What was opened is recorded, and on disk, before the answer leaves: where it cannot be recorded,
/// nothing is shown.
/// </summary>
public sealed class Openings(RegisterStore store)
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
        var opening = new NewEvent(Guid.CreateVersion7(), new OpeningRecorded([.. opener.Opened], query), new(http.GetCaller().Subject, command, Slug.Of(opener.Marks.Marking))
        {
            Groups = opener.Marks.Groups ?? [],
        });
        await store.Append(new(command, [new(stream, "opening", 0, [opening])]), http.RequestAborted);
        return shown;
    }
}

/// <summary>Opens values for one answer, and keeps whose they were.</summary>
public sealed class Opener(RegisterStore store, Caller caller, CancellationToken stop)
{
    readonly Dictionary<string, Person?> people = [];

    /// <summary>For whom the answer is made.</summary>
    public Caller Caller => caller;

    /// <summary>Stream ids of the people whose values were opened.</summary>
    public SortedSet<string> Opened { get; } = new(StringComparer.Ordinal);
    /// <summary>The highest marking, and all groups, of what was opened.</summary>
    public Marks Marks { get; private set; } = new(Marking.Open);

    /// <summary>
    /// Puts a protected value of an event into an answer: as `value`; or, in its place, `erased` with when and where the log says so, `withheld` where the caller
    /// may not see it or an import left its key behind, `missing` where its key is not there though nobody erased it.
    /// </summary>
    /// <param name="pointer">Where it stands in the event, as its header says.</param>
    public Task Put(JsonObject into, StoredEvent e, string pointer) => Put(into, e.Header.Protected.First(p => p.Pointer == pointer).Subject, e, pointer);

    /// <summary>Puts the protected texts of a record into its document: an object as above, with the person for whom it is protected, in place of the note or text.</summary>
    /// <param name="stream">The record's; null: nothing is opened, as in lists.</param>
    public async Task Texts(JsonNode document, string? stream)
    {
        var found = new List<JsonObject>();
        Collect(document, found);
        if (found.Count == 0) return;
        var events = stream is null || !caller.MayOpenNames ? [] : await store.ReadStream(stream, stop: stop).Where(e => e.Header.Protected.Count > 0).ToDictionaryAsync(e => e.Id, cancellationToken: stop);
        foreach (var item in found)
        {
            var (into, subject) = (new JsonObject { ["protectedFor"] = item["protectedFor"]!.DeepClone() }, item["protectedFor"]!.GetValue<string>());
            var (holder, field) = item["said"] is JsonObject said ? (said, "text") : (item, "note");
            await Put(into, subject, events.GetValueOrDefault(item["event"]!.GetValue<Guid>()), $"/{field}");
            item.Remove("protectedFor");
            holder[field] = into;
        }
    }

    /// <summary>Puts a protected value of a user into an answer, as those of people; only administrators see it.</summary>
    public async Task PutOfUser(JsonObject into, User user, StoredEvent e, string pointer)
    {
        if (user.Erased is { } erased) into["erased"] = JsonSerializer.SerializeToNode(erased, BodiesJson.Of<Erasure>());
        else if (!caller.May(Role.Administrator) || e.Position <= store.WithheldThrough) into["withheld"] = true;
        else if (await store.Open(e, pointer, stop) is { } value)
        {
            into["value"] = value.GetString();
            Opened.Add(e.Stream);
            Marks = Marks.And(Marking.Restricted, null);
        }
        else into["missing"] = true;
    }

    static void Collect(JsonNode? node, List<JsonObject> found)
    {
        if (node is JsonObject o)
        {
            if (o.ContainsKey("protectedFor")) found.Add(o);
            foreach (var (_, value) in o) Collect(value, found);
        }
        else if (node is JsonArray a)
            foreach (var value in a) Collect(value, found);
    }

    async Task Put(JsonObject into, string subject, StoredEvent? e, string pointer)
    {
        if (!people.TryGetValue(subject, out var person)) people[subject] = person = (Person?)(await store.Row(RecordKinds.Person, subject, stop)).Value;
        if (person?.Erased is { } erased) into["erased"] = JsonSerializer.SerializeToNode(erased, BodiesJson.Of<Erasure>());
        else if (!caller.MayOpenNames || (person is not null && !caller.Sees(person)) || e is null || e.Position <= store.WithheldThrough) into["withheld"] = true;
        else if (await store.Open(e, pointer, stop) is { } value)
        {
            into["value"] = value.GetString();
            Opened.Add(subject);
            // Whose value it was is hidden with the person.
            Marks = Marks.And(e.At().Marking, e.At().Groups).And(person?.Marking, person?.Groups);
        }
        else into["missing"] = true;
    }
}

/// <summary>How events are shown where no value is ever opened.</summary>
static class ClosedValues
{
    /// <summary>Says of each protected value whether it is withheld here, or erased.</summary>
    public static async Task<IReadOnlyList<EventBody>> Closed(this IEnumerable<EventBody> events, RegisterStore store, CancellationToken stop)
    {
        var shown = events.ToList();
        var subjects = shown.SelectMany(e => e.Protected ?? []).Select(p => p.Subject).Distinct().ToList();
        if (subjects.Count == 0) return shown;
        var people = await store.RowsOf(RecordKinds.Person, [.. subjects.Where(s => s != Visibility.Hidden)], stop);
        var users = await store.RowsOf(RecordKinds.User, [.. subjects.Where(UserKind.IsOfAccess)], stop);
        var erased = people.ToDictionary(r => r.Key, r => (r.Value as Person)?.Erased);
        foreach (var user in users) erased[user.Key] = (user.Value as User)?.Erased;
        return [.. shown.Select(e => e.Protected is null ? e : e with
        {
            Protected = [.. e.Protected.Select(p => erased.GetValueOrDefault(p.Subject) is { } gone ? p with { Erased = gone } : p with { Withheld = true })],
        })];
    }
}
