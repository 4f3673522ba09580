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

/// <summary>Load, decide, append; again where somebody was faster.</summary>
/// <param name="patience">How long a command that others keep overtaking is tried again; twenty seconds where it is not said.</param>
/// <param name="attempts">Who makes a command's attempts in the runner's place: each call of what it is given is one, and ends with a <see cref="VersionConflict"/> where somebody was faster.</param>
public sealed class CommandRunner(RegisterStore store, TimeSpan? patience = null, Func<Guid, Func<CancellationToken, Task<CommandOutcome>>, CancellationToken, Task<CommandOutcome>>? attempts = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal); // guarded by itself

    // Those who lost a stream to somebody faster wait here for their turn, in the order in which they came.
    private sealed class Turn
    {
        public SemaphoreSlim One { get; } = new(1);
        public int Waiting;
    }

    /// <summary>Runs a command. A key that was used before gives the first outcome, and nothing is decided.</summary>
    /// <param name="decide">Loads what it needs and says what to append; nothing where the command changes nothing. Runs again after each version conflict, so it loads anew each time.</param>
    /// <exception cref="VersionConflict">Still, when the patience is over.</exception>
    /// <exception cref="KeyReused">The key was used with another body.</exception>
    public async Task<CommandOutcome> Run(
        Guid commandId, IdempotencyKey? key, Func<CancellationToken, Task<IReadOnlyList<StreamAppend>>> decide, CancellationToken stop = default)
    {
        if (key is not null && await store.FindKey(key, stop) is { } first) return Replay(first);
        if (attempts is not null) return await attempts(commandId, trying => Once(commandId, key, decide, trying), stop);
        var until = DateTime.UtcNow + (patience ?? Patience);
        (string Stream, Turn Turn)? mine = null;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await Once(commandId, key, decide, stop);
                }
                catch (VersionConflict lost) when (DateTime.UtcNow < until)
                {
                    if (mine is null) mine = (lost.Stream, await Take(lost.Stream, stop));
                    // Other processes wait for no turn of ours: whoever lost against them tries again at a random moment.
                    else await Task.Delay(Random.Shared.Next(0, 2 << Math.Min(attempt, 6)), stop);
                }
            }
        }
        finally
        {
            if (mine is var (stream, turn)) Leave(stream, turn);
        }
    }

    private async Task<CommandOutcome> Once(Guid commandId, IdempotencyKey? key, Func<CancellationToken, Task<IReadOnlyList<StreamAppend>>> decide, CancellationToken stop)
    {
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

    private async Task<Turn> Take(string stream, CancellationToken stop)
    {
        Turn turn;
        lock (turns)
        {
            if (!turns.TryGetValue(stream, out turn!)) turns[stream] = turn = new();
            turn.Waiting++;
        }
        try
        {
            await turn.One.WaitAsync(stop);
            return turn;
        }
        catch
        {
            Forget(stream, turn);
            throw;
        }
    }

    private void Leave(string stream, Turn turn)
    {
        turn.One.Release();
        Forget(stream, turn);
    }

    private void Forget(string stream, Turn turn)
    {
        lock (turns)
            if (--turn.Waiting == 0) turns.Remove(stream);
    }

    private static CommandOutcome Replay(KeyAnswer answer) => new(answer.Appended, answer.Stored, true);
}
