using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>
/// Makes the ledger entries of events that other programs have appended, in the order in which they stand, and folds those that the register understands
/// into its views. The next writer does it before anything of its own; where there is none, a second does not pass.
/// </summary>
internal sealed class Sealer(Func<Task<Writer>> open, Preparer preparer, IReadOnlyList<View> views, ViewCatalog catalog, Follower follower, Loader loader, HeadCheck heads, string marking, Func<bool> isBroken, Action committed)
{
    private const int Most = 500;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Why the last look ended without having sealed; null where it did what there was to do.</summary>
    public volatile Exception? Failure;

    /// <summary>Looks every second, until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if ((await heads.Ask()).Unsealed > 0 && !isBroken()) await SealAll();
                Failure = null;
            }
            catch (Exception e)
            {
                Failure = e; // The database is away, or a view waits to be rebuilt: the next look finds out, and whoever appends meets the same and is told.
            }
            await Task.Delay(Second, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SealAll()
    {
        await using var writer = await open();
        for (var unsealed = 1L; unsealed > 0;)
        {
            var head = await writer.Lock();
            await follower.Reach(head);
            unsealed = (await Seal(writer, head)).Unsealed;
            await writer.Commit();
            committed();
        }
    }

    /// <summary>Seals so many at once; what is left shows in the head returned, which holds once the transaction is committed.</summary>
    /// <param name="writer">In a transaction that holds the head.</param>
    /// <exception cref="ViewOutdated">Some view's rows were made by another definition.</exception>
    public async Task<HeadState> Seal(Writer writer, HeadState head)
    {
        if (head.Unsealed == 0) return head;
        catalog.MustBeCurrent();
        var rows = await Read(writer, head);
        var entries = rows.Select(r => (Row: r, Folded: r.Ours ? preparer.Seal(r, marking, folded: true) : null, Kept: preparer.Seal(r, marking, folded: false)!)).ToArray();
        var keys = entries.Select(e => (Folded: e.Folded is null ? null : KeysOf(e.Folded), Kept: Preparer.KeysOf(views, e.Kept))).ToArray();

        var needed = keys.SelectMany(k => new[] { k.Folded, k.Kept }).OfType<string[][]>()
            .SelectMany(byView => byView.SelectMany((rowKeys, view) => rowKeys.Select(key => new CacheKey(view, key)))).ToHashSet();
        var basis = new Dictionary<CacheKey, Entry>();
        if (needed.Count > 0)
        {
            await using var loading = writer.CreateBatch();
            (_, basis) = await loader.Load(loading, needed);
        }
        var folds = new Batch(views, head, basis, head.RecordedAt);
        var frontier = MerkleFrontier.Of(head.Size, head.Frontier);
        var made = new List<(StoredEvent, byte[])>();
        for (var i = 0; i < entries.Length; i++)
        {
            var e = entries[i].Folded is { } known && keys[i].Folded is { } its && folds.TryFold(known, its) ? known : entries[i].Kept;
            if (e == entries[i].Kept) folds.TryFold(e, keys[i].Kept);
            var leaf = MerkleTree.Leaf(e.HeaderBytes.Span);
            frontier.Add(leaf, folds.Tiles);
            made.Add((e, leaf));
        }
        var after = head with { Size = frontier.Size, Root = frontier.Root(), Frontier = frontier.Bytes(), Epoch = head.Epoch + 1 };
        await using var commands = writer.CreateBatch();
        BatchCommands.FillSealed(commands, after, made, folds, views, catalog);
        await writer.Send(commands);
        return after;
    }

    private async Task<List<ForeignRow>> Read(Writer writer, HeadState head)
    {
        await using var batch = writer.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.Unsealed).With(Database.Of(head.Size), Database.Of(Math.Min(head.Ordered, head.Size + Most))));
        await using var reader = await batch.ExecuteReaderAsync();
        var rows = new List<ForeignRow>();
        while (await reader.ReadAsync()) rows.Add(ForeignRow.Read(reader));
        return rows;
    }

    // Null where a view cannot even say which rows it touches.
    private string[][]? KeysOf(StoredEvent e)
    {
        try
        {
            return Preparer.KeysOf(views, e);
        }
        catch (ViewFailed)
        {
            return null;
        }
    }
}
