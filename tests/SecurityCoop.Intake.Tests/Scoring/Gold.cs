using System.Globalization;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake.Tests.Scoring;

/// <summary>A meeting that a text tells of, as somebody who read it says.</summary>
/// <param name="People">Family names, or other words of names, of those who are named.</param>
public sealed record GoldMeeting(string State, IReadOnlyList<string> Partners, string Date, string Kind, IReadOnlyList<string> People);

/// <param name="At">Paragraphs and sentences.</param>
public sealed record GoldStatement(string Key, IReadOnlyList<(int Paragraph, int Sentence)> At, Force Force, string Speaker,
    IReadOnlyList<string> Topics, bool Formulaic);

/// <summary>A text with what is to be read from it.</summary>
/// <param name="Acts">Instrument kinds with the acts that are reported as done: "mou signed 2019".</param>
public sealed record GoldText(string Name, string Text, KnownOfText Known, IReadOnlyList<GoldMeeting> Meetings,
    IReadOnlyList<GoldStatement> Statements, IReadOnlyList<string> Acts)
{
    /// <summary>Reads a text and its list: NAME.txt and NAME.gold, of which each line is one fact (Texts/README.md).</summary>
    public static GoldText Load(string textFile)
    {
        var (known, meetings, statements, acts) = (new KnownOfText(), new List<GoldMeeting>(), new List<GoldStatement>(),
            new List<string>());
        foreach (var line in File.ReadAllLines(Path.ChangeExtension(textFile, ".gold")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words[0])
            {
                case "published": known = known with { Published = Edtf.Parse(words[1]) }; break;
                case "meeting": meetings.Add(new(words[1], words[2].Split('+'), words[3] == "-" ? "" : words[3], words[4],
                    words[5..])); break;
                case "act": acts.Add(string.Join(' ', words[1..])); break;
                case "say": statements.Add(Statement(words)); break;
                default: throw new FormatException($"{textFile}: {line}");
            }
        }
        return new(Path.GetFileNameWithoutExtension(textFile), File.ReadAllText(textFile), known, meetings, statements, acts);
    }

    static GoldStatement Statement(string[] words) => new(words[1], At(words[1]), ForceOf(words[2]), words[3], words[4] == "-" ? []
        : words[4].Split(','), words is [.., "~"]);

    internal static List<(int, int)> At(string places) =>
        [.. places.Split('+').Select(p => p.Split('.')).Select(p =>
        (int.Parse(p[0], CultureInfo.InvariantCulture), int.Parse(p[1], CultureInfo.InvariantCulture)))];

    internal static Force ForceOf(string letter) => letter switch
    {
        "D" => Force.Discussed, "I" => Force.Intent, "A" => Force.AgreedAction, "M" => Force.PlannedInstrument, "P" => Force.Appreciation,
            "O" => Force.Objection, "N" => Force.Denial,
        _ => throw new FormatException(letter),
    };
}
