using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Pages;

/// <summary>What the page of a record shows.</summary>
/// <param name="Clock">By which instants are shown.</param>
/// <param name="Asked">At what the page looks.</param>
/// <param name="Kind">Null of what is no record of the world: a user, an access, an opening.</param>
/// <param name="Record">As the caller may see it; null with Kind.</param>
/// <param name="Linked">By stream id, the records that the page names.</param>
/// <param name="Places">By position, where an event's content is written.</param>
/// <param name="Merged">Histories of the records that were merged into this one.</param>
/// <param name="Opened">By event, protected texts as the caller may see them: the text, or the word for why it is not shown.</param>
/// <param name="Names">Of a person, the names as the interface shows them.</param>
public sealed record RecordPageView(
    Language Language, Caller Caller, RegisterClock Clock, Asking Asked, long Position, IServedKind? Kind, RecordState? Record, RecordHistory History,
    LinkedRecords Linked, IReadOnlyDictionary<long, List<Locator>> Places, JsonArray? Names, IReadOnlyList<RecordHistory> Merged,
    IReadOnlyDictionary<Guid, string> Opened, string AskedName)
{
    /// <summary>Of a source or an occasion, what cites it; null: of other kinds.</summary>
    internal Search.Citations? CitedBy { get; init; }

    /// <summary>By event, what the record's items are called.</summary>
    internal IReadOnlyDictionary<Guid, string> Items { get; } =
        Kind is null || Record is null ? new Dictionary<Guid, string>() : Forms.RecordItems.Names(Kind, Record, Language);

    public string Reference => History.Reference ?? History.Stream;

    /// <summary>The reference of the record that was asked for, where it was merged into this one.</summary>
    public string? AskedFor => AskedName != History.Reference && AskedName != History.Stream && Kind != RecordKinds.Partnership ? AskedName : null;

    /// <summary>What the record is about: its heading.</summary>
    public string Title => (Record is null ? null : Record is Person ? PersonName : LinkedRecords.Title(Record, Language))
        ?? Language.Say(Record is Person ? RecordWords.Unnamed : RecordWords.Record, Reference);

    /// <summary>The person's name, where the reader may see it: in the page's script where there is one.</summary>
    string? PersonName
    {
        get
        {
            var good = (Names ?? []).OfType<JsonObject>()
                .Where(n => (string?)n["kind"] is "name" or "variant" && n["withdrawn"] is null && n["value"] is not null).ToList();
            return (string?)(good.FirstOrDefault(n => ((string?)n["script"] == "Arab") == (Language == Language.Arabic)) ?? good.FirstOrDefault())?["value"];
        }
    }

    /// <summary>The highest marking of the record and its parts.</summary>
    public Marking Marking => Record?.MarksWithParts.Marking ?? Marking.Open;
}

/// <summary>A page for every record: what it says now, and its history as a story. The same answers as the interface's.</summary>
static class RecordPages
{
    public static Task<IResult> Get(
        string name, HttpContext http, TwoClocks clocks, RegisterClock clock, Records records, RegisterStore store, Openings openings,
        Search.WordIndex index, string? asOf, string? knownAt) =>
        openings.Show(http, async opener =>
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var asked = await clocks.Ask(StatusPages.Given(asOf), StatusPages.Given(knownAt), stop);
        var position = await clocks.Through(asked, stop);
        var kind = await records.KindOf(name, stop);
        // What is no record of the world has a history for auditors only.
        if (kind is null && !caller.May(Role.Auditor)) throw Refusal.Because("not-found", name);
        var found = kind is null ? ((string Stream, RecordState State, long Version)?)null : await kind.Get(records, name, caller, stop, position);
        var history = await AuditEndpoints.History(found?.Stream ?? name, caller, store, stop);
        // That something is hidden is told to auditors, who account for every event; to a reader it is not there.
        bool IsShown(EventBody e) => e.Position <= position && (caller.May(Role.Auditor) || e.Withheld != true);
        RecordHistory Shown(RecordHistory h) => h with { Events = [.. h.Events.Where(IsShown)] };
        history = Shown(history);
        var merged = new List<RecordHistory>();
        foreach (var stream in found?.State is { } survivor ? await Absorbed(survivor, clocks, position, caller, stop) : [])
            merged.Add(Shown(await AuditEndpoints.History(stream, caller, store, stop)));
        var events = history.Events.Concat(merged.SelectMany(m => m.Events)).ToList();
        var names = found?.State is Person person ? await PersonEndpoints.Names(found.Value.Stream, person, position, clocks, opener, store, stop) : null;
        var places = events.ToDictionary(e => e.Position, e => (e.Source ?? []).Select(s => s.Deserialize(RegisterJson.Of<Locator>())!).ToList());
        var linked = await LinkedRecords.Load(Streams(kind, found?.State, events, places), position, language, store, clocks, opener, stop);
        var opened = found?.State is { } holder
            ? await Opened(kind!, found.Value.Stream, holder, asked, opener, language) : new Dictionary<Guid, string>();
        http.SetPosition(position);
        if (found?.State is { } state) http.Showed([(found.Value.Stream, state.MarksWithParts)]);
        AuditEndpoints.Showed(http, events);
        var cited = kind == RecordKinds.Source || kind == RecordKinds.Occasion
            ? await Search.Citations.Of(found!.Value.Stream, position, caller, language, index, clocks, stop) : null;
        if (cited is not null) http.Showed(cited.Shown);
        var view = new RecordPageView(
            language, caller, clock, asked, position, kind, found?.State, history, linked, places, names, merged, opened, name) { CitedBy = cited };
        return (IResult)new RazorComponentResult<RecordPage>(new { View = view });
    });

    // The texts of statements, notes and follow-ups that are protected, opened for the answer where the caller may see them.
    static async Task<Dictionary<Guid, string>> Opened(
        IServedKind kind, string stream, RecordState state, Asking asked, Opener opener, Language language)
    {
        var json = RecordQueries.Shape(kind, stream, 0, state, asked.AsOf);
        await opener.Texts(json, stream);
        var texts = new Dictionary<Guid, string>();
        string[] lists = ["statements", "notes", "followUps"];
        foreach (var item in lists.SelectMany(list => (json[list] as JsonArray ?? []).OfType<JsonObject>()))
            if ((item["said"]?["text"] ?? item["note"]) is JsonObject text) texts[item["event"]!.GetValue<Guid>()] = Opened(text, language);
        return texts;
    }

    /// <summary>A protected value as the page shows it: itself, or the word for why it is not.</summary>
    public static string Opened(JsonNode value, Language language) =>
        (string?)value["value"] ?? language.Say(value["erased"] is null ? Words.ProtectedText : Search.SearchWords.NameErased);

    // Streams of the records for which this one stands as well, as far as the caller may see them.
    static async Task<IReadOnlyList<string>> Absorbed(
        RecordState state, TwoClocks clocks, long position, Caller caller, CancellationToken stop) => state switch
    {
        Person p => [.. (await RecordQueries.Absorbed(RecordKinds.Person, p, clocks, position, caller, stop)).Select(a => a.Stream)],
        Register.Organisations.Organisation o =>
            [.. (await RecordQueries.Absorbed(RecordKinds.Organisation, o, clocks, position, caller, stop)).Select(a => a.Stream)],
        _ => [],
    };

    // Every record that the page may name: in the record, in its events, and where they are written.
    static IEnumerable<string> Streams(
        IServedKind? kind, RecordState? state, IReadOnlyList<EventBody> events, Dictionary<long, List<Locator>> places)
    {
        var inRecord = kind is null || state is null ? []
            : Visibility.StreamsIn(JsonSerializer.SerializeToNode(kind.Document(state), BodiesJson.Of<JsonElement>()));
        var inEvents = events.SelectMany(e => Visibility.StreamsIn(e.Body));
        var inPlaces = places.Values.SelectMany(p => p).Select(p => p.Document).OfType<string>();
        return inRecord.Concat(inEvents).Select(v => v.GetValue<string>()).Concat(inPlaces).Where(s => Visibility.StreamId().IsMatch(s));
    }

    /// <summary>A stored value as text: what is written stands as it is, what is nested as JSON.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonArray { Count: > 0 } a when a.All(x => x is JsonValue v && v.GetValueKind() == JsonValueKind.String) => string.Join(", ", a.Select(x => x!.GetValue<string>())),
        _ => value.ToJsonString(readable),
    };

    // Letters of every script stay letters; the page's own encoder makes the text safe.
    static readonly JsonSerializerOptions readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
