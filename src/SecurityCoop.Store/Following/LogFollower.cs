using Marten;

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
    private readonly IDocumentOperations operations;

    internal FollowedPage(long after, long through, IDocumentOperations operations) =>
        (After, Through, this.operations) = (after, through, operations);

    /// <summary>The page begins behind this position.</summary>
    public long After { get; }

    /// <summary>The position of its last event.</summary>
    public long Through { get; }

    /// <summary>Executes a statement in the transaction of the progress, after the handler has returned.</summary>
    /// <param name="statement">Its parameters are question marks.</param>
    public void Execute(string statement, params object[] parameters) => operations.QueueSqlCommand(statement, parameters);

    /// <summary>For what can be made again from the log: the commit does not wait for the disk.</summary>
    public void NeedNotReachTheDisk() => Execute("select set_config('synchronous_commit', 'off', true)");
}

/// <summary>How far a follower has come.</summary>
/// <param name="Position">Everything up to here is handled.</param>
/// <param name="Behind">So many events are not.</param>
/// <param name="State">running, paused or stopped on this host; elsewhere: another host runs it, or none.</param>
/// <param name="Error">The kind of error of the last attempt on this host; null: it succeeded.</param>
public sealed record FollowerState(string Name, long Position, long Behind, string State, string? Error);
