using System.Globalization;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// The checks of a bundle on the database itself, and every column that the bundle does not hold against what it was derived from. Reads
/// only, by position, in short statements; what is appended meanwhile is left to the next time. Shares nothing with what writes but the
/// folds of the records.
/// </summary>
/// <param name="connection">Open; best one that cannot write.</param>
/// <param name="progress">Told of events checked, and of how many.</param>
internal sealed partial class DatabaseCheck(
    NpgsqlConnection connection, RegisterModel model, KeyFolder keys, Action<long, long>? progress = null)
{
    private const int Page = 200;

    private readonly Preparer preparer = new(default, model.Types, keys);
    private HistoryCheck history = null!;
    private long size;
    private byte[] frontier = [];
    private DateTime recordedAt, lastRecordedAt;
    private int later; // checkpoints of more events than the head had when it was read

    /// <summary>Checks the whole database: `securitycoop verify`.</summary>
    /// <param name="trusted">The key by which checkpoints are verified.</param>
    /// <param name="earlier">A checkpoint that the auditor kept.</param>
    /// <exception cref="HistoryFault">The first fault.</exception>
    public async Task<Sound> Run(VerifierKey trusted, Note? earlier = null, CancellationToken stop = default)
    {
        byte[] root;
        Guid log;
        await using (var command = Command(Sql.VerifyHead))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            if (!await reader.ReadAsync(stop) || reader.GetInt64(6) != 1 || !reader.GetBoolean(5)) throw new HistoryFault(0, "log_head does not have one row");
            (size, root, frontier, recordedAt, log) = (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetDateTime(3), reader.GetGuid(4));
        }
        await Strays(stop);
        var (notes, named) = await Checkpoints(log, trusted, stop);
        history = new(trusted, named, notes, earlier);
        history.Signatures();
        var computed = MerkleFrontier.Of(0, []);
        for (var after = 0L; after < size; after = Math.Min(size, after + Page))
        {
            await Entries(after, Math.Min(size, after + Page), log, computed, stop);
            progress?.Invoke(Math.Min(size, after + Page), size);
        }
        if (!computed.Root().AsSpan().SequenceEqual(root)) throw new HistoryFault(size, "log_head's root is not the tree's", Convert.ToHexStringLower(computed.Root()), Convert.ToHexStringLower(root));
        if (!computed.Bytes().AsSpan().SequenceEqual(frontier)) throw new HistoryFault(size, "log_head's frontier is not the tree's");
        if (size > 0 && recordedAt != lastRecordedAt) throw new HistoryFault(size, "log_head's time is not that of the newest event", $"{lastRecordedAt:O}", $"{recordedAt:O}");
        await Tables(stop);
        await Records(stop);
        await ErasedMeanwhile(log, stop);
        return history.End(covered: false);
    }

    /// <summary>An event of the log as it is folded.</summary>
    private StoredEvent Event(long position, byte[] header, byte[] body)
    {
        try
        {
            return preparer.Read(position, header, body);
        }
        catch (Exception unreadable) when (unreadable is UnknownEventType or UnreadableEvent)
        {
            throw new HistoryFault(position, unreadable.Message);
        }
    }

    // Whoever is erased while the history is read has no key any more, and the event that says so stands behind what is read: it is in the log before the key goes (ADR 31). Of
    // what was appended meanwhile each event is read by itself; the tree over them is left to the next time.
    private async Task ErasedMeanwhile(Guid log, CancellationToken stop)
    {
        if (!history.AwaitsErasure) return;
        long now;
        await using (var command = Command(Sql.VerifyHead))
        await using (var reader = await command.ExecuteReaderAsync(stop)) now = await reader.ReadAsync(stop) ? reader.GetInt64(0) : size;
        for (var after = size; after < now && history.AwaitsErasure; after = Math.Min(now, after + Page))
            foreach (var entry in await Read(after, Math.Min(now, after + Page), log, stop)) history.Erasure(entry);
    }

    private async Task Entries(long after, long through, Guid log, MerkleFrontier computed, CancellationToken stop)
    {
        var page = await Read(after, through, log, stop);
        var values = await Protected(after + 1, through, stop);
        foreach (var entry in page)
        {
            var filled = new List<FilledTile>();
            computed.Add(entry.Leaf, filled);
            history.Add(entry);
            Values(entry, values);
            foreach (var tile in filled) await Tile(tile, stop);
        }
        if (values.Count > 0) throw new HistoryFault(values.Keys.Min(k => k.Position), "protected_value has a row that the event's header does not name");
        if (page.Count > 0) lastRecordedAt = new(page[^1].RecordedAt, DateTimeKind.Utc);
    }

    // Each event of a page by itself: header, body and leaf in the ledger, and its row in the log.
    private async Task<List<ExaminedEvent>> Read(long after, long through, Guid log, CancellationToken stop)
    {
        var page = new List<ExaminedEvent>();
        await using (var command = Command(Sql.VerifyPage, Database.Of(after), Database.Of(through)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
            {
                var position = reader.GetInt64(0);
                if (reader.IsDBNull(1)) throw new HistoryFault(position, "ledger_entry has no row");
                if (reader.IsDBNull(4)) throw new HistoryFault(position, "mt_events has no row");
                var (header, body, leaf) = (reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
                ExaminedEvent entry;
                try
                {
                    entry = ExaminedEvent.Examine((byte[])[0x00, .. header], body);
                }
                catch (HistoryFault fault)
                {
                    throw new HistoryFault(position, fault.Message);
                }
                if (!entry.Leaf.AsSpan().SequenceEqual(leaf)) throw new HistoryFault(position, "the leaf is not the header's", Convert.ToHexStringLower(entry.Leaf), Convert.ToHexStringLower(leaf));
                Columns(position, entry, JsonElement.Parse(header), log, reader);
                page.Add(entry);
            }
        return page;
    }

    // The row of mt_events against the header, member by member, and both jsonb copies against the bytes.
    private static void Columns(long position, ExaminedEvent entry, JsonElement header, Guid log, NpgsqlDataReader row)
    {
        void Same(string column, string? expected, string? found)
        {
            if (expected != found) throw new HistoryFault(position, $"mt_events.{column} is not what the header says", expected ?? "nothing", found ?? "nothing");
        }

        string? Header(string member) => header.TryGetProperty(member, out var value) ? value.GetString() : null;
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        Same("id", $"{entry.EventId}", row.GetGuid(5).ToString("D"));
        Same("stream_id", $"{entry.Stream}", Text(6));
        Same("version", Number(entry.Version), Number(row.GetInt64(7)));
        Same("type", $"{entry.Type}", Text(9));
        Same("timestamp", Number(entry.RecordedAt), Number(row.GetDateTime(10).Ticks));
        Same("correlation_id", Header("correlation"), Text(11));
        Same("causation_id", Header("causation"), Text(12));
        Same("user_name", Header("actor"), Text(14));
        Same("(stream_reference)", entry.Version == 1 ? Header("reference") : null, Text(17));
        if ($"{entry.Log}" is var its && its != log.ToString("D")) throw new HistoryFault(position, "the event is of another log than log_head says", log.ToString("D"), its);
        if (!row.IsDBNull(18)) throw new HistoryFault(position, "mt_events.bdata is not empty");
        if (row.IsDBNull(15) || !row.GetBoolean(15)) throw new HistoryFault(position, "mt_events.tenant_id or is_archived is not what every event has");
        if (!row.GetBoolean(16)) throw new HistoryFault(position, "mt_streams has no row for the event's stream");
        if (!SameJson(header, Parse(Text(13), position, "headers"))) throw new HistoryFault(position, "mt_events.headers is not the header");
        if (!SameJson(Parse(System.Text.Encoding.UTF8.GetString(entry.Body.Span), position, "body"), Parse(Text(8), position, "data"))) throw new HistoryFault(position, "mt_events.data is not the body");
    }

    private static JsonElement Parse(string? json, long position, string column)
    {
        try
        {
            return JsonElement.Parse(json ?? "");
        }
        catch (JsonException)
        {
            throw new HistoryFault(position, $"mt_events.{column} is missing");
        }
    }

    /// <summary>The same value, numbers written in the same way: jsonb keeps 1.0 and 1 apart where SQL's = does not.</summary>
    internal static bool SameJson(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind) return false;
        switch (one.ValueKind)
        {
            case JsonValueKind.Object:
                return one.GetPropertyCount() == other.GetPropertyCount() && one.EnumerateObject().All(m => other.TryGetProperty(m.Name, out var value) && SameJson(m.Value, value));
            case JsonValueKind.Array:
                return one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(p => SameJson(p.First, p.Second));
            case JsonValueKind.String: return one.GetString() == other.GetString();
            case JsonValueKind.Number: return one.GetRawText() == other.GetRawText();
            case JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null: return true;
        }
        return false;
    }

    private async Task<Dictionary<(long Position, string Pointer), (string Subject, byte[] Ciphertext)>> Protected(long from, long through, CancellationToken stop)
    {
        var values = new Dictionary<(long, string), (string, byte[])>();
        await using var command = Command(Sql.ProtectedBetween, Database.Of(from), Database.Of(through));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) values[(reader.GetInt64(0), reader.GetString(1))] = (reader.GetString(2), reader.GetFieldValue<byte[]>(3));
        return values;
    }

    // Every value of the event is there; with its key it opens to what was committed to, without it its erasure follows.
    private void Values(ExaminedEvent entry, Dictionary<(long Position, string Pointer), (string Subject, byte[] Ciphertext)> values)
    {
        foreach (var place in entry.Protected)
        {
            if (!values.Remove((history.Size, place.Pointer), out var stored)) throw new HistoryFault(history.Size, $"protected_value has no row for {place.Pointer}");
            if (stored.Subject != place.Subject) throw new HistoryFault(history.Size, $"protected_value.subject of {place.Pointer} is another", place.Subject, stored.Subject);
            if (history.Size <= keys.WithheldThrough) history.Value(entry, place, Disposition.Withheld, default);
            else if (keys.Find(place.Subject) is not { } key) history.Value(entry, place, Disposition.Erased, default);
            else
            {
                byte[] opened;
                try
                {
                    opened = ProtectedValues.Unseal(Guid.Parse(entry.EventId.ToString()), place.Pointer, stored.Ciphertext, key);
                }
                catch (System.Security.Cryptography.CryptographicException)
                {
                    throw new HistoryFault(history.Size, $"protected_value.ciphertext of {place.Pointer} does not open with the subject's key");
                }
                history.Value(entry, place, Disposition.Opened, opened);
            }
        }
    }

    private async Task Tile(FilledTile tile, CancellationToken stop)
    {
        await using var command = Command(Sql.VerifyTile, Database.Of(tile.Id.Level), Database.Of(tile.Id.Index));
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop)) throw new HistoryFault(history.Size, $"ledger_tile has no row {tile.Id.Level}/{tile.Id.Index}");
        history.Tile(tile.Id, reader.GetFieldValue<byte[]>(0));
        if (!tile.Root.AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(1))) throw new HistoryFault(history.Size, $"the root of tile {tile.Id.Level}/{tile.Id.Index} is not that of its hashes");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private NpgsqlCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters) => new NpgsqlCommand(statement, connection).With(parameters);
}
