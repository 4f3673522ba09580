using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Store;

/// <summary>An event with everything done that can be done before the head is taken.</summary>
internal sealed record PreparedEvent(
    NewEvent New, EventType Type, byte[] Body, byte[] HeaderBefore, byte[] HeaderAfter, IReadOnlyList<SealedValue> Protected, StoredEvent Draft)
{
    /// <summary>The event as stored, once its place is known.</summary>
    public StoredEvent At(long position, long version, string? reference, DateTime recordedAt) => Draft with
    {
        Position = position,
        Version = version,
        RecordedAt = recordedAt,
        Header = Draft.Header with { Version = version, Reference = reference, RecordedAt = recordedAt },
        HeaderBytes = Headers.Splice(HeaderBefore, recordedAt, reference, HeaderAfter, version),
    };
}

internal sealed record PreparedStream(StreamAppend Append, PreparedEvent[] Events);

/// <summary>The HMACs of an idempotency key and of its body.</summary>
internal sealed record KeyHmacs(byte[] Key, byte[] Body)
{
    public static KeyHmacs Of(IdempotencyKey key, KeyFolder keys) => new(
        keys.Hmac([
            .. ProtectedValues.LengthPrefixed("key"), .. ProtectedValues.LengthPrefixed(key.Caller), .. ProtectedValues.LengthPrefixed(key.Route),
            .. ProtectedValues.LengthPrefixed(key.Key),
        ]),
        keys.Hmac([.. ProtectedValues.LengthPrefixed("body"), .. key.Body.Span]));
}

/// <summary>A whole append, prepared.</summary>
internal sealed record PreparedAppend(Guid CommandId, PreparedStream[] Streams, KeyHmacs? Key)
{
    public int Events { get; } = Streams.Sum(s => s.Events.Length);

    /// <summary>Roughly what it will weigh on the wire.</summary>
    public int Bytes { get; } = Streams.Sum(s => s.Events.Sum(e => e.Body.Length + e.HeaderBefore.Length + e.HeaderAfter.Length + 200));
}

/// <summary>Makes the bytes of events: bodies, digests, most of the header, ciphertexts. Runs on the caller's thread, before anything is locked.</summary>
internal sealed class Preparer(Guid log, EventTypes types, KeyFolder keys)
{
    /// <exception cref="ArgumentException">No events, a stream twice, a reference with characters other than letters, digits, - . _</exception>
    /// <exception cref="NotCanonical">A body or header has no canonical form.</exception>
    public PreparedAppend Prepare(AppendRequest request, KeyHmacs? key)
    {
        if (request.Streams.Count == 0 || request.Streams.Any(s => s.Events.Count == 0)) throw new ArgumentException("An append holds at least one event for each stream.", nameof(request));
        if (request.Streams.DistinctBy(s => s.Stream).Count() != request.Streams.Count) throw new ArgumentException("A stream stands twice in one append.", nameof(request));
        return new(request.CommandId, [.. request.Streams.Select(Prepare)], key);
    }

    private PreparedStream Prepare(StreamAppend append)
    {
        CheckReference(append.ReferencePrefix);
        CheckReference(append.Reference);
        if (append.ReferencePrefix is not null && append.Reference is not null) throw new ArgumentException($"Stream {append.Stream} asks for two references.", nameof(append));
        return new(append, [.. append.Events.Select(e => Prepare(e, append.Stream))]);
    }

    private PreparedEvent Prepare(NewEvent e, string stream)
    {
        var type = types.Of(e.Event);
        var taken = new List<Canonical.Taken>();
        var body = Canonical.Body(e.Protect is var (member, subject, _) ? Marked(e.Event, type, member, subject) : JsonSerializer.SerializeToUtf8Bytes(e.Event, type.Json), taken);
        SealedValue[] protectedValues = [.. taken.Select(t => ProtectedValues.Seal(e.Id, t, keys.FindOrMake(t.Subject)))];
        var digest = SHA256.HashData(body);
        var (before, after) = Headers.Write(log, e, type, stream, digest, protectedValues);
        var context = e.Context.Sources.Count == 0 ? e.Context : e.Context with { Sources = [.. e.Context.Sources.Select(AsStored)] };
        var header = new EventHeader(log, e.Id, stream, 0, null, type.Name, type.Schema, default, context, digest,
            [.. protectedValues.Select(p => new ProtectedField(p.Pointer, p.Subject, p.Commitment))]);
        // Records fold what was stored, not what was handed in: the same bytes that a rebuild will read, without the protected values.
        var folded = JsonSerializer.Deserialize(body, type.Json) ?? throw new ArgumentException($"A {type.Name} is written as null.", nameof(e));
        var draft = new StoredEvent(0, e.Id, stream, 0, type.Name, default, header, folded) { BodyBytes = body };
        return new(e, type, body, before, after, protectedValues, draft);
    }

    // As if the record had marked the member itself.
    private static byte[] Marked(object e, EventType type, string member, string subject)
    {
        var json = JsonSerializer.SerializeToNode(e, type.Json)!.AsObject();
        var value = json[member] ?? throw new ArgumentException($"A {type.Name} without {member} has nothing to protect there.", nameof(member));
        json[member] = new JsonObject { ["$protected"] = new JsonObject { ["subject"] = subject, ["value"] = value.DeepClone() } };
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    /// <summary>An event from the ledger's bytes.</summary>
    /// <exception cref="UnknownEventType">Its type, or its schema, is not known here.</exception>
    /// <exception cref="UnreadableEvent">Its body is not what its type says.</exception>
    public StoredEvent Read(long position, byte[] header, byte[] body)
    {
        var h = Headers.Read(header);
        return new(position, h.EventId, h.Stream, h.Version, h.Type, h.RecordedAt, h, Record(h, position, body))
        {
            HeaderBytes = header, BodyBytes = body,
        };
    }

    private object Record(EventHeader h, long position, byte[] body)
    {
        if (types.Find(h.Type) is not { } type || h.Schema > type.Schema) throw new UnknownEventType(h.Type, h.Schema, position);
        try
        {
            return JsonSerializer.Deserialize(body, type.Json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw new UnreadableEvent(h.Type, position, failure);
        }
    }

    private static JsonElement AsStored(JsonElement source)
    {
        using var document = JsonDocument.Parse(Canonical.Bytes(source));
        return document.RootElement.Clone();
    }

    private static void CheckReference(string? reference)
    {
        if (reference is not null && (reference.Length is 0 or > 100 || !reference.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')))
            throw new ArgumentException("A reference is made of 1 to 100 letters, digits, - . and _.", nameof(reference));
    }
}
