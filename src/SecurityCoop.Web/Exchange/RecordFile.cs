using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Exchange;

/// <summary>What is wrong with a row, and in which column, in the language of whoever brings it in; 1 is the row of column names, as a spreadsheet counts.</summary>
public sealed record RowFault(int Row, string? Column, string What)
{
    public string Say(Language l) => Column is null ? l.Say(ImportWords.Row, Row, What) : l.Say(ImportWords.Cell, Row, Column, What);
}

/// <summary>A meeting or an action of a file.</summary>
/// <param name="Name">What later rows call it by, after an @.</param>
/// <param name="Key">The Idempotency-Key under which it is recorded: of its own name where it has one, otherwise of its place and content.</param>
public sealed record RecordRow(int Row, string Record, string? Name, string Key, JsonObject Body)
{
    public string Path => Record == "meeting" ? "/api/meetings" : "/api/actions";
}

/// <summary>
/// Past meetings and actions from CSV (a row of column names; UTF-8; commas, semicolons or tabs) or from JSON (an array of objects). `record` says meeting or action, `key` gives
/// the row a name; all other columns are the fields of the command's body. Faults are collected, never thrown at the first.
/// </summary>
public sealed class RecordFile
{
    const int MostRows = 100_000, MostMegabytesOfJson = 50;

    static readonly string[] Lists = ["partners", "topics", "occasions"], Numbers = ["statement", "credibility", "paragraph", "sentence"], Locator = ["paragraph", "sentence"];

    static readonly HashSet<string> Known =
    [
        "record", "key", "partners", "partner", "kind", "date", "dateAsGiven", "place", "partOf", "occasions", "state", "what", "owedBy", "owner", "on", "due", "dueAsGiven", "standing", "windsDown", "reviewOn", "topics",
        "meeting", "statement", "source", "paragraph", "sentence", "reason", "onBehalfOf", "credibility", "marking", "homeOrganisation",
    ];

    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    readonly Language language;

    RecordFile(Language language) => this.language = language;

    public List<RecordRow> Rows { get; } = [];
    public List<RowFault> Faults { get; } = [];

    /// <param name="bytes">Can be read from its beginning again.</param>
    /// <exception cref="StartRefused">It is neither, so that no row can be told from another, or there is too much of it.</exception>
    public static RecordFile Read(Stream bytes, Language language)
    {
        var start = new byte[1024];
        var read = start.AsSpan(0, bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        // Without a mark its every second byte tells: no text has a zero.
        if (read is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || read.Contains((byte)0)) throw new StartRefused(language.Say(ImportWords.Utf16));
        var mark = read is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        bytes.Position = mark;
        var file = new RecordFile(language);
        var text = read[mark..].TrimStart(" \n\r\t"u8);
        if (text is [(byte)'[', ..]) file.ReadJson(bytes);
        else file.ReadCsv(bytes);
        file.CheckNames();
        return file;
    }

    void ReadJson(Stream bytes)
    {
        if (bytes.Length > MostMegabytesOfJson * 1_000_000L) throw TooBig();
        JsonArray all;
        try
        {
            all = JsonNode.Parse(bytes)!.AsArray();
        }
        catch (JsonException bad)
        {
            throw new StartRefused(language.Say(ImportWords.NoJson, bad.Message), bad);
        }
        if (all.Count > MostRows) throw TooBig();
        foreach (var (i, item) in all.Index())
        {
            if (item is not JsonObject body) Fault(i + 1, null, ImportWords.NoObject);
            else Add(i + 1, (string?)Take(body, "record"), (string?)Take(body, "key"), (JsonObject)body.DeepClone());
        }

        // Texts only: what else stands there is refused as an unknown field is.
        static JsonNode? Take(JsonObject body, string member) => body[member] is JsonValue v && v.GetValueKind() == JsonValueKind.String && body.Remove(member) ? v : null;
    }

    StartRefused TooBig() => new(language.Say(ImportWords.TooBig, MostRows, MostMegabytesOfJson));

    void Fault(int row, string? column, Label what, params object[] args) => Faults.Add(new(row, column, language.Say(what, args)));

    void ReadCsv(Stream bytes)
    {
        List<string>? columns = null;
        foreach (var (row, cells, fault) in CsvReader.Rows(bytes))
        {
            if (row > MostRows + 1) throw TooBig();
            if (fault is { } at)
            {
                var column = at.What == CsvFault.TooLong ? null : columns?.ElementAtOrDefault(at.Cell) ?? $"{at.Cell + 1}";
                Fault(row, column, at.What switch { CsvFault.Unclosed => ImportWords.Unclosed, CsvFault.AfterQuotes => ImportWords.AfterQuotes, CsvFault.TooLong => ImportWords.TooLong });
                if (columns is null) return;
                continue;
            }
            if (cells is [""] && columns is not null) continue;
            if (columns is null)
            {
                if (cells is [""]) throw new StartRefused(language.Say(ImportWords.Empty));
                columns = Columns(cells);
                if (Faults.Count > 0) return; // What a cell means is not known.
                continue;
            }
            if (cells.Count != columns.Count)
            {
                Fault(row, null, ImportWords.Cells, cells.Count, columns.Count);
                continue;
            }
            Add(row, cells, columns);
        }
        if (columns is null) throw new StartRefused(language.Say(ImportWords.Empty));
    }

    List<string> Columns(List<string> cells)
    {
        var columns = cells.Select((c, i) => Text(c, 1, $"{i + 1}")?.Trim() ?? "").ToList();
        foreach (var (i, column) in columns.Index())
            if (!Known.Contains(column)) Fault(1, column == "" ? $"{i + 1}" : column, ImportWords.NoColumn, string.Join(", ", Known));
            else if (columns.IndexOf(column) < i) Fault(1, column, ImportWords.Twice);
        return columns.Contains("record") ? columns : throw new StartRefused(language.Say(ImportWords.NoRecord));
    }

    void Add(int row, List<string> cells, List<string> columns)
    {
        var (before, body, record, key) = (Faults.Count, new JsonObject(), (string?)null, (string?)null);
        foreach (var (cell, column) in cells.Zip(columns))
        {
            if (Text(cell, row, column) is not { } text || text.Trim() is not { Length: > 0 } said) continue;
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
        if (Faults.Count == before) Add(row, record, key, body);
    }

    string? Text(string cell, int row, string column)
    {
        try
        {
            var text = strict.GetString(Encoding.Latin1.GetBytes(cell));
            return CsvText.IsGuarded(text) ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            Fault(row, column, ImportWords.NoUtf8);
            return null;
        }
    }

    void Add(int row, string? record, string? key, JsonObject body)
    {
        if (record is null) Fault(row, "record", ImportWords.RecordMissing);
        else if (record is not ("meeting" or "action")) Fault(row, "record", ImportWords.RecordOther, record);
        else if (key is { Length: > 150 }) Fault(row, "key", ImportWords.KeyLong);
        else Rows.Add(new(row, record, key, key is not null ? $"import/{key}" : $"import/{row}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{record} {body.ToJsonString()}")))}", body));
    }

    // A name is given once, and used after it was given: by actions of meetings, and by meetings of those that they are part of.
    void CheckNames()
    {
        var given = new Dictionary<string, RecordRow>(StringComparer.Ordinal);
        foreach (var row in Rows)
        {
            foreach (var (column, name) in NamesOf(row))
                if (!given.TryGetValue(name[1..], out var named)) Fault(row.Row, column, ImportWords.KeyOfNone, name);
                else if (named.Record != "meeting") Fault(row.Row, column, ImportWords.KeyOfNoMeeting, name);
            if (row.Name is { } own && !given.TryAdd(own, row)) Fault(row.Row, "key", ImportWords.KeyTwice, own, given[own].Row);
        }
    }

    /// <summary>The columns of a row that name another row.</summary>
    public static IEnumerable<(string Column, string Name)> NamesOf(RecordRow row)
    {
        foreach (var column in (string[])["meeting", "partOf"])
            if (row.Body[column] is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() is ['@', ..] name) yield return (column, name);
    }
}
