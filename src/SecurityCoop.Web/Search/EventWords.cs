using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Store;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Search;

/// <summary>
/// The distinct words of an event's body, and the codes that stand in it (behind an equals sign), each with how much of its text it makes up where it makes up most:
/// A for a text of few words, D for one of many, or a text that says little of its record. The sources and occasions that the event cites count as codes.
/// </summary>
public sealed partial class EventWords
{
    const int Most = 3000;
    const char OfCodes = 'C', Least = 'D';

    static readonly JsonReaderOptions anyDepth = new() { MaxDepth = int.MaxValue }; // What is stored is indexed, however deep it nests.

    readonly Dictionary<string, char> words = new(StringComparer.Ordinal);

    /// <summary>The event's place in the log.</summary>
    public long Position { get; }
    public string Stream { get; }
    /// <summary>The last day on which it may have happened; null: it has none, or no last one.</summary>
    public DateOnly? Day { get; }
    public IReadOnlyCollection<string> Words => words.Keys;

    public EventWords(StoredBody e)
    {
        (Position, Stream) = (e.Position, e.Stream);
        Day = e.Effective is { Length: > 0 } on && Edtf.TryParse(on, out var date, out _) ? date.Latest : null;
        var (telling, list) = (Least, new List<Word>());
        var json = new Utf8JsonReader(e.Body.Span, anyDepth);
        while (json.Read() && words.Count < Most)
            if (json.TokenType == JsonTokenType.PropertyName) telling = Telling(ref json);
            else if (json.TokenType == JsonTokenType.String && json.GetString()! is var text)
                if (!RecordText.IsIdentifier(text)) Add(text, telling, list);
                else Cites(text);
        foreach (var place in e.Sources)
            if (place.TryGetProperty("document", out var document) && document.GetString() is { } source) Cites(source);
    }

    void Cites(string stream)
    {
        if (Cited().IsMatch(stream)) Add(WordIndex.CodeWord(stream), Least);
    }

    void Add(string text, char telling, List<Word> list)
    {
        if (Code().IsMatch(text)) Add(WordIndex.CodeWord(text), telling);
        list.Clear();
        list.AddRange(TextWords.Of(text));
        var weight = telling != 'A' ? telling : list.Count switch { <= 3 => 'A', <= 8 => 'B', <= 20 => 'C', _ => Least };
        foreach (var word in list) Add(word.Folded, weight);
    }

    void Add(string word, char weight)
    {
        if (!words.TryGetValue(word, out var before) || before > weight) words[word] = weight;
    }

    // By the fields whose matches count most in the ranking (RecordText); those of a correction's values among them.
    static char Telling(ref Utf8JsonReader name) =>
        name.ValueTextEquals("topics"u8) ? OfCodes
        : name.ValueTextEquals("what"u8) || name.ValueTextEquals("title"u8) || name.ValueTextEquals("text"u8) || name.ValueTextEquals("note"u8) || name.ValueTextEquals("new"u8)
            || name.ValueTextEquals("fr"u8) || name.ValueTextEquals("en"u8) || name.ValueTextEquals("ar"u8) ? 'A'
        : Least;

    /// <summary>As PostgreSQL reads a tsvector ("Text Search Types").</summary>
    /// <param name="lexemes">Of every word.</param>
    public string Vector(IReadOnlyDictionary<string, string[]> lexemes)
    {
        var vector = new StringBuilder(words.Count * 16);
        foreach (var (word, weight) in words)
            foreach (var lexeme in lexemes[word]) vector.Append(CultureInfo.InvariantCulture, $"'{lexeme}':1{weight} ");
        return vector.ToString();
    }

    [GeneratedRegex(@"\A([A-Z][A-Z0-9]{1,15}|[a-z]+(-[a-z]+)*)\z")]
    private static partial Regex Code();

    [GeneratedRegex(@"\A(source|occasion)-[0-9a-f-]{36}\z")]
    private static partial Regex Cited();
}
