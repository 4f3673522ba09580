using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Every command of the interface: what it records, that saying it again records nothing where it sets a state, and what it is refused for.</summary>
public sealed class CommandTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Held = """{"partners": ["%"], "kind": "talks", "date": "2025-05-05", "home": [{"description": "delegation"}]}""";

    /// <summary>The address of a new record.</summary>
    async Task<string> New(string path, string json) => (await host.Http.Record(path, json)).Headers.Location!.OriginalString;

    Task<string> NewMeeting(string partner) => New("/api/meetings", Held.Replace("%", partner, StringComparison.Ordinal));
    Task<string> NewAction(string partner) => New("/api/actions", $$"""{"partner": "{{partner}}", "what": "a list", "owedBy": "both"}""");
    Task<string> NewInstrument(string partner) => New("/api/instruments", $$"""{"partners": ["{{partner}}"], "kind": "mou", "title": "a memorandum"}""");

    async Task Records(string path, string json, params string[] events) => (await host.For(path, json).Record(path, json)).Events.ShouldBe(events, $"{path} {json}");

    /// <summary>What sets a state records it once; the same again changes nothing and is answered without events.</summary>
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

    [Fact]
    public async Task A_partnership_is_opened_annotated_and_given_a_rhythm_and_people_to_call()
    {
        await RecordsOnce("/api/partnerships", """{"partner": "FR", "note": "neighbours"}""", "partnership_opened");
        await Records("/api/partnerships/FR/notes", """{"note": "a call", "on": "2025-12"}""", "partnership_note_added");
        await Refused("/api/partnerships/FR/notes", """{"note": " "}""", 400, "required", "/note");
        await RecordsOnce("/api/partnerships/FR/review-period", """{"months": 6}""", "partnership_review_period_set");
        var person = (await host.Http.Record("/api/people", """{"name": "Somebody"}""")).Reference;
        await Records("/api/partnerships/FR/focal-points", $$"""{"side": "partner", "person": "{{person}}", "office": {"title": "Head of liaison"}, "on": "2026-01-01"}""", "partnership_focal_point_assigned");
        await Refused("/api/partnerships/FR/focal-points", """{"side": "partner", "person": "PER-9999"}""", 400, "unknown-reference", "/person");
        (await Status("FR")).ShouldBe("no-record");
    }

    [Fact]
    public async Task A_partnership_is_suspended_by_one_side_and_stays_so_until_that_side_resumes()
    {
        await NewMeeting("BR");
        await RecordsOnce("/api/partnerships/BR/suspension", """{"by": "BR", "on": "2025-06-01"}""", "partnership_suspended");
        await Records("/api/partnerships/BR/suspension", """{"by": "home", "on": "2025-06-02", "onAsGiven": "the next day"}""", "partnership_suspended");
        (await Status("BR", "asOf=2025-05-31")).ShouldBe("contact");
        (await Status("BR", "asOf=2025-06-01")).ShouldBe("suspended");
        await Records("/api/partnerships/BR/resumption", """{"by": "BR", "on": "2025-07-01"}""", "partnership_resumed");
        (await Status("BR", "asOf=2025-07-02")).ShouldBe("suspended", "the home side has not resumed");
        await RecordsOnce("/api/partnerships/BR/resumption", """{"by": "home", "on": "2025-08-01"}""", "partnership_resumed");
        (await Status("BR", "asOf=2025-08-01")).ShouldBe("contact");
        await Records("/api/partnerships/BR/suspension", """{"by": "home", "on": "2025-09-01", "part": "training"}""", "partnership_suspended");
        (await Status("BR", "asOf=2025-09-02")).ShouldBe("contact", "a part is not the whole");
    }

    [Fact]
    public async Task A_closed_partnership_keeps_its_status_and_says_so_until_it_is_reopened()
    {
        await NewMeeting("CL");
        await RecordsOnce("/api/partnerships/CL/closure", """{"on": "2025-10-01"}""", "partnership_closed");
        var closed = await Read("/api/partnerships/CL");
        (closed.GetProperty("status").GetString(), closed.GetProperty("closed").GetBoolean()).ShouldBe(("contact", true));
        await RecordsOnce("/api/partnerships/CL/reopening", """{"on": "2025-11-01"}""", "partnership_reopened");
        (await Read("/api/partnerships/CL")).TryGetProperty("closed", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_statement_made_outside_any_meeting_opens_what_it_agrees_on()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "AR"}""");
        await Records("/api/partnerships/AR/statements", """{"force": "intent", "speaker": "AR", "topics": ["CT"], "text": "will", "on": "2025-05-01"}""", "partnership_statement_recorded");
        (await Status("AR")).ShouldBe("intent");
        await Records("/api/partnerships/AR/statements", """{"force": "planned-instrument", "speaker": "AR", "on": "2025-05-02", "instrument": {"title": "a memorandum", "kind": "mou", "expected": "", "expectedAsGiven": "soon"}}""",
            "partnership_statement_recorded", "instrument_opened", "instrument_act_recorded");
        (await Read("/api/instruments/AR-INS-0001")).GetProperty("acts")[0].GetProperty("what").GetProperty("kind").GetString().ShouldBe("proposed");
        await Records("/api/partnerships/AR/reclassifications", """{"number": 1, "force": "discussed", "reason": "a second reading"}""", "partnership_statement_reclassified");
        (await Status("AR")).ShouldNotBe("intent");
        await Refused("/api/partnerships/AR/statements", """{"force": "intent", "speaker": "PE", "on": "2025"}""", 400, "unknown-speaker", "/speaker");
        await Refused("/api/partnerships/AR/statements", """{"force": "intent", "speaker": "AR"}""", 400, "required", "/on");
    }

    [Fact]
    public async Task A_meeting_is_planned_postponed_held_and_validated()
    {
        var meeting = await New("/api/meetings", """{"state": "planned", "partners": ["MX"], "kind": "visit", "date": "2025-06", "place": "Rabat", "partnerSide": [{"office": {"title": "Minister"}}]}""");
        (await Status("MX")).ShouldBe("no-record");
        await Refused($"{meeting}/statements", """{"force": "discussed", "speaker": "joint"}""", 409, "meeting-not-held");
        await RecordsOnce($"{meeting}/postponement", """{"date": "2025-07", "dateAsGiven": "in July"}""", "meeting_postponed");
        await RecordsOnce($"{meeting}/postponement", """{"date": ""}""", "meeting_postponed");
        await RecordsOnce($"{meeting}/holding", """{"date": "2025-07-14"}""", "meeting_held");
        var held = await Read(meeting);
        (held.GetProperty("state").GetString(), held.GetProperty("place").GetString(), held.GetProperty("date").GetString()).ShouldBe(("held", "Rabat", "2025-07-14"));
        await Records($"{meeting}/statements", """{"force": "intent", "speaker": "joint", "text": "go on"}""", "meeting_statement_recorded");
        await Records($"{meeting}/statements", """{"statements": [{"force": "discussed", "speaker": "MX"}, {"force": "agreed-action", "speaker": "MX", "text": "send experts"}]}""",
            "meeting_statement_recorded", "meeting_statement_recorded", "action_agreed");
        (await Read("/api/actions/MX-ACT-0001")).GetProperty("owedBy").GetString().ShouldBe("partner");
        var person = (await host.Http.Record("/api/people", """{"name": "A minister"}""")).Reference;
        await RecordsOnce($"{meeting}/participants", $$"""{"side": "partner", "index": 0, "person": "{{person}}"}""", "meeting_participant_identified");
        (await Read(meeting)).GetProperty("partnerSide")[0].GetProperty("person").GetString().ShouldBe(person);
        var another = (await host.Http.Record("/api/people", """{"name": "Another"}""")).Reference;
        await Refused($"{meeting}/participants", $$"""{"side": "partner", "index": 0, "person": "{{another}}"}""", 409, "participant-identified");
        await RecordsOnce($"{meeting}/reclassifications", """{"number": 1, "force": "discussed", "reason": "the Arabic text says less"}""", "meeting_statement_reclassified");
        await RecordsOnce($"{meeting}/validation", "{}", "meeting_validated");
        await Refused($"{meeting}/cancellation", "{}", 409, "meeting-held");
    }

    [Fact]
    public async Task A_cancelled_meeting_is_neither_held_nor_postponed()
    {
        var meeting = await New("/api/meetings", """{"state": "planned", "partners": ["PE"], "kind": "visit", "date": "2026-06"}""");
        await RecordsOnce($"{meeting}/cancellation", """{"on": "2026-01-15", "by": "home"}""", "meeting_cancelled");
        await Refused($"{meeting}/holding", "{}", 409, "meeting-cancelled");
        await Refused($"{meeting}/postponement", """{"date": ""}""", 409, "meeting-cancelled");
    }

    [Fact]
    public async Task A_meeting_of_several_partners_opens_their_partnerships_and_an_action_for_each()
    {
        var made = await host.Http.Record("/api/meetings", """
            {"partners": ["DZ", "TN", "INTERPOL"], "kind": "conference", "date": "2025-11-24", "partnerSide": [{"description": "experts", "partner": "TN"}],
             "statements": [{"force": "agreed-action", "speaker": "joint", "text": "share notices"}, {"force": "agreed-action", "speaker": "TN", "text": "send a list"},
                            {"force": "planned-instrument", "speaker": "joint", "text": "a regional protocol"}]}
            """);
        made.Reference.ShouldBe("MUL-MTG-0001");
        made.Events.Order().ShouldBe(((string[])["meeting_held", "meeting_statement_recorded", "meeting_statement_recorded", "meeting_statement_recorded", "action_agreed", "action_agreed", "action_agreed", "action_agreed",
            "instrument_opened", "instrument_act_recorded", "partnership_opened", "partnership_opened", "partnership_opened"]).Order());
        (await host.Http.Read("/api/actions?partner=TN")).Items.Select(a => a.GetProperty("reference").GetString()).ShouldBe(["TN-ACT-0001", "TN-ACT-0002"]);
        (await host.Http.Read("/api/actions?partner=DZ")).Items.Count.ShouldBe(1);
        (await host.Http.Read("/api/instruments?partner=INTERPOL")).Items.Select(i => i.GetProperty("reference").GetString()).ShouldBe(["MUL-INS-0001"]);
        foreach (var partner in (string[])["DZ", "TN", "INTERPOL"]) (await Status(partner)).ShouldBe("committed");
    }

    [Fact]
    public async Task A_meeting_that_is_only_part_of_a_visit_names_it_and_the_occasion_it_spoke_of()
    {
        var visit = await NewMeeting("JO");
        var occasion = (await host.Http.Record("/api/occasions", """{"what": "an assembly", "date": "2025-11", "dateAsGiven": "in November", "place": "Marrakech"}""")).Reference;
        var talks = await New("/api/meetings", $$"""{"partners": ["JO"], "kind": "talks", "date": "2025-05-05", "partOf": "JO-MTG-0001", "occasions": ["{{occasion}}"], "home": [{"office": {"title": "Director", "organisation": "a plain name"} }]}""");
        var read = await Read(talks);
        read.GetProperty("partOf").GetString().ShouldBe(visit.Split('/')[^1]);
        read.GetProperty("occasions")[0].GetString().ShouldBe(occasion);
    }

    [Fact]
    public async Task An_action_goes_through_its_states_and_every_follow_up_is_kept()
    {
        var action = await NewAction("SN");
        (await Read(action)).GetProperty("reviewDays")[0].GetString().ShouldBe("[..2026-08-01]", "undated: looked at again six months on, at the latest");
        await RecordsOnce($"{action}/assignment", """{"owner": "desk-3"}""", "action_assigned");
        await RecordsOnce($"{action}/due-date", """{"due": "2026-01-15", "dueAsGiven": "mid-January"}""", "action_due_date_set");
        (await host.Http.Read("/api/actions?partner=SN&overdue=true")).Items.Single().GetProperty("overdue").GetString().ShouldBe("certain");
        await RecordsOnce($"{action}/review-date", """{"reviewOn": "2026-03-01"}""", "action_review_date_set");
        await Records($"{action}/follow-ups", """{"on": "2026-01-05", "note": "waiting for a name", "state": "blocked", "nextReview": "2026-02-15"}""", "action_follow_up_recorded", "action_blocked");
        await Records($"{action}/follow-ups", """{"on": "2026-01-06", "note": "still blocked", "state": "blocked"}""", "action_follow_up_recorded");
        await Records($"{action}/follow-ups", """{"on": "2026-01-07", "note": "came", "state": "agreed"}""", "action_follow_up_recorded", "action_unblocked");
        await Records($"{action}/follow-ups", """{"on": "2026-01-08", "note": "sent", "state": "reported-done"}""", "action_follow_up_recorded", "action_reported_done");
        await RecordsOnce($"{action}/verification", """{"on": "2026-01-09"}""", "action_verified");
        await Refused($"{action}/follow-ups", """{"on": "2026-01-20", "note": "more"}""", 409, "action-closed");
        await Refused($"{action}/drop", """{"on": "2026-01-20"}""", 409, "state-not-reachable");
        await RecordsOnce($"{action}/reopening", """{"on": "2026-01-21"}""", "action_reopened");
        await RecordsOnce($"{action}/drop", """{"on": "2026-01-22"}""", "action_dropped");
        var read = await Read(action);
        (read.GetProperty("state").GetString(), read.GetProperty("followUps").GetArrayLength(), read.GetProperty("reviewOn").GetString()).ShouldBe(("dropped", 4, "2026-02-15"));
    }

    [Fact]
    public async Task A_superseded_action_names_the_one_in_its_place()
    {
        var (old, now) = (await NewAction("ML"), await NewAction("ML"));
        await RecordsOnce($"{old}/supersession", $$"""{"by": "{{now.Split('/')[^1]}}", "on": "2026-01-10"}""", "action_superseded");
        (await Read(old)).GetProperty("supersededBy").GetString().ShouldBe("ML-ACT-0002");
        await Refused($"{now}/supersession", """{"by": "ML-ACT-0099"}""", 400, "unknown-reference", "/by");
    }

    [Fact]
    public async Task A_standing_action_is_never_due_and_never_done()
    {
        var action = await New("/api/actions", """{"partner": "NE", "what": "answer requests", "owedBy": "home", "standing": "within two days"}""");
        await Refused($"{action}/due-date", """{"due": "2026-03"}""", 409, "standing-never-due");
        await Refused($"{action}/verification", """{"on": "2026-01-02"}""", 409, "standing-never-done");
    }

    [Fact]
    public async Task Several_follow_ups_are_recorded_together_or_not_at_all()
    {
        await NewAction("GN");
        await NewAction("GN");
        var meeting = (await NewMeeting("GN")).Split('/')[^1];
        await Records("/api/follow-ups", $$"""{"followUps": [{"action": "GN-ACT-0001", "on": "2026-01-05", "note": "a", "meeting": "{{meeting}}" }, {"action": "GN-ACT-0002", "on": "2026-01-05", "note": "b", "state": "reported-done"}]}""",
            "action_follow_up_recorded", "action_follow_up_recorded", "action_reported_done");
        await Refused("/api/follow-ups", """{"followUps": [{"action": "GN-ACT-0001", "note": "c"}, {"action": "GN-ACT-0099", "note": "d"}]}""", 400, "unknown-reference", "/followUps/1/action");
        await Refused("/api/follow-ups", """{"followUps": [{"action": "GN-ACT-0001", "note": "c"}, {"action": "GN-ACT-0002", "note": " "}]}""", 400, "required", "/followUps/1/note");
    }

    [Fact]
    public async Task What_a_follow_up_among_several_says_of_itself_stands_in_its_own_header()
    {
        await NewAction("CG");
        var source = (await host.Http.Record("/api/sources", """{"title": "a cable"}""")).Reference;
        var recorded = await host.Http.Record("/api/follow-ups", $$"""{"followUps": [{"action": "CG-ACT-0001", "note": "a", "marking": "secret", "credibility": 2, "source": {"document": "{{source}}", "paragraph": 4 }, "reason": "told in confidence"}]}""");
        var stored = await Read($"/api/audit/events/{recorded.Position}");
        (stored.GetProperty("marking").GetString(), stored.GetProperty("credibility").GetInt32(), stored.GetProperty("reason").GetString()).ShouldBe(("secret", 2, "told in confidence"));
        stored.GetProperty("source")[0].GetProperty("paragraph").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task An_instrument_comes_into_force_is_suspended_resumed_and_ended()
    {
        var mou = await New("/api/instruments", """{"partners": ["QA"], "kind": "mou", "title": "a memorandum", "binding": "binding", "topics": ["CT"], "acts": [{"kind": "planned", "on": "2025-01-10", "expected": "2025-02"}]}""");
        (await Status("QA", "asOf=2025-01-15")).ShouldBe("committed");
        await RecordsOnce($"{mou}/acts", """{"kind": "signed", "on": "2025-02-01", "party": "home"}""", "instrument_act_recorded");
        (await Status("QA", "asOf=2025-02-02")).ShouldBe("committed", "only one party has signed");
        await Records($"{mou}/acts", """{"kind": "signed", "on": "2025-02-03", "party": "QA"}""", "instrument_act_recorded");
        (await Status("QA", "asOf=2025-02-03")).ShouldBe("signed");
        await Records($"{mou}/acts", """{"kind": "entered-into-force", "on": "2025-03-01"}""", "instrument_act_recorded");
        (await Status("QA", "asOf=2025-03-01")).ShouldBe("framework-active");
        await Records($"{mou}/acts", """{"kind": "suspended", "on": "2025-04-01", "party": "QA", "until": "2025-04-30"}""", "instrument_act_recorded");
        (await Status("QA", "asOf=2025-04-15")).ShouldBe("suspended");
        (await Status("QA", "asOf=2025-05-01")).ShouldBe("framework-active", "the suspension's time has passed");
        await Records($"{mou}/acts", """{"kind": "terminated", "on": "2025-12-31"}""", "instrument_act_recorded");
        (await Status("QA", "asOf=2025-12-31")).ShouldBe("lapsed");
        await Refused($"{mou}/acts", """{"kind": "signed", "on": "2026-01-05"}""", 409, "act-contradicts");
        await RecordsOnce($"{mou}/review-date", """{"reviewOn": "2026-06-01"}""", "instrument_review_date_set");
        await RecordsOnce($"{mou}/texts", $$"""{"sha256": "{{new string('a', 64)}}", "language": "ar"}""", "instrument_text_attached");
    }

    [Fact]
    public async Task One_act_is_recorded_on_several_instruments_or_on_none()
    {
        await NewInstrument("SA");
        await NewInstrument("SA");
        await Records("/api/instruments/acts", """{"instruments": ["SA-INS-0001", "SA-INS-0002"], "kind": "signed", "on": "2025-06-01"}""", "instrument_act_recorded", "instrument_act_recorded");
        (await Status("SA")).ShouldBe("signed");
        await NewInstrument("SA");
        await Refused("/api/instruments/acts", """{"instruments": ["SA-INS-0003", "SA-INS-0001"], "kind": "signed", "on": "2025-07-01"}""", 409, "act-contradicts");
        await Refused("/api/instruments/acts", """{"instruments": ["SA-INS-0003", "SA-INS-0003"], "kind": "signed", "on": "2025-07-01"}""", 400, "doubled", "/instruments/1");
    }

    [Fact]
    public async Task Instruments_name_each_other()
    {
        var old = await New("/api/instruments", """{"partners": ["AE"], "kind": "mou", "title": "the old", "binding": "non-binding", "acts": [{"kind": "signed", "on": "2020-01-01"}]}""");
        (await Status("AE")).ShouldBe("framework-active");
        await New("/api/instruments", """{"partners": ["AE"], "kind": "mou", "title": "the new", "links": [{"kind": "replaces", "instrument": "AE-INS-0001"}]}""");
        (await Read("/api/instruments/AE-INS-0002")).GetProperty("links")[0].GetProperty("instrument").GetString().ShouldBe("AE-INS-0001");
        await RecordsOnce($"{old}/links", """{"kind": "amended-by", "instrument": "AE-INS-0002", "on": "2024-01-01"}""", "instrument_amended_by");
        await RecordsOnce($"{old}/links", """{"kind": "superseded-by", "instrument": "AE-INS-0002", "on": "2025-01-01"}""", "instrument_superseded_by");
        (await Status("AE")).ShouldNotBe("framework-active");
        await Refused($"{old}/links", """{"kind": "superseded-by", "instrument": "AE-INS-0099"}""", 400, "unknown-reference", "/instrument");
    }

    [Fact]
    public async Task Sources_organisations_and_occasions_grow()
    {
        var source = await New("/api/sources", """{"title": "a report", "publisher": "an agency", "language": "fr", "published": "2026-01", "url": "https://example.org/a", "reliability": "B"}""");
        await RecordsOnce($"{source}/digests", $$"""{"sha256": "{{new string('b', 64)}}", "note": "as fetched"}""", "source_digest_recorded");
        await Records($"{source}/notes", """{"note": "doubtful"}""", "source_note_added");
        var organisation = await New("/api/organisations", """{"names": {"fr": "Une direction", "ar": "مديرية"}, "acronyms": {"fr": "UD"}, "country": "MA"}""");
        await RecordsOnce($"{organisation}/names", """{"names": {"fr": "Une agence"}, "on": "2025-06"}""", "organisation_renamed");
        (await Read(organisation)).GetProperty("formerNames")[0].GetProperty("names").GetProperty("ar").GetString().ShouldBe("مديرية");
        var part = await New("/api/organisations", $$"""{"names": {"fr": "Un bureau"}, "partOf": "{{organisation.Split('/')[^1]}}"}""");
        (await Read(part)).GetProperty("partOf").GetString().ShouldBe(organisation.Split('/')[^1]);
        await Refused("/api/organisations", """{"names": {}}""", 400, "required", "/names");
        await Refused("/api/occasions", """{"what": "", "date": ""}""", 400, "required", "/what");
    }

    public static TheoryData<string, string, string, string, string> Kinds => new()
    {
        { "/api/meetings", """{"partners": ["KE"], "kind": "talks", "date": "2025", "place": "Rabat"}""", "place", "\"Nairobi\"", "meeting" },
        { "/api/actions", """{"partner": "KE", "what": "one thing", "owedBy": "both"}""", "what", "\"another\"", "action" },
        { "/api/instruments", """{"partners": ["KE"], "kind": "mou", "title": "one"}""", "title", "\"another\"", "instrument" },
        { "/api/people", """{"name": "Somebody", "country": "KE"}""", "country", "\"UG\"", "person" },
        { "/api/organisations", """{"names": {"en": "one"}}""", "names", """{"en": "another"}""", "organisation" },
        { "/api/sources", """{"title": "one"}""", "title", "\"another\"", "source" },
        { "/api/occasions", """{"what": "one", "date": "2025"}""", "what", "\"another\"", "occasion" },
        { "/api/partnerships", """{"partner": "UY", "note": "one"}""", "note", "\"another\"", "partnership" },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_kind_of_record_is_corrected_and_withdrawn_with_a_reason_and_shows_what_it_said(string path, string body, string field, string value, string kind)
    {
        var record = await New(path, body);
        await RecordsOnce($"{record}/corrections", $$"""{"fields": {"{{field}}": {{value}} }, "reason": "misread"}""", $"{kind}_corrected");
        if (kind != "partnership") (await Read(record)).GetProperty(field).GetRawText().ShouldBe(value.Replace(": ", ":", StringComparison.Ordinal));
        await Refused($"{record}/corrections", """{"fields": {"nothing": 1}, "reason": "x"}""", 400, "unknown-field", "/fields/nothing");
        await RecordsOnce($"{record}/withdrawal", """{"reason": "never was"}""", $"{kind}_withdrawn");
        await Refused($"{record}/corrections", $$"""{"fields": {"{{field}}": null}, "reason": "x"}""", 409, "withdrawn");
        var reference = record.Split('/')[^1];
        if (kind != "partnership") (await host.Http.Read(path)).Items.ShouldNotContain(i => i.GetProperty("reference").GetString() == reference);

        var history = (await Read($"/api/audit/records/{reference}")).GetProperty("events").EnumerateArray().ToList();
        history.Select(e => e.GetProperty("version").GetInt32()).ShouldBe([1, 2, 3]);
        var explained = history[1].GetProperty("explained")[0];
        (explained.GetProperty("field").GetString(), explained.GetProperty("is").GetRawText()).ShouldBe((field, value.Replace(": ", ":", StringComparison.Ordinal)));
        explained.GetProperty("was").GetRawText().ShouldNotBe(value);
        (history[1].GetProperty("reason").GetString(), history[2].GetProperty("reason").GetString()).ShouldBe(("misread", "never was"));
        history[1].GetProperty("corrects").GetString().ShouldBe(history[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task One_statement_follow_up_act_note_and_office_can_be_corrected_and_withdrawn()
    {
        var meeting = await host.Http.Record("/api/meetings", """{"partners": ["ZA"], "kind": "talks", "date": "2025", "statements": [{"force": "intent", "speaker": "joint", "text": "one"}]}""");
        await ItemChanges($"/api/meetings/{meeting.Reference}", Event(meeting, "meeting_statement_recorded"), "text", "meeting");
        var action = await NewAction("ZA");
        await ItemChanges(action, Event(await host.Http.Record($"{action}/follow-ups", """{"on": "2026-01-05", "note": "one"}"""), "action_follow_up_recorded"), "note", "action");
        var instrument = await NewInstrument("ZA");
        await ItemChanges(instrument, Event(await host.Http.Record($"{instrument}/acts", """{"kind": "signed", "on": "2025", "note": "one"}"""), "instrument_act_recorded"), "note", "instrument");
        await ItemChanges("/api/partnerships/ZA", Event(await host.Http.Record("/api/partnerships/ZA/notes", """{"note": "one"}"""), "partnership_note_added"), "note", "partnership");
        var person = await New("/api/people", """{"name": "Somebody"}""");
        await ItemChanges(person, Event(await host.Http.Record($"{person}/offices", """{"title": "one"}"""), "person_office_recorded"), "title", "person");
    }

    async Task ItemChanges(string record, string id, string field, string kind)
    {
        await RecordsOnce($"{record}/corrections", $$"""{"of": "{{id}}", "fields": {"{{field}}": "two"}, "reason": "misread"}""", $"{kind}_corrected");
        await RecordsOnce($"{record}/withdrawal", $$"""{"of": "{{id}}", "reason": "never was"}""", $"{kind}_withdrawn");
        await Refused($"{record}/withdrawal", $$"""{"of": "{{Guid.NewGuid()}}", "reason": "x"}""", 400, "no-such-item", "/of");
    }

    static string Event(Answer answer, string type) =>
        answer.Json.GetProperty("events").EnumerateArray().First(e => e.GetProperty("type").GetString() == type).GetProperty("id").GetString()!;

    [Fact]
    public async Task A_meeting_moved_to_another_partner_and_back_is_known_alike_now_and_at_that_position()
    {
        var meeting = await NewMeeting("OM");
        await host.Http.Record("/api/partnerships", """{"partner": "YE"}""");
        var moved = await host.Http.Record($"{meeting}/corrections", """{"fields": {"partners": ["YE"]}, "reason": "misread"}""");
        (await Status("OM")).ShouldBe("no-record");
        (await Status("YE")).ShouldBe("contact");
        await host.Http.Record($"{meeting}/statements", """{"force": "intent", "speaker": "joint"}""");
        var back = await host.Http.Record($"{meeting}/corrections", """{"fields": {"partners": ["OM"]}, "reason": "it was right"}""");
        foreach (var at in (string[])["", $"knownAt=@{back.Position}"])
        {
            (await Status("OM", at)).ShouldBe("intent");
            (await Status("YE", at)).ShouldBe("no-record");
        }
        (await Status("OM", $"knownAt=@{moved.Position}")).ShouldBe("no-record");
        (await Status("YE", $"knownAt=@{moved.Position}")).ShouldBe("contact");
    }

    [Fact]
    public async Task What_a_command_says_of_itself_stands_in_every_events_header()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "a report"}""")).Reference;
        var made = await host.Http.Record("/api/meetings", $$"""
            {"partners": ["GH"], "kind": "talks", "date": "2025-04~", "reason": "told so", "onBehalfOf": "desk-2", "credibility": 3, "marking": "confidential", "source": {"document": "{{source}}", "paragraph": 2, "sentence": 1},
             "statements": [{"force": "discussed", "speaker": "joint", "credibility": 5, "marking": "secret", "source": [{"document": "{{source}}", "paragraph": 7}]}]}
            """);
        var events = made.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("position").GetInt64()).ToList();
        var (meeting, statement) = (await Read($"/api/audit/events/{events[0]}"), await Read($"/api/audit/events/{events[1]}"));
        (meeting.GetProperty("effective").GetString(), meeting.GetProperty("actor").GetString(), meeting.GetProperty("onBehalfOf").GetString(), meeting.GetProperty("reason").GetString()).ShouldBe(("2025-04~", "steward", "desk-2", "told so"));
        (meeting.GetProperty("credibility").GetInt32(), meeting.GetProperty("marking").GetString()).ShouldBe((3, "confidential"));
        (statement.GetProperty("credibility").GetInt32(), statement.GetProperty("marking").GetString()).ShouldBe((5, "secret"));
        (meeting.GetProperty("source")[0].GetProperty("paragraph").GetInt32(), statement.GetProperty("source")[0].GetProperty("paragraph").GetInt32()).ShouldBe((2, 7));
        meeting.GetProperty("commandId").GetString().ShouldBe(statement.GetProperty("commandId").GetString());
    }
}
