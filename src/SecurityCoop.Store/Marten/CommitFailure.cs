using Marten.Exceptions;
using Npgsql;
using ApplyEventException = JasperFx.Events.Daemon.ApplyEventException;

namespace SecurityCoop.Store;

/// <summary>What a failure of Marten's or PostgreSQL's means for the command that met it. Marten wraps both.</summary>
internal static class CommitFailure
{
    /// <summary>Whether the connection is gone, or the server is going: nothing is known of the command itself.</summary>
    public static bool IsLostConnection(Exception failure) => InnerMost<PostgresException>(failure) is { } refused
        ? refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || refused.SqlState.StartsWith("08", StringComparison.Ordinal)
        : InnerMost<NpgsqlException>(failure) is not null || InnerMost<IOException>(failure) is not null
            // How Npgsql says of a connection that broke between two of its own steps that it is lost, and Marten of a session whose
            // transaction went with it.
            || InnerMost<ObjectDisposedException>(failure) is not null
            || InnerMost<SessionTransactionUnusableException>(failure) is not null;

    /// <summary>Whether somebody else held a lock for longer than the connection waits for one.</summary>
    public static bool IsLockTimeout(Exception failure) =>
        InnerMost<PostgresException>(failure) is { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>Whether PostgreSQL refused something, or could not be asked.</summary>
    public static bool IsOfTheDatabase(Exception failure) => InnerMost<NpgsqlException>(failure) is not null;

    public static Exception Meaning(Exception failure, PreparedAppend append)
    {
        if (InnerMost<ApplyEventException>(failure) is { InnerException: { } why, Event: var e })
            return new FoldFailed(append.Streams.First(s => s.Append.Stream == e.StreamKey).Append.Kind, e.EventTypeName, e.Sequence, why);
        if (InnerMost<PostgresException>(failure) is not { } refused) return failure;
        return refused switch
        {
            { ConstraintName: "idempotency_pkey" } => new KeyTaken(),
            { ConstraintName: "stream_reference_pkey" } =>
                new ReferenceTaken(append.Streams.Select(s => s.Append.Reference).FirstOrDefault(r => r is not null) ?? "asked for"),
            { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError } => new DiskRefused(failure),
            { IsTransient: true } => new NotCommitted(failure),
            _ => failure,
        };
    }

    private static T? InnerMost<T>(Exception failure) where T : Exception
    {
        T? found = null;
        for (var e = failure; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException)
            if (e is T match) found = match;
        return found;
    }
}
