using System.Globalization;

namespace SecurityCoop.Ledger;

/// <summary>The state of a log at a size (C2SP tlog-checkpoint): the text of the note that the log signs.</summary>
/// <param name="Origin">Which log.</param>
/// <param name="Size">Number of leaves.</param>
/// <param name="Root">RFC 6962 root over them, 32 bytes.</param>
/// <param name="Extensions">Further lines, not empty; ours have none.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root, IReadOnlyList<string> Extensions)
{
    public Checkpoint(string origin, long size, byte[] root) : this(origin, size, root, []) { }

    /// <summary>The note's text.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n{string.Concat(Extensions.Select(e => $"{e}\n"))}");

    /// <summary>Reads a note's text.</summary>
    /// <exception cref="FormatException">It is not a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1] != "" || lines[..^1].Any(l => l == "")) throw new FormatException("A checkpoint is three or more lines that are not empty.");
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size.ToString(CultureInfo.InvariantCulture) != lines[1])
            throw new FormatException("A checkpoint's second line is its size.");
        if (Note.Base64(lines[2]) is not { Length: MerkleTree.HashSize } root) throw new FormatException("A checkpoint's third line is a root of 32 bytes in base64.");
        return new(lines[0], size, root, lines[3..^1]);
    }

    /// <summary>Whether both speak of the same tree.</summary>
    public bool SameTree(Checkpoint other) => Size == other.Size && Root.AsSpan().SequenceEqual(other.Root);
}
