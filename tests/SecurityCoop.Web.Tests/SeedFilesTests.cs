using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>
/// What must be true of the seed files before any server sees them. That their digests are those of the documents is checked by
/// seeds/check.py, by whoever holds the documents.
/// </summary>
public partial class SeedFilesTests
{
    static readonly HashSet<string> dates = ["date", "on", "from", "until", "due", "expected", "published", "reviewOn"];
    static readonly List<(string File, JsonElement Root)> files = Read();
    static readonly List<JsonElement> commands = [.. files.SelectMany(f => f.Root.GetProperty("commands").EnumerateArray())];

    [Fact]
    public void There_is_one_file_a_document_and_it_bears_its_name()
    {
        files.Count.ShouldBe(5);
        foreach (var (file, root) in files)
            root.GetProperty("document").GetString().ShouldBe(Path.GetFileNameWithoutExtension(file));
    }

    [Fact]
    public void Every_command_has_the_fields_of_the_format_and_no_other()
    {
        foreach (var command in commands)
        {
            command.EnumerateObject().Select(p => p.Name).Where(n => n != "as").ShouldBe(["key", "post", "body"], Key(command));
            command.GetProperty("post").GetString()!.ShouldStartWith("/api/");
            command.GetProperty("body").GetProperty("marking").GetString().ShouldBe("open", Key(command));
        }
    }

    [Fact]
    public void Keys_are_unique_over_all_files_and_begin_with_their_documents_number()
    {
        commands.Select(Key).ShouldBeUnique();
        foreach (var (file, root) in files)
            foreach (var command in root.GetProperty("commands").EnumerateArray())
            {
                Key(command).ShouldStartWith($"{Path.GetFileName(file)[..3]}/");
                Key(command).Length.ShouldBeLessThanOrEqualTo(200);
            }
    }

    [Fact]
    public void Every_name_is_given_once_and_before_it_is_used()
    {
        var given = new HashSet<string>();
        foreach (var command in commands)
        {
            var used = Values(command.GetProperty("body")).Select(v => Text(v.Value)).OfType<string>().Where(s => s.StartsWith('@'))
                .Concat(command.GetProperty("post").GetString()!.Split('/').Where(s => s.StartsWith('@')));
            foreach (var name in used)
                given.ShouldContain(name, Key(command));
            if (command.TryGetProperty("as", out var made))
            {
                made.GetString()!.ShouldMatch("^@[a-z0-9-]+$");
                given.Add(made.GetString()!).ShouldBeTrue($"{Key(command)}: {made} is given twice");
            }
        }
    }

    [Fact]
    public void Every_digest_is_64_lower_case_hex_digits()
    {
        var digests = commands.SelectMany(c => Values(c)).Where(v => v.Name == "sha256").ToList();
        digests.ShouldNotBeEmpty();
        foreach (var (_, value) in digests)
            Hex64().IsMatch(Text(value) ?? "").ShouldBeTrue($"{value}");
    }

    [Fact]
    public void Every_meeting_and_every_statement_says_where_it_stands_in_its_document()
    {
        var facts = commands.Where(c => c.GetProperty("post").GetString() == "/api/meetings").Select(c => c.GetProperty("body"))
            .SelectMany(b => b.GetProperty("statements").EnumerateArray().Prepend(b)).ToList();
        facts.ShouldNotBeEmpty();
        foreach (var fact in facts)
        {
            fact.GetProperty("source").GetArrayLength().ShouldBeGreaterThan(0);
            foreach (var locator in fact.GetProperty("source").EnumerateArray())
            {
                locator.EnumerateObject().Select(p => p.Name).ShouldBe(["document", "paragraph", "sentence", "sha256"]);
                locator.GetProperty("document").GetString()!.ShouldStartWith("@doc-");
                locator.GetProperty("paragraph").GetInt32().ShouldBeGreaterThan(0);
                locator.GetProperty("sentence").GetInt32().ShouldBeGreaterThan(0);
            }
        }
    }

    [Fact]
    public void Every_date_is_EDTF_or_the_empty_string()
    {
        var given = commands.SelectMany(c => Values(c.GetProperty("body"))).Where(v => dates.Contains(v.Name)).ToList();
        given.ShouldNotBeEmpty();
        foreach (var (name, value) in given)
            Edtf.TryParse(Text(value) ?? "not a string", out _, out _).ShouldBeTrue($"{name}: {value}");
    }

    [Fact]
    public void No_text_is_longer_than_160_characters()
    {
        foreach (var command in commands)
            foreach (var (name, value) in Values(command))
                (Text(value) ?? "").Length.ShouldBeLessThanOrEqualTo(160, $"{Key(command)}: {name}");
    }

    [Fact]
    public void Denmarks_fourth_statement_agrees_an_action_and_its_fifth_plans_an_undated_memorandum()
    {
        var statements = commands.Single(c => Key(c) == "001/meeting-dk").GetProperty("body").GetProperty("statements");
        statements[3].GetProperty("force").GetString().ShouldBe("agreed-action");
        statements[3].GetProperty("action").GetProperty("owedBy").GetString().ShouldBe("both");
        statements[4].GetProperty("force").GetString().ShouldBe("planned-instrument");
        var instrument = statements[4].GetProperty("instrument");
        instrument.GetProperty("expected").GetString().ShouldBe("");
        instrument.GetProperty("expectedAsGiven").GetString().ShouldBe("prochainement");
    }

    static List<(string, JsonElement)> Read()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above the tests.");
        var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
        return [.. Directory.GetFiles(Path.Combine(root.FullName, "seeds"), "*.json").Order(StringComparer.Ordinal)
            .Select(f => (f, JsonDocument.Parse(File.ReadAllBytes(f), strict).RootElement))];
    }

    static string Key(JsonElement command) => command.GetProperty("key").GetString()!;

    static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Every value below one, with the name of the property it stands in; an array's elements stand in the array's.</summary>
    static IEnumerable<(string Name, JsonElement Value)> Values(JsonElement value, string name = "") => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Values(p.Value, p.Name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(v => Values(v, name)),
        _ => [(name, value)],
    };

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hex64();
}
