using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>
/// What axe finds on every page (WCAG 2.2, A and AA), and what it misses: text cut off or spilled, a focus that nobody sees, shapes lost with the colours.
/// </summary>
[Collection(nameof(InChromium))]
[Trait("Run", "long")]
public sealed class AccessibilityTests(SeededHost host, Browser browser)
{
    static readonly string axe = new BundledAxeScriptProvider().GetScript();

    // target-size runs only where its tag is named. What was not found is not reported, which is most of what axe does.
    const string RunAxe = """
        () => axe.run(document, {
            runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, resultTypes: ['violations'], preload: false,
        }).then(found => found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`))
        """;

    static readonly HashSet<Role> everyRole = [.. Enum.GetValues<Role>()];

    [Theory, InlineData("fr", false), InlineData("en", true), InlineData("ar", false)]
    public async Task No_page_has_a_fault_that_axe_finds(string language, bool dark)
    {
        var page = await SignedIn(language, dark);
        await NoFaults(page, SitePages.ByTurns(language, turn: 0), language, async () =>
        {
            await page.EvaluateAsync($"() => {{ {axe} }}");
            return await page.EvaluateAsync<string[]>(RunAxe);
        });
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Nothing_is_cut_off_in_a_window_of_320_pixels_with_the_readers_own_spacing_or_with_letters_of_twice_the_size(string language)
    {
        var page = await SignedIn(language);
        await NoFaults(page, SitePages.All.Where(p => language != "en").Concat(SitePages.ByTurns(language, turn: 1)), language, async () =>
        {
            var faults = new List<string>();
            await page.SetViewportSizeAsync(320, 640);
            await Look("320 pixels", Measures.Width, Measures.Clipped);
            await page.EvaluateAsync(Measures.SpaceText);
            await Look("320 pixels, spaced", Measures.Width, Measures.Clipped);
            await page.SetViewportSizeAsync(1280, 720);
            await Look("spaced", Measures.Width, Measures.Clipped);
            await page.EvaluateAsync(Measures.DoubleText);
            await Look("200 %", Measures.Width, Measures.Clipped);
            return faults;

            async Task Look(string how, params string[] measures)
            {
                foreach (var measure in measures) faults.AddRange((await page.EvaluateAsync<string[]>(measure)).Select(f => $"{how}: {f}"));
            }
        });
    }

    [Theory, InlineData("fr", false), InlineData("en", false), InlineData("ar", true)]
    public async Task Whatever_takes_the_focus_shows_it_and_text_says_its_language_and_shapes_remain_without_colours(string language, bool dark)
    {
        var page = await SignedIn(language, dark);
        await NoFaults(page, SitePages.ByTurns(language, turn: 2), language, async () =>
        {
            await page.Keyboard.PressAsync("Tab");
            var faults = new List<string>(await page.EvaluateAsync<string[]>(Measures.Focus));
            faults.AddRange(await page.EvaluateAsync<string[]>(Measures.Languages));
            await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
            await page.Keyboard.PressAsync("Tab");
            foreach (var measure in (string[])[Measures.ForcedColours, Measures.Focus])
                faults.AddRange((await page.EvaluateAsync<string[]>(measure)).Select(f => $"forced colours: {f}"));
            await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.None });
            return faults;
        });
    }

    [Theory, InlineData("fr", "/partnerships/DK"), InlineData("en", "/meetings/new"), InlineData("ar", "/")]
    public async Task The_tab_key_leads_through_a_page_in_its_own_order(string language, string path)
    {
        var page = await SignedIn(language);
        await page.GotoAsync(host.In(language, path));
        var places = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var place = await page.EvaluateAsync<int>(
                "() => document.activeElement === document.body ? -1 : [...document.querySelectorAll('*')].indexOf(document.activeElement)");
            if (place < 0) break;
            // A date has a stop for its day, its month and its year.
            if (places.Count == 0 || places[^1] != place) places.Add(place);
        }
        places.Count.ShouldBeGreaterThan(20);
        places.ShouldBeInOrder();
        places.ShouldBeUnique();
        await page.Context.DisposeAsync();
    }

    Task<IPage> SignedIn(string language, bool dark = false) => browser.SignedIn(host, $"look-{language}", everyRole, locale: language, dark: dark);

    // Goes to each page, looks at it, and says every fault of all of them.
    async Task NoFaults(IPage page, IEnumerable<string> paths, string language, Func<Task<IReadOnlyList<string>>> look)
    {
        var faults = new List<string>();
        foreach (var path in paths.Distinct())
        {
            await page.GotoAsync(host.In(language, path));
            faults.AddRange((await look()).Select(f => $"{path}: {f}"));
        }
        faults.ShouldBeEmpty();
        await page.Context.DisposeAsync();
    }
}
