using System.Buffers.Binary;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>One signature line of a note.</summary>
/// <param name="KeyId">The four bytes that, with the name, say which key it is.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Em dash, space, name, space, base64(key id ‖ signature), without the newline.</summary>
    public override string ToString()
    {
        var bytes = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.Span.CopyTo(bytes.AsSpan(4));
        return $"\u2014 {Name} {Convert.ToBase64String(bytes)}";
    }
}

/// <summary>A text with signatures (C2SP signed-note).</summary>
/// <param name="Text">Ends in a newline; what is signed.</param>
public sealed record Note(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int MostSignatures = 100, MostBytes = 1_000_000;
    
    /// <summary>UTF-8 that refuses what is none.</summary>
    internal static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);


    /// <summary>Signs a text.</summary>
    /// <exception cref="FormatException">It does not end in a newline, or holds control characters.</exception>
    public static Note Sign(string text, params ReadOnlySpan<SigningKey> keys)
    {
        if (!text.EndsWith('\n') || text.Any(c => c < ' ' && c != '\n')) throw new FormatException("A note's text ends in a newline and has no other control characters.");
        var bytes = Strict.GetBytes(text);
        var signatures = new List<NoteSignature>();
        foreach (var key in keys) signatures.Add(key.Sign(bytes));
        return new(text, signatures);
    }

    /// <summary>Reads a note. Nothing is verified yet.</summary>
    /// <exception cref="FormatException">It is not a note; the message says why.</exception>
    public static Note Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostBytes) throw new FormatException("The note is larger than a megabyte.");
        string note;
        try
        {
            note = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("The note is not UTF-8.");
        }
        if (note.Any(c => c < ' ' && c != '\n')) throw new FormatException("The note holds a control character.");
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n') || end + 2 >= note.Length) throw new FormatException("The note has no signatures after an empty line.");
        var lines = note[(end + 2)..^1].Split('\n');
        if (lines.Length > MostSignatures) throw new FormatException($"The note has more than {MostSignatures} signatures.");
        return new(note[..(end + 1)], [.. lines.Select(Line)]);
    }

    private static NoteSignature Line(string line)
    {
        if (!line.StartsWith("\u2014 ", StringComparison.Ordinal) || line[2..].Split(' ', 2) is not [var name, var encoded] || !IsName(name) || Base64(encoded) is not { Length: > 4 } bytes)
            throw new FormatException("A signature line of the note is not an em dash, a key's name and a signature in base64.");
        return new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4));
    }

    /// <summary>The keys, of those given, that signed it. Signatures of other keys are left aside; where a key signed twice, both must verify.</summary>
    /// <exception cref="FormatException">A signature that names one of the keys is not that key's.</exception>
    public IReadOnlyList<VerifierKey> SignedBy(IReadOnlyCollection<VerifierKey> known)
    {
        var text = Strict.GetBytes(Text);
        var signers = new List<VerifierKey>();
        foreach (var signature in Signatures)
        {
            if (known.FirstOrDefault(k => k.Name == signature.Name && k.Id == signature.KeyId) is not { } key) continue;
            if (!key.Verify(text, signature.Signature.Span)) throw new FormatException($"The signature of {key.Name} (key {key.Id:x8}) does not verify.");
            if (!signers.Contains(key)) signers.Add(key);
        }
        return signers;
    }

    /// <summary>The note as it is passed on.</summary>
    public byte[] ToBytes() => Strict.GetBytes($"{Text}\n{string.Concat(Signatures.Select(s => $"{s}\n"))}");

    /// <summary>Whether it can name a key: not empty, no Unicode space, no plus sign, no control character.</summary>
    internal static bool IsName(string name) => name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || c == '+' || c < ' ');

    /// <summary>Standard base64 (RFC 4648, section 4) in the one way in which it can be written; null for anything else.</summary>
    internal static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var count) && Convert.ToBase64String(bytes, 0, count) == text ? bytes[..count] : null;
    }
}
