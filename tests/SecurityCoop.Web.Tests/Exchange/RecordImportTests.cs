using System.Text;
using SecurityCoop.EventStore;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>Past meetings and actions from files: all of them or, where one has a fault, none.</summary>
public sealed class RecordImportTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Columns = "record,key,partners,partner,kind,date,place,topics,what,owedBy,due,on,meeting,partOf,marking\n";

    async Task<(int Code, string[] Said)> Import(byte[] bytes, bool dryRun = false, HttpClient? http = null)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, bytes);
        using var said = new StringWriter();
        var code = await ExchangeConsole.Record(http ?? host.Http, file, dryRun, said, default);
        File.Delete(file);
        return (code, said.ToString().TrimEnd('\n').Split('\n'));
    }

    Task<(int Code, string[] Said)> Import(string text, bool dryRun = false, HttpClient? http = null) => Import(Encoding.UTF8.GetBytes(text), dryRun, http);

    [Fact]
    public async Task Meetings_and_the_actions_agreed_there_come_from_one_file_and_once_however_often_it_is_sent()
    {
        var file = Columns
            + "meeting,one-visit,DK;PK,,working-meeting,2024-03,\"Rabat, \"\"Agdal\"\"\",,,,,,,,\n"
            + "meeting,,DK,,working-meeting,,Copenhague é,,,,,,,@one-visit,open\n"
            + "action,,,DK,,,,EXP;TEC,خبراء من الجانبين,both,2024-06-30,2024-03,@one-visit,,\n";
        var before = await host.Head();
        (await Import(file, dryRun: true)).ShouldBeSaying(0, "3 rows can be recorded; nothing was.");
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
            + "action,,,DK,,,,XYZ,w,nobody,soon,,@later,,\n"
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
        (await Import(latin)).ShouldBeSaying(1, "row 3, column place: it is not UTF-8: save the file as UTF-8", "1 faults in 1 rows; nothing was recorded.");
        (await Should.ThrowAsync<StartRefused>(Import(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Columns)).ToArray()))).Message.ShouldContain("UTF-16");
        (await Import("record,partners,colour,colour\n")).Said[0].ShouldStartWith("row 1, column colour: there is no such column");
        (await Import("record,partners,kind\nmeeting,DK,\"working-meeting\n")).Said[0].ShouldBe("row 2: a quotation mark is not closed");
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
        var file = RecordFile.Read(Encoding.UTF8.GetBytes(Columns + string.Join('\n', rows) + "\n"));
        var random = new Random(5);
        for (var stops = 0; stops < 6; stops++)
        {
            var left = random.Next(1, 30);
            using var stop = new CancellationTokenSource();
            await Should.ThrowAsync<OperationCanceledException>(new RecordImport(host.Http, (_, _, _) => { if (Interlocked.Decrement(ref left) <= 0) stop.Cancel(); }).Record(file, stop.Token));
        }
        await new RecordImport(host.Http, null).Record(file, default);
        var meetings = (await host.Http.Read("/api/meetings?partner=ES&limit=500")).Items.Where(m => m.TryGetProperty("place", out _)).ToList();
        meetings.Select(m => m.GetProperty("place").GetString()).ShouldBe(Enumerable.Range(0, 60).Where(i => i % 3 != 2).Select(i => $"place {i}"), ignoreOrder: true);
        var actions = (await host.Http.Read("/api/actions?partner=ES&limit=500")).Items;
        actions.Select(a => a.GetProperty("what").GetString()).ShouldBe(Enumerable.Range(0, 60).Where(i => i % 3 == 2).Select(i => $"do {i}"), ignoreOrder: true);
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
    public static void ShouldBeSaying(this (int Code, string[] Said) outcome, int code, params string[] said)
    {
        outcome.Said.ShouldBe(said);
        outcome.Code.ShouldBe(code);
    }
}
