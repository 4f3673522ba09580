using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Exchange;

/// <summary>Marks a list that can be asked for as a table, for the interface's description.</summary>
sealed class AlsoTable;

/// <summary>How a table is written for whoever asks.</summary>
/// <param name="Separator">Between the cells: a comma, a semicolon or a tab.</param>
/// <param name="Language">Of the headings; null: the columns' stable names.</param>
sealed record TableShape(char Separator, Language? Language)
{
    /// <summary>The parameters by which a table is asked for, with what each of them takes.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning, string[] Values)> Parameters =
    [
        ("format", "csv or xlsx: all pages as one table (docs/csv.md); csv also for the header Accept: text/csv.", ["json", "csv", "xlsx"]),
        ("separator", "Of a table: what separates its cells; a comma where nothing is said.", [",", ";", "tab"]),
        ("language", "Of a table: the language of its headings; without it they are the stable names of docs/csv.md.", ["fr", "en", "ar"]),
    ];

    /// <exception cref="Refusal">invalid-parameter, at either.</exception>
    public static TableShape Of(HttpRequest request)
    {
        var separator = (string?)request.Query["separator"] switch
        {
            null or "," => ',', ";" => ';', "tab" or "\t" => '\t', _ => throw Refusal.OfField("?separator", "invalid-parameter"),
        };
        var code = (string?)request.Query["language"];
        var language = Language.All.FirstOrDefault(l => l.Code == code);
        return code is not null && language is null ? throw Refusal.OfField("?language", "invalid-parameter") : new(separator, language);
    }

    /// <summary>What stands above a column.</summary>
    public string Heading(string name) => Language is null ? name : Language.Say(TableHeadings.All, name);
}

/// <summary>
/// A list of the interface as a table: `?format=csv`, or `Accept: text/csv`, or a workbook, `?format=xlsx`; `?separator=` and `?language=` shape it for a spreadsheet.
/// All pages in one answer, each asked of the list itself, so that a table shows
/// what the list shows and no more; a page that is refused before the first row is refused as it is in JSON.
/// </summary>
public static class CsvLists
{
    /// <summary>Gives a list its columns. A column is a path into an item: members after dots, arrays taken apart (<see cref="CsvText.Cell"/>); its name is stable.</summary>
    public static RouteHandlerBuilder AlsoCsv(this RouteHandlerBuilder list, string name, params (string Name, string Path)[] columns) => list
        .AddEndpointFilterFactory((made, next) =>
        {
            var parameters = made.MethodInfo.GetParameters();
            int Of(string parameter) => Array.FindIndex(parameters, p => p.Name == parameter);
            var (limit, after, knownAt) = (Of("limit"), Of("after"), Of("knownAt"));
            return async call =>
            {
                // Where a parameter cannot be read the list is not asked, and the answer is its refusal: there is no page to make rows of.
                if (call.HttpContext.Response.StatusCode == StatusCodes.Status400BadRequest || !IsAsked(call.HttpContext.Request)) return await next(call);
                var shape = TableShape.Of(call.HttpContext.Request);
                call.Arguments[limit] = RecordQueries.MaxLimit;
                var page = await Page(next, call);
                async Task<JsonObject> More()
                {
                    var cursor = page["next"]!;
                    call.Arguments[after] = parameters[after].ParameterType == typeof(string) ? cursor.GetValue<string>() : cursor.GetValue<long>();
                    // The pages after the first are of the register as the first one saw it.
                    if (knownAt >= 0) call.Arguments[knownAt] ??= FormattableString.Invariant($"@{page["position"]}");
                    return page = await Page(next, call);
                }
                return (string?)call.HttpContext.Request.Query["format"] == "xlsx" ? new Workbook(name, columns, shape, page, More) : new Table(name, columns, shape, page, More);
            };
        })
        .WithMetadata(new AlsoTable());

    static async Task<JsonObject> Page(EndpointFilterDelegate next, EndpointFilterInvocationContext call)
    {
        var page = ((IValueHttpResult)(await next(call))!).Value!;
        return JsonSerializer.SerializeToNode(page, page.GetType(), BodiesJson.ShownOptions)!.AsObject();
    }

    static bool IsAsked(HttpRequest request)
    {
        if (request.Query["format"] is { Count: > 0 } format)
            return (string?)format switch { "csv" or "xlsx" => true, "json" => false, _ => throw Refusal.OfField("?format", "invalid-parameter") };
        var accepted = request.GetTypedHeaders().Accept;
        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Max(a => a.Quality ?? 1);
        return accepted.Any(a => a.MediaType.Equals(CsvText.Type, StringComparison.OrdinalIgnoreCase)) && Quality(CsvText.Type) > 0
            && !(accepted.Any(a => a.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) && Quality("application/json") > Quality(CsvText.Type));
    }

    sealed class Table(string name, (string Name, string Path)[] columns, TableShape shape, JsonObject first,
        Func<Task<JsonObject>> more) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (answer, stop) = (httpContext.Response, httpContext.RequestAborted);
            answer.Headers.Remove(HeaderNames.Link);
            answer.Headers.Vary = "Accept";
            answer.ContentType = $"{CsvText.Type}; charset=utf-8; header=present";
            answer.Headers.ContentDisposition = $"attachment; filename=\"{name}.csv\"";
            await answer.Body.WriteAsync(CsvText.ByteOrderMark, stop);
            await answer.Body.WriteAsync(CsvText.Row(columns.Select(c => (object?)shape.Heading(c.Name)), shape.Separator), stop);
            for (var page = first; ; page = await more())
            {
                // Before it leaves; what stands in it is named as the list names it.
                httpContext.TookOut([.. page["items"]!.AsArray().Select(i => Id(i!)).OfType<string>()], ReadTrace.Together(page["items"]!.AsArray().Select(i => Marked(i!))), form: "csv");
                foreach (var item in page["items"]!.AsArray())
                    await answer.Body.WriteAsync(CsvText.Row(columns.Select(c => CsvText.Cell(item!, c.Path)), shape.Separator), stop);
                if (page["next"] is null) return;
            }
        }
    }

    // A workbook is written whole: its parts say how much is in them.
    sealed class Workbook(string name, (string Name, string Path)[] columns, TableShape shape, JsonObject first, Func<Task<JsonObject>> more) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (answer, stop, rows) = (httpContext.Response, httpContext.RequestAborted, new List<Dictionary<string, object?>>());
            for (var page = first; ; page = await more())
            {
                httpContext.TookOut([.. page["items"]!.AsArray().Select(i => Id(i!)).OfType<string>()], ReadTrace.Together(page["items"]!.AsArray().Select(i => Marked(i!))), form: "xlsx");
                foreach (var item in page["items"]!.AsArray())
                    rows.Add(columns.ToDictionary(c => shape.Heading(c.Name), c => CsvText.Cell(item!, c.Path) is var cell && cell is string text ? CsvText.Guarded(text) : cell));
                if (page["next"] is null) break;
            }
            if (rows.Count == 0) rows.Add(columns.ToDictionary(c => shape.Heading(c.Name), _ => (object?)null));
            using var bytes = new MemoryStream();
            await MiniExcelLibs.MiniExcel.SaveAsAsync(bytes, rows, cancellationToken: stop);
            bytes.Position = 0;
            answer.Headers.Remove(HeaderNames.Link);
            answer.ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            answer.Headers.ContentDisposition = $"attachment; filename=\"{name}.xlsx\"";
            await bytes.CopyToAsync(answer.Body, stop);
        }
    }

    // Of a record its stream; of a partner's status the partnership's; of an event that of its record.
    static string? Id(JsonNode item) => (string?)item["stream"] ?? (item["partner"] is JsonObject partner ? $"partnership-{(string?)partner["code"]}" : (string?)item["id"]);

    // Parts of a record say for themselves where they are marked above it.
    static Marks Marked(JsonNode item)
    {
        var marks = new Marks((string?)item["marking"] is { } marking && Slug.TryParse<Marking>(marking, out var known) ? known : Marking.Restricted,
            Marks.Sorted((item["groups"] as JsonArray)?.Select(g => (string)g!)));
        var parts = ((string[])["statements", "notes", "followUps"]).SelectMany(list => (item[list] as JsonArray ?? []).OfType<JsonObject>());
        return ReadTrace.Together(parts.Where(p => p["marking"] is not null).Select(Marked).Prepend(marks));
    }
}
