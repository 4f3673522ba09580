using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.EventStore;

namespace SecurityCoop.Web.Exchange;

/// <summary>What is wrong with a row, and in which column; 1 is the row of column names, as a spreadsheet counts.</summary>
public sealed record RowFault(int Row, string? Column, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"row {Row}{(Column is null ? "" : $", column {Column}")}: {What}");
}

/// <summary>A meeting or an action of a file.</summary>
/// <param name="Name">What later rows call it by, after an @.</param>
/// <param name="Key">The Idempotency-Key under which it is recorded: of its own name where it has one, otherwise of its place and content.</param>
public sealed record RecordRow(int Row, string Record, string? Name, string Key, JsonObject Body)
{
    public string Path => Record == "meeting" ? "/api/meetings" : "/api/actions";
}

/// <summary>
/// Past meetings and actions from CSV (a row of column names; UTF-8; commas or semicolons) or from JSON (an array of objects). `record` says meeting or action, `key` gives
/// the row a name; all other columns are the fields of the command's body. Faults are collected, never thrown at the first.
/// </summary>
public sealed class RecordFile
{
    static readonly string[] Lists = ["partners", "topics", "occasions"], Numbers = ["statement", "credibility", "paragraph", "sentence"], Locator = ["paragraph", "sentence"];

    static readonly HashSet<string> Known =
    [
        "record", "key", "partners", "partner", "kind", "date", "dateAsGiven", "place", "partOf", "occasions", "state", "what", "owedBy", "owner", "on", "due", "dueAsGiven", "standing", "windsDown", "reviewOn", "topics",
        "meeting", "statement", "source", "paragraph", "sentence", "reason", "onBehalfOf", "credibility", "marking", "homeOrganisation",
    ];

    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    public List<RecordRow> Rows { get; } = [];
    public List<RowFault> Faults { get; } = [];

    /// <exception cref="StartRefused">It is neither, so that no row can be told from another.</exception>
    public static RecordFile Read(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new StartRefused("The file is UTF-16: save it as UTF-8.");
        if (bytes is [0xEF, 0xBB, 0xBF, ..]) bytes = bytes[3..];
        var file = new RecordFile();
        if (bytes.FirstOrDefault(b => b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) == '[') file.ReadJson(bytes);
        else file.ReadCsv(bytes);
        file.CheckNames();
        return file;
    }

    void ReadJson(byte[] bytes)
    {
        JsonArray all;
        try
        {
            all = JsonNode.Parse(bytes)!.AsArray();
        }
        catch (JsonException bad)
        {
            throw new StartRefused($"The file is not JSON: {bad.Message}", bad);
        }
        foreach (var (i, item) in all.Index())
        {
            if (item is not JsonObject body) Faults.Add(new(i + 1, null, "it is not an object"));
            else Add(i + 1, (string?)Take(body, "record"), (string?)Take(body, "key"), (JsonObject)body.DeepClone());
        }

        // Texts only: what else stands there is refused as an unknown field is.
        static JsonNode? Take(JsonObject body, string member) => body[member] is JsonValue v && v.GetValueKind() == JsonValueKind.String && body.Remove(member) ? v : null;
    }

    void ReadCsv(byte[] bytes)
    {
        // Byte by byte, so that a cell that is not UTF-8 is known by its place.
        var (rows, open) = CsvReader.Rows(Encoding.Latin1.GetString(bytes));
        if (open is { } at) Faults.Add(new(at, null, "a quotation mark is not closed"));
        if (rows.Count == 0) throw new StartRefused("The file is empty: its first row names the columns.");
        var columns = rows[0].Select((c, i) => Text(c, 1, $"{i + 1}")?.Trim() ?? "").ToList();
        foreach (var (i, column) in columns.Index())
            if (!Known.Contains(column)) Faults.Add(new(1, column == "" ? $"{i + 1}" : column, $"there is no such column; there are {string.Join(", ", Known)}"));
            else if (columns.IndexOf(column) < i) Faults.Add(new(1, column, "it stands there twice"));
        if (!columns.Contains("record")) throw new StartRefused("The file has no column `record`, which says meeting or action.");
        if (Faults.Count > 0) return; // What a cell means is not known.
        foreach (var (i, cells) in rows.Index().Skip(1))
        {
            if (cells is [""]) continue;
            if (cells.Count != columns.Count)
            {
                Faults.Add(new(i + 1, null, $"it has {cells.Count} cells, and there are {columns.Count} columns"));
                continue;
            }
            var (before, body, record, key) = (Faults.Count, new JsonObject(), (string?)null, (string?)null);
            foreach (var (cell, column) in cells.Zip(columns))
            {
                if (Text(cell, i + 1, column) is not { } text || text.Trim() is not { Length: > 0 } said) continue;
                if (column == "record") record = said;
                else if (column == "key") key = said;
                else if (Lists.Contains(column)) body[column] = new JsonArray([.. said.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => (JsonNode)v)]);
                else if (Numbers.Contains(column) && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) body[column] = number;
                else if (column == "windsDown" && bool.TryParse(said, out var yes)) body[column] = yes;
                else body[column] = text;
            }
            if (body["source"] is JsonNode document)
            {
                var locator = new JsonObject { ["document"] = document.DeepClone() };
                foreach (var part in Locator)
                    if (body.Remove(part, out var value)) locator[part] = value?.DeepClone();
                body["source"] = locator;
            }
            // A date that nobody knows is an empty one.
            if (record == "meeting" && columns.Contains("date")) body["date"] ??= "";
            if (Faults.Count == before) Add(i + 1, record, key, body);
        }
    }

    string? Text(string cell, int row, string column)
    {
        try
        {
            return strict.GetString(Encoding.Latin1.GetBytes(cell));
        }
        catch (DecoderFallbackException)
        {
            Faults.Add(new(row, column, "it is not UTF-8: save the file as UTF-8"));
            return null;
        }
    }

    void Add(int row, string? record, string? key, JsonObject body)
    {
        if (record is not ("meeting" or "action")) Faults.Add(new(row, "record", $"it is {(record is null ? "missing" : $"“{record}”")}; it says meeting or action"));
        else if (key is { Length: > 150 }) Faults.Add(new(row, "key", "it is longer than 150 characters"));
        else Rows.Add(new(row, record, key, key is not null ? $"import/{key}" : $"import/{row}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{record} {body.ToJsonString()}")))}", body));
    }

    // A name is given once, and used after it was given: by actions of meetings, and by meetings of those that they are part of.
    void CheckNames()
    {
        var given = new Dictionary<string, RecordRow>(StringComparer.Ordinal);
        foreach (var row in Rows)
        {
            foreach (var (column, name) in NamesOf(row))
                if (!given.TryGetValue(name[1..], out var named)) Faults.Add(new(row.Row, column, $"{name} is the key of no row before this one"));
                else if (named.Record != "meeting") Faults.Add(new(row.Row, column, $"{name} is no meeting"));
            if (row.Name is { } own && !given.TryAdd(own, row)) Faults.Add(new(row.Row, "key", $"{own} is the key of row {given[own].Row} too"));
        }
    }

    /// <summary>The columns of a row that name another row.</summary>
    public static IEnumerable<(string Column, string Name)> NamesOf(RecordRow row)
    {
        foreach (var column in (string[])["meeting", "partOf"])
            if (row.Body[column] is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() is ['@', ..] name) yield return (column, name);
    }
}

/// <summary>Cells of CSV (RFC 4180), separated by commas, or by semicolons where the first line has no comma.</summary>
static class CsvReader
{
    /// <returns>The rows, and the one in which a quotation mark is not closed.</returns>
    public static (List<List<string>> Rows, int? Open) Rows(string text)
    {
        var first = text.AsSpan(0, text.IndexOf('\n') is var end and >= 0 ? end : text.Length);
        var separator = first.Contains(',') || !first.Contains(';') ? ',' : ';';
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0) quoted = true;
            else if (c == separator) End();
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
                EndRow();
            }
            else cell.Append(c);
        }
        var open = quoted ? rows.Count + 1 : (int?)null;
        if (cell.Length > 0 || row.Count > 0) EndRow();
        return (rows, open);

        void End()
        {
            row.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow()
        {
            End();
            rows.Add(row);
            row = [];
        }
    }
}
