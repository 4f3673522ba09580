using System.Text.Json;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>The tables beside the log and the ledger.</summary>
internal sealed partial class DatabaseCheck
{
    private async Task Strays(CancellationToken stop)
    {
        await using (var command = Command(Sql.VerifyStrays))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            if (await reader.ReadAsync(stop)) throw new HistoryFault(Math.Max(reader.GetInt64(0), 1), $"{reader.GetString(1)} has a row outside 1 to {size}, at {reader.GetInt64(0)}, or lacks one not yet sealed");
        await using (var command = Command(Sql.VerifyStrayTiles))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            if (await reader.ReadAsync(stop)) throw new HistoryFault(0, $"ledger_tile has a row {reader.GetInt32(0)}/{reader.GetInt64(1)} that a log of {size} events does not fill");
    }

    // The stored checkpoints, each row against its own note; and the keys that the log names, as far as they signed one.
    private async Task<(List<Note> Notes, List<VerifierKey> Keys)> Checkpoints(Guid log, VerifierKey trusted, CancellationToken stop)
    {
        var notes = new List<Note>();
        await using (var command = Command(Sql.VerifyCheckpoints))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
            {
                var at = reader.GetInt64(1);
                try
                {
                    var note = Note.Parse(reader.GetFieldValue<byte[]>(3));
                    if (Checkpoint.Parse(note.Text) is var said && (said.Origin != reader.GetString(0) || !said.SameTree(new("", at, reader.GetFieldValue<byte[]>(2)))))
                        throw new HistoryFault(Math.Min(at, size), "ledger_checkpoint has a row that does not say what its note says");
                    if (at <= size) notes.Add(note);
                    else if (said.Origin == trusted.Name) later++; // Signed since the head was read; or, if it goes on like this, of a log that was larger.
                    else notes.Add(note);
                }
                catch (FormatException bad)
                {
                    throw new HistoryFault(Math.Min(at, size), $"ledger_checkpoint has a row whose note cannot be read: {bad.Message}");
                }
            }
        if (later > 0)
        {
            await using var again = Command(Sql.VerifyHead);
            await using var reader = await again.ExecuteReaderAsync(stop);
            await reader.ReadAsync(stop);
            if (reader.GetInt64(0) == size) throw new HistoryFault(size + 1, "checkpoints were signed of more events than there are", null, null);
        }
        var named = new HashSet<VerifierKey> { trusted };
        await using (var command = Command(Sql.EventsOfStream, Database.Of(LedgerEvents.StreamOf(log)), Database.Of(0L), Database.Of(size), Database.Of(int.MaxValue)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                foreach (var member in Texts(reader.GetFieldValue<byte[]>(2)))
                    if (Key(member) is { } key) named.Add(key);
        // A body that cannot be read, or a key in it, is a fault of its event, and is found there.
        var signed = notes.SelectMany(n => n.Signatures).Select(s => (s.Name, s.KeyId)).ToHashSet();
        return (notes, [.. named.Where(k => signed.Contains((k.Name, k.Id)))]);
    }

    private static IEnumerable<string> Texts(byte[] body)
    {
        if (!CanonicalJson.Is(body) || JsonElement.Parse(body) is not { ValueKind: JsonValueKind.Object } members) return [];
        return members.EnumerateObject().Select(m => m.Value).Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!);
    }

    private static VerifierKey? Key(string text)
    {
        try
        {
            return VerifierKey.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task Tables(CancellationToken stop)
    {
        for (var (after, read) = ("", 1000); read == 1000;)
        {
            await using var command = Command(Sql.VerifyStreams, Database.Of(after), Database.Of(1000));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (read = 0; await reader.ReadAsync(stop); read++)
            {
                after = reader.GetString(0);
                if (reader.IsDBNull(2)) throw new HistoryFault(0, $"mt_streams has a row {after} without events");
                if (reader.IsDBNull(1) || !reader.GetBoolean(1)) throw new HistoryFault(reader.GetInt64(2), $"the row of stream {after} in mt_streams is not what its events make it");
            }
        }
        for (var (after, read) = ("", 1000); read == 1000;)
        {
            await using var command = Command(Sql.VerifyReferences, Database.Of(after), Database.Of(1000));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (read = 0; await reader.ReadAsync(stop); read++)
            {
                after = reader.GetString(0);
                if (!reader.GetBoolean(1)) throw new HistoryFault(0, $"stream_reference has {after}, which no record's first event has");
            }
        }
        for (var (after, read) = (Array.Empty<byte>(), 1000); read == 1000;)
        {
            await using var command = Command(Sql.VerifyAnswers, Database.Of(after), Database.Of(1000));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (read = 0; await reader.ReadAsync(stop); read++)
            {
                after = reader.GetFieldValue<byte[]>(0);
                if (reader.GetBoolean(2)) throw new HistoryFault(reader.GetInt64(1), "idempotency names events that are not those of its command");
            }
        }
        await using (var command = Command(Sql.VerifyCounters))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            if (await reader.ReadAsync(stop)) throw new HistoryFault(0, $"reference_counter of {reader.GetString(0)} is not the largest number given");
        var known = RegisterMigrations.Migrations.Select(m => (m.Number, m.Name, m.Sha256));
        var applied = new List<(int, string, string)>();
        await using (var command = Command(Sql.VerifyMigrations))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) applied.Add((reader.GetInt32(0), reader.GetString(1), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(2))));
        if (!applied.SequenceEqual(known)) throw new HistoryFault(0, "schema_migration is not the list of this program's migrations");
    }
}
