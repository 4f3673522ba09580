using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SecurityCoop.Store;

/// <summary>What can be asked. Nothing here holds a snapshot longer than one short statement.</summary>
public sealed partial class RegisterStore
{
    private const int Page = 500;

    /// <summary>The head, as it is after the call began.</summary>
    public async Task<Head> Head(CancellationToken stop = default)
    {
        var head = await heads.Ask().WaitAsync(stop);
        return new(head.Size, head.Root, head.Epoch, head.RecordedAt);
    }

    /// <summary>
    /// Waits until the log reaches beyond a position. What other processes append is heard of by NOTIFY, or at the latest after
    /// <see cref="RegisterStoreOptions.Poll"/>.
    /// </summary>
    /// <param name="patience">How long to wait at most.</param>
    /// <returns>The head's size: beyond the position, unless patience ran out.</returns>
    public async Task<long> HeadBeyond(long position, TimeSpan patience, CancellationToken stop = default)
    {
        bell.Listen();
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            var news = bell.Next; // Before looking: what is committed after the look then ends the wait.
            var size = (await heads.Ask().WaitAsync(stop)).Size;
            var left = patience - Stopwatch.GetElapsedTime(begun);
            if (size > position || left <= TimeSpan.Zero) return size;
            await news.WaitAsync(left < poll ? left : poll, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The events of several streams in the order of the log, up to a position.</summary>
    /// <exception cref="UnknownEventType">One of them is unknown to this program.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadStreams(IReadOnlyCollection<string> streams, long throughPosition, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var after = 0L; ;)
        {
            var page = new List<StoredEvent>();
            await using (var command = database.CreateCommand(Sql.EventsOfStreams)
                .With(Database.Of([.. streams]), Database.Of(after), Database.Of(throughPosition), Database.Of(Page)))
                await ReadPage(command, page, stop);
            foreach (var e in page) yield return e;
            if (page.Count < Page) yield break;
            after = page[^1].Position;
        }
    }

    /// <summary>A stream's events in order, up to a position of the log.</summary>
    /// <exception cref="UnknownEventType">One of them is unknown to this program.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadStream(string stream, long throughPosition = long.MaxValue, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var version = 0L; ;)
        {
            var page = new List<StoredEvent>();
            await using (var command = database.CreateCommand(Sql.EventsOfStream)
                .With(Database.Of(stream), Database.Of(version), Database.Of(throughPosition), Database.Of(Page)))
                await ReadPage(command, page, stop);
            foreach (var e in page) yield return e;
            if (page.Count < Page) yield break;
            version = page[^1].Version;
        }
    }

    /// <summary>Events in the order of the log, up to the head as it is when reading begins.</summary>
    /// <exception cref="UnknownEventType">One of them is unknown to this program.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadAll(EventFilter filter, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var through = Math.Min((await Head(stop)).Size, filter.Through ?? long.MaxValue);
        var after = filter.After;
        if (filter.From is { } from) after = Math.Max(after, (await PositionAt(Before(from), stop)).Position);
        if (filter.To is { } to) through = Math.Min(through, (await PositionAt(Before(to), stop)).Position);
        var (left, bytes) = (filter.Limit ?? int.MaxValue, filter.Bytes ?? long.MaxValue);
        while (after < through && left > 0)
        {
            var page = new List<StoredEvent>();
            var limit = Math.Min(left, Page);
            // Where few events match, a statement still looks at so many positions and no more.
            var until = filter.Type is null && filter.Actor is null ? through : Math.Min(through, after + 20 * Page);
            await using (var command = Select(filter, after, until, limit)) bytes = await ReadPage(command, page, stop, bytes);
            foreach (var e in page) yield return e;
            if (bytes <= 0) yield break;
            left -= page.Count;
            after = page.Count == limit ? page[^1].Position : until;
        }
    }

    // Nothing lies before the first instant that there is.
    private static DateTime Before(DateTime instant) => instant > DateTime.MinValue ? instant.AddTicks(-1) : instant;

    /// <summary>The bodies of the next events after a position, at most so many, as they are stored. For indexes: no record is made of them, and no type has to be known.</summary>
    public async Task<IReadOnlyList<StoredBody>> ReadBodies(long after, int limit, CancellationToken stop = default)
    {
        var page = new List<StoredBody>();
        await using var command = database.CreateCommand(Sql.EventsAfter).With(Database.Of(after), Database.Of((await Head(stop)).Size), Database.Of(limit));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (stream, effective, sources) = Headers.Place(reader.GetFieldValue<byte[]>(1));
            page.Add(new(reader.GetInt64(0), stream, effective, reader.GetFieldValue<byte[]>(2), sources));
        }
        return page;
    }

    private Npgsql.NpgsqlCommand Select(EventFilter filter, long after, long until, int limit)
    {
        if (filter is { Stream: null, Partner: null, Type: null, Actor: null })
            return database.CreateCommand(Sql.EventsAfter).With(Database.Of(after), Database.Of(until), Database.Of(limit));
        return database.CreateCommand(Sql.EventsWhere(filter)).With(
            Database.Of(after), Database.Of(until), Database.Of(limit), Database.Of(filter.Stream ?? ""), Database.Of(filter.Partner ?? ""),
            Database.Of(filter.Type ?? ""), Database.Of(filter.Actor ?? ""));
    }

    // Reads rows until their bytes reach a number; what is left of it.
    private async Task<long> ReadPage(Npgsql.NpgsqlCommand command, List<StoredEvent> page, CancellationToken stop, long bytes = long.MaxValue)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (bytes > 0 && await reader.ReadAsync(stop))
        {
            var e = preparer.Read(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
            page.Add(e);
            bytes -= e.HeaderBytes.Length + e.BodyBytes.Length;
        }
        return bytes;
    }

    /// <summary>The streams of a kind that have events behind a position, up to another.</summary>
    /// <param name="kind">As stream ids begin with it.</param>
    public async Task<IReadOnlyList<string>> StreamsChanged(string kind, long after, long through, CancellationToken stop = default)
    {
        var streams = new List<string>();
        await using var command = database.CreateCommand(Sql.StreamsChanged)
            .With(Database.Of($"{kind}-%"), Database.Of(after), Database.Of(through));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) streams.Add(reader.GetString(0));
        return streams;
    }

    /// <summary>The stream that has this reference, or null.</summary>
    public async Task<string?> StreamOf(string reference, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.StreamOf).With(Database.Of(reference));
        return await command.ExecuteScalarAsync(stop) as string;
    }

    /// <summary>Streams by reference; references that there are not are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StreamsOf(IReadOnlyCollection<string> references, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.StreamsOf).With(Database.Of([.. references]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var streams = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop)) streams[reader.GetString(0)] = reader.GetString(1);
        return streams;
    }

    /// <summary>The stream's reference, or null.</summary>
    public async Task<string?> ReferenceOf(string stream, CancellationToken stop = default) => (await ReferencesOf([stream], stop)).GetValueOrDefault(stream);

    /// <summary>References by stream; streams without one are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReferencesOf(IReadOnlyCollection<string> streams, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.ReferencesOf).With(Database.Of([.. streams]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop)) references[reader.GetString(0)] = reader.GetString(1);
        return references;
    }

    /// <summary>The last position recorded at or before an instant (UTC); provisional where the instant lies after the head's.</summary>
    public async Task<Resolved> PositionAt(DateTime instant, CancellationToken stop = default)
    {
        var at = instant.ToUniversalTime();
        var head = await heads.Ask().WaitAsync(stop);
        if (at >= head.RecordedAt) return new(head.Size, at > head.RecordedAt);
        await using var command = database.CreateCommand(Sql.PositionAt).With(Database.Of(at), Database.Of(head.Size));
        return new((long)(await command.ExecuteScalarAsync(stop))!, false);
    }

    /// <summary>When the events at these positions were recorded (UTC).</summary>
    public async Task<IReadOnlyDictionary<long, DateTime>> TimesAt(IReadOnlyCollection<long> positions, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.TimesAt).With(Database.Of([.. positions]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var times = new Dictionary<long, DateTime>(positions.Count);
        while (await reader.ReadAsync(stop)) times[reader.GetInt64(0)] = reader.GetDateTime(1);
        return times;
    }

    /// <summary>Snapshots of the database that other connections, of whatever program, keep open at this moment. The same one again is the same process with the same Horizon.</summary>
    public async Task<IReadOnlyList<HeldSnapshot>> HeldSnapshots(CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.HeldSnapshots);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var held = new List<HeldSnapshot>();
        while (await reader.ReadAsync(stop)) held.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return held;
    }

    /// <summary>Opens a protected value of an event; null where its body has none at this pointer, or its key was destroyed.</summary>
    /// <param name="pointer">JSON pointer into the body, as in the header's Protected.</param>
    public async Task<JsonElement?> Open(StoredEvent e, string pointer, CancellationToken stop = default)
    {
        if (e.Header.Protected.FirstOrDefault(p => p.Pointer == pointer) is not { } field || keys.Find(field.Subject, e.Position) is not { } key) return null;
        await using var command = database.CreateCommand(Sql.ReadProtected).With(Database.Of(e.Position), Database.Of(pointer));
        if (await command.ExecuteScalarAsync(stop) is not byte[] sealedBytes) return null;
        return Parse(ProtectedValues.Open(e.Id, pointer, sealedBytes, key));
    }

    /// <summary>How many values are protected under the subject's key, in the events of whatever stream.</summary>
    public async Task<long> CountProtected(string subject, long through, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.CountProtected).With(Database.Of(subject), Database.Of(through));
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Every protected value whose key is there, in the order of the log. For indexes kept in memory only.</summary>
    /// <param name="afterPosition">Only those of later events.</param>
    public async Task<IReadOnlyList<OpenedValue>> OpenAll(long afterPosition = 0, CancellationToken stop = default)
    {
        var opened = new List<OpenedValue>();
        // No pointer sorts after this one.
        for (var (position, pointer) = (afterPosition, "\U0010FFFF"); ;)
        {
            var read = 0;
            await using var command = database.CreateCommand(Sql.ProtectedAfter).With(Database.Of(position), Database.Of(pointer), Database.Of(Page));
            await using var reader = await command.ExecuteReaderAsync(stop);
            for (; await reader.ReadAsync(stop); read++)
            {
                (position, pointer) = (reader.GetInt64(0), reader.GetString(1));
                var subject = reader.GetString(2);
                if (keys.Find(subject, position) is { } key)
                    opened.Add(new(position, reader.GetString(5), pointer, subject,
                        Parse(ProtectedValues.Open(reader.GetGuid(4), pointer, reader.GetFieldValue<byte[]>(3), key))));
            }
            if (read < Page) return opened;
        }
    }

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
