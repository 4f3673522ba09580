namespace SecurityCoop.Store;

/// <summary>What a command did.</summary>
/// <param name="Appended">Its events; null where nothing changed.</param>
/// <param name="StoredAnswer">The answer stored with the first use of the key, where that appended nothing.</param>
/// <param name="Replayed">This is the first use's outcome.</param>
public sealed record CommandOutcome(AppendResult? Appended, byte[]? StoredAnswer, bool Replayed);

/// <summary>The stream named in If-Match is at another version. For decisions to throw; it is not retried.</summary>
public sealed class StaleVersion(string stream, long expected, long actual) : Exception($"Stream {stream} is at version {actual}, not {expected}.")
{
    public string Stream => stream;
    public long Expected => expected;
    public long Actual => actual;
}

/// <summary>One attempt at a command: load, decide, append. Whoever runs it makes another where somebody was faster.</summary>
public sealed class CommandRunner(RegisterStore store)
{
    /// <summary>Makes an attempt. A key that was used before gives the first outcome, and nothing is decided.</summary>
    /// <param name="decide">Loads what it needs and says what to append; nothing where the command changes nothing.</param>
    /// <exception cref="VersionConflict">Somebody was faster; nothing was written.</exception>
    /// <exception cref="KeyReused">The key was used with another body.</exception>
    public async Task<CommandOutcome> Run(
        Guid commandId, IdempotencyKey? key, Func<CancellationToken, Task<IReadOnlyList<StreamAppend>>> decide, CancellationToken stop = default)
    {
        if (key is not null && await store.FindKey(key, stop) is { } first) return Replay(first);
        IReadOnlyList<StreamAppend> streams;
        try
        {
            streams = await decide(stop);
        }
        catch (Exception) when (key is not null && !stop.IsCancellationRequested)
        {
            // Perhaps refused only because the first use of the key, sent at the same time, has just been done.
            if (await store.FindKey(key, stop) is { } meanwhile) return Replay(meanwhile);
            throw;
        }
        if (streams.Count == 0)
            return key is not null && await store.FindKey(key, stop) is { } done ? Replay(done) : new(null, null, false);
        try
        {
            return new(await store.Append(new(commandId, streams, key), stop), null, false);
        }
        catch (AlreadyDone used)
        {
            return Replay(used.Answer);
        }
    }

    private static CommandOutcome Replay(KeyAnswer answer) => new(answer.Appended, answer.Stored, true);
}
