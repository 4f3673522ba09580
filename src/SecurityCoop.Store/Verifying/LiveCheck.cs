using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>
/// The own engine's database. The views, folded again from the log and compared row by row; and which events concern which partner.
/// </summary>
internal sealed class LiveCheck(
    Npgsql.NpgsqlConnection connection, Preparer preparer, IReadOnlyList<View> views, KeyFolder keys, Action<long, long>? progress)
    : DatabaseCheck(connection, preparer, keys, schema, progress)
{
    private static readonly CheckedSchema schema =
        new(Sql.VerifyHead, Sql.VerifyStrays, Sql.VerifyStrayTiles, Sql.VerifyStreams, RegisterSchema.Migrations);

    private readonly Npgsql.NpgsqlConnection connection = connection;

    // So many rows are held in memory at once; where there are more, the log is folded several times, each time for a part of them.
    private const int RowsAtOnce = 100_000, RowPage = 500, MostRounds = 20;

    private sealed class Folded
    {
        public object? Value;
        public long Version, Position;
        public SortedSet<string> Partners { get; } = new(StringComparer.Ordinal);
    }

    private EventPartnersCheck concerned = null!;

    private protected override async Task Records(CancellationToken stop)
    {
        concerned = new(size);
        var (_, stored) = await ViewCatalog.Stored(Connection, stop);
        foreach (var view in views)
            if (!ViewCatalog.IsMadeBy(view, stored)) throw new HistoryFault(0, $"view {view.Name} is stored by another definition, or not at all");
        if (stored.Keys.FirstOrDefault(n => views.All(v => v.Name != n)) is { } unknown) throw new HistoryFault(0, $"view names {unknown}, which this program does not have");
        var generations = views.Select(v => stored[v.Name].Generation).ToArray();
        await using var count = Command(Sql.CountRows);
        var parts = (int)((long)(await count.ExecuteScalarAsync(stop))! / RowsAtOnce) + 1;
        for (var part = 0; part < parts; part++) await Part(part, parts, generations, stop);
        foreach (var generation in generations) await RowPartners(generation, stop);
        await concerned.Compare(Connection, stop);
    }

    // A row that is there was compared with its partners; what remains is partners of a row that is not.
    private async Task RowPartners(int generation, CancellationToken stop)
    {
        for (var (partner, key, read) = ("", "", 1000); read == 1000;)
        {
            await using var command = Command(Sql.VerifyRowPartners, Database.Of(generation), Database.Of(partner), Database.Of(key), Database.Of(1000));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (read = 0; await reader.ReadAsync(stop); read++)
            {
                (partner, key) = (reader.GetString(0), reader.GetString(1));
                if (!reader.GetBoolean(2)) throw new HistoryFault(0, $"view_partner names the row {key}, which is not there");
            }
        }
    }

    private async Task Part(int part, int parts, int[] generations, CancellationToken stop)
    {
        var rows = views.Select(_ => new Dictionary<string, Folded>(StringComparer.Ordinal)).ToArray();
        await Fold(0, size, rows, part, parts, stop);
        // What was appended since is folded too where a row has moved on; everything else is compared as it is.
        var (through, later) = (size, new List<(int View, string Key)>());
        for (var view = 0; view < views.Count; view++)
        {
            var missing = new HashSet<string>(rows[view].Keys, StringComparer.Ordinal);
            for (var (after, read) = ("", RowPage); read == RowPage;)
            {
                read = 0;
                await using var command = Command(Sql.VerifyRows, Database.Of(generations[view]), Database.Of(after), Database.Of(RowPage));
                await using var reader = await command.ExecuteReaderAsync(stop);
                while (await reader.ReadAsync(stop))
                {
                    read++;
                    after = reader.GetString(0);
                    if (PartOf(view, after, parts) != part) continue;
                    missing.Remove(after);
                    if (reader.GetInt64(2) > through) later.Add((view, after));
                    else Compare(view, after, rows[view].GetValueOrDefault(after), reader, 1);
                }
            }
            foreach (var key in missing) throw new HistoryFault(rows[view][key].Position, $"view_row has no row {key} of view {views[view].Name}");
        }
        for (var round = 0; later.Count > 0; round++)
        {
            await using var head = Command(Sql.HeadSize);
            var now = (long)(await head.ExecuteScalarAsync(stop))!;
            if (now == through || round == MostRounds) throw new HistoryFault(0, $"row {later[0].Key} of view {views[later[0].View].Name} names a position that the log has not reached");
            await Fold(through, now, rows, part, parts, stop);
            through = now;
            var still = new List<(int View, string Key)>();
            foreach (var (view, key) in later)
            {
                await using var command = Command(Sql.VerifyRow, Database.Of(generations[view]), Database.Of(key));
                await using var reader = await command.ExecuteReaderAsync(stop);
                if (!await reader.ReadAsync(stop)) throw new HistoryFault(0, $"row {key} of view {views[view].Name} vanished");
                if (reader.GetInt64(1) > through) still.Add((view, key));
                else Compare(view, key, rows[view].GetValueOrDefault(key), reader, 0);
            }
            later = still;
        }
    }

    private void Compare(int view, string key, Folded? folded, Npgsql.NpgsqlDataReader row, int from)
    {
        var name = $"row {key} of view {views[view].Name}";
        if (folded is null) throw new HistoryFault(0, $"{name} is not of any event");
        if (row.GetInt64(from) != folded.Version || row.GetInt64(from + 1) != folded.Position)
            throw new HistoryFault(folded.Position, $"{name} stands elsewhere", $"version {folded.Version} at {folded.Position}", $"version {row.GetInt64(from)} at {row.GetInt64(from + 1)}");
        if (!row.GetFieldValue<byte[]>(from + 2).AsSpan().SequenceEqual(views[view].Write(folded.Value!))) throw new HistoryFault(folded.Position, $"{name} is not what its events fold to");
        if (!row.GetFieldValue<string[]>(from + 3).Order(StringComparer.Ordinal).SequenceEqual(folded.Partners)) throw new HistoryFault(folded.Position, $"view_partner finds {name} under other partners than it ever concerned");
    }

    private static int PartOf(int view, string key, int parts) => parts == 1 ? 0 : (int)((uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)parts);

    private async Task Fold(long after, long through, Dictionary<string, Folded>[] rows, int part, int parts, CancellationToken stop)
    {
        while (after < through)
        {
            var page = new List<StoredEvent>();
            await using (var command = Command(Sql.EventsAfter, Database.Of(after), Database.Of(through), Database.Of(Page)))
            await using (var reader = await command.ExecuteReaderAsync(stop))
                while (await reader.ReadAsync(stop))
                {
                    after = reader.GetInt64(0);
                    page.Add(Event(after, reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
                }
            if (page.Count == 0) throw new HistoryFault(after + 1, "ledger_entry has no row");
            foreach (var e in page)
            {
                var keysOf = Preparer.KeysOf(views, e);
                for (var view = 0; view < views.Count; view++)
                    foreach (var key in keysOf[view])
                        if (PartOf(view, key, parts) == part) Fold(view, key, e, rows[view]);
            }
        }
    }

    private void Fold(int view, string key, StoredEvent e, Dictionary<string, Folded> rows)
    {
        var there = rows.TryGetValue(key, out var row);
        if (e.Event is ForeignEvent)
        {
            if (there) (row!.Version, row.Position) = (e.Version, e.Position);
            return;
        }
        row ??= rows[key] = new();
        if (row.Value is not null) Concern(views[view].PartnersOf(row.Value), e.Position, row);
        row.Value = views[view].Evolve(row.Value, e);
        (row.Version, row.Position) = (e.Version, e.Position);
        Concern(views[view].PartnersOf(row.Value), e.Position, row);
    }

    private void Concern(IEnumerable<string> partners, long position, Folded row)
    {
        foreach (var partner in partners)
        {
            row.Partners.Add(partner);
            concerned.Add(partner, position);
        }
    }
}
