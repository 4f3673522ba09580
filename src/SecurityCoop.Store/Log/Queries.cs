namespace SecurityCoop.Store;

/// <summary>The log's head: number of events, RFC 6962 root over their leaves, and the time of the last batch.</summary>
/// <param name="Epoch">Raised by each rebuild of the documents.</param>
public sealed record Head(long Size, byte[] Root, long Epoch, DateTime RecordedAt);

/// <summary>Which events to read; absent members do not restrict.</summary>
public sealed record EventFilter
{
    /// <summary>Only positions greater than this.</summary>
    public long After { get; init; }

    /// <summary>Only positions up to this; absent: up to the head when reading began.</summary>
    public long? Through { get; init; }

    /// <summary>At most so many events.</summary>
    public int? Limit { get; init; }

    /// <summary>Reading ends with the event with which their bytes reach this; one comes in any case.</summary>
    public long? Bytes { get; init; }

    public string? Stream { get; init; }

    /// <summary>Code of a partner: events of records that concern it before or after them.</summary>
    public string? Partner { get; init; }

    /// <summary>Wire name.</summary>
    public string? Type { get; init; }

    public string? Actor { get; init; }

    /// <summary>Recorded at this instant or later.</summary>
    public DateTime? From { get; init; }

    /// <summary>Recorded before this instant.</summary>
    public DateTime? To { get; init; }
}

/// <summary>The position at which the log stood at an instant. Provisional: the instant lies after the head's, so that more may still come before it.</summary>
public sealed record Resolved(long Position, bool Provisional);

/// <summary>A protected value, opened: canonical JSON in Value.</summary>
public sealed record OpenedValue(long Position, string Stream, string Pointer, string Subject, System.Text.Json.JsonElement Value);
