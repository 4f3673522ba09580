using SecurityCoop.Intake.Tests.Scoring;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>The project's own texts with their gold lists, in three languages, with the traps of issue 16.</summary>
public class OwnTexts
{
    internal static List<GoldText> All() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Texts"), "*.txt").Order(StringComparer.Ordinal).Select(GoldText.Load)];

    internal static Score Scored()
    {
        var score = new Score();
        foreach (var text in All()) score.Add(text);
        return score;
    }
}
