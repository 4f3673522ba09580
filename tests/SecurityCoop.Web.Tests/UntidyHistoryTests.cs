using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What untidy histories need of the commands: terms, links, acts with headers of their own, and origins that change under what they opened.</summary>
public sealed class UntidyHistoryTests(HostFixture host) : IClassFixture<HostFixture>
{
    async Task<string> New(string path, string json) => (await host.Http.Record(path, json)).Headers.Location!.OriginalString;

    async Task Records(string path, string json, params string[] events) => (await host.For(path, json).Record(path, json)).Events.ShouldBe(events, $"{path} {json}");

    async Task RecordsOnce(string path, string json, params string[] events)
    {
        await Records(path, json, events);
        await Records(path, json);
    }

    async Task Refused(string path, string json, int status, string slug, string? field = null)
    {
        var head = await host.Head();
        (await host.Http.Command(path, json)).ShouldBeProblem(status, slug, field);
        (await host.Head()).ShouldBe(head);
    }

    async Task<JsonElement> Read(string path) => (await host.Http.Read(path)).Json;

    async Task<string?> Status(string partner, string query = "") => (await Read($"/api/partnerships/{partner}?{query}")).GetProperty("status").GetString();

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : null;

    async Task<JsonElement> Brief(string partner, string asOf, int which = 0) => (await Read($"/api/partnerships/{partner}?asOf={asOf}")).GetProperty("instruments")[which];

    [Fact]
    public async Task An_agreement_renews_itself_in_silence_until_a_notice_comes_in_time()
    {
        var agreement = await New("/api/instruments", """
            {"partners": ["ES"], "kind": "agreement", "title": "an agreement", "binding": "binding", "term": {"kind": "tacit", "years": 5, "noticeMonths": 6}, "acts": [{"kind": "signed", "on": "2010-12-01"}, {"kind": "entered-into-force", "on": "2011-02-05"}]}
            """);
        var term = (await Brief("ES", "2022-01-01")).GetProperty("termDays")[0];
        (Text(term, "kind"), Text(term, "endsOn"), Text(term, "noticeBy"), Text(term, "renewedOn"), Text(term, "computed")).ShouldBe(("tacit", "2026-02-05", "2025-08-05", "2021-02-06", "True"));
        var status = await Read("/api/partnerships/ES?asOf=2025-07-01");
        status.GetProperty("modifiers").EnumerateArray().Single(m => Text(m, "code") == "expiring").GetProperty("because")[0].GetProperty("kind").GetString().ShouldBe("term");
        status.GetProperty("because").EnumerateArray().Select(b => (Text(b, "kind"), Text(b, "computed"))).ShouldBe([("entered-into-force", null), ("renewed", "True")], ignoreOrder: true);

        await Records($"{agreement}/acts", """{"kind": "termination-notified", "on": "2025-07-15", "party": "ES"}""", "instrument_act_recorded");
        var end = (await Brief("ES", "2025-12-01")).GetProperty("announcedEnds")[0];
        (Text(end, "on"), Text(end, "party"), Text(end, "computed")).ShouldBe(("2026-02-06", "ES", "True"));
        (await Brief("ES", "2025-12-01")).GetProperty("states")[0].GetString().ShouldBe("in-force");
        (await Status("ES", "asOf=2026-02-06")).ShouldBe("lapsed");
    }

    [Fact]
    public async Task A_term_is_set_replaced_and_refused()
    {
        var mou = await New("/api/instruments", """{"partners": ["NL"], "kind": "mou", "title": "a memorandum", "binding": "non-binding", "acts": [{"kind": "signed", "on": "2020-01-10"}]}""");
        await RecordsOnce($"{mou}/terms", """{"kind": "ends", "years": 3}""", "instrument_term_set");
        (await Status("NL", "asOf=2023-01-10")).ShouldBe("framework-active");
        var lapsed = await Read("/api/partnerships/NL?asOf=2023-01-11");
        (Text(lapsed, "status"), Text(lapsed.GetProperty("because")[0], "kind"), Text(lapsed.GetProperty("because")[0], "computed")).ShouldBe(("lapsed", "expired", "True"));
        await RecordsOnce($"{mou}/terms", """{"kind": "ends", "on": "2027", "onAsGiven": "until 2027", "agreedOn": "2023-06-01", "source": []}""", "instrument_term_set");
        (await Status("NL", "asOf=2023-05-31")).ShouldBe("lapsed");
        (await Status("NL", "asOf=2023-06-01")).ShouldBe("framework-active");
        await Records($"{mou}/terms", """{"kind": "open", "agreedOn": "2026-01-01"}""", "instrument_term_set");
        (await Status("NL", "asOf=2040-01-01")).ShouldBe("framework-active");
        await Refused($"{mou}/terms", """{"kind": "open", "years": 3}""", 400, "not-of-this-term", "/years");
        await Refused($"{mou}/terms", """{"kind": "tacit"}""", 400, "required", "/years");
        await Refused("/api/instruments", """{"partners": ["NL"], "kind": "mou", "title": "x", "term": {"kind": "ends"}}""", 400, "required", "/term/years");
    }

    [Fact]
    public async Task Instruments_are_linked_in_whole_or_in_part_from_either_side()
    {
        var old = await New("/api/instruments", """{"partners": ["DE"], "kind": "agreement", "title": "the old", "acts": [{"kind": "entered-into-force", "on": "2000-01-01"}]}""");
        var late = await New("/api/instruments", """{"partners": ["DE"], "kind": "protocol", "title": "the new", "links": [{"kind": "replaces", "instrument": "DE-INS-0001", "on": "2010-01-01", "part": "training"}]}""");
        (await Brief("DE", "2010-01-01")).GetProperty("states")[0].GetString().ShouldBe("in-force-in-part");
        Text((await Brief("DE", "2010-01-01")).GetProperty("parts")[0], "part").ShouldBe("training");
        await RecordsOnce($"{late}/links", """{"kind": "amends", "instrument": "DE-INS-0001", "on": "2012-01-01"}""", "instrument_linked", "instrument_amended_by");
        await RecordsOnce($"{late}/links", """{"kind": "carries-out", "instrument": "DE-INS-0001"}""", "instrument_linked");
        await RecordsOnce($"{old}/links", """{"kind": "superseded-by", "instrument": "DE-INS-0002", "on": "2020-01-01"}""", "instrument_superseded_by");
        (await Brief("DE", "2020-01-01")).GetProperty("states")[0].GetString().ShouldBe("superseded");
        await Refused($"{late}/links", """{"kind": "amends", "instrument": "DE-INS-0001", "part": "x"}""", 400, "only-for", "/part");
        await Refused($"{late}/links", """{"kind": "amends", "instrument": "DE-INS-0002"}""", 400, "itself", "/instrument");
    }

    [Fact]
    public async Task What_an_act_says_of_itself_stands_in_its_own_header()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "a gazette"}""")).Reference;
        var opened = await host.Http.Record("/api/instruments", $$"""
            {"partners": ["PT"], "kind": "mou", "title": "a memorandum", "reason": "the whole", "credibility": 2, "onBehalfOf": "desk-1",
             "acts": [{"kind": "signed", "on": "2020-01-10", "party": "home", "reason": "the act", "credibility": 5, "marking": "secret", "onBehalfOf": "a directorate", "source": {"document": "{{source}}", "paragraph": 3 } }, {"kind": "signed", "on": "2020-08-10", "party": "PT"}]}
            """);
        var events = opened.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("position").GetInt64()).ToList();
        var (whole, own, other) = (await Read($"/api/audit/events/{events[0]}"), await Read($"/api/audit/events/{events[1]}"), await Read($"/api/audit/events/{events[2]}"));
        string?[] Header(JsonElement e) => [Text(e, "reason"), Text(e, "credibility"), Text(e, "marking"), Text(e, "onBehalfOf")];
        Header(whole).ShouldBe(["the whole", "2", "restricted", "desk-1"]);
        Header(own).ShouldBe(["the act", "5", "secret", "a directorate"]);
        Header(other).ShouldBe(["the whole", "2", "restricted", "desk-1"]);
        own.GetProperty("source")[0].GetProperty("paragraph").GetInt32().ShouldBe(3);
        Text((await Read("/api/instruments/PT-INS-0001")).GetProperty("acts")[0], "onBehalfOf").ShouldBe("a directorate");
        await Refused("/api/instruments", """{"partners": ["PT"], "kind": "mou", "title": "x", "acts": [{"kind": "signed", "on": "2020", "credibility": 7}]}""", 400, "out-of-range", "/acts/0/credibility");
    }

    [Fact]
    public async Task A_suspension_by_one_of_many_is_shown_by_party_and_in_its_own_relation()
    {
        await New("/api/instruments", """
            {"partners": ["IT", "MT"], "kind": "convention", "title": "a convention", "acts": [{"kind": "entered-into-force", "on": "2000-01-01"}, {"kind": "suspended", "on": "2014-01-01", "party": "MT"}, {"kind": "resumed", "on": "2016-01-01", "party": "home"}]}
            """);
        (await Status("IT", "asOf=2015-01-01")).ShouldBe("framework-active");
        (await Status("MT", "asOf=2015-01-01")).ShouldBe("suspended");
        Text((await Brief("IT", "2015-01-01")).GetProperty("suspendedBy")[0], "party").ShouldBe("MT");
        (await Brief("MT", "2017-01-01")).GetProperty("unsupported").EnumerateArray().Select(k => k.GetString()).ShouldBe(["entered-into-force", "resumed"], "home resumes what it had not suspended");
    }

    [Fact]
    public async Task What_a_withdrawn_or_reclassified_statement_has_opened_stays_and_says_so()
    {
        var meeting = await host.Http.Record("/api/meetings", """
            {"partners": ["GR"], "kind": "talks", "date": "2025-05-05", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "send a list"}, {"force": "planned-instrument", "speaker": "joint", "text": "sign a memorandum"}]}
            """);
        var statements = meeting.Json.GetProperty("events").EnumerateArray().Where(e => Text(e, "type") == "meeting_statement_recorded").Select(e => Text(e, "id")).ToList();
        var path = $"/api/meetings/{meeting.Reference}";
        await RecordsOnce($"{path}/reclassifications", """{"number": 1, "force": "intent", "reason": "the Arabic text says less"}""", "meeting_statement_reclassified", "action_origin_changed");
        Text(await Read("/api/actions/GR-ACT-0001"), "originForce").ShouldBe("intent");
        (await Status("GR")).ShouldBe("committed", "no commitment dies silently");
        Text((await Read("/api/partnerships/GR")).GetProperty("openActions")[0], "originForce").ShouldBe("intent");
        await Records($"{path}/reclassifications", """{"number": 1, "force": "agreed-action", "reason": "read again"}""", "meeting_statement_reclassified", "action_origin_changed");
        Text(await Read("/api/actions/GR-ACT-0001"), "originForce").ShouldBeNull();
        await Records($"{path}/withdrawal", $$"""{"of": "{{statements[1]}}", "reason": "not said"}""", "meeting_withdrawn", "instrument_origin_changed");
        Text(await Read("/api/instruments/GR-INS-0001"), "originWithdrawn").ShouldBe("True");
        await Records($"{path}/withdrawal", """{"reason": "never held"}""", "meeting_withdrawn", "action_origin_changed");
        Text(await Read("/api/actions/GR-ACT-0001"), "originWithdrawn").ShouldBe("True");
        (await Status("GR")).ShouldBe("committed");
        await Records("/api/actions/GR-ACT-0001/drop", """{"on": "2025-06-01"}""", "action_dropped");
        await Records("/api/instruments/GR-INS-0001/withdrawal", """{"reason": "never planned"}""", "instrument_withdrawn");
        (await Status("GR")).ShouldBe("no-record");
    }

    [Fact]
    public async Task A_day_that_children_took_from_their_meeting_is_corrected_with_it()
    {
        var meeting = await host.Http.Record("/api/meetings", """
            {"partners": ["CY"], "kind": "talks", "date": "2025-05-05", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "send a list"}, {"force": "planned-instrument", "speaker": "joint", "text": "sign a memorandum"}]}
            """);
        await Records("/api/actions/CY-ACT-0001/corrections", """{"fields": {"on": "2025-05-04"}, "reason": "agreed on the eve"}""", "action_corrected");
        await Records($"/api/meetings/{meeting.Reference}/corrections", """{"fields": {"date": "2025-05-06"}, "reason": "misread"}""", "meeting_corrected", "instrument_corrected");
        (await Read("/api/instruments/CY-INS-0001")).GetProperty("acts")[0].GetProperty("what").GetProperty("on").GetString().ShouldBe("2025-05-06");
        Text(await Read("/api/actions/CY-ACT-0001"), "on").ShouldBe("2025-05-04", "a day that somebody has set stays");
    }

    [Fact]
    public async Task What_a_public_statement_has_opened_stays_and_says_so()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "RO"}""");
        await host.Http.Record("/api/partnerships/RO/statements", """{"force": "agreed-action", "speaker": "joint", "text": "send a list", "on": "2025-05-05"}""");
        await Records("/api/partnerships/RO/reclassifications", """{"number": 1, "force": "discussed", "reason": "a second reading"}""", "partnership_statement_reclassified", "action_origin_changed");
        Text(await Read("/api/actions/RO-ACT-0001"), "originForce").ShouldBe("discussed");
    }

    [Fact]
    public async Task Talks_within_a_visit_are_part_of_it_and_no_meeting_is_part_of_itself()
    {
        var visit = (await host.Http.Record("/api/meetings", """{"partners": ["HR"], "kind": "visit", "date": "2025-05-05/2025-05-07"}""")).Reference;
        var talks = (await host.Http.Record("/api/meetings", $$"""{"partners": ["HR"], "kind": "talks", "date": "2025-05-06", "partOf": "{{visit}}"}""")).Reference;
        Text(await Read($"/api/meetings/{talks}"), "partOf").ShouldBe(visit);
        await Refused($"/api/meetings/{visit}/corrections", $$"""{"fields": {"partOf": "{{talks}}"}, "reason": "x"}""", 400, "part-of-itself", "/fields/partOf");
        await Refused($"/api/meetings/{visit}/corrections", $$"""{"fields": {"partOf": "{{visit}}"}, "reason": "x"}""", 400, "part-of-itself", "/fields/partOf");
        var planned = (await host.Http.Record("/api/meetings", $$"""{"state": "planned", "partners": ["HR"], "kind": "talks", "date": "2025-05-07", "partOf": "{{visit}}"}""")).Reference;
        await Refused($"/api/meetings/{planned}/holding", $$"""{"partOf": "{{planned}}"}""", 400, "part-of-itself", "/partOf");
        await Refused($"/api/meetings/{planned}/validation", "{}", 409, "meeting-not-held");
    }

    [Fact]
    public async Task One_statement_and_several_are_not_given_together_and_each_has_its_home_organisation()
    {
        var ministry = (await host.Http.Record("/api/organisations", """{"names": {"en": "A ministry"}}""")).Reference;
        var meeting = await New("/api/meetings", """{"partners": ["BG"], "kind": "talks", "date": "2025-05-05"}""");
        await Refused($"{meeting}/statements", """{"text": "left over", "statements": [{"force": "discussed", "speaker": "joint"}]}""", 400, "one-or-several", "/text");
        await Records($"{meeting}/statements", $$"""{"statements": [{"force": "agreed-action", "speaker": "joint", "text": "a list", "homeOrganisation": "{{ministry}}"}]}""", "meeting_statement_recorded", "action_agreed");
        await Records($"{meeting}/statements", $$"""{"force": "intent", "speaker": "joint", "homeOrganisation": "{{ministry}}"}""", "meeting_statement_recorded");
        Text(await Read("/api/actions/BG-ACT-0001"), "homeOrganisation").ShouldBe(ministry);
        ((await Status("BG")), await Status("BG", "home=service")).ShouldBe(("committed", "contact"));
        await Refused($"{meeting}/statements", """{"statements": [{"force": "discussed", "speaker": "joint", "homeOrganisation": "ORG-9999"}]}""", 400, "unknown-reference", "/statements/0/homeOrganisation");
    }

    [Fact]
    public async Task Who_may_not_verify_may_not_do_it_by_a_follow_up()
    {
        await New("/api/actions", """{"partner": "HU", "what": "a list", "owedBy": "both"}""");
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        (await recorder.Command("/api/actions/HU-ACT-0001/follow-ups", """{"note": "done", "state": "verified"}""")).ShouldBeProblem(403, "forbidden");
        await Records("/api/actions/HU-ACT-0001/follow-ups", """{"on": "2026-01-05", "note": "done", "state": "verified"}""", "action_follow_up_recorded", "action_verified");
        await Refused("/api/actions/HU-ACT-0001/supersession", """{"by": "HU-ACT-0001"}""", 400, "itself", "/by");
    }

    [Fact]
    public async Task A_command_without_a_date_of_its_own_may_name_its_day()
    {
        var action = await New("/api/actions", """{"partner": "PL", "what": "a list", "owedBy": "both"}""");
        foreach (var (path, body) in new[] { ("assignment", """{"owner": "u-7", "on": "2025-11"}"""), ("due-date", """{"due": "2026-06", "on": "2025-11"}"""), ("review-date", """{"reviewOn": "2026-03-01", "on": "2025-11"}""") })
            Text(await Read($"/api/audit/events/{(await host.Http.Record($"{action}/{path}", body)).Position}"), "effective").ShouldBe("2025-11", path);
    }
}
