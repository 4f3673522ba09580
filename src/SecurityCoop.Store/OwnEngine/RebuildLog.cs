using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>An event on its way into the views that are rebuilt, with the rows that it touches.</summary>
internal sealed record Folding(StoredEvent Event, RowKey[] Rows);

/// <summary>
/// The log in order for a rebuild, in pages by short statements: while one page is folded the next is read and parsed. Pages are small enough for the
/// garbage collector to find most of what was made of one dead when it first looks.
/// </summary>
internal sealed class RebuildLog(NpgsqlConnection connection, Preparer preparer, IReadOnlyList<View> views)
{
    private const int FewestEvents = 100, MostEvents = 4000, PageBytes = 256 << 10;

    private int events = FewestEvents;

    /// <exception cref="UnknownEventType">An event is unknown to this program.</exception>
    /// <exception cref="UnreadableEvent">An event's bytes cannot be read.</exception>
    /// <exception cref="ViewFailed">A view could not say which rows an event touches.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Folding>> Pages(long after, long through, [EnumeratorCancellation] CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pages = Channel.CreateBounded<Task<Folding[]>>(1);
        var reading = Task.Run(() => Read(after, through, pages.Writer, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(stop)) yield return await page;
        }
        finally
        {
            await ending.CancelAsync();
            await reading;
        }
    }

    // Whatever ends it, the one who waits for pages is told.
    private async Task Read(long after, long through, ChannelWriter<Task<Folding[]>> pages, CancellationToken stop)
    {
        try
        {
            while (after < through)
            {
                var (page, bytes) = (new List<(long Position, byte[] Header, byte[] Body)>(events), 0);
                await using (var command = new NpgsqlCommand(Sql.EventsAfter, connection).With(Database.Of(after), Database.Of(through), Database.Of(events)))
                await using (var reader = await command.ExecuteReaderAsync(stop))
                    while (await reader.ReadAsync(stop))
                    {
                        page.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
                        bytes += page[^1].Header.Length + page[^1].Body.Length;
                    }
                if (page.Count == 0) throw new InvalidDataException($"The ledger has no entry after position {after}, and the head stands at {through} or later.");
                after = page[^1].Position;
                events = Math.Clamp((int)(PageBytes * (long)page.Count / Math.Max(1, bytes)), FewestEvents, Math.Min(MostEvents, 4 * events));
                await pages.WriteAsync(Task.Run(() => Parse(page), stop), stop);
            }
            pages.Complete();
        }
        catch (Exception e)
        {
            pages.Complete(e);
        }
    }

    private Folding[] Parse(List<(long Position, byte[] Header, byte[] Body)> page)
    {
        var parsed = new Folding[page.Count];
        for (var i = 0; i < parsed.Length; i++)
        {
            var e = preparer.Read(page[i].Position, page[i].Header, page[i].Body);
            parsed[i] = new(e, RowsOf(e));
        }
        return parsed;
    }

    private RowKey[] RowsOf(StoredEvent e)
    {
        var keys = Preparer.KeysOf(views, e);
        var rows = new RowKey[keys.Sum(k => k.Length)];
        for (var (view, i) = (0, 0); view < keys.Length; view++)
            foreach (var key in keys[view]) rows[i++] = new(view, key);
        return rows;
    }
}
