using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Intake;

/// <summary>
/// Texts are read, every proposal is sent on unchanged over HTTP, and each partnership stands afterwards as the texts leave it: the
/// project's own texts as their lists say, and the documents of `SECURITYCOOP_SOURCES` (./test-sources DIR) as their facts.md says.
/// </summary>
public sealed class IntakeStatusTests(TestPostgres postgres)
{
    const string AsOf = "2026-02-01";

    // In the order of the rules: of a partner of several texts the first counts.
    static readonly string[] rules = ["framework-active", "signed", "committed", "intent", "contact"];

    /// <param name="Text">Its communiqué.</param>
    /// <param name="Published">Where the text does not say it.</param>
    sealed record Source(string Name, string Text, string? Published);

    [Fact(Timeout = 240_000)]
    public async Task Every_proposal_sent_on_unchanged_leaves_the_partnerships_as_the_texts_do()
    {
        var (texts, expected) = Own();
        expected.Count.ShouldBeGreaterThan(8);
        (await Statuses(texts, expected.Keys)).ShouldBe(expected);
        if (Environment.GetEnvironmentVariable("SECURITYCOOP_SOURCES") is not { Length: > 0 } folder) return;
        (texts, expected) = Given(folder);
        expected.Count.ShouldBeGreaterThan(0);
        (await Statuses(texts, expected.Keys)).ShouldBe(expected);
    }

    // Of texts about one meeting with one partner, so that the list says whose each statement is.
    static (IReadOnlyList<Source>, SortedDictionary<string, string>) Own()
    {
        var (texts, expected) = (new List<Source>(), new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Intake"), "*.gold").Order(StringComparer.Ordinal))
        {
            var lines = File.ReadAllLines(file).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(l => l.Length > 1).ToList();
            if (lines.Where(l => l[0] == "meeting").ToList() is not [[_, "held", var partner, ..]]
                || partner.Contains('+', StringComparison.Ordinal)) continue;
            texts.Add(new(Path.GetFileNameWithoutExtension(file), File.ReadAllText(Path.ChangeExtension(file, ".txt")),
                lines.Find(l => l[0] == "published")?[1]));
            var status = lines.Select(l => Follows(l)).Append("contact").MinBy(s => Array.IndexOf(rules, s))!;
            if (!expected.TryGetValue(partner, out var before) || Array.IndexOf(rules, status) < Array.IndexOf(rules, before))
                expected[partner] = status;
        }
        return (texts, expected);
    }

    // docs/model.md: what a line of a list makes of a partnership.
    static string Follows(string[] line) => line switch
    {
        ["act", _, "entered-into-force", ..] => "framework-active",
        ["act", _, "signed", ..] => "signed",
        ["say", .., "~"] => "contact",
        ["say", _, "A", ..] or ["say", _, "M", "joint", ..] => "committed",
        ["say", _, "I", var speaker, ..] when speaker != "home" => "intent",
        _ => "contact",
    };

    static (IReadOnlyList<Source>, SortedDictionary<string, string>) Given(string folder)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var table = File.ReadAllLines(Path.Combine(folder, "facts.md"))
            .SkipWhile(l => !l.StartsWith("| Partner | Status", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'));
        foreach (var row in table.Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries))) expected[row[0]] = row[1];
        return ([.. Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal)
            .Select(f => new Source(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f), null))], expected);
    }

    // On a host of its own.
    async Task<SortedDictionary<string, string>> Statuses(IReadOnlyList<Source> texts, IEnumerable<string> partners)
    {
        await using var host = new HostFixture(postgres);
        host.Settings["Register:RequestsPerSecond"] = "0";
        await host.InitializeAsync();
        foreach (var text in texts) await Record(host.Http, text);
        var statuses = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var partner in partners)
            statuses[partner] = (await host.Http.Read($"/api/partnerships/{partner}?asOf={AsOf}")).Json.GetProperty("status").GetString()!;
        return statuses;
    }

    static async Task Record(HttpClient http, Source source)
    {
        var (_, document) = await Sent((await Proposed(null)).GetProperty("source").GetProperty("command"));
        for (var i = 0; ; i++)
        {
            // Each time again: what was just recorded may be what the next one resembles.
            var read = await Proposed(document);
            var meetings = read.GetProperty("meetings");
            if (i == meetings.GetArrayLength())
            {
                foreach (var act in read.GetProperty("acts").EnumerateArray()) await Sent(act.GetProperty("command"));
                return;
            }
            if (meetings[i].TryGetProperty("furtherSource", out var further))
                foreach (var command in further.GetProperty("commands").EnumerateArray()) await Sent(command);
            else await Sent(meetings[i].GetProperty("command"));
        }

        async Task<JsonElement> Proposed(string? document) => (await http.Record("/api/intake",
            JsonSerializer.Serialize(new { communique = source.Text, marking = "open", date = source.Published, document }))).Json;

        async Task<(Answer, string)> Sent(JsonElement command)
        {
            var answer = await http.Command(command.GetProperty("post").GetString()!, command.GetProperty("body").GetRawText());
            ((int)answer.Status).ShouldBeInRange(200, 299, $"{source.Name}: {answer.Text}\n{command}");
            return (answer, answer.Reference!);
        }
    }
}
