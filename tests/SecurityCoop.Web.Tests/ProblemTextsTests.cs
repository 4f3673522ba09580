using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>
/// Every refusal must have words. The slugs are looked for in the source files themselves, since a slug without words would show only to the
/// person who is refused.
/// </summary>
public sealed partial class ProblemTextsTests
{
    static readonly Dictionary<string, ProblemText> texts = Read();
    static readonly List<Call> calls = Find();

    /// <param name="Args">How many arguments the call gives; null where it is not a refusal.</param>
    sealed record Call(string Slug, int? Args, string Where);

    [Fact]
    public void Every_slug_in_the_source_has_a_title_in_three_languages()
    {
        calls.Count.ShouldBeGreaterThan(80, "the search must find the refusals of the model and of the host");
        foreach (var call in calls) texts.ShouldContainKey(call.Slug, call.Where);
        foreach (var (slug, text) in texts) Languages(text.Title).ShouldAllBe(t => !string.IsNullOrWhiteSpace(t), slug);
    }

    [Fact]
    public void No_words_are_kept_for_a_slug_that_nothing_says() =>
        texts.Keys.Except(calls.Select(c => c.Slug)).ShouldBeEmpty();

    [Fact]
    public void A_detail_names_only_arguments_that_every_call_gives()
    {
        foreach (var call in calls)
            if (texts.GetValueOrDefault(call.Slug)?.Detail is { } detail && call.Args is { } given)
                foreach (var text in Languages(detail))
                    Places(text).ShouldAllBe(n => n < given, $"{call.Slug} at {call.Where}: {text}");
    }

    [Fact]
    public void The_three_languages_name_the_same_arguments()
    {
        foreach (var (slug, text) in texts.Where(t => t.Value.Detail is not null))
        {
            Places(text.Detail!.En).ShouldBe(Places(text.Detail.Fr), ignoreOrder: true, slug);
            Places(text.Detail.Ar).ShouldBe(Places(text.Detail.Fr), ignoreOrder: true, slug);
        }
    }

    [Fact]
    public void Arabic_text_is_in_Arabic_script_and_French_and_English_are_not()
    {
        foreach (var (slug, text) in texts)
            foreach (var label in new[] { text.Title, text.Detail }.OfType<Label>())
            {
                label.Ar.Count(IsArabic).ShouldBeGreaterThan(3, slug);
                // Codes and names of headers stay as they are, in every language.
                foreach (var word in Latin().Matches(label.Ar).Select(m => m.Value)) label.En.ShouldContain(word, Case.Sensitive, slug);
                (label.Fr + label.En).ShouldNotContain(c => IsArabic(c), slug);
            }
    }

    [Fact]
    public void Every_status_is_one_that_the_interface_describes() =>
        texts.Values.Select(t => t.Status).Distinct().ShouldBeSubsetOf([400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503]);

    static bool IsArabic(char c) => c is >= '\u0600' and <= '\u06ff';

    static string[] Languages(Label label) => [label.Fr, label.En, label.Ar];

    static HashSet<int> Places(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value[0] - '0')];

    static Dictionary<string, ProblemText> Read()
    {
        using var file = typeof(ProblemText).Assembly.GetManifestResourceStream("problems.json")!;
        return JsonSerializer.Deserialize(file, BodiesJson.Of<Dictionary<string, ProblemText>>())!;
    }

    static List<Call> Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SecurityCoop.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not below the solution's folder.");
        var found = new List<Call>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "src"), "*.cs", SearchOption.AllDirectories).Where(p => !p.Contains("/obj/", StringComparison.Ordinal)))
        {
            var source = File.ReadAllText(path);
            foreach (var m in Refused().Matches(source).AsEnumerable()) found.Add(new(m.Groups["slug"].Value, Arguments(source, m.Index + m.Length), Where(m)));
            if (path.Contains("SecurityCoop.Web", StringComparison.Ordinal))
                foreach (var m in Thrown().Matches(source).AsEnumerable()) found.Add(new(m.Groups["slug"].Value, null, Where(m)));
            string Where(Match m) => FormattableString.Invariant($"{Path.GetFileName(path)}:{source.AsSpan(0, m.Index).Count('\n') + 1}");
        }
        return found;
    }

    // Counts what follows the slug up to the bracket that closes the call.
    static int? Arguments(string source, int from)
    {
        var (depth, count, text) = (0, 0, false);
        for (var i = from; i < source.Length; i++)
        {
            var c = source[i];
            if (c == '"') text = !text;
            else if (text) continue;
            else if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}' && --depth < 0) return count;
            else if (c == ',' && depth == 0) count++;
        }
        return null;
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Latin();

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"Refusal\.(?:Because\(|OfField\([^;]*?,)\s*""(?<slug>[a-z]+(?:-[a-z]+)*)""")]
    private static partial Regex Refused();

    // What the host itself answers with: a row of Problems.Of, a row by status, or a direct call.
    [GeneratedRegex(@"(?:=> \(|: \(|\? \(|\d{3} => |(?:Problems\.Write|Refuse)\([^;]*?,\s*)""(?<slug>[a-z]+(?:-[a-z]+)*)""")]
    private static partial Regex Thrown();
}
