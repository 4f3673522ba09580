using System.Diagnostics;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web;

/// <summary>`securitycoop rebuild [VIEW]`, and what a host does that starts upon rows of another definition.</summary>
public static class Rebuilding
{
    /// <summary>Rebuilds one view, or all of them in one pass over the log.</summary>
    /// <param name="owner">Connection string of the tables' owner, as whom Marten's documents are rebuilt: all of them together, whatever view is named.</param>
    /// <returns>0, or 1 where live rows differ from what their events fold to and were left as they are.</returns>
    /// <exception cref="StartRefused">There is no such view, an event or a view stopped it, or another rebuild is under way.</exception>
    public static async Task<int> Run(EventStore store, string? name, bool replace, CancellationToken stop, string? owner = null)
    {
        var views = RecordViews.All.Where(v => name is null || v.Name == name).ToList();
        if (views.Count == 0) throw new StartRefused($"There is no view {name}; there are {Names(RecordViews.All)}.");
        var (result, took) = await Rebuild(store, views, replace, stop, owner);
        foreach (var difference in result.Differences) Console.WriteLine($"{difference.View} {difference.Key}: {difference.What}");
        if (result.Different > result.Differences.Count) Console.WriteLine($"... and {result.Different - result.Differences.Count} more");
        if (!result.InPlace)
        {
            await Console.Error.WriteLineAsync(
                $"{result.Different} differ from what their events fold to; the live rows were left as they are. To put the rebuilt ones in their place: securitycoop rebuild{(name is null ? "" : $" {name}")} --replace");
            return 1;
        }
        if (!result.Compared) views = [.. RecordViews.All];
        Console.WriteLine(FormattableString.Invariant($"Rebuilt {Names(views)} from {result.Events:N0} events in {took.TotalSeconds:N1} s; ")
            + (!result.Compared ? "the rebuilt documents stand in the place of all that there were." : result.Different == 0 ? "no live row differed." : $"{result.Different} differed and were replaced."));
        return 0;
    }

    /// <summary>
    /// A host does not serve upon rows that its program would have made differently. Its private database it rebuilds by itself; from another, which hosts
    /// with the old definition may be using, it keeps away.
    /// </summary>
    /// <exception cref="StartRefused">The views are to be rebuilt first, or cannot be.</exception>
    public static async Task BeforeServing(EventStore store, bool isPrivate, Action<string> say, CancellationToken stop, string? owner = null)
    {
        var outdated = store.Outdated;
        if (outdated.Count == 0) return;
        var (which, have) = outdated.Count == 1 ? ($"view {outdated[0].Name}", "has") : ($"views {Names(outdated)}", "have");
        if (!isPrivate)
            throw new StartRefused(
                $"The {which} {have} another definition in this program than in the database: run `securitycoop rebuild{(outdated.Count == 1 ? $" {outdated[0].Name}" : "")}` (hosts of the old program stop writing then).");
        say($"The {which} {have} another definition than before: rebuilding from the log before serving.");
        var (result, took) = await Rebuild(store, outdated, replace: false, stop, owner);
        say(FormattableString.Invariant($"Rebuilt from {result.Events:N0} events in {took.TotalSeconds:N1} s."));
    }

    static async Task<(RebuildResult Result, TimeSpan Took)> Rebuild(EventStore store, IReadOnlyList<View> views, bool replace, CancellationToken stop, string? owner)
    {
        var (begun, progress) = (Stopwatch.GetTimestamp(), new EventProgress("Rebuilding"));
        try
        {
            var result = await store.Rebuild(views, new() { Replace = replace, Owner = owner, Progress = progress.Tell }, stop);
            return (result, Stopwatch.GetElapsedTime(begun));
        }
        catch (Exception e) when (e is UnknownEventType or UnreadableEvent or ViewFailed)
        {
            throw new StartRefused($"Rebuilding {Names(views)} stopped, and the live rows are as they were. {e.Message}", e);
        }
        finally
        {
            progress.End();
        }
    }

    static string Names(IEnumerable<View> views) => string.Join(", ", views.Select(v => v.Name));
}

/// <summary>Progress through the log: on a terminal one line with a bar, the rate and the time left, rewritten ten times a second; elsewhere a plain line for every tenth.</summary>
public sealed class EventProgress(string what, string unit = "events")
{
    readonly long begun = Stopwatch.GetTimestamp();
    bool ended;
    long told = long.MinValue, tenths;

    public void Tell(long done, long of)
    {
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var rate = done / Math.Max(seconds, 0.001);
        var left = (of - done) / Math.Max(rate, 1);
        if (Console.IsOutputRedirected)
        {
            var tenth = 10 * done / of;
            if (tenth <= tenths) return;
            tenths = tenth;
            Console.WriteLine(FormattableString.Invariant($"{what}: {done:N0} of {of:N0} {unit}, {rate:N0}/s, {left:N0} s left"));
            return;
        }
        if (done < of && told != long.MinValue && Stopwatch.GetElapsedTime(told).TotalMilliseconds < 100) return;
        told = Stopwatch.GetTimestamp();
        var width = (int)(30 * done / of);
        Console.Write(FormattableString.Invariant(
            $"\r{what} [{new string('#', width)}{new string('.', 30 - width)}] {done:N0} of {of:N0} {unit}, {rate:N0}/s, {left:N0} s left   "));
    }

    /// <summary>Leaves the line as it stands.</summary>
    public void End()
    {
        if (!ended && !Console.IsOutputRedirected && told != long.MinValue) Console.WriteLine();
        ended = true;
    }
}
