using System.Globalization;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`).</summary>
/// <param name="Old">The size of the checkpoint that the witness cosigned last; 0 where it did not yet.</param>
/// <param name="Proof">The consistency proof from there to the checkpoint.</param>
/// <param name="Note">The checkpoint with its signatures.</param>
public sealed record AddCheckpoint(long Old, IReadOnlyList<byte[]> Proof, Note Note)
{
    private const int MostHashes = 63;

    public byte[] ToBytes() =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"old {Old}\n{string.Concat(Proof.Select(h => Convert.ToBase64String(h) + '\n'))}\n")), .. Note.ToBytes(),
    ];

    /// <exception cref="FormatException">It is not such a body; the message says why.</exception>
    public static AddCheckpoint Parse(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\n\n"u8);
        if (end < 0) throw new FormatException("The body has no empty line before the checkpoint.");
        var lines = Encoding.Latin1.GetString(bytes[..end]).Split('\n');
        if (!lines[0].StartsWith("old ", StringComparison.Ordinal) || !long.TryParse(lines[0][4..], NumberStyles.None, CultureInfo.InvariantCulture, out var old)
            || old.ToString(CultureInfo.InvariantCulture) != lines[0][4..])
            throw new FormatException("The first line is `old` and a size.");
        if (lines.Length > 1 + MostHashes) throw new FormatException($"A consistency proof has at most {MostHashes} hashes.");
        var proof = lines[1..].Select(l => Note.Base64(l) is { Length: MerkleTree.HashSize } hash ? hash : throw new FormatException("A line of the proof is not a hash in base64.")).ToList();
        return new(old, proof, Note.Parse(bytes[(end + 2)..]));
    }
}

/// <summary>What a witness answers to a checkpoint.</summary>
public enum WitnessAnswer
{
    /// <summary>200: it is consistent with what was cosigned before.</summary>
    Cosign,
    /// <summary>400: the old size is larger than the checkpoint's.</summary>
    Malformed,
    /// <summary>404: no key of this origin is known.</summary>
    UnknownOrigin,
    /// <summary>403: no known key of the origin signed it.</summary>
    NotSigned,
    /// <summary>409: another size was cosigned last.</summary>
    OtherSize,
    /// <summary>422: of the same size, with another root. Two such checkpoints prove that the log has two histories.</summary>
    OtherRoot,
    /// <summary>422: the proof does not hold.</summary>
    Inconsistent,
}

/// <summary>The rule by which a witness cosigns. Its order is that of the protocol: what an unknown sender learns depends on it.</summary>
public static class Witness
{
    /// <param name="logs">The keys of the logs that are witnessed, each under its origin's name.</param>
    /// <param name="latest">The checkpoint of an origin that was cosigned last.</param>
    /// <exception cref="FormatException">The note's text is no checkpoint.</exception>
    public static async Task<(WitnessAnswer Answer, Checkpoint Seen, Checkpoint? Latest)> Consider(
        AddCheckpoint request, IReadOnlyCollection<VerifierKey> logs, Func<string, Task<Checkpoint?>> latest)
    {
        var seen = Checkpoint.Parse(request.Note.Text);
        var keys = logs.Where(k => k.Name == seen.Origin).ToList();
        if (keys.Count == 0) return (WitnessAnswer.UnknownOrigin, seen, null);
        if (!Signed(request.Note, keys)) return (WitnessAnswer.NotSigned, seen, null);
        if (request.Old > seen.Size) return (WitnessAnswer.Malformed, seen, null);
        var before = await latest(seen.Origin);
        if (request.Old != (before?.Size ?? 0)) return (WitnessAnswer.OtherSize, seen, before);
        if (before is not null && before.Size == seen.Size && !before.SameTree(seen)) return (WitnessAnswer.OtherRoot, seen, before);
        var root = before?.Root ?? MerkleTree.EmptyRoot;
        return (Proofs.IsConsistent(request.Old, root, seen.Size, seen.Root, request.Proof) ? WitnessAnswer.Cosign : WitnessAnswer.Inconsistent, seen, before);
    }

    private static bool Signed(Note note, List<VerifierKey> keys)
    {
        try
        {
            return note.SignedBy(keys).Count > 0;
        }
        catch (FormatException)
        {
            return false; // In the name of one of them, and not by it.
        }
    }
}
