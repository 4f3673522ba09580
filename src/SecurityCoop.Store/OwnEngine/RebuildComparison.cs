using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// A view's live rows against the rebuilt ones, while the live ones go on changing: every row that is not known to be as live. A live row that was last touched
/// after the position through which the rebuilt ones stand is looked at again later; any other difference is final. The last look is taken with the head's lock held.
/// </summary>
internal sealed class RebuildComparison(int view, RebuildTarget target, int live, RebuiltRows rows, NpgsqlConnection connection)
{
    private const int Page = 2000, Named = 100;

    private HashSet<string> laterRows = [];
    private HashSet<(string Partner, string Key)> laterPartners = [];

    /// <summary>How many keys differ, and the first of them.</summary>
    public long Count { get; private set; }
    public List<RowDifference> First { get; } = [];

    /// <summary>How many rows wait for another look.</summary>
    public int Later => laterRows.Count + laterPartners.Count;

    /// <summary>Everything once, page by page: first what either generation holds, then the pairs of partner and key.</summary>
    /// <param name="through">The position through which the rebuilt rows stand, all of them written or as live.</param>
    public async Task Whole(long through, CancellationToken stop)
    {
        foreach (var (generation, onlyThere) in new[] { (live, false), (target.Generation, true) })
        {
            for (var after = ""; after is not null;)
            {
                var page = new List<string>();
                await using (var command = new NpgsqlCommand(Sql.PageOfKeys, connection).With(Database.Of(generation), Database.Of(after), Database.Of(Page)))
                await using (var reader = await command.ExecuteReaderAsync(stop))
                    while (await reader.ReadAsync(stop)) page.Add(reader.GetString(0));
                await Rows(page, through, onlyThere, stop);
                after = page.Count < Page ? null : page[^1];
            }
            for (var after = ((string Partner, string Key)?)("", ""); after is { } start;)
            {
                var page = new List<(string Partner, string Key)>();
                await using (var command = new NpgsqlCommand(Sql.PageOfPairs, connection)
                    .With(Database.Of(generation), Database.Of(start.Partner), Database.Of(start.Key), Database.Of(Page)))
                await using (var reader = await command.ExecuteReaderAsync(stop))
                    while (await reader.ReadAsync(stop)) page.Add((reader.GetString(0), reader.GetString(1)));
                await Partners(page, through, onlyThere, stop);
                after = page.Count < Page ? null : page[^1];
            }
        }
    }

    /// <summary>What could not be decided before, and what was written since.</summary>
    public async Task Again(long through, IEnumerable<RowKey> keys, IEnumerable<(string Partner, RowKey Row)> pairs, CancellationToken stop)
    {
        var someRows = laterRows.Union(keys.Where(k => k.View == view).Select(k => k.Key)).ToArray();
        var somePairs = laterPartners.Union(pairs.Where(p => p.Row.View == view).Select(p => (p.Partner, p.Row.Key))).ToArray();
        (laterRows, laterPartners) = ([], []);
        foreach (var some in someRows.Chunk(Page)) await Rows(some, through, false, stop);
        foreach (var some in somePairs.Chunk(Page)) await Partners(some, through, false, stop);
    }

    /// <summary>With the head's lock held nothing comes later: what still waits is different.</summary>
    public void Close()
    {
        foreach (var key in laterRows) Add(key, "the live row names a position that the log has not reached");
        foreach (var (partner, key) in laterPartners) Add(key, $"one of them only is found by {partner}");
        foreach (var (row, position) in rows.Behind.Where(b => b.Key.View == view)) Add(row.Key, $"the live row does not hold the event at {position}");
    }

    // With notLive only those that are not live at all: the others have had their turn.
    private async Task Rows(IReadOnlyList<string> keys, long through, bool notLive, CancellationToken stop)
    {
        string[] asked = [.. keys.Where(k => !rows.IsAsLive(new(view, k)))];
        if (asked.Length == 0) return;
        await using var command = new NpgsqlCommand(Sql.DifferentRowsOf, connection)
            .With(Database.Of(live), Database.Of(target.Generation), Database.Of(asked));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (key, liveAt, rebuiltAt) = (reader.GetString(0), At(reader, 1), At(reader, 2));
            if (notLive && liveAt is not null) continue;
            if (liveAt > through) laterRows.Add(key);
            else
                Add(key, liveAt is null ? "there is no live row" : rebuiltAt is null ? "there is no rebuilt row"
                    : liveAt == rebuiltAt ? "the documents differ" : $"the live row stands at {liveAt}, the rebuilt one at {rebuiltAt}");
        }
    }

    private async Task Partners(IReadOnlyList<(string Partner, string Key)> pairs, long through, bool notLive, CancellationToken stop)
    {
        var asked = pairs.Where(p => !rows.IsAsLive(p.Partner, new(view, p.Key))).ToArray();
        if (asked.Length == 0) return;
        await using var command = new NpgsqlCommand(Sql.DifferentPartnersOf, connection).With(
            Database.Of(live), Database.Of(target.Generation), Database.Of([.. asked.Select(s => s.Partner)]), Database.Of([.. asked.Select(s => s.Key)]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (partner, key, isLive, at) = (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), At(reader, 3));
            if (notLive && isLive) continue;
            // A row that was found to be as live, and has another partner since by an event that is not folded here any more.
            if (isLive && at > rows.Seen && rows.IsAsLive(new RowKey(view, key))) continue;
            if (at > through) laterPartners.Add((partner, key));
            else Add(key, isLive ? $"only the live row is found by {partner}" : $"only the rebuilt row is found by {partner}");
        }
    }

    private void Add(string key, string what)
    {
        Count++;
        if (First.Count < Named) First.Add(new(target.View.Name, key, what));
    }

    private static long? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
