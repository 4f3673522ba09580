using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.EventStore;

/// <summary>An event on its way into the views that are rebuilt: for each of them, the keys that it touches.</summary>
internal sealed record Folding(StoredEvent Event, string[][] Keys);

/// <summary>
/// The rows of the generations being built. They stay in memory up to a budget; what was not touched while half of it filled up is written out
/// and, when an event touches it again, read back. Events come in the order of the log.
/// </summary>
/// <param name="generations">For each view, the generation that its rows go to.</param>
/// <param name="indexEvents">For each view, whether its events are to be indexed by partner anew (the index has no generations; it is only ever added to).</param>
internal sealed class RebuiltRows(IReadOnlyList<View> views, int[] generations, bool[] indexEvents, NpgsqlConnection connection, long budget)
{
    private const int PageRows = 2000, PageBytes = 4 << 20;

    private readonly record struct At(int View, string Key);

    private sealed class Row
    {
        public object? Value;
        public long Version, Position, Bytes;

        /// <summary>Every partner that it was seen to concern, and how many of them are written.</summary>
        public string[] Partners = [];
        public int PartnersWritten;
        public bool Stored, Changed;
    }

    private Dictionary<At, Row> young = [], old = [];
    private long youngBytes;

    // Whether a row may have been written out and forgotten: one bit by hash. A wrong yes costs a look, a wrong no is impossible.
    private ulong[]? forgotten;

    private readonly List<(string Partner, long Position)> eventPartners = [];

    /// <summary>Rows and pairs of row and partner touched since they were last taken: for comparing. Null until somebody wants to know.</summary>
    public (HashSet<(int View, string Key)> Rows, HashSet<(int View, string Partner, string Key)> Partners)? Touched { get; set; }

    /// <exception cref="ViewFailed">A view could not fold an event, or write its row.</exception>
    public async Task Fold(IReadOnlyList<Folding> page, CancellationToken stop)
    {
        await ReadBack(page, stop);
        foreach (var (e, keys) in page)
            for (var view = 0; view < keys.Length; view++)
                foreach (var key in keys[view]) Fold(new(view, key), e);
        if (eventPartners.Count > 0) await WriteEventPartners(stop);
        if (youngBytes > budget / 2) await Turn(stop);
    }

    /// <summary>Writes everything that is not written yet; it stays in memory too.</summary>
    public async Task Flush(CancellationToken stop)
    {
        await Write(old, stop);
        await Write(young, stop);
    }

    private void Fold(At at, StoredEvent e)
    {
        var view = views[at.View];
        var row = Find(at) ?? Put(at, new() { Bytes = 200 + 2 * at.Key.Length });
        try
        {
            var before = row.Value;
            row.Value = view.Evolve(before, e);
            if (indexEvents[at.View])
            {
                if (before is not null)
                    foreach (var partner in view.PartnersOf(before)) eventPartners.Add((partner, e.Position));
                foreach (var partner in view.PartnersOf(row.Value)) eventPartners.Add((partner, e.Position));
            }
            foreach (var partner in view.PartnersOf(row.Value))
                if (Array.IndexOf(row.Partners, partner) < 0)
                {
                    row.Partners = [.. row.Partners, partner];
                    Touched?.Partners.Add((at.View, partner, at.Key));
                }
        }
        catch (Exception failure)
        {
            throw new ViewFailed(view.Name, e.Type, e.Position, failure);
        }
        (row.Version, row.Position, row.Changed) = (e.Version, e.Position, true);
        var grown = 3 * e.BodyBytes.Length;
        row.Bytes += grown;
        youngBytes += grown;
        Touched?.Rows.Add((at.View, at.Key));
    }

    private Row? Find(At at)
    {
        if (young.TryGetValue(at, out var row)) return row;
        return old.Remove(at, out row) ? Put(at, row) : null;
    }

    private Row Put(At at, Row row)
    {
        young.Add(at, row);
        youngBytes += row.Bytes;
        return row;
    }

    private async Task Turn(CancellationToken stop)
    {
        await Write(old, stop);
        forgotten ??= new ulong[1 << 20];
        foreach (var at in old.Keys) forgotten[Bit(at) >> 6] |= 1UL << (Bit(at) & 63);
        (young, old, youngBytes) = ([], young, 0);
    }

    private static int Bit(At at) => at.GetHashCode() & ((1 << 26) - 1);

    private async Task ReadBack(IReadOnlyList<Folding> page, CancellationToken stop)
    {
        if (forgotten is null) return;
        var missing = new HashSet<At>();
        foreach (var (_, keys) in page)
            for (var view = 0; view < keys.Length; view++)
                foreach (var key in keys[view])
                    if (new At(view, key) is var at && (forgotten[Bit(at) >> 6] & (1UL << (Bit(at) & 63))) != 0 && Find(at) is null) missing.Add(at);
        foreach (var asked in missing.Chunk(PageRows))
        {
            await using var command = new NpgsqlCommand(Sql.ReadRows, connection)
                .With(Database.Of([.. asked.Select(a => generations[a.View])]), Database.Of([.. asked.Select(a => a.Key)]));
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                var at = asked[(int)reader.GetInt64(0) - 1];
                var document = reader.GetFieldValue<byte[]>(3);
                Put(at, new()
                {
                    Value = views[at.View].Read(document), Version = reader.GetInt64(1), Position = reader.GetInt64(2), Stored = true,
                    Bytes = Weight(at, document),
                });
            }
        }
    }

    private async Task Write(Dictionary<At, Row> rows, CancellationToken stop)
    {
        var (page, bytes) = (new List<(At At, Row Row, byte[] Document)>(), 0);
        foreach (var (at, row) in rows)
        {
            if (!row.Changed) continue;
            var document = Document(at, row);
            if (ReferenceEquals(rows, young)) youngBytes += Weight(at, document) - row.Bytes;
            row.Bytes = Weight(at, document);
            page.Add((at, row, document));
            bytes += document.Length;
            if (page.Count < PageRows && bytes < PageBytes) continue;
            await Write(page, stop);
            page.Clear();
            bytes = 0;
        }
        if (page.Count > 0) await Write(page, stop);
    }

    private async Task Write(List<(At At, Row Row, byte[] Document)> page, CancellationToken stop)
    {
        var fresh = page.Where(p => !p.Row.Stored).ToArray();
        if (fresh.Length > 0)
        {
            await using (var copy = await connection.BeginBinaryImportAsync(Sql.CopyRows, stop))
            {
                foreach (var (at, row, document) in fresh)
                {
                    copy.StartRow();
                    copy.Write(generations[at.View], NpgsqlDbType.Integer);
                    copy.Write(at.Key, NpgsqlDbType.Text);
                    copy.Write(row.Version, NpgsqlDbType.Bigint);
                    copy.Write(row.Position, NpgsqlDbType.Bigint);
                    copy.Write(document, NpgsqlDbType.Bytea);
                }
                await copy.CompleteAsync(stop);
            }
            await using var partners = await connection.BeginBinaryImportAsync(Sql.CopyRowPartners, stop);
            foreach (var (at, row, _) in fresh)
                foreach (var partner in row.Partners)
                {
                    partners.StartRow();
                    partners.Write(generations[at.View], NpgsqlDbType.Integer);
                    partners.Write(partner, NpgsqlDbType.Text);
                    partners.Write(at.Key, NpgsqlDbType.Text);
                }
            await partners.CompleteAsync(stop);
        }
        var stored = page.Where(p => p.Row.Stored).ToArray();
        if (stored.Length > 0)
        {
            await using var update = new NpgsqlCommand(Sql.UpdateRows, connection).With(
                Database.Of([.. stored.Select(s => generations[s.At.View])]), Database.Of([.. stored.Select(s => s.At.Key)]),
                Database.Of([.. stored.Select(s => s.Row.Version)]), Database.Of([.. stored.Select(s => s.Row.Position)]),
                Database.Of([.. stored.Select(s => s.Document)]));
            await update.ExecuteNonQueryAsync(stop);
            // A row that was read back does not know its earlier partners: they are there already.
            var pairs = stored.SelectMany(s => s.Row.Partners.Skip(s.Row.PartnersWritten).Select(p => (s.At, Partner: p))).ToArray();
            await using var add = new NpgsqlCommand(Sql.AddRowPartners, connection).With(
                Database.Of([.. pairs.Select(p => generations[p.At.View])]), Database.Of([.. pairs.Select(p => p.Partner)]), Database.Of([.. pairs.Select(p => p.At.Key)]));
            if (pairs.Length > 0) await add.ExecuteNonQueryAsync(stop);
        }
        foreach (var (_, row, _) in page) (row.Stored, row.Changed, row.PartnersWritten) = (true, false, row.Partners.Length);
    }

    private async Task WriteEventPartners(CancellationToken stop)
    {
        var pairs = eventPartners.Distinct().ToArray();
        eventPartners.Clear();
        await using var add = new NpgsqlCommand(Sql.AddEventPartners, connection)
            .With(Database.Of([.. pairs.Select(p => p.Partner)]), Database.Of([.. pairs.Select(p => p.Position)]));
        await add.ExecuteNonQueryAsync(stop);
    }

    private byte[] Document(At at, Row row)
    {
        try
        {
            return views[at.View].Write(row.Value!);
        }
        catch (Exception failure)
        {
            throw new ViewFailed(views[at.View].Name, "(its row)", row.Position, failure);
        }
    }

    private static long Weight(At at, byte[] document) => 200 + 2 * at.Key.Length + 3 * document.Length;
}
