using System.Net;
using System.Text;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Calendar;

/// <summary>Dates and planned meetings as a calendar program gets them, read back with ical.js. Today is 1 February 2026.</summary>
public sealed class CalendarTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Every_form_of_date_stands_on_all_the_days_that_it_may_be_and_on_no_other()
    {
        (string Date, string Days)[] cases =
        [
            ("2026-03-05", "2026-03-05 CONFIRMED"),
            ("2026-12-31", "2026-12-31 CONFIRMED"),
            ("2028-02-29", "2028-02-29 CONFIRMED"),
            ("2026-03", "2026-03-01/2026-03-31 TENTATIVE"),
            ("2028-02", "2028-02-01/2028-02-29 TENTATIVE"),
            ("2027-02", "2027-02-01/2027-02-28 TENTATIVE"),
            ("2026-12-XX", "2026-12-01/2026-12-31 TENTATIVE"),
            ("2026", "2026-01-01/2026-12-31 TENTATIVE"),
            ("2026-24", "2026-12-01/2027-02-28 TENTATIVE"),
            ("2026-03~", "2026-03-01/2026-03-31 TENTATIVE"),
            ("2026-03-05?", "2026-03-05 TENTATIVE"),
            ("[2026-11-04,2026-11-11]", "2026-11-04 TENTATIVE, 2026-11-11 TENTATIVE"),
            ("[2026-12-31,2027-01-01]", "2026-12-31/2027-01-01 TENTATIVE"),
            ("[2026-03-25..2026-04-02]", "2026-03-25/2026-04-02 TENTATIVE"),
            ("[..2026-06-22]", "2026-06-22 CONFIRMED"),
            ("[..2026-06-22?]", "2026-06-22 TENTATIVE"),
            ("[2026-06-22..]", "2026-06-22 TENTATIVE"),
            ("2026-12-30/2027-01-02", "2026-12-30/2027-01-02 CONFIRMED"),
            ("2026-03-01/2026-03-03~", "2026-03-01/2026-03-03 TENTATIVE"),
            ("2026-03/2026-05", "2026-03-01/2026-05-31 TENTATIVE"),
            ("2026-03-01/..", "2026-03-01 TENTATIVE"),
            ("2026-03/", "2026-03-01/2026-03-31 TENTATIVE"),
            ("../2026-03", "2026-03-01/2026-03-31 TENTATIVE"),
            ("2026-03-01/9999-12-31", "2026-03-01/9999-12-30 CONFIRMED"), // The last day has no day after it.
        ];
        foreach (var (date, _) in cases) await host.Http.Record("/api/actions", $$"""{"partner": "AD", "what": "By {{date}}", "owedBy": "home", "on": "2026-01-10", "due": "{{date}}"}""");
        var read = await Read("?partner=AD&kind=due");
        foreach (var (date, days) in cases)
            string.Join(", ", read.Events.Where(e => e.Summary == $"Due (Andorra): By {date}").OrderBy(e => e.From).Select(e => e.Days)).ShouldBe(days, date);
        read.Events.Count.ShouldBe(cases.Length + 1);
    }

    [Fact]
    public async Task A_date_that_nobody_knows_has_no_day()
    {
        await host.Http.Record("/api/actions", """{"partner": "AE", "what": "Undated", "owedBy": "home", "on": "2026-01-10", "due": "", "reviewOn": "2026-07-10"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["AE"], "kind": "talks", "date": "", "state": "planned"}""");
        await host.Http.Record("/api/instruments", """{"partners": ["AE"], "kind": "mou", "title": "Soon", "acts": [{"kind": "planned", "on": "2026-01-10", "expected": "", "expectedAsGiven": "soon"}]}""");
        (await Read("?partner=AE")).Lines.ShouldBe(["2026-07-10 CONFIRMED To review (United Arab Emirates): Soon", "2026-07-10 CONFIRMED To review (United Arab Emirates): Undated"]);
    }

    [Fact]
    public async Task Actions_stand_in_it_while_they_are_open()
    {
        foreach (var what in (string[])["open", "done", "dropped", "replaced", "withdrawn", "perhaps done", "renamed"])
            await host.Http.Record("/api/actions", $$"""{"partner": "AM", "what": "{{what}}", "owedBy": "home", "owner": "u-9", "on": "2026-01-10", "due": "2026-03-05"}""");
        (await Read("?partner=AM")).Events.Count.ShouldBe(7);
        await host.Second.Record("/api/actions/AM-ACT-0002/verification", """{"on": "2026-01-20"}""");
        await host.Http.Record("/api/actions/AM-ACT-0003/drop", """{"on": "2026-01-20"}""");
        await host.Http.Record("/api/actions/AM-ACT-0004/supersession", """{"on": "2026-01-20", "by": "AM-ACT-0001"}""");
        await host.Http.Record("/api/actions/AM-ACT-0005/withdrawal", """{"reason": "Recorded twice"}""");
        await host.Second.Record("/api/actions/AM-ACT-0006/verification", """{"on": "2026-01-20?"}""");
        await host.Http.Record("/api/actions/AM-ACT-0007/due-date", """{"due": "2026-04-05", "dueAsGiven": "after Easter"}""");
        var read = await Read("?partner=AM");
        read.Lines.ShouldBe(["2026-03-05 CONFIRMED Due (Armenia): open", "2026-03-05 TENTATIVE Due (Armenia): perhaps done", "2026-04-05 CONFIRMED Due (Armenia): renamed"]);
        read.Events.Single(e => e.Summary.EndsWith("perhaps done", StringComparison.Ordinal)).Description.ShouldBe("AM-ACT-0006\nDate: 5 March 2026\nPossible, not certain\nowner: u-9");
        read.Events.Single(e => e.Summary.EndsWith("renamed", StringComparison.Ordinal)).Description.ShouldBe("AM-ACT-0007\nDate: 5 April 2026\nIn the source: “after Easter”\nowner: u-9");
    }

    [Fact]
    public async Task A_meeting_keeps_its_name_through_every_change_and_grows_in_sequence()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["AZ"], "kind": "talks", "date": "2026-03-15", "place": "Baku; old town", "state": "planned"}""");
        var planned = (await Read("?partner=AZ")).Events.ShouldHaveSingleItem();
        (planned.ToString(), planned.Location).ShouldBe(("2026-03-15 CONFIRMED Talks (Azerbaijan)", "Baku; old town"));

        await host.Http.Record("/api/meetings/AZ-MTG-0001/postponement", """{"date": "2026-05", "dateAsGiven": "in May"}""");
        var postponed = (await Read("?partner=AZ")).Events.ShouldHaveSingleItem();
        (postponed.Days, postponed.Uid).ShouldBe(("2026-05-01/2026-05-31 TENTATIVE", planned.Uid));
        postponed.Sequence.ShouldBeGreaterThan(planned.Sequence);

        await host.Http.Record("/api/meetings/AZ-MTG-0001/postponement", """{"date": ""}""");
        (await Read("?partner=AZ")).Events.ShouldBeEmpty();

        await host.Http.Record("/api/meetings/AZ-MTG-0001/postponement", """{"date": "2026-06-02/2026-06-04"}""");
        await host.Http.Record("/api/meetings/AZ-MTG-0001/cancellation", """{"on": "2026-01-30", "by": "AZ"}""");
        var cancelled = (await Read("?partner=AZ")).Events.ShouldHaveSingleItem();
        (cancelled.Days, cancelled.Uid).ShouldBe(("2026-06-02/2026-06-04 CANCELLED", planned.Uid));
        cancelled.Sequence.ShouldBeGreaterThan(postponed.Sequence);

        await host.Http.Record("/api/meetings/AZ-MTG-0001/withdrawal", """{"reason": "Another service's"}""");
        (await Read("?partner=AZ")).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_meeting_at_the_latest_on_a_day_is_not_surely_on_it_and_one_that_was_held_is_no_plan()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["BA"], "kind": "courtesy-call", "date": "[..2026-06-22]", "state": "planned"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["BA"], "kind": "talks", "date": "2026-01-20", "state": "planned"}""");
        (await Read("?partner=BA")).Lines.ShouldBe(["2026-01-20 CONFIRMED Talks (Bosnia & Herzegovina)", "2026-06-22 TENTATIVE Courtesy call (Bosnia & Herzegovina)"]);
        await host.Http.Record("/api/meetings/BA-MTG-0002/holding", """{"date": "2026-01-20"}""");
        (await Read("?partner=BA")).Lines.ShouldBe(["2026-06-22 TENTATIVE Courtesy call (Bosnia & Herzegovina)"]);
    }

    [Fact]
    public async Task The_last_days_for_a_notice_follow_from_the_term_until_somebody_gives_one()
    {
        await host.Http.Record("/api/instruments", """
            {"partners": ["BD"], "kind": "agreement", "title": "Yearly", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2020-03-15"}], "term": {"kind": "tacit", "years": 1, "noticeMonths": 3}}
            """);
        await host.Http.Record("/api/instruments", """
            {"partners": ["BD"], "kind": "agreement", "title": "Every ten years", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2024-02-29"}], "term": {"kind": "tacit", "years": 10, "noticeMonths": 6}}
            """);
        (await Read("?partner=BD")).Lines.ShouldBe(
        [
            "2025-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly", "2026-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly", "2027-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly",
            "2028-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly", "2029-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly", "2030-12-15 CONFIRMED Last day for notice (Bangladesh): Yearly",
            "2033-08-28 CONFIRMED Last day for notice (Bangladesh): Every ten years",
        ]);

        await host.Http.Record("/api/instruments/BD-INS-0001/acts", """{"kind": "termination-notified", "party": "BD", "on": "2026-01-10"}""");
        var read = await Read("?partner=BD&kind=notice&kind=expiry");
        read.Lines.ShouldBe(["2027-03-16 CONFIRMED End (Bangladesh): Yearly", "2033-08-28 CONFIRMED Last day for notice (Bangladesh): Every ten years"]);
        read.Events.Single(e => e.Summary.StartsWith("End", StringComparison.Ordinal)).Description.ShouldBe("BD-INS-0001\nDate: 16 March 2027\nfollows from a clause");
        (await Read("?partner=BD&kind=notice")).Lines.ShouldBe(["2033-08-28 CONFIRMED Last day for notice (Bangladesh): Every ten years"]);
    }

    [Fact]
    public async Task Between_many_the_notice_of_one_ends_it_for_that_party_only()
    {
        await host.Http.Record("/api/instruments", """
            {"partners": ["BJ", "BO", "BR"], "kind": "convention", "title": "Of four", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2022-03-15"}, {"kind": "termination-notified", "party": "BO", "on": "2026-01-10"}],
             "term": {"kind": "tacit", "years": 5, "noticeMonths": 6}}
            """);
        var bolivia = await Read("?partner=BO");
        bolivia.Lines.ShouldBe(["2027-03-16 CONFIRMED End (Bolivia): Of four"]);
        bolivia.Events[0].Description.ShouldBe("MUL-INS-0001\nDate: 16 March 2027\nfollows from a clause\nFor this party only: Bolivia");
        (await Read("?partner=BR")).Lines.ShouldBe(["2026-09-15 CONFIRMED Last day for notice (Benin, Brazil): Of four"]);
    }

    [Fact]
    public async Task An_instrument_ends_on_the_last_day_of_its_term_unless_it_has_ended_before()
    {
        string Sent(string title, string more = "") => $$$"""
            {"partners": ["BE"], "kind": "agreement", "title": "{{{title}}}", "binding": "binding", "reviewOn": "2026-06-01", "acts": [{"kind": "entered-into-force", "on": "2017-01"}{{{more}}}], "term": {"kind": "ends", "years": 10}}
            """;
        foreach (var (title, more) in ((string, string)[])[("runs", ""), ("terminated", """, {"kind": "terminated", "on": "2025-05-01"}"""), ("replaced", ""), ("withdrawn", ""), ("denounced", """, {"kind": "termination-notified", "on": "2025-12-01", "expected": "2026-09"}""")])
            await host.Http.Record("/api/instruments", Sent(title, more));
        await host.Http.Record("/api/instruments/BE-INS-0003/links", """{"kind": "superseded-by", "instrument": "BE-INS-0001", "on": "2025-06-01"}""");
        await host.Http.Record("/api/instruments/BE-INS-0004/withdrawal", """{"reason": "Never was"}""");
        await host.Http.Record("/api/instruments", """{"partners": ["BE"], "kind": "mou", "title": "ran out", "binding": "binding", "acts": [{"kind": "entered-into-force", "on": "2015-08-01"}], "term": {"kind": "ends", "on": "2025-07-31"}}""");
        (await Read("?partner=BE")).Lines.ShouldBe(
        [
            "2025-07-31 CONFIRMED End (Belgium): ran out",
            "2026-06-01 CONFIRMED To review (Belgium): denounced", "2026-06-01 CONFIRMED To review (Belgium): runs",
            "2026-09-01/2026-09-30 TENTATIVE End (Belgium): denounced",
            "2027-01-01/2027-01-31 TENTATIVE End (Belgium): runs",
        ]);
    }

    [Fact]
    public async Task A_signature_is_expected_until_it_is_given_or_put_off()
    {
        await host.Http.Record("/api/instruments", """{"partners": ["BG"], "kind": "mou", "title": "A memorandum", "acts": [{"kind": "planned", "on": "2026-01-10", "expected": "2026-09", "expectedAsGiven": "in September"}]}""");
        var expected = (await Read("?partner=BG")).Events.ShouldHaveSingleItem();
        expected.ToString().ShouldBe("2026-09-01/2026-09-30 TENTATIVE Signature expected (Bulgaria): A memorandum");
        expected.Description.ShouldBe("BG-INS-0001\nDate: September 2026, day unknown\nIn the source: “in September”");
        await host.Http.Record("/api/instruments/BG-INS-0001/acts", """{"kind": "signing-planned", "on": "2026-01-20", "expected": "2026-09-17"}""");
        var narrowed = (await Read("?partner=BG")).Events.ShouldHaveSingleItem();
        (narrowed.Days, narrowed.Uid).ShouldBe(("2026-09-17 CONFIRMED", expected.Uid));
        await host.Http.Record("/api/instruments/BG-INS-0001/acts", """{"kind": "signing-postponed", "on": "2026-01-25"}""");
        // Expected on no day any longer, it is looked at again six months after it was last planned.
        (await Read("?partner=BG")).Events.ShouldHaveSingleItem().ToString().ShouldBe("2026-07-20 CONFIRMED To review (Bulgaria): A memorandum");
        await host.Http.Record("/api/instruments/BG-INS-0001/acts", """{"kind": "signing-planned", "on": "2026-01-26", "expected": "2026-10-01"}""");
        (await Read("?partner=BG")).Events.ShouldHaveSingleItem().Days.ShouldBe("2026-10-01 CONFIRMED");
        await host.Http.Record("/api/instruments/BG-INS-0001/acts", """{"kind": "signed", "on": "2026-01-28"}""");
        (await Read("?partner=BG")).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_over_for_more_than_a_year_is_left_out()
    {
        foreach (var due in (string[])["2025-01-31", "2025-02-01", "2025-01"])
            await host.Http.Record("/api/actions", $$"""{"partner": "BH", "what": "By {{due}}", "owedBy": "home", "on": "2024-01-10", "due": "{{due}}"}""");
        await host.Http.Record("/api/actions", """{"partner": "BH", "what": "One of two", "owedBy": "home", "on": "2024-01-10", "due": "[2025-01-15,2025-02-15]"}""");
        (await Read("?partner=BH")).Lines.ShouldBe(["2025-02-01 CONFIRMED Due (Bahrain): By 2025-02-01", "2025-02-15 TENTATIVE Due (Bahrain): One of two"]);
        (await Read("?partner=BH&asOf=2025-12-31")).Lines.Count.ShouldBe(4 + 1);
    }

    [Fact]
    public async Task Any_text_in_any_script_reads_back_as_it_was_recorded_from_lines_of_75_octets()
    {
        var what = "Échange de listes; noms, prénoms \\ fonctions\nsuite : " + string.Concat(Enumerable.Repeat("مكافحة الجريمة المنظمة العابرة للحدود الوطنية، ", 12)) + "😀 fin";
        await host.Http.Record("/api/actions", $$"""{"partner": "CI", "what": {{System.Text.Json.JsonSerializer.Serialize(what)}}, "owedBy": "home", "owner": "a,b;c", "on": "2026-01-10", "due": "2026-03-05"}""");
        var answer = await Ask("?partner=CI&lang=fr");
        answer.Text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
        foreach (var line in answer.Text.Split("\r\n")) Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(75, line);
        var read = (await ReadCalendar.Of(answer)).Events.ShouldHaveSingleItem();
        read.Summary.ShouldBe($"Échéance (Côte d’Ivoire) : {what}");
        read.Categories.ShouldBe(["Côte d’Ivoire"]);
        read.Description.ShouldEndWith("\nresponsable : a,b;c");
    }

    [Theory]
    [InlineData("fr", "À réexaminer (Chine) : Liste", "Réunion de travail (Chine)", "Calendrier : Chine")]
    [InlineData("en", "To review (China): Liste", "Working meeting (China)", "Calendar: China")]
    [InlineData("ar", "للمراجعة (الصين): Liste", "اجتماع عمل (الصين)", "التقويم: الصين")]
    public async Task It_speaks_the_language_that_is_asked_for(string code, string review, string meeting, string name)
    {
        if ((await host.Http.Read("/api/actions?partner=CN")).Items.Count == 0)
        {
            await host.Http.Record("/api/actions", """{"partner": "CN", "what": "Liste", "owedBy": "home", "on": "2026-01-10", "reviewOn": "2026-03-05"}""");
            await host.Http.Record("/api/meetings", """{"partners": ["CN"], "kind": "working-meeting", "date": "2026-03-15", "state": "planned"}""");
        }
        var asked = await ReadCalendar.Of(await Ask($"?partner=CN&lang={code}"));
        asked.Events.Select(e => e.Summary).ShouldBe([meeting, review]);
        asked.Name.ShouldBe(name);
        var accepted = await host.Http.Read("/api/calendar.ics?partner=CN", ("Accept-Language", code));
        accepted.Text.ShouldBe((await Ask($"?partner=CN&lang={code}")).Text);
    }

    [Fact]
    public async Task Partners_owner_and_kinds_narrow()
    {
        await host.Http.Record("/api/actions", """{"partner": "CR", "what": "one", "owedBy": "home", "owner": "u-1", "on": "2026-01-10", "due": "2026-03-05", "reviewOn": "2026-02-05"}""");
        await host.Http.Record("/api/actions", """{"partner": "CU", "what": "two", "owedBy": "home", "owner": "u-2", "on": "2026-01-10", "due": "2026-03-06"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["CR", "CU"], "kind": "conference", "date": "2026-03-07", "state": "planned"}""");
        string[] all = ["2026-02-05 CONFIRMED To review (Costa Rica): one", "2026-03-05 CONFIRMED Due (Costa Rica): one", "2026-03-06 CONFIRMED Due (Cuba): two", "2026-03-07 CONFIRMED Conference (Costa Rica, Cuba)"];
        (await Read("?partner=CR&partner=CU")).Lines.ShouldBe(all);
        (await Read("?partner=CU")).Lines.ShouldBe([all[2], all[3]]);
        (await Read("?partner=CR&partner=CU&owner=u-1")).Lines.ShouldBe([all[0], all[1]]);
        (await Read("?partner=CR&partner=CU&kind=due")).Lines.ShouldBe([all[1], all[2]]);
        (await Read("?partner=CR&partner=CU&kind=meeting&kind=review")).Lines.ShouldBe([all[0], all[3]]);
        (await Read("?partner=CR&owner=u-2")).Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?partner=ZZ", "unknown-partner", "?partner")]
    [InlineData("?partner=DK&partner=", "unknown-partner", "?partner")]
    [InlineData("?kind=dues", "unknown-code", "?kind")]
    [InlineData("?lang=de", "unknown-code", "?lang")]
    [InlineData("?asOf=tomorrow", "invalid-day", "?asOf")]
    public async Task What_it_cannot_be_narrowed_by_is_refused(string query, string slug, string field) => (await Ask(query)).ShouldBeProblem(400, slug, field);

    [Fact]
    public async Task Nobody_sees_more_in_it_than_elsewhere()
    {
        await host.Http.Record("/api/actions", """{"partner": "CV", "what": "hidden", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-05", "marking": "secret"}""");
        await host.Http.Record("/api/actions", """{"partner": "CV", "what": "shown", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-05", "marking": "open"}""");
        (await Read("?partner=CV")).Events.Count.ShouldBe(2);
        using var reader = await host.As(Marking.Open, Role.Reader);
        var seen = (await ReadCalendar.Of(await reader.Read("/api/calendar.ics?partner=CV"))).Events.ShouldHaveSingleItem();
        (seen.Summary, seen.Url).ShouldBe(("Due (Cape Verde): shown", $"{host.Address}/records/CV-ACT-0002"));
        (await Read("?partner=CV&kind=due")).Events.Select(e => e.Url).ShouldContain($"{host.Address}/records/CV-ACT-0002");
        using var administrator = await host.As(Marking.Secret, Role.Administrator);
        (await administrator.Read("/api/calendar.ics")).ShouldBeProblem(403, "forbidden");
        using var nobody = host.Client(null);
        (await nobody.Read("/api/calendar.ics")).ShouldBeProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Whoever_has_it_already_is_told_that_it_is_the_same()
    {
        await host.Http.Record("/api/actions", """{"partner": "CY", "what": "one", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-05"}""");
        var first = await Ask("?partner=CY");
        first.Position.ShouldBe(await host.Head());
        (await host.Http.Read("/api/calendar.ics?partner=CY", ("If-None-Match", first.ETag!))).Status.ShouldBe(HttpStatusCode.NotModified);
        await host.Http.Record("/api/actions", """{"partner": "CZ", "what": "another's", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-05"}""");
        var same = await host.Http.Read("/api/calendar.ics?partner=CY", ("If-None-Match", $"W/{first.ETag}, \"x\""));
        (same.Status, same.Text, same.Position).ShouldBe((HttpStatusCode.NotModified, "", await host.Head()));
        await host.Http.Record("/api/actions/CY-ACT-0001/due-date", """{"due": "2026-03-06"}""");
        var changed = await host.Http.Read("/api/calendar.ics?partner=CY", ("If-None-Match", first.ETag!));
        changed.Status.ShouldBe(HttpStatusCode.OK);
        changed.ETag.ShouldNotBe(first.ETag);
        (await Ask($"?partner=CY&knownAt=@{first.Position}")).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task Nothing_that_is_protected_stands_in_it()
    {
        await host.Http.Record("/api/people", """{"name": "Someone Protected", "script": "Latn"}""");
        await host.Http.Record("/api/meetings", """
            {"partners": ["DE"], "kind": "talks", "date": "2026-01-12", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "Words of a protected statement", "protectFor": "PER-0001", "action": {"what": "Plain words", "due": "2026-03-05"}}]}
            """);
        await host.Http.Record("/api/actions/DE-ACT-0001/follow-ups", """{"on": "2026-01-20", "note": "A protected note", "protectFor": "PER-0001"}""");
        var text = (await Ask("?partner=DE")).Text.Replace("\r\n ", "", StringComparison.Ordinal);
        text.ShouldContain("Plain words");
        text.ShouldNotContain("protected", Case.Insensitive);
    }

    Task<Answer> Ask(string query) => host.Http.Read($"/api/calendar.ics{query}");

    async Task<ReadCalendar> Read(string query) => await ReadCalendar.Of(await Ask(query));
}
