using System.Diagnostics;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web;

/// <summary>`securitycoop rebuild`, and what a host does that starts upon documents that another fold made.</summary>
public static class Rebuilding
{
    /// <summary>Makes the documents of all records anew from the log.</summary>
    /// <param name="owner">Connection string of the tables' owner.</param>
    /// <exception cref="StartRefused">An event, or the fold of a record, stopped it.</exception>
    public static async Task Run(RegisterStore store, string owner, CancellationToken stop)
    {
        var (events, took) = await Rebuild(store, owner, stop);
        Console.WriteLine(FormattableString.Invariant($"Rebuilt {Names(RecordKinds.All)} from {events:N0} events in {took.TotalSeconds:N1} s."));
    }

    /// <summary>
    /// A host does not serve upon documents that its program would have made differently. Its private database it rebuilds by itself; from
    /// another, which hosts of the old program may be using, it keeps away.
    /// </summary>
    /// <exception cref="StartRefused">The documents are to be rebuilt first, or cannot be.</exception>
    public static async Task BeforeServing(RegisterStore store, string owner, bool isPrivate, Action<string> say, CancellationToken stop)
    {
        if (store.Outdated is not { Count: > 0 } outdated) return;
        var what = $"This program folds records otherwise than the one that made their documents ({Names(outdated)})";
        if (!isPrivate) throw new StartRefused($"{what}: run `securitycoop rebuild` (hosts of the old program stop writing then).");
        say($"{what}: rebuilding from the log before serving.");
        var (events, took) = await Rebuild(store, owner, stop);
        say(FormattableString.Invariant($"Rebuilt from {events:N0} events in {took.TotalSeconds:N1} s."));
    }

    static async Task<(long Events, TimeSpan Took)> Rebuild(RegisterStore store, string owner, CancellationToken stop)
    {
        var (begun, progress) = (Stopwatch.GetTimestamp(), new EventProgress("Rebuilding"));
        try
        {
            var events = await store.Rebuild(owner, progress.Tell, stop);
            await WordIndex.MarkAgain(store, owner, stop);
            return (events, Stopwatch.GetElapsedTime(begun));
        }
        catch (Exception e) when (Cause(e) is { } cause)
        {
            throw new StartRefused($"The rebuild stopped, and no host serves until it is done. {cause.Message}", e);
        }
        finally
        {
            progress.End();
        }
    }

    // Marten's daemon wraps what a fold throws.
    static Exception? Cause(Exception thrown)
    {
        if (thrown is UnknownEventType or UnreadableEvent or FoldFailed) return thrown;
        var inner = thrown is AggregateException several ? several.InnerExceptions : (IEnumerable<Exception>)(thrown.InnerException is { } one ? [one] : []);
        return inner.Select(Cause).FirstOrDefault(c => c is not null);
    }

    static string Names(IEnumerable<RecordKind> kinds) => string.Join(", ", kinds.Select(k => k.Name));
}

/// <summary>
/// Progress of long work, with its rate and the time left: on a terminal one line with a bar, rewritten ten times a second; elsewhere a plain
/// line every five seconds, and none for what takes less.
/// </summary>
public sealed class EventProgress(string what, string unit = "events")
{
    static readonly TimeSpan between = Console.IsOutputRedirected ? TimeSpan.FromSeconds(5) : TimeSpan.FromMilliseconds(100);

    readonly long begun = Stopwatch.GetTimestamp();
    bool ended, isTold;
    long told = Console.IsOutputRedirected ? Stopwatch.GetTimestamp() : 0;

    public void Tell(long done, long of)
    {
        var isLast = done >= of && (isTold || !Console.IsOutputRedirected);
        if (of == 0 || (!isLast && Stopwatch.GetElapsedTime(told) < between)) return;
        (told, isTold) = (Stopwatch.GetTimestamp(), true);
        var rate = done / Math.Max(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0.001);
        var left = (of - done) / Math.Max(rate, 1);
        var far = FormattableString.Invariant($"{done:N0} of {of:N0} {unit}, {rate:N0}/s, {left:N0} s left");
        var width = (int)(30 * done / of);
        if (Console.IsOutputRedirected) Console.WriteLine($"{what}: {far}");
        else Console.Write($"\r{what} [{new string('#', width)}{new string('.', 30 - width)}] {far}   ");
    }

    /// <summary>Leaves the line as it stands.</summary>
    public void End()
    {
        if (!ended && isTold && !Console.IsOutputRedirected) Console.WriteLine();
        ended = true;
    }
}
