namespace SecurityCoop.EventStore;

/// <summary>What a command did.</summary>
/// <param name="Appended">Its events; null where nothing changed.</param>
/// <param name="StoredAnswer">The answer stored with the first use of the key, where that appended nothing.</param>
/// <param name="Replayed">This is the first use's outcome.</param>
public sealed record CommandOutcome(AppendResult? Appended, byte[]? StoredAnswer, bool Replayed);

/// <summary>The stream named in If-Match is at another version. To be thrown by a decision; it is not retried.</summary>
public sealed class StaleVersion(string stream, long expected, long actual) : Exception($"Stream {stream} is at version {actual}, not {expected}.")
{
    public string Stream => stream;
    public long Expected => expected;
    public long Actual => actual;
}

/// <summary>Load, decide, append, retry.</summary>
public sealed class CommandRunner(EventStore store)
{
    /// <summary>Runs a command: <paramref name="decide"/> loads what it needs and returns what to append (nothing: no change); it runs again after each version conflict.</summary>
    public Task<CommandOutcome> Run(Guid commandId, IdempotencyKey? key, Func<CancellationToken, Task<IReadOnlyList<StreamAppend>>> decide, CancellationToken stop = default) => throw new NotImplementedException(store.ToString());
}
