using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Web;

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

/// <summary>
/// The register's store, as its appends and its rebuild are measured beside the raw floor and the plain application: events with a body of
/// 300 bytes and a header as a command makes it. Which store that is, with its schema, is known here only, so another one is put in its
/// place by changing this file.
/// </summary>
internal sealed class MeasuredRegister : IAsyncDisposable
{
    /// <summary>What the store wrote of the event at position 2: header, body, leaf, document.</summary>
    public const string SecondEvent =
        "select header, body, leaf, document from register.ledger_entry l join register.view_row r using (position) where position = 2";

    /// <summary>Writes a stream's document (parameters: stream, version, position, document).</summary>
    public const string UpsertDocument = """
        insert into register.view_row (generation, key, version, position, document) values (1, $1, $2, $3, $4)
        on conflict (generation, key) do update set version = excluded.version, position = excluded.position, document = excluded.document
        """;

    /// <summary>Copies documents in; a row is made by <see cref="WriteDocument"/>.</summary>
    public const string CopyDocuments = "copy register.view_row (generation, key, version, position, document) from stdin (format binary)";

    private static readonly string text = new('x', 280);

    private static readonly EventTypes types = new([new("bench_noted", 1, typeof(Noted), SampleJson.Default.Options)]);

    private MeasuredRegister(RegisterStore store) => Store = store;

    public RegisterStore Store { get; }

    public static Task Migrate(string owner, string applicationRole) => RegisterSchema.Migrate(owner, applicationRole);

    public static async Task<MeasuredRegister> Open(string application, string keys) =>
        new(await RegisterStore.Open(application, types, [new DocumentView()], keys));

    public static string NewStream() => $"bench-{Guid.CreateVersion7()}";

    /// <summary>How many events the log has.</summary>
    public async Task<long> Size() => (await Store.Head()).Size;

    /// <summary>A caller that appends so many events at a time to a stream of its own, at the version that it expects.</summary>
    public Func<Task> Caller(int events = 1)
    {
        var (stream, version) = (NewStream(), 0L);
        return async () =>
        {
            await Store.Append(Request(stream, version, events));
            version += events;
        };
    }

    public static Task WriteDocument(NpgsqlBinaryImporter copy, string stream, long version, long position, byte[] document) =>
        copy.WriteRowAsync(default, 1, stream, version, position, document);

    /// <summary>Makes all documents of a log anew.</summary>
    /// <param name="replace">Writes them all, instead of comparing them with those that are there.</param>
    /// <exception cref="InvalidOperationException">They were not what the log says.</exception>
    public static async Task Rebuild(RegisterLog log, bool replace)
    {
        await using var store = await Setup.OpenStore(log.Application, log.Data, CancellationToken.None);
        var result = await store.Rebuild(RecordKinds.All, new() { Replace = replace });
        if (result.Different > 0) throw new InvalidOperationException($"{result.Different} rows differ, such as {result.Differences[0]}.");
    }

    private static AppendRequest Request(string stream, long expected, int events)
    {
        var command = Guid.CreateVersion7();
        var context = new EventContext("person-1", command, "restricted") { Effective = "2026-01-27", Correlation = "bench" };
        var written = Enumerable.Range(0, events).Select(_ => new NewEvent(Guid.CreateVersion7(), new Noted(text, 1), context));
        return new(command, [new(stream, "bench", expected, [.. written])]);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
