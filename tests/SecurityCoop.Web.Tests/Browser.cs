using Microsoft.Playwright;
using SecurityCoop.Web.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]

namespace SecurityCoop.Web.Tests;

/// <summary>Chromium without a window, one for the run; each test takes a context of its own, with cookies of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    static readonly string[] places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

    readonly SemaphoreSlim one = new(1);
    IPlaywright? playwright;
    IBrowser? browser;

    /// <summary>A new context in English; dispose it. Without Chromium the test is skipped, in CI it fails.</summary>
    public async Task<IBrowserContext> New()
    {
        await one.WaitAsync();
        try
        {
            browser ??= await Start();
        }
        finally
        {
            one.Release();
        }
        var context = await browser.NewContextAsync(new() { Locale = "en-GB" });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    async Task<IBrowser> Start()
    {
        var program = places.FirstOrDefault(File.Exists);
        if (program is null)
        {
            var ci = Environment.GetEnvironmentVariable("CI") == "true";
            if (ci) throw new FileNotFoundException("Chromium is not there: ./test installs it.");
            Assert.Skip("Chromium is not there. Debian: apt-get install chromium.");
        }
        playwright = await Playwright.CreateAsync();
        // As root, as in a container, Chromium has no sandbox of its own.
        string[] arguments = Environment.UserName == "root" ? ["--no-sandbox"] : [];
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        one.Dispose();
    }
}
