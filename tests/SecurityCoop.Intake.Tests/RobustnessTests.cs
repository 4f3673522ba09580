using System.Text;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>Any text is read, whatever it holds, in bounded time. Alone, since it measures what this process works.</summary>
[Collection(nameof(RobustnessTests))]
[CollectionDefinition(nameof(RobustnessTests), DisableParallelization = true)]
public class RobustnessTests
{
    const int Texts = 10_000, Seed = 16;

    static readonly string[] shreds =
    [
        "Hammouchi", "a reçu", "les ambassadeurs", "d’Espagne", "et", "convenu de", "signer", "un mémorandum", "mardi", "2026-01-21",
            "date ", "\n", ". ", ", ", "«", "»", "(", "\u200f", "\0", "\ud800",
        "اتفق الجانبان", "على", "سفير", "ال", "و", "ب", "ٱ", "ــ", "the two sides", "agreed to", "did not", "30 février", "31/02/2025",
            "du", "au", "12", "9999", "0000", "M.", "👮", "é\u0301", "ﷺ", "\t", "\ufeff", "...", "?!",
    ];

    static string Mutilated(Random chance, List<string> own)
    {
        var text = new StringBuilder(own[chance.Next(own.Count)]);
        if (chance.Next(3) == 0) text.Length = chance.Next(text.Length);
        // A window of it, so that ten thousand stay cheap.
        if (text.Length > 300)
        {
            text.Remove(0, chance.Next(text.Length - 300));
            text.Length = 300;
        }
        for (var i = chance.Next(12); i > 0; i--)
            switch (chance.Next(4))
            {
                case 0: text.Insert(chance.Next(text.Length + 1), shreds[chance.Next(shreds.Length)]); break;
                case 1 when text.Length > 8: text.Remove(chance.Next(text.Length - 8), chance.Next(8)); break;
                case 2 when text.Length > 0: text[chance.Next(text.Length)] = (char)chance.Next(0x20, 0xd7ff); break;
                default: text.Append(shreds[chance.Next(shreds.Length)]); break;
            }
        return text.ToString();
    }

    [Fact]
    public void Ten_thousand_generated_and_mutilated_texts_bring_no_exception()
    {
        var chance = new Random(Seed);
        var own = OwnTexts.All().Select(t => t.Text).ToList();
        for (var i = 0; i < Texts; i++)
        {
            var text = chance.Next(4) == 0 ? string.Join(chance.Next(2) == 0 ? " " : "", Enumerable.Range(0, chance.Next(30))
                .Select(_ => shreds[chance.Next(shreds.Length)])) : Mutilated(chance, own);
            IntakeProposal read;
            try { read = IntakeReader.Default.Read(text); }
            catch (Exception e) { throw new InvalidOperationException($"Text {i}: {text}", e); }
            foreach (var s in read.Statements) s.Sentences.ShouldAllBe(n => n < read.Sentences.Count);
            foreach (var s in read.Statements) s.Meetings.ShouldAllBe(n => n < read.Meetings.Count);
        }
    }

    [Theory]
    [InlineData("article")]
    [InlineData("one-sentence")]
    [InlineData("weekdays")]
    [InlineData("no-spaces")]
    [InlineData("arabic")]
    [InlineData("full-stops")]
    [InlineData("meetings")]
    public void A_megabyte_of_any_text_is_read_in_five_seconds(string kind)
    {
        var piece = kind switch
        {
            "article" => string.Join('\n', OwnTexts.All().Select(t => t.Text)), "one-sentence" =>
                "les deux parties ont convenu de signer un accord de coopération avec l’Espagne et ",
            "weekdays" => "mardi et lundi 12 du ", "no-spaces" => "a", "arabic" => "واتفق الجانبان على تبادل المعلومات مع سفير إسبانيا ",
                "full-stops" => ". ",
            _ => "Hammouchi a reçu mardi 3 juin 2025 à Rabat l’ambassadeur d’Espagne, et ils ont convenu de créer un comité.\n",
        };
        var text = new StringBuilder();
        while (text.Length < 1_000_000) text.Append(piece);
        // Of the processor, so that a busy machine is no slow reader.
        var before = Environment.CpuUsage.TotalTime;
        IntakeReader.Default.Read(text.ToString());
        (Environment.CpuUsage.TotalTime - before).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_same_text_gives_the_same_proposal()
    {
        foreach (var text in OwnTexts.All())
            Json(IntakeReader.Default.Read(text.Text)).ShouldBe(Json(IntakeReader.Default.Read(text.Text)));

        static string Json(IntakeProposal read) => System.Text.Json.JsonSerializer.Serialize(read);
    }
}
