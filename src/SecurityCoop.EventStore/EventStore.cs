using System.Text.Json;

namespace SecurityCoop.EventStore;

/// <summary>The event log: appends, views and reads. One instance a process.</summary>
public sealed class EventStore : IAsyncDisposable
{
    /// <summary>Opens the log of a migrated database.</summary>
    /// <param name="connectionString">The application's role.</param>
    /// <param name="types">Every kind of event that the program knows.</param>
    /// <param name="views">Every view, saved with each append.</param>
    /// <param name="keyFolder">Where the keys of protected values lie; made if absent (mode 0700).</param>
    public static Task<EventStore> Open(string connectionString, EventTypes types, IReadOnlyList<View> views, string keyFolder, EventStoreOptions? options = null, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<Head> Head(CancellationToken stop = default) => throw new NotImplementedException();

    public Task<AppendResult> Append(AppendRequest request, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<Row> Row(View view, string key, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<IReadOnlyList<Row>> RowsOf(View view, IReadOnlyList<string> keys, CancellationToken stop = default) => throw new NotImplementedException();

    public IAsyncEnumerable<Row> Rows(View view, string? afterKey = null, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<(long Position, IReadOnlyList<Row> Rows)> RowsOfPartner(IReadOnlyList<View> views, string partner, CancellationToken stop = default) => throw new NotImplementedException();

    public IAsyncEnumerable<StoredEvent> ReadStream(string stream, long throughPosition = long.MaxValue, CancellationToken stop = default) => throw new NotImplementedException();

    public IAsyncEnumerable<StoredEvent> ReadAll(EventFilter filter, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<string?> StreamOf(string reference, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<string?> ReferenceOf(string stream, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<IReadOnlyDictionary<string, string>> ReferencesOf(IReadOnlyCollection<string> streams, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<Resolved> PositionAt(DateTime instant, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<KeyAnswer?> FindKey(IdempotencyKey key, CancellationToken stop = default) => throw new NotImplementedException();

    public Task RememberAnswer(IdempotencyKey key, byte[] answer, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<JsonElement?> Open(StoredEvent e, string pointer, CancellationToken stop = default) => throw new NotImplementedException();

    public Task<IReadOnlyList<OpenedValue>> OpenAll(long afterPosition = 0, CancellationToken stop = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>Limits of the store; the defaults suit a host of its own.</summary>
public sealed record EventStoreOptions
{
    /// <summary>Appends that may wait; one more is refused with <see cref="StoreBusy"/>.</summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Approximate bytes of rows kept in memory.</summary>
    public long CacheBytes { get; init; } = 64 << 20;
}
