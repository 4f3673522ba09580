using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Marten;
using Marten.Services.BatchQuerying;

namespace SecurityCoop.Store;

/// <summary>A kind of record: the streams named <c>{name}-…</c>, and the events whose wire names begin with <c>{name}_</c>.</summary>
/// <param name="name">Also the name of its documents' table, after <c>mt_doc_</c>.</param>
/// <param name="version">To be raised whenever the state or its fold changes: the documents must then be rebuilt.</param>
public abstract class RecordKind(string name, int version)
{
    public string Name => name;

    /// <summary>What identifies this way of folding: "meeting/4".</summary>
    public string Definition { get; } = $"{name}/{version}";

    /// <summary>Whether events of this type are folded into its records.</summary>
    public bool Owns(EventType type) => type.Name.StartsWith($"{name}_", StringComparison.Ordinal);

    /// <summary>Codes of the partners that a state concerns.</summary>
    public abstract IEnumerable<string> PartnersOf(object state);

    /// <summary>Those of these records that there are.</summary>
    internal abstract Task<IReadOnlyList<Row>> Load(IQuerySession session, string[] ids, CancellationToken stop);

    /// <summary>The next records after an id, in the order of their ids by byte.</summary>
    /// <param name="about">Only those that ever concerned this partner; null: all.</param>
    internal abstract Task<IReadOnlyList<Row>> PageAfter(IQuerySession session, string id, string? about, int limit, CancellationToken stop);

    /// <summary>Records that ever concerned this partner and have an event after a position; there once the batch was executed.</summary>
    internal abstract Task<IReadOnlyList<Row>> Concerning(IBatchedQuery batch, string partner, long after);

    /// <summary>Adds the documents, their index and their inline projection to a configuration of Marten.</summary>
    /// <param name="folded">Told of each event after its fold.</param>
    internal abstract void AddTo(StoreOptions options, IEnumerable<Type> events, Action<StoredEvent>? folded);

    internal abstract JsonConverter Converter { get; }

    /// <summary>The document after one more event, for whoever does not know the state's type.</summary>
    internal abstract RecordDocument Fold(RecordDocument? before, StoredEvent e);

    /// <summary>A document of this kind as Marten stores it.</summary>
    internal abstract byte[] Write(RecordDocument document);
}

/// <summary>A kind of record whose state is a <typeparamref name="T"/>.</summary>
/// <param name="initial">The state before the first event.</param>
/// <param name="evolve">The model's fold: pure, since a rebuild must give the same document.</param>
/// <param name="partners">Codes of the partners that a state concerns.</param>
/// <param name="json">How the state is written; asked for when it is first needed.</param>
public class RecordKind<T>(
    string name, int version, T initial, Func<T, StoredEvent, T> evolve, Func<T, IEnumerable<string>> partners, Func<JsonTypeInfo<T>> json)
    : RecordKind(name, version) where T : class
{
    /// <summary>Whether events are found by the partners too. Not where those by whom records are found are no partners.</summary>
    public virtual bool EventsByPartner => true;

    /// <summary>The state before the first event.</summary>
    public T Initial => initial;

    public override IEnumerable<string> PartnersOf(object state) => partners((T)state);

    /// <summary>How the state is written.</summary>
    public JsonTypeInfo<T> Json => field ??= json();

    internal override JsonConverter Converter => new RecordDocumentConverter<T>(this);

    /// <summary>The document after one more event.</summary>
    public RecordDocument<T> Evolve(RecordDocument<T>? before, StoredEvent e)
    {
        var record = evolve(before?.Record ?? initial, e);
        var concerned = Concerned(before?.Partners ?? [], partners(record));
        // Those whom it concerned once among them: it is part of their past, and who may see that follows its marking of now.
        if (EventsByPartner) e.Partners = concerned;
        var document = new RecordDocument<T> { Id = e.Stream, Version = e.Version, Position = e.Position, Record = record, Partners = concerned };
        e.Document = document;
        return document;
    }

    internal override RecordDocument Fold(RecordDocument? before, StoredEvent e) => Evolve((RecordDocument<T>?)before, e);

    internal override byte[] Write(RecordDocument document)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            new RecordDocumentConverter<T>(this).Write(json, (RecordDocument<T>)document, JsonSerializerOptions.Default);
        return bytes.WrittenSpan.ToArray();
    }

    internal override async Task<IReadOnlyList<Row>> Load(IQuerySession session, string[] ids, CancellationToken stop) =>
        Rows(await session.LoadManyAsync<RecordDocument<T>>(stop, ids));

    // Whatever the database's collation is, names are in the order of their bytes.
    private const string After = "d.id collate \"C\" > ? order by d.id collate \"C\" limit ?";

    internal override async Task<IReadOnlyList<Row>> PageAfter(IQuerySession session, string id, string? about, int limit, CancellationToken stop) =>
        Rows(await (about is null
            ? session.QueryAsync<RecordDocument<T>>($"where {After}", stop, id, limit)
            : session.QueryAsync<RecordDocument<T>>($"{RecordQueries.Concerning} and {After}", stop, about, id, limit)));

    internal override async Task<IReadOnlyList<Row>> Concerning(IBatchedQuery batch, string partner, long after) =>
        Rows(await (after == 0
            ? batch.Query<RecordDocument<T>>(RecordQueries.Concerning, partner)
            : batch.Query<RecordDocument<T>>(RecordQueries.ConcerningSince, partner, after)));

    private static IReadOnlyList<Row> Rows(IReadOnlyList<RecordDocument<T>> found) =>
        [.. found.Select(d => new Row(d.Record, d.Id, d.Version, d.Position))];

    internal override void AddTo(StoreOptions options, IEnumerable<Type> events, Action<StoredEvent>? folded)
    {
        options.Schema.For<RecordDocument<T>>()
            .DocumentAlias(Name)
            .Identity(d => d.Id)
            .Duplicate(d => d.Partners, "text[]", configure: index => index.Method = Weasel.Postgresql.Tables.IndexMethod.gin);
        options.Projections.Add(new RecordProjection<T>(this, events, folded), JasperFx.Events.Projections.ProjectionLifecycle.Inline);
    }

    // The same array where nothing was added, so that PostgreSQL sees an index untouched.
    private static string[] Concerned(string[] before, IEnumerable<string> now)
    {
        SortedSet<string>? more = null;
        foreach (var partner in now)
            if (Array.IndexOf(before, partner) < 0) (more ??= new(before, StringComparer.Ordinal)).Add(partner);
        return more is null ? before : [.. more];
    }
}
