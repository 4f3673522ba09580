using System.Diagnostics;
using SecurityCoop.Store.Tests.Faults;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SecurityCoop.Store.Tests;

internal static class Program
{
    /// <summary>This executable once more, as a process of a test's; it may have been started itself, or through `dotnet`.</summary>
    public static ProcessStartInfo Again(IEnumerable<string> arguments, Action<ProcessStartInfo> setUp)
    {
        var throughDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] all = throughDotnet ? [typeof(Program).Assembly.Location, .. arguments] : [.. arguments];
        var start = new ProcessStartInfo(Environment.ProcessPath!, all);
        setUp(start);
        return start;
    }

    /// <summary>
    /// What a database lacks of what Marten and Wolverine need for the register's model: the next migrations. Of an empty one, the first.
    /// </summary>
    private static async Task<int> WriteDifference(string owner, string marten, string wolverine)
    {
        await RegisterMigrations.WriteDifference(owner, Web.Setup.Model, marten, wolverine);
        return 0;
    }

    private static async Task<int> Main(string[] args) => args switch
    {
        [FaultHost.Argument, .. var rest] => await FaultHost.Run(rest),
        [WorkerProcess.Argument, .. var rest] => await WorkerProcess.Run(rest),
        ["--write-difference", var owner, var marten, var wolverine] => await WriteDifference(owner, marten, wolverine),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
