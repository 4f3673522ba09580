using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Roles decide what may be done, clearance what is there at all.</summary>
public sealed class WhoSeesWhatTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData(Role.Reader, "GET /api/partnerships", true)]
    [InlineData(Role.Reader, "GET /openapi/v1.json", true)]
    [InlineData(Role.Reader, "POST /api/sources", false)]
    [InlineData(Role.Reader, "GET /api/audit/events", false)]
    [InlineData(Role.Recorder, "GET /api/meetings", true)]
    [InlineData(Role.Recorder, "POST /api/sources", true)]
    [InlineData(Role.Recorder, "GET /api/audit/events", false)]
    [InlineData(Role.Recorder, "POST /api/meetings/LU-MTG-0001/validation", false)]
    [InlineData(Role.Recorder, "POST /api/actions/LU-ACT-0001/verification", false)]
    [InlineData(Role.Recorder, "POST /api/partnerships/LU/review-period", false)]
    [InlineData(Role.Validator, "POST /api/meetings/LU-MTG-0001/validation", true)]
    [InlineData(Role.Validator, "POST /api/sources", false)]
    [InlineData(Role.Auditor, "GET /api/audit/events", true)]
    [InlineData(Role.Auditor, "GET /api/audit/records/LU", true)]
    [InlineData(Role.Auditor, "POST /api/sources", false)]
    [InlineData(Role.Administrator, "GET /api/partnerships", false)]
    [InlineData(Role.Steward, "POST /api/partnerships/LU/review-period", true)]
    [InlineData(Role.Steward, "GET /api/audit/events", true)]
    public async Task Each_role_may_do_its_own_and_no_more(Role role, string request, bool allowed)
    {
        await host.Http.Record("/api/partnerships", """{"partner": "LU"}""");
        using var http = await host.As(Marking.Secret, role);
        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
        var head = await host.Head();
        var answer = await http.Send(new(method), path, method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json"));
        if (allowed) ((int)answer.Status).ShouldBeOneOf(200, 400, 404); // reached: an empty body or a record that is not there comes after the role
        else
        {
            answer.ShouldBeProblem(403, "forbidden");
            (await host.Head()).ShouldBe(head);
        }
    }

    [Fact]
    public async Task What_is_above_the_clearance_is_not_there()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-01", "marking": "open"}""");
        var secret = await host.Http.Record("/api/meetings", """
            {"partners": ["PL"], "kind": "talks", "date": "2025-02", "marking": "secret", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "hidden"}, {"force": "planned-instrument", "speaker": "joint", "text": "hidden"}]}
            """);
        using var open = await host.As(Marking.Open, Role.Reader, Role.Auditor, Role.Recorder);
        foreach (var path in (string[])["/api/meetings/PL-MTG-0002", "/api/actions/PL-ACT-0001", "/api/instruments/PL-INS-0001"])
        {
            (await host.Http.Read(path)).Status.ShouldBe(HttpStatusCode.OK);
            (await open.Read(path)).ShouldBeProblem(404, "not-found");
        }
        (await open.Read("/api/meetings?partner=PL")).Items.Select(m => m.GetProperty("reference").GetString()).ShouldBe(["PL-MTG-0001"]);
        (await open.Read("/api/actions?partner=PL")).Items.ShouldBeEmpty();
        (await open.Read("/api/instruments?partner=PL")).Items.ShouldBeEmpty();
        (await open.Read("/api/partnerships/PL")).Json.GetProperty("status").GetString().ShouldBe("contact");
        (await host.Http.Read("/api/partnerships/PL")).Json.GetProperty("status").GetString().ShouldBe("committed");
        (await open.Read("/api/partnerships")).Items.Single(s => s.GetProperty("partner").GetProperty("code").GetString() == "PL").GetProperty("status").GetString().ShouldBe("contact");
        (await open.Read("/api/partnerships/PL/timeline")).Text.ShouldNotContain("PL-ACT-0001");

        // The audit's list withholds what the event says, and shows that there is one.
        var position = secret.Json.GetProperty("events")[0].GetProperty("position").GetInt64();
        var withheld = (await open.Read($"/api/audit/events/{position}")).Json;
        withheld.EnumerateObject().Select(p => p.Name).ShouldBe(["position", "recordedAt", "withheld"], ignoreOrder: true);
        (await open.Read("/api/audit/events?limit=500")).Text.ShouldNotContain("hidden");
        (await open.Read("/api/audit/records/PL-ACT-0001")).Text.ShouldNotContain("hidden");

        // Nor can it be named or changed.
        (await open.Command("/api/actions/PL-ACT-0001/follow-ups", """{"note": "x", "marking": "open"}""")).ShouldBeProblem(404, "not-found");
        (await open.Command("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "", "partOf": "PL-MTG-0002", "marking": "open"}""")).ShouldBeProblem(400, "unknown-reference", "/partOf");
    }

    [Fact]
    public async Task Nobody_records_above_the_own_clearance()
    {
        using var open = await host.As(Marking.Open, Role.Recorder);
        var head = await host.Head();
        (await open.Command("/api/sources", """{"title": "x", "marking": "restricted"}""")).ShouldBeProblem(403, "marking-above-clearance", "/marking");
        (await open.Command("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "", "marking": "open", "statements": [{"force": "discussed", "speaker": "joint", "marking": "secret"}]}""")).ShouldBeProblem(403, "marking-above-clearance", "/statements/0/marking");
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_partnership_opened_by_a_secret_meeting_is_seen_by_whoever_records_an_open_one()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["CZ"], "kind": "talks", "date": "2025-01", "marking": "secret"}""");
        using var open = await host.As(Marking.Open, Role.Recorder);
        (await open.Read("/api/partnerships/CZ")).Json.GetProperty("status").GetString().ShouldBe("no-record");
        await open.Record("/api/meetings", """{"partners": ["CZ"], "kind": "talks", "date": "2025-03", "marking": "open"}""");
        (await open.Read("/api/partnerships/CZ")).Json.GetProperty("status").GetString().ShouldBe("contact");
        (await open.Read("/api/partnerships")).Items.Count(s => s.GetProperty("partner").GetProperty("code").GetString() == "CZ").ShouldBe(1);
    }
}

/// <summary>Names of people stand in one place only, and only for those who work with them.</summary>
public sealed class NamesTests(SeededHost host) : IClassFixture<SeededHost>
{
    static readonly string[] names = [.. Directory.GetFiles(HostFixture.Seeds, "*.json").SelectMany(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement.GetProperty("commands").EnumerateArray())
        .Where(c => c.GetProperty("post").GetString() == "/api/people").Select(c => c.GetProperty("body").GetProperty("name").GetString()!)];

    [Fact]
    public async Task No_table_of_the_database_holds_a_name()
    {
        names.Length.ShouldBeGreaterThan(5);
        var words = names.SelectMany(n => n.Split(' ', '-')).Where(w => w.Length > 4).ToList();
        await using var owner = new NpgsqlConnection(host.OwnerConnection);
        await owner.OpenAsync();
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')", owner))
        await using (var reader = await list.ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        tables.ShouldContain("register.mt_events");
        var bytes = 0L;
        foreach (var table in tables)
        {
            await using var export = await owner.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)");
            using var content = new MemoryStream();
            await export.CopyToAsync(content);
            bytes += content.Length;
            var text = Encoding.UTF8.GetString(content.ToArray());
            foreach (var word in words) text.Contains(word, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{word} stands in {table}");
        }
        bytes.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public async Task A_reader_finds_a_name_in_no_answer_and_the_steward_reads_them_all()
    {
        using var reader = await host.As(Marking.Secret, Role.Reader);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var people = (await reader.Read("/api/people?limit=500")).Items.Select(p => $"/api/people/{p.GetProperty("reference").GetString()}").ToList();
        people.Count.ShouldBe(names.Length);
        var seen = new StringBuilder();
        foreach (var path in (string[])[.. people, "/api/people?limit=500", "/api/meetings?limit=500", "/api/partnerships", "/api/organisations?limit=500", "/api/actions", "/api/instruments"]) seen.Append((await reader.Read(path)).Text);
        seen.Append((await auditor.Read("/api/audit/events?limit=500")).Text);
        foreach (var name in names) seen.ToString().ShouldNotContain(name);

        (await reader.Read(people[0])).Json.GetProperty("names")[0].GetProperty("withheld").GetBoolean().ShouldBeTrue();
        var read = new List<string?>();
        foreach (var person in people) read.AddRange((await host.Http.Read(person)).Json.GetProperty("names").EnumerateArray().Where(n => n.GetProperty("kind").GetString() == "name").Select(n => n.GetProperty("value").GetString()));
        read.ShouldBe(names, ignoreOrder: true);
    }
}

/// <summary>On a register of its own: the names above are counted.</summary>
public sealed class NameFormsTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Variants_wrong_forms_and_contacts_are_kept_apart()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "First Form", "script": "Latn", "contact": "by telephone"}""")).Headers.Location!.OriginalString;
        await host.Http.Record($"{person}/variants", """{"name": "الاسم", "script": "Arab"}""");
        await host.Http.Record($"{person}/variants", """{"name": "Frist Form", "erroneous": true}""");
        var read = (await host.Http.Read(person)).Json.GetProperty("names").EnumerateArray().Select(n => $"{n.GetProperty("kind")}: {n.GetProperty("value")}");
        read.ShouldBe(["name: First Form", "contact: by telephone", "variant: الاسم", "erroneous: Frist Form"], ignoreOrder: true);
    }
}
