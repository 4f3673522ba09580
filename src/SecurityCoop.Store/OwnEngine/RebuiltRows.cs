using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace SecurityCoop.Store;

/// <summary>A row of one of the views that are rebuilt: the view by its index.</summary>
internal readonly record struct RowKey(int View, string Key);

/// <summary>Where a view's rebuilt rows go.</summary>
/// <param name="Generation">The generation that they are written to.</param>
/// <param name="Live">The live generation, where a row that is the same there need not be written; null where every row is to be.</param>
/// <param name="IndexEvents">Whether its events are to be indexed by partner anew (the index has no generations; it is only ever added to).</param>
internal sealed record RebuildTarget(View View, int Generation, int? Live, bool IndexEvents);

/// <summary>
/// The rows being built. They stay in memory up to a budget; what was not touched while a third of it filled up leaves, while folding goes on: as live where
/// the live row is the same, written otherwise, and a written one is read back when an event touches it again. Events come in the order of the log.
/// </summary>
/// <param name="seen">The log's size before any live row was looked at.</param>
internal sealed class RebuiltRows(IReadOnlyList<RebuildTarget> targets, NpgsqlConnection connection, long budget, long seen)
{
    private const int PageRows = 2000, PageBytes = 4 << 20;

    private sealed class Row
    {
        public object? Value;
        public long Version, Position, Bytes;

        /// <summary>Every partner that it was seen to concern since it was last read back.</summary>
        public string[] Partners = [];
        public bool Written;
    }

    private sealed record Leaving(RowKey Key, Row Row, byte[] Document)
    {
        public bool AsLive { get; set; }
    }

    private Dictionary<RowKey, Row> young = [], old = [], leaving = [];
    private List<(string Partner, long Position)> eventPartners = [];
    private long youngBytes;
    private Task<List<Leaving>> left = Task.FromResult<List<Leaving>>([]);

    // Of rows that left, and of the partners of those that are as live: whether they were written. By digest, since there may be very many.
    private readonly Dictionary<UInt128, bool> gone = [];

    /// <summary>The log's size before any live row was looked at.</summary>
    public long Seen => seen;

    /// <summary>Rows, and pairs of row and partner, written since this was last taken: for comparing. Null until somebody wants to know.</summary>
    public (HashSet<RowKey> Rows, HashSet<(string Partner, RowKey Row)> Partners)? Written { get; set; }

    /// <summary>Live rows that were what the events before had folded to, though the log had gone on when they were looked at, with that event's position.</summary>
    public Dictionary<RowKey, long> Behind { get; } = [];

    /// <summary>Whether the live row was found to be what its events fold to. What it becomes by later events is the appends' doing.</summary>
    public bool IsAsLive(RowKey row) => gone.TryGetValue(Digest(row, ""), out var written) && !written;

    /// <summary>Whether such a row was found by this partner too.</summary>
    public bool IsAsLive(string partner, RowKey row) => gone.ContainsKey(Digest(row, partner));

    /// <exception cref="ViewFailed">A view could not fold an event, or write its row.</exception>
    public async Task Fold(IReadOnlyList<Folding> page, CancellationToken stop)
    {
        await ReadBack(page, stop);
        foreach (var (e, rows) in page)
            foreach (var key in rows) Fold(key, e);
        if (youngBytes <= budget / 3) return;
        await Settle();
        (leaving, old, young, youngBytes) = (old, young, [], 0);
        Leave(stop);
    }

    /// <summary>Lets every row leave.</summary>
    public async Task Flush(CancellationToken stop)
    {
        foreach (var rows in new[] { old, young })
        {
            await Settle();
            leaving = rows;
            Leave(stop);
        }
        await Settle();
        (young, old, youngBytes) = ([], [], 0);
    }

    /// <summary>Waits for rows on their way out, whatever becomes of them.</summary>
    public async Task Rest() => await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Fold(RowKey key, StoredEvent e)
    {
        var view = targets[key.View].View;
        if (Find(key) is not { } row)
        {
            if (gone.Count > 0 && IsAsLive(key))
            {
                if (e.Position <= seen) Behind.TryAdd(key, e.Position);
                return;
            }
            if (e.Event is ForeignEvent) return;
            row = Put(key, new() { Bytes = 200 + 2 * key.Key.Length });
        }
        if (e.Event is not ForeignEvent) Evolve(view, key, row, e);
        (row.Version, row.Position) = (e.Version, e.Position);
        var grown = 3 * e.BodyBytes.Length;
        row.Bytes += grown;
        youngBytes += grown;
    }

    private void Evolve(View view, RowKey key, Row row, StoredEvent e)
    {
        try
        {
            var before = row.Value;
            row.Value = view.Evolve(before, e);
            var partners = view.PartnersOf(row.Value);
            if (targets[key.View].IndexEvents)
                foreach (var partner in before is null ? partners : view.PartnersOf(before).Union(partners)) eventPartners.Add((partner, e.Position));
            foreach (var partner in partners)
                if (Array.IndexOf(row.Partners, partner) < 0) row.Partners = [.. row.Partners, partner];
        }
        catch (Exception failure)
        {
            throw new ViewFailed(view.Name, e.Type, e.Position, failure);
        }
    }

    private Row? Find(RowKey key)
    {
        if (young.TryGetValue(key, out var row)) return row;
        return old.Remove(key, out row) ? Put(key, row) : null;
    }

    private Row Put(RowKey key, Row row)
    {
        young.Add(key, row);
        youngBytes += row.Bytes;
        return row;
    }

    private async Task ReadBack(IReadOnlyList<Folding> page, CancellationToken stop)
    {
        if (gone.Count == 0 && leaving.Count == 0) return;
        var absent = page.SelectMany(p => p.Rows).Where(r => Find(r) is null).ToHashSet();
        if (absent.Any(leaving.ContainsKey)) await Settle();
        var written = absent.Where(r => gone.GetValueOrDefault(Digest(r, ""))).ToArray();
        if (written.Length > 0) await Settle(); // The connection is the one that rows leave by.
        foreach (var asked in written.Chunk(PageRows))
        {
            await using var command = new NpgsqlCommand(Sql.ReadRows, connection)
                .With(Database.Of([.. asked.Select(a => targets[a.View].Generation)]), Database.Of([.. asked.Select(a => a.Key)]));
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                var key = asked[(int)reader.GetInt64(0) - 1];
                var document = reader.GetFieldValue<byte[]>(3);
                Put(key, new()
                {
                    Value = targets[key.View].View.Read(document), Version = reader.GetInt64(1), Position = reader.GetInt64(2), Written = true,
                    Bytes = 200 + 2 * key.Key.Length + 3 * document.Length,
                });
            }
        }
    }

    private void Leave(CancellationToken stop)
    {
        var (rows, partners) = (leaving, eventPartners);
        eventPartners = [];
        left = Task.Run(() => Leave(rows, partners, stop), CancellationToken.None);
    }

    // Takes in what became of the rows that left.
    private async Task Settle()
    {
        foreach (var (key, row, _) in await left)
        {
            gone[Digest(key, "")] = row.Written;
            if (!row.Written)
                foreach (var partner in row.Partners) gone[Digest(key, partner)] = false;
            else if (Written is { } written)
            {
                written.Rows.Add(key);
                foreach (var partner in row.Partners) written.Partners.Add((partner, key));
            }
        }
        (left, leaving) = (Task.FromResult<List<Leaving>>([]), []);
    }

    private async Task<List<Leaving>> Leave(Dictionary<RowKey, Row> rows, List<(string Partner, long Position)> partners, CancellationToken stop)
    {
        var all = new List<Leaving>(rows.Count);
        var (page, bytes) = (new List<Leaving>(), 0);
        foreach (var (key, row) in rows)
        {
            page.Add(new(key, row, Document(key, row)));
            bytes += page[^1].Document.Length;
            if (page.Count < PageRows && bytes < PageBytes) continue;
            await Leave(page, stop);
        }
        await Leave(page, stop);
        foreach (var some in partners.Distinct().Chunk(PageRows))
        {
            await using var add = new NpgsqlCommand(Sql.AddEventPartners, connection)
                .With(Database.Of([.. some.Select(p => p.Partner)]), Database.Of([.. some.Select(p => p.Position)]));
            await add.ExecuteNonQueryAsync(stop);
        }
        return all;

        async Task Leave(List<Leaving> some, CancellationToken stopped)
        {
            await MarkAsLive([.. some.Where(s => targets[s.Key.View].Live is not null && !s.Row.Written)], stopped);
            await Write([.. some.Where(s => !s.AsLive)], stopped);
            // Only who they are is kept of them.
            all.AddRange(some.Select(s => s with { Row = new() { Written = s.Row.Written, Partners = s.Row.Partners }, Document = [] }));
            some.Clear();
            bytes = 0;
        }
    }

    private async Task MarkAsLive(Leaving[] rows, CancellationToken stop)
    {
        if (rows.Length == 0) return;
        await using (var same = new NpgsqlCommand(Sql.RowsAsLive, connection).With(
            Database.Of([.. rows.Select(r => targets[r.Key.View].Live!.Value)]), Database.Of([.. rows.Select(r => r.Key.Key)]),
            Database.Of([.. rows.Select(r => r.Row.Version)]), Database.Of([.. rows.Select(r => r.Row.Position)]),
            Database.Of([.. rows.Select(r => SHA256.HashData(r.Document))])))
        await using (var reader = await same.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) rows[(int)reader.GetInt64(0) - 1].AsLive = true;
        var pairs = rows.Where(r => r.AsLive).SelectMany(r => r.Row.Partners.Select(p => (Row: r, Partner: p))).ToArray();
        if (pairs.Length == 0) return;
        await using var lacking = new NpgsqlCommand(Sql.PartnersNotLive, connection).With(
            Database.Of([.. pairs.Select(p => targets[p.Row.Key.View].Live!.Value)]), Database.Of([.. pairs.Select(p => p.Partner)]), Database.Of([.. pairs.Select(p => p.Row.Key.Key)]));
        await using (var reader = await lacking.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) pairs[(int)reader.GetInt64(0) - 1].Row.AsLive = false;
    }

    private async Task Write(Leaving[] rows, CancellationToken stop)
    {
        var fresh = rows.Where(r => !r.Row.Written).ToArray();
        if (fresh.Length > 0)
        {
            await using (var copy = await connection.BeginBinaryImportAsync(Sql.CopyRows, stop))
            {
                foreach (var (key, row, document) in fresh)
                {
                    copy.StartRow();
                    copy.Write(targets[key.View].Generation, NpgsqlDbType.Integer);
                    copy.Write(key.Key, NpgsqlDbType.Text);
                    copy.Write(row.Version, NpgsqlDbType.Bigint);
                    copy.Write(row.Position, NpgsqlDbType.Bigint);
                    copy.Write(document, NpgsqlDbType.Bytea);
                }
                await copy.CompleteAsync(stop);
            }
            await using var partners = await connection.BeginBinaryImportAsync(Sql.CopyRowPartners, stop);
            foreach (var (key, row, _) in fresh)
                foreach (var partner in row.Partners)
                {
                    partners.StartRow();
                    partners.Write(targets[key.View].Generation, NpgsqlDbType.Integer);
                    partners.Write(partner, NpgsqlDbType.Text);
                    partners.Write(key.Key, NpgsqlDbType.Text);
                }
            await partners.CompleteAsync(stop);
        }
        var again = rows.Where(r => r.Row.Written).ToArray();
        if (again.Length > 0)
        {
            await using var update = new NpgsqlCommand(Sql.UpdateRows, connection).With(
                Database.Of([.. again.Select(s => targets[s.Key.View].Generation)]), Database.Of([.. again.Select(s => s.Key.Key)]),
                Database.Of([.. again.Select(s => s.Row.Version)]), Database.Of([.. again.Select(s => s.Row.Position)]),
                Database.Of([.. again.Select(s => s.Document)]));
            await update.ExecuteNonQueryAsync(stop);
            // Those that it had before it was read back are there already.
            var pairs = again.SelectMany(s => s.Row.Partners.Select(p => (s.Key, Partner: p))).ToArray();
            await using var add = new NpgsqlCommand(Sql.AddRowPartners, connection).With(
                Database.Of([.. pairs.Select(p => targets[p.Key.View].Generation)]), Database.Of([.. pairs.Select(p => p.Partner)]), Database.Of([.. pairs.Select(p => p.Key.Key)]));
            if (pairs.Length > 0) await add.ExecuteNonQueryAsync(stop);
        }
        foreach (var (_, row, _) in rows) row.Written = true;
    }

    private byte[] Document(RowKey key, Row row)
    {
        var view = targets[key.View].View;
        try
        {
            return view.Write(row.Value!);
        }
        catch (Exception failure)
        {
            throw new ViewFailed(view.Name, "(its row)", row.Position, failure);
        }
    }

    // With a partner, of the pair.
    private static UInt128 Digest(RowKey row, string partner)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{row.View} {partner}\0{row.Key}"), digest);
        return System.Runtime.InteropServices.MemoryMarshal.Read<UInt128>(digest);
    }
}
