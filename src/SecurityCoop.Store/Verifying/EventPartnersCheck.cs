using Npgsql;
using SecurityCoop.Ledger;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

/// <summary>Which events concern which partner: the rows of event_partner against what the folds say.</summary>
/// <param name="size">Events of the log that are compared.</param>
internal sealed class EventPartnersCheck(long size)
{
    private const int Page = 1000;

    private readonly HashSet<(int Partner, long Position)> concerned = [];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    /// <summary>The event concerns the partner, its fold says.</summary>
    public void Add(string partner, long position)
    {
        if (!numbers.TryGetValue(partner, out var number)) numbers[partner] = number = numbers.Count;
        if (position <= size) concerned.Add((number, position));
    }

    /// <exception cref="HistoryFault">A row says otherwise, or is missing.</exception>
    public async Task Compare(NpgsqlConnection connection, CancellationToken stop)
    {
        for (var (position, partner, read) = (0L, "", Page); read == Page;)
        {
            await using var command = new NpgsqlCommand(Sql.VerifyPartners, connection).With(Db.Of(position), Db.Of(partner), Db.Of(Page));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (read = 0; await reader.ReadAsync(stop); read++)
            {
                (partner, position) = (reader.GetString(0), reader.GetInt64(1));
                if (position <= size && !(numbers.TryGetValue(partner, out var number) && concerned.Remove((number, position))))
                    throw new HistoryFault(position, $"event_partner says that the event concerns {partner}, which it does not");
            }
        }
        if (concerned.Count == 0) return;
        var missing = concerned.MinBy(c => c.Position);
        throw new HistoryFault(missing.Position,
            $"event_partner does not say that the event concerns {numbers.First(p => p.Value == missing.Partner).Key}");
    }
}
