using System.Net;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages.Forms;

/// <summary>Somebody else changed the record while a form was open: both values are shown, and nothing typed or changed is lost.</summary>
public sealed class StaleFormTests(SeededHost host) : IClassFixture<SeededHost>
{
    async Task<string> Action() => (await host.Http.Record(
        "/api/actions", """{"partner":"DK","what":"Exchange lists","owedBy":"home","owner":"desk-3","due":"2026-03-01","topics":["CT"],"on":"2026-01-10"}""")).Reference!;

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Both_values_are_shown_and_what_was_left_alone_takes_the_new_one(string code)
    {
        var (action, l) = (await Action(), Language.All.Single(x => x.Code == code));
        var mine = new FilledForm((await host.Http.Read($"/actions/{action}/corrections?lang={code}")).Text, required: l.Say(FormWords.Required))
        {
            ["fields.owner"] = "desk-4", ["fields.what"] = "Exchange lists of names", ["reason"] = "The minutes",
        };
        await host.Second.Record($"/api/actions/{action}/corrections", """{"fields":{"due":"2026-05-02","owner":"desk-9","topics":["CT","LEG"]},"reason":"Heard in May"}""");

        var refused = await mine.Send(host.Http, "record", code);
        refused.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        var page = WebUtility.HtmlDecode(refused.Text);
        page.ShouldContain(l.Say(FormWords.ChangedMeanwhile));
        var note = page[page.IndexOf("id=\"meanwhile\"", StringComparison.Ordinal)..];
        note = note[..note.IndexOf("</section>", StringComparison.Ordinal)];
        note.ShouldContain("Heard in May", customMessage: "why it was changed");
        note.ShouldContain("second", customMessage: "by whom");
        note.ShouldContain("(Africa/Casablanca)", customMessage: "and when");
        note.ShouldContain($"<td dir=\"auto\">desk-3</td>\n                        <td dir=\"auto\">desk-4</td><td dir=\"auto\">desk-9</td>");
        note.ShouldContain(l.Say(FormWords.LeftAsItWas));
        note.ShouldNotContain("Exchange lists of names", customMessage: "nobody else changed it");

        var again = new FilledForm(refused.Text, required: l.Say(FormWords.Required));
        again["fields.owner"].ShouldBe("desk-4", "what was typed stays");
        again["fields.what"].ShouldBe("Exchange lists of names");
        again["reason"].ShouldBe("The minutes");
        again["fields.due"].ShouldBe("2026-05-02", "what was left as it was takes what stands");
        (await again.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var stands = (await host.Http.Read($"/api/actions/{action}")).Json;
        (stands.GetProperty("owner").GetString(), stands.GetProperty("due").GetString(), stands.GetProperty("what").GetString())
            .ShouldBe(("desk-4", "2026-05-02", "Exchange lists of names"));
        stands.GetProperty("topics").GetArrayLength().ShouldBe(2, "the other's change is not undone");
    }

    [Fact]
    public async Task A_follow_up_keeps_its_words_and_tells_what_happened_meanwhile()
    {
        var action = await Action();
        var mine = new FilledForm((await host.Http.Read($"/actions/{action}/follow-ups?lang=en")).Text) { ["note"] = "The list came by letter" };
        await host.Second.Record($"/api/actions/{action}/follow-ups", """{"note":"They telephoned","state":"reported-done"}""");
        var refused = await mine.Send(host.Http, "record");
        refused.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        WebUtility.HtmlDecode(refused.Text).ShouldContain("They telephoned");
        var again = new FilledForm(refused.Text);
        again["note"].ShouldBe("The list came by letter");
        (await again.Send(host.Http, "record")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }
}
