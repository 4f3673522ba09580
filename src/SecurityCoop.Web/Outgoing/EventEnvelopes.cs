using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;

namespace SecurityCoop.Web.Outgoing;

/// <summary>A CloudEvent (specification 1.0, structured mode), ready to be sent.</summary>
/// <param name="Id">The same however often it is sent.</param>
/// <param name="Type">Without the prefix that all have; `withheld` where the receiver may not see the event.</param>
/// <param name="Partners">Codes of the partners that the event's record concerns, as far as the receiver may see them.</param>
/// <param name="Json">The whole envelope.</param>
sealed record OutgoingEvent(string Id, string Type, IReadOnlyList<string> Partners, byte[] Json);

/// <summary>
/// Makes the envelopes of what leaves the register. What is above the receiver's marking is withheld here and nowhere else, whichever way it
/// is sent.
/// </summary>
/// <param name="follower">As whom the receiver follows the log.</param>
/// <param name="marking">What is marked higher leaves without its content.</param>
sealed class EventEnvelopes(RegisterStore store, string follower, Marking marking)
{
    /// <summary>The media type of an envelope (CloudEvents, JSON event format, section 3).</summary>
    public const string MediaType = "application/cloudevents+json";

    const string Withheld = "withheld";

    // To the receiver the register is an auditor with this clearance, who is shown no names.
    readonly Caller receiver = new(follower, new HashSet<Role> { Role.Auditor }, marking);

    /// <summary>What the receiver may read.</summary>
    public ReaderRights Rights => receiver.Rights;

    /// <summary>The envelope of an event.</summary>
    public async Task<OutgoingEvent> Of(StoredEvent e, CancellationToken stop)
    {
        var shown = (await AuditEndpoints.Shown([e], receiver, store, stop))[0];
        var data = JsonSerializer.SerializeToNode(shown, BodiesJson.Shown<EventBody>())!;
        var withheld = shown.Withheld is true;
        // Of what is withheld nobody learns more than that it stands there: neither kind nor record.
        return Of(
            e.Header.Log, e.Id.ToString("D"), shown.Type ?? Withheld, withheld ? null : shown.Reference ?? shown.Stream, e.RecordedAt, data,
            withheld ? [] : await PartnersOf(e.Stream, stop));
    }

    /// <summary>The envelope of something that is said of a record.</summary>
    public static OutgoingEvent Of(Guid log, string id, string type, string? subject, DateTime at, JsonNode data, IReadOnlyList<string> partners)
    {
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = $"urn:uuid:{log}", ["type"] = $"securitycoop.{type}",
            ["time"] = at.ToString("O", CultureInfo.InvariantCulture), ["datacontenttype"] = "application/json", ["data"] = data,
        };
        if (subject is not null) envelope["subject"] = subject;
        return new(id, type, partners, JsonSerializer.SerializeToUtf8Bytes(envelope, BodiesJson.Of<JsonObject>()));
    }

    // As the record is now: a correction may have given it another partner, and a part that is marked higher may name one.
    async Task<IReadOnlyList<string>> PartnersOf(string stream, CancellationToken stop)
    {
        if (RecordKinds.OfStream(stream) is not IServedKind kind) return [];
        var row = await store.Row((RecordKind)kind, stream, stop);
        return row.Value is RecordState state ? [.. kind.PartnersOf(state.SeenWith(Rights)).Distinct()] : [];
    }
}
