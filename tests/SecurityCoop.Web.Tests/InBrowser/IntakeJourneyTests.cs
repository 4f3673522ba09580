using Microsoft.Playwright;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Intake;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>An officer pastes a communiqué in a browser and records what it says, with scripts and without.</summary>
[Trait("Run", "long")]
public sealed class IntakeJourneyTests(HostFixture host, Browser browser) : IClassFixture<HostFixture>
{
    // The text is about Denmark; the second time another country stands in it, so that both runs record a first meeting.
    [Theory, InlineData("fr", true, "DK", "danoise"), InlineData("ar", false, "SE", "suédoise")]
    public async Task A_pasted_communique_shows_its_agreement_and_its_memorandum_at_their_sentences_and_leaves_the_partner_committed(
        string language, bool script, string partner, string adjective)
    {
        var l = Language.All.Single(x => x.Code == language);
        var text = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Intake", "fr-danemark.txt")))
            .Replace("danoise", adjective, StringComparison.Ordinal) + "\nIl neigeait ce jour-là à Ifrane.\n";
        var page = await browser.SignedIn(
            host, $"intake-{language}", new HashSet<Role> { Role.Reader, Role.Recorder }, script: script, locale: language);
        await page.GotoAsync($"{host.Address}/?lang={language}");
        await page.GotoAsync($"{host.Address}/intake");
        await page.FillAsync("[name='text']", text);
        await page.SelectOptionAsync("[name='known.marking']", "open");
        await Press(page, IntakePages.Read);

        foreach (var (force, words) in ((string, string)[])[("agreed-action", "cadre juridique"), ("planned-instrument", "mémorandum")])
        {
            var marked = page.Locator($".text mark.{force}");
            (await marked.CountAsync()).ShouldBe(1, force);
            (await marked.First.TextContentAsync())!.ShouldContain(words);
            // From the sentence to its statement in the form, which has that force, and back.
            await marked.First.Locator("xpath=following-sibling::a[@class='from']").First.ClickAsync();
            var item = page.Url[(page.Url.IndexOf('#', StringComparison.Ordinal) + 1)..];
            var statement = page.Locator($"[id='{item}']");
            (await Forced(statement)).ShouldBe(force);
            await statement.Locator(".about a[href^='#s-']").First.ClickAsync();
            var sentence = page.Url[(page.Url.IndexOf('#', StringComparison.Ordinal) + 1)..];
            (await page.Locator($"[id='{sentence}'] mark.{force}").CountAsync()).ShouldBe(1);
        }
        // Nothing is overlooked: what says nothing of cooperation is listed as such.
        (await page.TextContentAsync(".unused"))!.ShouldContain("Ifrane");

        // Who is named and not on file is described by the office.
        await Press(page, "check");
        foreach (var choice in await page.Locator("[name$='.person~choice'][value='~describe']").AllAsync()) await choice.CheckAsync();
        await Press(page, "check");
        await Press(page, "record");
        page.Url.ShouldContain("/recorded");
        (await page.TextContentAsync("main"))!.ShouldContain($"{partner}-MTG-0001");
        await page.GotoAsync($"{host.Address}/partnerships/{partner}");
        (await page.TextContentAsync(".badge"))!.ShouldContain(l.Say(Labels.PartnershipStatuses, "committed"));
        (await host.Http.Read($"/api/partnerships/{partner}?asOf=2026-02-01")).Json.GetProperty("status").GetString().ShouldBe("committed");
        await page.Context.DisposeAsync();
    }

    // Whether the form has a list of forces or a button for each.
    static async Task<string> Forced(ILocator statement)
    {
        var field = statement.Locator("[name$='.force']");
        return await field.First.EvaluateAsync<string>("e => e.tagName") == "SELECT" ? await field.InputValueAsync()
            : (await statement.Locator("[name$='.force']:checked").GetAttributeAsync("value"))!;
    }

    // Obsolete, since it races where one navigation follows another; a form leads to one page.
#pragma warning disable CS0612
    static async Task Press(IPage page, string step) =>
        await page.RunAndWaitForNavigationAsync(() =>
            page.ClickAsync($"main button[name='step'][value='{step}']:not([tabindex='-1']) >> nth=-1"));
#pragma warning restore CS0612
}
