using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using Marten;
using Npgsql;
using SecurityCoop.Store;

namespace SecurityCoop.Benchmarks;

internal sealed record Noted(string Text, int Weight);

internal sealed record Document(int Count, string Text);

[JsonSerializable(typeof(Noted))]
[JsonSerializable(typeof(Document))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class SampleJson : JsonSerializerContext;

/// <summary>
/// The register's store, as its appends and its rebuild are measured beside the raw floor and the plain application: events with a body of
/// 300 bytes and a header as a command makes it. Which store that is, with its schema, is known here only, so another one is put in its
/// place by changing this file.
/// </summary>
internal sealed class MeasuredRegister : IAsyncDisposable
{
    /// <summary>What the store wrote of the event at position 2: header, body, leaf, document.</summary>
    public const string SecondEvent =
        """
        select l.header, l.body, l.leaf, d.data::text
        from register.ledger_entry l join register.mt_doc_bench d on (d.data ->> 'position')::bigint = l.position where l.position = 2
        """;

    /// <summary>Writes a stream's document (parameters: stream, version, document).</summary>
    public const string UpsertDocument =
        """
        insert into register.mt_doc_bench (id, mt_version, data, mt_dotnet_type) values ($1, $2, $3, 'Document')
        on conflict (id) do update set mt_version = excluded.mt_version, data = excluded.data, mt_last_modified = transaction_timestamp()
        """;

    /// <summary>Copies documents in; a row is made by <see cref="WriteDocument"/>.</summary>
    public const string CopyDocuments =
        "copy register.mt_doc_bench (id, mt_version, data, mt_dotnet_type) from stdin (format binary)";

    private static readonly string text = new('x', 280), documentText = new('d', 1900);

    private static readonly RegisterModel model = new(
        new([new("bench_noted", 1, typeof(Noted), SampleJson.Default.Options)]),
        [
            // One document of 2 KB a stream, rewritten by each of its events.
            new RecordKind<Document>(
                "bench", 1, new(0, documentText), (d, _) => d with { Count = d.Count + 1 }, _ => [], () => SampleJson.Default.Document),
        ]);

    private MeasuredRegister(RegisterStore store) => Store = store;

    public RegisterStore Store { get; }

    /// <summary>The register's own schema, with a table for the documents of this model.</summary>
    public static async Task Migrate(string owner, string applicationRole)
    {
        await RegisterMigrations.Migrate(owner, applicationRole);
        await using (var marten = DocumentStore.For(o =>
        {
            o.Connection(owner);
            o.UseRegister(model, AutoCreate.CreateOrUpdate);
        })) await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await RegisterMigrations.Migrate(owner, applicationRole); // Rights for the table that came last.
    }

    public static async Task<MeasuredRegister> Open(string application, string keys) =>
        new(await RegisterStore.Open(application, model, keys));

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

    public static async Task WriteDocument(NpgsqlBinaryImporter copy, string stream, long version, string document)
    {
        await copy.StartRowAsync();
        await copy.WriteAsync(stream);
        await copy.WriteAsync(version);
        await copy.WriteAsync(document, NpgsqlTypes.NpgsqlDbType.Jsonb);
        await copy.WriteAsync("Document");
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
