using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Marten;
using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Limits of the store; the defaults suit a host of its own.</summary>
public sealed record RegisterStoreOptions
{
    /// <summary>Appends that may wait; one more is refused with <see cref="StoreBusy"/>.</summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Approximate bytes that waiting appends may hold; one more is refused with <see cref="StoreBusy"/>.</summary>
    public long QueueBytes { get; init; } = 64 << 20;

    /// <summary>What is kept in memory of each partner that is asked about; none by default.</summary>
    public PartnerFold? Partners { get; init; }

    /// <summary>
    /// Of partners that were not asked about for the longest nothing is kept, once what is kept was made from more documents than this. By
    /// default what takes a quarter of the memory that this process may use: a meeting with four statements of two hundred letters takes
    /// five thousand bytes, and some take more.
    /// </summary>
    public int MostDocumentsKept { get; init; } =
        (int)Math.Min(int.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / 8192);

    /// <summary>The database is only looked at: no connection can write, and no key or file is made.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// How long commands wait for the log's head where somebody holds it who is no writer; then they are refused
    /// with <see cref="HeadHeld"/>.
    /// </summary>
    public TimeSpan HeadPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Connections for reading; writing has one of its own.</summary>
    public int Readers { get; init; } = 16;

    /// <summary>How long whoever waits for the log to grow waits at most for news of it before it looks by itself.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connection string of the database in which subjects' wrapped keys lie; absent: in the key folder.</summary>
    public string? KeyDatabase { get; init; }

    /// <summary>Where the public key of checkpoints is written for whoever wants it; beside the private one by default.</summary>
    public string? VerifierKeyFile { get; init; }

    /// <summary>Who follows the log once for all hosts, where a <see cref="LogDaemon"/> runs upon this store.</summary>
    public IReadOnlyList<LogFollower> Followers { get; init; } = [];

    /// <summary>More of Marten's configuration: subscriptions and the like.</summary>
    public Action<Marten.StoreOptions>? Marten { get; init; }

    /// <summary>The kind of key that is made where there is none; Ed25519 by default where this machine has it, else ECDSA P-256.</summary>
    public SecurityCoop.Ledger.KeyType? SigningKeyType { get; init; }
}

/// <summary>
/// The register in PostgreSQL: commands are written through it, records are read as Marten documents, events from the ledger. One instance a
/// process.
/// </summary>
public sealed partial class RegisterStore : IAsyncDisposable
{
    private readonly RegisterDocuments documents;
    private readonly NpgsqlDataSource database;
    private readonly string connectionString;
    private readonly KeyFolder keys;
    private readonly Preparer preparer;
    private readonly Committer committer;
    private readonly DocumentPartners partners;
    private readonly HeadCheck heads;
    private readonly Bell bell;
    private readonly TimeSpan poll;
    private readonly ConcurrentDictionary<string, Task> keysInFlight = new(StringComparer.Ordinal);
    private SubjectTable? keyDatabase;
    private volatile HeadState seen;
    private long kept; // Up to here everything is known to be on disk, wherever it must be.

    /// <summary>Whether the database of the keys is on the server of the log: its write-ahead log and its whole backups then hold both.</summary>
    public bool KeysBesideTheLog { get; private init; }

    private RegisterStore(
        string connectionString, RegisterDocuments documents, Guid log, HeadState head, KeyFolder keys, LedgerKeys ledgerKeys,
        RegisterStoreOptions options)
    {
        (this.connectionString, this.documents, database, Log) = (connectionString, documents, documents.Database, log);
        (this.keys, LedgerKeys, poll, seen) = (keys, ledgerKeys, options.Poll, head);
        (preparer, heads, bell) = (new(log, documents.Model.Types, keys), new(database), new(database, connectionString));
        partners = new(documents, options.Partners) { MostDocuments = options.MostDocumentsKept };
        committer = new(documents, options.QueueLength, options.QueueBytes)
        {
            Committed = draft =>
            {
                RaiseKept(draft.Before.Size + draft.Events.Count);
                partners.Committed(draft);
                bell.Committed();
            },
        };
    }

    /// <summary>The Marten store, for reading.</summary>
    public IDocumentStore Documents => documents.Store;

    internal Committer Committer => committer;

    /// <summary>Connections for Wolverine; they end with the store.</summary>
    internal NpgsqlDataSource Messaging => documents.Messaging;

    internal Bell Bell => bell;

    /// <summary>Opens the register of a migrated database.</summary>
    /// <param name="connectionString">The application's role.</param>
    /// <param name="keyFolder">Where the keys of protected values and of idempotency lie; made (mode 0700) while the log is empty.</param>
    /// <exception cref="StartRefused">
    /// The key folder cannot be used, its keys are missing, an import is not done, or Marten is not configured as it must be.
    /// </exception>
    public static async Task<RegisterStore> Open(
        string connectionString, RegisterModel model, string keyFolder, RegisterStoreOptions? options = null, CancellationToken stop = default)
    {
        options ??= new();
        if (options.ReadOnly)
            connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Options = ConnectionPool.ReadOnly }.ConnectionString;
        // The daemon's lock and its pages have connections of their own among the readers'.
        var readers = options.Readers + (options.Followers.Count == 0 ? 0 : 3);
        var documents = RegisterDocuments.Open(connectionString, model, options.HeadPatience, Configure, readers);
        var database = documents.Database;
        SubjectTable? table = null;
        try
        {
            await using var read = database.CreateCommand(Sql.Log);
            var log = (Guid)(await read.ExecuteScalarAsync(stop))!;
            HeadState head;
            await using (var readHead = database.CreateCommand(Sql.ReadHead)) head = await Database.ReadHead(readHead, stop);
            if (head.Records == Sql.ImportUnderWay)
                throw new StartRefused(
                    "An import into this register was not ended: `securitycoop import` with the same file goes on with it.");
            if (options.KeyDatabase is { } elsewhere) table = SubjectTable.Open(elsewhere, log, mayMake: !options.ReadOnly);
            var keys = KeyFolder.Open(keyFolder, mayMake: !options.ReadOnly && head.Size == 0, table, new ProtectedSubjects(database));
            await using var any = database.CreateCommand(Sql.AnyCheckpoint);
            var ledgerKeys = LedgerKeys.Open(
                keyFolder, options.VerifierKeyFile, log, mayMake: !options.ReadOnly && !(bool)(await any.ExecuteScalarAsync(stop))!,
                options.SigningKeyType, publish: !options.ReadOnly);
            return new(connectionString, documents, log, head, keys, ledgerKeys, options)
            {
                keyDatabase = table,
                Followers = options.Followers,
                KeysBesideTheLog = table?.ServerStarted == database.Scalar<DateTime>("select pg_postmaster_start_time()"),
            };
        }
        catch
        {
            table?.Dispose();
            await documents.DisposeAsync();
            throw;
        }

        void Configure(StoreOptions marten)
        {
            foreach (var follower in options.Followers) marten.Projections.Subscribe(new FollowerSubscription(follower));
            options.Marten?.Invoke(marten);
        }
    }

    /// <summary>Writes one command's events, whole or not at all; returns when they are committed, on disk, and in every document.</summary>
    /// <param name="stop">Before the append is taken into a transaction this drops it; afterwards the caller only stops waiting.</param>
    /// <exception cref="VersionConflict">A stream is not at the version expected.</exception>
    /// <exception cref="ReferenceTaken">The reference asked for belongs to another stream.</exception>
    /// <exception cref="AlreadyDone">The key was used with the same body: the first answer.</exception>
    /// <exception cref="KeyReused">The key was used with another body.</exception>
    /// <exception cref="StoreBusy">The queue is full.</exception>
    /// <exception cref="StoreAway">The database cannot be reached; nothing was sent.</exception>
    /// <exception cref="OutcomeUnknown">The database was lost during the commit and cannot be asked.</exception>
    /// <exception cref="NotCommitted">The database refused for a reason that passes; nothing was written.</exception>
    /// <exception cref="HeadHeld">Something held the log's head for too long; nothing was written.</exception>
    /// <exception cref="FoldFailed">A record could not fold an event.</exception>
    /// <exception cref="DocumentsOutdated">The documents were made by another definition.</exception>
    /// <exception cref="NotCanonical">An event holds what has no canonical form.</exception>
    /// <exception cref="SubjectErased">A value is protected for somebody whose key was destroyed.</exception>
    /// <exception cref="SubjectKeyMissing">A value is protected for somebody whose key is not among this host's.</exception>
    /// <exception cref="KeysUnusable">A key cannot be read or written now; nothing was written.</exception>
    /// <exception cref="DiskRefused">The database's disk is full or fails; nothing was written.</exception>
    /// <exception cref="HistoryBroken">The database is not the one that was signed.</exception>
    public async Task<AppendResult> Append(AppendRequest request, CancellationToken stop = default)
    {
        if (Broken is { } why) throw new HistoryBroken(why);
        var hmacs = request.Key is { } key ? KeyHmacs.Of(key, keys) : null;
        var prepared = Prepare(request, hmacs);
        if (hmacs is null) return await committer.Append(prepared, stop).WaitAsync(stop);

        // The same key at once: the others wait for the first and are answered with what it did.
        var name = Convert.ToHexString(hmacs.Key);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!keysInFlight.TryAdd(name, mine.Task))
        {
            if (keysInFlight.TryGetValue(name, out var first)) await first.WaitAsync(stop);
            if (await FindKey(hmacs, stop) is { } answer) throw new AlreadyDone(answer);
        }
        try
        {
            var outcome = committer.Append(prepared, stop);
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

        // However long its caller waits, the key is in use until the append's outcome is there.
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

    // A new subject's key may need a look into the log, or at the database of the keys.
    private PreparedAppend Prepare(AppendRequest request, KeyHmacs? hmacs)
    {
        try
        {
            return preparer.Prepare(request, hmacs);
        }
        catch (NpgsqlException away) when (away.IsTransient || CommitFailure.IsLostConnection(away))
        {
            throw new StoreAway(away);
        }
    }

    /// <summary>The first answer to this key: null where it was not used yet.</summary>
    /// <exception cref="KeyReused">It was used with another body.</exception>
    public Task<KeyAnswer?> FindKey(IdempotencyKey key, CancellationToken stop = default) => FindKey(KeyHmacs.Of(key, keys), stop);

    /// <summary>Keeps the answer of a command that appended nothing, for the next use of its key.</summary>
    /// <exception cref="AlreadyDone">The key was used meanwhile, with the same body.</exception>
    /// <exception cref="KeyReused">The key was used with another body.</exception>
    public async Task RememberAnswer(IdempotencyKey key, byte[] answer, CancellationToken stop = default)
    {
        var hmacs = KeyHmacs.Of(key, keys);
        try
        {
            await using var command = database.CreateCommand(Sql.RememberAnswer).With(Database.Of(hmacs.Key), Database.Of(hmacs.Body), Database.Of(answer));
            await command.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idempotency_pkey" })
        {
            throw new AlreadyDone(await FindKey(hmacs, stop) ?? throw new InvalidOperationException("An idempotency key vanished."));
        }
    }

    private async Task<KeyAnswer?> FindKey(KeyHmacs hmacs, CancellationToken stop)
    {
        long first, last;
        await using (var command = database.CreateCommand(Sql.FindKey).With(Database.Of(hmacs.Key)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            if (!await reader.ReadAsync(stop)) return null;
            if (!CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), hmacs.Body)) throw new KeyReused();
            if (!reader.IsDBNull(3)) return new(null, reader.GetFieldValue<byte[]>(3));
            (first, last) = (reader.GetInt64(1), reader.GetInt64(2));
        }
        // A repeated answer is an acknowledgement too.
        await MustBeKept(last, stop);
        return new(await ResultOf(first, last, stop), null);
    }

    /// <summary>
    /// Waits until the log up to this position is on disk, and on that of a synchronous standby; what this process itself committed is.
    /// </summary>
    /// <exception cref="StoreAway">It could not be had in time.</exception>
    internal async Task MustBeKept(long position, CancellationToken stop)
    {
        if (position <= Volatile.Read(ref kept)) return;
        var size = (await Head(stop)).Size;
        await documents.MustBeKept(stop);
        RaiseKept(size);
    }

    private void RaiseKept(long size)
    {
        for (var before = Volatile.Read(ref kept); before < size;)
            if (Interlocked.CompareExchange(ref kept, size, before) is var now && now == before) return;
            else before = now;
    }

    // The answer to an append, made again from its events.
    private async Task<AppendResult> ResultOf(long first, long last, CancellationToken stop)
    {
        var headers = new List<(long Position, EventHeader Header)>();
        await using (var command = database.CreateCommand(Sql.EventsAfter).With(Database.Of(first - 1), Database.Of(last), Database.Of(int.MaxValue)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) headers.Add((reader.GetInt64(0), Headers.Read(reader.GetFieldValue<byte[]>(1))));
        var references = await ReferencesOf([.. headers.Select(h => h.Header.Stream).Distinct()], stop);
        return new(first, last, headers[0].Header.RecordedAt,
            [.. headers.Select(h => new AppendedEvent(h.Header.EventId, h.Header.Stream, h.Header.Version, h.Header.Type, h.Position, references.GetValueOrDefault(h.Header.Stream)))]);
    }

    /// <summary>
    /// Destroys the key of a subject's protected values: from here on they open nowhere, in no backup of the database either, and none is recorded for the subject
    /// again. The events that hold them stay as they are. Done again it changes nothing.
    /// </summary>
    /// <returns>Whether there was a key.</returns>
    public bool DestroyKey(string subject) => keys.Destroy(subject);

    /// <summary>A key of 32 bytes for a purpose: the same on all hosts of this register, and in no dump of its database.</summary>
    public byte[] DeriveKey(string purpose) => keys.Hmac(Encoding.UTF8.GetBytes($"derived key\n{purpose}"));

    internal NpgsqlCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters) => database.CreateCommand(statement).With(parameters);

    /// <summary>Whether the statement touched a row.</summary>
    internal async Task<bool> Execute(string statement, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(statement, parameters);
        return await command.ExecuteNonQueryAsync(stop) > 0;
    }

    /// <summary>Ends the writer after what waits is written, then closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await committer.DisposeAsync();
        await bell.DisposeAsync();
        await documents.DisposeAsync();
        keyDatabase?.Dispose();
    }
}
