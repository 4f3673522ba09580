using Marten;
using Marten.Linq.MatchesSql;

namespace SecurityCoop.Store;

/// <summary>How records are found among Marten's documents.</summary>
public static class RecordQueries
{
    /// <summary>
    /// Records that ever concerned this partner. In SQL, since Marten writes <c>Partners.Contains(…)</c> as <c>= any (…)</c>, for which
    /// PostgreSQL does not use the index.
    /// </summary>
    public static IQueryable<RecordDocument<T>> RecordsOf<T>(this IQuerySession session, string partner) where T : class =>
        session.Query<RecordDocument<T>>().Where(d => d.MatchesSql("d.partners @> array[?]::text[]", partner));
}
