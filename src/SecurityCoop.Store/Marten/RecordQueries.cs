using Marten;
using Marten.Services.BatchQuerying;

namespace SecurityCoop.Store;

/// <summary>How records are asked for.</summary>
internal static class RecordQueries
{
    /// <summary>
    /// Documents of records that ever concerned a partner. In SQL, since Marten writes <c>Partners.Contains(…)</c> as <c>= any (…)</c>, for
    /// which PostgreSQL does not use the index.
    /// </summary>
    public const string Concerning = "where d.partners @> array[?]::text[]";

    /// <summary>
    /// Those of them that an event after a position changed: found by their events, however many records the partner has.
    /// </summary>
    public const string ConcerningSince =
        """
        where d.id = any (array(select e.stream_id from register.event_partner p join register.mt_events e on e.seq_id = p.position
            where p.partner = ? and p.position > ?))
        """;

    /// <summary>What several questions find, asked in one round trip.</summary>
    public static async Task<T> Together<T>(this IQuerySession session, Func<IBatchedQuery, Task<T>> ask, CancellationToken stop)
    {
        var batch = session.CreateBatchQuery();
        var answer = ask(batch);
        await batch.Execute(stop);
        return await answer;
    }
}
