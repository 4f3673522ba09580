using System.Net;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Recording;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Recording;

/// <summary>What somebody stumbled over who recorded a first communiqué with nothing but the pages as guide.</summary>
public sealed class NewcomerTests(HostFixture host) : IClassFixture<HostFixture>
{
    readonly HttpClient http = host.Client(null);

    [Theory, InlineData("fr", "BE"), InlineData("en", "GA"), InlineData("ar", "MY")]
    public async Task A_first_meeting_is_recorded_with_every_step_said(string code, string partner)
    {
        var l = Language.All.Single(x => x.Code == code);
        var form = (await FilledForm.Open(host, http, RecordingPages.Path, code)).With(
            ("new.title", "Communiqué"), ("date", "2026-01-27"), ("kind", "working-meeting"), ("partners.0", partner), ("home.0.person", $"Home Somebody-{partner}"),
            ("home.0.office.title", "Director"), ("home.0.office.organisation", $"Bureau of {partner}"), ("partnerSide.0.person", $"Other Somebody-{partner}"),
            ("statements.0.text", "Set up a frame"), ("statements.0.force", "agreed-action"), ("statements.0.speaker", "joint"), ("statements.0.credibility", "2"), ("credibility", "3"));
        form = await form.Press("check");
        // Of which side, who is meant, and what to do.
        form.Faults.Select(f => f.Text).ShouldBe([
            Fault(RecordingWords.HomeParticipant, $"Home Somebody-{partner}"), Fault(RecordingWords.PartnerParticipant, $"Other Somebody-{partner}")], ignoreOrder: true);
        form.Said.ShouldContain(l.Say(RecordingWords.NoOrganisation, $"Bureau of {partner}"));
        form.Said.ShouldContain(l.Say(RecordingWords.ForceHint));
        form = await form.With(("home.0.person~choice", "~new"), ("partnerSide.0.person~choice", "~new")).Press("check");
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        foreach (var kind in (string[])["meeting", "action", "partnership"]) form.Page.QuerySelector(".checked")!.TextContent.ShouldContain($"{l.Say(FormWords.OfField, l.Say(FormWords.Kinds, kind), "").Trim()}");
        var recorded = await (await form.Press("record")).Follow();
        recorded.Said.ShouldContain("Set up a frame", customMessage: "what was recorded is named, not only numbered");
        recorded.Page.QuerySelector($"main a[href='{RecordingPages.Path}']").ShouldNotBeNull();

        var meeting = await host.Http.Read($"/api/meetings/{partner}-MTG-0001");
        meeting.Json.GetProperty("statements")[0].GetProperty("credibility").GetInt32().ShouldBe(2);
        var page = await recorded.Read($"/records/{partner}-MTG-0001");
        page.Said.ShouldContain($"Bureau of {partner}");
        page.Said.ShouldNotContain("Stream", Case.Sensitive);
        var followUp = await recorded.Read($"/actions/{partner}-ACT-0001/follow-ups");
        followUp.Said.ShouldContain("Set up a frame", customMessage: "of what the form is");
        followUp.Said.ShouldContain(l.Say(FormWords.TodayHint));
        followUp = await followUp.With(("note", "A draft came"), ("credibility", "4")).Press("record");
        followUp.Status.ShouldBe(HttpStatusCode.SeeOther, string.Join('\n', followUp.Faults));

        string Fault(Register.Vocabulary.Label participant, string name) => l.Say(
            FormWords.OfField, $"{l.Say(participant, 1)}{l.Comma}{l.Say(RecordingWords.Person)}", l.Say(RecordingWords.NobodyChosen, name));
    }
}

/// <summary>An empty register says where to begin.</summary>
public sealed class EmptyRegisterTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task It_leads_to_the_first_meeting(string code)
    {
        var page = await host.Http.Read($"/?lang={code}");
        WebUtility.HtmlDecode(page.Text).ShouldContain($"<a href=\"{RecordingPages.Path}\">{Language.All.Single(l => l.Code == code).Say(RecordingWords.First)}</a>");
        (await host.Http.Read($"/?lang={code}&status=signed")).Text.ShouldNotContain($"<a href=\"{RecordingPages.Path}\">{RecordingWords.First.En}</a>");
    }
}
