using System.IO.Compression;
using System.Text;
using System.Text.Json;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>Tables as offices keep them: their separators and encodings, headings, dates, names, and rows that come twice.</summary>
public sealed class SpreadsheetImportTests(HostFixture host) : IClassFixture<HostFixture>
{
    static readonly RecordFileOptions meetings = new(Record: "meeting"), actions = new(Record: "action");

    Task<(int Code, string[] Said)> Import(
        string text, bool dryRun = false, RecordFileOptions? options = null, Language? language = null, string? references = null) =>
        host.Http.Import(Encoding.UTF8.GetBytes(text), dryRun, language, options, references);

    static string Text(JsonElement item, string field) => item.TryGetProperty(field, out var value) ? value.ToString() : "";

    async Task<List<JsonElement>> Of(string list, string partner) => [.. (await host.Http.Read($"/api/{list}?partner={partner}&limit=500")).Items];

    [Theory]
    [InlineData("record;partners;kind;date\n;;;;\nmeeting;LV;talks;2024\n;;;\n   ;\u00A0;;\n")]
    [InlineData("record;partners;kind;date\nmeeting ; LV;\" talks\";\u00A02024\u202F\n")]
    [InlineData("sep=;\r\nrecord;partners;kind;date\r\nmeeting;LV;talks;2024\r\n")]
    [InlineData("\"sep=\t\"\nrecord\tpartners\tkind\tdate\nmeeting\tLV\ttalks\t2024\n")]
    [InlineData("\n\nRecord;Date;Pays;TYPE\nmeeting;2024;LV;talks\n")]
    [InlineData("RECORD,Type,Country,Day\nMeeting,Talks,Latvia,2024\n")]
    [InlineData("Fiche;Partenaires;Nature;Jour;;\nRéunion;lv;entretiens;2024;;;\n")]
    [InlineData("السجل,البلد,النوع,التاريخ\nلقاء,لاتفيا,مباحثات,٢٠٢٤\n")]
    [InlineData("\uFEFFkind,date,partners,record\ntalks,2024,\u200FLV\u200F,meeting")]
    public async Task However_a_table_is_kept_it_is_read(string text)
    {
        var (code, said) = await Import(text, dryRun: true);
        (code, said.Length, said[^1]).ShouldBe((0, 2, "1 rows can be recorded; nothing was."), string.Join('\n', said));
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var row = RecordFile.Read(bytes, Language.English).Rows.ShouldHaveSingleItem();
        row.Record.ShouldBe("meeting");
        var body = row.Body.ToJsonString();
        body.ShouldContain("\"partners\":[\"LV\"]");
        body.ShouldContain("\"kind\":\"talks\"");
        body.ShouldContain("\"date\":\"2024\"");
    }

    [Fact]
    public async Task A_table_that_is_not_UTF_8_is_shown_in_both_encodings_and_read_in_the_one_that_is_named()
    {
        const string French = "record;partners;kind;date;place\nmeeting;LT;talks;2024;Fès\nmeeting;LT;talks;2023;Évry\n";
        const string Arabic = "record;partners;kind;date;place\nmeeting;LT;talks;2022;الرباط\n";
        foreach (var (text, encoding, in1252, in1256, places) in new[]
        {
            (French, "windows-1252", "Fès", "Fès", new[] { "Fès", "Évry" }), (Arabic, "windows-1256", "ÇáÑÈÇØ", "الرباط", ["الرباط"]),
        })
        {
            var bytes = RecordFile.EncodingOf(encoding).GetBytes(text);
            (await host.Http.Import(bytes)).ShouldBeSaying(1,
                $"row 2, column place: it is not UTF-8; in windows-1252 it reads “{in1252}”, in windows-1256 “{in1256}”: "
                    + "add --encoding windows-1252 or --encoding windows-1256",
                "1 faults in 1 rows; nothing was recorded.");
            (await host.Http.Import(bytes, options: new(RecordFile.EncodingOf(encoding)))).Code.ShouldBe(0);
            places.ShouldBeSubsetOf((await Of("meetings", "LT")).Select(m => Text(m, "place")));
        }
        // A mark says more than whoever names an encoding.
        (await host.Http.Import([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(French.Replace("Fès", "Salé", StringComparison.Ordinal))],
            options: new(RecordFile.EncodingOf("windows-1252")))).Code.ShouldBe(0);
        (await Of("meetings", "LT")).Select(m => Text(m, "place")).ShouldContain("Salé");
    }

    [Fact]
    public async Task Columns_of_which_nothing_is_known_are_named_and_passed_over_only_where_that_is_asked_for()
    {
        const string Table = "Date;Pays;Type;Remarques;Couleur\n2024;EE;Entretiens;x;y\n";
        var (code, said) = await Import(Table, dryRun: true, options: meetings);
        (code, said.Length).ShouldBe((1, 3));
        said[0].ShouldStartWith("row 1, column Couleur: there is no such column");
        said[1].ShouldStartWith("row 1, column Remarques: there is no such column");
        (await Import(Table, dryRun: true, options: meetings with { IgnoreUnknownColumns = true })).ShouldBeSaying(0,
            "Columns passed over: Remarques, Couleur.",
            "row 2: meeting: Date “2024”; Pays “EE”; Type “Entretiens” → talks",
            "1 rows can be recorded; nothing was.");
        (await Should.ThrowAsync<StartRefused>(Import(Table, options: new(IgnoreUnknownColumns: true)))).Message.ShouldContain("--record meeting");
        (await Import("Date;Pays;Country;Type\n2024;EE;EE;Entretiens\n", dryRun: true, options: meetings)).Said[0]
            .ShouldBe("row 1, column Country: it stands there twice");
    }

    [Theory]
    [InlineData("27/01/2026", "2026-01-27")]
    [InlineData("27 janv. 2026", "2026-01-27")]
    [InlineData("03/04/2025", "2025-04-03")]
    [InlineData("27\u00A0janvier\u202F2026", "2026-01-27")]
    [InlineData("٢٧ يناير ٢٠٢٦", "2026-01-27")]
    [InlineData("mars 2025", "2025-03")]
    public async Task Dates_as_they_are_written_are_read_and_the_dry_run_shows_them(string written, string date)
    {
        var file = $"Date;Pays;Type\n{written};Danemark;Entretiens\n";
        var (code, said) = await Import(file, dryRun: true, options: meetings);
        code.ShouldBe(0, string.Join('\n', said));
        said[0].ShouldBe($"row 2: meeting: Date “{written}” → {date}; Pays “Danemark” → DK (Denmark); Type “Entretiens” → talks");
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(file));
        var body = RecordFile.Read(bytes, Language.French, meetings).Rows.Single().Body;
        ((string?)body["date"], (string?)body["dateAsGiven"]).ShouldBe((date, written));
    }

    [Fact]
    public async Task What_can_be_read_in_two_ways_is_refused_and_both_are_named()
    {
        var before = await host.Head();
        var (code, said) = await Import("Date;Pays;Type\n24–27 mars 2025;Danemark;Entretiens\n01/31/2025;Danemark;Entretiens\n2025;Congo;Entretiens\n",
            options: meetings);
        (code, said.Length).ShouldBe((1, 4), string.Join('\n', said));
        said[0].ShouldBe("row 2, column Date: " + Problems.Say("date-two-readings", ["24–27 mars 2025", "2025-03-24/2025-03-27", "[2025-03-24..2025-03-27]"], "en"));
        said[1].ShouldBe("row 3, column Date: " + Problems.Say("date-not-day-first", ["01/31/2025", "2025-01-31"], "en"));
        said[2].ShouldBe("row 4, column Pays: “Congo” can mean CD (Congo - Kinshasa), CG (Congo - Brazzaville); write the code");
        (await host.Head()).ShouldBe(before);
    }

    [Fact]
    public async Task A_row_that_looks_like_something_on_record_is_named_and_recorded()
    {
        var known = await host.Http.Record("/api/meetings", """{"partners": ["HU"], "kind": "talks", "date": "2024-05-02"}""");
        const string Table = "Date;Pays;Type\n02/05/2024;Hongrie;Entretiens\n03/05/2024;Hongrie;Entretiens\n";
        var like = $"row 2: looks like {known.Reference}, on record already; to be checked.";

        (await Import(Table, dryRun: true, options: meetings)).Said.Count(line => line.Contains("looks like", StringComparison.Ordinal)).ShouldBe(1);
        (await Import(Table, options: meetings)).ShouldBeSaying(0, like, "2 rows are recorded.");
        (await Import(Table, options: meetings)).ShouldBeSaying(0, "2 rows are recorded.");
        (await Of("meetings", "HU")).Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_row_without_a_key_is_known_by_what_it_says_wherever_it_stands_in_whichever_file()
    {
        const string Head = "record,partners,kind,date,place\n", A = "meeting,FI,talks,2024-01,A\n", B = "meeting,FI,talks,2024-02,B\n",
            X = "meeting,FI,talks,2024-03,X\n";
        (await Import(Head + A + B)).Code.ShouldBe(0);
        (await Import(Head + X + A + B)).Code.ShouldBe(0);
        // Other order of columns, other writing: the same.
        (await Import("Place;Date;Type;Pays;Record\nX;2024-03;Talks;Finlande;Rencontre\n")).Code.ShouldBe(0);
        (await Of("meetings", "FI")).Select(m => Text(m, "place")).ShouldBe(["A", "B", "X"], ignoreOrder: true);

        const string Y = "meeting,FI,talks,2024-04,Y\n";
        (await Import(Head + Y + Y + " meeting, FI,talks,2024-04,Y\n", dryRun: true)).ShouldBeSaying(0,
            "row 2: meeting: partners “FI”; kind “talks”; date “2024-04”; place “Y”", "row 3: repeats row 2; recorded once.",
            "row 4: repeats row 2; recorded once.", "1 rows can be recorded; nothing was.");
        (await Import(Head + Y + Y)).ShouldBeSaying(0, "1 rows are recorded.");
        (await Of("meetings", "FI")).Count.ShouldBe(4);
        // Two that are alike are two where they are named.
        (await Import("record,key,partners,kind,date\nmeeting,one,FI,talks,2024-05\nmeeting,two,FI,talks,2024-05\n")).ShouldBeSaying(0, "2 rows are recorded.");
        (await Of("meetings", "FI")).Count.ShouldBe(6);
    }

    [Fact]
    public async Task What_an_action_has_become_comes_with_it()
    {
        const string Table = """
            Objet;Pays;À la charge de;Convenue le;Échéance;État;Fait le;Notes;Thèmes
            Former les formateurs;Norvège;Les deux parties;03/03/2024;30/06/2024;Signalée comme faite;12/06/2024;Deux sessions;Formation policière;
            Envoyer la liste;Norvège;Maroc;2024-03;2024-12-31;Abandonnée;nov. 2024;;
            Relire le projet;Norvège;Partenaire;2024-03;2024-12-31;Convenue;;;
            Vérifier;Norvège;Maroc;2024-03;2024-12-31;Signalée comme faite;2025;;

            """;
        var (code, said) = await Import(Table, dryRun: true, options: actions);
        code.ShouldBe(0, string.Join('\n', said));
        said[0].ShouldBe("row 2: action: Objet “Former les formateurs”; Pays “Norvège” → NO (Norway); À la charge de “Les deux parties” → both; "
            + "Convenue le “03/03/2024” → 2024-03-03; Échéance “30/06/2024” → 2024-06-30; État “Signalée comme faite” → reported-done; "
            + "Fait le “12/06/2024” → 2024-06-12; Notes “Deux sessions”; Thèmes “Formation policière” → TRN");
        (await Import(Table, options: actions)).ShouldBeSaying(0, "4 rows are recorded.");
        var all = (await Of("actions", "NO")).ToDictionary(a => Text(a, "what"));
        all.ToDictionary(a => a.Key, a => Text(a.Value, "state")).ShouldBe(new Dictionary<string, string>
        {
            ["Former les formateurs"] = "reported-done", ["Envoyer la liste"] = "dropped", ["Relire le projet"] = "agreed", ["Vérifier"] = "reported-done",
        }, ignoreOrder: true);
        (Text(all["Former les formateurs"], "dueAsGiven"), Text(all["Former les formateurs"], "due")).ShouldBe(("30/06/2024", "2024-06-30"));
        var followUp = all["Former les formateurs"].GetProperty("followUps").EnumerateArray().Single();
        (Text(followUp, "note"), Text(followUp, "on"), Text(followUp, "state")).ShouldBe(("Deux sessions", "2024-06-12", "reported-done"));
        (await host.Http.Read("/api/actions?partner=NO&overdue=true")).Items.Select(a => Text(a, "what")).ShouldBe(["Relire le projet"]);

        (await Import("what,partner,owedBy,on,state,stateOn\nx,NO,home,2025-06-01,dropped,2025-01-01\ny,NO,home,2025-06-01,dropped,2027\nz,NO,home,2025,gone,\n",
            options: actions)).Said.Select(s => s.Split(':')[0]).ShouldBe(
            ["row 2, column stateOn", "row 3, column stateOn", "row 4, column state", "3 faults in 3 rows; nothing was recorded."]);
        using var recorder = await host.As(Register.Marking.Restricted, Role.Recorder);
        var (_, refused) = await recorder.Import(Encoding.UTF8.GetBytes("what,partner,owedBy,on,state\nx,NO,home,2025,verified\n"), options: actions);
        (refused.Length, refused[^1]).ShouldBe((2, "1 faults in 1 rows; nothing was recorded."));
        refused[0].ShouldStartWith("row 2, column state: ");
        // Nor does anybody verify what they bring in themselves.
        (await Import("what,partner,owedBy,on,state\nx,NO,home,2025,verified\n", options: actions)).Said[^1].ShouldBe("1 faults in 1 rows; nothing was recorded.");
    }

    [Fact]
    public async Task A_meeting_comes_with_what_was_said_who_was_there_and_where_it_is_read()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "T", "publisher": "P", "language": "fr", "published": "2025", "url": "https://register.example/lists", "reliability": "b"}""")).Reference!;
        var person = (await host.Http.Record("/api/people", """{"name": "N. N."}""")).Reference!;
        var table = "Date;Pays;Type;Objet;Portée;Locuteur;Thèmes;Objet 2;Portée 2;Locuteur 2;Notre délégation;Délégation partenaire;Source;Paragraph\n"
            + $"2025-01-15;Suède;Entretiens;Formation;;;Formation policière; Échange;Intention;Suède;\"Directeur; délégation\";{person} (Ambassadeur);{source};3\n";
        (await Import(table, options: meetings)).ShouldBeSaying(0, "1 rows are recorded.");
        var meeting = (await Of("meetings", "SE")).Single();
        meeting.GetProperty("statements").EnumerateArray().Select(s => s.GetProperty("said"))
            .Select(s => (Text(s, "force"), Text(s, "speaker"), Text(s, "text"), Text(s, "topics")))
            .ShouldBe([("discussed", "joint", "Formation", """["TRN"]"""), ("intent", "SE", "Échange", "")]);
        meeting.GetProperty("home").EnumerateArray().Select(p => Text(p, "description")).ShouldBe(["Directeur", "délégation"]);
        var partner = meeting.GetProperty("partnerSide").EnumerateArray().Single();
        (Text(partner, "person"), Text(partner.GetProperty("office"), "title")).ShouldBe((person, "Ambassadeur"));
        meeting.GetProperty("sources").EnumerateArray().Select(s => (Text(s, "document"), Text(s, "paragraph"))).ShouldBe([(source, "3")]);
        (await Import("Date;Pays;Type;Objet;Portée;Thèmes;Locuteur 2;Notre délégation\n2025;SE;Talks;x;nonsense;XYZ;NO;PER-9999\n", options: meetings)).Said[..^1]
            .Select(s => s.Split(':')[0]).ShouldBe(["row 2, column Locuteur 2", "row 2, column Notre délégation", "row 2, column Portée", "row 2, column Thèmes"]);
    }

    [Fact]
    public async Task The_references_of_what_was_recorded_are_written_beside_the_rows()
    {
        var file = Path.Combine(host.Data, "references.csv");
        const string Table = "record;key;partners;kind;date\nmeeting;first;IS;talks;2024\nmeeting;;IS;talks;2023\nmeeting;;IS;talks;2023\n";
        (await Import(Table, dryRun: true, references: file)).Code.ShouldBe(0);
        File.Exists(file).ShouldBeFalse();
        for (var times = 0; times < 2; times++)
        {
            (await Import(Table, references: file)).ShouldBeSaying(0, "2 rows are recorded.", $"The references are in {file}.");
            var byDate = (await Of("meetings", "IS")).ToDictionary(m => Text(m, "date"), m => Text(m, "reference"));
            (await File.ReadAllTextAsync(file)).ShouldBe(
                $"row;record;key;reference\r\n2;meeting;first;{byDate["2024"]}\r\n3;meeting;;{byDate["2023"]}\r\n4;meeting;;{byDate["2023"]}\r\n");
        }
    }

    [Fact]
    public async Task Thirty_meetings_as_a_French_office_keeps_them_go_in_by_one_command_after_one_dry_run()
    {
        string[] countries = ["Croatie", "Tchéquie", "Grèce", "Slovénie", "Côte d’Ivoire"], codes = ["HR", "CZ", "GR", "SI", "CI"];
        string[] kinds = ["Réunion de travail", "Visite de courtoisie", "Entretiens"], slugs = ["working-meeting", "courtesy-call", "talks"];
        string[] places = ["Rabat", "Fès", "Salé"];
        // Thirty rows: the seventeenth repeats the third, with other blanks; a blank row stands among them, and one behind them.
        string Row(int i) => $"{1 + (i * 7 % 28):00}/{1 + (i % 12):00}/2025;Échange d’expériences n° {i};{countries[i % 5]};{kinds[i % 3]};{places[i % 3]}";
        var rows = Enumerable.Range(1, 30).Select(i => i == 17 ? Row(3).Replace("Slovénie", "  Slovénie\u00A0", StringComparison.Ordinal) : Row(i)).ToList();
        var text = "Date;Objet;Pays;Type;Lieu\r\n" + string.Join("\r\n", rows[..12]) + "\r\n;;;;\r\n" + string.Join("\r\n", rows[12..]) + "\r\n;;;;\r\n";
        var bytes = RecordFile.EncodingOf("windows-1252").GetBytes(text);
        Should.Throw<DecoderFallbackException>(() => new UTF8Encoding(false, true).GetString(bytes));
        using var http = host.Client(host.Token);
        var before = await host.Head();

        (await http.Import(bytes, dryRun: true, Language.French, meetings)).ShouldBeSaying(1,
            "ligne 2, colonne Objet : ce n’est pas de l’UTF-8 ; en windows-1252 on y lit « Échange d’expériences n° 1 », en windows-1256 "
                + "« ةchange d’expériences n° 1 » : ajoutez --encoding windows-1252 ou --encoding windows-1256",
            "1 anomalies dans 1 lignes ; rien n’a été enregistré.");

        var options = meetings with { Encoding = RecordFile.EncodingOf("windows-1252") };
        // In the file the blank row is the fourteenth, after the headings and twelve rows.
        int Line(int i) => i <= 12 ? i + 1 : i + 2;
        string Date(int i) => $"2025-{1 + (i % 12):00}-{1 + (i * 7 % 28):00}";
        var names = codes.Select(c => Language.French.Say(Countries.Name(c))).ToArray();
        string Shown(int i) => i == 17 ? "ligne 19 : répète la ligne 4 ; enregistrée une seule fois."
            : $"ligne {Line(i)} : rencontre : Date « {Row(i)[..10]} » → {Date(i)}; Objet « Échange d’expériences n° {i} »; "
                + $"Pays « {countries[i % 5]} » → {codes[i % 5]} ({names[i % 5]}); Type « {kinds[i % 3]} » → {slugs[i % 3]}; Lieu « {places[i % 3]} »";
        (await http.Import(bytes, dryRun: true, Language.French, options)).ShouldBeSaying(0,
            [.. Enumerable.Range(1, 30).Select(Shown), "29 lignes peuvent être enregistrées ; rien ne l’a été."]);
        (await host.Head()).ShouldBe(before);

        (await http.Import(bytes, language: Language.French, options: options)).ShouldBeSaying(0, "29 lignes sont enregistrées.");
        var recorded = new List<(string, string, string, string, string, string)>();
        foreach (var code in codes)
            recorded.AddRange((await Of("meetings", code)).Select(m => (Text(m, "date"), Text(m, "dateAsGiven"), code, Text(m, "kind"), Text(m, "place"),
                Text(m.GetProperty("statements")[0].GetProperty("said"), "text"))));
        recorded.ShouldBe(Enumerable.Range(1, 30).Where(i => i != 17).Select(i => (Date(i), Row(i)[..10], codes[i % 5], slugs[i % 3], places[i % 3],
            $"Échange d’expériences n° {i}")), ignoreOrder: true);

        var head = await host.Head();
        (await http.Import(bytes, language: Language.French, options: options)).ShouldBeSaying(0, "29 lignes sont enregistrées.");
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_workbook_is_read_as_the_table_that_its_first_sheet_is()
    {
        var workbook = Workbook(
            ["Date", "Objet", "Pays", "Type", "Lieu"],
            [new DateOnly(2025, 1, 27), "Échange", "Monaco", "Entretiens", "Fès"], [], ["28 janv. 2025", null, "Monaco", "Talks", " فاس "]);
        (await host.Http.Import(workbook, dryRun: true, options: meetings)).ShouldBeSaying(0,
            "row 2: meeting: Date “2025-01-27”; Objet “Échange”; Pays “Monaco” → MC (Monaco); Type “Entretiens” → talks; Lieu “Fès”",
            "row 4: meeting: Date “28 janv. 2025” → 2025-01-28; Pays “Monaco” → MC (Monaco); Type “Talks” → talks; Lieu “فاس”",
            "2 rows can be recorded; nothing was.");
        (await host.Http.Import(workbook, options: meetings)).Code.ShouldBe(0);
        (await Of("meetings", "MC")).Select(m => (Text(m, "date"), Text(m, "place"))).ShouldBe([("2025-01-27", "Fès"), ("2025-01-28", "فاس")], ignoreOrder: true);
        foreach (var bad in (byte[][])[[.. workbook[..200]], [(byte)'P', (byte)'K', 3, 4, 5]])
            (await Should.ThrowAsync<StartRefused>(host.Http.Import(bad))).Message.ShouldStartWith("The file is no workbook");
    }

    // A workbook of one sheet, with texts in their cells and days as numbers that a format makes days of.
    static byte[] Workbook(params object?[][] rows)
    {
        const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""", Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", Package = "http://schemas.openxmlformats.org/package/2006";
        static string Cell(object? value, string at) => value switch
        {
            null => "",
            DateOnly day => $"""<c r="{at}" s="1"><v>{day.DayNumber - new DateOnly(1899, 12, 30).DayNumber}</v></c>""",
            int number => $"""<c r="{at}"><v>{number}</v></c>""",
            _ => $"""<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>""",
        };
        var sheet = string.Concat(rows.Select((r, i) => $"""<row r="{i + 1}">{string.Concat(r.Select((c, j) => Cell(c, $"{(char)('A' + j)}{i + 1}")))}</row>"""));
        using var bytes = new MemoryStream();
        using (var package = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Part(string name, string text)
            {
                using var to = package.CreateEntry(name).Open();
                to.Write(Encoding.UTF8.GetBytes(Head + text));
            }
            const string Ml = "application/vnd.openxmlformats-officedocument.spreadsheetml";
            Part("[Content_Types].xml", $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"""
                + $"""<Override PartName="/xl/workbook.xml" ContentType="{Ml}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Ml}.styles+xml"/>"""
                + $"""<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Ml}.worksheet+xml"/></Types>""");
            Part("_rels/.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="r1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>""");
            Part("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="r1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/>"""
                + $"""<Relationship Id="r2" Type="{Relations}/styles" Target="styles.xml"/></Relationships>""");
            Part("xl/styles.xml", $"""<styleSheet xmlns="{Main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>""");
            Part("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="{Main}"><sheetData>{sheet}</sheetData></worksheet>""");
        }
        return bytes.ToArray();
    }
}
