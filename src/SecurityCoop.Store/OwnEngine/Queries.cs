namespace SecurityCoop.Store;

/// <summary>The log's head: number of events, RFC 6962 root over their leaves, and the time of the last batch.</summary>
/// <param name="Epoch">Raised by everything but appends that takes the head.</param>
/// <param name="Unsealed">Events that other programs have appended after Size: they have their positions and times, and stand in no answer and no proof until they are sealed.</param>
public sealed record Head(long Size, byte[] Root, long Epoch, DateTime RecordedAt, long Unsealed = 0);

/// <summary>Which events to read; absent members do not restrict.</summary>
public sealed record EventFilter
{
    /// <summary>Only positions greater than this.</summary>
    public long After { get; init; }

    /// <summary>Only positions up to this; absent: up to the head when reading began.</summary>
    public long? Through { get; init; }

    /// <summary>At most so many events.</summary>
    public int? Limit { get; init; }

    public string? Stream { get; init; }

    /// <summary>Code of a partner: events indexed by it (<see cref="View.PartnersOf"/>).</summary>
    public string? Partner { get; init; }

    /// <summary>Wire name.</summary>
    public string? Type { get; init; }

    public string? Actor { get; init; }

    /// <summary>Recorded at this instant or later.</summary>
    public DateTime? From { get; init; }

    /// <summary>Recorded before this instant.</summary>
    public DateTime? To { get; init; }
}

/// <summary>The position at which the log stood at an instant. Provisional: the instant lies after the head's, or after that of an event not yet sealed, so that more may still stand before it.</summary>
public sealed record Resolved(long Position, bool Provisional);

/// <summary>A protected value, opened: canonical JSON in Value.</summary>
public sealed record OpenedValue(long Position, string Stream, string Pointer, string Subject, System.Text.Json.JsonElement Value);
