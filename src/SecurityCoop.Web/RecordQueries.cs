using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web;

/// <summary>One record, or all of a kind, as the register holds them now or held them at any time. Other records are named by their references.</summary>
public static class RecordQueries
{
    public const int MaxLimit = 500, DefaultLimit = 100;

    /// <summary>One record, as known at knownAt, with what follows from it at asOf.</summary>
    public static void MapRecord<T>(this RouteGroupBuilder api, ServedKind<T> kind) where T : RecordState =>
        api.MapGet($"/{kind.Path}/{{name}}", (string name, HttpContext http, TwoClocks clocks, Records records, RegisterStore store, Openings openings, string? asOf, string? knownAt) => openings.Show(http, async opener =>
        {
            var stop = http.RequestAborted;
            var asked = await clocks.Ask(asOf, knownAt, stop);
            var position = await clocks.Through(asked, stop);
            var (stream, state, version) = await records.Get(kind, name, http.GetCaller(), stop, position);
            http.Showed([(stream, state.MarksWithParts)]);
            return Answer(http, (await Document(kind, stream, state, version, asked, position, store, clocks, opener, stop)).AskedFor(name), version, asked, position);
        })).Needs(Role.Reader).Shows<JsonObject>();

    /// <summary>All records of a kind about which nothing more is asked than their partner.</summary>
    public static RouteHandlerBuilder MapRecords<T>(this RouteGroupBuilder api, ServedKind<T> kind) where T : RecordState =>
        api.MapGet($"/{kind.Path}", async (HttpContext http, TwoClocks clocks, RegisterStore store, string? partner, string? asOf, string? knownAt, int? limit, string? after) =>
        {
            Known.PartnerOrNull(partner);
            return await List(http, clocks, store, kind, await clocks.Ask(asOf, knownAt, http.RequestAborted), partner, s => partner is null || kind.PartnersOf(s).Contains(partner), limit, after);
        }).Needs(Role.Reader).Shows<JsonObject>();

    /// <summary>A page of records in the order in which they were opened, all as known at one position. The cursor is the last record's stream id.</summary>
    /// <param name="partner">Only records that ever concerned this partner are looked at; null: all.</param>
    /// <param name="more">What the list itself says of an item.</param>
    public static async Task<IResult> List<T>(
        HttpContext http, TwoClocks clocks, RegisterStore store, ServedKind<T> kind, Asking asked, string? partner, Func<T, bool> which, int? limit, string? after, Action<T, JsonObject>? more = null) where T : RecordState
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var take = Limit(limit);
        if (after is not null && !(Visibility.StreamId().IsMatch(after) && after.StartsWith($"{kind.Name}-", StringComparison.Ordinal)))
            throw Refusal.OfField("?after", "invalid-parameter");
        var items = new JsonArray();
        var position = await clocks.Through(asked, stop);
        string? last = null, next = null;
        var shown = new List<(string, Marks)>();
        await foreach (var row in clocks.Rows(kind, after, partner, position, stop))
        {
            var state = caller.Seen((T)row.Value!);
            if (!IsListed(state, asked, caller) || !which(state)) continue;
            if (items.Count == take)
            {
                next = last;
                break;
            }
            var json = Shape(kind, row.Key, row.Version, state, asked.AsOf);
            more?.Invoke(state, json);
            items.Add(json);
            shown.Add((row.Key, state.MarksWithParts));
            last = row.Key;
        }
        http.Showed(shown);
        await new Opener(store, caller, stop).Texts(items, null);
        await ShowReferences(items, store, clocks, position, caller, stop);
        if (next is not null) http.SetNext(next);
        http.SetPosition(position);
        return TypedResults.Json(new JsonObject { ["items"] = items, ["next"] = next }.With(asked, position), BodiesJson.Shown<JsonObject>());
    }

    /// <summary>Every record that lists show to the caller and that a filter keeps, all as known at one position.</summary>
    public static async Task<(IReadOnlyList<(string Stream, long Version, T State)> Rows, long Position)> Matching<T>(
        TwoClocks clocks, ServedKind<T> kind, Asking asked, Caller caller, string? partner, Func<T, bool> which, CancellationToken stop) where T : RecordState
    {
        var position = await clocks.Through(asked, stop);
        var rows = new List<(string, long, T)>();
        await foreach (var row in clocks.Rows(kind, null, partner, position, stop))
            if (caller.Seen((T)row.Value!) is var state && IsListed(state, asked, caller) && which(state)) rows.Add((row.Key, row.Version, state));
        return (rows, position);
    }

    /// <summary>Whether lists for this caller show the record.</summary>
    public static bool IsListed(RecordState state, Asking asked, Caller caller) =>
        !state.Withdrawn && state.MergedInto is null && caller.Sees(state) && (!asked.DayGiven || AtTheDay.MayHaveBegun(state, asked.AsOf));

    /// <exception cref="Refusal">out-of-range, at limit.</exception>
    public static int Limit(int? limit) => limit is < 1 or > MaxLimit ? throw Refusal.OfField("?limit", "out-of-range", "1", $"{MaxLimit}") : limit ?? DefaultLimit;

    public static string NextUrl(HttpContext http, string after)
    {
        var query = http.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}"));
        return $"{http.Request.Path}?{string.Join('&', query.Append($"after={Uri.EscapeDataString(after)}"))}";
    }

    /// <summary>The record with what follows from it at the day asked about.</summary>
    public static async Task<JsonObject> Document<T>(ServedKind<T> kind, string stream, T state, long version, Asking asked, long position, RegisterStore store, TwoClocks clocks, Opener opener, CancellationToken stop) where T : RecordState
    {
        var json = Shape(kind, stream, version, state, asked.AsOf);
        await opener.Texts(json, stream);
        await ShowReferences(json, store, clocks, position, opener.Caller, stop);
        return json;
    }

    public static IResult Answer(HttpContext http, JsonObject json, long version, Asking asked, long position)
    {
        http.Response.Headers.ETag = ETags.Of(version);
        http.SetPosition(position);
        return TypedResults.Json(json.With(asked, position), BodiesJson.Shown<JsonObject>());
    }

    // What is shown elsewhere in the document, and what only the fold needs.
    static readonly HashSet<string> ofTheFold =
        ["details", "reference", "marking", "firstEvent", "firstPosition", "lastPosition", "changedFields", "reviewFrom", "plan", "plannedFor",
        "groups", "markedParts", "partEvents"];

    /// <summary>A record's document with other records still named by their stream ids. The description's fields stand beside the rest; what only the fold needs is left out.</summary>
    public static JsonObject Shape(IServedKind kind, string stream, long version, RecordState record, DateOnly day)
    {
        var state = (JsonObject)JsonSerializer.SerializeToNode(kind.Document(record), BodiesJson.Of<JsonElement>())!;
        var json = new JsonObject { ["reference"] = record.Reference, ["id"] = stream, ["version"] = version, ["marking"] = Slug.Of(record.Marking) };
        if (record.Groups is { } groups) json["groups"] = Texts(groups);
        if (record is Register.Actions.AgreedAction action) json["state"] = Slug.Of(action.State);
        if (state["details"] is JsonObject details)
            foreach (var (name, value) in details) json[name] = value?.DeepClone();
        foreach (var (name, value) in state)
            if (!ofTheFold.Contains(name) && !(name == "withdrawn" && !record.Withdrawn)) json[name] = value?.DeepClone();
        if (json["followUps"] is JsonArray followUps)
            foreach (var followUp in followUps.OfType<JsonObject>())
                foreach (var name in (string[])["command", "reviewBefore"]) followUp.Remove(name);
        foreach (var item in ((string[])["statements", "notes", "followUps"]).SelectMany(list => (json[list] as JsonArray ?? []).OfType<JsonObject>()))
            ShowMarks(item, record);
        if (record.Reports is { } reports) json["reports"] = new JsonArray([.. reports.Select(r => JsonSerializer.SerializeToNode(ReportedFieldBody.From(record, r), BodiesJson.Of<ReportedFieldBody>()))]);
        AtTheDay.Show(json, record, day);
        return json;
    }

    // A part's marking is shown where it is not its record's; what was lowered is shown as it is now.
    static void ShowMarks(JsonObject item, RecordState record)
    {
        var own = record.MarkedParts?.FirstOrDefault(p => p.Event == item["event"]!.GetValue<Guid>());
        if (own is null && !(Slug.TryParse<Marking>((string?)item["marking"] ?? "", out var written) && written > record.Marking)) return;
        var marks = record.MarksOf(item["event"]!.GetValue<Guid>());
        item["marking"] = Slug.Of(marks.Marking);
        if (marks.Groups is { } groups) item["groups"] = Texts(groups);
    }

    static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    /// <summary>Puts references in place of the stream ids of other records, wherever they stand alone in a string; "id" keeps the stream id.</summary>
    /// <param name="position">What was merged by then is named by the record that stands for it.</param>
    /// <param name="caller">To whom they are named, as far as they may be seen.</param>
    public static async Task ShowReferences(
        JsonNode json, RegisterStore store, TwoClocks clocks, long position, Caller caller, CancellationToken stop)
    {
        var found = new List<JsonValue>();
        Collect(json, found);
        if (found.Count == 0) return;
        var survivors = await Survivors([.. found.Select(v => v.GetValue<string>()).Distinct()], clocks, position, stop);
        string[] named = [.. found.Select(v => v.GetValue<string>()).Concat(survivors.Values).Distinct()];
        var references = await store.ReferencesOf(named, stop);
        var hidden = await store.HiddenOf(named, caller.Rights, stop);
        foreach (var value in found)
        {
            var stream = value.GetValue<string>();
            // The list of what was merged into a record names the merged ones themselves.
            var shown = value.Parent is JsonArray { Parent: JsonObject } list && list.GetPropertyName() == "absorbed" ? stream : survivors.GetValueOrDefault(stream, stream);
            if (hidden.Contains(shown)) value.ReplaceWith(Visibility.Hidden);
            else if (references.TryGetValue(shown, out var reference)) value.ReplaceWith(reference);
        }
        foreach (var record in json is JsonObject one ? [one] : ((JsonArray)json).OfType<JsonObject>()) ShowOnce(record);
    }

    // Two participants whose records were merged are one.
    static void ShowOnce(JsonObject record)
    {
        foreach (var side in (string[])["home", "partnerSide"])
        {
            if (record[side] is not JsonArray { Count: > 1 } people) continue;
            var all = people.Deserialize(BodiesJson.Of<IReadOnlyList<Participant>>())!;
            var once = Participants.Once(all, person => person);
            if (once.Count < all.Count) record[side] = JsonSerializer.SerializeToNode(once, BodiesJson.Of<IReadOnlyList<Participant>>());
        }
    }

    /// <summary>Of the streams that were merged into others, those that stood for them at a position.</summary>
    static async Task<Dictionary<string, string>> Survivors(IReadOnlyList<string> streams, TwoClocks clocks, long position, CancellationToken stop)
    {
        var survivors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in (RecordKind[])[RecordKinds.Person, RecordKinds.Organisation])
            for (var asked = streams.Where(s => RecordKinds.OfStream(s) == kind).ToDictionary(s => s, s => s, StringComparer.Ordinal); asked.Count > 0;)
            {
                var rows = await clocks.RowsOf(kind, [.. asked.Values.Distinct()], position, stop);
                var into = rows.Where(r => r.Value is RecordState { MergedInto: not null }).ToDictionary(r => r.Key, r => ((RecordState)r.Value!).MergedInto!, StringComparer.Ordinal);
                asked = asked.Where(a => into.ContainsKey(a.Value)).ToDictionary(a => a.Key, a => into[a.Value], StringComparer.Ordinal);
                foreach (var (stream, survivor) in asked) survivors[stream] = survivor;
            }
        return survivors;
    }

    /// <summary>
    /// The records for which this one stood as well at a position, and those for which they stood, as far as the caller may see them.
    /// </summary>
    public static async Task<IReadOnlyList<(string Stream, T State)>> Absorbed<T>(
        ServedKind<T> kind, T state, TwoClocks clocks, long position, Caller caller, CancellationToken stop) where T : RecordState
    {
        var all = new List<(string, T)>();
        for (var next = new Queue<string>(state.Absorbed ?? []); next.TryDequeue(out var stream);)
        {
            if ((await clocks.Row(kind, stream, position, stop)).Value is not T absorbed || !caller.Sees(absorbed)) continue;
            all.Add((stream, absorbed));
            foreach (var further in absorbed.Absorbed ?? []) next.Enqueue(further);
        }
        return all;
    }

    /// <summary>Says so where the record was asked for under the name of one that was merged into it.</summary>
    public static JsonObject AskedFor(this JsonObject json, string name)
    {
        if ((string?)json["reference"] != name && (string?)json["id"] != name) json["askedFor"] = name;
        return json;
    }

    static void Collect(JsonNode? node, List<JsonValue> found)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                    if (name != "id") Collect(value, found);
                break;
            case JsonArray a:
                foreach (var value in a.ToList()) Collect(value, found);
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String && Visibility.StreamId().IsMatch(v.GetValue<string>()):
                found.Add(v);
                break;
        }
    }
}
