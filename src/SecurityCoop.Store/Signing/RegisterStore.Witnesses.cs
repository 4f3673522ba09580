using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>A time stamp of a checkpoint.</summary>
/// <param name="Token">TimeStampToken (RFC 3161), DER.</param>
/// <param name="StampedAt">As the token says.</param>
public sealed record CheckpointTimeStamp(long Size, byte[] Token, DateTime StampedAt);

/// <summary>What others say of this log's checkpoints, and what this register says, as a witness, of others'.</summary>
public sealed partial class RegisterStore
{
    /// <summary>The key with which this register witnesses other logs under a name; made the first time, in the key folder, mode 0600.</summary>
    /// <exception cref="StartRefused">It is kept under another name, damaged, or cannot be made: cosignatures are Ed25519.</exception>
    public SigningKey WitnessKey(string name) => LedgerKeys.Witness(name);

    /// <summary>Keeps a witness's cosignature of one of our checkpoints.</summary>
    public Task AddCosignature(Checkpoint checkpoint, VerifierKey witness, NoteSignature line, CancellationToken stop = default) => Execute(
        Sql.AddCosignature, stop, Database.Of(checkpoint.Origin), Database.Of(checkpoint.Size), Database.Of(witness.ToString()), Database.Of(line.ToString()),
        Database.Of(DateTimeOffset.FromUnixTimeSeconds(Cosignature.Time(line.Signature.Span) ?? 0).UtcDateTime));

    /// <summary>The size of the largest checkpoint of an origin that a witness cosigned, that any did where none is named; 0 where none is kept.</summary>
    public async Task<long> NewestCosigned(string origin, VerifierKey? witness, CancellationToken stop = default)
    {
        await using var command = Command(Sql.NewestCosigned, Database.Of(origin), Database.Of(witness?.ToString() ?? ""));
        return await command.ExecuteScalarAsync(stop) as long? ?? 0;
    }

    /// <summary>A checkpoint's note with the cosignatures that are kept of it.</summary>
    public async Task<Note> WithCosignatures(SignedCheckpoint signed, CancellationToken stop = default)
    {
        await using var command = Command(Sql.CosignaturesOf, Database.Of(signed.Checkpoint.Origin), Database.Of(signed.Checkpoint.Size));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var lines = new System.Text.StringBuilder();
        while (await reader.ReadAsync(stop)) lines.Append(reader.GetString(0)).Append('\n');
        return Note.Parse([.. signed.Note, .. System.Text.Encoding.UTF8.GetBytes(lines.ToString())]);
    }

    public Task AddTimeStamp(Checkpoint checkpoint, byte[] token, DateTime stampedAt, CancellationToken stop = default) =>
        Execute(Sql.AddTimeStamp, stop, Database.Of(checkpoint.Origin), Database.Of(checkpoint.Size), Database.Of(token), Database.Of(stampedAt));

    /// <summary>Time stamps of an origin's checkpoints from the largest down.</summary>
    public async Task<IReadOnlyList<CheckpointTimeStamp>> TimeStamps(string origin, long before, int limit, CancellationToken stop = default)
    {
        await using var command = Command(Sql.TimeStampsBefore, Database.Of(origin), Database.Of(before), Database.Of(limit));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var found = new List<CheckpointTimeStamp>();
        while (await reader.ReadAsync(stop)) found.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetDateTime(2)));
        return found;
    }

    /// <summary>The checkpoint of somebody else's log that this register cosigned last.</summary>
    public async Task<Checkpoint?> Witnessed(string origin, CancellationToken stop = default)
    {
        await using var command = Command(Sql.ReadWitnessed, Database.Of(origin));
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? new(origin, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Puts a checkpoint in the place of the one that was cosigned last, on disk when it returns; only then may its cosignature be given away.</summary>
    /// <param name="after">The one with which it was compared.</param>
    /// <returns>False where another request has put another in its place meanwhile.</returns>
    public async Task<bool> SaveWitnessed(Checkpoint seen, byte[] note, Checkpoint? after, CancellationToken stop = default)
    {
        await using var command = Command(
            Sql.SaveWitnessed, Database.Of(seen.Origin), Database.Of(seen.Size), Database.Of(seen.Root), Database.Of(note), Database.Of(after?.Size ?? -1), Database.Of(after?.Root ?? []));
        return await command.ExecuteScalarAsync(stop) is long;
    }
}
