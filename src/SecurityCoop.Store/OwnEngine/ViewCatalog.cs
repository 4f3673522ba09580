using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>Which generation of rows belongs to each view, and whether it was made by the definition that this process has.</summary>
internal sealed class ViewCatalog(IReadOnlyList<View> views)
{
    // Generations by view, null where the stored definition is another, as they were at an epoch of the head: only with another epoch are they others.
    private sealed record Known(long Epoch, int?[] Generations);

    // Replaced whole, never changed; one at a time, so that what was read earlier never stands in the place of what was read later.
    private readonly SemaphoreSlim checking = new(1);
    private volatile Known known = new(-1, new int?[views.Count]);

    /// <summary>The epoch at which the generations were these: what a statement read with them counts only if it saw the same one.</summary>
    public long Epoch => known.Epoch;

    /// <summary>Whether an import was begun and is not at its end.</summary>
    public bool Importing { get; private set; }

    /// <summary>Whether every view's rows were made by the definition that this process has.</summary>
    public bool IsCurrent => !known.Generations.Contains(null);

    /// <exception cref="ViewOutdated">Its rows were made by another definition.</exception>
    public int Generation(int view) => known.Generations[view] ?? throw new ViewOutdated(views[view].Name);

    /// <exception cref="ViewOutdated">Some view's rows were made by another definition: a process that folds differently must not write.</exception>
    public void MustBeCurrent()
    {
        for (var view = 0; view < views.Count; view++) Generation(view);
    }

    /// <summary>The index of a view given to the store.</summary>
    /// <exception cref="ArgumentException">It was not.</exception>
    public int IndexOf(View view)
    {
        for (var i = 0; i < views.Count; i++)
            if (ReferenceEquals(views[i], view)) return i;
        throw new ArgumentException($"View {view.Name} was not given to this store.", nameof(view));
    }

    /// <summary>Compares the definitions with the stored ones.</summary>
    /// <param name="adopt">Whether an empty log may take these definitions. At the start only: it takes the head, which the writer may hold later on.</param>
    public async Task Check(NpgsqlDataSource database, bool adopt, CancellationToken stop = default)
    {
        await checking.WaitAsync(stop);
        try
        {
            await CheckNow(database, adopt, stop);
        }
        finally
        {
            checking.Release();
        }
    }

    private async Task CheckNow(NpgsqlDataSource database, bool adopt, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        var (epoch, stored) = await Stored(connection, stop);
        if (adopt && views.Any(v => !IsMadeBy(v, stored)))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await using var take = new NpgsqlCommand(Sql.RaiseEpoch, connection);
            var head = await Database.ReadHead(take, stop);
            if (head.Size == 0)
            {
                (_, stored) = await Stored(connection, stop); // Another process may have stored them while this one waited.
                foreach (var view in views.Where(v => !IsMadeBy(v, stored)))
                {
                    await using var save = new NpgsqlCommand(stored.ContainsKey(view.Name) ? Sql.RedefineView : Sql.AddView, connection)
                        .With(Database.Of(view.Name), Database.Of(Hash(view)));
                    await save.ExecuteNonQueryAsync(stop);
                }
                (epoch, stored) = await Stored(connection, stop);
                await transaction.CommitAsync(stop);
            }
        }
        Importing = stored.ContainsKey(Sql.ImportMark);
        known = new(epoch, [.. views.Select(v => IsMadeBy(v, stored) ? stored[v.Name].Generation : (int?)null)]);
    }

    /// <summary>Views whose stored rows were made by another definition, or that are not stored at all.</summary>
    public IReadOnlyList<View> Outdated => [.. views.Where((_, i) => known.Generations[i] is null)];

    /// <summary>Whether the stored rows of a view were made by this definition of it.</summary>
    public static bool IsMadeBy(View view, Dictionary<string, (int Generation, string Definition)> stored) =>
        stored.TryGetValue(view.Name, out var found) && found.Definition == Hash(view);

    public static string Hash(View view) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(view.Definition)));

    /// <summary>Every stored view, at an epoch.</summary>
    public static async Task<(long Epoch, Dictionary<string, (int Generation, string Definition)> Views)> Stored(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Sql.ReadViews, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var (epoch, stored) = (0L, new Dictionary<string, (int, string)>(StringComparer.Ordinal));
        while (await reader.ReadAsync(stop))
        {
            epoch = reader.GetInt64(0);
            if (!reader.IsDBNull(1)) stored[reader.GetString(1)] = (reader.GetInt32(2), reader.GetString(3));
        }
        return (epoch, stored);
    }
}
