using Npgsql;

namespace SecurityCoop.Store;

/// <summary>Events of one stream as they are to be stored: positions, versions, times and bytes are given.</summary>
/// <param name="ExpectedVersion">The stream's version before them; 0 for a new one.</param>
public sealed record StreamWrite(string Stream, long ExpectedVersion, IReadOnlyList<StoredEvent> Events);

/// <summary>
/// Who writes streams and events into Marten's tables in the store's place. All else stays the store's: order, versions, bytes, ledger, views, idempotency.
/// </summary>
/// <param name="Name">What the configuration calls it.</param>
/// <param name="Append">
/// Writes one append's streams, in their order, within a transaction that holds the head. Positions and times come from the triggers; the store compares what
/// they gave with what it expects. What the database refuses it throws as the <see cref="NpgsqlException"/> that it is.
/// </param>
/// <param name="Owned">Disposed with the store.</param>
public sealed record Engine(string Name, Func<NpgsqlTransaction, IReadOnlyList<StreamWrite>, Task> Append, IAsyncDisposable Owned)
{
    /// <summary>
    /// Adds to each transaction what is to be committed with its events, from the first position to the last; what it returns is called once they are committed.
    /// Null: nothing.
    /// </summary>
    public Func<NpgsqlTransaction, long, long, Task<Func<Task>>>? Enlist { get; set; }
}
