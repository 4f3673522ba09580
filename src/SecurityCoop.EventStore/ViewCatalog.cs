using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SecurityCoop.EventStore;

/// <summary>Which generation of rows belongs to each view, and whether it was made by the definition that this process has.</summary>
internal sealed class ViewCatalog(IReadOnlyList<View> views)
{
    // Null where the stored definition is another. Replaced whole, never changed.
    private volatile int?[] generations = new int?[views.Count];

    /// <exception cref="ViewOutdated">Its rows were made by another definition.</exception>
    public int Generation(int view) => generations[view] ?? throw new ViewOutdated(views[view].Name);

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
        await using var connection = await database.OpenConnectionAsync(stop);
        var stored = await Stored(connection, stop);
        if (adopt && views.Any(v => !IsCurrent(v, stored)))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await using var take = new NpgsqlCommand(Sql.RaiseEpoch, connection);
            var head = await Database.ReadHead(take, stop);
            if (head.Size == 0)
            {
                stored = await Stored(connection, stop); // Another process may have stored them while this one waited.
                foreach (var view in views.Where(v => !IsCurrent(v, stored)))
                {
                    await using var save = new NpgsqlCommand(stored.ContainsKey(view.Name) ? Sql.RedefineView : Sql.AddView, connection)
                        .With(Database.Of(view.Name), Database.Of(Hash(view)));
                    await save.ExecuteNonQueryAsync(stop);
                }
                stored = await Stored(connection, stop);
                await transaction.CommitAsync(stop);
            }
        }
        generations = [.. views.Select(v => IsCurrent(v, stored) ? stored[v.Name].Generation : (int?)null)];
    }

    private static bool IsCurrent(View view, Dictionary<string, (int Generation, string Definition)> stored) =>
        stored.TryGetValue(view.Name, out var found) && found.Definition == Hash(view);

    private static string Hash(View view) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(view.Definition)));

    private static async Task<Dictionary<string, (int Generation, string Definition)>> Stored(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Sql.ReadViews, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var stored = new Dictionary<string, (int, string)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop)) stored[reader.GetString(0)] = (reader.GetInt32(1), reader.GetString(2));
        return stored;
    }
}
