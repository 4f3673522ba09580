using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Exchange;

/// <summary>Rows of a table as RFC 4180 writes them, in UTF-8 with the mark by which spreadsheets know it.</summary>
static class CsvText
{
    public const string Type = "text/csv";

    public static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>One row with its line end. What is a number stays one; text that a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    public static byte[] Row(IEnumerable<object?> cells, char separator = ',') =>
        Encoding.UTF8.GetBytes(string.Join(separator, cells.Select(c => Written(c, separator))) + "\r\n");

    static string Written(object? cell, char separator = ',') => cell switch
    {
        null => "",
        long number => number.ToString(CultureInfo.InvariantCulture),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        string text => Quoted(Guarded(text), separator),
        _ => throw new ArgumentException($"A cell is not made of {cell.GetType()}.", nameof(cell)),
    };

    /// <summary>The text with an apostrophe before it where a spreadsheet would take it for a formula.</summary>
    public static string Guarded(string text) => IsFormula(text.AsSpan().TrimStart('\'')) ? $"'{text}" : text;

    // Where apostrophes stand before it already, one more: so that whoever reads the table takes exactly one away.
    static bool IsFormula(ReadOnlySpan<char> text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];

    /// <summary>Whether a cell has the apostrophe that keeps a spreadsheet from running it.</summary>
    public static bool IsGuarded(string cell) => cell is ['\'', ..] && IsFormula(cell.AsSpan().TrimStart('\''));

    static string Quoted(string text, char separator) =>
        text.Contains(separator, StringComparison.Ordinal) || text.AsSpan().ContainsAny(",\"\r\n") || text is [' ', ..] or [.., ' ']
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>
    /// What an item holds at a path, members after dots; several values in one cell, between semicolons. `#path`: how many there are. `?member:word`: the member's name
    /// where it is there and not false, the other word, if one is given, where it is not. `&gt;changes.on`: of the last of them that led to
    /// the item's state.
    /// </summary>
    public static object? Cell(JsonNode item, string path)
    {
        if (path[0] == '?' && path[1..].Split(':') is var words)
            return item[words[0]] is { } there && there.GetValueKind() != JsonValueKind.False ? words[0] : words.ElementAtOrDefault(1);
        if (path[0] == '>' && path[1..].Split('.') is [var list, var member])
            return (item[list] as JsonArray)?.OfType<JsonObject>()
                .LastOrDefault(c => c["withdrawn"] is not JsonValue { } w || !w.GetValue<bool>())
                is { } last && (string?)last["to"] == (string?)item["state"] ? (string?)last[member] : null;
        var found = new List<JsonNode>();
        Collect(item, path.TrimStart('#').Split('.'), found);
        if (path[0] == '#') return (long)found.Count;
        var values = found.Select(Value).Where(v => v is not null).Distinct().ToList();
        return values.Count < 2 ? values.FirstOrDefault() : string.Join("; ", values.Select(v => v is string text ? text : Written(v)));
    }

    static void Collect(JsonNode? node, ReadOnlySpan<string> path, List<JsonNode> found)
    {
        if (node is JsonArray several)
            foreach (var one in several) Collect(one, path, found);
        else if (path.Length > 0 && node is JsonObject holder) Collect(holder[path[0]], path[1..], found);
        else if (path.Length == 0 && node is not null) found.Add(node);
    }

    static object? Value(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number => node.AsValue().TryGetValue<long>(out var whole) ? whole : node.GetValue<decimal>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        // A value that is protected: the word that stands in its place.
        _ => node is JsonObject closed ? Closed.FirstOrDefault(closed.ContainsKey) ?? node.ToJsonString(BodiesJson.ShownOptions) : null,
    };

    static readonly string[] Closed = ["withheld", "erased", "missing"];
}
