using System.Text;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>Random values, all from one seed. Every text carries the request's marker, so that it can be looked for in the log.</summary>
sealed class Randomness(int seed)
{
    readonly Random random = new(seed);
    int requests;

    /// <summary>What all markers of this run begin with.</summary>
    public string MarkerPrefix { get; } = $"zq{unchecked((uint)(seed * 2654435761)):x8}";

    /// <summary>The marker of the request that is being made.</summary>
    public string Marker { get; private set; } = "";

    public void NextMarker() => Marker = $"{MarkerPrefix}n{requests++:x}q";

    public int Below(int limit) => random.Next(limit);

    /// <summary>True once in so many times.</summary>
    public bool Once(int inSoMany) => random.Next(inSoMany) == 0;

    public T Of<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    /// <summary>A text out of the corpus, of random letters, or a long one.</summary>
    public string Text() => random.Next(12) switch
    {
        0 => Long(),
        1 => Letters(random.Next(1, 60)) + Marker,
        2 => Marker + Of(Corpus.Injections),
        _ => Of(Corpus.Injections) + Marker,
    };

    /// <summary>A text that can stand in a header or a request line: no control characters, and not too long for a server to
    /// read.</summary>
    public string ShortText()
    {
        var text = Text();
        return new string([.. text[..Math.Min(text.Length, 1500)].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
    }

    string Long()
    {
        var length = Of([201, 1001, 5000, 70_000, random.Next(50) == 0 ? 1_100_000 : 20_000]);
        var unit = Of(["a", "ل", "é ", "😀", "\"", "<", "word "]);
        var text = new StringBuilder(Marker, length + 50);
        while (text.Length < length) text.Append(unit);
        return text.ToString();
    }

    string Letters(int count)
    {
        var text = new StringBuilder();
        for (; count > 0; count--)
        {
            var c = (char)random.Next(1, 0xD7FF);
            text.Append(c);
        }
        return text.ToString();
    }
}
