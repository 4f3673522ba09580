using System.Data.Common;
using System.Runtime.InteropServices;
using JasperFx.Events;
using Marten;
using Marten.Internal.Operations;
using Npgsql;
using Weasel.Core;
using Weasel.Storage;
using Db = SecurityCoop.Store.Database;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;

namespace SecurityCoop.Store;

/// <summary>Marten gave an event another place than the one under which it was hashed. Nothing was committed.</summary>
internal sealed class PlacedOtherwise(string what) : Exception($"Marten placed an event otherwise than it was prepared: {what}.");

/// <summary>
/// Writes what belongs to a commit beside Marten's events and documents: ledger, tiles, protected values, references, which partners each
/// event concerns, idempotency and the head. An operation of Marten's session, which
/// goes to PostgreSQL in the same message as they do.
/// </summary>
internal sealed class LedgerWriter(CommitDraft draft, string records)
    : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall, ITransactionParticipant
{
    private readonly List<(IEvent Theirs, StoredEvent Ours)> pairs = [];

    /// <summary>
    /// Whether all of it was written: from here on only the commit is missing, and a lost connection leaves its outcome unknown.
    /// </summary>
    public bool Written { get; private set; }

    public Type DocumentType => typeof(LedgerWriter);

    public OperationRole Role() => OperationRole.Other;

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    /// <summary>Called by Marten once all that it sent was executed, before it sends the commit.</summary>
    public Task BeforeCommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
    {
        Written = true;
        return Task.CompletedTask;
    }

    /// <summary>An event as Marten was given it.</summary>
    public void Expect(IEvent theirs, StoredEvent ours) => pairs.Add((theirs, ours));

    /// <summary>Called by Marten when it builds its message: the numbers are drawn then, and the inline projections are through.</summary>
    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        MustBePlaced();
        var (before, events) = (draft.Before, draft.Events);
        Add(builder, CommitStatements.InsertEntries, Db.Of(before.Size), Db.Of([.. events.Select(e => Whole(e.Stored.HeaderBytes))]),
            Db.Of([.. events.Select(e => e.Prepared.Body)]), Db.Of([.. events.Select(e => e.Leaf)]));
        foreach (var level in draft.Tiles.GroupBy(t => t.Id.Level).OrderBy(l => l.Key)) // A higher level's tile is made of the lower one's.
            Next(builder, level.Key == 0 ? CommitStatements.InsertLeafTiles : CommitStatements.InsertUpperTiles,
                Db.Of([.. level.Select(t => t.Id.Index)]), Db.Of([.. level.Select(t => t.Root)]), Db.Of(level.Key));
        var values = events.SelectMany(e => e.Prepared.Protected.Select(p => (e.Stored.Position, Value: p))).ToArray();
        if (values.Length > 0)
            Next(builder, CommitStatements.InsertProtected, Db.Of([.. values.Select(v => v.Position)]),
                Db.Of([.. values.Select(v => v.Value.Pointer)]), Db.Of([.. values.Select(v => v.Value.Subject)]),
                Db.Of([.. values.Select(v => v.Value.Ciphertext)]));
        if (draft.References.Count > 0)
            Next(builder, CommitStatements.InsertReferences, Db.Of([.. draft.References.Select(r => r.Reference)]),
                Db.Of([.. draft.References.Select(r => r.Stream)]));
        if (draft.Counters.Count > 0)
            Next(builder, CommitStatements.SaveCounters, Db.Of([.. draft.Counters.Keys]), Db.Of([.. draft.Counters.Values]));
        // Every event went through its record's fold, which left here whom it concerns.
        var partners = events.SelectMany(e => e.Stored.Partners.Select(p => (Partner: p, e.Stored.Position))).ToArray();
        if (partners.Length > 0)
            Next(builder, CommitStatements.InsertEventPartners, Db.Of([.. partners.Select(p => p.Partner)]),
                Db.Of([.. partners.Select(p => p.Position)]));
        var keys = draft.Keys;
        if (keys.Count > 0)
            Next(builder, CommitStatements.InsertKeys, Db.Of([.. keys.Select(k => k.Key.Key)]), Db.Of([.. keys.Select(k => k.Key.Body)]),
                Db.Of([.. keys.Select(k => k.CommandId)]), Db.Of([.. keys.Select(k => k.First)]), Db.Of([.. keys.Select(k => k.Last)]));
        Next(builder, CommitStatements.MoveHead, Db.Of(before.Size), Db.Of(before.Root), Db.Of(draft.Size), Db.Of(draft.Root),
            Db.Of(draft.Frontier), Db.Of(draft.RecordedAt), Db.Of(records));
    }

    private static void Next(ICommandBuilder builder, string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        builder.StartNewCommand();
        Add(builder, statement, parameters);
    }

    // Marten's builder numbers the parameters itself, in the order in which they are used.
    private static void Add(ICommandBuilder builder, string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        for (var rest = statement.AsSpan(); ; rest = rest[2..])
        {
            var at = rest.IndexOf('$');
            builder.Append((at < 0 ? rest : rest[..at]).ToString());
            if (at < 0) return;
            rest = rest[at..];
            var given = parameters[rest[1] - '1'];
            builder.AppendParameter(given.Value!).NpgsqlDbType = given.NpgsqlDbType;
        }
    }

    // Position, version and time stand in what was hashed. Another session may have drawn a number in between, and what Marten repeats by
    // itself it repeats without the lock.
    private void MustBePlaced()
    {
        if (pairs.Count != draft.Events.Count) throw new PlacedOtherwise($"{pairs.Count} events instead of {draft.Events.Count}");
        foreach (var (theirs, ours) in pairs)
            if (theirs.Sequence != ours.Position || theirs.Version != ours.Version || theirs.Timestamp.UtcDateTime != ours.RecordedAt)
                throw new PlacedOtherwise(
                    $"{theirs.Id} at {theirs.Sequence} as version {theirs.Version}, not at {ours.Position} as {ours.Version}");
    }

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array : bytes.ToArray();
}
