using System.Diagnostics;
using System.Globalization;
using System.Text;
using SecurityCoop.Intake;

namespace SecurityCoop.Benchmarks;

/// <summary>How fast a communiqué is read, and a megabyte of any text: the texts of the intake's own tests, and worse ones.</summary>
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

        foreach (var (name, text) in Megabytes(texts))
        {
            GC.Collect();
            var (before, allocated) = (GC.GetTotalMemory(forceFullCollection: true), GC.GetTotalAllocatedBytes(precise: true));
            using var watched = new MemoryWatch();
            var watch = Stopwatch.StartNew();
            IntakeReader.Default.Read(text);
            var seconds = watch.Elapsed.TotalSeconds;
            var (most, all) = (watched.Most - before, GC.GetTotalAllocatedBytes(precise: true) - allocated);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{{\"benchmark\":\"intake-megabyte\",\"text\":\"{name}\",\"value\":{seconds:0.##},\"unit\":\"s\",\"mostMiB\":{most >> 20},\"allocatedMiB\":{all >> 20}}}"));
        }
    }

    // A megabyte each: of communiqués, and of what a reader of rules would be slow with.
    static IEnumerable<(string Name, string Text)> Megabytes(List<string> texts)
    {
        const int letters = 1 << 20;
        string Of(Func<int, string> next)
        {
            var text = new StringBuilder(letters + 4096);
            for (var i = 0; text.Length < letters; i++) text.Append(next(i));
            return text.ToString(0, letters);
        }
        yield return ("communiqués", Of(i => texts[i % texts.Count] + "\n"));
        yield return ("communiqués in one line", Of(i => texts[i % texts.Count].ReplaceLineEndings(" ")));
        yield return ("one word", new string('a', letters));
        yield return ("one letter a line", Of(_ => "a\n"));
        yield return ("one letter a sentence", Of(_ => "a. "));
        yield return ("numbers", Of(i => string.Create(CultureInfo.InvariantCulture, $"{i % 31 + 1} janvier {2000 + i % 30}, ")));
        yield return ("weekdays", Of(_ => "mardi mercredi "));
        yield return ("meetings", Of(_ => "M. Hammouchi a reçu mardi l’ambassadeur de Suède. "));
        yield return ("agreements", Of(_ => "Les deux parties ont convenu de créer un groupe, de signer un accord et de former des cadres. "));
        yield return ("verbs of saying without end", Of(_ => "a souligné l’importance de la volonté de signer un accord et "));
        yield return ("brackets", Of(_ => "(«[{"));
        yield return ("Arabic", Of(_ => "واتفق الجانبان على توقيع مذكرة تفاهم، "));
    }

    // The heap as it is seen every few milliseconds.
    sealed class MemoryWatch : IDisposable
    {
        readonly CancellationTokenSource over = new();
        readonly Thread looking;

        public long Most { get; private set; }

        public MemoryWatch()
        {
            looking = new(() =>
            {
                while (!over.IsCancellationRequested)
                {
                    Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: false));
                    Thread.Sleep(2);
                }
            });
            looking.Start();
        }

        public void Dispose()
        {
            over.Cancel();
            looking.Join();
            over.Dispose();
        }
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
