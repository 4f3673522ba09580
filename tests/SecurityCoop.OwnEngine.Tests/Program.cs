using System.Diagnostics;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SecurityCoop.OwnEngine.Tests;

internal static class Program
{
    /// <summary>This executable once more, as a process of a test's; it may have been started itself, or through `dotnet`.</summary>
    public static ProcessStartInfo Again(IEnumerable<string> arguments, Action<ProcessStartInfo> setUp)
    {
        var throughDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        var start = new ProcessStartInfo(Environment.ProcessPath!, throughDotnet ? [typeof(Program).Assembly.Location, .. arguments] : arguments);
        setUp(start);
        return start;
    }

    private static async Task<int> Main(string[] args) => args switch
    {
        [WorkerProcess.Argument, .. var rest] => await WorkerProcess.Run(rest),
        [ConsumerProcess.Argument, .. var rest] => await ConsumerProcess.Run(rest),
        [Faults.FaultHost.Argument, .. var rest] => await Faults.FaultHost.Run(rest),
        [RebuildWorker.Argument, .. var rest] => await RebuildWorker.Run(rest),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
