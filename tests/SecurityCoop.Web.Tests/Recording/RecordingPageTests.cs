using System.Net;
using System.Text.Json;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Recording;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Recording;

/// <summary>A desk officer records a meeting in a browser without script.</summary>
public sealed class RecordingPageTests(HostFixture host) : IClassFixture<HostFixture>
{
    readonly HttpClient http = host.Client(null);

    Task<FilledForm> Open(string language = "en", string query = "") => FilledForm.Open(host, http, $"{RecordingPages.Path}{query}", language);

    static Language In(string code) => Language.All.Single(l => l.Code == code);

    [Theory]
    [InlineData("fr", "NO", "Norvège", "24-27 novembre 2025")]
    [InlineData("en", "FI", "Finland", "24-27 November 2025")]
    [InlineData("ar", "IS", "أيسلندا", "24-27 نونبر 2025")]
    public async Task A_meeting_is_filled_in_checked_resolved_and_recorded(string language, string partner, string typed, string days)
    {
        // Two people of one name, each with an office.
        var people = new List<string>();
        foreach (var office in (string[])["First secretary", "Attaché"])
        {
            people.Add((await host.Http.Record("/api/people", $$"""{"name": "Ola Testperson-{{partner}}", "country": "{{partner}}", "marking": "open"}""")).Reference!);
            await host.Http.Record($"/api/people/{people[^1]}/offices", $$"""{"title": "{{office}}", "organisation": "Embassy", "from": "2025", "marking": "open"}""");
        }
        var l = In(language);
        var form = await Open(language);
        form.Status.ShouldBe(HttpStatusCode.OK);
        form.Answer.Text.ShouldContain($"<html lang=\"{language}\" dir=\"{l.Direction}\"");
        form.With(("new.title", "Communiqué"), ("new.published", "2025-11-28"), ("date", days), ("kind", "working-meeting"), ("place", "Rabat"), ("marking", "open"),
            ("partners.0", typed), ("partnerSide.0.person", $"Ola Testperson-{partner}"), ("home.0.office.title", "Director"),
            ("statements.0.text", "Set up a working group."), ("statements.0.force", "agreed-action"), ("statements.0.speaker", "joint"),
            ("statements.0.source.0.paragraph", "3"), ("statements.0.source.0.sentence", "2"), ("statements.0.action.due", "2026-06")).Tick("statements.0.topics", "CT", "LEG");
        form = (await form.Press("add:statements")).With(("statements.1.force", "planned-instrument"), ("statements.1.speaker", "joint"),
            ("statements.1.instrument.kind", "mou"), ("statements.1.instrument.title", "Memorandum"));

        var head = await host.Head();
        form = await form.Press("check");
        form.Status.ShouldBe(HttpStatusCode.BadRequest);
        form.Faults.Select(f => f.Field).ShouldBe(["date", "partnerSide.0.person"], ignoreOrder: true);
        form.Choices("date").ShouldBe(["2025-11-24/2025-11-27", "[2025-11-24..2025-11-27]"], ignoreOrder: true);
        form.Choices("partnerSide.0.person").Order().ShouldBe([.. people.Append("~describe").Append("~new").Order()]);
        form.Said.ShouldContain("First secretary");
        form.Said.ShouldContain(l.Say(Known.PartnerName(partner)));

        form = await form.With(("date~choice", "[2025-11-24..2025-11-27]"), ("partnerSide.0.person~choice", people[0])).Press("check");
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        form["partnerSide.0.office.title"].ShouldBe("First secretary", "the office that is on file");
        form.Said.ShouldContain(Words.Event("action_agreed", l));
        (await Recorded()).ShouldBe(0);

        var page = await (await form.Press("record")).Follow();
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Said.ShouldContain($"{partner}-MTG-0001");
        page.Said.ShouldContain($"{partner}-ACT-0001");
        page.Said.ShouldContain($"{partner}-INS-0001");
        page.Said.ShouldContain(l.Say(Register.Vocabulary.Labels.PartnershipStatuses, "no-record"));
        page.Said.ShouldContain(l.Say(Register.Vocabulary.Labels.PartnershipStatuses, "committed"));

        var meeting = (await host.Http.Read($"/api/meetings/{partner}-MTG-0001")).Json;
        (meeting.GetProperty("date").GetString(), meeting.GetProperty("dateAsGiven").GetString()).ShouldBe(("[2025-11-24..2025-11-27]", days));
        var source = meeting.GetProperty("statements")[0].GetProperty("sources")[0];
        (source.GetProperty("paragraph").GetInt32(), source.GetProperty("sentence").GetInt32()).ShouldBe((3, 2));
        (await host.Http.Read($"/api/sources/{source.GetProperty("document").GetString()}")).Json.GetProperty("title").GetString().ShouldBe("Communiqué");

        async Task<int> Recorded() => (await host.Store.ReadAll(new() { After = head }, default).ToListAsync()).Count(e => !e.Stream.StartsWith("opening", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_recorded_is_what_the_interface_records_of_the_same_body()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "A document of its own kind", "published": "2026-01-28", "marking": "open"}""")).Reference;
        var form = await Open();
        form.With(("source.0.document", source!), ("date", "Tuesday"), ("kind", "talks"), ("partners.0", "Latvia"), ("home.0.description", "officers"), ("marking", "open"),
            ("statements.0.force", "intent"), ("statements.0.speaker", "partner"), ("statements.0.text", "Widen the areas."), ("statements.0.source.0.paragraph", "2"),
            ("statements.0.formulaic", "true"));
        await (await (await form.Press("check")).Press("record")).Follow();
        await host.Http.Record("/api/meetings", $$"""
            {"partners": ["LV"], "kind": "talks", "date": "2026-01-27", "dateAsGiven": "Tuesday", "home": [{"description": "officers"}], "marking": "open", "source": {"document": "{{source}}"},
             "statements": [{"force": "intent", "speaker": "LV", "text": "Widen the areas.", "formulaic": true, "source": {"document": "{{source}}", "paragraph": 2} }]}
            """);
        (await Bodies("LV-MTG-0001")).ShouldBe(await Bodies("LV-MTG-0002"));
        (await Bodies("LV-MTG-0001")).Count.ShouldBe(2);

        async Task<List<string>> Bodies(string reference) => [.. (await host.Http.Read($"/api/audit/records/{reference}")).Json.GetProperty("events").EnumerateArray()
            .Select(e => $"{e.GetProperty("type")} {e.GetProperty("body").GetRawText()} {(e.TryGetProperty("source", out var s) ? s.GetRawText() : "")} {e.GetProperty("marking")}")];
    }

    [Fact]
    public async Task A_choice_is_dropped_when_the_text_for_which_it_was_offered_has_changed()
    {
        foreach (var i in Enumerable.Range(0, 2)) await host.Http.Record("/api/people", """{"name": "Twice Namedperson", "country": "EE", "marking": "open"}""");
        var other = (await host.Http.Record("/api/people", """{"name": "Quite Otherwise", "country": "EE", "marking": "open"}""")).Reference;
        var form = (await Open()).With(("date", "2026-01-05"), ("kind", "talks"), ("partners.0", "EE"), ("partnerSide.0.person", "Twice Namedperson"));
        form = await form.Press("check");
        var first = form.Choices("partnerSide.0.person")[0];
        form = await form.With(("partnerSide.0.person~choice", first), ("partnerSide.0.person", "Quite Otherwise")).Press("check");
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        form["partnerSide.0.person~choice"].ShouldBe(other);
        form.Choices("partnerSide.0.person").ShouldNotContain(first);
        await (await form.Press("record")).Follow();
        (await host.Http.Read("/api/meetings/EE-MTG-0001")).Json.GetProperty("partnerSide")[0].GetProperty("person").GetString().ShouldNotBe(first);
    }

    [Fact]
    public async Task Nothing_is_recorded_that_was_not_checked_as_it_stands()
    {
        var form = (await Open()).With(("date", "2026-01-06"), ("kind", "talks"), ("partners.0", "Lithuania"));
        form = await form.Press("record");
        form.Status.ShouldBe(HttpStatusCode.OK);
        form.Said.ShouldContain(RecordingWords.CheckFirst.En);
        (await host.Http.Read("/api/meetings?partner=LT")).Items.ShouldBeEmpty();
        form = await form.With(("place", "Fez")).Press("record");
        form.Said.ShouldContain(RecordingWords.CheckFirst.En);
        (await host.Http.Read("/api/meetings?partner=LT")).Items.ShouldBeEmpty();
        await (await form.Press("record")).Follow();
        (await host.Http.Read("/api/meetings?partner=LT")).Items.Count.ShouldBe(1);

        var again = await (await Open()).With(("date", "2026-01-06"), ("kind", "talks"), ("partners.0", "Lithuania")).Press("check");
        again.Page.QuerySelector(".checked")!.TextContent.ShouldContain("LT-MTG-0001");
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Several_faults_are_listed_together_and_nothing_typed_is_lost(string language)
    {
        var form = (await Open("fr")).With(("date", "someday or other"), ("partners.0", "Atlantis"), ("place", "Ifrane"), ("reviewOn", "31/06/2026"),
            ("statements.0.text", "Kept words"), ("home.0.description", "officers"));
        form = await form.Press("again", $"{RecordingPages.Path}?lang={language}");
        form.Status.ShouldBe(HttpStatusCode.OK);
        form.Answer.Text.ShouldContain($"<html lang=\"{language}\"");
        form.Faults.ShouldBeEmpty();
        form = await form.Press("check");
        form.Status.ShouldBe(HttpStatusCode.BadRequest);
        form.Faults.Select(f => f.Field).ShouldBe(["date", "kind", "partners.0", "statements.0.force", "statements.0.speaker", "reviewOn"], ignoreOrder: true);
        form.Faults.First(f => f.Field == "date").Text.ShouldContain(In(language).Say(RecordingWords.DateUnread));
        form.Page.Title!.ShouldStartWith(In(language).Say(Web.Pages.Forms.FormWords.Error));
        foreach (var (field, value) in ((string, string)[])[("date", "someday or other"), ("partners.0", "Atlantis"), ("place", "Ifrane"), ("statements.0.text", "Kept words"), ("home.0.description", "officers")])
            form[field].ShouldBe(value);
        foreach (var (field, _) in form.Faults) form.Page.GetElementById($"f-{field}").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_new_person_is_recorded_with_the_name_protected_and_a_described_one_keeps_no_name()
    {
        var form = (await Open()).With(("date", "2026-01-07"), ("kind", "talks"), ("partners.0", "Malta"), ("partnerSide.0.person", "Unheard Ofname"), ("home.0.person", "Somebody Describedonly"), ("home.0.office.title", "Director"));
        form = await form.Press("check");
        form.Faults.Select(f => f.Field).ShouldBe(["home.0.person", "partnerSide.0.person"], ignoreOrder: true);
        form = await form.With(("partnerSide.0.person~choice", "~new"), ("home.0.person~choice", "~describe")).Press("check");
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        await (await form.Press("record")).Follow();
        var meeting = await host.Http.Read("/api/meetings/MT-MTG-0001");
        meeting.Text.ShouldNotContain("Describedonly");
        var person = meeting.Json.GetProperty("partnerSide")[0].GetProperty("person").GetString();
        (await host.Http.Read($"/api/people/{person}")).Text.ShouldContain("Unheard Ofname");
        await foreach (var e in host.Store.ReadAll(new())) JsonSerializer.Serialize(e.Event).ShouldNotContain("Describedonly");
    }

    [Fact]
    public async Task Items_are_added_and_removed_and_the_rest_stays()
    {
        var form = (await Open()).With(("statements.0.text", "first"));
        form = (await form.Press("add:statements")).With(("statements.1.text", "second"));
        form = await (await form.Press("add:statements.1.source")).Press("remove:statements.0");
        form["statements.0.text"].ShouldBeNull();
        form["statements.1.text"].ShouldBe("second");
        form.Page.QuerySelectorAll("fieldset.statement").Length.ShouldBe(1);
        form = await (await form.Press("add:home")).Press("add:partners");
        form.Page.QuerySelectorAll("[name^='home.'][name$='.person']").Length.ShouldBe(2);
        form["partnerSide.0.partner"].ShouldBe("", "with two partners it is said for whom somebody sat there");
    }

    [Fact]
    public async Task Only_a_recorder_reaches_the_form()
    {
        (await FilledForm.Open(host, http, RecordingPages.Path, "en", Role.Reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
