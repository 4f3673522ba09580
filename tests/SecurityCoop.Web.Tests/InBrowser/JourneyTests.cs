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

/// <summary>What an officer does in a day, in a browser: in three languages, with scripts and without, with the mouse and with the keyboard alone.</summary>
[Collection(nameof(InChromium))]
[Trait("Run", "long")]
public sealed partial class JourneyTests(SeededHost host, Browser browser)
{
    static readonly HashSet<Role> roles = [Role.Reader, Role.Recorder];

    // With a script by the keyboard alone, without one by the mouse.
    [Theory]
    [InlineData("fr", true, "PT", "Portugal"), InlineData("fr", false, "IE", "Irlande")]
    [InlineData("en", true, "SE", "Sweden"), InlineData("en", false, "LU", "Luxembourg")]
    [InlineData("ar", true, "CY", "قبرص"), InlineData("ar", false, "MT", "مالطا")]
    public async Task A_meeting_is_recorded_followed_up_corrected_and_its_memorandum_signed(string language, bool script, string partner, string typed)
    {
        var l = Language.All.Single(x => x.Code == language);
        await using var context = await browser.New(script, language);
        var page = await context.NewPageAsync();
        var officer = new Officer(page, keyboard: script);

        // Sign in, with an access token.
        await page.GotoAsync($"{host.Address}/?lang={language}");
        (await page.Locator("main#content").CountAsync()).ShouldBe(0);
        await officer.TabTo("[name='token']");
        await page.Keyboard.TypeAsync(await host.NewToken($"officer-{partner}", Marking.Secret, [.. roles]));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("main#content").WaitForAsync();
        await page.GotoAsync($"{host.Address}/?lang={language}");

        // Record: the form leads on by itself.
        await officer.Follow("nav a[href='/meetings/new']");
        await officer.Fill(("date", "27/01/2026"));
        await officer.Choose(("kind", "working-meeting"));
        await officer.Fill(("home.0.office.title", "Director"), ("partners.0", typed), ("statements.0.text", "Set up a working group."));
        await officer.Choose(("statements.0.force", "agreed-action"), ("statements.0.speaker", "joint"));
        await officer.Press("add:statements");
        await officer.Choose(("statements.1.force", "planned-instrument"), ("statements.1.speaker", "joint"), ("statements.1.instrument.kind", "mou"));
        await officer.Fill(("statements.1.instrument.title", "Memorandum"));
        await officer.Press("check");
        await officer.Press("record");
        page.Url.ShouldContain("/recorded");
        await officer.Shows(l.Say(Labels.PartnershipStatuses, "committed"));
        var recorded = (await host.Store.Head()).Size;

        // Follow up, from the partnership's page.
        await page.GotoAsync($"{host.Address}/partnerships/{partner}");
        await officer.Follow($"a[href='/actions/{partner}-ACT-0001/follow-ups']");
        await officer.Fill(("note", "The group met."));
        await officer.Press("record");
        await page.GotoAsync($"{host.Address}/records/{partner}-ACT-0001");
        await officer.Shows("The group met.");

        // Correct the date; without a reason it is refused, and nothing typed is lost.
        await page.GotoAsync($"{host.Address}/meetings/{partner}-MTG-0001/corrections");
        await officer.Fill(("fields.date", "28/01/2026"));
        await officer.Press("record");
        (await page.TitleAsync()).ShouldStartWith(l.Say(FormWords.Error));
        (await page.InputValueAsync("[name='fields.date']")).ShouldBe("28/01/2026");
        await officer.Fill(("reason", "The communiqué says Wednesday."));
        await officer.Press("record");
        await page.GotoAsync($"{host.Address}/records/{partner}-MTG-0001");
        await officer.Shows(l.Say(new DateOnly(2026, 1, 28)));
        await officer.Shows("The communiqué says Wednesday.");

        // Sign: both sides on one day. The status changes, and says why.
        await page.GotoAsync($"{host.Address}/instruments/{partner}-INS-0001/acts");
        await officer.Choose(("kind", "signed"));
        await officer.Fill(("on", "30/01/2026"));
        await officer.Press("record");
        await page.GotoAsync($"{host.Address}/partnerships/{partner}");
        (await page.TextContentAsync(".badge"))!.ShouldNotContain(l.Say(Labels.PartnershipStatuses, "committed"));
        (await page.TextContentAsync("section[aria-labelledby='why']"))!.ShouldContain($"{partner}-INS-0001");

        // Back in time: what was known before; nothing is recorded in the past.
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"{host.Address}/partnerships/{partner}?knownAt=@{recorded}"));
        (await page.TextContentAsync(".badge"))!.ShouldContain(l.Say(Labels.PartnershipStatuses, "committed"));
        (await page.Locator("main form[method='post']").CountAsync()).ShouldBe(0);
    }

    [Theory, InlineData("fr", true, "EE", "Estonie"), InlineData("ar", false, "LV", "لاتفيا")]
    public async Task A_list_is_tried_with_a_fault_beside_its_row_and_recorded_when_there_is_none(string language, bool script, string partner, string typed)
    {
        var l = Language.All.Single(x => x.Code == language);
        var page = await browser.SignedIn(host, $"importer-{language}", roles, script: script, locale: language);
        var officer = new Officer(page, keyboard: false);
        await page.GotoAsync(host.In(language, "/import"));
        await Upload($"Partner,What,Owed by,Due\n{typed},Exchange lists,Us,27/01/2027\nAtlantis,Exchange more,Us,\n");
        (await page.TitleAsync()).ShouldStartWith(l.Say(FormWords.Error));
        var rows = page.Locator("table.list tbody tr");
        (await rows.CountAsync()).ShouldBe(2);
        (await rows.Nth(0).Locator(".fault").CountAsync()).ShouldBe(0);
        (await rows.Nth(1).Locator(".fault").InnerTextAsync()).ShouldContain("Atlantis");
        (await page.Locator("button[value='record']").CountAsync()).ShouldBe(0);

        await Upload($"Partner,What,Owed by,Due\n{typed},Exchange lists,Us,27/01/2027\n{typed},Exchange more,Us,\n");
        await officer.Press("record");
        // Rows are recorded side by side: which of them has which number is not said before.
        await rows.Nth(1).Locator($"a[href^='/records/{partner}-ACT-']").ClickAsync();
        await officer.Shows("Exchange more");
        (await host.Http.Read($"/api/actions?partner={partner}")).Items.Count.ShouldBe(2);
        await page.Context.DisposeAsync();

        async Task Upload(string csv)
        {
            await page.SetInputFilesAsync("[name='file']", new FilePayload { Name = "list.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(csv) });
            await officer.Choose(("kind", "action"));
            await officer.Press("check");
        }
    }

    [Fact]
    public async Task What_was_typed_stays_when_the_language_changes_and_no_script_that_was_typed_runs()
    {
        const string attack = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>\"'><svg onload=window.ran=1>javascript:window.ran=1";
        var page = await browser.SignedIn(host, "attacker", roles);
        var officer = new Officer(page, keyboard: false);
        await page.GotoAsync($"{host.Address}/meetings/new?lang=en");
        await officer.Fill(("date", "27/01/2026"), ("place", attack), ("partners.0", "Slovenia"), ("statements.0.text", attack));
        await page.ClickAsync("button[name='step'][lang='ar']");
        (await page.GetAttributeAsync("html", "dir")).ShouldBe("rtl");
        (await page.InputValueAsync("[name='place']")).ShouldBe(attack);
        (await page.InputValueAsync("[name='statements.0.text']")).ShouldBe(attack);
        await page.SelectOptionAsync("[name='kind']", "talks");
        await officer.Choose(("statements.0.force", "discussed"), ("statements.0.speaker", "joint"));
        await officer.Press("record");
        if (!page.Url.Contains("/recorded", StringComparison.Ordinal)) await officer.Press("record");
        page.Url.ShouldContain("/recorded");
        foreach (var path in new[] { "/recorded", "/records/SI-MTG-0001", "/partnerships/SI", "/meetings", "/search?q=window.ran", "/" })
        {
            if (path != "/recorded") await page.GotoAsync(host.Address + path);
            (await page.EvaluateAsync<bool>("window.ran === undefined")).ShouldBeTrue(path);
        }
        await page.GotoAsync($"{host.Address}/records/SI-MTG-0001");
        await officer.Shows(attack);
        await page.Context.DisposeAsync();
    }

    [Theory, InlineData("fr"), InlineData("ar")]
    public async Task A_partnership_is_printed_as_a_tagged_document(string language)
    {
        await host.Http.Record("/api/meetings", $$"""{"partners": ["{{(language == "fr" ? "RS" : "ME")}}"], "kind": "talks", "date": "2026-01-20", "marking": "open"}""");
        var page = await browser.SignedIn(host, $"printer-{language}", roles, locale: language);
        await page.GotoAsync($"{host.Address}/partnerships/{(language == "fr" ? "RS" : "ME")}?lang={language}");
        var pdf = System.Text.Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true, Tagged = true }));
        pdf.ShouldContain("/MarkInfo");
        pdf.ShouldContain($"/Lang ({language})");
        // A4, in points.
        MediaBox().Match(pdf).Groups[1].Value.ShouldStartWith("59");
        await page.Context.DisposeAsync();
    }

    [GeneratedRegex(@"/MediaBox \[0 0 (\d+)")] private static partial Regex MediaBox();
}
