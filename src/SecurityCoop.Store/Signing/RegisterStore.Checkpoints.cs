using System.Text.Json;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>A checkpoint as it was signed.</summary>
/// <param name="Note">The signed note, as it is passed on.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, byte[] Note, DateTime SignedAt);

/// <summary>What was signed, and what an operator does about the keys and the origin.</summary>
public sealed partial class RegisterStore
{
    private volatile string? broken;
    private volatile HistoryFault? fault;

    internal LedgerKeys LedgerKeys { get; }

    /// <summary>Held while it is found out whether the history is broken, and while that is mended: a judgement begun before would overtake the mending.</summary>
    internal SemaphoreSlim Judging { get; } = new(1);

    /// <summary>Why the database is not the one that was signed; null while it is. As long as it says something, every append is refused with <see cref="HistoryBroken"/>.</summary>
    public string? Broken { get => broken ?? fault?.Message; set => broken = value; }

    /// <summary>What reading the events again found (<see cref="Reread"/>); it stands until the process ends.</summary>
    public HistoryFault? Fault => fault;

    /// <summary>The key that verifies this log's checkpoints; null where the signing key is lost.</summary>
    public VerifierKey? VerifierKey => LedgerKeys.Current?.Public;

    /// <summary>The key that follows as soon as the event of its rotation is signed.</summary>
    public VerifierKey? NextVerifierKey => LedgerKeys.Next?.Public;

    /// <summary>The newest checkpoint of the current origin; null where nothing is signed yet.</summary>
    public async Task<SignedCheckpoint?> NewestCheckpoint(CancellationToken stop = default) => (await Checkpoints(VerifierKey?.Name ?? "", long.MaxValue, 1, stop)).FirstOrDefault();

    /// <summary>Checkpoints of an origin from the largest down.</summary>
    /// <param name="before">Only those that are smaller.</param>
    public async Task<IReadOnlyList<SignedCheckpoint>> Checkpoints(string origin, long before, int limit, CancellationToken stop = default)
    {
        await using var command = Command(Sql.CheckpointsBefore, Database.Of(origin), Database.Of(before), Database.Of(limit));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var found = new List<SignedCheckpoint>();
        while (await reader.ReadAsync(stop))
            found.Add(new(new(origin, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)), reader.GetFieldValue<byte[]>(2), reader.GetDateTime(3)));
        return found;
    }

    /// <summary>How the database contradicts what was signed or itself, in a sentence; null where it does not. Looks at a few tiles, not at the whole log.</summary>
    public async Task<string?> Contradiction(CancellationToken stop = default)
    {
        var (guard, key) = (LedgerKeys.Guard, LedgerKeys.Current);
        if (key is null) return "The key that signs checkpoints is missing from the key folder.";
        if (guard is null)
        {
            await using var any = Command(Sql.AnyCheckpoint);
            return await any.ExecuteScalarAsync(stop) is true ? "Checkpoints were signed, but the file that says which was the last is missing from the key folder." : null;
        }
        if (guard.Origin != key.Public.Name) return $"The last checkpoint was signed for {guard.Origin}, and the key is that of {key.Public.Name}.";
        try
        {
            var head = await Head(stop);
            if (head.Size < guard.Size) return $"A log of {guard.Size} events was signed, and the database holds {head.Size}: it is an older one, or its tail was cut off.";
            if (!await RootIs(guard.Size, guard.Root, stop)) return $"The first {guard.Size} events are not those that were signed.";
            if (!await RootIs(head.Size, head.Root, stop)) return $"The root of the head, at {head.Size} events, is not that of its leaves.";
            return null;
        }
        catch (InvalidDataException missing)
        {
            return $"The tree has a gap: {missing.Message}";
        }
    }

    private async Task<bool> RootIs(long size, byte[] root, CancellationToken stop) => (await RootAt(size, stop)).AsSpan().SequenceEqual(root);

    /// <summary>The frontier of the tree of this size, from tiles and leaves.</summary>
    internal async Task<MerkleFrontier> FrontierAt(long size, CancellationToken stop)
    {
        var ranges = new List<LeafRange>();
        for (var (from, left) = (0L, size); left > 0;)
        {
            var full = 1L << System.Numerics.BitOperations.Log2((ulong)left);
            ranges.Add(new(from, from + full));
            (from, left) = (from + full, left - full);
        }
        return MerkleFrontier.Of(size, [.. (await Hashes(ranges, size, stop)).SelectMany(h => h)]);
    }

    /// <summary>The key to which the newest rotation up to a position leads.</summary>
    internal async Task<string?> NewestRotation(long through, CancellationToken stop)
    {
        await using var command = Command(Sql.NewestOfType, Database.Of(LedgerEvents.StreamOf(Log)), Database.Of(LedgerKeyRotated.Name), Database.Of(through));
        return await command.ExecuteScalarAsync(stop) is byte[] body ? JsonSerializer.Deserialize(body, LedgerJson.Default.LedgerKeyRotated)!.To : null;
    }

    /// <summary>Makes another signing key and records it; the signer goes over to it with the checkpoint that covers the event.</summary>
    /// <exception cref="StartRefused">The signing key is missing.</exception>
    public async Task<LedgerKeyRotated> RotateKey(string actor, string reason, KeyType? type = null, CancellationToken stop = default)
    {
        var from = VerifierKey ?? throw new StartRefused("The signing key is missing: `securitycoop ledger new-origin` makes another.");
        var rotated = new LedgerKeyRotated(from.ToString(), LedgerKeys.MakeNext(from.Name, type).Public.ToString());
        await Record(rotated, actor, reason, stop);
        return rotated;
    }

    /// <summary>
    /// The way on after a contradiction: the tree as it is now goes on under a new origin and a new key, and its first event cites what was signed before.
    /// </summary>
    /// <exception cref="StartRefused">Nothing is contradicted, or the tree does not agree with itself.</exception>
    public async Task<LedgerOriginOpened> OpenOrigin(string actor, string reason, KeyType? type = null, CancellationToken stop = default)
    {
        await Judging.WaitAsync(stop);
        try
        {
            return await OpenNext(actor, reason, type, stop);
        }
        finally
        {
            Judging.Release();
        }
    }

    private async Task<LedgerOriginOpened> OpenNext(string actor, string reason, KeyType? type, CancellationToken stop)
    {
        if (await Contradiction(stop) is null) throw new StartRefused("The database holds what was signed: a new origin is not needed.");
        var head = await Head(stop);
        try
        {
            if (!await RootIs(head.Size, head.Root, stop)) throw new StartRefused("The head's root is not that of its leaves: restore a database that agrees with itself first.");
        }
        catch (InvalidDataException missing)
        {
            throw new StartRefused($"The tree has a gap: restore a database that agrees with itself first. {missing.Message}", missing);
        }
        var (key, guard) = (LedgerKeys.Current, LedgerKeys.Guard);
        var before = key?.Public.Name ?? guard?.Origin ?? await NewestOrigin(stop) ?? $"securitycoop/{Log:D}";
        var previous = guard is not null && key is not null && guard.Origin == key.Public.Name ? Note.Sign(guard.Text, key).ToBytes()
            : (await Checkpoints(before, long.MaxValue, 1, stop)).FirstOrDefault()?.Note;
        var next = LedgerKeys.MakeNext(OriginAfter(before), type);
        var opened = new LedgerOriginOpened(
            next.Public.Name, next.Public.ToString(), await AgreesTo(before, head.Size, stop), key?.Public.ToString() ?? LedgerKeys.Previous, previous is null ? null : System.Text.Encoding.UTF8.GetString(previous));
        Broken = null; // Of this process only: a host keeps refusing until the key and the guard are the new ones.
        var at = await Record(opened, actor, reason, stop);
        // Until both are there the key and the guard name different origins, and everybody keeps refusing.
        LedgerKeys.Keep(new(next.Public.Name, at.Last, await RootAt(at.Last, stop)));
        LedgerKeys.Promote();
        return opened;
    }

    /// <summary>Checks the whole database: `securitycoop verify`. Through a connection that cannot write.</summary>
    /// <param name="trusted">The key by which checkpoints are verified.</param>
    /// <param name="earlier">A checkpoint that an auditor kept: what it covers must not have changed.</param>
    /// <param name="progress">Told of events checked, and of how many.</param>
    /// <exception cref="HistoryFault">The first fault, by position, with what was expected and what was found.</exception>
    public async Task<Sound> Verify(VerifierKey trusted, Note? earlier = null, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        await using var connection = await OpenReading(stop);
        return await Verify(connection, trusted, earlier, progress, stop);
    }

    /// <summary>
    /// Reads every event again at a low rate: header, body and leaf against one another, the log's row against both, the tiles against all of them. At the first
    /// fault the register is read-only from then on (<see cref="Broken"/>).
    /// </summary>
    /// <param name="progress">Told of events read, and of how many.</param>
    /// <returns>The fault; null where there is none.</returns>
    public async Task<HistoryFault?> Reread(Action<long, long>? progress = null, CancellationToken stop = default)
    {
        await using var connection = await OpenReading(stop);
        return await Reread(connection, progress, stop);
    }

    internal async Task<HistoryFault?> Reread(Npgsql.NpgsqlConnection connection, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        try
        {
            await new DatabaseCheck(connection, documents.Model, keys, progress).Reread(stop);
            return null;
        }
        catch (HistoryFault found)
        {
            return fault = found;
        }
    }

    private async Task<Npgsql.NpgsqlConnection> OpenReading(CancellationToken stop)
    {
        var connection = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, ApplicationName = "SecurityCoop verify", CommandTimeout = 300, Enlist = false,
            Options = ConnectionPool.ReadOnly,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal Task<Sound> Verify(Npgsql.NpgsqlConnection connection, VerifierKey trusted, Note? earlier = null, Action<long, long>? progress = null, CancellationToken stop = default) =>
        new DatabaseCheck(connection, documents.Model, keys, progress).Run(trusted, earlier, stop);

    private string OriginAfter(string origin)
    {
        var first = $"securitycoop/{Log:D}";
        return origin.StartsWith(first + "/", StringComparison.Ordinal) && int.TryParse(origin[(first.Length + 1)..], out var number) ? $"{first}/{number + 1}" : $"{first}/2";
    }

    private async Task<string?> NewestOrigin(CancellationToken stop)
    {
        await using var command = Command(Sql.NewestOrigin);
        return await command.ExecuteScalarAsync(stop) as string;
    }

    // From the largest down: the first that fits is the answer, and after a restore that is nearly always the first looked at.
    private async Task<long> AgreesTo(string origin, long size, CancellationToken stop)
    {
        for (var before = size + 1; ;)
        {
            var some = await Checkpoints(origin, before, 100, stop);
            foreach (var kept in some)
                if (await RootIs(kept.Checkpoint.Size, kept.Checkpoint.Root, stop)) return kept.Checkpoint.Size;
            if (some.Count == 0) return 0;
            before = some[^1].Checkpoint.Size;
        }
    }

    private async Task<AppendResult> Record(object e, string actor, string reason, CancellationToken stop)
    {
        var (stream, command) = (LedgerEvents.StreamOf(Log), Guid.CreateVersion7());
        while (true)
        {
            var version = (long)await ReadStream(stream, stop: stop).CountAsync(stop);
            var append = new StreamAppend(stream, "ledger", version, [new(Guid.CreateVersion7(), e, new(actor, command, "open") { Reason = reason })]);
            try
            {
                return await Append(new(command, [append]), stop);
            }
            catch (VersionConflict)
            {
                // Somebody else's key or origin came first; ours comes after it.
            }
        }
    }
}
