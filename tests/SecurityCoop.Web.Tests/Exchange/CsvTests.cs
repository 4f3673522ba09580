using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>A table read as a spreadsheet would: the mark taken off, quotation marks undone.</summary>
sealed partial record Sheet(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public static async Task<Sheet> Get(HttpClient http, string address, string? accept = null, char separator = ',')
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        using var answer = await http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, Encoding.UTF8.GetString(bytes));
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8; header=present");
        answer.Headers.Contains("Register-Position").ShouldBeTrue();
        answer.Headers.Contains("Link").ShouldBeFalse();
        bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        return Parse(new UTF8Encoding(false, true).GetString(bytes, 3, bytes.Length - 3), separator);
    }

    static Sheet Parse(string text, char separator)
    {
        var (rows, row, at) = (new List<IReadOnlyList<string>>(), new List<string>(), 0);
        while (at < text.Length)
        {
            var cell = (separator == ';' ? SemicolonCell() : separator == '\t' ? TabCell() : Cell()).Match(text, at);
            cell.Success.ShouldBeTrue(text[at..Math.Min(text.Length, at + 40)]);
            row.Add(cell.Groups["quoted"].Success ? cell.Groups["quoted"].Value.Replace("\"\"", "\"") : cell.Groups["plain"].Value);
            at += cell.Length;
            if (cell.Groups["end"].Value == $"{separator}") continue;
            rows.Add(row);
            row = [];
        }
        rows.ShouldAllBe(r => r.Count == rows[0].Count);
        return new(rows[0], rows[1..]);
    }

    public IReadOnlyList<string> this[string column] => [.. Rows.Select(r => r[((List<string>)Columns).IndexOf(column)])];

    public string At(string key, string column) => this[column][this["reference"].ToList().IndexOf(key)];

    [GeneratedRegex("\\G(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^\",\r\n]*))(?<end>,|\r\n)")]
    private static partial Regex Cell();

    [GeneratedRegex("\\G(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^\";\r\n]*))(?<end>;|\r\n)")]
    private static partial Regex SemicolonCell();

    [GeneratedRegex("\\G(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^\"\t\r\n]*))(?<end>\t|\r\n)")]
    private static partial Regex TabCell();
}

public sealed class CsvTests(SeededHost host) : IClassFixture<SeededHost>
{
    public static readonly TheoryData<string, string> Lists = new()
    {
        { "partnerships", "/api/partnerships?" }, { "meetings", "/api/meetings?" }, { "meetings", "/api/meetings?partner=DK&from=2026-01-01&to=2026-12-31&" }, { "actions", "/api/actions?" },
        { "actions", "/api/actions?undated=true&" }, { "instruments", "/api/instruments?" }, { "people", "/api/people?" }, { "organisations", "/api/organisations?" }, { "sources", "/api/sources?" },
        { "occasions", "/api/occasions?" }, { "events", "/api/audit/events?" }, { "events", "/api/audit/events?partner=DK&" },
    };

    static string Documented => File.ReadAllText(Path.Combine(HostFixture.Seeds, "..", "docs", "csv.md"));

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_table_has_every_item_of_every_page_and_the_columns_that_are_documented(string list, string address)
    {
        async Task<string> Once(string path, string body, string key) => (await host.Http.Record(path, body, ("Idempotency-Key", key))).Reference!;
        await Once("/api/sources", """{"title": "T", "publisher": "P", "language": "fr", "published": "2025", "url": "https://register.example/t", "reliability": "b", "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}""", "source");
        await Once("/api/occasions", """{"what": "W", "date": "2027", "dateAsGiven": "in 2027", "place": "Rabat"}""", "occasion");
        var action = await Once("/api/actions", """{"partner": "DK", "what": "A", "owedBy": "home", "due": "2025-01-01", "on": "2024-12-01"}""", "action");
        await Once($"/api/actions/{action}/follow-ups", """{"on": "2025-02-01", "note": "N"}""", "follow-up");
        var done = await Once("/api/actions", """{"partner": "DK", "what": "B", "owedBy": "home", "due": "2025-01-01", "on": "2024-12-01"}""", "done");
        await Once($"/api/actions/{done}/follow-ups", """{"on": "2025-02-02", "note": "N", "state": "reported-done"}""", "follow-up-done");
        var items = new List<JsonElement>();
        for (var next = $"{address}limit=7"; next is not null;)
        {
            var page = await host.Http.Read(next);
            items.AddRange(page.Items);
            next = page.Headers.TryGetValues("Link", out var links) ? Regex.Match(links.Single(), "<(.*)>").Groups[1].Value : null;
        }
        items.Count.ShouldBeGreaterThan(0);
        var table = await Sheet.Get(host.Http, $"{address}format=csv");
        var section = Regex.Match(Documented, $"\\| `{list}` \\| in the JSON \\|\n\\|---\\|---\\|\n((?:\\|.*\n)+)").Groups[1].Value;
        table.Columns.ShouldBe(Regex.Matches(section, "^\\| `(\\w+)` \\|", RegexOptions.Multiline).Select(m => m.Groups[1].Value));
        var (column, of) = list switch
        {
            "partnerships" => ("code", (Func<JsonElement, string>)(i => i.GetProperty("partner").GetProperty("code").GetString()!)),
            "events" => ("position", i => i.GetProperty("position").ToString()),
            _ => ("reference", i => i.GetProperty("reference").GetString()!),
        };
        table[column].ShouldBe(items.Select(of));
        if (list is not "partnerships") table["marking"].ShouldBe(items.Select(i => i.GetProperty("marking").GetString()));
        (await Sheet.Get(host.Http, address.TrimEnd('&', '?'), "text/csv")).Rows.ShouldBe(table.Rows);
        foreach (var name in table.Columns.Except(["expiring", "inPeriod", "partOf", "corrects", "withheld", "onBehalfOf", "reason", "owner", "standing", "homeOrganisation", "marking"]))
            if (address == $"/api/{list}?" && table[name].All(c => c == "")) filledNowhere.Add($"{list}.{name}");
        filledNowhere.ShouldBeSubsetOf(neverInTheSeeds);
    }

    // A path that leads nowhere would give an empty column: these are the ones that the communiqués themselves leave empty.
    static readonly string[] neverInTheSeeds =
    [
        "sources.notes", "sources.digests", "organisations.country", "organisations.acronymFr", "organisations.acronymEn", "organisations.acronymAr", "people.country", "meetings.place", "meetings.dateAsGiven", "meetings.occasions", "meetings.opens", "people.script", "people.organisations",
    ];
    readonly List<string> filledNowhere = [];

    [Fact]
    public async Task What_a_spreadsheet_would_run_as_a_formula_is_text_and_numbers_stay_numbers()
    {
        foreach (var (what, cell) in new[]
        {
            ("=HYPERLINK(\"http://x\",\"y\")", "'=HYPERLINK(\"http://x\",\"y\")"), ("+1", "'+1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("a=b", "a=b"),
            ("one, two\n\"three\"", "one, two\n\"three\""), ("كأس العالم، 2030 𝄞 é", "كأس العالم، 2030 𝄞 é"), ("'quoted'", "'quoted'"),
        })
        {
            var reference = (await host.Http.Record("/api/occasions", JsonSerializer.Serialize(new { what, date = "2030" }))).Reference!;
            var table = await Sheet.Get(host.Http, "/api/occasions?format=csv");
            table.At(reference, "what").ShouldBe(cell);
            table.At(reference, "version").ShouldBe("1");
        }
        CsvText.Row(["\tx", "\rx", -5L, -1.5m, true, null, ""]).ShouldBe(Encoding.UTF8.GetBytes("'\tx,\"'\rx\",-5,-1.5,true,,\r\n"));
    }

    [Fact]
    public async Task A_table_shows_a_caller_what_the_list_shows_and_words_in_place_of_what_is_closed()
    {
        var secret = (await host.Http.Record("/api/occasions", """{"what": "not for all", "date": "2031", "marking": "secret"}""")).Reference!;
        var (named, gone) = ((await host.Http.Record("/api/people", """{"name": "Xqzv Open"}""")).Reference!, (await host.Http.Record("/api/people", """{"name": "Xqzv Gone"}""")).Reference!);
        await host.Http.Record($"/api/people/{gone}/erasure", """{"legalBasis": "law 09-08, article 8", "reason": "asked for"}""");
        using (var second = await host.As(Marking.Secret, Role.Auditor)) await second.Record($"/api/people/{gone}/erasure/approval", """{"reason": "checked"}""");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        using var auditor = await host.As(Marking.Open, Role.Auditor);
        (await Sheet.Get(host.Http, "/api/occasions?format=csv"))["reference"].ShouldContain(secret);
        (await Sheet.Get(reader, "/api/occasions?format=csv"))["reference"].ShouldNotContain(secret);
        var people = await Sheet.Get(host.Http, "/api/people?format=csv");
        (people.At(named, "names"), people.At(gone, "names")).ShouldBe(("withheld", "erased"));
        var events = await Sheet.Get(auditor, "/api/audit/events?format=csv");
        var at = events["withheld"].ToList().IndexOf("withheld");
        (events["type"][at], events["body"][at], events["position"][at]).ShouldBe(("", "", $"{at + 1}"));
        string.Concat(events["body"]).ShouldNotContain("not for all");

        await host.Http.Record("/api/partnerships/DK/notes", $$"""{"note": "Xqzv said so", "protectFor": "{{named}}"}""");
        foreach (var list in new[] { "partnerships", "meetings", "actions", "people", "audit/events" }) (await host.Http.Read($"/api/{list}?format=csv")).Text.ShouldNotContain("Xqzv");
        (await reader.Read("/api/audit/events?format=csv")).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_table_that_is_refused_is_refused_as_the_list_is()
    {
        (await host.Http.Read("/api/meetings?format=csv&kind=nonsense")).ShouldBeProblem(400, "unknown-code", "?kind");
        (await host.Http.Read("/api/meetings?format=ods")).ShouldBeProblem(400, "invalid-parameter", "?format");
        (await host.Http.Read("/api/meetings?format=json", ("Accept", "text/csv"))).MediaType.ShouldBe("application/json");
        (await host.Http.Read("/api/meetings", ("Accept", "text/csv;q=0.5, application/json"))).MediaType.ShouldBe("application/json");
        (await host.Http.Read("/api/meetings", ("Accept", "*/*"))).MediaType.ShouldBe("application/json");
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_table_is_headed_in_the_language_and_separated_as_the_spreadsheet_wants_it(string list, string address)
    {
        var plain = await Sheet.Get(host.Http, $"{address}format=csv");
        foreach (var (parameter, separator) in new[] { ("%3B", ';'), (";", ';'), ("tab", '\t'), (",", ',') })
        {
            var table = await Sheet.Get(host.Http, $"{address}format=csv&separator={parameter}", separator: separator);
            table.Columns.ShouldBe(plain.Columns);
            table.Rows.Count.ShouldBe(plain.Rows.Count);
            foreach (var (row, other) in table.Rows.Zip(plain.Rows)) row.ShouldBe(other);
        }
        foreach (var language in Language.All)
        {
            var table = await Sheet.Get(host.Http, $"{address}format=csv&separator=%3B&language={language.Code}", separator: ';');
            table.Columns.ShouldBeUnique();
            table.Columns.ShouldBe(plain.Columns.Select(c => language.Say(TableHeadings.All[c])));
            if (list is not ("meetings" or "actions")) continue;
            // The import knows each of them as it knows the stable name.
            foreach (var (heading, name) in table.Columns.Zip(plain.Columns))
                (ImportColumns.Of(heading) is { } known && Alike(known.Field!, ImportColumns.Of(name)!.Field!)).ShouldBeTrue($"{heading} is not {name}");
        }
        (await host.Http.Read($"{address}format=csv&separator=.")).ShouldBeProblem(400, "invalid-parameter", "?separator");
        (await host.Http.Read($"{address}format=csv&language=de")).ShouldBeProblem(400, "invalid-parameter", "?language");
        (await host.Http.Read($"{address}format=csv&separater=%3B")).ShouldBeProblem(400, "unknown-parameter", "?separater");

        // A subject is what an action is about.
        static bool Alike(string one, string other) => one == other || (one, other) is ("subject", "what");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&separator=%3B&language=fr")]
    [InlineData("&separator=tab&language=ar")]
    [InlineData("&language=en")]
    public async Task What_the_register_gives_as_a_table_it_takes_as_one(string shape)
    {
        await host.Http.Record("/api/meetings", """
            {"partners": ["MT", "CY"], "kind": "talks", "date": "2025-03-04", "place": "Malte; \"bis\"", "marking": "open",
             "statements": [{"force": "intent", "speaker": "MT", "topics": ["TRN", "CT"], "text": "=1+1"}]}
            """, ("Idempotency-Key", "table-meeting"));
        await host.Http.Record("/api/actions", """
            {"partner": "MT", "what": "x, y", "owedBy": "both", "on": "2025-03-04", "due": "2025-09", "topics": ["TRN"],
             "followUps": [{"on": "2025-08-01", "note": "n", "state": "reported-done"}]}
            """, ("Idempotency-Key", "table-action"));
        async Task<(byte[] Meetings, byte[] Actions)> Tables() => (
            await host.Http.GetByteArrayAsync(new Uri($"/api/meetings?partner=MT&format=csv{shape}", UriKind.Relative)),
            await host.Http.GetByteArrayAsync(new Uri($"/api/actions?partner=MT&format=csv{shape}", UriKind.Relative)));
        var (meetings, actions) = await Tables();
        // Where it comes from, nothing is recorded anew.
        var head = await host.Head();
        foreach (var table in (byte[][])[meetings, actions])
        {
            (await host.Http.Import(table, dryRun: true)).Said[0].ShouldMatch("^row 2: (MUL-MTG|MT-ACT)-[0-9]{4} is on record already; nothing of it is recorded[.]$");
            (await host.Http.Import(table)).Code.ShouldBe(0);
        }
        (await host.Head()).ShouldBe(head);
        // Without their references they are records of their own, and say the same.
        foreach (var (table, record) in new[] { (meetings, "meeting"), (actions, "action") })
        {
            using var bytes = new MemoryStream(table);
            var row = RecordFile.Read(bytes, Language.English).Rows.ShouldHaveSingleItem();
            row.Record.ShouldBe(record);
            var body = JsonSerializer.Deserialize<JsonElement>(row.Body.ToJsonString());
            if (record == "meeting")
                JsonElement.DeepEquals(body, JsonElement.Parse("""
                    {"marking": "open", "state": "held", "partners": ["MT", "CY"], "kind": "talks", "date": "2025-03-04", "place": "Malte; \"bis\"",
                     "statements": [{"force": "intent", "speaker": "MT", "topics": ["TRN", "CT"], "text": "=1+1"}]}
                    """)).ShouldBeTrue(body.ToString());
            else
                JsonElement.DeepEquals(body, JsonElement.Parse("""
                    {"marking": "restricted", "partner": "MT", "what": "x, y", "owedBy": "both", "on": "2025-03-04", "due": "2025-09", "topics": ["TRN"],
                     "followUps": [{"on": "2025-08-01", "note": "n", "state": "reported-done"}]}
                    """)).ShouldBeTrue(body.ToString());
        }
    }

    [Fact]
    public async Task More_than_a_page_is_one_table_as_known_at_its_beginning()
    {
        foreach (var chunk in Enumerable.Range(0, 520).Chunk(40)) await Task.WhenAll(chunk.Select(i => host.Http.Record("/api/occasions", $$"""{"what": "number {{i}}", "date": "2032"}""")));
        var table = await Sheet.Get(host.Http, "/api/occasions?format=csv");
        table["what"].Where(w => w.StartsWith("number ", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, 520).Select(i => $"number {i}"), ignoreOrder: true);
        (await Sheet.Get(host.Http, "/api/audit/events?format=csv"))["position"].ShouldBe(Enumerable.Range(1, (int)await host.Head()).Select(i => $"{i}"));
    }
}
