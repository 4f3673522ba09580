using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
/// <param name="Key">The Idempotency-Key under which it is recorded: of its own name where it has one, otherwise of its content.</param>
public sealed record RecordRow(int Row, string Record, string? Name, string Key, JsonObject Body)
{
    /// <summary>Where such records are posted.</summary>
    public string Path => Record == "meeting" ? "/api/meetings" : "/api/actions";

    /// <summary>The reference that the file gives it: where the register has it already, nothing is recorded.</summary>
    public string? Reference { get; init; }

    /// <summary>The row as it was understood, cell by cell, for people.</summary>
    public string Understood { get; init; } = "";

    /// <summary>The file's headings by field, where it has any.</summary>
    public IReadOnlyDictionary<string, string>? Headings { get; init; }

    /// <summary>
    /// A field as the file calls it: a cell with several values is one column, and parts of a locator have columns of their own.
    /// </summary>
    /// <param name="path">A pointer into the body, cut at its slashes.</param>
    public string? Column(string[] path)
    {
        var field = path switch
        {
            [] => null,
            ["source", _, ("paragraph" or "sentence") and var part] => part,
            ["source" or "partners" or "topics" or "occasions", ..] => path[0],
            _ when Headings is null => string.Join('/', path),
            ["statements", var number, var part, ..] when int.TryParse(number, out var i) => i == 0 ? part : $"{part}{i + 1}",
            ["followUps", _, "on"] => "stateOn",
            ["followUps", _, var part, ..] => part,
            ["home" or "partnerSide", ..] => path[0],
            _ => string.Join('/', path),
        };
        return field is null ? null : Headings?.GetValueOrDefault(field) ?? field;
    }
}

/// <summary>A row that says the same as one before it, and is recorded with it.</summary>
public sealed record RepeatedRow(int Row, int First);

/// <summary>How a file is to be read where it does not say so itself.</summary>
/// <param name="Encoding">Of a table that is not UTF-8.</param>
/// <param name="Record">meeting or action: what its rows are, where no column says so.</param>
/// <param name="IgnoreUnknownColumns">Pass over columns of which nothing is known.</param>
public sealed record RecordFileOptions(Encoding? Encoding = null, string? Record = null, bool IgnoreUnknownColumns = false);

/// <summary>
/// Past meetings and actions from a table (a row of headings; CSV or a workbook) or from JSON (an array of objects). `record` says meeting
/// or action, `key` gives the row a name; all other columns are the fields of the command's body. Faults are collected, never thrown at the
/// first.
/// </summary>
public sealed class RecordFile
{
    const int MostRows = 100_000, MostMegabytesOfJson = 50, Start = 1 << 16;

    /// <summary>The encodings in which spreadsheets here save what is not UTF-8.</summary>
    public static readonly IReadOnlyList<string> Encodings = ["windows-1252", "windows-1256"];

    static readonly string[] locator = ["paragraph", "sentence"];
    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    readonly Language language;
    readonly RecordFileOptions options;
    readonly Dictionary<string, int> contents = new(StringComparer.Ordinal);

    RecordFile(Language language, RecordFileOptions options) => (this.language, this.options) = (language, options);

    /// <summary>The records, each once.</summary>
    public List<RecordRow> Rows { get; } = [];

    /// <summary>Rows that repeat one before them.</summary>
    public List<RepeatedRow> Repeated { get; } = [];

    /// <summary>Headings of columns that were passed over.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>What is not taken, in the order in which it was found.</summary>
    public List<RowFault> Faults { get; } = [];

    /// <summary>What separates the cells: of CSV, as the file has it.</summary>
    public char Separator { get; private set; } = ',';

    /// <summary>An encoding by its name.</summary>
    public static Encoding EncodingOf(string name) => name == "utf-8" ? strict : CodePagesEncodingProvider.Instance.GetEncoding(name)!;

    /// <param name="bytes">Can be read from its beginning again.</param>
    /// <exception cref="StartRefused">It is neither, so that no row can be told from another, or there is too much of it.</exception>
    public static RecordFile Read(Stream bytes, Language language, RecordFileOptions? options = null)
    {
        var start = new byte[Start];
        var read = start.AsSpan(0, bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        var file = new RecordFile(language, options ?? new());
        if (WorkbookReader.Is(read)) file.ReadWorkbook(bytes);
        else file.ReadText(bytes, read);
        file.NameReferences();
        file.CheckNames();
        return file;
    }

    void ReadWorkbook(Stream bytes)
    {
        bytes.Position = 0;
        using var workbook = WorkbookReader.Open(bytes) ?? throw new StartRefused(language.Say(ImportWords.NoWorkbook));
        try
        {
            ReadTable(WorkbookReader.Rows(workbook), strict);
        }
        catch (System.Xml.XmlException bad)
        {
            throw new StartRefused(language.Say(ImportWords.NoWorkbook), bad);
        }
    }

    void ReadText(Stream bytes, ReadOnlySpan<byte> read)
    {
        // Without a mark its every second byte tells: no text has a zero.
        if (read is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || read.Contains((byte)0)) throw new StartRefused(language.Say(ImportWords.Utf16));
        var mark = read is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        bytes.Position = mark;
        var text = read[mark..];
        if (text.TrimStart(" \n\r\t"u8) is [(byte)'[', ..])
        {
            ReadJson(bytes);
            return;
        }
        (Separator, var skip) = CsvReader.Separator(Encoding.Latin1.GetString(text));
        bytes.Position = mark + skip;
        ReadTable(CsvReader.Rows(bytes, Separator), mark > 0 ? strict : options.Encoding ?? strict);
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
            else Add(new(i + 1, (string?)Take(body, "record"), (string?)Take(body, "key"), (JsonObject)body.DeepClone()));
        }

        // Texts only: what else stands there is refused as an unknown field is.
        static JsonNode? Take(JsonObject body, string member) => body[member] is JsonValue v && v.GetValueKind() == JsonValueKind.String && body.Remove(member) ? v : null;
    }

    StartRefused TooBig() => new(language.Say(ImportWords.TooBig, MostRows, MostMegabytesOfJson));

    void Fault(int row, string? column, Label what, params object[] args) => Faults.Add(new(row, column, language.Say(what, args)));

    void ReadTable(IEnumerable<CsvRow> rows, Encoding encoding)
    {
        List<ImportColumn>? columns = null;
        foreach (var (row, bytes, fault) in rows)
        {
            if (row > MostRows + 1) throw TooBig();
            if (fault is { } at)
            {
                var column = at.What == CsvFault.TooLong ? null : columns?.ElementAtOrDefault(at.Cell)?.Heading ?? $"{at.Cell + 1}";
                Fault(row, column, at.What switch { CsvFault.Unclosed => ImportWords.Unclosed, CsvFault.AfterQuotes => ImportWords.AfterQuotes, CsvFault.TooLong => ImportWords.TooLong });
                if (columns is null) return;
                continue;
            }
            if (Decoded(row, bytes, columns, encoding) is not { } cells) return;
            if (cells.All(c => c == "")) continue;
            if (columns is null)
            {
                columns = Columns(row, cells);
                if (Faults.Count > 0) return; // What a cell means is not known.
                continue;
            }
            while (cells.Count > columns.Count && cells[^1] == "") cells.RemoveAt(cells.Count - 1);
            if (cells.Count != columns.Count)
            {
                Fault(row, null, ImportWords.Cells, cells.Count, columns.Count);
                continue;
            }
            Add(row, cells, columns);
        }
        if (columns is null) throw new StartRefused(language.Say(ImportWords.Empty));
    }

    // One cell that is not in the file's encoding says what is to be done with all of them: nothing else is said then.
    List<string>? Decoded(int row, List<string> cells, List<ImportColumn>? columns, Encoding encoding)
    {
        var texts = new List<string>(cells.Count);
        foreach (var (i, cell) in cells.Index())
        {
            var bytes = Encoding.Latin1.GetBytes(cell);
            try
            {
                var text = encoding.GetString(bytes);
                texts.Add(CellText.Trim(CsvText.IsGuarded(text) ? text[1..] : text));
            }
            catch (DecoderFallbackException)
            {
                var readings = Encodings.Select(e => CellText.Trim(EncodingOf(e).GetString(bytes))).ToList();
                Faults.Clear();
                Rows.Clear();
                Fault(row, columns?.ElementAtOrDefault(i)?.Heading ?? $"{i + 1}", ImportWords.NoUtf8, readings[0], readings[1]);
                return null;
            }
        }
        return texts;
    }

    List<ImportColumn> Columns(int row, List<string> headings)
    {
        while (headings.Count > 0 && headings[^1] == "") headings.RemoveAt(headings.Count - 1);
        var columns = new List<ImportColumn>();
        foreach (var (i, heading) in headings.Index())
        {
            var column = ImportColumns.Of(heading);
            if (column is null && options.IgnoreUnknownColumns) Ignored.Add(heading == "" ? $"{i + 1}" : heading);
            else if (column is null)
                Fault(row, heading == "" ? $"{i + 1}" : heading, ImportWords.NoColumn, string.Join(", ", ImportColumns.Fields));
            else if (columns.Any(c => c.Field == column.Field && c.Number == column.Number)) Fault(row, heading, ImportWords.Twice);
            columns.Add(column ?? new(heading, null));
        }
        if (options.Record is null && !columns.Any(c => c.Field is "record" or "reference"))
            throw new StartRefused(language.Say(ImportWords.NoRecord));
        return columns;
    }

    void Add(int row, List<string> cells, List<ImportColumn> columns)
    {
        string? Said(string field) => columns.FindIndex(c => c.Field == field) is var i and >= 0 && cells[i] != "" ? cells[i] : null;
        var reference = Said("reference");
        var record = Said("record") is { } word ? ImportValues.Record(word)
            : reference is not null ? (reference.Contains("-ACT-", StringComparison.Ordinal) ? "action" : "meeting") : options.Record;
        var (body, statements, understood, headings) = (new JsonObject(), new SortedDictionary<int, JsonObject>(), new List<string>(),
            new Dictionary<string, string>(StringComparer.Ordinal));
        var asGiven = new List<(string Field, string Cell)>();
        // Several statements of an exported row stand in one cell each of their fields, and cannot be told apart.
        var mixed = Said("#statements") is { } count
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many > 1;
        foreach (var (cell, column) in cells.Zip(columns))
        {
            if (column.Field is null or ['#', ..] or "record" or "key" or "reference") continue;
            var field = FieldOf(column.Field, record);
            var ofStatement = ImportColumns.OfStatement.Contains(field) && !(record == "action" && field == "topics");
            var named = column.Number > 1 ? $"{field}{column.Number}" : field;
            // A column that has the field's own name goes before one that means it here.
            if (column.Field == field || !headings.ContainsKey(named)) headings[named] = column.Heading;
            if (cell == "" || (mixed && ofStatement)) continue;
            var (value, shown, fault) = ImportValues.Of(field, record ?? "", cell, language);
            if (fault is not null) Faults.Add(new(row, column.Heading, fault));
            understood.Add(shown is null ? language.Say(ImportWords.Plain, column.Heading, cell)
                : language.Say(ImportWords.Meant, column.Heading, cell, shown));
            var holder = body;
            if (ofStatement && record == "meeting" && !statements.TryGetValue(column.Number, out holder!))
                statements[column.Number] = holder = [];
            if (holder.ContainsKey(field)) Faults.Add(new(row, column.Heading, language.Say(ImportWords.Twice)));
            else if (value is not null) holder[field] = value;
            if (field is "date" or "due" && shown is not null) asGiven.Add((field, cell));
        }
        foreach (var (field, cell) in asGiven) body[$"{field}AsGiven"] ??= cell;
        if (mixed) understood.Add(language.Say(ImportWords.MixedStatements, Said("#statements")!));
        Finish(record, body, statements, columns, Said);
        var shownCells = string.Join(language == Language.Arabic ? "؛ " : "; ", understood);
        Add(new(row, record, Said("key"), body) { Reference = reference, Understood = shownCells, Headings = headings });
    }

    // What a column holds of a meeting or of an action, where one heading serves for both.
    static string FieldOf(string field, string? record) => (field, record) switch
    {
        ("subject", "meeting") => "text",
        ("subject", _) => "what",
        ("country" or "partners", "action") => "partner",
        ("country" or "partner", _) => record == "action" ? "partner" : "partners",
        ("date", "action") => "on",
        _ => field,
    };

    // What commands take together and a table has in several columns.
    static void Finish(
        string? record, JsonObject body, SortedDictionary<int, JsonObject> statements, List<ImportColumn> columns,
        Func<string, string?> said)
    {
        var sources = (body["source"] as JsonArray)?.Select(s => (JsonNode)new JsonObject { ["document"] = s!.DeepClone() }).ToList();
        if (sources is not null)
        {
            foreach (var part in locator)
                if (body.Remove(part, out var value)) sources[0][part] = value?.DeepClone();
            body["source"] = new JsonArray([.. sources]);
        }
        if (record == "meeting")
        {
            // A date that nobody knows is an empty one.
            if (columns.Any(c => c.Field == "date")) body["date"] ??= "";
            foreach (var statement in statements.Values)
            {
                statement["force"] ??= "discussed";
                statement["speaker"] ??= "joint";
            }
            if (statements.Count > 0) body["statements"] = new JsonArray([.. statements.Values]);
        }
        else if (record == "action") FollowUp(body, said);
    }

    // The state that an action has reached is a follow-up, of an unknown day where none is given.
    static void FollowUp(JsonObject body, Func<string, string?> said)
    {
        var (state, on, note) = (Take("state"), Take("stateOn"), Take("note"));
        var followed = Take("followUpsOn");
        if (on is null && followed is not null && Register.Time.Edtf.TryParse((string)followed!, out _, out _)) on = followed;
        if ((string?)state is "agreed") state = null;
        if (state is null && note is null) return;
        var followUp = new JsonObject { ["on"] = on ?? "", ["note"] = note ?? said("state") };
        if (state is not null) followUp["state"] = state;
        body["followUps"] = new JsonArray(followUp);

        JsonNode? Take(string field) => body.Remove(field, out var value) ? value : null;
    }

    sealed record Found(int Row, string? Record, string? Key, JsonObject Body)
    {
        public string? Reference { get; init; }
        public string Understood { get; init; } = "";
        public IReadOnlyDictionary<string, string>? Headings { get; init; }
    }

    void Add(Found found)
    {
        var (row, record, key, _) = found;
        // The order of columns says nothing: not of what a row is remembered by, nor of what is sent.
        var body = (JsonObject)Ordered(found.Body)!;
        string In(string field) => found.Headings?.GetValueOrDefault(field) ?? field;
        if (record is null) Fault(row, In("record"), ImportWords.RecordMissing);
        else if (record is not ("meeting" or "action")) Fault(row, In("record"), ImportWords.RecordOther, record);
        else if (key is { Length: > 150 }) Fault(row, In("key"), ImportWords.KeyLong);
        else
        {
            var content = key is null ? $"import-content/{Digest($"{record} {found.Reference} {body.ToJsonString()}")}" : $"import/{key}";
            // What has no name and says the same is the same: within a file, and in every file.
            if (key is null && found.Reference is null && !contents.TryAdd(content, row)) Repeated.Add(new(row, contents[content]));
            else
                Rows.Add(new(row, record, key ?? found.Reference, content, body)
                {
                    Reference = found.Reference,
                    Understood = found.Headings is null ? body.ToJsonString(BodiesJson.ShownOptions) : found.Understood,
                    Headings = found.Headings,
                });
        }
    }

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Ordered)]),
        _ => node?.DeepClone(),
    };

    // A row that names another by the reference that the file gives that one: whatever it will be called here.
    void NameReferences()
    {
        var references = Rows.Select(r => r.Reference).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var row in Rows)
            foreach (var column in (string[])["meeting", "partOf"])
                if (row.Headings is not null && (string?)row.Body[column] is { } name && references.Contains(name))
                    row.Body[column] = $"@{name}";
    }

    // A name is given once, and used after it was given: by actions of meetings, and by meetings of those that they are part of.
    void CheckNames()
    {
        var given = new Dictionary<string, RecordRow>(StringComparer.Ordinal);
        foreach (var row in Rows)
        {
            foreach (var (column, name) in NamesOf(row))
                if (!given.TryGetValue(name[1..], out var named)) Fault(row.Row, row.Column([column]), ImportWords.KeyOfNone, name);
                else if (named.Record != "meeting") Fault(row.Row, row.Column([column]), ImportWords.KeyOfNoMeeting, name);
            if (row.Name is { } own && !given.TryAdd(own, row))
                Fault(row.Row, row.Column(["key"]), ImportWords.KeyTwice, own, given[own].Row);
        }
    }

    /// <summary>The columns of a row that name another row.</summary>
    public static IEnumerable<(string Column, string Name)> NamesOf(RecordRow row)
    {
        foreach (var column in (string[])["meeting", "partOf"])
            if (row.Body[column] is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() is ['@', ..] name) yield return (column, name);
    }
}
