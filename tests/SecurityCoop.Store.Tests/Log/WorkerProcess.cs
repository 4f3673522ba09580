using System.Diagnostics;
using System.Globalization;

namespace SecurityCoop.Store.Tests;

/// <summary>A second process on a test's database: it appends as fast as it can and prints the id of each acknowledged event.</summary>
internal static class WorkerProcess
{
    public const string Argument = "--append-worker";

    public static Process Start(TestDatabase database, int callers, int each, string sharedStream)
    {
        var start = Program.Again([
            Argument, database.AppConnection, database.KeyFolder, callers.ToString(CultureInfo.InvariantCulture), each.ToString(CultureInfo.InvariantCulture), sharedStream,
        ], start => { start.RedirectStandardOutput = true; });
        return Process.Start(start)!;
    }

    public static async Task<int> Run(string[] args)
    {
        await using var store = await RegisterStore.Open(args[0], Sample.Model(), args[1]);
        var (callers, each, shared) = (int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), args[4]);
        var runner = new CommandRunner(store);
        var output = new Lock();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var own = Sample.NewStream();
            for (var i = 0; i < each; i++)
            {
                // Every fourth goes to the stream that all share, the others to one of the caller's own.
                var stream = i % 4 == 0 ? shared : own;
                var e = Sample.New(new Noted($"w{caller % 3} {i}"));
                while (true)
                {
                    try
                    {
                        await runner.Run(e.Context.CommandId, null, async stop => [new(stream, "sample", await VersionOf(store, stream, stop), [e])]);
                        break;
                    }
                    catch (VersionConflict)
                    {
                        // Somebody else was faster: once more.
                    }
                }
                lock (output) Console.WriteLine(e.Id);
            }
        }));
        return 0;
    }

    private static async Task<long> VersionOf(RegisterStore store, string stream, CancellationToken stop) =>
        (await store.Row(Sample.Kind(), stream, stop)).Version;
}
