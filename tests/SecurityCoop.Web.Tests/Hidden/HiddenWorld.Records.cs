namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>What is recorded before the tests begin.</summary>
public sealed partial class HiddenWorld
{
    async Task RecordOpen()
    {
        await Seen("/api/sources", """{"title": "Open paper", "marking": "open"}""");
        await Seen("/api/occasions", """{"what": "Open fair", "date": "2030", "marking": "open"}""");
        await Seen("/api/organisations", """{"names": {"en": "Open Police"}, "marking": "open"}""");
        await Seen("/api/people", """{"name": "Openname Body", "marking": "open"}""");
        await Seen("/api/meetings", """
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-01", "marking": "open",
             "statements": [{"force": "discussed", "speaker": "joint", "text": "plain"}]}
            """);
        await Seen("/api/actions", """
            {"partner": "EE", "what": "plain deed", "owedBy": "home", "on": "2025-10-01", "due": "2026-03-01", "meeting": "EE-MTG-0001",
             "marking": "open"}
            """);
        await Seen("/api/instruments", """
            {"partners": ["EE"], "kind": "agreement", "title": "plain text", "binding": "binding", "marking": "open",
             "acts": [{"kind": "signed", "on": "2025-11-01"}]}
            """);
    }

    async Task RecordHidden()
    {
        string Secret(string fields) => $$"""{"marking": "secret", "reason": "{{Word}} why", {{fields}}}""";
        var source = await Kept("/api/sources", Secret($"\"title\": \"{Word} paper\""));
        var occasion = await Kept("/api/occasions", Secret($"\"what\": \"{Word} fair\", \"date\": \"2031\""));
        var organisation = await Kept("/api/organisations", Secret($$"""
            "names": {"en": "{{Word}} Police"}
            """));
        var person = await Kept("/api/people", Secret($"\"name\": \"{Word} Body\""));
        var meeting = await Kept("/api/meetings", Secret($$"""
            "partners": ["{{Partner}}"], "kind": "visit", "date": "2025-12-05", "place": "{{Word}} town", "occasions": ["{{occasion}}"],
            "source": {"document": "{{source}}", "paragraph": 1},
            "statements": [{"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{Word}} said"}]
            """));
        var action = await Kept("/api/actions", Secret($$"""
            "partner": "{{Partner}}", "what": "{{Word}} deed", "owedBy": "home", "owner": "zq-owner", "on": "2025-12-05",
            "due": "2026-01-01", "meeting": "{{meeting}}"
            """));
        await Kept($"/api/actions/{action}/follow-ups", $$"""{"note": "{{Word}} followed", "on": "2026-01-10"}""");
        // Said to be open, of a record that is not.
        await Kept($"/api/actions/{action}/follow-ups", $$"""{"note": "{{Word}} let out", "on": "2026-01-11", "marking": "open"}""");
        var instrument = await Kept("/api/instruments", Secret($$"""
            "partners": ["{{Partner}}"], "kind": "mou", "title": "{{Word}} pact", "binding": "non-binding",
            "acts": [{"kind": "signed", "on": "2025-12-06"}]
            """));
        await Kept($"/api/instruments/{instrument}/acts", $$"""{"kind": "terminated", "on": "2026-01-06", "party": "{{Partner}}"}""");
        await Kept($"/api/partnerships/{Partner}/notes", $$"""{"note": "{{Word}} noted", "marking": "secret"}""");
        Names.Add(("partnership", Partner, NoPartner));
        Named = (source, occasion, organisation, person, meeting, action, instrument);
    }

    /// <summary>References of one hidden record of each kind.</summary>
    public (string Source, string Occasion, string Organisation, string Person, string Meeting, string Action, string Instrument) Named
    {
        get;
        private set;
    }

    // Open records that name hidden ones, by whoever may see both.
    async Task Tie()
    {
        var n = Named;
        await Seen("/api/organisations", $$"""{"names": {"en": "Open part"}, "partOf": "{{n.Organisation}}", "marking": "open"}""");
        await Seen("/api/people", """{"name": "Second Openname", "marking": "open"}""");
        await Http.Record("/api/people/PER-0003/offices", $$"""
            {"title": "Head", "organisation": "{{n.Organisation}}", "marking": "open"}
            """);
        await Seen("/api/meetings", $$"""
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-02", "marking": "open", "partOf": "{{n.Meeting}}",
             "occasions": ["{{n.Occasion}}"], "homeOrganisation": "{{n.Organisation}}",
             "source": {"document": "{{n.Source}}", "paragraph": 1},
             "partnerSide": [{"person": "{{n.Person}}"}], "statements": [
                {"force": "discussed", "speaker": "joint", "text": "plain", "source": {"document": "{{n.Source}}", "paragraph": 2} }]}
            """);
        await Seen("/api/actions", $$"""
            {"partner": "EE", "what": "tied deed", "owedBy": "home", "on": "2025-12-20", "due": "2026-01-15", "meeting": "{{n.Meeting}}",
             "source": {"document": "{{n.Source}}", "paragraph": 3}, "marking": "open"}
            """);
        await Http.Record("/api/actions/EE-ACT-0002/follow-ups", $$"""
            {"note": "plain", "on": "2026-01-16", "meeting": "{{n.Meeting}}", "marking": "open"}
            """);
        await Http.Record("/api/partnerships/EE/focal-points", $$"""
            {"side": "partner", "person": "{{n.Person}}", "on": "2026-01-01", "marking": "open"}
            """);
        await Seen("/api/instruments", """
            {"partners": ["EE"], "kind": "agreement", "title": "tied text", "binding": "binding", "marking": "open",
             "acts": [{"kind": "signed", "on": "2025-11-02"}]}
            """);
        await Http.Record("/api/instruments/EE-INS-0002/links", $$"""
            {"kind": "superseded-by", "instrument": "{{n.Instrument}}", "on": "2026-01-20", "marking": "open"}
            """);
        // A hidden person and a hidden organisation that turned out to be open ones, and an open person that turned out to be a hidden one.
        // The first was open until it was merged: a merge raises the survivor.
        var merged = await Kept("/api/people", $$"""{"name": "{{Word}} Merged", "marking": "open"}""");
        await Kept($"/api/people/{merged}/offices", $$"""{"title": "{{Word}} head", "from": "2024"}""");
        await Kept($"/api/people/{merged}/hold", $$"""{"legalBasis": "{{Word}} proceeding", "reason": "{{Word}} audit"}""");
        await Http.Record($"/api/people/{merged}/merges", $$"""{"into": "PER-0001", "reason": "The same."}""");
        await Kept($"/api/records/{merged}/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        await Seen("/api/people", """{"name": "Third Openname", "marking": "open"}""");
        await Http.Record("/api/meetings/EE-MTG-0001/corrections", """
            {"fields": {"partnerSide": [{"person": "PER-0005"}]}, "reason": "As printed.", "marking": "open"}
            """);
        await Http.Record("/api/people/PER-0005/merges", $$"""{"into": "{{n.Person}}", "reason": "The same.", "marking": "open"}""");
        Open["people"].Remove("PER-0005"); // As its survivor it is not there.
    }

    // Open until something secret was added: hidden since, with its early events.
    async Task Raise()
    {
        var meeting = await Kept("/api/meetings", $$"""
            {"partners": ["{{Partner}}"], "kind": "talks", "date": "2025-09-01", "place": "{{Word}} place", "marking": "open"}
            """);
        await Kept($"/api/meetings/{meeting}/statements", $$"""
            {"force": "discussed", "speaker": "joint", "text": "{{Word}} raised", "marking": "secret"}
            """);
        await Kept($"/api/records/{meeting}/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        // What an open statement opened, and was raised since: the statement's meeting stays open.
        var opened = await Http.Record("/api/meetings", """
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-03", "marking": "open", "statements": [
                {"force": "agreed-action", "speaker": "joint", "text": "plain task",
                 "action": {"what": "plain task", "owedBy": "partner"}}]}
            """);
        Add(Open, "meetings", opened.Reference!);
        await Kept("/api/actions/EE-ACT-0003/follow-ups", $$"""{"note": "{{Word}} raised", "marking": "secret"}""");
        await Kept("/api/records/EE-ACT-0003/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        var action = await OfOfficer.Read("/api/actions/EE-ACT-0003");
        Hide("action", "EE-ACT-0003", action.Json.GetProperty("id").GetString()!);
    }

    // Secret parts of records that stay open.
    async Task Part()
    {
        await Kept("/api/meetings/EE-MTG-0001/statements", $$"""
            {"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{Word}} aside", "marking": "secret"}
            """);
        await Kept("/api/partnerships/EE/notes", $$"""{"note": "{{Word}} aside", "marking": "secret"}""");
        await Kept("/api/actions/EE-ACT-0001/follow-ups", $$"""
            {"on": "2026-01-12", "note": "{{Word}} aside", "state": "blocked", "nextReview": "2026-08-08", "marking": "secret"}
            """);
    }

    // Records of every kind, and parts of open ones, that are marked open and are for a group.
    async Task ForGroup()
    {
        async Task<string> Given(string path, string fields) =>
            await Kept(path, $$"""{"marking": "open", "groups": ["{{Group}}"], "reason": "{{GroupWord}} why", {{fields}}}""", OfMember);
        await Given("/api/sources", $"\"title\": \"{GroupWord} paper\"");
        await Given("/api/occasions", $"\"what\": \"{GroupWord} fair\", \"date\": \"2032\"");
        await Given("/api/organisations", $$"""
            "names": {"en": "{{GroupWord}} Police"}
            """);
        await Given("/api/people", $"\"name\": \"{GroupWord} Body\"");
        var meeting = await Given("/api/meetings", $$"""
            "partners": ["{{GroupPartner}}"], "kind": "visit", "date": "2025-12-06", "place": "{{GroupWord}} town",
            "statements": [{"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{GroupWord}} said"}]
            """);
        var action = await Given("/api/actions", $$"""
            "partner": "{{GroupPartner}}", "what": "{{GroupWord}} deed", "owedBy": "home", "on": "2025-12-06", "due": "2026-01-02", "meeting": "{{meeting}}"
            """);
        await Given($"/api/actions/{action}/follow-ups", $"\"note\": \"{GroupWord} followed\", \"on\": \"2026-01-10\"");
        await Given("/api/instruments", $$"""
            "partners": ["{{GroupPartner}}"], "kind": "mou", "title": "{{GroupWord}} pact", "binding": "non-binding",
            "acts": [{"kind": "signed", "on": "2025-12-07"}]
            """);
        await Given($"/api/partnerships/{GroupPartner}/notes", $"\"note\": \"{GroupWord} noted\"");
        await Given("/api/meetings/EE-MTG-0001/statements", $$"""
            "force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{GroupWord}} aside"
            """);
        await Given("/api/partnerships/EE/notes", $"\"note\": \"{GroupWord} aside\"");
        await Given("/api/actions/EE-ACT-0001/follow-ups", $"\"on\": \"2026-01-13\", \"note\": \"{GroupWord} aside\"");
        Names.Add(("partnership", GroupPartner, NoPartner));
        OfGroup.Add(("partnership", GroupPartner, NoPartner));
        Forbidden.AddRange(ForbiddenOfGroup);
    }
}
