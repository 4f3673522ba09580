namespace SecurityCoop.Store;

/// <summary>An append that waits for its commit.</summary>
internal sealed class Pending(PreparedAppend append, CancellationToken stop)
{
    public PreparedAppend Append => append;
    public TaskCompletionSource<AppendResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The caller gave up before anything was sent.</summary>
    public bool GaveUp => stop.IsCancellationRequested;
}

/// <summary>The idempotency key stands in the database already.</summary>
internal sealed class KeyTaken() : Exception("This idempotency key was used before.");
