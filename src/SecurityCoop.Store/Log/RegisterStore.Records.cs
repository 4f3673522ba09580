using System.Diagnostics;
using System.Runtime.CompilerServices;
using Marten;

namespace SecurityCoop.Store;

/// <summary>Records, as Marten keeps them in documents.</summary>
public sealed partial class RegisterStore
{
    /// <summary>
    /// Kinds of record whose documents were made by another fold, or not yet at all: until they are rebuilt nothing can be appended.
    /// </summary>
    public IReadOnlyList<RecordKind> Outdated
    {
        get
        {
            var head = seen;
            return [.. documents.Model.Kinds.Where(k => !IsCurrent(k, head))];
        }
    }

    /// <summary>Makes every document anew from the log; appends wait meanwhile, and records are not read.</summary>
    /// <param name="owner">Connection string of the role that owns the tables.</param>
    /// <param name="progress">Told of events folded, and of how many there are.</param>
    /// <returns>How many events there were.</returns>
    public async Task<long> Rebuild(string owner, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        var events = await DocumentRebuild.Run(owner, documents.Model, progress, stop);
        seen = await heads.Ask().WaitAsync(stop);
        return events;
    }

    /// <summary>A record as it is at the call, whichever process wrote last. Value is null where there is none.</summary>
    /// <exception cref="DocumentsOutdated">The documents of this kind were made by another definition.</exception>
    public async Task<Row> Row(RecordKind kind, string stream, CancellationToken stop = default) => (await RowsOf(kind, [stream], stop))[0];

    /// <summary>Records in the order of their streams as given, all at one head.</summary>
    /// <exception cref="DocumentsOutdated">The documents of this kind were made by another definition.</exception>
    public async Task<IReadOnlyList<Row>> RowsOf(RecordKind kind, IReadOnlyList<string> streams, CancellationToken stop = default)
    {
        var rows = await Guarded([kind], session => kind.Load(session, [.. streams.Distinct()], stop), stop);
        var found = rows.ToDictionary(r => r.Key, StringComparer.Ordinal);
        return [.. streams.Select(s => found.GetValueOrDefault(s) ?? new Row(null, s, 0, 0))];
    }

    /// <summary>All records of a kind by stream (byte order), read in pages: each page is current when it is read.</summary>
    /// <param name="after">Only streams after this.</param>
    /// <param name="about">Only records that concern this partner, or ever did.</param>
    /// <exception cref="DocumentsOutdated">The documents of this kind were made by another definition.</exception>
    public async IAsyncEnumerable<Row> Rows(
        RecordKind kind, string? after = null, string? about = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (after ??= ""; ;)
        {
            var (from, page) = (after, (IReadOnlyList<Row>)[]);
            page = await Guarded([kind], session => kind.PageAfter(session, from, about, Page, stop), stop);
            foreach (var row in page) yield return row;
            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>The partners of whom something is kept in memory.</summary>
    internal ICollection<string> KeptPartners => partners.KeptPartners;

    /// <summary>
    /// The fold (<see cref="RegisterStoreOptions.Partners"/>) over all records that concern a partner, or ever did, and the position at
    /// which it stands: no earlier than the head when the call began.
    /// </summary>
    /// <exception cref="DocumentsOutdated">The documents of a kind were made by another definition.</exception>
    public async Task<(long Position, object Fold)> OfPartner(string partner, CancellationToken stop = default)
    {
        var called = Stopwatch.GetTimestamp();
        var head = await heads.Ask().WaitAsync(stop);
        MustBeCurrent(partners.Kinds, head);
        return await Reached(() => partners.Kept(partner, head, called, stop)) ?? await partners.ReadOnce(partner, called,
            () => Guarded(partners.Kinds, () => partners.Read(partner, CancellationToken.None), CancellationToken.None), stop);
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
            var head = await heads.Ask().WaitAsync(stop);
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
}
