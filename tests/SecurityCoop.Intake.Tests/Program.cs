using SecurityCoop.Intake.Tests.Scoring;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SecurityCoop.Intake.Tests;

internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["sources", var folder, var root] => Sources.Run(Reader(), folder, root),
        ["texts"] => Texts(),
        ["phrases"] => Phrases(),
        ["show", var file] => Show(file),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };

    // What is read from one text, sentence by sentence.
    private static int Show(string file)
    {
        var text = File.ReadAllText(file);
        var read = Reader().Read(text);
        Console.WriteLine($"{read.Source.Language.Value} {read.Source.Published.Value.Text} {read.Source.Publisher.Value}");
        foreach (var m in read.Meetings)
            Console.WriteLine($"{m.State} {string.Join('+', m.Partners.Value)} {m.Kind.Value} '{m.Date.Value.Text}' ({m.DateAsGiven}) {m.Place.Value} home={m.HomeOrganisation.Value}\n  " + string.Join("\n  ",
                m.Home.Concat(m.PartnerSide).Select(p => $"{p.Partner ?? "home"}: {p.Name} | {p.Title} | {p.Organisation} | {p.Description}")));
        foreach (var s in read.Sentences)
        {
            Console.WriteLine($"{s.Paragraph}.{s.Number} {s.Span.Of(text)}");
            if (Environment.GetEnvironmentVariable("FOUND") is { } found)
            {
                var words = new Reading.SentenceReading(text, s, SecurityCoop.Intake.Text.Token.Of(text, s.Span), Lexicons.Lexicon.Default,
                    read.Source.Language.Value);
                Console.WriteLine("      " + string.Join("; ", words.Found.Where(f => f.Key.StartsWith(found, StringComparison.Ordinal))
                    .Select(f => $"{f.Key}:{words.Text(f.Start, f.End)}")));
            }
            foreach (var p in read.Statements.Where(p => p.Sentences.Contains(s.Index)))
                Console.WriteLine($"    {p.Force.Value} {p.Speaker.Value} {string.Join(',', p.Topics.Select(t => t.Value))}{(p.Formulaic ? " ~" : "")} m={string.Join(',', p.Meetings)} [{string.Join("|", p.Force.Because.Select(b => b.Of(text)))}] due={p.Action?.DueAsGiven ?? p.Instrument?.ExpectedAsGiven} {p.Instrument?.Kind.Value}");
        }
        foreach (var a in read.Acts) Console.WriteLine($"act {a.Kind.Value} {a.Act} {a.On.Value.Text}");
        foreach (var o in read.Occasions) Console.WriteLine($"occasion {o.What} {o.Date.Value.Text}");
        foreach (var n in read.Notes) Console.WriteLine($"note {n.Code} {string.Join("|", n.About.Select(b => b.Of(text)))}");
        return 0;
    }

    // With the lists of a folder while they are written, without a build for each line.
    private static IntakeReader Reader() => Environment.GetEnvironmentVariable("LEXICONS") is not { Length: > 0 } folder ? IntakeReader.Default
        : new(Lexicons.Lexicon.Of(Directory.GetFiles(folder, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (File.ReadAllText(f), Path.GetRelativePath(folder, Path.GetDirectoryName(f)!) is var language and not "." ? language : null))));

    private static int Phrases()
    {
        var (reader, phrases) = (Reader(), Phrase.All());
        var errors = phrases.Select(p => p.Error(reader)).OfType<string>().ToList();
        foreach (var error in errors) Console.WriteLine(error);
        Console.WriteLine($"{phrases.Count - errors.Count} of {phrases.Count} right");
        return 0;
    }

    // The project's own texts: figures and errors.
    private static int Texts()
    {
        var score = OwnTexts.Scored(Reader());
        foreach (var (name, count) in score.All) Console.WriteLine($"{name,-12} {count}");
        foreach (var error in score.Errors) Console.WriteLine(error);
        return 0;
    }
}
