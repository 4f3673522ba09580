using System.Text.RegularExpressions;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Tests.Description;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>
/// What a screen reader is told of the main pages, as Chromium's accessibility tree has it: badge, date field, picker, timeline, table. Read a change here as
/// its listener would; `UPDATE_DOCS=1 ./test -class '*AccessibilityTreeTests'` writes the files anew.
/// </summary>
[Collection(nameof(InChromium))]
[Trait("Run", "long")]
public sealed partial class AccessibilityTreeTests(SeededHost host, Browser browser)
{
    [Theory]
    [InlineData("partnership", "fr", "/partnerships/DK"), InlineData("partnership", "ar", "/partnerships/DK")]
    [InlineData("recording", "en", null), InlineData("actions", "fr", "/actions?partner=DK"), InlineData("action", "ar", "/records/DK-ACT-0001")]
    public async Task A_page_reads_as_its_file_says(string name, string language, string? path)
    {
        var page = await browser.SignedIn(host, $"listener-{language}", new HashSet<Role> { Role.Reader, Role.Recorder }, locale: language);
        if (path is null) await ScreenshotTests.FillIn(page, host, language);
        else await page.GotoAsync(host.In(language, path));
        var tree = await page.Locator("main").AriaSnapshotAsync();
        // What is recorded is stamped with the real day, and other tests of this host record too.
        var l = Language.All.Single(x => x.Code == language);
        for (var day = -1; day <= 1; day++) tree = tree.Replace(l.Say(DateOnly.FromDateTime(DateTime.UtcNow.AddDays(day))), "(today)", StringComparison.Ordinal);
        tree = Id().Replace(Position().Replace(Time().Replace(tree, "(time)"), "@N"), "(id)");
        Documents.ShouldBeUpToDate($"tests/SecurityCoop.Web.Tests/InBrowser/trees/{name}-{language}.yaml", tree + "\n", "-class '*AccessibilityTreeTests'");
        await page.Context.DisposeAsync();
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")] private static partial Regex Id();
    [GeneratedRegex(@"@\d+")] private static partial Regex Position();
    [GeneratedRegex(@"\b\d\d:\d\d(:\d\d)?\b")] private static partial Regex Time();
}
