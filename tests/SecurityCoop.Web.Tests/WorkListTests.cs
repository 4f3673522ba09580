using System.Text.Json;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>The lists that an office works from: what is overdue, undated, due for review, blocked, waiting for the partner; meetings of a period; instruments.</summary>
public sealed class WorkListTests(WorkListTests.Office host) : IClassFixture<WorkListTests.Office>
{
    /// <summary>A few actions of two partners, a few meetings, on a register of its own.</summary>
    public sealed class Office(TestPostgres postgres) : HostFixture(postgres)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            foreach (var (path, body) in ((string, string)[])[
                ("/api/meetings", """{"partners": ["ES"], "kind": "talks", "date": "2025-06-10", "statements": [{"force": "discussed", "speaker": "joint", "topics": ["CT"]}]}"""),
                ("/api/meetings", """{"partners": ["ES"], "kind": "courtesy-call", "date": "2025"}"""),
                ("/api/meetings", """{"partners": ["IT", "ES"], "kind": "conference", "date": ""}"""),
                ("/api/meetings", """{"partners": ["IT"], "kind": "talks", "date": "2026-03-15", "state": "planned"}"""),
                ("/api/actions", """{"partner": "ES", "what": "late", "owedBy": "home", "owner": "u-1", "on": "2025-06-10", "due": "2025-12", "topics": ["CT"], "meeting": "ES-MTG-0001"}"""),
                ("/api/actions", """{"partner": "ES", "what": "maybe late", "owedBy": "partner", "owner": "u-2", "on": "2025-06-10", "due": "[2026-01-20,2026-02-20]"}"""),
                ("/api/actions", """{"partner": "ES", "what": "no day", "owedBy": "both", "on": "2025-06-10"}"""),
                ("/api/actions", """{"partner": "IT", "what": "standing", "owedBy": "partner", "standing": "within ten days", "on": "2025-06-10", "reviewOn": "2026-02-02"}"""),
                ("/api/actions", """{"partner": "IT", "what": "blocked", "owedBy": "home", "owner": "u-1", "on": "2025-06-10", "due": "2026-12"}"""),
                ("/api/actions/IT-ACT-0002/follow-ups", """{"on": "2025-07", "note": "no answer", "state": "blocked", "meeting": "ES-MTG-0001"}"""),
                ("/api/actions", """{"partner": "IT", "what": "settled", "owedBy": "partner", "on": "2025-06-10", "due": "2025-12"}"""),
                ("/api/actions/IT-ACT-0003/verification", """{"on": "2026-01"}"""),
                ("/api/instruments", """{"partners": ["ES"], "kind": "mou", "title": "A memorandum", "acts": [{"kind": "planned", "on": "2025-06-10", "expected": "2025-09"}]}"""),
                ("/api/instruments", """{"partners": ["ES"], "kind": "agreement", "title": "An agreement", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2001"}], "reviewOn": "2026-01-15"}"""),
                ("/api/instruments", """{"partners": ["IT"], "kind": "agreement", "title": "Denounced", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2001"}, {"kind": "termination-notified", "party": "IT", "on": "2025-12-01", "expected": "2026-06-01"}]}"""),
                ("/api/instruments", """{"partners": ["IT"], "kind": "agreement", "title": "Denounced for some day", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2001"}, {"kind": "termination-notified", "party": "IT", "on": "2025-12-01", "expected": "2026"}]}"""),
                ("/api/instruments", """{"partners": ["PT"], "kind": "agreement", "title": "For ten years", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2017-01-15"}], "term": {"kind": "ends", "years": 10}}"""),
                ("/api/instruments", """{"partners": ["PT"], "kind": "agreement", "title": "Renewed in silence", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2012-01-31"}], "term": {"kind": "tacit", "years": 5, "noticeMonths": 6}}"""),
                ("/api/instruments", """{"partners": ["PT"], "kind": "agreement", "title": "Ran out", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2012-01-31"}], "term": {"kind": "ends", "on": "2026-01-31"}}""")])
                await For(path, body).Record(path, body);
        }
    }

    [Theory]
    [InlineData("/api/actions", "ES-ACT-0001 ES-ACT-0002 ES-ACT-0003 IT-ACT-0001 IT-ACT-0002 IT-ACT-0003")]
    [InlineData("/api/actions?overdue=true", "ES-ACT-0001 ES-ACT-0002")]
    [InlineData("/api/actions?overdue=true&asOf=2026-01-15", "ES-ACT-0001 IT-ACT-0003")]
    [InlineData("/api/actions?overdue=true&asOf=2026-02-21", "ES-ACT-0001 ES-ACT-0002")]
    [InlineData("/api/actions?overdue=false", "ES-ACT-0003 IT-ACT-0001 IT-ACT-0002 IT-ACT-0003")]
    [InlineData("/api/actions?undated=true", "ES-ACT-0003")]
    [InlineData("/api/actions?reviewDue=true", "ES-ACT-0003")]
    [InlineData("/api/actions?reviewDue=true&asOf=2026-02-02", "ES-ACT-0003 IT-ACT-0001")]
    [InlineData("/api/actions?blocked=true", "IT-ACT-0002")]
    [InlineData("/api/actions?blocked=true&asOf=2025-06-30", "")]
    [InlineData("/api/actions?waitingOnPartner=true", "ES-ACT-0002 ES-ACT-0003 IT-ACT-0001")]
    [InlineData("/api/actions?waitingOnPartner=true&partner=IT", "IT-ACT-0001")]
    [InlineData("/api/actions?waitingOnPartner=true&asOf=2026-01-15&partner=IT", "IT-ACT-0001 IT-ACT-0003")]
    [InlineData("/api/actions?owner=u-1", "ES-ACT-0001 IT-ACT-0002")]
    [InlineData("/api/actions?owner=u-1&overdue=true", "ES-ACT-0001")]
    [InlineData("/api/actions?owedBy=both", "ES-ACT-0003")]
    [InlineData("/api/actions?state=verified", "IT-ACT-0003")]
    [InlineData("/api/actions?topic=CT", "ES-ACT-0001")]
    [InlineData("/api/actions?meeting=ES-MTG-0001", "ES-ACT-0001 IT-ACT-0002")]
    [InlineData("/api/meetings?from=2025-06-01&to=2025-06-30", "ES-MTG-0001 ES-MTG-0002 MUL-MTG-0001")]
    [InlineData("/api/meetings?from=2026-01-01", "MUL-MTG-0001 IT-MTG-0001")]
    [InlineData("/api/meetings?to=2024-12-31", "MUL-MTG-0001")]
    [InlineData("/api/meetings?kind=talks", "ES-MTG-0001 IT-MTG-0001")]
    [InlineData("/api/meetings?state=planned", "IT-MTG-0001")]
    [InlineData("/api/meetings?partner=IT", "MUL-MTG-0001 IT-MTG-0001")]
    [InlineData("/api/meetings?topic=CT", "ES-MTG-0001")]
    [InlineData("/api/instruments?kind=mou", "ES-INS-0001")]
    [InlineData("/api/instruments?state=in-force", "ES-INS-0002 IT-INS-0001 IT-INS-0002 PT-INS-0001 PT-INS-0002")]
    [InlineData("/api/instruments?state=in-force&partner=ES", "ES-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=4", "IT-INS-0001 IT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=3", "IT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=12", "IT-INS-0001 IT-INS-0002 PT-INS-0001 PT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=6&partner=PT", "PT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=5&partner=PT", "")]
    [InlineData("/api/instruments?expiringWithin=6&partner=PT&asOf=2026-08-01", "PT-INS-0001")]
    [InlineData("/api/instruments?expiringWithin=P5Y&partner=PT&asOf=2026-08-01", "PT-INS-0001 PT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=P120D", "IT-INS-0001 IT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=P119D", "IT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=P1Y&partner=IT&asOf=2026-06-02", "IT-INS-0002")]
    [InlineData("/api/instruments?expiringWithin=99999&asOf=2000-12-31", "")]
    public async Task A_list_holds_what_its_filters_say(string path, string references) =>
        string.Join(' ', (await host.Http.Read(path)).Items.Select(i => i.GetProperty("reference").GetString())).ShouldBe(references);

    [Theory]
    [InlineData("/api/actions/ES-ACT-0001", "open certain, overdue certain")]
    [InlineData("/api/actions/ES-ACT-0002", "open certain, overdue possible, waitingOnPartner certain")]
    [InlineData("/api/actions/ES-ACT-0002?asOf=2026-02-21", "open certain, overdue certain, waitingOnPartner certain")]
    [InlineData("/api/actions/ES-ACT-0003", "open certain, undated certain, reviewDue certain, waitingOnPartner certain")]
    [InlineData("/api/actions/IT-ACT-0002?asOf=2025-07-15", "open certain, blocked possible")]
    [InlineData("/api/actions/IT-ACT-0002", "open certain, blocked certain")]
    [InlineData("/api/actions/IT-ACT-0003", "")]
    [InlineData("/api/actions/IT-ACT-0003?asOf=2026-01-15", "open possible, overdue possible, waitingOnPartner possible")]
    [InlineData("/api/meetings?from=2025-06-01&to=2025-06-30&limit=1", "inPeriod certain, happened certain")]
    [InlineData("/api/instruments?expiringWithin=4&limit=1", "expiringWithin certain")]
    [InlineData("/api/instruments?expiringWithin=3&limit=1", "expiringWithin possible")]
    [InlineData("/api/instruments/ES-INS-0001", "overdue certain")]
    [InlineData("/api/instruments/ES-INS-0002", "reviewDue certain")]
    public async Task Each_mark_says_how_certain_it_is(string path, string marks)
    {
        var answer = await host.Http.Read(path);
        var item = answer.Json.TryGetProperty("items", out _) ? answer.Items[0] : answer.Json;
        string.Join(", ", ((string[])["expiringWithin", "inPeriod", "happened", "open", "overdue", "undated", "reviewDue", "blocked", "waitingOnPartner"])
            .Where(m => item.TryGetProperty(m, out _)).Select(m => $"{m} {item.GetProperty(m)}")).ShouldBe(marks);
    }

    [Fact]
    public async Task A_meeting_without_a_day_possibly_falls_into_every_period()
    {
        var items = (await host.Http.Read("/api/meetings?from=2025-06-01&to=2025-06-30")).Items;
        items.Select(i => i.GetProperty("inPeriod").GetString()).ShouldBe(["certain", "possible", "possible"]);
    }

    [Theory]
    [InlineData("/api/actions?overdue=perhaps", "invalid-parameter", "?overdue")]
    [InlineData("/api/actions?blocked=1", "invalid-parameter", "?blocked")]
    [InlineData("/api/actions?owedBy=us", "unknown-code", "?owedBy")]
    [InlineData("/api/actions?topic=XYZ", "unknown-code", "?topic")]
    [InlineData("/api/actions?meeting=ES-MTG-0099", "unknown-reference", "?meeting")]
    [InlineData("/api/actions?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("/api/meetings?kind=party", "unknown-code", "?kind")]
    [InlineData("/api/meetings?state=none", "unknown-code", "?state")]
    [InlineData("/api/meetings?from=2025-06", "invalid-day", "?from")]
    [InlineData("/api/meetings?to=soon", "invalid-day", "?to")]
    [InlineData("/api/meetings?from=2025-07-01&to=2025-06-30", "from-after-to", "?from")]
    [InlineData("/api/meetings?topic=XYZ", "unknown-code", "?topic")]
    [InlineData("/api/instruments?kind=party", "unknown-code", "?kind")]
    [InlineData("/api/instruments?expiringWithin=soon", "invalid-duration", "?expiringWithin")]
    [InlineData("/api/instruments?expiringWithin=-1", "invalid-duration", "?expiringWithin")]
    [InlineData("/api/instruments?expiringWithin=P", "invalid-duration", "?expiringWithin")]
    [InlineData("/api/instruments?expiringWithin=PT5H", "invalid-duration", "?expiringWithin")]
    public async Task A_filter_that_is_not_understood_is_refused_by_name(string path, string slug, string parameter) =>
        (await host.Http.Read(path)).ShouldBeProblem(400, slug, parameter);

    [Fact]
    public async Task A_work_list_pages_by_its_cursor_and_keeps_its_filters()
    {
        var first = await host.Http.Read("/api/actions?waitingOnPartner=true&limit=2");
        var second = await host.Http.Read(first.Headers.GetValues("Link").Single().Split('<', '>')[1]);
        first.Items.Concat(second.Items).Select(i => i.GetProperty("reference").GetString()).ShouldBe(["ES-ACT-0002", "ES-ACT-0003", "IT-ACT-0001"]);
        second.Json.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
