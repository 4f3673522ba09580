using System.Net;
using System.Text.Json;
using SecurityCoop.Web.Intake;
using SecurityCoop.Web.Tests.Recording;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Intake;

/// <summary>An officer pastes a text, sees what is proposed beside its sentences, and records it, in a browser without script.</summary>
public sealed class IntakePageTests(HostFixture host) : IClassFixture<HostFixture>
{
    readonly HttpClient http = host.Client(null);

    static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Intake", name));

    async Task<FilledForm> Read(string text, string language = "en", string date = "")
    {
        var form = await FilledForm.Open(host, http, IntakePages.Path, language);
        form.Status.ShouldBe(HttpStatusCode.OK);
        return await form.With(("text", text), ("known.date", date), ("known.marking", "open")).Press(IntakePages.Read);
    }

    // Nobody of whom only the name is known is identified.
    static async Task<FilledForm> Described(FilledForm form)
    {
        foreach (var field in form.Faults.Select(f => f.Field).OfType<string>().Where(f => f.EndsWith(".person", StringComparison.Ordinal)))
        {
            form.With(($"{field}~choice", "~describe"));
            if (form[field.Replace(".person", ".office.title", StringComparison.Ordinal)]!.Length == 0) form.With((field.Replace(".person", ".description", StringComparison.Ordinal), "not named"));
        }
        return await form.Press("check");
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task A_pasted_text_is_proposed_corrected_and_recorded(string language)
    {
        var form = await Read(Text("fr-danemark.txt"), language);
        form.Status.ShouldBe(HttpStatusCode.OK);
        form["new.title"].ShouldNotBeNullOrEmpty();
        form["kind"].ShouldNotBeNullOrEmpty();
        var marked = form.Page.QuerySelectorAll(".text mark").Select(m => m.ClassName!).ToList();
        marked.ShouldContain(m => m.Contains("agreed-action", StringComparison.Ordinal));
        marked.ShouldContain(m => m.Contains("planned-instrument", StringComparison.Ordinal));
        // Each leads to the other.
        foreach (var link in form.Page.QuerySelectorAll(".text a.from, .unused a, .statement > .about a"))
            form.Page.GetElementById(link.GetAttribute("href")![1..]).ShouldNotBeNull(link.OuterHtml);
        form.Page.QuerySelectorAll(".text a.from").Length.ShouldBeGreaterThan(1);

        form = await Described(await form.Press("check"));
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        form.Page.QuerySelector(".checked").ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_recorded_points_at_its_sentences_and_leaves_the_partner_committed_and_a_second_text_is_a_further_source()
    {
        var form = await Described(await (await Read(Text("fr-danemark.txt"))).Press("check"));
        form.Status.ShouldBe(HttpStatusCode.OK, string.Join('\n', form.Faults));
        (await (await form.Press("record")).Follow()).Said.ShouldContain("DK-MTG-0001");
        (await host.Http.Read("/api/partnerships/DK?asOf=2026-02-01")).Json.GetProperty("status").GetString().ShouldBe("committed");
        var meeting = (await host.Http.Read("/api/meetings/DK-MTG-0001")).Json;
        var source = meeting.GetProperty("statements")[0].GetProperty("sources")[0];
        var paragraphs = (await host.Http.Record("/api/intake", JsonSerializer.Serialize(new { communique = Text("fr-danemark.txt") }))).Json.GetProperty("sentences");
        paragraphs.EnumerateArray().Select(s => s.GetProperty("sha256").GetString()).ShouldContain(source.GetProperty("sha256").GetString());
        await foreach (var e in host.Store.ReadAll(new())) JsonSerializer.Serialize(e.Event).ShouldNotContain(Text("fr-danemark.txt")[..60]);

        // The same told again, and one thing more.
        var more = Text("fr-danemark.txt").TrimEnd() + "\nLes deux parties ont également convenu de créer un groupe de travail sur la cybercriminalité.\n";
        var document = (await host.Http.Record("/api/sources", """{"title": "Another text", "marking": "open"}""")).Reference;
        var proposed = (await host.Http.Record("/api/intake", JsonSerializer.Serialize(new { communique = more, document, marking = "open" }))).Json.GetProperty("meetings")[0];
        var further = proposed.GetProperty("furtherSource");
        further.GetProperty("of").GetString().ShouldBe("DK-MTG-0001");
        var commands = further.GetProperty("commands").EnumerateArray().ToList();
        commands.Select(c => c.GetProperty("post").GetString()).ShouldBe(["/api/meetings/DK-MTG-0001/reports", "/api/meetings/DK-MTG-0001/statements"]);
        commands[1].GetProperty("body").GetProperty("statements").EnumerateArray().Select(s => s.GetProperty("force").GetString()).ShouldContain("agreed-action");

        var before = meeting.GetProperty("statements").GetArrayLength();
        form = await Read(more);
        form.Said.ShouldContain("DK-MTG-0001");
        var page = await (await form.Press(IntakePages.Further)).Follow();
        page.Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read("/api/meetings?partner=DK")).Items.Count.ShouldBe(1, "no second meeting");
        meeting = (await host.Http.Read("/api/meetings/DK-MTG-0001")).Json;
        meeting.GetProperty("statements").GetArrayLength().ShouldBe(before + commands[1].GetProperty("body").GetProperty("statements").GetArrayLength());
        meeting.GetProperty("reports")[0].GetProperty("readings").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Each_meeting_of_a_text_has_its_form_one_after_another()
    {
        var form = await Read(Text("fr-ambassadeurs.txt"));
        form.Said.ShouldContain("Meeting 1 of");
        var first = form["partners.0"];
        form = await form.Press(IntakePages.Skip);
        form.Said.ShouldContain("Meeting 2 of");
        form["partners.0"].ShouldNotBe(first);
    }

    [Fact]
    public async Task A_text_that_cannot_be_read_is_refused_on_the_page_and_nothing_typed_is_lost()
    {
        var form = await FilledForm.Open(host, http, IntakePages.Path, "en");
        form = await form.With(("known.publisher", "Press office")).Press(IntakePages.Read);
        form.Status.ShouldBe(HttpStatusCode.BadRequest);
        form.Page.QuerySelector("[role='alert']")!.TextContent.ShouldNotBeEmpty();
        form["known.publisher"].ShouldBe("Press office");
    }
}
