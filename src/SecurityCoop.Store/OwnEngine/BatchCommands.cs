using Npgsql;

namespace SecurityCoop.Store;

/// <summary>A batch as statements: one round trip, one transaction. Statements without rows are left out.</summary>
internal static class BatchCommands
{
    /// <param name="to">A fresh batch on the writer's connection.</param>
    /// <param name="commit">Whether a transaction is open that this ends; otherwise the batch is an implicit one.</param>
    /// <param name="placed">Whether an engine has written streams and events already, and so moved the head.</param>
    /// <exception cref="ViewFailed">A view could not write its row.</exception>
    public static void Fill(NpgsqlBatch to, Batch batch, IReadOnlyList<View> views, ViewCatalog catalog, bool commit, bool placed)
    {
        void Add(string statement, params ReadOnlySpan<NpgsqlParameter> parameters) => to.BatchCommands.Add(new NpgsqlBatchCommand(statement).With(parameters));

        var (before, after) = (batch.Before, batch.After);
        if (placed)
        {
            Add(Sql.CloseHead, Database.Of(after.Size), Database.Of(after.Root), Database.Of(after.Frontier), Database.Of(after.RecordedAt));
            Entries([.. batch.Events.Select(e => (e.Stored, e.Leaf))], Add);
        }
        else
        {
            Add(Sql.MoveHead, Database.Of(before.Size), Database.Of(before.Root), Database.Of(before.Epoch), Database.Of(after.Size), Database.Of(after.Root),
                Database.Of(after.Frontier), Database.Of(after.RecordedAt));
            Streams(batch, Add);
            Events(batch, Add);
            Add(Sql.MoveSequence, Database.Of(after.Size));
        }
        Protected(batch, Add);
        Tiles(batch, Add);
        if (batch.References.Count > 0)
            Add(Sql.InsertReferences, Database.Of([.. batch.References.Select(r => r.Reference)]), Database.Of([.. batch.References.Select(r => r.Stream)]));
        var counters = batch.Overlay.Where(o => o.Key.Space == CacheKey.Counter).ToArray();
        if (counters.Length > 0)
            Add(Sql.SaveCounters, Database.Of([.. counters.Select(c => c.Key.Key)]), Database.Of([.. counters.Select(c => c.Value.Version)]));
        if (batch.Keys.Count > 0)
            Add(Sql.InsertKeys, Database.Of([.. batch.Keys.Select(k => k.Key.Key)]), Database.Of([.. batch.Keys.Select(k => k.Key.Body)]),
                Database.Of([.. batch.Keys.Select(k => k.CommandId)]), Database.Of([.. batch.Keys.Select(k => k.First)]), Database.Of([.. batch.Keys.Select(k => k.Last)]));
        Rows(batch, views, catalog, Add);
        if (commit) to.BatchCommands.Add(new(Sql.Commit));
    }

    /// <summary>Entries for events that stand in the log already, on top of the head whose lock is held, and what they change in the views.</summary>
    public static void FillSealed(NpgsqlBatch to, HeadState after, IReadOnlyList<(StoredEvent Event, byte[] Leaf)> events, Batch folded, IReadOnlyList<View> views, ViewCatalog catalog)
    {
        void Add(string statement, params ReadOnlySpan<NpgsqlParameter> parameters) => to.BatchCommands.Add(new NpgsqlBatchCommand(statement).With(parameters));

        Entries(events, Add);
        Tiles(folded, Add);
        Rows(folded, views, catalog, Add);
        Add(Sql.SealHead, Database.Of(after.Size), Database.Of(after.Root), Database.Of(after.Frontier));
    }

    private delegate void Adding(string statement, params ReadOnlySpan<NpgsqlParameter> parameters);

    private static void Streams(Batch batch, Adding add)
    {
        if (batch.NewStreams.Count > 0)
            add(Sql.InsertStreams, Database.Of([.. batch.NewStreams.Select(s => s.Stream)]), Database.Of([.. batch.NewStreams.Select(s => s.Kind)]),
                Database.Of([.. batch.NewStreams.Select(s => batch.Overlay[new(CacheKey.Stream, s.Stream)].Version)]), Database.Of(batch.RecordedAt));
        var moved = batch.Overlay.Where(o => o.Key.Space == CacheKey.Stream && batch.Existed(o.Key)).ToArray();
        if (moved is [var only])
            add(Sql.UpdateStream, Database.Of(only.Key.Key), Database.Of(batch.Basis(only.Key).Version), Database.Of(only.Value.Version), Database.Of(batch.RecordedAt));
        else if (moved.Length > 0)
            add(Sql.UpdateStreams, Database.Of([.. moved.Select(m => m.Key.Key)]), Database.Of([.. moved.Select(m => batch.Basis(m.Key).Version)]),
                Database.Of([.. moved.Select(m => m.Value.Version)]), Database.Of(batch.RecordedAt));
    }

    private static void Events(Batch batch, Adding add)
    {
        var events = batch.Events;
        if (events is [var (prepared, stored, leaf)])
            add(Sql.InsertEvent, Database.Of(batch.Before.Size), Database.Of(batch.RecordedAt), Database.Of(stored.Id), Database.Of(stored.Stream), Database.Of(stored.Version),
                Database.Of(stored.Type), Database.Of(prepared.Type.DotnetType), Database.OfOptional(stored.Header.Correlation), Database.OfOptional(stored.Header.Causation),
                Database.Of(stored.Header.Actor), Database.Of(Whole(stored.HeaderBytes)), Database.Of(prepared.Body), Database.Of(leaf));
        else add(Sql.InsertEvents, Database.Of(batch.Before.Size), Database.Of(batch.RecordedAt),
            Database.Of([.. events.Select(e => e.Stored.Id)]), Database.Of([.. events.Select(e => e.Stored.Stream)]),
            Database.Of([.. events.Select(e => e.Stored.Version)]), Database.Of([.. events.Select(e => e.Stored.Type)]),
            Database.Of([.. events.Select(e => e.Prepared.Type.DotnetType)]), Database.Of([.. events.Select(e => e.Stored.Header.Correlation)]),
            Database.Of([.. events.Select(e => e.Stored.Header.Causation)]), Database.Of([.. events.Select(e => e.Stored.Header.Actor)]),
            Database.Of([.. events.Select(e => Whole(e.Stored.HeaderBytes))]), Database.Of([.. events.Select(e => e.Prepared.Body)]),
            Database.Of([.. events.Select(e => e.Leaf)]));
    }

    private static void Entries(IReadOnlyList<(StoredEvent Event, byte[] Leaf)> events, Adding add) =>
        add(Sql.InsertEntries, Database.Of([.. events.Select(e => e.Event.Position)]), Database.Of([.. events.Select(e => Whole(e.Event.HeaderBytes))]),
            Database.Of([.. events.Select(e => Whole(e.Event.BodyBytes))]), Database.Of([.. events.Select(e => e.Leaf)]));

    private static void Protected(Batch batch, Adding add)
    {
        var values = batch.Events.SelectMany(e => e.Prepared.Protected.Select(p => (e.Stored.Position, Value: p))).ToArray();
        if (values.Length > 0)
            add(Sql.InsertProtected, Database.Of([.. values.Select(v => v.Position)]), Database.Of([.. values.Select(v => v.Value.Pointer)]),
                Database.Of([.. values.Select(v => v.Value.Subject)]), Database.Of([.. values.Select(v => v.Value.Ciphertext)]));
    }

    // A higher level's tile is made of the lower one's.
    private static void Tiles(Batch batch, Adding add)
    {
        foreach (var level in batch.Tiles.GroupBy(t => t.Id.Level).OrderBy(l => l.Key))
            add(level.Key == 0 ? Sql.InsertLeafTiles : Sql.InsertUpperTiles, Database.Of([.. level.Select(t => t.Id.Index)]), Database.Of([.. level.Select(t => t.Root)]), Database.Of(level.Key));
    }

    private static void Rows(Batch batch, IReadOnlyList<View> views, ViewCatalog catalog, Adding add)
    {
        if (batch.EventPartners.Count > 0)
            add(Sql.InsertEventPartners, Database.Of([.. batch.EventPartners.Select(p => p.Partner)]), Database.Of([.. batch.EventPartners.Select(p => p.Position)]));
        var rows = batch.Overlay.Where(o => o.Key.Space >= 0).Select(o => (o.Key, Row: o.Value, Document: Write(views[o.Key.Space], o.Value))).ToArray();
        foreach (var row in rows) batch.Weigh(row.Key, row.Document.Length);
        foreach (var (statement, some) in new[] { (Sql.InsertRows, rows.Where(r => !batch.Existed(r.Key)).ToArray()), (Sql.UpdateRows, rows.Where(r => batch.Existed(r.Key)).ToArray()) })
            if (some is [var (key, row, document)] && batch.Existed(key))
                add(Sql.UpdateRow, Database.Of(catalog.Generation(key.Space)), Database.Of(key.Key), Database.Of(row.Version), Database.Of(row.Position), Database.Of(document));
            else if (some.Length > 0)
                add(statement, Database.Of([.. some.Select(r => catalog.Generation(r.Key.Space))]), Database.Of([.. some.Select(r => r.Key.Key)]),
                    Database.Of([.. some.Select(r => r.Row.Version)]), Database.Of([.. some.Select(r => r.Row.Position)]), Database.Of([.. some.Select(r => r.Document)]));

        // A row stays indexed under every partner that it ever concerned: what it was is part of that partner's past.
        var gained = new List<(CacheKey Row, string Partner)>();
        foreach (var (key, row, _) in rows)
        {
            var view = views[key.Space];
            var then = batch.Basis(key).Value is { } value ? view.PartnersOf(value).ToHashSet(StringComparer.Ordinal) : [];
            gained.AddRange(view.PartnersOf(row.Value!).Distinct(StringComparer.Ordinal).Where(p => !then.Contains(p)).Select(p => (key, p)));
        }
        if (gained.Count > 0)
            add(Sql.InsertRowPartners, Database.Of([.. gained.Select(p => catalog.Generation(p.Row.Space))]), Database.Of([.. gained.Select(p => p.Partner)]),
                Database.Of([.. gained.Select(p => p.Row.Key)]));
    }

    /// <exception cref="ViewFailed">The view could not write its row.</exception>
    public static byte[] Write(View view, Entry row)
    {
        try
        {
            return view.Write(row.Value!);
        }
        catch (Exception failure)
        {
            throw new ViewFailed(view.Name, "(its row)", row.Position, failure);
        }
    }

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array : bytes.ToArray();
}
