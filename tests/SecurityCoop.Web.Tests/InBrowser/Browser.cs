using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
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

    /// <summary>A new context; dispose it. Without Chromium the test is skipped, in CI it fails.</summary>
    /// <param name="script">Whether pages may run scripts.</param>
    /// <param name="dark">Whether its user prefers dark pages.</param>
    public async Task<IBrowserContext> New(bool script = true, string locale = "en-GB", bool dark = false)
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
        var context = await browser.NewContextAsync(new()
        {
            Locale = locale, JavaScriptEnabled = script, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(60_000);
        return context;
    }

    /// <summary>A page of a new context in which somebody is signed in.</summary>
    public async Task<IPage> SignedIn(
        HostFixture host, string subject, IReadOnlySet<Role> roles, Marking clearance = Marking.Secret, bool script = true, string locale = "en-GB", bool dark = false)
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, _) = await tokens.Create(subject, roles, clearance, "test", null, default);
        var context = await New(script, locale, dark);
        await context.AddCookiesAsync([new() { Name = SignIn.Cookie, Value = (await tokens.CreateSession(id, default))!.Value.Token, Url = host.Address }]);
        return await context.NewPageAsync();
    }

    async Task<IBrowser> Start()
    {
        var program = places.FirstOrDefault(File.Exists);
        if (program is null)
        {
            var ci = Environment.GetEnvironmentVariable("CI") == "true";
            if (ci) throw new FileNotFoundException("Chromium is not there: ./test-long installs it.");
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
