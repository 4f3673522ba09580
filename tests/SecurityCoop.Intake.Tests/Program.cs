using SecurityCoop.Intake.Tests.Scoring;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SecurityCoop.Intake.Tests;

internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["sources", var folder, var root] => Sources.Run(folder, root),
        ["texts"] => Texts(),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };

    // The project's own texts: figures and errors.
    private static int Texts()
    {
        var score = OwnTexts.Scored();
        foreach (var (name, count) in score.All) Console.WriteLine($"{name,-12} {count}");
        foreach (var error in score.Errors) Console.WriteLine(error);
        return 0;
    }
}
