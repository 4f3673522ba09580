using System.Text.Json;
using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>A history as a file (docs/export.md), read by position in short statements up to the size at the beginning.</summary>
internal sealed class HistoryExport(NpgsqlDataSource database, KeyFolder keys, LedgerKeys ledgerKeys)
{
    private const int Entries = 250, AnswersAtOnce = 500;

    private const string Head = "select log, size, root from register.log_head";

    // A stream's kind is what its name begins with.
    private const string EventsAfter =
        """
        select l.position, l.header, l.body, case when e.version = 1 then split_part(e.stream_id, '-', 1) end, e.mt_dotnet_type
        from register.ledger_entry l join register.mt_events e on e.seq_id = l.position
        where l.position > $1 and l.position <= $2 order by l.position limit $3
        """;

    /// <summary>Writes what there is now.</summary>
    /// <param name="keysTo">
    /// Takes the keys; the history then holds the digests of idempotency keys too, which are of no use without them. Null: neither.
    /// </param>
    /// <param name="progress">Told after each page how many events are written, and of how many.</param>
    public async Task<ExportHead> Write(Stream to, Stream? keysTo, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        ExportHead head;
        await using (var command = Command(Head))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            await reader.ReadAsync(stop);
            head = new(reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }
        head = head with { Key = ledgerKeys.Current?.Public.ToString() ?? ledgerKeys.Previous };
        using var writer = new ExportWriter(to, ExportWriter.History, head);
        for (var after = 0L; after < head.Size; progress?.Invoke(after, head.Size))
        {
            after = await Page(writer, after, head.Size, stop);
            await writer.Flush(stop);
        }
        var newest = await Checkpoints(writer, head, stop);
        if (keysTo is not null) await Answers(writer, head, stop);
        await writer.End(stop);
        if (keysTo is not null) await Keys(keysTo, head, newest, stop);
        return head;
    }

    private async Task<long> Page(ExportWriter writer, long after, long through, CancellationToken stop)
    {
        var page = new List<(long Position, Action<Utf8JsonWriter> Members)>();
        await using (var command = Command(EventsAfter, Database.Of(after), Database.Of(through), Database.Of(Entries)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
            {
                var (header, body) = (reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
                var (kind, dotnetType) = (Optional(3), Optional(4));
                page.Add((reader.GetInt64(0), line =>
                {
                    line.WriteString("header", header);
                    line.WriteString("body", body);
                    if (kind is not null) line.WriteString("kind", kind);
                    if (dotnetType is not null) line.WriteString("dotnetType", dotnetType);
                }));

                string? Optional(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            }
        if (page.Count == 0) throw new InvalidDataException($"The ledger has no entry after position {after}.");
        var values = new List<(long Position, string Pointer, string Subject, byte[] Ciphertext)>();
        await using (var command = Command(Sql.ProtectedBetween, Database.Of(page[0].Position), Database.Of(page[^1].Position)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                values.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        var byPosition = values.ToLookup(v => v.Position);
        foreach (var (position, members) in page)
            writer.Line(line =>
            {
                members(line);
                if (!byPosition.Contains(position)) return;
                line.WriteStartArray("protected");
                foreach (var value in byPosition[position])
                {
                    line.WriteStartArray();
                    line.WriteStringValue(value.Pointer);
                    line.WriteStringValue(value.Subject);
                    line.WriteBase64StringValue(value.Ciphertext);
                    line.WriteEndArray();
                }
                line.WriteEndArray();
            });
        return page[^1].Position;
    }

    // The newest of the current origin comes back: it is the last that whoever takes the history over knows to be signed.
    private async Task<Checkpoint?> Checkpoints(ExportWriter writer, ExportHead head, CancellationToken stop)
    {
        var origin = ledgerKeys.Current?.Public.Name ?? await NewestOrigin(stop) ?? "";
        Checkpoint? newest = null;
        await using var command = Command(
            Sql.RetainedCheckpoints, Database.Of(origin), Database.Of(head.Size), Database.Of(LedgerEvents.StreamOf(head.Log)));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (note, signedAt) = (reader.GetFieldValue<byte[]>(3), reader.GetDateTime(4));
            writer.Line(line =>
            {
                line.WriteString("checkpoint", note);
                line.WriteString("signedAt", signedAt);
            });
            var checkpoint = Checkpoint.Parse(Note.Parse(note).Text);
            if (checkpoint.Origin == origin) newest = checkpoint; // They come by size.
        }
        return newest;
    }

    private async Task Answers(ExportWriter writer, ExportHead head, CancellationToken stop)
    {
        for (byte[] after = []; ;)
        {
            var read = 0;
            await using (var command = Command(Sql.AnswersAfter, Database.Of(after), Database.Of(head.Size), Database.Of(AnswersAtOnce)))
            await using (var reader = await command.ExecuteReaderAsync(stop))
                for (; await reader.ReadAsync(stop); read++)
                {
                    after = reader.GetFieldValue<byte[]>(0);
                    writer.Line(line =>
                    {
                        line.WriteBase64String("key", reader.GetFieldValue<byte[]>(0));
                        line.WriteBase64String("of", reader.GetFieldValue<byte[]>(1));
                        if (!reader.IsDBNull(2)) line.WriteString("command", reader.GetGuid(2));
                        if (!reader.IsDBNull(3)) line.WriteNumber("first", reader.GetInt64(3));
                        if (!reader.IsDBNull(4)) line.WriteNumber("last", reader.GetInt64(4));
                        if (!reader.IsDBNull(5)) line.WriteBase64String("answer", reader.GetFieldValue<byte[]>(5));
                    });
                }
            await writer.Flush(stop);
            if (read < AnswersAtOnce) return;
        }
    }

    private async Task Keys(Stream to, ExportHead head, Checkpoint? newest, CancellationToken stop)
    {
        using var writer = new ExportWriter(to, ExportWriter.Keys, head);
        foreach (var (name, content) in keys.Files().Concat(ledgerKeys.Files(newest)))
            writer.Line(line =>
            {
                line.WriteString("file", name);
                line.WriteBase64String("content", content);
            });
        await writer.End(stop);
    }

    private async Task<string?> NewestOrigin(CancellationToken stop)
    {
        await using var command = Command(Sql.NewestOrigin);
        return await command.ExecuteScalarAsync(stop) as string;
    }

    private NpgsqlCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        database.CreateCommand(statement).With(parameters);
}
