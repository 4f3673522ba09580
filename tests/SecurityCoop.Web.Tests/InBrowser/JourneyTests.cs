using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>What an officer does in a day, in a browser: in three languages, with scripts and without, and once with the keyboard alone.</summary>
public sealed partial class JourneyTests(HostFixture host, Browser browser) : IClassFixture<HostFixture>
{
    static readonly HashSet<Role> officer = [Role.Reader, Role.Recorder];

    [Theory]
    [InlineData("fr", true, "PT", "Portugal"), InlineData("fr", false, "IE", "Irlande")]
    [InlineData("en", true, "SE", "Sweden"), InlineData("en", false, "LU", "Luxembourg")]
    [InlineData("ar", true, "CY", "قبرص"), InlineData("ar", false, "MT", "مالطا")]
    public async Task A_meeting_is_recorded_followed_up_corrected_and_its_memorandum_signed(string language, bool script, string partner, string typed)
    {
        var l = Language.All.Single(x => x.Code == language);
        var page = await browser.SignedIn(host, $"officer-{language}-{script}", officer, script: script, locale: language);
        await page.GotoAsync($"{host.Address}/?lang={language}");

        // Record: the form leads on by itself.
        await page.ClickAsync("nav a[href='/meetings/new']");
        await Fill(page, ("date", "27/01/2026"), ("partners.0", typed), ("home.0.office.title", "Director"), ("statements.0.text", "Set up a working group."));
        await page.SelectOptionAsync("[name='kind']", "working-meeting");
        await Choose(page, ("statements.0.force", "agreed-action"), ("statements.0.speaker", "joint"));
        await page.ClickAsync("[name='step'][value='add:statements']");
        await Choose(page, ("statements.1.force", "planned-instrument"), ("statements.1.speaker", "joint"), ("statements.1.instrument.kind", "mou"));
        await Fill(page, ("statements.1.instrument.title", "Memorandum"));
        await Press(page, "check");
        await Press(page, "record");
        page.Url.ShouldContain("/recorded");
        await Shows(page, l.Say(Labels.PartnershipStatuses, "committed"));
        var recorded = (await host.Store.Head()).Size;

        // Follow up, from the partnership's page.
        await page.GotoAsync($"{host.Address}/partnerships/{partner}");
        await page.ClickAsync($"a[href='/actions/{partner}-ACT-0001/follow-ups']");
        await Fill(page, ("note", "The group met."));
        await Press(page, "record");
        await page.GotoAsync($"{host.Address}/records/{partner}-ACT-0001");
        await Shows(page, "The group met.");

        // Correct the date; without a reason it is refused, and nothing typed is lost.
        await page.GotoAsync($"{host.Address}/meetings/{partner}-MTG-0001/corrections");
        await Fill(page, ("fields.date", "28/01/2026"));
        await Press(page, "record");
        (await page.TitleAsync()).ShouldStartWith(l.Say(FormWords.Error));
        (await page.InputValueAsync("[name='fields.date']")).ShouldBe("28/01/2026");
        await Fill(page, ("reason", "The communiqué says Wednesday."));
        await Press(page, "record");
        await page.GotoAsync($"{host.Address}/records/{partner}-MTG-0001");
        await Shows(page, l.Say(new DateOnly(2026, 1, 28)));
        await Shows(page, "The communiqué says Wednesday.");

        // Sign: both sides on one day.
        await page.GotoAsync($"{host.Address}/instruments/{partner}-INS-0001/acts");
        await page.SelectOptionAsync("[name='kind']", "signed");
        await Fill(page, ("on", "30/01/2026"));
        await Press(page, "record");
        await page.GotoAsync($"{host.Address}/partnerships/{partner}");
        var now = await page.TextContentAsync(".badge");
        now!.ShouldNotContain(l.Say(Labels.PartnershipStatuses, "committed"));
        await Shows(page, $"{partner}-INS-0001");

        // Back in time: what was known before; nothing is recorded in the past.
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"{host.Address}/partnerships/{partner}?knownAt=@{recorded}"));
        (await page.TextContentAsync(".badge"))!.ShouldContain(l.Say(Labels.PartnershipStatuses, "committed"));
        (await page.Locator("main form[method='post']").CountAsync()).ShouldBe(0);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_follow_up_is_recorded_with_the_keyboard_alone()
    {
        var action = await host.Http.Record("/api/actions", """{"partner": "HU", "what": "Exchange lists", "owedBy": "both", "marking": "open"}""");
        var page = await browser.SignedIn(host, "keyboard", officer);
        await page.GotoAsync($"{host.Address}/records/{action.Reference}?lang=en");
        await TabTo(page, $"a[href='/actions/{action.Reference}/follow-ups']");
        await Enter(page);
        await TabTo(page, "[name='note']");
        await page.Keyboard.TypeAsync("Lists were exchanged.");
        await TabTo(page, "form.command button[value='check']:not([tabindex='-1'])");
        await Enter(page);
        await TabTo(page, "form.command button[value='record']");
        await Enter(page);
        page.Url.ShouldContain("/recorded");
        (await host.Http.Read($"/api/actions/{action.Reference}")).Json.GetProperty("followUps")[0].GetProperty("note").GetString().ShouldBe("Lists were exchanged.");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task What_was_typed_stays_when_the_language_changes_and_no_script_that_was_typed_runs()
    {
        const string attack = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>\"'><svg onload=window.ran=1>javascript:window.ran=1";
        var page = await browser.SignedIn(host, "attacker", officer);
        await page.GotoAsync($"{host.Address}/meetings/new?lang=en");
        await Fill(page, ("date", "27/01/2026"), ("place", attack), ("partners.0", "Slovenia"), ("statements.0.text", attack));
        await page.ClickAsync("button[name='step'][lang='ar']");
        (await page.GetAttributeAsync("html", "dir")).ShouldBe("rtl");
        (await page.InputValueAsync("[name='place']")).ShouldBe(attack);
        (await page.InputValueAsync("[name='statements.0.text']")).ShouldBe(attack);
        await page.SelectOptionAsync("[name='kind']", "talks");
        await Choose(page, ("statements.0.force", "discussed"), ("statements.0.speaker", "joint"));
        await Press(page, "record");
        if (!page.Url.Contains("/recorded", StringComparison.Ordinal)) await Press(page, "record");
        page.Url.ShouldContain("/recorded");
        foreach (var path in new[] { "/recorded", "/records/SI-MTG-0001", "/partnerships/SI", "/meetings", "/search?q=window.ran", "/" })
        {
            if (path != "/recorded") await page.GotoAsync(host.Address + path);
            (await page.EvaluateAsync<bool>("window.ran === undefined")).ShouldBeTrue(path);
        }
        await page.GotoAsync($"{host.Address}/records/SI-MTG-0001");
        await Shows(page, attack);
        await page.Context.DisposeAsync();
    }

    [Theory, InlineData("fr"), InlineData("ar")]
    public async Task A_partnership_is_printed_as_a_tagged_document(string language)
    {
        await host.Http.Record("/api/meetings", $$"""{"partners": ["{{(language == "fr" ? "RS" : "ME")}}"], "kind": "talks", "date": "2026-01-20", "marking": "open"}""");
        var page = await browser.SignedIn(host, $"printer-{language}", officer, locale: language);
        await page.GotoAsync($"{host.Address}/partnerships/{(language == "fr" ? "RS" : "ME")}?lang={language}");
        var pdf = System.Text.Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true, Tagged = true }));
        pdf.ShouldContain("/MarkInfo");
        pdf.ShouldContain($"/Lang ({language})");
        // A4, in points.
        MediaBox().Match(pdf).Groups[1].Value.ShouldStartWith("59");
        await page.Context.DisposeAsync();
    }

    [GeneratedRegex(@"/MediaBox \[0 0 (\d+)")] private static partial Regex MediaBox();

    static async Task Shows(IPage page, string text) => (await page.TextContentAsync("main"))!.ShouldContain(text);

    // Obsolete, since it races where one navigation follows another; a form leads to one page.
#pragma warning disable CS0612
    static async Task Press(IPage page, string step) =>
        await page.RunAndWaitForNavigationAsync(() => page.ClickAsync($"main button[name='step'][value='{step}']:not([tabindex='-1']) >> nth=-1"));

    static async Task Enter(IPage page) => await page.RunAndWaitForNavigationAsync(() => page.Keyboard.PressAsync("Enter"));
#pragma warning restore CS0612

    static async Task Fill(IPage page, params (string Name, string Text)[] fields)
    {
        foreach (var (name, text) in fields)
        {
            await Unfold(page, name);
            await page.FillAsync($"[name='{name}']", text);
        }
    }

    static async Task Choose(IPage page, params (string Name, string Code)[] fields)
    {
        foreach (var (name, code) in fields)
        {
            await Unfold(page, name);
            var field = page.Locator($"[name='{name}']");
            if (await field.First.EvaluateAsync<string>("e => e.tagName") == "SELECT") await field.SelectOptionAsync(code);
            else await page.CheckAsync($"[name='{name}'][value='{code}']");
        }
    }

    // What stands folded away is unfolded as a reader would.
    static async Task Unfold(IPage page, string name)
    {
        var folded = page.Locator($"details:not([open]):has([name='{name}']) > summary");
        if (await folded.CountAsync() > 0) await folded.First.ClickAsync();
    }

    static async Task TabTo(IPage page, string selector)
    {
        for (var i = 0; i < 150; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("s => document.activeElement !== null && document.activeElement.matches(s)", selector)) return;
        }
        throw new Xunit.Sdk.XunitException($"The tab key does not lead to {selector}.");
    }
}
