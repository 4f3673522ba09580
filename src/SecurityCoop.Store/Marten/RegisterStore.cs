using System.Collections.Concurrent;
using System.Security.Cryptography;
using Marten;
using Npgsql;
using Db = SecurityCoop.Store.Database;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// The register in PostgreSQL: commands are written through it, records are read as Marten documents. One instance a process.
/// </summary>
public sealed class RegisterStore : IAsyncDisposable
{
    private readonly RegisterDocuments documents;
    private readonly KeyFolder keys;
    private readonly Preparer preparer;
    private readonly ConcurrentDictionary<string, Task> keysInFlight = new(StringComparer.Ordinal);

    private RegisterStore(RegisterDocuments documents, KeyFolder keys, Guid log)
    {
        (this.documents, this.keys) = (documents, keys);
        preparer = new(log, documents.Model.Types, [], keys);
        Committer = new(documents);
    }

    /// <summary>The Marten store, for reading.</summary>
    public IDocumentStore Documents => documents.Store;

    internal Committer Committer { get; }

    /// <param name="connectionString">The application's role.</param>
    /// <param name="keyFolder">Where the keys of protected values and of idempotency lie; made (mode 0700) while the log is empty.</param>
    /// <param name="more">More of Marten's configuration: subscriptions and the like.</param>
    /// <exception cref="StartRefused">The key folder cannot be used, its keys are missing, or Marten is not configured as it must
    /// be.</exception>
    public static async Task<RegisterStore> Open(
        string connectionString, RegisterModel model, string keyFolder, Action<StoreOptions>? more = null, CancellationToken stop = default)
    {
        var documents = RegisterDocuments.Open(connectionString, model, more);
        try
        {
            await using var head = documents.Database.CreateCommand("select log, size from register.log_head");
            await using var reader = await head.ExecuteReaderAsync(stop);
            await reader.ReadAsync(stop);
            var (log, size) = (reader.GetGuid(0), reader.GetInt64(1));
            return new(documents, KeyFolder.Open(keyFolder, mayMake: size == 0, log: new ProtectedSubjects(documents.Database)), log);
        }
        catch
        {
            await documents.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Writes one command's events, whole or not at all; returns when they are committed, on disk, and in every document.
    /// </summary>
    /// <param name="stop">Before the command is taken into a commit this drops it; afterwards the caller only stops waiting.</param>
    /// <exception cref="VersionConflict">A stream is not at the version expected.</exception>
    /// <exception cref="ReferenceTaken">The reference asked for belongs to another stream.</exception>
    /// <exception cref="AlreadyDone">The key was used with the same body: the first answer.</exception>
    /// <exception cref="KeyReused">The key was used with another body.</exception>
    /// <exception cref="StoreBusy">The queue is full.</exception>
    /// <exception cref="StoreAway">The database cannot be reached; nothing was written.</exception>
    /// <exception cref="NotCommitted">The database refused for a reason that passes; nothing was written.</exception>
    /// <exception cref="OutcomeUnknown">The database was lost during the commit and cannot be asked.</exception>
    /// <exception cref="ViewFailed">A record could not fold an event.</exception>
    /// <exception cref="DocumentsOutdated">The documents were made by another definition.</exception>
    public async Task<AppendResult> Append(AppendRequest request, CancellationToken stop = default)
    {
        var hmacs = request.Key is { } key ? KeyHmacs.Of(key, keys) : null;
        var prepared = preparer.Prepare(request, hmacs);
        if (hmacs is null) return await Committer.Append(prepared, stop).WaitAsync(stop);

        // The same key at once: the others wait for the first and are answered with what it did.
        var name = LockedHead.NameOf(hmacs.Key);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!keysInFlight.TryAdd(name, mine.Task))
        {
            if (keysInFlight.TryGetValue(name, out var first)) await first.WaitAsync(stop);
            if (await FindKey(hmacs, stop) is { } answer) throw new AlreadyDone(answer);
        }
        try
        {
            var outcome = Committer.Append(prepared, stop);
            _ = Release(outcome);
            return await outcome.WaitAsync(stop);
        }
        catch (StoreBusy)
        {
            Free();
            throw;
        }
        catch (KeyTaken)
        {
            throw new AlreadyDone(await FindKey(hmacs, stop) ?? throw new InvalidOperationException("An idempotency key vanished."));
        }
        catch (Exception refusal) when (refusal is VersionConflict or ReferenceTaken)
        {
            // It may be the key's first use, sent to another process, that moved the stream.
            if (await FindKey(hmacs, stop) is { } answer) throw new AlreadyDone(answer);
            throw;
        }

        // However long its caller waits, the key is in use until the command's outcome is there.
        async Task Release(Task outcome)
        {
            await outcome.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Free();
        }

        void Free()
        {
            keysInFlight.TryRemove(name, out _);
            mine.TrySetResult();
        }
    }

    /// <summary>The first answer to this key: null where it was not used yet.</summary>
    /// <exception cref="KeyReused">It was used with another body.</exception>
    public Task<KeyAnswer?> FindKey(IdempotencyKey key, CancellationToken stop = default) => FindKey(KeyHmacs.Of(key, keys), stop);

    private async Task<KeyAnswer?> FindKey(KeyHmacs hmacs, CancellationToken stop)
    {
        long first, last;
        await using (var command = documents.Database.CreateCommand(Sql.FindKey).With(Db.Of(hmacs.Key)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            if (!await reader.ReadAsync(stop)) return null;
            if (!CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), hmacs.Body)) throw new KeyReused();
            if (!reader.IsDBNull(3)) return new(null, reader.GetFieldValue<byte[]>(3));
            (first, last) = (reader.GetInt64(1), reader.GetInt64(2));
        }
        return new(await ResultOf(first, last, stop), null);
    }

    // The answer to a command, made again from its events.
    private async Task<AppendResult> ResultOf(long first, long last, CancellationToken stop)
    {
        var headers = new List<(long Position, EventHeader Header)>();
        var between = documents.Database.CreateCommand(Sql.EventsAfter).With(Db.Of(first - 1), Db.Of(last), Db.Of(int.MaxValue));
        await using (between)
        await using (var reader = await between.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) headers.Add((reader.GetInt64(0), Headers.Read(reader.GetFieldValue<byte[]>(1))));
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] streams = [.. headers.Select(h => h.Header.Stream).Distinct()];
        await using (var command = documents.Database.CreateCommand(Sql.ReferencesOf).With(Db.Of(streams)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) references[reader.GetString(0)] = reader.GetString(1);
        return new(first, last, headers[0].Header.RecordedAt, [.. headers.Select(h => new AppendedEvent(
            h.Header.EventId, h.Header.Stream, h.Header.Version, h.Header.Type, h.Position,
            references.GetValueOrDefault(h.Header.Stream)))]);
    }

    /// <summary>Ends the writer after what waits is written, then closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Committer.DisposeAsync();
        await documents.DisposeAsync();
    }
}
