using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// Hears on a connection what PostgreSQL says of a commit that it no longer waits for: where the wait for the synchronous standby is
/// cancelled, as by a command's timeout, the commit is reported as done, with a warning that the standby may not have it.
/// </summary>
internal sealed class CommitDoubt : IDisposable
{
    private readonly NpgsqlConnection connection;

    public CommitDoubt(NpgsqlConnection connection)
    {
        this.connection = connection;
        connection.Notice += Hear;
    }

    /// <summary>Whether there was a warning.</summary>
    public bool Raised { get; private set; }

    private void Hear(object sender, NpgsqlNoticeEventArgs said) => Raised |= said.Notice.InvariantSeverity == "WARNING";

    public void Dispose() => connection.Notice -= Hear;
}
