using Npgsql;

namespace SecurityCoop.Store;

/// <summary>What a store has whatever it stands on.</summary>
internal sealed record CoreParts(
    NpgsqlDataSource Database, string ConnectionString, Guid Log, IReadOnlyList<View> Views, Preparer Preparer, HeadCheck Heads, Bell Bell);

/// <summary>
/// What the own engine and Marten do differently: writing, and reading records. It goes with the own engine, and <see cref="EventStore"/>
/// then has what <see cref="DocumentCore"/> does. Each method is what the store's method of the same name says.
/// </summary>
internal abstract class LogCore : IAsyncDisposable
{
    /// <summary>Queues an append; the task of its outcome goes on whatever its caller does.</summary>
    public abstract Task<AppendResult> Append(PreparedAppend append, CancellationToken stop);

    public abstract IReadOnlyList<View> Outdated { get; }

    public abstract Task<RebuildResult> Rebuild(IReadOnlyList<View> views, RebuildOptions options, CancellationToken stop);

    public abstract Task<IReadOnlyList<Row>> RowsOf(View view, IReadOnlyList<string> keys, CancellationToken stop);

    public abstract IAsyncEnumerable<Row> Rows(View view, string afterKey, CancellationToken stop);

    public abstract IAsyncEnumerable<Row> RowsAbout(View view, string whom, CancellationToken stop);

    public abstract Task<(long Position, object Fold)> OfPartner(string partner, CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
