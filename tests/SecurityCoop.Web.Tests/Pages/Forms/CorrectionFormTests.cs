using System.Net;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages.Forms;

/// <summary>Corrections on the page: what is recorded stands beside what is to be, and only what differs is sent.</summary>
public sealed class CorrectionFormTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task Only_what_differs_is_sent_and_what_is_emptied_is_cleared()
    {
        var action = (await host.Http.Record("/api/actions", """{"partner":"DK","what":"Exchange lists","owedBy":"home","owner":"desk-3","due":"2026-03-01","topics":["CT"],"on":"2026-01-10"}""")).Reference!;
        var filled = new FilledForm((await host.Http.Read($"/actions/{action}/corrections?lang=en")).Text) { ["fields.due"] = "27/03/2026", ["fields.owner"] = "", ["reason"] = "The minutes say so" };
        filled["fields.what"].ShouldBe("Exchange lists");
        var check = await filled.Send(host.Http, "check");
        check.Status.ShouldBe(HttpStatusCode.OK, check.Text);
        check.Text.ShouldContain("<td dir=\"auto\">1 March 2026</td>");
        check.Text.ShouldContain("<td dir=\"auto\">desk-3</td><td dir=\"auto\">(empty)</td>");
        (await filled.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var history = (await host.Http.Read($"/api/audit/records/{action}")).Json.GetProperty("events");
        history[history.GetArrayLength() - 1].GetProperty("explained").EnumerateArray().Select(f => f.GetProperty("field").GetString()).Order(StringComparer.Ordinal)
            .ShouldBe(["due", "dueAsGiven", "owner"]);
    }

    [Fact]
    public async Task Nothing_changed_changes_nothing()
    {
        var filled = new FilledForm((await host.Http.Read("/meetings/DK-MTG-0001/corrections?lang=en")).Text) { ["reason"] = "…" };
        var check = await filled.Send(host.Http, "check");
        check.Status.ShouldBe(HttpStatusCode.BadRequest);
        check.Text.ShouldContain("class=\"faults\"");
    }

    [Fact]
    public async Task A_participant_is_changed_and_the_others_stay()
    {
        var meeting = (await host.Http.Record("/api/meetings",
            """{"partners":["DK"],"kind":"working-meeting","date":"2026-01-10","home":[{"description":"a delegation"},{"office":{"title":"Director"}}]}""")).Reference!;
        var filled = new FilledForm((await host.Http.Read($"/meetings/{meeting}/corrections?lang=en")).Text) { ["fields.home.1.office.title"] = "Director general", ["reason"] = "…" };
        (await filled.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var home = (await host.Http.Read($"/api/meetings/{meeting}")).Json.GetProperty("home");
        home.GetArrayLength().ShouldBe(2);
        home[0].GetProperty("description").GetString().ShouldBe("a delegation");
        home[1].GetProperty("office").GetProperty("title").GetString().ShouldBe("Director general");
    }

    [Fact]
    public async Task A_statement_is_corrected_by_itself_and_each_item_has_its_link()
    {
        var page = WebUtility.HtmlDecode((await host.Http.Read("/meetings/DK-MTG-0001/corrections?lang=en")).Text);
        var link = System.Text.RegularExpressions.Regex.Match(page, "<a href=\"(/meetings/DK-MTG-0001/corrections\\?of=[^\"]+)\"[^>]*>Statement 1").Groups[1].Value;
        link.ShouldNotBeEmpty();
        var filled = new FilledForm((await host.Http.Read($"{link}&lang=en")).Text) { ["fields.region"] = "Europe", ["reason"] = "…" };
        (await filled.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await host.Http.Read("/api/meetings/DK-MTG-0001")).Json.GetProperty("statements")[0].GetProperty("said").GetProperty("region").GetString().ShouldBe("Europe");
    }

    [Fact]
    public void Every_field_that_can_be_changed_has_words()
    {
        foreach (var kind in new[]
        {
            typeof(Register.Meetings.MeetingDetails), typeof(Register.Actions.ActionDetails), typeof(Register.Instruments.InstrumentDetails), typeof(Register.Partnerships.PartnershipDetails),
            typeof(Register.People.PersonDetails), typeof(Register.Organisations.OrganisationDetails), typeof(Register.Sources.SourceDetails), typeof(Register.Occasions.OccasionDetails),
            typeof(Register.Meetings.Statement), typeof(Register.Instruments.Act), typeof(Register.Instruments.Term), typeof(Register.Meetings.Participant), typeof(Register.Meetings.Office),
        })
            foreach (var field in Register.RegisterJson.Options.GetTypeInfo(kind).Properties) FieldWords.Has(field.Name).ShouldBeTrue($"{kind.Name}.{field.Name}");
    }

    [Fact]
    public async Task A_protected_text_stands_on_no_form()
    {
        var person = (await host.Http.Record("/api/people", """{"name":"A. B."}""")).Reference!;
        var action = (await host.Http.Record("/api/actions", """{"partner":"DK","what":"Exchange lists","owedBy":"home","on":"2026-01-10"}""")).Reference!;
        var note = (await host.Http.Record($"/api/actions/{action}/follow-ups", $$"""{"note":"a protected sentence","protectFor":"{{person}}"}""")).Json.GetProperty("events")[0].GetProperty("id").GetString();
        var page = (await host.Http.Read($"/actions/{action}/corrections?of={note}&lang=en")).Text;
        page.ShouldNotContain("a protected sentence");
        new FilledForm(page).Names.ShouldNotContain("fields.note");
    }
}
