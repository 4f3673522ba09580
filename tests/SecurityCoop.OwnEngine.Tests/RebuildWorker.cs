using System.Diagnostics;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>A second process that rebuilds all views, and stops with rows written and its work not done until it is killed.</summary>
internal static class RebuildWorker
{
    public const string Argument = "--rebuild-worker";

    public static Process Start(TestDatabase database) =>
        Process.Start(Program.Again([Argument, database.AppConnection, database.KeyFolder], start => { start.RedirectStandardOutput = true; }))!;

    public static async Task<int> Run(string[] args)
    {
        await using var store = await EventStore.Open(args[0], Sample.Types, Sample.NewViews(), args[1]);
        await store.Rebuild(Sample.NewViews().Select(v => store.View(v.Name)).ToArray(), new()
        {
            Replace = true,
            RowBytes = 1000,
            Progress = (done, of) =>
            {
                if (done < of / 2) return;
                Console.WriteLine("under way");
                Thread.Sleep(Timeout.Infinite);
            },
        });
        return 0;
    }
}
