using Marten;
using Marten.Services.BatchQuerying;

namespace SecurityCoop.Store;

/// <summary>How records are asked for.</summary>
internal static class RecordQueries
{
    /// <summary>
    /// Documents of records that ever concerned a partner and have an event after a position. In SQL, since Marten writes
    /// <c>Partners.Contains(…)</c> as <c>= any (…)</c>, for which PostgreSQL does not use the index.
    /// </summary>
    public const string Concerning = "where d.partners @> array[?]::text[] and (d.data ->> 'position')::bigint > ?";

    /// <summary>What several questions find, asked in one round trip.</summary>
    public static async Task<T> Together<T>(this IQuerySession session, Func<IBatchedQuery, Task<T>> ask, CancellationToken stop)
    {
        var batch = session.CreateBatchQuery();
        var answer = ask(batch);
        await batch.Execute(stop);
        return await answer;
    }
}
