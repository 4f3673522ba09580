using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.EventStore;

namespace SecurityCoop.Benchmarks;

internal sealed record Noted(string Text, int Weight);

internal sealed record Document(int Count, string Text);

[JsonSerializable(typeof(Noted))]
[JsonSerializable(typeof(Document))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class SampleJson : JsonSerializerContext;

/// <summary>One row of 2 KB a stream, rewritten by each of its events.</summary>
internal sealed class DocumentView() : View("document", "1")
{
    private static readonly string Text = new('d', 1970);

    public override IEnumerable<string> KeysOf(StoredEvent e) => [e.Stream];

    public override object Evolve(object? row, StoredEvent e) => row is Document d ? d with { Count = d.Count + 1 } : new Document(1, Text);

    public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((Document)row, SampleJson.Default.Document);

    public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, SampleJson.Default.Document)!;
}

/// <summary>The events that the appending benchmarks write: a body of 300 bytes, a header as a command makes it.</summary>
internal static class Sample
{
    private static readonly string Text = new('x', 280);

    private static readonly EventTypes Types = new([new("bench_noted", 1, typeof(Noted), SampleJson.Default.Options)]);

    /// <param name="engine">Which; null: that of the run.</param>
    public static Task<EventStore.EventStore> Open(string connectionString, string keys, string? engine = null) =>
        EventStore.EventStore.Open(connectionString, Types, [new DocumentView()], keys, new EventStoreOptions { Engine = EngineOfTheRun.For(engine ?? EngineOfTheRun.Name, connectionString, Types) });

    public static string NewStream() => $"bench-{Guid.CreateVersion7()}";

    public static AppendRequest Request(string stream, long expected, int events)
    {
        var command = Guid.CreateVersion7();
        var context = new EventContext("person-1", command, "restricted") { Effective = "2026-01-27", Correlation = "bench" };
        return new(command, [new(stream, "bench", expected, [.. Enumerable.Range(0, events).Select(_ => new NewEvent(Guid.CreateVersion7(), new Noted(Text, 1), context))])]);
    }
}
