using Npgsql;

namespace SecurityCoop.Store;

/// <summary>What is kept in memory of a partner: a fold over all rows that concern it. Folds are immutable.</summary>
/// <param name="Views">The views whose rows count.</param>
/// <param name="Empty">The fold of a partner without rows.</param>
/// <param name="With">The fold with newer rows, by key, in place of those that it had. The same rows again change nothing.</param>
public sealed record PartnerFold(IReadOnlyList<View> Views, Func<string, object> Empty, Func<object, IEnumerable<KeyValuePair<string, object>>, object> With);

/// <summary>The folds of the partners asked about, current as the cache is: a commit of ours moves them on; after another process's their newer rows are read.</summary>
internal sealed class PartnerFolds(NpgsqlDataSource database, Cache cache, IReadOnlyList<View> views, ViewCatalog catalog, PartnerFold? fold)
{
    private readonly HashSet<int> counting = fold is null ? [] : [.. fold.Views.Select(v => views.ToList().IndexOf(v))];

    /// <summary>How a batch's rows change each partner that they concern, or concerned before.</summary>
    public IReadOnlyList<(CacheKey Partner, Func<Entry, Entry> Fold)> Changes(Batch batch)
    {
        if (fold is null) return [];
        var rows = new Dictionary<string, List<KeyValuePair<string, object>>>(StringComparer.Ordinal);
        var bytes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, entry) in batch.Overlay)
        {
            if (!counting.Contains(key.Space)) continue;
            var view = views[key.Space];
            var partners = view.PartnersOf(entry.Value!);
            if (batch.Basis(key).Value is { } before) partners = partners.Union(view.PartnersOf(before));
            foreach (var partner in partners.Distinct())
            {
                if (!rows.TryGetValue(partner, out var of)) rows[partner] = of = [];
                of.Add(new(key.Key, entry.Value!));
                bytes[partner] = bytes.GetValueOrDefault(partner) + (batch.Existed(key) ? 0 : entry.Bytes);
            }
        }
        return [.. rows.Select(r => (new CacheKey(CacheKey.Partner, r.Key),
            (Func<Entry, Entry>)(kept => kept with { Value = fold.With(kept.Value!, r.Value), Bytes = kept.Bytes + bytes[r.Key] })))];
    }

    /// <summary>The partner's fold, at a position no earlier than the cache's when the call began.</summary>
    public async Task<(long Position, object Fold)> Get(string partner, CancellationToken stop)
    {
        if (fold is null) throw new InvalidOperationException("The store was opened without a fold of partners.");
        var key = new CacheKey(CacheKey.Partner, partner);
        while (true)
        {
            var (epoch, byGeneration) = (catalog.Epoch, fold.Views.ToDictionary(v => catalog.Generation(catalog.IndexOf(v))));
            var (at, kept, current) = cache.OfPartner(key);
            if (current) return (at!.Size, kept!.Value!);
            var basis = at?.Epoch == epoch ? kept : null; // Of other generations nothing can be carried on.

            var (mark, bytes, rows) = (default(HeadMark), basis?.Bytes ?? 0, new List<KeyValuePair<string, object>>());
            await using (var command = database.CreateCommand(Sql.RowsOfPartner).With(Database.Of([.. byGeneration.Keys]), Database.Of(partner), Database.Of(basis?.Position ?? 0)))
            await using (var reader = await command.ExecuteReaderAsync(stop))
                while (await reader.ReadAsync(stop))
                {
                    mark = Database.Mark(reader);
                    if (reader.IsDBNull(3)) continue;
                    var document = reader.GetFieldValue<byte[]>(7);
                    bytes += 3 * document.Length;
                    rows.Add(new(reader.GetString(4), byGeneration[reader.GetInt32(3)].Read(document)));
                }
            if (mark.Epoch != epoch)
            {
                // These may be rows of a generation that was just replaced.
                await catalog.Check(database, adopt: false, stop);
                continue;
            }
            var value = fold.With(basis?.Value ?? fold.Empty(partner), rows);
            cache.Add(mark, [new(key, new(value, 1, mark.Size, bytes))]);
            return (mark.Size, value);
        }
    }
}
