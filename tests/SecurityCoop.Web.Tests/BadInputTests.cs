using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What cannot be understood is refused by name of the field or rule, with nothing recorded.</summary>
public sealed class BadInputTests(SeededHost host) : IClassFixture<SeededHost>
{
    const string Meeting = """{"partners": ["DK"], "kind": "talks", "date": "2026-01-30", """;
    const string Act = "/api/instruments/DK-INS-0001/acts", FollowUp = "/api/actions/DK-ACT-0001/follow-ups";

    [Theory]
    // not JSON, or not an object
    [InlineData("/api/sources", """{"title": "x" """, "malformed-json", "")]
    [InlineData("/api/sources", """{"title": }""", "malformed-json", "")]
    [InlineData("/api/sources", "", "malformed-json", "")]
    [InlineData("/api/sources", "null", "required", "")]
    [InlineData("/api/sources", "[]", "invalid-value", "")]
    [InlineData("/api/sources", "\"x\"", "invalid-value", "")]
    [InlineData("/api/sources", """{"title": "x"} {}""", "malformed-json", "")]
    // fields that there are not
    [InlineData("/api/sources", """{"title": "x", "tilte": "y"}""", "unknown-field", "/tilte")]
    [InlineData("/api/sources", """{"Title": "x"}""", "unknown-field", "/Title")]
    [InlineData("/api/sources", """{"title": "x", "source": {"document": "SRC-0001", "page": 3}}""", "unknown-field", "/source/page")]
    [InlineData("/api/sources", """{"title": "x", "source": [{"document": "SRC-0001"}, {"document": "SRC-0001", "page": 3}]}""", "unknown-field", "/source/1/page")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "topic": "CT"}]}""", "unknown-field", "/statements/0/topic")]
    [InlineData("/api/meetings", Meeting + """ "home": [{"office": {"title": "x", "rank": "y"}}]}""", "unknown-field", "/home/0/office/rank")]
    // fields that are missing
    [InlineData("/api/sources", "{}", "required", "/title")]
    [InlineData("/api/sources", """{"title": " "}""", "required", "/title")]
    [InlineData("/api/meetings", """{"kind": "talks", "date": "2025"}""", "required", "/partners")]
    [InlineData("/api/meetings", """{"partners": ["DK"], "kind": "talks"}""", "required", "/date")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed"}]}""", "required", "/statements/0/speaker")]
    [InlineData("/api/sources", """{"title": "x", "source": {"paragraph": 1}}""", "required", "/source/document")]
    [InlineData("/api/follow-ups", """{"followUps": []}""", "required", "/followUps")]
    [InlineData("/api/instruments/acts", """{"instruments": [], "kind": "signed", "on": "2026"}""", "required", "/instruments")]
    [InlineData(FollowUp, """{"on": "2026-01-30"}""", "required", "/note")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"place": "Casablanca"}}""", "required", "/reason")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {}, "reason": "x"}""", "required", "/fields")]
    [InlineData("/api/meetings/DK-MTG-0001/withdrawal", "{}", "required", "/reason")]
    [InlineData("/api/meetings/DK-MTG-0001/reclassifications", """{"number": 1, "force": "intent"}""", "required", "/reason")]
    // a name that stands twice
    [InlineData("/api/sources", """{"title": "x", "title": "y"}""", "doubled", "/title")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "force": "intent", "speaker": "joint"}]}""", "doubled", "/statements/0/force")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"place": "a", "place": "b"}, "reason": "x"}""", "doubled", "/fields/place")]
    [InlineData("/api/organisations", """{"names": {"fr": "a", "\u0066r": "b"}}""", "doubled", "/names/fr")]
    // values of another kind
    [InlineData("/api/sources", """{"title": 5}""", "invalid-value", "/title")]
    [InlineData("/api/sources", """{"title": null}""", "invalid-value", "/title")]
    [InlineData("/api/sources", """{"title": "x", "credibility": "1"}""", "invalid-value", "/credibility")]
    [InlineData("/api/sources", """{"title": "x", "credibility": 1.5}""", "invalid-value", "/credibility")]
    [InlineData("/api/sources", """{"title": "x", "credibility": 99999999999999999999}""", "invalid-value", "/credibility")]
    [InlineData("/api/sources", """{"title": "x", "marking": "public"}""", "unknown-code", "/marking")]
    [InlineData("/api/sources", """{"title": "x", "marking": 1}""", "invalid-value", "/marking")]
    [InlineData("/api/sources", """{"title": "x", "reliability": "G"}""", "unknown-code", "/reliability")]
    [InlineData("/api/meetings", """{"partners": "DK", "kind": "talks", "date": ""}""", "invalid-value", "/partners")]
    [InlineData("/api/meetings", """{"partners": [null], "kind": "talks", "date": ""}""", "invalid-value", "/partners/0")]
    [InlineData("/api/meetings", Meeting + """ "home": [null]}""", "invalid-value", "/home/0")]
    [InlineData("/api/meetings", Meeting + """ "statements": [null]}""", "invalid-value", "/statements/0")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "topics": [null]}]}""", "invalid-value", "/statements/0/topics/0")]
    [InlineData("/api/meetings", Meeting + """ "source": [null]}""", "invalid-value", "/source/0")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "hinted", "speaker": "joint"}]}""", "unknown-code", "/statements/0/force")]
    [InlineData("/api/meetings", Meeting + """ "state": "perhaps"}""", "unknown-code", "/state")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "agreed", "speaker": "joint"}]}""", "unknown-code", "/statements/0/force")]
    [InlineData("/api/actions/DK-ACT-0001/follow-ups", """{"note": "x", "state": "in-progress"}""", "unknown-code", "/state")]
    [InlineData("/api/organisations", """{"names": {"fr": null}}""", "required", "/names")]
    [InlineData("/api/organisations", """{"names": {"french": "x"}}""", "not-a-language", "/names/french")]
    [InlineData("/api/follow-ups", """{"followUps": [null]}""", "invalid-value", "/followUps/0")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"place": 5}, "reason": "x"}""", "invalid-value", "/fields/place")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"partners": "DK"}, "reason": "x"}""", "invalid-value", "/fields/partners")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"kind": null}, "reason": "x"}""", "required", "/fields/kind")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"of": "x", "fields": {"kind": "talks"}, "reason": "x"}""", "invalid-value", "/of")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"palce": "x"}, "reason": "x"}""", "unknown-field", "/fields/palce")]
    // dates
    [InlineData("/api/meetings", """{"partners": ["DK"], "kind": "talks", "date": "2024-13"}""", "invalid-date", "/date")]
    [InlineData("/api/meetings", """{"partners": ["DK"], "kind": "talks", "date": "2023-02-29"}""", "invalid-date", "/date")]
    [InlineData("/api/meetings", """{"partners": ["DK"], "kind": "talks", "date": 2024}""", "invalid-value", "/date")]
    [InlineData(FollowUp, """{"on": "yesterday", "note": "x"}""", "invalid-date", "/on")]
    [InlineData(Act, """{"kind": "signed", "on": "2026-02-30"}""", "invalid-date", "/on")]
    [InlineData("/api/actions/DK-ACT-0001/review-date", """{"reviewOn": "2026-13-01"}""", "invalid-value", "/reviewOn")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"date": "2024-13"}, "reason": "x"}""", "invalid-date", "/fields/date")]
    // codes and references
    [InlineData("/api/partnerships", """{"partner": "ZZ"}""", "unknown-partner", "/partner")]
    [InlineData("/api/partnerships", """{"partner": "dk"}""", "unknown-partner", "/partner")]
    [InlineData("/api/instruments", """{"partners": ["DK"], "kind": "mou", "title": "x", "acts": [{"kind": "suspended", "on": "2026-01", "until": "9999-12-31"}]}""", "out-of-range", "/acts/0/until")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"home": [{"person": "PER-9999"}]}, "reason": "x"}""", "unknown-reference", "/fields/home/0/person")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"occasions": ["OCC-9999"]}, "reason": "x"}""", "unknown-reference", "/fields/occasions/0")]
    [InlineData("/api/instruments/DK-INS-0001/corrections", """{"fields": {"links": [{"kind": "amends", "instrument": "DK-INS-0099"}]}, "reason": "x"}""", "unknown-reference", "/fields/links/0/instrument")]
    [InlineData("/api/meetings", """{"partners": ["DK", "ZZ"], "kind": "talks", "date": ""}""", "unknown-partner", "/partners/1")]
    [InlineData("/api/meetings", """{"partners": ["DK", "DK"], "kind": "talks", "date": ""}""", "doubled", "/partners")]
    [InlineData("/api/meetings", """{"partners": [], "kind": "talks", "date": ""}""", "required", "/partners")]
    [InlineData("/api/meetings", """{"partners": ["DK"], "kind": "chat", "date": ""}""", "unknown-kind", "/kind")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "topics": ["CT", "XYZ"]}]}""", "unknown-topic", "/statements/0/topics/1")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "SE"}]}""", "unknown-speaker", "/statements/0/speaker")]
    [InlineData("/api/meetings", Meeting + """ "home": [{"person": "PER-9999"}]}""", "unknown-reference", "/home/0/person")]
    [InlineData("/api/meetings", Meeting + """ "home": [{"person": "SRC-0001"}]}""", "unknown-reference", "/home/0/person")]
    [InlineData("/api/meetings", Meeting + """ "home": [{}]}""", "participant-empty", "/home/0")]
    [InlineData("/api/meetings", Meeting + """ "occasions": ["OCC-9999"]}""", "unknown-reference", "/occasions/0")]
    [InlineData("/api/meetings", Meeting + """ "partOf": "DK-MTG-0099"}""", "unknown-reference", "/partOf")]
    [InlineData("/api/meetings", Meeting + """ "homeOrganisation": "ORG-9999"}""", "unknown-reference", "/homeOrganisation")]
    [InlineData("/api/meetings", Meeting + """ "source": {"document": "SRC-9999"}}""", "unknown-reference", "/source/0/document")]
    [InlineData("/api/meetings", Meeting + """ "source": {"document": "\u0000"}}""", "invalid-text", "/source/document")]
    [InlineData("/api/instruments", """{"partners": ["DK"], "kind": "poem", "title": "x"}""", "unknown-kind", "/kind")]
    [InlineData(Act, """{"kind": "signed", "on": "2026-02-01", "party": "SE"}""", "unknown-party", "/party")]
    [InlineData("/api/partnerships/DK/suspension", """{"by": "SE", "on": "2026-02-01"}""", "unknown-speaker", "/by")]
    [InlineData("/api/instruments/DK-INS-0001/links", """{"kind": "amended-by", "instrument": "DK-INS-0001"}""", "itself", "/instrument")]
    [InlineData("/api/follow-ups", """{"followUps": [{"action": "DK-ACT-0001", "note": "a"}, {"action": "DK-ACT-0001", "note": "b"}]}""", "doubled", "/followUps/1/action")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"partners": ["ZZ"]}, "reason": "x"}""", "unknown-partner", "/fields/partners/0")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"kind": "chat"}, "reason": "x"}""", "unknown-kind", "/fields/kind")]
    [InlineData("/api/actions/DK-ACT-0001/corrections", """{"fields": {"topics": ["XYZ"]}, "reason": "x"}""", "unknown-topic", "/fields/topics/0")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"homeOrganisation": "ORG-9999"}, "reason": "x"}""", "unknown-reference", "/fields/homeOrganisation")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"of": "01a208da-4385-7f43-a076-b10ee86fd227", "fields": {"text": "y"}, "reason": "x"}""", "no-such-item", "/of")]
    [InlineData("/api/partnerships/DK/corrections", """{"fields": {"partner": "SE"}, "reason": "x"}""", "identity-fixed", "/fields/partner")]
    // texts that cannot be kept
    [InlineData("/api/sources", """{"title": "a\u0000b"}""", "invalid-text", "/title")]
    [InlineData("/api/sources", """{"title": "a\ud800b"}""", "invalid-text", "/title")]
    [InlineData("/api/sources", """{"title": "x", "onBehalfOf": "\udc00"}""", "invalid-text", "/onBehalfOf")]
    [InlineData("/api/people", """{"name": "a\u0000b"}""", "invalid-text", "/name")]
    [InlineData("/api/meetings/DK-MTG-0001/corrections", """{"fields": {"place": "a\ud800b"}, "reason": "x"}""", "invalid-text", "/fields/place")]
    [InlineData("/api/organisations", """{"names": {"\ud800": "x"}}""", "invalid-text", "/names")]
    // a refinement's values of other types than their fields have
    [InlineData("/api/meetings/DK-MTG-0001/refinements", """{"fields": {"date": true}}""", "invalid-value", "/fields/date")]
    [InlineData("/api/meetings/DK-MTG-0001/refinements", """{"fields": {"date": "soon"}}""", "invalid-date", "/fields/date")]
    [InlineData("/api/meetings/DK-MTG-0001/refinements", """{"fields": {"partners": 7}}""", "invalid-value", "/fields/partners")]
    [InlineData("/api/actions/DK-ACT-0001/refinements", """{"fields": {"due": {"k": []}}}""", "invalid-value", "/fields/due")]
    // numbers
    [InlineData("/api/sources", """{"title": "x", "credibility": 0}""", "out-of-range", "/credibility")]
    [InlineData("/api/sources", """{"title": "x", "credibility": 7}""", "out-of-range", "/credibility")]
    [InlineData("/api/sources", """{"title": "x", "source": {"document": "SRC-0001", "paragraph": 0}}""", "too-small", "/source/0/paragraph")]
    [InlineData("/api/sources", """{"title": "x", "source": {"document": "SRC-0001", "sha256": "ABC"}}""", "not-a-digest", "/source/0/sha256")]
    [InlineData("/api/sources", """{"title": "x", "sha256": "abc"}""", "not-a-digest", "/sha256")]
    [InlineData("/api/partnerships/DK/review-period", """{"months": 0}""", "out-of-range", "/months")]
    [InlineData("/api/partnerships/DK/review-period", """{"months": 2147483647}""", "out-of-range", "/months")]
    [InlineData("/api/meetings/DK-MTG-0001/participants", """{"side": "home", "index": 9, "person": "PER-0001"}""", "no-such-participant", "/index")]
    [InlineData("/api/meetings/DK-MTG-0001/participants", """{"side": "home", "index": -1, "person": "PER-0001"}""", "no-such-participant", "/index")]
    [InlineData("/api/instruments", """{"partners": ["DK"], "kind": "mou", "title": "x", "effect": {"kind": "on-last-notification", "days": 2147483647}}""", "out-of-range", "/effect/days")]
    // rules of the model that one field breaks
    [InlineData("/api/meetings", Meeting + """ "state": "cancelled"}""", "only-for", "/state")]
    [InlineData("/api/meetings", Meeting + """ "state": "planned", "statements": [{"force": "discussed", "speaker": "joint"}]}""", "statements-before-meeting", "/statements")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "discussed", "speaker": "joint", "action": {"what": "x"}}]}""", "opens-nothing", "/statements/0/action")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "agreed-action", "speaker": "joint"}]}""", "what-or-text", "/statements/0/action/what")]
    [InlineData("/api/meetings", Meeting + """ "statements": [{"force": "planned-instrument", "speaker": "joint"}]}""", "title-or-text", "/statements/0/instrument/title")]
    [InlineData("/api/actions", """{"partner": "DK", "what": "x", "owedBy": "both", "due": "2026", "standing": "at once"}""", "standing-and-due", "/standing")]
    [InlineData(Act, """{"kind": "signed", "on": "2026-02-01", "until": "2027"}""", "until-without-suspension", "/until")]
    public async Task A_body_that_cannot_be_taken_is_refused_at_its_field_and_nothing_is_recorded(string path, string body, string slug, string field)
    {
        var head = await host.Head();
        var refused = await host.Http.Command(path, body);
        refused.ShouldBeProblem(400, slug, field);
        (await host.Head()).ShouldBe(head);
    }

    [Theory]
    [InlineData(Act, """{"kind": "entered-into-force", "on": "2026-01-28"}""", Act, """{"kind": "signed", "on": "2026-01-31"}""", "act-contradicts")]
    [InlineData("/api/meetings/DK-MTG-0001/postponement", """{"date": "2026-04"}""", null, null, "meeting-held")]
    [InlineData("/api/meetings/DK-MTG-0001/cancellation", "{}", null, null, "meeting-held")]
    public async Task What_the_worlds_order_does_not_allow_is_refused_by_the_name_of_the_rule(string path, string body, string? path2, string? body2, string slug)
    {
        if (path2 is not null) await host.Http.Record(path, body);
        var head = await host.Head();
        (await host.Http.Command(path2 ?? path, body2 ?? body)).ShouldBeProblem(409, slug);
        (await host.Head()).ShouldBe(head);
    }

    [Theory]
    [InlineData("fr", "Partenaire inconnu")]
    [InlineData("en-GB,en;q=0.5", "Unknown partner")]
    [InlineData("de, ar;q=0.5", "شريك غير معروف")]
    public async Task A_refusal_is_said_in_the_language_of_the_request(string language, string title)
    {
        using var http = host.Client(host.Token);
        http.DefaultRequestHeaders.AcceptLanguage.Clear();
        var refused = await http.Command("/api/partnerships", """{"partner": "ZZ"}""", ("Accept-Language", language));
        refused.ShouldBeProblem(400, "unknown-partner", "/partner");
        refused.Json.GetProperty("title").GetString().ShouldBe(title);
        refused.Json.GetProperty("errors").GetProperty("/partner")[0].GetString()!.ShouldContain("ZZ");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_of_another_media_type_is_refused(string? type)
    {
        var body = new ByteArrayContent("""{"title": "x"}"""u8.ToArray());
        if (type is not null) body.Headers.ContentType = new(type);
        await RefusedAs(body, 415, "not-json");
    }

    [Fact]
    public Task A_body_that_is_not_UTF_8_is_refused() => RefusedAs(Json([.. "{\"title\": \""u8, 0xC3, 0x28, .. "\"}"u8]), 400, "malformed-json", "");

    [Fact]
    public Task A_body_nested_too_deeply_is_refused() =>
        RefusedAs(Json(Encoding.UTF8.GetBytes($$"""{"title": {{new string('[', 100_000)}}{{new string(']', 100_000)}}}""")), 400, "malformed-json", "");

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public async Task A_body_over_1_MiB_is_refused_and_its_sender_reads_why(int mebibytes, bool chunked)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"title": "{{new string('x', mebibytes << 20)}}"}""");
        await RefusedAs(chunked ? new Chunked(bytes) : Json(bytes), 413, "too-large");
    }

    [Fact]
    public async Task A_body_of_just_1_MiB_is_taken()
    {
        var text = """{"note": "x"}""".PadRight(1 << 20);
        Encoding.UTF8.GetByteCount(text).ShouldBe(1 << 20);
        await host.Http.Record("/api/partnerships/DK/notes", text);
    }

    [Theory]
    [InlineData("/api/partnerships?asOf=2026-02-30", "invalid-day", "?asOf")]
    [InlineData("/api/partnerships?asOf=2026-02", "invalid-day", "?asOf")]
    [InlineData("/api/partnerships?home=mine", "only-for", "?home")]
    [InlineData("/api/partnerships?status=asleep", "unknown-code", "?status")]
    [InlineData("/api/partnerships?topic=XYZ", "unknown-code", "?topic")]
    [InlineData("/api/partnerships?modifier=late", "unknown-code", "?modifier")]
    [InlineData("/api/partnerships?limit=0", "out-of-range", "?limit")]
    [InlineData("/api/partnerships?limit=501", "out-of-range", "?limit")]
    [InlineData("/api/partnerships?limit=ten", "invalid-parameter", "?limit")]
    [InlineData("/api/partnerships?limit=1&limit=2", "invalid-parameter", "?limit")]
    [InlineData("/api/partnerships?limit=99999999999", "invalid-parameter", "?limit")]
    [InlineData("/api/actions?limit=5&overdue=true&blocked=1", "invalid-parameter", "?blocked")]
    [InlineData("/api/audit/consistency?from=1&to=2.5", "invalid-parameter", "?to")]
    [InlineData("/api/partnerships?after=zz", "invalid-parameter", "?after")]
    [InlineData("/api/partnerships/DK?knownAt=yesterday", "invalid-known-at", "?knownAt")]
    [InlineData("/api/partnerships/DK?knownAt=@x", "invalid-known-at", "?knownAt")]
    [InlineData("/api/partnerships/DK?knownAt=@-1", "invalid-known-at", "?knownAt")]
    [InlineData("/api/partnerships/DK?knownAt=@99999999", "unknown-position", "?knownAt")]
    [InlineData("/api/partnerships/DK/timeline?after=x", "invalid-parameter", "?after")]
    [InlineData("/api/partnerships/DK/timeline?after=99999999", "invalid-parameter", "?after")]
    [InlineData("/api/meetings?after=x", "invalid-parameter", "?after")]
    [InlineData("/api/meetings?after=%00", "invalid-parameter", "?after")]
    [InlineData("/api/meetings?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("/api/actions?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("/api/instruments?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("/api/actions?overdue=perhaps", "invalid-parameter", "?overdue")]
    [InlineData("/api/actions?state=asleep", "unknown-code", "?state")]
    [InlineData("/api/actions?owedBy=nobody", "unknown-code", "?owedBy")]
    [InlineData("/api/actions?asOf=now", "invalid-day", "?asOf")]
    [InlineData("/api/instruments?state=asleep", "unknown-code", "?state")]
    [InlineData("/api/audit/events?after=x", "invalid-parameter", "?after")]
    [InlineData("/api/audit/events?from=yesterday", "invalid-instant", "?from")]
    [InlineData("/api/audit/events?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("/api/audit/events?type=meeting_dreamt", "unknown-event-type", "?type")]
    [InlineData("/api/audit/events?actor=%00", "invalid-parameter", "?actor")]
    [InlineData("/api/audit/events?stream=%00", "invalid-parameter", "?stream")]
    [InlineData("/api/partnerships?limit=ten&format=csv", "invalid-parameter", "?limit")]
    [InlineData("/api/actions?blocked=1&format=csv&separator=tab", "invalid-parameter", "?blocked")]
    [InlineData("/api/audit/events?after=x&format=csv&language=ar", "invalid-parameter", "?after")]
    public async Task A_query_that_cannot_be_understood_is_refused_at_its_parameter(string path, string slug, string field) =>
        (await host.Http.Read(path)).ShouldBeProblem(400, slug, field);

    [Theory]
    [InlineData("/api/partnerships/ZZ")]
    [InlineData("/api/partnerships/ZZ/timeline")]
    [InlineData("/api/meetings/DK-MTG-0099")]
    [InlineData("/api/meetings/SRC-0001")]
    [InlineData("/api/meetings/meeting-%ED%A0%80")]
    [InlineData("/api/meetings/%EF%BF%BD")]
    [InlineData("/api/meetings/meeting-0199")]
    [InlineData("/api/people/PER-9999")]
    [InlineData("/api/nothing")]
    [InlineData("/nothing")]
    [InlineData("/api/audit/events/0")]
    [InlineData("/api/audit/events/99999999")]
    [InlineData("/api/audit/events/x")]
    [InlineData("/api/audit/records/nobody")]
    [InlineData("/api/audit/records/FR")]
    [InlineData("/api/audit/events?stream=XX-MTG-0001")]
    public async Task What_is_not_there_is_not_found(string path) => (await host.Http.Read(path)).ShouldBeProblem(404, "not-found");

    [Theory]
    [InlineData("/api/meetings/DK-MTG-0099/validation", "{}", "not-found")]
    [InlineData("/api/partnerships/FR/notes", """{"note": "x"}""", "not-found")]
    [InlineData("/api/meetings/DK-MTG-0001/reclassifications", """{"number": 99, "force": "intent", "reason": "x"}""", "no-such-statement")]
    public async Task A_command_upon_what_is_not_there_is_refused(string path, string body, string slug)
    {
        var head = await host.Head();
        (await host.Http.Command(path, body)).ShouldBeProblem(404, slug);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_refused_with_those_that_it_takes()
    {
        var refused = await host.Http.Send(HttpMethod.Delete, "/api/meetings/DK-MTG-0001", null);
        refused.ShouldBeProblem(405, "method-not-allowed");
        (await host.Http.Send(HttpMethod.Put, "/api/meetings", Json("{}"u8.ToArray()))).ShouldBeProblem(405, "method-not-allowed");
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public async Task The_first_and_the_last_day_can_be_asked_about(string day)
    {
        (await host.Http.Read($"/api/partnerships?asOf={day}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read($"/api/actions?asOf={day}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read($"/api/instruments?asOf={day}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/meetings", """{"partners": ["PT"], "kind": "talks", "date": "9999-12-31", "state": "planned"}""")]
    [InlineData("/api/meetings", """{"partners": ["PT"], "kind": "talks", "date": "1700-01-01", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "x"}]}""")]
    [InlineData("/api/instruments", """{"partners": ["PT"], "kind": "mou", "title": "x", "acts": [{"kind": "suspended", "on": "2026-01", "until": "9999-12-30"}]}""")]
    [InlineData("/api/instruments", """{"partners": ["PT"], "kind": "mou", "title": "x", "effect": {"kind": "on-last-notification", "days": 3660}, "acts": [{"kind": "notified", "on": "2026-01-31"}]}""")]
    [InlineData("/api/instruments", """{"partners": ["PT"], "kind": "mou", "title": "x", "effect": {"kind": "on-day", "on": "9999-12-31"}}""")]
    [InlineData("/api/actions", """{"partner": "PT", "what": "x", "owedBy": "home", "due": "../9999", "reviewOn": "9999-12-31"}""")]
    public async Task The_edges_of_time_neither_stop_a_command_nor_spoil_what_is_asked_after_it(string path, string body)
    {
        await host.Http.Record(path, body);
        foreach (var day in (string[])["0001-01-01", "2026-02-01", "9999-12-31"])
            (await host.Http.Read($"/api/partnerships/PT?asOf={day}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    async Task RefusedAs(HttpContent body, int status, string slug, string? field = null)
    {
        var head = await host.Head();
        (await host.Http.Send(HttpMethod.Post, "/api/sources", body)).ShouldBeProblem(status, slug, field);
        (await host.Head()).ShouldBe(head);
    }

    static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { ContentType = new("application/json") } };

    /// <summary>A body whose length is not said beforehand.</summary>
    sealed class Chunked : HttpContent
    {
        readonly byte[] bytes;

        public Chunked(byte[] bytes)
        {
            this.bytes = bytes;
            Headers.ContentType = new("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
