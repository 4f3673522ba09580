using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages.Forms;

/// <summary>Every form that gives a command: it is filled in as a browser without script would, checked, and recorded.</summary>
public sealed class CommandFormTests(SeededHost host) : IClassFixture<SeededHost>
{
    // Commands without a form of this kind, each with its reason.
    static readonly Dictionary<Type, string> others = new()
    {
        [typeof(RecordMeeting)] = "a page of its own, in the communiqué's order",
    };

    public static TheoryData<string> Patterns => [.. CommandForms.All.Select(f => f.Pattern)];

    [Fact]
    public void Every_command_has_a_form_or_stands_in_a_list_with_its_reason()
    {
        var all = Setup.Features.SelectMany(f => f).Select(c => c.Message).Where(m => m.Namespace?.Contains(".Access", StringComparison.Ordinal) != true).ToList();
        all.Except(CommandForms.All.Select(f => f.Message)).Except(others.Keys).ShouldBeEmpty();
        CommandForms.All.Select(f => f.Message).Intersect(others.Keys).ShouldBeEmpty();
        CommandForms.All.Select(f => f.Pattern).Distinct().Count().ShouldBe(CommandForms.All.Count);
    }

    [Theory, MemberData(nameof(Patterns))]
    public async Task A_form_is_filled_in_checked_and_recorded(string pattern)
    {
        var form = CommandForms.All.Single(f => f.Pattern == pattern);
        var world = new FormWorld(host);
        var record = form.UponRecord ? await world.Record(form) : null;
        var http = world.ClientOf(form);

        foreach (var language in Language.All)
        {
            var page = (await http.Read($"{form.Address(record)}?lang={language.Code}")).Text;
            page.ShouldBeAPageIn(language.Code);
            WebUtility.HtmlDecode(page).ShouldContain($"<h1>{language.Say(form.Title)}</h1>");
        }

        var read = await http.Read($"{form.Address(record)}?lang=en{await world.Query(form)}");
        read.Status.ShouldBe(HttpStatusCode.OK, read.Text);
        var filled = new FilledForm(read.Text);
        await world.Fill(form, filled);
        var before = await host.Head();
        var check = await filled.Send(http, "check");
        check.Status.ShouldBe(HttpStatusCode.OK, $"{pattern}: {Fault(check)}");
        check.Text.ShouldContain("class=\"checked\"");
        (await Recorded(before)).ShouldBe(0);

        var recorded = await filled.Send(http, "record");
        recorded.Status.ShouldBe(HttpStatusCode.SeeOther, $"{pattern}: {Fault(recorded)}");
        (await Recorded(before)).ShouldBeGreaterThan(0);
        (await http.Read(recorded.Headers.Location!.OriginalString)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_shows_its_fault_beside_the_field_and_keeps_what_was_typed()
    {
        var filled = new FilledForm((await host.Http.Read("/actions/new?lang=en")).Text) { ["what"] = "Exchange lists", ["due"] = "someday or other" };
        filled["partner"] = "Denmark";
        filled["owedBy"] = "home";
        var answer = await filled.Send(host.Http, "record");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldContain("href=\"#f-due\"");
        answer.Text.ShouldContain("id=\"f-due-fault\"");
        answer.Text.ShouldContain("<title>Error: ");
        new FilledForm(answer.Text)["what"].ShouldBe("Exchange lists");
        new FilledForm(answer.Text)["due"].ShouldBe("someday or other");
    }

    [Fact]
    public async Task Only_acts_that_the_order_of_the_world_allows_are_offered_and_earlier_ones_are_one_link_away()
    {
        var world = new FormWorld(host);
        var instrument = await world.Fresh(RecordKinds.Instrument);
        await host.Http.Record($"/api/instruments/{instrument}/acts", """{"kind":"abandoned","on":"2026-01-20"}""");
        var offered = new FilledForm((await host.Http.Read($"/instruments/{instrument}/acts?lang=en")).Text).Choices["kind"];
        offered.ShouldNotContain("signed");
        offered.ShouldContain("negotiation-reopened");
        new FilledForm((await host.Http.Read($"/instruments/{instrument}/acts?earlier=true&lang=en")).Text).Choices["kind"].Count.ShouldBe(Labels.InstrumentActs.Count);
    }

    [Fact]
    public async Task A_form_is_there_for_nobody_who_may_not_give_its_command_and_upon_no_record_that_is_hidden()
    {
        var world = new FormWorld(host);
        using var reader = await host.As(Marking.Secret, Role.Reader);
        using var open = await host.As(Marking.Open, Role.Recorder);
        var action = await world.Fresh(RecordKinds.Action);
        foreach (var form in CommandForms.All)
        {
            var refused = await reader.Read(form.Address(form.UponRecord ? action : null));
            refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        }
        var (hidden, absent) = (await open.Read($"/actions/{action}/drop"), await open.Read("/actions/DK-ACT-9999/drop"));
        hidden.Status.ShouldBe(HttpStatusCode.NotFound);
        absent.Status.ShouldBe(HttpStatusCode.NotFound);
        hidden.Text.Replace(action, "DK-ACT-9999", StringComparison.Ordinal).ShouldBe(absent.Text);
    }

    [Fact]
    public async Task Both_records_stand_side_by_side_before_they_are_merged()
    {
        var one = (await host.Http.Record("/api/organisations", """{"names":{"en":"Border service"},"country":"DK"}""")).Reference!;
        var other = (await host.Http.Record("/api/organisations", """{"names":{"en":"Frontier service"},"country":"DK"}""")).Reference!;
        var filled = new FilledForm((await host.Http.Read($"/organisations/{one}/merges?lang=en")).Text) { ["into"] = other, ["reason"] = "One service" };
        var check = WebUtility.HtmlDecode((await filled.Send(host.Http, "check")).Text);
        check.ShouldContain("<caption>Both records</caption>");
        check.ShouldContain("Border service");
        check.ShouldContain("Frontier service");
        check.ShouldContain($"<td dir=\"auto\">{one}</td><td dir=\"auto\">{other}</td>");
    }

    // Events of records; that somebody read or was shown something is recorded too.
    async Task<int> Recorded(long after) => (await host.Http.Read($"/news?after={after}")).Json.GetProperty("positions").GetArrayLength();

    static string Fault(Answer answer) => System.Text.RegularExpressions.Regex.Match(answer.Text, "class=\"faults\".*?</div>", System.Text.RegularExpressions.RegexOptions.Singleline).Value is { Length: > 0 } fault
        ? fault : answer.Text[..Math.Min(answer.Text.Length, 600)];
}
