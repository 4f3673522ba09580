using System.Diagnostics;
using System.Globalization;
using System.Text;
using SecurityCoop.Intake;

namespace SecurityCoop.Benchmarks;

/// <summary>How fast a communiqué is read, and a megabyte of them: the texts of the intake's own tests.</summary>
internal static class IntakeBenchmarks
{
    public static async Task Intake(Bench bench)
    {
        var texts = Texts();
        var next = 0;
        Task One()
        {
            IntakeReader.Default.Read(texts[next++ % texts.Count]);
            return Task.CompletedTask;
        }
        await bench.Latency(One); // To warm up.
        var took = await bench.Latency(One);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"benchmark\":\"intake\",\"texts\":{texts.Count},\"value\":{took:0.###},\"unit\":\"ms\"}}"));

        var large = new StringBuilder();
        while (large.Length < 1_000_000) large.Append(texts[large.Length % texts.Count]).Append('\n');
        var (text, memory) = (large.ToString(), GC.GetTotalAllocatedBytes(precise: true));
        var watch = Stopwatch.StartNew();
        IntakeReader.Default.Read(text);
        var (seconds, allocated) = (watch.Elapsed.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - memory);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"benchmark\":\"intake-megabyte\",\"value\":{seconds:0.##},\"unit\":\"s\",\"allocatedMiB\":{allocated >> 20}}}"));
    }

    static List<string> Texts()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln"))) root = root.Parent
            ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above this program.");
        return [.. Directory.GetFiles(Path.Combine(root.FullName, "tests", "SecurityCoop.Intake.Tests", "Texts"), "*.txt")
            .Select(File.ReadAllText)];
    }
}
