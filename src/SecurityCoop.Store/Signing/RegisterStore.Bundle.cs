using System.Runtime.CompilerServices;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>An entry of the ledger as it stands there, with its header read.</summary>
public sealed record LedgerEntry(long Position, byte[] HeaderBytes, byte[] Body, byte[] Leaf, EventHeader Header);

/// <summary>What a bundle is made of, in short statements by position.</summary>
public sealed partial class RegisterStore
{
    // A page of so many events at most; their bodies decide how much memory that is.
    private const int EntryPage = 250;

    /// <summary>The ledger's entries in order, in pages.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LedgerEntry>> Entries(long through, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var after = 0L; after < through;)
        {
            var page = new List<LedgerEntry>();
            await using (var command = Command(Sql.EntriesAfter, Database.Of(after), Database.Of(through), Database.Of(EntryPage)))
            await using (var reader = await command.ExecuteReaderAsync(stop))
                while (await reader.ReadAsync(stop))
                {
                    var header = reader.GetFieldValue<byte[]>(1);
                    page.Add(new(reader.GetInt64(0), header, reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3), Headers.Read(header)));
                }
            if (page.Count == 0) throw new InvalidDataException($"The ledger has no entry after position {after}.");
            yield return page;
            after = page[^1].Position;
        }
    }

    /// <summary>Salt and value of every protected value between two positions whose key is there.</summary>
    public async Task<IReadOnlyDictionary<(long Position, string Pointer), byte[]>> Openings(IReadOnlyList<LedgerEntry> entries, CancellationToken stop = default)
    {
        var opened = new Dictionary<(long, string), byte[]>();
        var ids = entries.ToDictionary(e => e.Position, e => e.Header.EventId);
        await using var command = Command(Sql.ProtectedBetween, Database.Of(entries[0].Position), Database.Of(entries[^1].Position));
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (position, pointer) = (reader.GetInt64(0), reader.GetString(1));
            if (keys.Find(reader.GetString(2), position) is { } key) opened[(position, pointer)] = ProtectedValues.Unseal(ids[position], pointer, reader.GetFieldValue<byte[]>(3), key);
        }
        return opened;
    }

    /// <summary>Whose values are protected in events up to a position, in the order of their ids.</summary>
    public async Task<IReadOnlyList<string>> ProtectedSubjects(long through, CancellationToken stop = default)
    {
        await using var command = Command(Sql.ProtectedSubjects, Database.Of(through));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var subjects = new List<string>();
        while (await reader.ReadAsync(stop)) subjects.Add(reader.GetString(0));
        return subjects;
    }

    /// <summary>
    /// The checkpoints that go into a bundle of this size: of every origin the last of each day and its very last, the first over each event of the ledger's own, those
    /// that are time-stamped, the newest that each witness cosigned; and of the current origin none that is larger.
    /// </summary>
    public async Task<IReadOnlyList<RetainedCheckpoint>> RetainedCheckpoints(string origin, long size, CancellationToken stop = default)
    {
        var found = new List<(SignedCheckpoint Signed, byte[]? Token)>();
        await using (var command = Command(Sql.RetainedCheckpoints, Database.Of(origin), Database.Of(size), Database.Of(LedgerEvents.StreamOf(Log))))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                found.Add((new(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)), reader.GetFieldValue<byte[]>(3), reader.GetDateTime(4)), reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5)));
        var retained = new List<RetainedCheckpoint>();
        foreach (var (signed, token) in found) retained.Add(new(await WithCosignatures(signed, stop), token));
        return retained;
    }
}

/// <summary>A checkpoint as it goes into a bundle.</summary>
/// <param name="Note">With the cosignatures that are kept of it.</param>
/// <param name="TimeStamp">TimeStampToken (RFC 3161), DER, where it was stamped.</param>
public sealed record RetainedCheckpoint(Note Note, byte[]? TimeStamp);
