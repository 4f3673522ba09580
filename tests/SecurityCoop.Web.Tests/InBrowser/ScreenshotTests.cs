using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Playwright;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>
/// The pictures of docs/pages.md, from the seeds: `UPDATE_DOCS=1 ./test -class '*ScreenshotTests'` makes them anew. That takes Noto Sans, Noto Sans Arabic and
/// pdftoppm (Debian: fonts-noto-core, poppler-utils); fonts differ from machine to machine, so that pictures are not compared.
/// </summary>
public sealed class ScreenshotTests(TestPostgres postgres, Browser browser)
{
    const string Folder = "docs/images";
    const int Largest = 150 << 10;

    /// <param name="Height">How much of the page is shown.</param>
    sealed record Picture(
        string Name, string Language, string Path, int Width = 1280, int Height = 960, bool Dark = false, bool Form = false, bool Printed = false);

    static readonly Picture[] pictures =
    [
        new("where-we-stand-fr", "fr", "/"),
        new("partnership-en", "en", "/partnerships/DK", Height: 700),
        new("partnership-ar", "ar", "/partnerships/DK", Height: 680),
        new("recording-fr", "fr", "", Form: true, Height: 1110),
        new("actions-en-dark", "en", "/actions", Dark: true),
        new("record-ar", "ar", "/records/DK-MTG-0001", Height: 1100),
        new("partnership-fr-320", "fr", "/partnerships/PK", Width: 320, Height: 1240),
        new("printed-fr", "fr", "/partnerships/DK", Printed: true),
    ];

    [Fact]
    public async Task The_pages_documentation_shows_them_in_eight_pictures()
    {
        if (Documents.Update) await Make();
        var text = await File.ReadAllTextAsync(Path.Combine(Documents.Root, "docs", "pages.md"));
        foreach (var picture in pictures)
        {
            text.ShouldContain($"](images/{picture.Name}.png)");
            var png = await File.ReadAllBytesAsync(Path.Combine(Documents.Root, Folder, $"{picture.Name}.png"));
            png.Length.ShouldBeInRange(10 << 10, Largest, picture.Name);
            // The width stands after the signature, the length and the name of the header (PNG, 11.2.2).
            if (!picture.Printed) BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(picture.Width, picture.Name);
        }
    }

    async Task Make()
    {
        Directory.CreateDirectory(Path.Combine(Documents.Root, Folder));
        await using var host = new SeededHost(postgres);
        await host.InitializeAsync();
        foreach (var picture in pictures)
        {
            var roles = new HashSet<Role> { Role.Reader, Role.Recorder };
            var page = await browser.SignedIn(host, "Desk officer", roles, locale: picture.Language, dark: picture.Dark);
            await page.SetViewportSizeAsync(picture.Width, picture.Height);
            if (picture.Form) await FillIn(page, host, picture.Language);
            else await page.GotoAsync(host.In(picture.Language, picture.Path));
            var file = Path.Combine(Documents.Root, Folder, $"{picture.Name}.png");
            if (picture.Printed) await Print(page, file);
            else await page.ScreenshotAsync(new() { Path = file });
            await page.Context.DisposeAsync();
        }
    }

    /// <summary>A communiqué that is recorded, as far as the check: its date is asked about.</summary>
    internal static async Task FillIn(IPage page, SeededHost host, string language)
    {
        await page.GotoAsync(host.In(language, "/meetings/new"));
        var officer = new Officer(page, keyboard: false);
        await officer.Fill(("date", "26-27/01/2026"), ("place", "Rabat"), ("partners.0", "DK"), ("home.0.office.title", "Directeur"));
        await officer.Fill(("statements.0.text", "Créer un groupe de travail."));
        await officer.Choose(("kind", "working-meeting"), ("statements.0.force", "agreed-action"), ("statements.0.speaker", "joint"));
        await officer.Press("check");
    }

    static async Task Print(IPage page, string file)
    {
        var folder = Directory.CreateTempSubdirectory("printed-").FullName;
        try
        {
            var pdf = Path.Combine(folder, "printed.pdf");
            await page.PdfAsync(new() { Path = pdf, PreferCSSPageSize = true, Tagged = true });
            using var drawn = Process.Start("pdftoppm", ["-r", "96", "-png", "-singlefile", pdf, file[..^".png".Length]]);
            await drawn.WaitForExitAsync();
            drawn.ExitCode.ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
