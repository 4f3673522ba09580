using Npgsql;

namespace SecurityCoop.EventStore;

/// <summary>
/// A view's live rows against the rebuilt ones, while the live ones go on changing. A live row that was last touched after the position through which the
/// rebuilt ones stand is looked at again later; any other difference is final. The last look is taken with the head's lock held.
/// </summary>
internal sealed class RebuildComparison(View view, int live, int rebuilt, NpgsqlConnection connection)
{
    private const int Page = 1000, Named = 100;

    // No key or code sorts after this one.
    private const string End = "\U0010FFFF";

    private HashSet<string> laterRows = [];
    private HashSet<(string Partner, string Key)> laterPartners = [];

    /// <summary>How many keys differ, and the first of them.</summary>
    public long Count { get; private set; }
    public List<RowDifference> First { get; } = [];

    /// <summary>How many rows wait for another look.</summary>
    public int Later => laterRows.Count + laterPartners.Count;

    /// <summary>Everything once, page by page.</summary>
    /// <param name="through">The position through which the rebuilt rows stand, all of them written.</param>
    public async Task Whole(long through, CancellationToken stop)
    {
        for (var after = ""; after != End;)
        {
            await using var bound = Command(Sql.EndOfRowPage).With(Database.Of(after), Database.Of(Page - 1));
            var until = await bound.ExecuteScalarAsync(stop) as string ?? End;
            await using var command = Command(Sql.DifferentRowsBetween).With(Database.Of(after), Database.Of(until));
            await Rows(command, through, stop);
            after = until;
        }
        for (var after = (Partner: "", Key: ""); after.Partner != End;)
        {
            var until = await EndOfPartners(after, stop);
            await using var command = Command(Sql.DifferentPartnersBetween)
                .With(Database.Of(after.Partner), Database.Of(after.Key), Database.Of(until.Partner), Database.Of(until.Key));
            await Partners(command, through, stop);
            after = until;
        }
    }

    /// <summary>What could not be decided before, and what was touched since.</summary>
    public async Task Again(long through, IEnumerable<string> rows, IEnumerable<(string Partner, string Key)> partners, CancellationToken stop)
    {
        var (keys, pairs) = (laterRows.Union(rows).ToArray(), laterPartners.Union(partners).ToArray());
        (laterRows, laterPartners) = ([], []);
        foreach (var some in keys.Chunk(Page))
        {
            await using var command = Command(Sql.DifferentRowsOf).With(Database.Of(some));
            await Rows(command, through, stop);
        }
        foreach (var some in pairs.Chunk(Page))
        {
            await using var command = Command(Sql.DifferentPartnersOf)
                .With(Database.Of([.. some.Select(s => s.Partner)]), Database.Of([.. some.Select(s => s.Key)]));
            await Partners(command, through, stop);
        }
    }

    /// <summary>With the head's lock held nothing comes later: what still waits is different.</summary>
    public void Close()
    {
        foreach (var key in laterRows) Add(key, "the live row names a position that the log has not reached");
        foreach (var (partner, key) in laterPartners) Add(key, $"one of them only is found by {partner}");
    }

    private NpgsqlCommand Command(string statement) => new NpgsqlCommand(statement, connection).With(Database.Of(live), Database.Of(rebuilt));

    private async Task<(string Partner, string Key)> EndOfPartners((string Partner, string Key) after, CancellationToken stop)
    {
        await using var bound = Command(Sql.EndOfPartnerPage).With(Database.Of(after.Partner), Database.Of(after.Key), Database.Of(Page - 1));
        await using var reader = await bound.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetString(0), reader.GetString(1)) : (End, "");
    }

    private async Task Rows(NpgsqlCommand command, long through, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (key, liveAt, rebuiltAt) = (reader.GetString(0), At(reader, 1), At(reader, 2));
            if (liveAt > through) laterRows.Add(key);
            else
                Add(key, liveAt is null ? "there is no live row" : rebuiltAt is null ? "there is no rebuilt row"
                    : liveAt == rebuiltAt ? "the documents differ" : $"the live row stands at {liveAt}, the rebuilt one at {rebuiltAt}");
        }
    }

    private async Task Partners(NpgsqlCommand command, long through, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (partner, key) = (reader.GetString(0), reader.GetString(1));
            if (At(reader, 3) > through) laterPartners.Add((partner, key));
            else Add(key, reader.GetBoolean(2) ? $"only the live row is found by {partner}" : $"only the rebuilt row is found by {partner}");
        }
    }

    private void Add(string key, string what)
    {
        Count++;
        if (First.Count < Named) First.Add(new(view.Name, key, what));
    }

    private static long? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
