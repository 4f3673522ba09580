using System.Text.Json;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Tests.Scoring;

/// <summary>
/// The register's first five documents, which stay outside the project: their texts and facts.md from a folder, and from the seeds the
/// places at which each statement is found.
/// </summary>
public static class Sources
{
    /// <summary>Prints the figures and the errors; 0 where the targets of issue 16 are met, 1 where one is not, 2 where a file is
    /// missing.</summary>
    public static int Run(IntakeReader reader, string folder, string root)
    {
        var facts = Path.Combine(folder, "facts.md");
        if (!File.Exists(facts))
        {
            Console.Error.WriteLine($"{facts} is missing.");
            return 2;
        }
        var tables = File.ReadAllLines(facts).Where(l => l.StartsWith('|'))
            .Select(l => l.Trim('|').Split('|').Select(c => c.Replace("**", "", StringComparison.Ordinal).Trim()).ToArray()).ToList();
        var score = new Score(reader);
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            var gold = Gold(file, tables, Path.Combine(root, "seeds", Path.ChangeExtension(Path.GetFileName(file), ".json")));
            CheckDigests(gold, score, Path.Combine(root, "seeds", Path.ChangeExtension(Path.GetFileName(file), ".json")));
            score.Add(gold);
        }
        foreach (var (name, count) in score.All) Console.WriteLine($"{name,-12} {count}");
        Console.WriteLine();
        foreach (var error in score.Errors) Console.WriteLine(error);
        return score.Meetings.F1 < 1 || score.Partners.F1 < 1 || score.Dates.F1 < 1 || score.Commitments.F1 < 1 || score.Force.Recall < 0.9
            || score.Topics.F1 < 0.85 || score.SetPhrases.F1 < 0.9 ? 1 : 0;
    }

    static GoldText Gold(string file, List<string[]> tables, string seed)
    {
        var document = Path.GetFileName(file)[..3];
        var commands = JsonDocument.Parse(File.ReadAllText(seed)).RootElement.GetProperty("commands").EnumerateArray()
            .Where(c => c.GetProperty("post").GetString() == "/api/meetings").ToList();
        var (meetings, statements) = (new List<GoldMeeting>(), new List<GoldStatement>());
        foreach (var row in tables.Where(r => r[0].StartsWith(document + "-", StringComparison.Ordinal)))
        {
            var prefix = row[0][4..];
            var command = commands.Single(c => c.GetProperty("key")
                .GetString()!.EndsWith("-" + prefix.ToLowerInvariant(), StringComparison.Ordinal)).GetProperty("body");
            var partner = new string([.. prefix.TakeWhile(char.IsLetter)]);
            var date = row[2] == "same" ? meetings[^1].Date : row[2].Split(' ', '(')[0] is "unknown" ? "" : row[2].Split(' ')[0];
            var people = command.GetProperty("home").EnumerateArray().Concat(command.GetProperty("partnerSide").EnumerateArray())
                .Where(p => p.TryGetProperty("person", out _)).Select(p => p.GetProperty("person").GetString()!.TrimStart('@')
                .Replace('-', '_'));
            meetings.Add(new("held", [partner], date, row[4], [.. people]));
            var keys = tables.Where(r => r[0].StartsWith(prefix + ".", StringComparison.Ordinal))
                .Concat(tables.Where(r => r[0].StartsWith(document + ".", StringComparison.Ordinal)));
            foreach (var (told, at) in keys.Zip(command.GetProperty("statements").EnumerateArray()))
            {
                if (statements.Exists(s => s.Key == told[0])) continue;
                var words = told[1].Split(' ');
                var force = GoldText.ForceOf(words[0]);
                var speaker = words.Contains("partner") ? partner : words.Contains("home") ? Statements.Home : words.Contains("joint")
                    || force == Force.Discussed ? Statements.Joint : Statements.Home;
                statements.Add(new(told[0], [.. at.GetProperty("source").EnumerateArray()
                    .Select(l => (l.GetProperty("paragraph").GetInt32(), l.GetProperty("sentence").GetInt32()))], force, speaker,
                    told[2] == "–" ? [] : told[2].Split(' '), words.Contains("~")));
            }
        }
        return new(document, File.ReadAllText(file), new(), meetings, statements, []);
    }

    // Every locator of the seeds must be a sentence as this reader counts them.
    static void CheckDigests(GoldText gold, Score score, string seed)
    {
        var read = IntakeReader.Default.Read(gold.Text).Sentences.ToDictionary(s => (s.Paragraph, s.Number), s => s.Sha256);
        void Walk(JsonElement json)
        {
            if (json.ValueKind == JsonValueKind.Array) foreach (var item in json.EnumerateArray()) Walk(item);
            if (json.ValueKind != JsonValueKind.Object) return;
            if (json.TryGetProperty("paragraph", out var p) && read.GetValueOrDefault((p.GetInt32(), json.GetProperty("sentence")
                .GetInt32())) != json.GetProperty("sha256").GetString())
                score.Errors.Add($"{gold.Name}: digest of {p}.{json.GetProperty("sentence")} differs");
            foreach (var property in json.EnumerateObject()) Walk(property.Value);
        }
        Walk(JsonDocument.Parse(File.ReadAllText(seed)).RootElement);
    }
}
