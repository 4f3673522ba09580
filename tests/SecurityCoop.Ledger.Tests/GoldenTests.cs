using System.Text;
using System.Text.Json;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

/// <summary>One file an event version, with every field filled once. Never edited once released: stored events look like this for ever.</summary>
public sealed class GoldenTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string, int> Events() => [.. LedgerEvents.All.Select(e => (e.Name, e.Schema))];

    [Theory, MemberData(nameof(Events))]
    public void An_event_is_read_from_its_golden_file_and_written_again_byte_for_byte(string name, int schema)
    {
        var json = LedgerEvents.All.Single(e => e.Name == name).Json;
        var golden = File.ReadAllBytes(Path.Combine(Folder, $"{name}.v{schema}.json"));
        var read = JsonSerializer.Deserialize(golden, json)!;
        Encoding.UTF8.GetString([.. JsonSerializer.SerializeToUtf8Bytes(read, json), (byte)'\n']).Replace("\\u002B", "+", StringComparison.Ordinal)
            .ShouldBe(Encoding.UTF8.GetString(golden), "but for the escaping, which the canonical form undoes");
        json.Properties.Select(p => p.Name).ShouldBe(JsonDocument.Parse(golden).RootElement.EnumerateObject().Select(p => p.Name), "every field is filled");
    }

    [Fact]
    public void No_golden_file_is_left_without_its_event() =>
        Directory.GetFiles(Folder).Select(Path.GetFileName).Order().ShouldBe(LedgerEvents.All.Select(e => $"{e.Name}.v{e.Schema}.json").Order());
}
