using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Commands;

/// <summary>
/// What is asked of every body before any field of it is looked at: that it is JSON, that no name stands twice in an object, that lists hold no
/// null, that every text can be kept and found again, and that nothing is longer than <see cref="Limits"/> says.
/// </summary>
static class BodyText
{
    const int MaxDepth = 64;

    sealed class Level(bool isArray, string of)
    {
        /// <summary>The field in which the value stands.</summary>
        public readonly string Of = of;
        public readonly HashSet<string>? Names = isArray ? null : new(StringComparer.Ordinal);
        public int Count;
        public string Name = "";
        public string Field => Names is null ? Of : Name;

        public string Step => Names is null ? (Count - 1).ToString(CultureInfo.InvariantCulture) : Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    /// <returns>What looks like the name of a record, each once.</returns>
    /// <exception cref="Refusal">malformed-json, doubled, invalid-text, invalid-value, too-long, too-many or too-many-records, with the place's JSON pointer.</exception>
    public static IReadOnlyCollection<string> Check(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes)) throw Refusal.OfField("", "malformed-json", "1", "1");
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        var (levels, named) = (new Stack<Level>(), new HashSet<string>(StringComparer.Ordinal));
        try
        {
            while (reader.Read()) Look(ref reader, levels, named);
        }
        catch (JsonException e)
        {
            throw Refusal.OfField("", "malformed-json", FormattableString.Invariant($"{e.LineNumber + 1}"), FormattableString.Invariant($"{e.BytePositionInLine + 1}"));
        }
        if (named.Count > Limits.NamedRecords) throw Refusal.OfField("", "too-many-records", FormattableString.Invariant($"{Limits.NamedRecords}"), FormattableString.Invariant($"{named.Count}"));
        return named;
    }

    static void Look(ref Utf8JsonReader reader, Stack<Level> levels, HashSet<string> named)
    {
        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            var ended = levels.Pop();
            Limits.Count(ended.Names?.Count ?? ended.Count, ended.Names is null ? Limits.OfList(ended.Of) : Limits.Members, Pointer(levels));
            return;
        }
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            var level = levels.Peek();
            var name = Text(ref reader) ?? throw Refusal.OfField(Pointer(levels.Skip(1)), "invalid-text");
            Limits.Text(name, Limits.FieldName, Pointer(levels.Skip(1)));
            level.Name = name;
            if (!level.Names!.Add(name)) throw Refusal.OfField(Pointer(levels), "doubled", name);
            return;
        }
        if (levels.TryPeek(out var around)) around.Count++;
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = Text(ref reader) ?? throw Refusal.OfField(Pointer(levels), "invalid-text");
            var longest = Limits.OfText(around?.Field ?? "");
            if (text.Length > longest) Limits.Text(text, longest, Pointer(levels));
            if (Records.LooksLikeName(text)) named.Add(text);
        }
        if (reader.TokenType == JsonTokenType.Null && around is { Names: null }) throw Refusal.OfField(Pointer(levels), "invalid-value");
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) levels.Push(new(reader.TokenType == JsonTokenType.StartArray, around?.Field ?? ""));
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
