using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Intake.Tests.Scoring;

namespace SecurityCoop.Intake.Tests;

/// <summary>One sentence with the forces and topics that it has.</summary>
/// <param name="Forces">In order; empty: it says nothing that is recorded.</param>
public sealed record Phrase(string Language, string Forces, string Topics, string Sentence)
{
    static readonly Dictionary<string, string> meetings = new(StringComparer.Ordinal)
    {
        ["fr"] = "M. Abdellatif Hammouchi a reçu mardi à Rabat l’ambassadeur de Suède au Maroc.",
        ["en"] = "Abdellatif Hammouchi received on Tuesday in Rabat the ambassador of Sweden to Morocco.",
        ["ar"] = "استقبل السيد عبد اللطيف حموشي، اليوم الثلاثاء بالرباط، سفير السويد بالمغرب.",
    };

    /// <summary>Every line of Phrases/fr.txt, en.txt and ar.txt.</summary>
    public static List<Phrase> All() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Phrases"), "*.txt").Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|', StringSplitOptions.TrimEntries))
                .Select(l => new Phrase(Path.GetFileNameWithoutExtension(file), l[0] == "-" ? "" : l[0], l[1] == "-" ? "" : l[1], l[2])))];

    /// <summary>What is read from it behind a sentence that tells of a meeting; null where that is right.</summary>
    public string? Error(IntakeReader reader)
    {
        var text = meetings[Language] + "\n" + Sentence;
        var read = reader.Read(text);
        var said = read.Statements.Where(s => s.Sentences.Any(i => read.Sentences[i].Paragraph == 2)).ToList();
        var forces = string.Join(' ', said.Select(s => Letter(s.Force.Value)));
        var topics = string.Join(',', said.SelectMany(s => s.Topics).Select(t => t.Value).Distinct().Order(StringComparer.Ordinal));
        if (said.Exists(s => s.Formulaic)) forces += " ~";
        var wanted = string.Join(',', Topics.Split(',').Order(StringComparer.Ordinal));
        // Of an agreement the framework may be named beside what it is about.
        if (Forces is "M" or "N" && wanted == "LEG") wanted = topics = topics.Split(',').Contains("LEG") ? "" : "no LEG";
        return forces == Forces && topics == wanted ? null : $"{Language} '{forces}' {topics}, not '{Forces}' {wanted}: {Sentence}";
    }

    static string Letter(Register.Meetings.Force force) =>
        new[] { "D", "I", "A", "M", "P", "O", "N" }.Single(l => GoldText.ForceOf(l) == force);
}
