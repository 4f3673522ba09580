using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>What travels with a command beside what it says.</summary>
/// <param name="Caller">On whose behalf it is decided, and under whose subject its events are recorded.</param>
public sealed record CommandEnvelope(Caller Caller)
{
    /// <summary>Correlates the events of one command; the same for all its attempts.</summary>
    public Guid CommandId { get; init; } = Guid.CreateVersion7();

    /// <summary>Makes a retry safe; null where the caller gave no key.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>The version that the change is meant for, as If-Match says it (RFC 9110, section 13.1.1); null: any.</summary>
    public string? IfMatch { get; init; }

    /// <summary>
    /// Decided like any other, and then not appended. It has no key: what is right with it today may be refused tomorrow.
    /// </summary>
    public bool DryRun { get; init; }

    /// <summary>What the body names as records are named, to be looked up together; what is not among them is looked up when it is needed.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>Nothing of its content: loggers write it.</summary>
    public override string ToString() => $"command {CommandId}";
}

/// <summary>A command, as Wolverine carries it: one type for each thing that can be asked of the register.</summary>
public abstract record Command
{
    /// <summary>Who gives it, and how; whoever invokes the command sets it.</summary>
    public CommandEnvelope? Envelope { get; init; }

    /// <summary>What it says, in the part that all commands have.</summary>
    [JsonIgnore] public abstract Body Said { get; }

    /// <summary>Nothing of its content: Wolverine writes it into its logs.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <param name="Body">What it says; over HTTP the request's body. What stands in the address is no part of it.</param>
public abstract record Command<TBody>(TBody Body) : Command where TBody : Body
{
    /// <inheritdoc/>
    public override Body Said => Body;
}

/// <summary>A command upon one record.</summary>
/// <param name="Name">The record's reference or stream id; over HTTP it stands in the address.</param>
/// <param name="Body">What it says.</param>
public abstract record CommandOn<TBody>(string Name, TBody Body) : Command<TBody>(Body) where TBody : Body;

public sealed record AnsweredEvent(Guid Id, string Type, long Position);

/// <summary>A record that a command opened or changed.</summary>
/// <param name="Reference">What people call it.</param>
/// <param name="Id">Its stream id.</param>
/// <param name="Address">Where it is read.</param>
/// <param name="Opened">True where the command opened it; absent where it changed it.</param>
public sealed record AnsweredRecord(string? Reference, string Id, string Address, bool? Opened);

/// <param name="Reference">The record's reference.</param>
/// <param name="Version">Its stream's version, also the ETag.</param>
/// <param name="Position">The log's position up to which the answer speaks.</param>
/// <param name="Events">What was recorded of records that the caller may see.</param>
public sealed record CommandAnswer(string? Reference, long Version, long Position, IReadOnlyList<AnsweredEvent> Events)
{
    /// <summary>Every record that the events opened or changed and that the caller may see, in their order.</summary>
    public IReadOnlyList<AnsweredRecord> Records { get; init; } = [];

    /// <summary>References of what was on file already and looks like a record that the command opens, twenty at most; absent where nothing does.</summary>
    public IReadOnlyList<string>? Resembles { get; init; }

    /// <summary>What the dates that the body gave in words were read as; absent where it gave none.</summary>
    public IReadOnlyList<UnderstoodDate>? Understood { get; init; }

    /// <summary>Of a command that was only decided, the types of the events that it would record, of records that the caller may see.</summary>
    [JsonIgnore] public IReadOnlyList<string> WouldRecord { get; init; } = [];

    /// <summary>The address of the record that the command opened; null where it opened none.</summary>
    [JsonIgnore] public string? Opened { get; init; }
}
