using System.Runtime.CompilerServices;
using Marten;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Writing by the committer, and records as Marten documents.</summary>
internal sealed class DocumentCore : LogCore
{
    private const int Page = 500;

    private readonly CoreParts parts;
    private readonly RegisterDocuments documents;
    private readonly Committer committer;
    private readonly DocumentPartners partners;
    private volatile HeadState seen;

    public DocumentCore(CoreParts parts, RegisterDocuments documents, HeadState head, EventStoreOptions options)
    {
        (this.parts, this.documents, seen) = (parts, documents, head);
        committer = new(documents, options.QueueLength, options.QueueBytes) { Committed = parts.Bell.Committed };
        partners = new(documents, options.Partners);
    }

    public override Task<AppendResult> Append(PreparedAppend append, CancellationToken stop) => committer.Append(append, stop);

    public override IReadOnlyList<View> Outdated
    {
        get
        {
            var head = seen;
            return [.. parts.Views.Where(v => !IsCurrent(KindOf(v), head))];
        }
    }

    public override async Task<RebuildResult> Rebuild(IReadOnlyList<View> views, RebuildOptions options, CancellationToken stop)
    {
        var owner = options.Owner ?? throw new StartRefused("Documents are rebuilt as the tables' owner, whose connection string is missing.");
        var events = await DocumentRebuild.Run(owner, documents.Model, stop);
        seen = await parts.Heads.Ask().WaitAsync(stop);
        return new(events, true, 0, []) { Compared = false };
    }

    public override async Task<IReadOnlyList<Row>> RowsOf(View view, IReadOnlyList<string> keys, CancellationToken stop)
    {
        var kind = KindOf(view);
        var rows = await Guarded([kind], session => kind.Load(session, [.. keys.Distinct()], stop), stop);
        var found = rows.ToDictionary(r => r.Key, StringComparer.Ordinal);
        return [.. keys.Select(k => found.GetValueOrDefault(k) ?? new Row(null, k, 0, 0))];
    }

    public override async IAsyncEnumerable<Row> Rows(View view, string afterKey, [EnumeratorCancellation] CancellationToken stop)
    {
        var kind = KindOf(view);
        for (var after = afterKey; ;)
        {
            var (from, page) = (after, (IReadOnlyList<Row>)[]);
            page = await Guarded([kind], session => kind.PageAfter(session, from, Page, stop), stop);
            foreach (var row in page) yield return row;
            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    public override async IAsyncEnumerable<Row> RowsAbout(View view, string whom, [EnumeratorCancellation] CancellationToken stop)
    {
        var kind = KindOf(view);
        foreach (var row in await Guarded([kind], session => kind.Concerning(session, whom, 0, stop), stop)) yield return row;
    }

    public override async Task<(long Position, object Fold)> OfPartner(string partner, CancellationToken stop)
    {
        var head = await parts.Heads.Ask().WaitAsync(stop);
        MustBeCurrent(partners.Kinds, head);
        return await Reached(() => partners.Kept(partner, head, stop))
            ?? await Guarded(partners.Kinds, () => partners.Read(partner, stop), stop);
    }

    // Marten wraps what Npgsql says of a connection that was lost.
    private static async Task<T> Reached<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is not OperationCanceledException && CommitFailure.IsLostConnection(failure))
        {
            throw new StoreAway(failure);
        }
    }

    private Task<T> Guarded<T>(IReadOnlyList<RecordKind> kinds, Func<IQuerySession, Task<T>> read, CancellationToken stop) =>
        Guarded(kinds, async () =>
        {
            await using var session = documents.Store.QuerySession();
            return await read(session);
        }, stop);

    /// <summary>
    /// Reads documents, and looks at the head afterwards. While they are rebuilt they are fewer than they should be, whatever a snapshot
    /// shows, since Marten truncates their tables; a rebuild says so in the head before it begins, and raises the epoch.
    /// </summary>
    /// <exception cref="DocumentsOutdated">The documents of one of these kinds were made by another definition.</exception>
    private async Task<T> Guarded<T>(IReadOnlyList<RecordKind> kinds, Func<Task<T>> read, CancellationToken stop)
    {
        for (var epoch = seen.Epoch; ;)
        {
            var found = await Reached(read);
            var head = await parts.Heads.Ask().WaitAsync(stop);
            MustBeCurrent(kinds, head);
            if (head.Epoch == epoch) return found;
            epoch = head.Epoch;
        }
    }

    private void MustBeCurrent(IReadOnlyList<RecordKind> kinds, HeadState head)
    {
        seen = head;
        if (!kinds.All(k => IsCurrent(k, head))) throw new DocumentsOutdated(head.Records, documents.Model.Definition);
    }

    // An empty log takes any definition. While a rebuild is under way none stands there.
    private bool IsCurrent(RecordKind kind, HeadState head) =>
        head.Size == 0 || head.Records == documents.Model.Definition || head.Records.Split(' ').Contains(kind.Definition);

    private RecordKind KindOf(View view) => documents.Model.Kinds.FirstOrDefault(k => k.Name == view.Name)
        ?? throw new ArgumentException($"There are no documents of {view.Name}.", nameof(view));

    // The documents' connections are the store's too: it closes them when nothing needs them any more.
    public override ValueTask DisposeAsync() => committer.DisposeAsync();
}
