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
            if (IsCurrent(head)) return [];
            var stored = head.Records.Split(' ');
            return [.. parts.Views.Where(v => !stored.Contains(KindOf(v).Definition))];
        }
    }

    public override async Task<RebuildResult> Rebuild(IReadOnlyList<View> views, RebuildOptions options, CancellationToken stop)
    {
        var owner = options.Owner ?? throw new StartRefused("Documents are rebuilt as the tables' owner, whose connection string is missing.");
        var events = await DocumentRebuild.Run(owner, documents.Model, stop);
        seen = await parts.Heads.Ask().WaitAsync(stop);
        return new(events, true, 0, []) { Compared = false };
    }

    public override Task<IReadOnlyList<Row>> RowsOf(View view, IReadOnlyList<string> keys, CancellationToken stop) =>
        Guarded(async () =>
        {
            await using var session = documents.Store.QuerySession();
            var found = (await KindOf(view).Load(session, [.. keys.Distinct()], stop)).ToDictionary(r => r.Key);
            return (IReadOnlyList<Row>)[.. keys.Select(k => found.GetValueOrDefault(k) ?? new Row(null, k, 0, 0))];
        }, stop);

    public override async IAsyncEnumerable<Row> Rows(View view, string afterKey, [EnumeratorCancellation] CancellationToken stop)
    {
        var kind = KindOf(view);
        for (var after = afterKey; ;)
        {
            var page = await Guarded(async () =>
            {
                await using var session = documents.Store.QuerySession();
                return await kind.PageAfter(session, after, Page, stop);
            }, stop);
            foreach (var row in page) yield return row;
            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    public override async IAsyncEnumerable<Row> RowsAbout(View view, string whom, [EnumeratorCancellation] CancellationToken stop)
    {
        var rows = await Guarded(async () =>
        {
            await using var session = documents.Store.QuerySession();
            return await KindOf(view).Concerning(session, whom, 0, stop);
        }, stop);
        foreach (var row in rows) yield return row;
    }

    public override async Task<(long Position, object Fold)> OfPartner(string partner, CancellationToken stop)
    {
        var head = await parts.Heads.Ask().WaitAsync(stop);
        MustBeCurrent(head);
        return await partners.Kept(partner, head, stop) ?? await Guarded(() => partners.Read(partner, stop), stop);
    }

    /// <summary>
    /// Reads documents, and looks at the head afterwards. While they are rebuilt they are fewer than they should be, whatever a snapshot
    /// shows, since Marten truncates their tables; a rebuild says so in the head before it begins, and raises the epoch.
    /// </summary>
    private async Task<T> Guarded<T>(Func<Task<T>> read, CancellationToken stop)
    {
        for (var epoch = seen.Epoch; ;)
        {
            var found = await read();
            var head = await parts.Heads.Ask().WaitAsync(stop);
            MustBeCurrent(head);
            if (head.Epoch == epoch) return found;
            epoch = head.Epoch;
        }
    }

    private void MustBeCurrent(HeadState head)
    {
        if (!ReferenceEquals(seen, head)) seen = head;
        if (!IsCurrent(head)) throw new DocumentsOutdated(head.Records, documents.Model.Definition);
    }

    // An empty log takes any definition.
    private bool IsCurrent(HeadState head) => head.Size == 0 || head.Records == documents.Model.Definition;

    private RecordKind KindOf(View view) => documents.Model.Kinds.FirstOrDefault(k => k.Name == view.Name)
        ?? throw new ArgumentException($"There are no documents of {view.Name}.", nameof(view));

    // The documents' connections are the store's too: it closes them when nothing needs them any more.
    public override ValueTask DisposeAsync() => committer.DisposeAsync();
}
