using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Commands;

/// <summary>
/// What is asked of every body before any field of it is looked at: that it is JSON, that no name stands twice in an object, that lists hold no
/// null, and that every text can be kept and found again.
/// </summary>
static class BodyText
{
    const int MaxDepth = 64;

    sealed class Level(bool isArray)
    {
        public readonly HashSet<string>? Names = isArray ? null : new(StringComparer.Ordinal);
        public int Count;
        public string Name = "";

        public string Step => Names is null ? (Count - 1).ToString(CultureInfo.InvariantCulture) : Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    /// <exception cref="Refusal">malformed-json, doubled, invalid-text or invalid-value, with the place's JSON pointer.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes)) throw Refusal.OfField("", "malformed-json", "1", "1");
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        var levels = new Stack<Level>();
        try
        {
            while (reader.Read()) Look(ref reader, levels);
        }
        catch (JsonException e)
        {
            throw Refusal.OfField("", "malformed-json", FormattableString.Invariant($"{e.LineNumber + 1}"), FormattableString.Invariant($"{e.BytePositionInLine + 1}"));
        }
    }

    static void Look(ref Utf8JsonReader reader, Stack<Level> levels)
    {
        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            levels.Pop();
            return;
        }
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            var level = levels.Peek();
            var name = Text(ref reader) ?? throw Refusal.OfField(Pointer(levels.Skip(1)), "invalid-text");
            level.Name = name;
            if (!level.Names!.Add(name)) throw Refusal.OfField(Pointer(levels), "doubled", name);
            return;
        }
        if (levels.TryPeek(out var around)) around.Count++;
        if (reader.TokenType == JsonTokenType.String && Text(ref reader) is null) throw Refusal.OfField(Pointer(levels), "invalid-text");
        if (reader.TokenType == JsonTokenType.Null && around is { Names: null }) throw Refusal.OfField(Pointer(levels), "invalid-value");
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) levels.Push(new(reader.TokenType == JsonTokenType.StartArray));
    }

    // PostgreSQL keeps no U+0000, and half a surrogate pair is no character.
    static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    static string Pointer(IEnumerable<Level> levels) => string.Concat(levels.Reverse().Where(l => l.Names is null ? l.Count > 0 : l.Name != "").Select(l => $"/{l.Step}"));
}
