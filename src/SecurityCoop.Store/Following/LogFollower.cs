using Marten;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// Something that follows the log once for all hosts. Marten's daemon hands it the log page by page, in order, on one host at a time; how far it
/// has come is committed with what it did.
/// </summary>
/// <param name="name">Stored for ever: its progress stands under it.</param>
/// <param name="page">At most so many events at once. What the follower does outside the database is done again for so many after a
/// crash.</param>
public sealed class LogFollower(string name, int page)
{
    public string Name { get; } = name;

    public int Page { get; } = page;

    /// <summary>Its row in register.mt_event_progression.</summary>
    public string Progress => ProgressOf(Name);

    /// <summary>
    /// Done on a host before the daemon runs there, until it succeeds. Set before the daemon starts.
    /// </summary>
    public Func<CancellationToken, Task> Prepare { get; set; } = _ => Task.CompletedTask;

    /// <summary>
    /// Does the work of a page. What it throws pauses this follower alone; the same page comes again. Set before the daemon starts.
    /// </summary>
    public Func<FollowedPage, CancellationToken, Task> Handle { get; set; } = (_, _) => throw new InvalidOperationException("Nobody handles the log.");

    /// <summary>The kind of error of the last attempt on this host; null where it succeeded.</summary>
    public string? Failure { get; internal set; }

    /// <summary>Cancelled when this host stops: a page that waits for somebody else would keep it from ending.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>The row of a follower of that name in register.mt_event_progression.</summary>
    public static string ProgressOf(string name) => $"{name}:All";
}

/// <summary>Consecutive events of the log, and the transaction in which the progress past them is committed.</summary>
public sealed class FollowedPage
{
    private readonly List<(string Statement, NpgsqlParameter[] Parameters)> statements = [];

    internal FollowedPage(long after, long through) => (After, Through) = (after, through);

    /// <summary>The page begins behind this position.</summary>
    public long After { get; }

    /// <summary>The position of its last event.</summary>
    public long Through { get; }

    /// <summary>Executes a statement in the transaction of the progress, after the handler has returned.</summary>
    /// <param name="statement">Its parameters are $1, $2, …</param>
    public void Execute(string statement, params NpgsqlParameter[] parameters) => statements.Add((statement, parameters));

    /// <summary>For what can be made again from the log: the commit does not wait for the disk.</summary>
    public void NeedNotReachTheDisk() => Execute("select set_config('synchronous_commit', 'off', true)");

    /// <summary>
    /// What is to be executed, as a part of Marten's commit. Statements queued in the session itself would not do: Marten does not read their
    /// answers, and reported a page as done whose statement had failed.
    /// </summary>
    internal ITransactionParticipant Work => new Participant(statements);

    private sealed class Participant(IReadOnlyList<(string Statement, NpgsqlParameter[] Parameters)> statements) : ITransactionParticipant
    {
        public async Task BeforeCommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
        {
            foreach (var (statement, parameters) in statements)
            {
                await using var command = new NpgsqlCommand(statement, connection, transaction);
                command.Parameters.AddRange(parameters);
                await command.ExecuteNonQueryAsync(token);
            }
        }
    }
}

/// <summary>How far a follower has come.</summary>
/// <param name="Position">Everything up to here is handled.</param>
/// <param name="Behind">So many events are not.</param>
/// <param name="State">running, paused or stopped on this host; elsewhere: another host runs it, or none.</param>
/// <param name="Error">The kind of error of the last attempt on this host; null: it succeeded.</param>
public sealed record FollowerState(string Name, long Position, long Behind, string State, string? Error);
