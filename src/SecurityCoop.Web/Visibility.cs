using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>What of some records a reader may not see: whole records, and events of parts that are marked above their record.</summary>
sealed class Hidden
{
    readonly HashSet<string> streams = new(StringComparer.Ordinal), known = new(StringComparer.Ordinal);
    readonly HashSet<Guid> events = [];
    readonly ReaderRights rights;

    public Hidden(ReaderRights rights) => this.rights = rights;

    /// <summary>Whether the stream is that of a record which is hidden whole.</summary>
    public bool Contains(string stream) => streams.Contains(stream);

    /// <summary>Whether nothing is hidden.</summary>
    public bool IsEmpty => streams.Count == 0 && events.Count == 0;

    /// <summary>
    /// Whether an event is shown. Of a record's event the markings that are in force now decide, not those of its writing; of what is no
    /// record's, its own.
    /// </summary>
    public bool Shows(EventHeader header) => rights.IsAll || (!streams.Contains(header.Stream) && !events.Contains(header.EventId)
        && (known.Contains(header.Stream) || (Slug.TryParse<Marking>(header.Marking, out var own) && rights.Cover(own, header.Groups))));

    internal void Add(string stream, RecordState record)
    {
        known.Add(stream);
        if (!rights.Cover(record)) streams.Add(stream);
        else events.UnionWith(record.HiddenEvents(rights));
    }
}

/// <summary>
/// What somebody may see (model.md, "Markings"): of records those that the reader's rights cover, and of these the parts that they cover.
/// Whatever names another record, or shows an event, asks here.
/// </summary>
static partial class Visibility
{
    /// <summary>Stands where a record is named that the reader may not see: a reference would tell its kind, and of whom it is.</summary>
    public const string Hidden = "…";

    /// <summary>Whether the caller may see the record; <see cref="RecordState.SeenWith"/> says what of it.</summary>
    public static bool Sees(this Caller caller, RecordState record) => record is User ? caller.May(Role.Administrator) : caller.Rights.Cover(record);

    /// <summary>The record as the caller may see it.</summary>
    public static T Seen<T>(this Caller caller, T record) where T : RecordState => (T)record.SeenWith(caller.Rights);

    /// <summary>What of these streams is hidden from a reader, as they are marked now. What is no record's stream is not looked at.</summary>
    public static async Task<Hidden> HiddenOf(this RegisterStore store, IEnumerable<string> streams, ReaderRights rights, CancellationToken stop)
    {
        var hidden = new Hidden(rights);
        if (rights.IsAll) return hidden;
        foreach (var ofKind in streams.Distinct().GroupBy(RecordKinds.OfStream))
        {
            if (ofKind.Key is not IServedKind) continue;
            foreach (var row in await store.RowsOf(ofKind.Key, [.. ofKind], stop))
                if (row.Value is RecordState record) hidden.Add(row.Key, record);
        }
        return hidden;
    }

    /// <summary>The records that an event is of and that its header names.</summary>
    public static IEnumerable<string> StreamsOf(EventHeader header)
    {
        var sources = header.Sources.Select(s => JsonSerializer.SerializeToNode(s, BodiesJson.Of<JsonElement>()));
        var named = sources.SelectMany(StreamsIn).Select(v => v.GetValue<string>());
        return [header.Stream, .. header.Protected.Select(p => p.Subject), .. named];
    }

    /// <summary>The stream ids that stand alone in strings of the document.</summary>
    public static IEnumerable<JsonValue> StreamsIn(JsonNode? node) => node switch
    {
        JsonObject o => o.Select(p => p.Value).SelectMany(StreamsIn),
        JsonArray a => a.SelectMany(StreamsIn),
        JsonValue v when v.GetValueKind() == JsonValueKind.String && StreamId().IsMatch(v.GetValue<string>()) => [v],
        _ => [],
    };

    /// <summary>A stream id of a record that other records name by it.</summary>
    [GeneratedRegex(@"\A(meeting|action|instrument|person|organisation|source|occasion)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z")]
    public static partial Regex StreamId();
}
