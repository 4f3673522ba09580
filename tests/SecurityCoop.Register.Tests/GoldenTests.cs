using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests;

/// <summary>One file an event version, with every field filled once. Never edited once released: stored events look like this for ever.</summary>
public partial class GoldenTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string, int> Events() => [.. EventTypes.All.Select(e => (e.Name, e.Schema))];

    static JsonTypeInfo Json(string name) => RegisterJson.Options.GetTypeInfo(EventTypes.All.Single(e => e.Name == name).Type).ShouldNotBeNull();

    /// <summary>Every version that was ever stored, the newest among them.</summary>
    public static TheoryData<string, int> Versions() => [.. EventTypes.All.SelectMany(e => Enumerable.Range(1, e.Schema).Select(schema => (e.Name, schema)))];

    [Theory, MemberData(nameof(Versions))]
    public void An_event_is_read_from_its_golden_file_and_written_again_byte_for_byte(string name, int schema)
    {
        var json = Json(name);
        var golden = File.ReadAllBytes(Path.Combine(Folder, $"{name}.v{schema}.json"));
        var read = JsonSerializer.Deserialize(golden, json)!;
        Encoding.UTF8.GetString([.. JsonSerializer.SerializeToUtf8Bytes(read, json), (byte)'\n']).ShouldBe(Encoding.UTF8.GetString(golden));
    }

    [Theory, MemberData(nameof(Events))]
    public void The_newest_golden_file_fills_every_field(string name, int schema)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.v{schema}.json")));
        Missing(golden.RootElement, Json(name), name).ShouldBeEmpty();
    }

    static IEnumerable<string> Missing(JsonElement value, JsonTypeInfo type, string at) => type.Kind switch
    {
        JsonTypeInfoKind.Object => type.Properties.SelectMany(p => value.TryGetProperty(p.Name, out var field) && field.ValueKind != JsonValueKind.Null
            ? Missing(field, RegisterJson.Options.GetTypeInfo(p.PropertyType)!, $"{at}.{p.Name}")
            : [$"{at}.{p.Name}"]),
        JsonTypeInfoKind.Enumerable => value.GetArrayLength() == 0 ? [at] : Missing(value[0], RegisterJson.Options.GetTypeInfo(type.ElementType!)!, $"{at}[0]"),
        _ => [],
    };

    [Fact]
    public void No_golden_file_is_left_without_its_event() =>
        Directory.GetFiles(Folder).Select(Path.GetFileName).Order().ShouldBe(EventTypes.All.SelectMany(e => Enumerable.Range(1, e.Schema).Select(schema => $"{e.Name}.v{schema}.json")).Order());

    [Fact]
    public void A_wire_name_is_the_stream_and_the_event_in_snake_case()
    {
        foreach (var (name, _, type) in EventTypes.All)
        {
            Snake().Replace(type.Name, "_$0").TrimStart('_').ToLowerInvariant().ShouldBe(name);
            string[] streams = ["access", "action", "instrument", "meeting", "occasion", "opening", "organisation", "partnership", "person", "source", "user"];
            streams.ShouldContain(name[..name.IndexOf('_', StringComparison.Ordinal)]);
        }
        EventTypes.All.Select(e => e.Name).ShouldBeUnique();
    }

    [Fact]
    public void A_protected_value_is_written_as_its_marker_and_never_printed()
    {
        var value = new Sensitive("person-1", "a name");
        JsonSerializer.Serialize(new People.PersonDescribed(value), RegisterJson.Of<People.PersonDescribed>())
            .ShouldBe("""{"name":{"$protected":{"subject":"person-1","value":"a name"}}}""");
        value.ToString().ShouldNotContain("a name");
        JsonSerializer.Deserialize("""{"name":null,"script":"Latn"}""", RegisterJson.Of<People.PersonDescribed>()).ShouldBe(new(null, "Latn"));
    }

    [Theory]
    [InlineData("""{"kind":"signed","on":"2024-13"}""")]
    [InlineData("""{"kind":"signed","on":"2024","colour":"red"}""")]
    [InlineData("""{"kind":"Signed","on":"2024"}""")]
    [InlineData("""{"kind":8,"on":"2024"}""")]
    [InlineData("""{"kind":"signed, ratified","on":"2024"}""")]
    [InlineData("""{"on":"2024"}""")]
    public void What_does_not_fit_an_event_is_not_read(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, RegisterJson.Of<Instruments.InstrumentActRecorded>()));

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Snake();
}
