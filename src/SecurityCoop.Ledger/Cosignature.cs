using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>What a witness signs (C2SP tlog-cosignature, `cosignature/v1`): that at a time, this was the largest consistent tree that it knew of the log.</summary>
public static class Cosignature
{
    private const long YearTenThousand = 253_402_300_800;

    /// <summary>The time in a cosignature, in seconds of POSIX; null where it is none, or none that a clock has shown.</summary>
    public static long? Time(ReadOnlySpan<byte> signature) =>
        signature.Length == 8 + Ed25519.SignatureSize && BinaryPrimitives.ReadInt64BigEndian(signature) is >= 0 and < YearTenThousand and var time ? time : null;

    /// <summary>What is signed: two lines of its own, and the checkpoint's whole text.</summary>
    public static byte[] Message(ReadOnlySpan<byte> text, long time) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n")), .. text];

    /// <summary>The cosignature of a known witness, of the lines that it answered with; lines of unknown keys are left aside.</summary>
    /// <param name="lines">Signature lines of a note, each with its newline.</param>
    /// <exception cref="FormatException">They are no such lines, or the witness's own does not verify.</exception>
    public static NoteSignature? Of(VerifierKey witness, string text, string lines)
    {
        var note = Note.Parse(Encoding.UTF8.GetBytes($"{text}\n{lines}"));
        return note.SignedBy([witness]).Count == 0 ? null : note.Signatures.First(s => s.Name == witness.Name && s.KeyId == witness.Id);
    }
}
