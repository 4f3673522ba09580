using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Audit;

/// <summary>The event history: who recorded what, when and why.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit/events", Events).Needs(Role.Auditor).Produces<EventList>().AlsoCsv("events", ("position", "position"), ("recordedAt", "recordedAt"),
            ("type", "type"), ("reference", "reference"), ("stream", "stream"), ("version", "version"), ("effective", "effective"), ("actor", "actor"), ("onBehalfOf", "onBehalfOf"), ("reason", "reason"), ("marking", "marking"), ("commandId", "commandId"), ("id", "id"), ("corrects", "corrects"), ("digest", "digest"), ("withheld", "?withheld"), ("body", "body"));
        api.MapGet("/audit/events/{position:long}", Event).Needs(Role.Auditor).Produces<EventBody>();
        api.MapGet("/events", EventStream.Send).Needs(Role.Auditor).WithMetadata(new LastsLong()).Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        api.MapGet("/audit/records/{name}", Record).Needs(Role.Auditor).Produces<RecordHistory>();
    }

    internal static async Task<IResult> Events(
        HttpContext http, RegisterStore store, RegisterClock clock, long? after, int? limit,
        string? stream, string? partner, string? type, string? actor, string? from, string? to)
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var take = RecordQueries.Limit(limit);
        var head = await store.Head(stop);
        var position = head.Size;
        Known.PartnerOrNull(partner);
        if (type is not null && Setup.EventTypes.Find(type) is null) throw Refusal.OfField("?type", "unknown-event-type", type);
        var filter = new EventFilter
        {
            After = after ?? 0, Through = position, Partner = partner, Type = type, Actor = actor,
            From = Instant(clock, "?from", from, DayEdge.Start), To = Instant(clock, "?to", to, DayEdge.End),
            Stream = stream is null ? null : await Stream(stream, caller, store, stop),
        };
        // That a withheld event passes a filter would tell what it is about, and so would a page that it fills: only the whole list shows
        // where one stands.
        var filtered = (stream ?? partner ?? type ?? actor) is not null;
        var found = await Found(filter, take + 1, filtered, caller, store, stop);
        var page = found.Take(take).ToList();
        var next = found.Count > take ? page[^1].Position : (long?)null;
        if (next is not null) http.SetNext(FormattableString.Invariant($"{next}"));
        http.SetPosition(position);
        Showed(http, page);
        return TypedResults.Json(new EventList(page, next), BodiesJson.Shown<EventList>());
    }

    // Reads on until there are so many that count.
    static async Task<List<EventBody>> Found(
        EventFilter filter, int most, bool openOnly, Caller caller, RegisterStore store, CancellationToken stop)
    {
        var found = new List<EventBody>();
        for (var after = filter.After; found.Count < most;)
        {
            var some = await store.ReadAll(filter with { After = after, Limit = most }, stop).ToListAsync(stop);
            var shown = await Shown(some, caller, store, stop);
            found.AddRange(shown.Where(e => !openOnly || e.Withheld is not true).Take(most - found.Count));
            if (some.Count < most) break;
            after = some[^1].Position;
        }
        return found;
    }

    // By its id or its reference.
    static async Task<string> Stream(string name, Caller caller, RegisterStore store, CancellationToken stop)
    {
        if (RecordKinds.OfStream(name) is not null) return name;
        if (await store.StreamOf(name, stop) is { } stream)
            return !(await store.HiddenOf([stream], caller.Rights, stop)).Contains(stream) ? stream : throw Refusal.Because("not-found", name);
        return await store.ReadStream(name, stop: stop).AnyAsync(stop) ? name : throw Refusal.Because("not-found", name);
    }

    static async Task<IResult> Event(long position, bool? proof, HttpContext http, RegisterStore store)
    {
        var stop = http.RequestAborted;
        var found = await store.ReadAll(new EventFilter { After = position - 1, Through = position, Limit = 1 }, stop).ToListAsync(stop);
        if (position < 1 || found.Count == 0) throw Refusal.Because("not-found", FormattableString.Invariant($"@{position}"));
        http.SetPosition((await store.Head(stop)).Size);
        var body = (await Shown(found, http.GetCaller(), store, stop))[0];
        Showed(http, [body]);
        if (proof is true)
        {
            var size = await LedgerEndpoints.SizeOf(store, "?size", null, position, (await store.Head(stop)).Size, stop);
            body = body with { Proof = await LedgerEndpoints.InclusionOf(store, position, size, stop) };
            // The very bytes, for whoever hashes them; they would name what the caller may not see.
            if (body is { Withheld: not true, NamesHidden: false })
                body = body with
                {
                    HeaderBytes = Convert.ToBase64String(found[0].HeaderBytes.Span), BodyBytes = Convert.ToBase64String(found[0].BodyBytes.Span),
                };
        }
        return TypedResults.Json(body, BodiesJson.Shown<EventBody>());
    }

    static async Task<IResult> Record(string name, HttpContext http, RegisterStore store)
    {
        var history = await History(name, http.GetCaller(), store, http.RequestAborted);
        Showed(http, history.Events);
        http.Response.Headers.ETag = ETags.Of(history.Version);
        http.SetPosition((await store.Head(http.RequestAborted)).Size);
        return TypedResults.Json(history, BodiesJson.Shown<RecordHistory>());
    }

    // An event of a record that was raised since is shown to whoever may see that record, and counts as it was marked itself.
    internal static void Showed(HttpContext http, IEnumerable<EventBody> events) => http.Showed(events
        .Where(e => e.Stream is { } stream && !UserKind.IsOfAccess(stream)).Select(e => (e.Stream!, new Marks(Slug.TryParse<Marking>(e.Marking!, out var m) ? m : Marking.Secret, e.Groups))).Distinct());

    /// <summary>A record's whole history. A correction shows each field with what it said and what it says.</summary>
    /// <exception cref="Refusal">not-found.</exception>
    public static async Task<RecordHistory> History(string name, Caller caller, RegisterStore store, CancellationToken stop)
    {
        var stream = Known.IsPartner(name) ? $"partnership-{name}" : await Stream(name, caller, store, stop);
        var events = await store.ReadStream(stream, stop: stop).ToListAsync(stop);
        if (events.Count == 0) throw Refusal.Because("not-found", name);
        var bodies = await Shown(events, caller, store, stop);
        // A record whose beginning the caller may not see is not there for them.
        if (bodies[0].Withheld is true) throw Refusal.Because("not-found", name);
        return new(bodies[0].Reference, stream, events[^1].Version, bodies);
    }

    /// <summary>
    /// Events as the caller may see them, their values closed: withheld is what is marked above the clearance, itself or by its record as that
    /// is marked now, and other records that are hidden have no name.
    /// </summary>
    internal static async Task<IReadOnlyList<EventBody>> Shown(
        IReadOnlyList<StoredEvent> events, Caller caller, RegisterStore store, CancellationToken stop)
    {
        var references = await store.ReferencesOf([.. events.Select(e => e.Stream).Distinct()], stop);
        List<JsonObject> bodies = [.. events.Select(e => JsonNode.Parse(e.BodyBytes.Span)!.AsObject())];
        var named = bodies.SelectMany(Visibility.StreamsIn).Select(v => v.GetValue<string>());
        var hidden = await store.HiddenOf(events.SelectMany(e => Visibility.StreamsOf(e.Header)).Concat(named), caller.Rights, stop);
        return await events.Select((e, i) => Body(e, bodies[i], caller, references, hidden)).Closed(store, stop);
    }

    static EventBody Body(
        StoredEvent e, JsonObject body, Caller caller, IReadOnlyDictionary<string, string> references, Hidden hidden)
    {
        var reference = references.GetValueOrDefault(e.Stream);
        // The position stays in the list, so that whoever reads it sees that nothing is missing.
        if (!hidden.Shows(e.Header)) return new(e.Position) { Withheld = true, RecordedAt = e.RecordedAt };
        var h = e.Header;
        var sources = JsonSerializer.SerializeToNode(h.Sources, BodiesJson.Of<IReadOnlyList<JsonElement>>())!.AsArray();
        var names = Visibility.StreamsIn(body).Concat(Visibility.StreamsIn(sources))
            .Where(v => hidden.Contains(v.GetValue<string>())).ToList();
        foreach (var name in names) name.ReplaceWith(Visibility.Hidden);
        return new(e.Position)
        {
            Id = e.Id, Stream = e.Stream, Reference = reference, Version = e.Version, Type = e.Type, Schema = h.Schema, RecordedAt = e.RecordedAt, Effective = h.Effective, Actor = h.Actor, OnBehalfOf = h.OnBehalfOf,
            Reason = h.Reason, NamesHidden = names.Count > 0 || h.Protected.Any(p => hidden.Contains(p.Subject)),
            Source = h.Sources.Count == 0 ? null : [.. sources.Select(s => JsonSerializer.SerializeToElement(s!, BodiesJson.Of<JsonNode>()))],
            Credibility = h.Credibility, CommandId = h.CommandId, Corrects = h.Corrects, Marking = h.Marking, Body = body,
            Groups = h.Groups.Count == 0 ? null : h.Groups,
            Protected = h.Protected.Count == 0 ? null : [.. h.Protected.Select(p => new ProtectedBody(
                p.Pointer, hidden.Contains(p.Subject) ? Visibility.Hidden : p.Subject, Convert.ToHexStringLower(p.Commitment.Span)))],
            Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(e.BodyBytes.Span)),
            Explained = (e.Type.EndsWith("_corrected", StringComparison.Ordinal) || e.Type.EndsWith("_refined", StringComparison.Ordinal)) && body["fields"] is JsonArray fields
                ? [.. fields.Select(f => Change(f!.AsObject()))] : e.Type.EndsWith("_report_preferred", StringComparison.Ordinal) ? [Change(body)] : null,
        };
    }

    static ChangeBody Change(JsonObject f) => new((string)f["field"]!, f["old"]?.DeepClone(), f["new"]?.DeepClone());

    /// <summary>The instant that a filter names, by itself or by a day of the register's zone; null where it is not given.</summary>
    /// <exception cref="Refusal">invalid-instant, at the field.</exception>
    internal static DateTime? Instant(RegisterClock clock, string field, string? text, DayEdge edge) =>
        text is null ? null : clock.Instant(text, edge) ?? throw Refusal.OfField(field, "invalid-instant", text);
}

public sealed record EventList(IReadOnlyList<EventBody> Items, long? Next);

/// <summary>An event as stored, with its header in plain fields.</summary>
public sealed record EventBody(long Position)
{
    public Guid? Id { get; init; }
    public string? Stream { get; init; }
    public string? Reference { get; init; }
    public long? Version { get; init; }
    public string? Type { get; init; }
    public int? Schema { get; init; }
    public DateTime? RecordedAt { get; init; }
    /// <summary>When it happened in the world, EDTF.</summary>
    public string? Effective { get; init; }
    public string? Actor { get; init; }
    public string? OnBehalfOf { get; init; }
    public string? Reason { get; init; }
    public IReadOnlyList<JsonElement>? Source { get; init; }
    public int? Credibility { get; init; }
    public Guid? CommandId { get; init; }
    public Guid? Corrects { get; init; }
    /// <summary>As the event was written; the record says how it is marked now.</summary>
    public string? Marking { get; init; }

    /// <summary>Need-to-know groups, as the event was written.</summary>
    public IReadOnlyList<string>? Groups { get; init; }
    public JsonObject? Body { get; init; }
    /// <summary>SHA-256 of the body's stored bytes, hexadecimal.</summary>
    public string? Digest { get; init; }
    /// <summary>With ?proof=true: the stored bytes of the header, which the leaf is over, and of the body, in base64.</summary>
    public string? HeaderBytes { get; init; }
    public string? BodyBytes { get; init; }
    /// <summary>With ?proof=true: that the event is in the tree of the newest checkpoint that covers it, or of the head.</summary>
    public InclusionBody? Proof { get; init; }
    /// <summary>Values that identify a person: where they stood, whose they are, and the commitment in their place.</summary>
    public IReadOnlyList<ProtectedBody>? Protected { get; init; }
    /// <summary>Of a correction, a refinement or a preference: each field, what it said and what it says.</summary>
    public IReadOnlyList<ChangeBody>? Explained { get; init; }
    /// <summary>True where the marking of the event or of its record is above the caller's clearance.</summary>
    public bool? Withheld { get; init; }
    /// <summary>Whether it names a record that is above the caller's clearance.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public bool NamesHidden { get; init; }
}

public sealed record ProtectedBody(string Pointer, string Subject, string Commitment)
{
    /// <summary>True where the value can still be opened, though not here.</summary>
    public bool? Withheld { get; init; }
    /// <summary>When its key was destroyed, and where the log says so.</summary>
    public Register.People.Erasure? Erased { get; init; }
}
public sealed record ChangeBody(string Field, JsonNode? Was, JsonNode? Is);
public sealed record RecordHistory(string? Reference, string Stream, long Version, IReadOnlyList<EventBody> Events);
