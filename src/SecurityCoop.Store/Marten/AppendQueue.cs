namespace SecurityCoop.Store;

/// <summary>Appends that wait for the writer, in the order in which they came; bounded by number and by bytes. Filled by anyone, emptied by the commit loop only.</summary>
internal sealed class AppendQueue(int mostWaiting, long mostBytes)
{
    private readonly Lock gate = new(); // Owns all that follows.
    private readonly Queue<Pending> waiting = new();
    private long bytes;
    private bool closed;
    private (int Count, TaskCompletionSource<bool> Reached)? wanted;

    public int Count { get { lock (gate) return waiting.Count; } }

    /// <exception cref="StoreBusy">The queue is full.</exception>
    public Task<AppendResult> Add(PreparedAppend append, CancellationToken stop)
    {
        var pending = new Pending(append, stop);
        TaskCompletionSource<bool>? reached = null;
        lock (gate)
        {
            // Where nothing else waits, one append is taken however large it is.
            if (closed || waiting.Count >= mostWaiting || (bytes + append.Bytes > mostBytes && bytes > 0)) throw new StoreBusy();
            waiting.Enqueue(pending);
            bytes += append.Bytes;
            if (wanted is { } want && waiting.Count >= want.Count) (reached, wanted) = (want.Reached, null);
        }
        reached?.TrySetResult(true);
        return pending.Done.Task;
    }

    /// <summary>Completes once so many wait: with true, or with false if the queue was closed and none will come any more.</summary>
    /// <param name="inline">Whether whoever adds the last of them goes on with what awaits this, which must then be short.</param>
    public Task<bool> Reached(int count, bool inline)
    {
        lock (gate)
        {
            if (closed || waiting.Count >= count) return Task.FromResult(waiting.Count > 0);
            var reached = new TaskCompletionSource<bool>(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            wanted = (count, reached);
            return reached.Task;
        }
    }

    /// <summary>Moves what waits to the end of a list, until that holds so many events or bytes; those whose callers gave up are dropped.</summary>
    public void Take(List<Pending> to, int mostEvents, int mostEventBytes)
    {
        var (events, size) = (to.Sum(p => p.Append.Events), to.Sum(p => p.Append.Bytes));
        lock (gate)
            while (events < mostEvents && size < mostEventBytes && waiting.TryDequeue(out var next))
            {
                bytes -= next.Append.Bytes;
                if (next.GaveUp)
                {
                    next.Done.TrySetCanceled();
                    continue;
                }
                to.Add(next);
                events += next.Append.Events;
                size += next.Append.Bytes;
            }
    }

    /// <summary>Nothing is taken in any more; what waits can still be taken out.</summary>
    public void Close()
    {
        TaskCompletionSource<bool>? reached;
        lock (gate) (closed, reached, wanted) = (true, wanted?.Reached, null);
        reached?.TrySetResult(Count > 0);
    }
}
