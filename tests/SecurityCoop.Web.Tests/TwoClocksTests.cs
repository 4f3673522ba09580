using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What the register held at a time, and what follows for a day of the world, of every kind of record.</summary>
public sealed class TwoClocksTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_record_is_shown_as_it_was_known_and_is_not_there_before()
    {
        var agreed = await host.Http.Record("/api/actions", """{"partner": "AT", "what": "first wording", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-01"}""");
        var name = agreed.Reference;
        var corrected = await host.Http.Record($"/api/actions/{name}/corrections", """{"fields": {"what": "second wording"}, "reason": "misheard"}""");
        var blocked = await host.Http.Record($"/api/actions/{name}/follow-ups", """{"on": "2026-01-20", "note": "waiting", "state": "blocked"}""");

        (await host.Http.Read($"/api/actions/{name}?knownAt=@{agreed.Position - agreed.Events.Count}")).ShouldBeProblem(404, "not-found");
        (await Known($"/api/actions/{name}", agreed.Position)).ShouldBe("first wording; agreed; 1; 0");
        (await Known($"/api/actions/{name}", corrected.Position)).ShouldBe("second wording; agreed; 2; 0");
        (await Known($"/api/actions/{name}", blocked.Position)).ShouldBe("second wording; blocked; 4; 1");
        (await Known($"/api/actions/{name}", null)).ShouldBe("second wording; blocked; 4; 1");

        async Task<string> Known(string path, long? position)
        {
            var answer = await host.Http.Read(position is null ? path : $"{path}?knownAt=@{position}");
            answer.Position.ShouldBe(position ?? await host.Head());
            answer.ETag.ShouldBe($"\"{answer.Json.GetProperty("version")}\"");
            answer.Json.GetProperty("position").GetInt64().ShouldBe(answer.Position);
            answer.Json.GetProperty("knownAt").GetString().ShouldBe($"@{answer.Position}");
            answer.Json.GetProperty("asOf").GetString().ShouldBe("2026-02-01");
            var a = answer.Json;
            return $"{a.GetProperty("what")}; {string.Join(' ', a.GetProperty("states").EnumerateArray())}; {a.GetProperty("version")}; {a.GetProperty("followUps").GetArrayLength()}";
        }
    }

    [Fact]
    public async Task Every_list_gives_the_records_as_they_were_known_at_a_position()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "A report"}""")).Reference;
        var organisation = (await host.Http.Record("/api/organisations", """{"names": {"fr": "Un service"}}""")).Reference;
        var person = (await host.Http.Record("/api/people", """{"name": "P", "script": "Latn"}""")).Reference;
        var occasion = (await host.Http.Record("/api/occasions", """{"what": "An assembly", "date": "2025-11"}""")).Reference;
        var meeting = (await host.Http.Record("/api/meetings", """{"partners": ["PT"], "kind": "talks", "date": "2026-01-05", "place": "Rabat"}""")).Reference;
        var instrument = await host.Http.Record("/api/instruments", """{"partners": ["PT"], "kind": "mou", "title": "A text", "acts": [{"kind": "planned", "on": "2026-01-05"}]}""");
        var then = instrument.Position;
        await host.Http.Record($"/api/sources/{source}/notes", """{"note": "later"}""");
        await host.Http.Record($"/api/organisations/{organisation}/names", """{"names": {"fr": "Un autre nom"}, "on": "2026-01-20"}""");
        await host.Http.Record($"/api/people/{person}/offices", """{"title": "director"}""");
        await host.Http.Record($"/api/occasions/{occasion}/corrections", """{"fields": {"date": "2025-12"}, "reason": "misprint"}""");
        await host.Http.Record($"/api/meetings/{meeting}/withdrawal", """{"reason": "never took place"}""");
        await host.Http.Record($"/api/instruments/{instrument.Reference}/acts", """{"kind": "signed", "on": "2026-01-25"}""");
        await host.Http.Record("/api/sources", """{"title": "A later report"}""");

        (await Listed("/api/sources", source, "notes", then)).ShouldBe("[]");
        (await Listed("/api/sources", source, "notes")).ShouldBe("""["later"]""");
        (await Listed("/api/organisations", organisation, "names", then)).ShouldBe("""{"fr":"Un service"}""");
        (await Listed("/api/organisations", organisation, "names")).ShouldBe("""{"fr":"Un autre nom"}""");
        (await Listed("/api/people", person, "offices", then)).ShouldBe("[]");
        (await Listed("/api/occasions", occasion, "date", then)).ShouldBe("\"2025-11\"");
        (await Listed("/api/occasions", occasion, "date")).ShouldBe("\"2025-12\"");
        (await Listed("/api/meetings", meeting, "place", then)).ShouldBe("\"Rabat\"");
        (await host.Http.Read("/api/meetings?limit=500")).Items.Select(Reference).ShouldNotContain(meeting);
        (await Listed("/api/instruments", instrument.Reference, "states", then)).ShouldBe("""["planned"]""");
        (await Listed("/api/instruments", instrument.Reference, "states")).ShouldBe("""["signed"]""");
        (await Listed("/api/instruments?asOf=2026-01-24", instrument.Reference, "states")).ShouldBe("""["planned"]""");
        (await host.Http.Read($"/api/sources?limit=500&knownAt=@{then}")).Items.ShouldNotContain(s => s.GetProperty("title").GetString() == "A later report");
        (await host.Http.Read("/api/sources?knownAt=@0")).Items.ShouldBeEmpty();

        async Task<string> Listed(string path, string? reference, string field, long? position = null)
        {
            var query = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500{(position is null ? "" : $"&knownAt=@{position}")}";
            var list = await host.Http.Read(query);
            list.Json.GetProperty("position").GetInt64().ShouldBe(position ?? await host.Head());
            // One by one it is the same record, at either time.
            var item = list.Items.Single(i => Reference(i) == reference);
            var (kind, name) = (path.Split('?')[0], reference);
            var single = (await host.Http.Read($"{kind}/{name}{query[path.Split('?')[0].Length..].Replace("limit=500&", "").Replace("limit=500", "")}")).Json;
            if (field != "names") single.GetProperty(field).GetRawText().ShouldBe(item.GetProperty(field).GetRawText());
            return item.GetProperty(field).GetRawText();
        }
    }

    [Fact]
    public async Task Whatever_was_answered_at_a_time_is_answered_again_when_that_time_is_asked_about()
    {
        string[] commands = [
            """/api/meetings {"partners": ["RO"], "kind": "talks", "date": "2025-06", "statements": [{"force": "intent", "speaker": "home", "text": "a"}, {"force": "agreed-action", "speaker": "joint", "text": "b"}]}""",
            """/api/meetings {"partners": ["RO", "BG"], "kind": "talks", "date": "2026-03", "state": "planned"}""",
            """/api/actions/RO-ACT-0001/follow-ups {"on": "2025-07", "note": "c", "state": "blocked", "nextReview": "2025-09-01"}""",
            """/api/instruments {"partners": ["RO"], "kind": "mou", "title": "d", "acts": [{"kind": "planned", "on": "2025-06", "expected": "2025-12"}]}""",
            """/api/meetings/RO-MTG-0001/reclassifications {"number": 1, "force": "discussed", "reason": "read again"}""",
            """/api/actions/RO-ACT-0001/due-date {"due": "2025-10"}""",
            """/api/instruments/RO-INS-0001/acts {"kind": "signed", "on": "2026-01-10", "party": "RO"}""",
            """/api/meetings/RO-MTG-0001/corrections {"fields": {"date": "2025-05-31"}, "reason": "misprint"}""",
            """/api/partnerships/RO/suspension {"by": "RO", "on": "2026-01-15"}""",
            """/api/instruments/RO-INS-0001/acts {"kind": "signed", "on": "2026-01-20", "party": "home"}""",
            """/api/actions {"partner": "BG", "what": "e", "owedBy": "partner", "on": "2026-01-01", "due": "2026-01-20"}""",
            """/api/partnerships/RO/resumption {"by": "RO", "on": "2026-01-25"}""",
            """/api/meetings/MUL-MTG-0001/postponement {"date": "2026-04"}""",
            """/api/actions/RO-ACT-0001/verification {"on": "2026-01-28"}""",
            """/api/meetings/RO-MTG-0001/withdrawal {"reason": "another country's"}""",
        ];
        string[] queries = [
            "/api/meetings?limit=500", "/api/actions?limit=500", "/api/actions?overdue=true", "/api/instruments?limit=500", "/api/people", "/api/organisations", "/api/sources", "/api/occasions", "/api/partnerships",
            "/api/partnerships/RO", "/api/partnerships/RO/timeline", "/api/partnerships/RO/why?status=framework-active", "/api/partnerships/BG", "/api/meetings/RO-MTG-0001", "/api/meetings/MUL-MTG-0001/agenda",
            "/api/actions/RO-ACT-0001", "/api/instruments/RO-INS-0001",
        ];
        var answers = new List<(string Query, long Position, string Text)>();
        foreach (var command in commands)
        {
            var (path, body) = (command.Split(' ')[0], command[(command.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var position = (await host.For(path, body).Record(path, body)).Position;
            foreach (var query in queries)
                if (await host.Http.Read(query) is { Status: System.Net.HttpStatusCode.OK } answer) answers.Add((query, position, answer.Text));
        }
        answers.Count.ShouldBeGreaterThan(200);
        foreach (var (query, position, text) in answers)
            (await host.Http.Read($"{query}{(query.Contains('?', StringComparison.Ordinal) ? '&' : '?')}knownAt=@{position}")).Text.ShouldBe(text, $"{query} at {position}");
    }

    [Fact]
    public async Task A_person_has_the_names_that_were_known_then()
    {
        var person = await host.Http.Record("/api/people", """{"name": "First Form", "script": "Latn"}""");
        var variant = await host.Http.Record($"/api/people/{person.Reference}/variants", """{"name": "الصيغة", "script": "Arab"}""");
        (await Names(person.Position)).ShouldBe(["First Form"]);
        (await Names(variant.Position)).ShouldBe(["First Form", "الصيغة"]);

        async Task<IEnumerable<string?>> Names(long position) =>
            (await host.Http.Read($"/api/people/{person.Reference}?knownAt=@{position}")).Json.GetProperty("names").EnumerateArray().Select(n => n.GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_given_day_leaves_out_what_had_certainly_not_begun_and_keeps_what_is_only_planned()
    {
        foreach (var body in (string[])["""{"partners": ["CY"], "kind": "talks", "date": "2025-03-10"}""", """{"partners": ["CY"], "kind": "talks", "date": "2025"}""", """{"partners": ["CY"], "kind": "talks", "date": "2026-05-05", "state": "planned"}"""])
            await host.Http.Record("/api/meetings", body);
        (await References("/api/meetings?partner=CY")).ShouldBe("CY-MTG-0001 CY-MTG-0002 CY-MTG-0003");
        (await References("/api/meetings?partner=CY&asOf=2025-03-09")).ShouldBe("CY-MTG-0002 CY-MTG-0003");
        (await References("/api/meetings?partner=CY&asOf=2024-12-31")).ShouldBe("CY-MTG-0003");
        (await host.Http.Read("/api/meetings/CY-MTG-0002?asOf=2025-03-09")).Json.GetProperty("happened").GetString().ShouldBe("possible");
        (await host.Http.Read("/api/meetings/CY-MTG-0002")).Json.GetProperty("happened").GetString().ShouldBe("certain");
        (await host.Http.Read("/api/meetings/CY-MTG-0001?asOf=2025-03-09")).Json.TryGetProperty("happened", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_day_tells_which_office_somebody_held_and_what_an_organisation_was_called()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "P"}""")).Reference;
        foreach (var office in (string[])["""{"title": "deputy", "from": "2020", "until": "2024-06-30"}""", """{"title": "director", "from": "2024-07-01"}""", """{"title": "adviser"}"""])
            await host.Http.Record($"/api/people/{person}/offices", office);
        (await Offices("2023-01-01")).ShouldBe("deputy certain, director -, adviser possible");
        (await Offices("2020-06-01")).ShouldBe("deputy possible, director -, adviser possible");
        (await Offices("2024-07-01")).ShouldBe("deputy -, director certain, adviser possible");

        var organisation = (await host.Http.Record("/api/organisations", """{"names": {"fr": "Premier nom"}}""")).Reference;
        await host.Http.Record($"/api/organisations/{organisation}/names", """{"names": {"fr": "Second nom"}, "on": "2020-01-01"}""");
        await host.Http.Record($"/api/organisations/{organisation}/names", """{"names": {"fr": "Nom actuel"}, "on": "2022-01-01"}""");
        (await Names("2019-12-31")).ShouldBe("""{"fr":"Premier nom"}""");
        (await Names("2021-12-31")).ShouldBe("""{"fr":"Second nom"}""");
        (await Names("2022-01-01")).ShouldBe("");

        async Task<string> Offices(string day) => string.Join(", ", (await host.Http.Read($"/api/people/{person}?asOf={day}")).Json.GetProperty("offices").EnumerateArray()
            .Select(o => $"{o.GetProperty("office").GetProperty("title")} {(o.TryGetProperty("held", out var held) ? held : "-")}"));
        async Task<string> Names(string day) => (await host.Http.Read($"/api/organisations/{organisation}?asOf={day}")).Json.TryGetProperty("namesThen", out var names) ? names.GetRawText() : "";
    }

    [Fact]
    public async Task Every_query_says_where_an_instant_lies_after_the_newest_event()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["LV"], "kind": "talks", "date": "2026-01-05"}""");
        foreach (var path in (string[])["/api/meetings", "/api/meetings/LV-MTG-0001", "/api/actions", "/api/instruments", "/api/people", "/api/organisations", "/api/sources", "/api/occasions", "/api/partnerships", "/api/partnerships/LV", "/api/partnerships/LV/timeline"])
        {
            var ahead = (await host.Http.Read($"{path}?asOf=2026-01-31&knownAt=2999-01-01T00:00:00Z")).Json;
            ahead.GetProperty("provisional").GetBoolean().ShouldBeTrue(path);
            ahead.GetProperty("position").GetInt64().ShouldBe(await host.Head(), path);
            ahead.GetProperty("knownAt").GetString().ShouldBe("2999-01-01T00:00:00Z", path);
            ahead.GetProperty("asOf").GetString().ShouldBe("2026-01-31", path);
            (await host.Http.Read(path)).Json.TryGetProperty("provisional", out _).ShouldBeFalse(path);
            (await host.Http.Read($"{path}?knownAt=yesterday")).ShouldBeProblem(400, "invalid-known-at", "?knownAt");
            (await host.Http.Read($"{path}?knownAt=@999999")).ShouldBeProblem(400, "unknown-position", "?knownAt");
            (await host.Http.Read($"{path}?asOf=2026-13-01")).ShouldBeProblem(400, "invalid-day", "?asOf");
        }
    }

    [Fact]
    public async Task The_past_tells_nobody_what_was_hidden_since()
    {
        var agreed = await host.Http.Record("/api/actions", """{"partner": "SK", "what": "open at first", "owedBy": "home", "on": "2026-01-10", "marking": "open"}""");
        await host.Http.Record($"/api/records/{agreed.Reference}/marking", """{"marking": "secret", "reason": "now secret"}""");
        using var open = await host.As(Marking.Open, Role.Reader);
        (await open.Read($"/api/actions/{agreed.Reference}?knownAt=@{agreed.Position}")).ShouldBeProblem(404, "not-found");
        (await open.Read($"/api/actions?partner=SK&knownAt=@{agreed.Position}")).Items.ShouldBeEmpty();
        (await open.Read($"/api/partnerships/SK?knownAt=@{agreed.Position}")).Json.GetProperty("openActions").GetArrayLength().ShouldBe(0);
        (await host.Http.Read($"/api/partnerships/SK?knownAt=@{agreed.Position}")).Json.GetProperty("openActions").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Nor_does_the_past_of_a_partner_whom_the_record_no_longer_concerned_when_it_was_hidden()
    {
        var agreed = await host.Http.Record("/api/actions", """{"partner": "SI", "what": "open at first", "owedBy": "home", "on": "2026-01-10", "marking": "open"}""");
        await host.Http.Record($"/api/actions/{agreed.Reference}/corrections", """{"fields": {"partner": "HR"}, "reason": "agreed with another"}""");
        using var open = await host.As(Marking.Open, Role.Reader);
        var path = $"/api/partnerships/SI?knownAt=@{agreed.Position}";
        (await open.Read(path)).Json.GetProperty("openActions").GetArrayLength().ShouldBe(1, "and from here on the partner's facts are kept");

        await host.Http.Record($"/api/records/{agreed.Reference}/marking", """{"marking": "secret", "reason": "now secret"}""");

        (await open.Read(path)).Json.GetProperty("openActions").GetArrayLength().ShouldBe(0);
        (await host.Http.Read(path)).Json.GetProperty("openActions").GetArrayLength().ShouldBe(1);
    }

    async Task<string> References(string path) => string.Join(' ', (await host.Http.Read(path)).Items.Select(Reference));

    static string? Reference(JsonElement item) => item.GetProperty("reference").GetString();
}
