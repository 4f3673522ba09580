using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>
/// What somebody may see (model.md, "Above the clearance"): records that are not marked above it. A record's marking is the highest of its
/// events, so its early events are hidden with it. Whatever names another record, or shows an event, asks here.
/// </summary>
static partial class Visibility
{
    /// <summary>Stands where a record is named that the reader may not see: a reference would tell its kind, and of whom it is.</summary>
    public const string Hidden = "…";

    /// <summary>Whether somebody with this clearance may see the record.</summary>
    public static bool IsSeenWith(this RecordState record, Marking clearance) => record.Marking <= clearance;

    /// <summary>Whether the caller may see the record.</summary>
    public static bool Sees(this Caller caller, RecordState record) =>
        record is User ? caller.May(Role.Administrator) : record.IsSeenWith(caller.Clearance);

    /// <summary>Of these streams those whose records lie above the clearance now. What is no record's stream is not among them.</summary>
    public static async Task<IReadOnlySet<string>> HiddenOf(
        this RegisterStore store, IEnumerable<string> streams, Marking clearance, CancellationToken stop)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        if (clearance == Marking.Secret) return hidden; // Nothing lies above.
        foreach (var ofKind in streams.Distinct().GroupBy(RecordKinds.OfStream))
        {
            if (ofKind.Key is not IServedKind) continue;
            foreach (var row in await store.RowsOf(ofKind.Key, [.. ofKind], stop))
                if (row.Value is RecordState record && !record.IsSeenWith(clearance)) hidden.Add(row.Key);
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

    /// <summary>Whether an event is shown: neither itself nor its record lies above the clearance.</summary>
    /// <param name="hidden">Streams of hidden records, this one's among them.</param>
    public static bool IsSeenBy(this StoredEvent e, Marking clearance, IReadOnlySet<string> hidden) => e.Header.IsSeenBy(clearance, hidden);

    /// <summary>The same of an event of which the header is at hand.</summary>
    public static bool IsSeenBy(this EventHeader header, Marking clearance, IReadOnlySet<string> hidden) =>
        Slug.TryParse<Marking>(header.Marking, out var own) && own <= clearance && !hidden.Contains(header.Stream);

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
