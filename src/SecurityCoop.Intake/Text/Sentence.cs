using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Intake;

/// <summary>A part of the text that was read, by its place in it, counted in UTF-16 code units.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>The words themselves.</summary>
    public string Of(string text) => text[Start..End];
}

/// <summary>One sentence: its paragraph and its number there, both from 1, as locators of the register count them.</summary>
/// <param name="Sha256">Lower-case hex digest of the exact sentence, trimmed, in UTF-8.</param>
public sealed record Sentence(int Paragraph, int Number, TextSpan Span, string Sha256)
{
    internal int Index { get; init; }

    internal static string Digest(ReadOnlySpan<char> text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}
