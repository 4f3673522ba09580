using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.OwnEngine.Tests;

public sealed record Opened(string Title, string[] Partners);

public sealed record Noted(string Text, int Weight = 0);

public sealed record Described(Secret Name, Secret? Phone);

public sealed record Poisoned(string Why);

/// <summary>By the name that verifiers know.</summary>
public sealed record PersonErased;

/// <summary>A protected value as a model would write it.</summary>
[JsonConverter(typeof(SecretConverter))]
public sealed record Secret(string Subject, string? Value);

public sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new JsonException("Only null is ever stored here.");

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("$protected");
        writer.WriteString("subject", value.Subject);
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

public sealed record Tally(string Title, int Count, int Weight, string Last, string[] Partners);

/// <summary>One row a stream.</summary>
public sealed class TallyView(string definition = "1") : View("tally", definition)
{
    // The ledger's own events are no record of anybody's.
    public override IEnumerable<string> KeysOf(StoredEvent e) => e.Stream.StartsWith("ledger-", StringComparison.Ordinal) ? [] : [e.Stream];

    public override object Evolve(object? row, StoredEvent e)
    {
        var tally = row as Tally ?? new("", 0, 0, "", []);
        tally = tally with { Count = tally.Count + 1 };
        return e.Event switch
        {
            Opened x => tally with { Title = x.Title, Partners = x.Partners },
            Noted x => tally with { Last = x.Text, Weight = tally.Weight + x.Weight },
            Described x => tally with { Last = x.Name is null && x.Phone is null ? "protected" : "in the clear" },
            PersonErased => tally with { Last = "erased" },
            Poisoned => throw new InvalidOperationException("a view that fails"),
            _ => throw new InvalidOperationException(e.Type),
        };
    }

    public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((Tally)row, JsonSerializerOptions.Web);

    public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize<Tally>(document, JsonSerializerOptions.Web)!;

    public override IEnumerable<string> PartnersOf(object row) => ((Tally)row).Partners;
}

/// <summary>Rows that many streams fold into, by the first word of a note.</summary>
public sealed class WordView() : View("word", "1")
{
    public override IEnumerable<string> KeysOf(StoredEvent e) => e.Event is Noted x ? [x.Text.Split(' ')[0]] : [];

    public override object Evolve(object? row, StoredEvent e) => (row as int? ?? 0) + 1;

    public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((int)row);

    public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize<int>(document);
}

/// <summary>What the tests store.</summary>
public static class Sample
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static readonly EventTypes Types = new([Type<Opened>("sample_opened"), Type<Noted>("sample_noted"), Type<Described>("sample_described"), Type<Poisoned>("sample_poisoned"), Type<PersonErased>("person_erased")]);

    public static EventType Type<T>(string name, int schema = 1) => new(name, schema, typeof(T), Json);

    public static IReadOnlyList<View> NewViews() => [new TallyView(), new WordView()];

    public static string NewStream() => $"sample-{Guid.CreateVersion7()}";

    public static EventContext Context(Guid? command = null) => new("person-1", command ?? Guid.CreateVersion7(), "restricted");

    public static NewEvent New(object e, Guid? command = null) => new(Guid.CreateVersion7(), e, Context(command));

    public static StreamAppend To(string stream, long expected, params object[] events) => new(stream, "sample", expected, [.. events.Select(e => New(e))]);

    public static AppendRequest Request(params StreamAppend[] streams) => new(Guid.CreateVersion7(), streams);

    public static Task<AppendResult> Append(this EventStore store, params StreamAppend[] streams) => store.Append(Request(streams));

    public static async Task<List<T>> ToList<T>(this IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items) list.Add(item);
        return list;
    }
}
