using System.Text;
using System.Text.Json;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>Past meetings and actions from files: all of them or, where one has a fault, none.</summary>
public sealed class RecordImportTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Columns = "record,key,partners,partner,kind,date,place,topics,what,owedBy,due,on,meeting,partOf,marking\n";

    Task<(int Code, string[] Said)> Import(byte[] bytes, bool dryRun = false, HttpClient? http = null, Language? language = null) =>
        (http ?? host.Http).Import(bytes, dryRun, language);

    Task<(int Code, string[] Said)> Import(string text, bool dryRun = false, HttpClient? http = null) => Import(Encoding.UTF8.GetBytes(text), dryRun, http);

    [Fact]
    public async Task Meetings_and_the_actions_agreed_there_come_from_one_file_and_once_however_often_it_is_sent()
    {
        var file = Columns
            + "meeting,one-visit,DK;PK,,working-meeting,2024-03,\"Rabat, \"\"Agdal\"\"\",,,,,,,,\n"
            + "meeting,,DK,,working-meeting,,Copenhague é,,,,,,,@one-visit,open\n"
            + "action,,,DK,,,,EXP;TEC,خبراء من الجانبين,both,2024-06-30,2024-03,@one-visit,,\n";
        var before = await host.Head();
        (await Import(file, dryRun: true)).ShouldBeSaying(0,
            "row 2: meeting: partners “DK;PK”; kind “working-meeting”; date “2024-03”; place “Rabat, \"Agdal\"”",
            "row 3: meeting: partners “DK”; kind “working-meeting”; place “Copenhague é”; partOf “@one-visit”; marking “open”",
            "row 4: action: partner “DK”; topics “EXP;TEC”; what “خبراء من الجانبين”; owedBy “both”; due “2024-06-30”; on “2024-03”; "
                + "meeting “@one-visit”",
            "3 rows can be recorded; nothing was.");
        (await host.Head()).ShouldBe(before);

        (await Import(file)).ShouldBeSaying(0, "3 rows are recorded.");
        var meetings = (await host.Http.Read("/api/meetings?partner=DK")).Items;
        var visit = meetings.Single(m => m.GetProperty("partners").GetArrayLength() == 2);
        (visit.GetProperty("date").GetString(), visit.GetProperty("place").GetString(), visit.GetProperty("state").GetString()).ShouldBe(("2024-03", "Rabat, \"Agdal\"", "held"));
        var part = meetings.Single(m => m.TryGetProperty("place", out var place) && place.GetString() == "Copenhague é");
        (part.GetProperty("partOf").GetString(), part.GetProperty("date").GetString(), part.GetProperty("marking").GetString()).ShouldBe((visit.GetProperty("reference").GetString(), "", "open"));
        var action = (await host.Http.Read("/api/actions?partner=DK")).Items.Single();
        (action.GetProperty("meeting").GetString(), action.GetProperty("what").GetString(), action.GetProperty("due").GetString()).ShouldBe((visit.GetProperty("reference").GetString(), "خبراء من الجانبين", "2024-06-30"));
        action.GetProperty("topics").EnumerateArray().Select(t => t.GetString()).ShouldBe(["EXP", "TEC"]);

        var head = await host.Head();
        (await Import(file)).Code.ShouldBe(0);
        (await host.Head()).ShouldBe(head);
        // With a mark, semicolons, other line ends; and the same from JSON.
        (await Import([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("record;key;partners;kind;date\r\nmeeting;semi;\"FR;ES\";working-meeting;2023\r\n")])).Code.ShouldBe(0);
        (await Import("""
            [{"record": "meeting", "key": "json", "partners": ["FR"], "kind": "working-meeting", "date": "2022", "statements": [{"force": "discussed", "speaker": "joint", "topics": ["EXP"]}]},
             {"record": "action", "partner": "FR", "what": "x", "owedBy": "home", "meeting": "@json"}]
            """)).ShouldBeSaying(0, "2 rows are recorded.");
        (await host.Http.Read("/api/meetings?partner=FR")).Items.Count.ShouldBe(2);
        (await Import("""[{"record": "meeting", "partners": ["FR"], "kind": "working-meeting", "date": "2022", "statements": [{"force": "nonsense", "speaker": "joint"}]}]"""))
            .Said[0].ShouldStartWith("row 1, column statements");
    }

    [Fact]
    public async Task Every_fault_is_named_by_row_and_column_and_nothing_is_recorded()
    {
        var before = await host.Head();
        var (code, said) = await Import(Columns
            + "meeting,m,DK;QQ,,nonsense,2024-13,,,,,,,,,\n"
            + "action,,,DK,,,,XYZ,w,nobody,someday or other,,@later,,\n"
            + "meeting,m,DK,,working-meeting,2024,,,,,,,,,\n"
            + "visit,,DK,,working-meeting,2024,,,,,,,,,\n"
            + "meeting,,DK,,working-meeting,2024\n"
            + "meeting,,DK,,working-meeting,2024,,,not a meeting's,,,,,,\n"
            + "action,,,,,,,,,both,,,MTG-9,,\n");
        code.ShouldBe(1);
        said[..^1].Select(s => s[..s.IndexOf(':')]).Order(StringComparer.Ordinal).ShouldBe(new[]
        {
            "row 2, column date", "row 2, column kind", "row 2, column partners", "row 3, column due", "row 3, column meeting", "row 3, column owedBy", "row 3, column topics", "row 4, column key",
            "row 5, column record", "row 6", "row 7, column what", "row 8, column meeting", "row 8, column partner", "row 8, column what",
        }.Order(StringComparer.Ordinal));
        said[^1].ShouldBe("14 faults in 7 rows; nothing was recorded.");
        (await host.Head()).ShouldBe(before);
    }

    [Fact]
    public async Task One_fault_among_a_thousand_rows_is_found_and_keeps_all_of_them_out()
    {
        var before = await host.Head();
        var rows = Enumerable.Range(0, 1000).Select(i => $"meeting,,SE,,working-meeting,{(i == 700 ? "2024-02-30" : "2024-02-28")},,,,,,,,,");
        var (code, said) = await Import(Columns + string.Join('\n', rows));
        (code, said.Length, said[1]).ShouldBe((1, 2, "1 faults in 1 rows; nothing was recorded."));
        said[0].ShouldStartWith("row 702, column date: ");
        (await host.Head()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_not_UTF_8_is_named_by_its_cell_and_columns_that_are_not_there_by_their_names()
    {
        var before = await host.Head();
        byte[] latin = [.. Encoding.UTF8.GetBytes("record,partners,kind,date,place\nmeeting,DK,working-meeting,2024,Rabat\n"), .. Encoding.Latin1.GetBytes("meeting,DK,working-meeting,2024,Fès\n")];
        (await Import(latin)).ShouldBeSaying(1, "row 3, column place: it is not UTF-8; in windows-1252 it reads “Fès”, in windows-1256 “Fès”: "
            + "add --encoding windows-1252 or --encoding windows-1256", "1 faults in 1 rows; nothing was recorded.");
        (await Should.ThrowAsync<StartRefused>(Import(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Columns)).ToArray()))).Message.ShouldContain("UTF-16");
        (await Import("record,partners,colour,colour\n")).Said[0].ShouldStartWith("row 1, column colour: there is no such column");
        (await Import("record,partners,kind\nmeeting,DK,\"working-meeting\n")).Said[0].ShouldBe("row 2, column kind: a quotation mark is not closed");
        (await Should.ThrowAsync<StartRefused>(Import("partners,kind\nDK,x\n"))).Message.ShouldContain("no column `record`");
        (await Should.ThrowAsync<StartRefused>(Import("[{"))).Message.ShouldContain("not JSON");
        using var reader = await host.As(Marking.Open, Role.Reader);
        (await Should.ThrowAsync<StartRefused>(Import("record,partners,kind,date\nmeeting,DK,working-meeting,2024\n", http: reader))).Message.ShouldContain("recorder's token");
        (await host.Head()).ShouldBe(before);
    }

    [Fact]
    public async Task Interrupted_at_any_row_and_sent_again_it_records_each_row_once()
    {
        var rows = Enumerable.Range(0, 60).Select(i => i % 3 == 2 ? $"action,,,ES,,,,,do {i},both,,,@v{i - 1},," : $"meeting,v{i},ES,,working-meeting,2021-{1 + i % 12:00},place {i},,,,,,,,");
        var file = RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Columns + string.Join('\n', rows) + "\n")), Language.English);
        var random = new Random(5);
        for (var stops = 0; stops < 6; stops++)
        {
            var left = random.Next(1, 30);
            using var stop = new CancellationTokenSource();
            await Should.ThrowAsync<OperationCanceledException>(new RecordImport(host.Http, Language.English, (_, _, _) => { if (Interlocked.Decrement(ref left) <= 0) stop.Cancel(); }).Record(file, stop.Token));
        }
        await new RecordImport(host.Http, Language.English, null).Record(file, default);
        var meetings = (await host.Http.Read("/api/meetings?partner=ES&limit=500")).Items.Where(m => m.TryGetProperty("place", out _)).ToList();
        meetings.Select(m => m.GetProperty("place").GetString()).ShouldBe(Enumerable.Range(0, 60).Where(i => i % 3 != 2).Select(i => $"place {i}"), ignoreOrder: true);
        var actions = (await host.Http.Read("/api/actions?partner=ES&limit=500")).Items;
        actions.Select(a => a.GetProperty("what").GetString()).ShouldBe(Enumerable.Range(0, 60).Where(i => i % 3 == 2).Select(i => $"do {i}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("record\tpartners\tkind\tdate\nmeeting\tDK\tworking-meeting\t2024\n", 0, "1 rows can be recorded; nothing was.")]
    [InlineData("record;partners;kind;date\rmeeting;DK;working-meeting;2024\rmeeting;DK;nonsense;2024\r", 1, "row 3, column kind: ")]
    [InlineData("record,partners,kind,date,place\rmeeting,DK,working-meeting,2024,a;b\rmeeting,QQ,working-meeting,2024,c", 1, "row 3, column partners: ")]
    [InlineData("record,partners,kind,date\n\nmeeting,DK,nonsense,2024\n\n", 1, "row 3, column kind: ")]
    [InlineData("record,partners,kind,date\n", 0, "0 rows can be recorded; nothing was.")]
    [InlineData("record,partners,kind,kind\nmeeting,DK,x,y\n", 1, "row 1, column kind: it stands there twice")]
    [InlineData("record,partners,,date\n", 1, "row 1, column 3: there is no such column")]
    [InlineData("record,partners,kind,date,place\nmeeting,DK,working-meeting,2024,\"a\"b\nmeeting,DK,working-meeting,2024,5\"6\n", 1, "row 2, column place: text follows the closing quotation mark")]
    [InlineData("record,partners,kind,date,place\nmeeting,DK,working-meeting,2024,\"two\nlines\"\nmeeting,DK,nonsense,2024,x\n", 1, "row 3, column kind: ")]
    [InlineData("rec\"ord,partners\n", 1, "The file has no column `record`")]
    [InlineData("\"record\"x,partners\n", 1, "row 1, column 1: text follows the closing quotation mark")]
    [InlineData("", 1, "The file is empty")]
    [InlineData("\n", 1, "The file is empty")]
    [InlineData("{}", 1, "The file has no column `record`")]
    [InlineData("[7, {\"record\": \"visit\"}]", 1, "row 1: it is not an object")]
    public async Task However_a_file_is_written_what_is_wrong_is_said_where_it_is(string text, int code, string says)
    {
        var before = await host.Head();
        foreach (var mark in (byte[][])[[], [0xEF, 0xBB, 0xBF]])
            if (says.StartsWith("The file", StringComparison.Ordinal)) (await Should.ThrowAsync<StartRefused>(Import([.. mark, .. Encoding.UTF8.GetBytes(text)]))).Message.ShouldStartWith(says);
            else
            {
                var (ended, said) = await Import([.. mark, .. Encoding.UTF8.GetBytes(text)], dryRun: true);
                var line = code == 0 ? said[^1] : said[0];
                (ended, line[..Math.Min(line.Length, says.Length)]).ShouldBe((code, says));
            }
        foreach (var utf16 in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
            if (text.Length > 2) (await Should.ThrowAsync<StartRefused>(Import(utf16.GetBytes(text)))).Message.ShouldStartWith("The file is UTF-16");
        (await host.Head()).ShouldBe(before);
    }

    [Fact]
    public async Task Faults_are_named_in_the_language_of_whoever_brings_the_file()
    {
        var file = Encoding.UTF8.GetBytes("record,key,partners,kind,date,partOf\nmeeting,,DK,nonsense,2024,\nvisit,,DK,working-meeting,2024,\nmeeting,,DK,working-meeting,2024,@none\n");
        string[] args = ["nonsense", string.Join(' ', Vocabulary.Default.MeetingKinds.Keys)];
        using var http = host.Client(host.Token);
        (await Import(file, http: http, language: Language.French)).Said.ShouldBe([
            "ligne 2, colonne kind : " + Problems.Say("unknown-kind", args, "fr"), "ligne 3, colonne record : elle dit « visit » ; elle dit meeting ou action",
            "ligne 4, colonne partOf : @none n’est la clé d’aucune ligne précédente", "3 anomalies dans 3 lignes ; rien n’a été enregistré."]);
        (await Import(file, http: http, language: Language.Arabic)).Said.ShouldBe([
            "السطر 2، العمود kind: " + Problems.Say("unknown-kind", args, "ar"), "السطر 3، العمود record: قيمته «visit»؛ والمقبول meeting أو action",
            "السطر 4، العمود partOf: @none ليس مفتاح أي سطر سابق", "عدد الأخطاء 3 في 3 من الأسطر؛ لم يسجل أي شيء."]);
    }

    [Fact]
    public void A_line_without_an_end_is_a_fault_and_fills_no_memory()
    {
        using var file = new MemoryStream();
        file.Write(Encoding.UTF8.GetBytes("record,partners,kind,date,place\nmeeting,DK,working-meeting,2024,"));
        for (var block = Encoding.UTF8.GetBytes(new string('x', 1 << 20)); file.Length < 64 << 20;) file.Write(block);
        file.Write(Encoding.UTF8.GetBytes("\nmeeting,DK,working-meeting,2024\n"));
        file.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = RecordFile.Read(file, Language.English);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(16 << 20);
        read.Faults.Select(f => f.Say(Language.English)).ShouldBe(["row 2: it is longer than any command may be (1 MiB)", "row 3: it has 4 cells, and there are 5 columns"]);
    }

    [Fact]
    public async Task What_was_kept_from_being_a_formula_on_its_way_out_comes_in_as_it_was()
    {
        string[] texts = ["=1+1", "+212 5", "-2", "@SUM(A1)", "'=quoted", "''@twice", "'plain'", "a=b", "=\"q\", é"];
        foreach (var what in texts) await host.Http.Record("/api/actions", JsonSerializer.Serialize(new { partner = "AT", what, owedBy = "home", on = "2024-01-01" }));
        var table = CsvReader.Rows(new MemoryStream(Encoding.UTF8.GetBytes((await host.Http.Read("/api/actions?partner=AT&format=csv")).Text.TrimStart('\uFEFF')))).Select(r => r.Cells.Select(c => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(c))).ToList()).ToList();
        var column = table[0].IndexOf("what");
        table.Skip(1).Select(r => r[column]).ShouldBe(["'=1+1", "'+212 5", "'-2", "'@SUM(A1)", "''=quoted", "'''@twice", "'plain'", "a=b", "'=\"q\", é"]);
        string Cell(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        (await Import("record,partner,owedBy,on,what\n" + string.Concat(table.Skip(1).Select(r => $"action,CY,home,2024-01-01,{Cell(r[column])}\n")))).Code.ShouldBe(0);
        (await host.Http.Read("/api/actions?partner=CY&limit=500")).Items.Select(i => i.GetProperty("what").GetString()).ShouldBe(texts, ignoreOrder: true);
        foreach (var odd in (string[])["\tx", "\rx", "'\tx"])
        {
            var cell = CsvReader.Rows(new MemoryStream(CsvText.Row([odd, "beside"]))).Single().Cells[0];
            (CsvText.IsGuarded(cell), cell[1..]).ShouldBe((true, odd));
        }
    }

    [Fact]
    public async Task A_command_that_is_only_tried_is_refused_like_any_other_and_leaves_nothing()
    {
        var before = await host.Head();
        var tried = await host.Http.Record("/api/meetings?dryRun=true", """{"partners": ["IT"], "kind": "working-meeting", "date": "2024"}""", ("Idempotency-Key", "tried"));
        tried.Events.ShouldBeEmpty();
        (await host.Http.Command("/api/meetings?dryRun=true", """{"partners": ["IT"], "kind": "nonsense", "date": "2024"}""")).ShouldBeProblem(400, "unknown-kind", "/kind");
        (await host.Head()).ShouldBe(before);
        (await host.Http.Record("/api/meetings", """{"partners": ["IT"], "kind": "working-meeting", "date": "2024"}""", ("Idempotency-Key", "tried"))).Events.ShouldContain("meeting_held");
    }
}

static class Saying
{
    /// <summary>What `securitycoop import-records` does with a file of these bytes.</summary>
    public static async Task<(int Code, string[] Said)> Import(
        this HttpClient http, byte[] bytes, bool dryRun = false, Language? language = null, RecordFileOptions? options = null, string? references = null)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, bytes);
        using var said = new StringWriter();
        var asked = new ImportRequest(file, language ?? Language.English) { DryRun = dryRun, Options = options ?? new(), References = references };
        var code = await ExchangeConsole.Record(http, asked, said, default);
        File.Delete(file);
        return (code, said.ToString().TrimEnd('\n').Split('\n'));
    }

    public static void ShouldBeSaying(this (int Code, string[] Said) outcome, int code, params string[] said)
    {
        outcome.Said.ShouldBe(said);
        outcome.Code.ShouldBe(code);
    }
}
