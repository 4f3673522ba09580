using System.Text.Json;

namespace SecurityCoop.Store;

/// <summary>What stands in an event's header beside what the store fills in itself.</summary>
/// <param name="Actor">Opaque id of whoever recorded it.</param>
/// <param name="CommandId">The command that it comes from; the same for all events of an append.</param>
/// <param name="Marking">Slug: open, restricted, confidential or secret. The store only keeps it.</param>
public sealed record EventContext(string Actor, Guid CommandId, string Marking)
{
    /// <summary>Need-to-know groups, each once, in the order of their bytes. The store only keeps them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>When it happened in the world: an EDTF string, empty where that is unknown, null where the question does not arise.</summary>
    public string? Effective { get; init; }

    /// <summary>Opaque id of the one for whom the actor recorded it.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Why: for corrections, withdrawals and the like.</summary>
    public string? Reason { get; init; }

    /// <summary>Locators of its sources: JSON objects, stored in canonical form.</summary>
    public IReadOnlyList<JsonElement> Sources { get; init; } = [];

    /// <summary>Credibility of the content, 1 to 6 (Admiralty code).</summary>
    public int? Credibility { get; init; }

    /// <summary>Ties together the events of one conversation.</summary>
    public string? Correlation { get; init; }

    /// <summary>What made this event come about.</summary>
    public string? Causation { get; init; }

    /// <summary>Id of the event that this one corrects.</summary>
    public Guid? Corrects { get; init; }
}

/// <summary>An event's header as stored (docs: "Leaf"). Body is the SHA-256 of the body's bytes.</summary>
public sealed record EventHeader(
    Guid Log, Guid EventId, string Stream, long Version, string? Reference, string Type, int Schema, DateTime RecordedAt,
    EventContext Context, ReadOnlyMemory<byte> Body, IReadOnlyList<ProtectedField> Protected)
{
    public string Actor => Context.Actor;
    public Guid CommandId => Context.CommandId;
    public string Marking => Context.Marking;
    public IReadOnlyList<string> Groups => Context.Groups;
    public string? Effective => Context.Effective;
    public string? OnBehalfOf => Context.OnBehalfOf;
    public string? Reason => Context.Reason;
    public IReadOnlyList<JsonElement> Sources => Context.Sources;
    public int? Credibility => Context.Credibility;
    public string? Correlation => Context.Correlation;
    public string? Causation => Context.Causation;
    public Guid? Corrects => Context.Corrects;
}

/// <summary>A value that was taken out of an event's body: where it stood (JSON pointer), whose it is, and the commitment to it (SHA-256).</summary>
public sealed record ProtectedField(string Pointer, string Subject, ReadOnlyMemory<byte> Commitment);

/// <summary>One event as stored. Event is its record; protected values are absent from it.</summary>
/// <param name="Position">Its place in the log, from 1, without gaps.</param>
/// <param name="Version">Its place in its stream, from 1, without gaps.</param>
/// <param name="RecordedAt">UTC, in microseconds; never smaller than that of any earlier position.</param>
public sealed record StoredEvent(
    long Position, Guid Id, string Stream, long Version, string Type, DateTime RecordedAt, EventHeader Header, object Event)
{
    /// <summary>The header's bytes as hashed into the leaf.</summary>
    public ReadOnlyMemory<byte> HeaderBytes { get; init; }

    /// <summary>The body's bytes as hashed into the header: canonical JSON.</summary>
    public ReadOnlyMemory<byte> BodyBytes { get; init; }

    /// <summary>Codes of the partners that its record concerns from it on, or ever did: set by the fold while the event is appended.</summary>
    internal IReadOnlyCollection<string> Partners { get; set; } = [];

    /// <summary>The record's document after this event: left here by the fold while the event is appended.</summary>
    internal RecordDocument? Document { get; set; }
}

/// <summary>An event's body as it is stored, with where it stands and when it happened in the world (EDTF; null: the question does not arise).</summary>
/// <param name="Sources">Where it is written, as its header says.</param>
public sealed record StoredBody(long Position, string Stream, string? Effective, ReadOnlyMemory<byte> Body, IReadOnlyList<JsonElement> Sources);

/// <summary>A snapshot of the database that a connection keeps open.</summary>
/// <param name="Process">Its process on the database's server.</param>
/// <param name="Application">What that calls itself, or what kind of process it is.</param>
/// <param name="Horizon">The transaction from which on it sees nothing: no version of a row that was replaced since can be cleared away.</param>
public sealed record HeldSnapshot(int Process, string Application, string Horizon);
