using System.Text.Json;
using Npgsql;
using SecurityCoop.Ledger;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

// Every record's document against the fold of its stream's events.
internal sealed partial class DatabaseCheck
{
    private const int DocumentPage = 200;

    private async Task Records(CancellationToken stop)
    {
        await Definition(stop);
        var concerned = new EventPartnersCheck(size);
        foreach (var kind in model.Kinds)
            for (var (after, read) = ((string?)null, DocumentPage); read == DocumentPage;)
                (after, read) = await Documents(kind, after, concerned, stop);
        await concerned.Compare(connection, stop);
    }

    private async Task Definition(CancellationToken stop)
    {
        await using var command = Command(Sql.RecordsMadeBy);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var records = reader.GetString(1);
        // An empty log takes any definition.
        if (reader.GetInt64(0) > 0 && records != model.Definition)
            throw new HistoryFault(
                0, "log_head.records: the documents were made by other folds than this program's", model.Definition, records);
    }

    // The streams and documents after an id: the last of them, and how many there were.
    private async Task<(string? Last, int Count)> Documents(
        RecordKind kind, string? after, EventPartnersCheck concerned, CancellationToken stop)
    {
        var (stored, count, folded) = ((StoredDocument?)null, 0, (RecordDocument?)null);
        await using var command = Command(Sql.VerifyDocuments(kind, after is null), Db.Of(after ?? ""), Db.Of(DocumentPage));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            if (stored?.Id != reader.GetString(0))
            {
                if (stored is not null) Compare(kind, stored, folded);
                (stored, folded) = (StoredDocument.Read(reader), null);
                count++;
            }
            if (reader.IsDBNull(5)) continue;
            var position = reader.GetInt64(5);
            if (reader.IsDBNull(6)) throw new HistoryFault(position, "ledger_entry has no row");
            var e = Event(position, reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7));
            try
            {
                folded = kind.Fold(folded, e);
            }
            catch (Exception failure)
            {
                throw new HistoryFault(position, $"the fold of {kind.Name} fails on this event: {failure.GetType().Name}");
            }
            foreach (var partner in e.Partners) concerned.Add(partner, position);
        }
        if (stored is not null) Compare(kind, stored, folded);
        return (stored?.Id ?? after, count);
    }

    private static void Compare(RecordKind kind, StoredDocument stored, RecordDocument? folded)
    {
        var (table, id) = ($"mt_doc_{kind.Name}", stored.Id);
        if (folded is null) throw new HistoryFault(0, $"{table} has a document {id}, which is not of any event");
        var at = folded.Position;
        if (!stored.IsThere) throw new HistoryFault(at, $"{table} has no document {id}");
        if (stored.Version != folded.Version)
            throw new HistoryFault(at, $"{table}.mt_version of {id} is not its stream's", $"{folded.Version}", $"{stored.Version}");
        if (stored.Partners is not { } partners || !partners.AsSpan().SequenceEqual(folded.Partners))
            throw new HistoryFault(at, $"{table}.partners finds {id} under other partners than it ever concerned",
                string.Join(' ', folded.Partners), string.Join(' ', stored.Partners ?? []));
        var (expected, found) = (JsonElement.Parse(kind.Write(folded)), JsonElement.Parse(stored.Data));
        if (SameJson(expected, found)) return;
        var member = found.ValueKind == JsonValueKind.Object
            ? expected.EnumerateObject().FirstOrDefault(m => !(found.TryGetProperty(m.Name, out var its) && SameJson(m.Value, its)))
            : default;
        var which = member.Value.ValueKind == JsonValueKind.Undefined ? "other members" : $"member {member.Name}";
        throw new HistoryFault(at, $"{table}.data of {id} is not what its events fold to ({which})");
    }

    private sealed record StoredDocument(string Id, bool IsThere, string Data, string[]? Partners, long Version)
    {
        public static StoredDocument Read(NpgsqlDataReader row) => !row.GetBoolean(1) ? new(row.GetString(0), false, "", null, 0)
            : new(row.GetString(0), true, row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<string[]>(3), row.GetInt64(4));
    }
}
