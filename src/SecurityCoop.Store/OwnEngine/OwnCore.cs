using System.Runtime.CompilerServices;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Writing and records by the own engine: group commit, rows of views, and a cache that follows the head.</summary>
internal sealed class OwnCore : LogCore
{
    private const int Page = 500;

    private readonly CoreParts parts;
    private readonly ViewCatalog catalog;
    private readonly Cache cache;
    private readonly Follower follower;
    private readonly Loader loader;
    private readonly PartnerFolds partners;
    private readonly GroupCommit commits;
    private readonly CancellationTokenSource ended = new();
    private readonly Task sealing;

    private OwnCore(CoreParts parts, ViewCatalog catalog, EventStoreOptions options)
    {
        (this.parts, this.catalog) = (parts, catalog);
        var (database, views, preparer, committed) = (parts.Database, parts.Views, parts.Preparer, (Action)parts.Bell.Committed);
        cache = new(options.CacheBytes);
        follower = new(database, cache, preparer, views, catalog);
        loader = new(views, catalog);
        partners = new(database, cache, views, catalog, options.Partners);
        Task<Writer> Open() => Writer.Open(parts.ConnectionString, database);
        var sealer = new Sealer(
            Open, preparer, views, catalog, follower, loader, parts.Heads, options.ForeignMarking, () => IsBroken?.Invoke() is true,
            committed);
        commits = new(
            Open, views, catalog, cache, follower, loader, partners, sealer, options.Engine, options.QueueLength, options.QueueBytes,
            committed);
        sealing = options.ReadOnly ? Task.CompletedTask : Task.Run(() => sealer.Run(ended.Token));
    }

    public static async Task<OwnCore> Open(CoreParts parts, EventStoreOptions options, CancellationToken stop)
    {
        var catalog = new ViewCatalog(parts.Views);
        await catalog.Check(parts.Database, adopt: !options.ReadOnly, stop);
        if (catalog.Importing && !options.UnfinishedImport)
            throw new StartRefused("An import into this register was interrupted, or is under way: "
                + "`securitycoop import FILE` with the same file goes on with it.");
        return new(parts, catalog, options);
    }

    /// <summary>Whether nothing may be written: what other programs appended is then not sealed.</summary>
    public Func<bool>? IsBroken { get; set; }

    /// <summary>How many batches were built while the one before was on its way, and how many of them were sent as they were.</summary>
    public (long Built, long Sent) BuiltAhead => commits.Ahead;

    public override IReadOnlyList<View> Outdated => catalog.Outdated;

    public override Task<AppendResult> Append(PreparedAppend append, CancellationToken stop) => commits.Append(append, stop);

    public override async Task<RebuildResult> Rebuild(IReadOnlyList<View> views, RebuildOptions options, CancellationToken stop)
    {
        foreach (var view in views) catalog.IndexOf(view);
        // An empty log takes any definition; from its first event on no definition is taken but by a rebuild.
        await catalog.Check(parts.Database, adopt: true, stop);
        var empty = (await parts.Heads.Ask().WaitAsync(stop)).Size == 0;
        var result = empty ? new(0, true, 0, []) : await new Rebuild(parts.ConnectionString, parts.Preparer, views, options).Run(stop);
        await catalog.Check(parts.Database, adopt: false, stop);
        return result;
    }

    public override async Task<IReadOnlyList<Row>> RowsOf(View view, IReadOnlyList<string> keys, CancellationToken stop)
    {
        var index = catalog.IndexOf(view);
        CacheKey[] asked = [.. keys.Select(k => new CacheKey(index, k))];
        Dictionary<CacheKey, Entry> known;
        while (true)
        {
            var head = await parts.Heads.Ask().WaitAsync(stop);
            await follower.Reach(head, stop);
            catalog.Generation(index);
            (_, known) = cache.Look(asked);
            if (asked.All(known.ContainsKey)) break;
            // All of them again, so that all are of one snapshot.
            await using var batch = parts.Database.CreateBatch();
            (var at, known) = await loader.Load(batch, [.. asked.Distinct()], stop);
            if (at!.Value.Epoch != head.Epoch) continue; // These may be rows of a generation that was just replaced.
            cache.Add(at.Value, known);
            break;
        }
        return [.. asked.Select(k => known[k]).Zip(keys, (e, k) => new Row(e.Value, k, e.Version, e.Position))];
    }

    public override async IAsyncEnumerable<Row> Rows(View view, string afterKey, [EnumeratorCancellation] CancellationToken stop)
    {
        var index = catalog.IndexOf(view);
        for (var after = afterKey; ;)
        {
            var (epoch, generation, page, seen) = (catalog.Epoch, catalog.Generation(index), new List<Row>(Page), 0L);
            await using (var command = parts.Database.CreateCommand(Sql.PageOfRows)
                .With(Database.Of(generation), Database.Of(after), Database.Of(Page)))
            await using (var reader = await command.ExecuteReaderAsync(stop))
                while (await reader.ReadAsync(stop))
                {
                    seen = reader.GetInt64(0);
                    if (reader.IsDBNull(1)) continue;
                    page.Add(new(view.Read(reader.GetFieldValue<byte[]>(4)), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
                }
            if (seen != epoch)
            {
                await catalog.Check(parts.Database, adopt: false, stop);
                continue;
            }
            foreach (var row in page) yield return row;
            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    // Such a view names its rows whom/….
    public override IAsyncEnumerable<Row> RowsAbout(View view, string whom, CancellationToken stop) =>
        Rows(view, $"{whom}/", stop).TakeWhile(r => r.Key.StartsWith($"{whom}/", StringComparison.Ordinal));

    public override async Task<(long Position, object Fold)> OfPartner(string partner, CancellationToken stop)
    {
        await follower.Reach(await parts.Heads.Ask().WaitAsync(stop), stop);
        return await partners.Get(partner, stop);
    }

    public override async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await sealing;
        await commits.DisposeAsync();
    }
}
