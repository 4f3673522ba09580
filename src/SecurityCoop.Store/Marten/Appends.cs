namespace SecurityCoop.Store;

/// <summary>An event to be stored: a fresh id (UUIDv7), its record (a known event type) and what goes into its header.</summary>
/// <param name="Protect">
/// A member of the record's own body, by its name there, that is kept as a protected value of this subject. The subject's stream must stand at the version
/// given: a value sealed while its subject is being erased must not come after the erasure.
/// </param>
public sealed record NewEvent(Guid Id, object Event, EventContext Context, (string Member, string Subject, long Version)? Protect = null);

/// <summary>Events for the end of one stream.</summary>
/// <param name="Stream">The stream's id.</param>
/// <param name="Kind">The stream's kind, kept with a new stream.</param>
/// <param name="ExpectedVersion">The version that the stream must have; 0 for a new one.</param>
/// <param name="Events">At least one.</param>
/// <param name="ReferencePrefix">For a new stream: "DK-ACT" gives it the next of DK-ACT-0001, DK-ACT-0002, … (no gaps, at least four digits).</param>
/// <param name="Reference">For a new stream: this reference instead ("DK").</param>
public sealed record StreamAppend(
    string Stream, string Kind, long ExpectedVersion, IReadOnlyList<NewEvent> Events, string? ReferencePrefix = null, string? Reference = null);

/// <summary>What makes a retry safe for ever. Stored only as HMACs; the key belongs to the caller and the route.</summary>
public sealed record IdempotencyKey(string Caller, string Route, string Key, ReadOnlyMemory<byte> Body);

/// <summary>One command's events, written whole or not at all. A stream may stand in it once.</summary>
public sealed record AppendRequest(Guid CommandId, IReadOnlyList<StreamAppend> Streams, IdempotencyKey? Key = null);

/// <summary>An event that was appended. Reference is its stream's, if it has one.</summary>
public sealed record AppendedEvent(Guid Id, string Stream, long Version, string Type, long Position, string? Reference);

/// <summary>Where an append's events stand: positions First to Last, in the order given.</summary>
public sealed record AppendResult(long First, long Last, DateTime RecordedAt, IReadOnlyList<AppendedEvent> Events);

/// <summary>The first answer to an idempotency key: the events it appended, or the answer stored for it.</summary>
public sealed record KeyAnswer(AppendResult? Appended, byte[]? Stored);

/// <summary>A stream is not at the version that the append expected (a stream that exists already was expected at 0). Nothing was written.</summary>
public sealed class VersionConflict(string stream, long expected, long? actual) : Exception(
    actual is null ? $"Stream {stream} was expected at version {expected}; it has another." : $"Stream {stream} was expected at version {expected}; it is at {actual}.")
{
    public string Stream => stream;
    public long Expected => expected;

    /// <summary>The version found, where it is known.</summary>
    public long? Actual => actual;
}

/// <summary>A reference that was asked for by name belongs to another stream. Nothing was written.</summary>
public sealed class ReferenceTaken(string reference) : Exception($"The reference {reference} belongs to another stream.")
{
    public string Reference => reference;
}

/// <summary>Too many appends wait already. Nothing was written; try again a little later.</summary>
public sealed class StoreBusy() : Exception("Too many appends are waiting.");

/// <summary>
/// The database could not be reached, or the connection was lost before anything was written. Whoever waits for a database that comes back
/// waits for Npgsql's own exceptions and for this one alike: Marten wraps those in its own.
/// </summary>
public sealed class StoreAway(Exception inner) : Npgsql.NpgsqlException("The database cannot be reached.", inner);

/// <summary>The database was lost during the commit and cannot be asked: the append is whole or absent. The same idempotency key may be sent again.</summary>
public sealed class OutcomeUnknown(Exception inner) : Exception("The database was lost during the commit; whether it happened is not known.", inner);

/// <summary>The database does not hold what was signed. Nothing is written until an operator has decided (<see cref="RegisterStore.OpenOrigin"/>).</summary>
public sealed class HistoryBroken(string why) : Exception(why);

/// <summary>The idempotency key was used before with another body.</summary>
public sealed class KeyReused() : Exception("This idempotency key was used before with another body.");

/// <summary>The idempotency key was used before with the same body: here is its first answer. Nothing was written now.</summary>
public sealed class AlreadyDone(KeyAnswer answer) : Exception("This idempotency key was used before; its first answer stands.")
{
    public KeyAnswer Answer => answer;
}

/// <summary>A value was to be protected for somebody whose key was destroyed: nothing is recorded for them any more. Nothing was written.</summary>
public sealed class SubjectErased(string subject) : Exception($"The key of {subject} was destroyed.")
{
    public string Subject => subject;
}

/// <summary>A value was to be protected for somebody of whom the log holds values, under a key that this host does not have. Nothing was written.</summary>
public sealed class SubjectKeyMissing(string subject) : Exception($"The log holds values of {subject}, and their key is not among this host's keys.")
{
    public string Subject => subject;
}

/// <summary>The keys cannot be read or written just now: the disk is full or fails, or too many files are open. Nothing was written.</summary>
public sealed class KeysUnusable(Exception inner) : IOException($"The keys cannot be used: {inner.Message}", inner);

/// <summary>The fold of a record failed on an event. Nothing was written.</summary>
public sealed class FoldFailed(string kind, string type, long position, Exception inner)
    : Exception($"The fold of {kind} failed on event {type} at position {position}: {inner.GetType().Name}.", inner);

/// <summary>The log holds an event that this program does not know.</summary>
public sealed class UnknownEventType(string type, int schema, long position)
    : Exception($"Event {type} (schema {schema}) at position {position} is unknown to this program.")
{
    public long Position => position;
}

/// <summary>The log holds an event whose bytes this program cannot read.</summary>
public sealed class UnreadableEvent(string type, long position, Exception inner)
    : Exception($"Event {type} at position {position} cannot be read: {inner.Message}", inner);
