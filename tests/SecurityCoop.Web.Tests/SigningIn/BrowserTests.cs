using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>
/// The provider's journey in a browser. The register is at 127.0.0.1 and the provider at localhost: two sites, so that the browser keeps
/// cookies from each other's requests as it would in an office.
/// </summary>
[Collection(ProviderCollection.Name)]
[Trait("Run", "long")]
public sealed class BrowserTests(ProviderHost host, Browser browser)
{
    [Fact]
    public async Task A_newcomer_signs_in_is_given_a_role_by_the_administrator_records_and_stands_in_the_auditors_list()
    {
        await using var newcomer = await browser.New();
        var page = await newcomer.NewPageAsync();
        await SignIn(page, "newcomer-in-browser");
        await page.GetByRole(AriaRole.Heading, new() { Name = "You are signed in, but have no role yet." }).WaitForAsync();
        var subject = (await page.Locator("#subject").TextContentAsync())!;

        await using var administrator = await browser.New();
        var users = await SignInWithToken(administrator, "administrator", Role.Administrator);
        await users.GotoAsync($"{host.Address}/administration/users/{subject}?lang=en");
        (await users.Locator("main").TextContentAsync())!.ShouldContain("New Comer");
        await users.Locator("form[action$='/roles'] [name=role][value=recorder]").CheckAsync();
        await users.Locator("form[action$='/roles'] button").ClickAsync();
        await users.WaitForURLAsync(url => url.Contains("/administration/users/USR-", StringComparison.Ordinal));
        (await users.Locator("form[action$='/roles'] [name=role][value=recorder]").IsCheckedAsync()).ShouldBeTrue();

        await page.GotoAsync(host.Address + "/?lang=en");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new("^Status of partnerships on") }).WaitForAsync();
        await page.ClickAsync("nav a[href='/meetings/new']");
        await page.FillAsync("[name='date']", "27/01/2026");
        await page.FillAsync("[name='partners.0']", "Sweden");
        await page.SelectOptionAsync("[name='kind']", "talks");
        // A newcomer's clearance is open: what is marked higher, as a record is by default, they would not see themselves.
        var folded = page.Locator("details:not([open]):has([name='marking']) > summary");
        if (await folded.CountAsync() > 0) await folded.First.ClickAsync();
        await page.SelectOptionAsync("[name='marking']", "open");
        await Press(page, "check");
        await Press(page, "record");
        await page.WaitForURLAsync(url => url.Contains("/recorded", StringComparison.Ordinal));
        const string reference = "SE-MTG-0001";
        (await page.Locator("main").TextContentAsync())!.ShouldContain(reference);

        await using var auditor = await browser.New();
        var history = await SignInWithToken(auditor, "auditor", Role.Auditor);
        await history.GotoAsync($"{host.Address}/records/{reference}?lang=en");
        (await history.Locator("main").TextContentAsync())!.ShouldContain(subject);
        await host.Services.GetRequiredService<AccessTrace>().Flush(default);
        await history.GotoAsync($"{host.Address}/api/audit/events?type=access_signed_in&limit=500");
        (await history.ContentAsync()).ShouldContain(subject);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_both_ends()
    {
        await using var context = await browser.New();
        var page = await context.NewPageAsync();
        await SignIn(page, "desk");
        await page.GotoAsync(host.Address + "/sessions?lang=en");
        await page.GetByText("(this session)").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(host.Provider.Issuer, StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await page.WaitForURLAsync(host.Address + "/sign-in");
        await page.GotoAsync(host.Address + "/");
        await page.GetByRole(AriaRole.Heading, new() { Name = "You need to sign in." }).WaitForAsync();
        await page.GotoAsync(host.Address + "/sign-in/provider");
        await page.Locator("[name=password]").WaitForAsync(); // Signed in there no longer.
    }

    [Fact]
    public async Task Who_is_sent_to_sign_in_again_comes_back_to_the_page_and_gives_the_password()
    {
        await using var context = await browser.New();
        var page = await context.NewPageAsync();
        await SignIn(page, "desk");
        await page.GotoAsync(host.Address + "/sign-in/provider?again=true&return=/calendar");
        await Login(page, "desk");
        await page.WaitForURLAsync(host.Address + "/calendar");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
    }

    [Fact]
    public async Task An_ID_token_for_another_audience_signs_nobody_in()
    {
        await using var context = await browser.New();
        var page = await context.NewPageAsync();
        await Begin(page);
        await Login(page, "elsewhere");
        await page.GetByText("did not succeed").WaitForAsync();
        (await context.CookiesAsync([host.Address])).ShouldNotContain(c => c.Name == "securitycoop");
    }

    [Fact]
    public async Task An_expired_session_leads_to_the_sign_in_and_back_without_a_password_while_one_is_signed_in_there()
    {
        await using var context = await browser.New();
        var page = await context.NewPageAsync();
        await SignIn(page, "desk");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        var session = (await context.CookiesAsync([host.Address])).Single(c => c.Name == "securitycoop").Value;
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(session)));
        await host.Ask<Guid>($"update register.access_token set expires_at = now() where token_hash = '\\x{hash}' returning id");
        host.Clock.Pass(TimeSpan.FromSeconds(10));

        await page.GotoAsync(host.Address + "/calendar");
        await page.GetByRole(AriaRole.Heading, new() { Name = "You need to sign in." }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in by the office’s identity provider" }).ClickAsync();
        await page.WaitForURLAsync(host.Address + "/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Calendrier" }).WaitForAsync();
    }

    [Fact]
    public async Task A_session_that_the_provider_ends_has_ended_here_too()
    {
        await using var context = await browser.New();
        var page = await context.NewPageAsync();
        await SignIn(page, "desk");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();

        // At the provider itself, as after another application's sign-out; it tells the register without the browser.
        var there = await context.NewPageAsync();
        await there.GotoAsync(host.Provider.Issuer + "/session/end");
        await there.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await there.WaitForURLAsync(url => url.Contains("/session/end/success", StringComparison.Ordinal));

        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "You need to sign in." }).WaitForAsync();
    }

    static Task Press(IPage page, string step) =>
        page.ClickAsync($"main button[name='step'][value='{step}']:not([tabindex='-1']) >> nth=-1");

    // A person clicks the way through, from the page that a stranger sees.
    async Task SignIn(IPage page, string login)
    {
        await Begin(page);
        await Login(page, login);
        await page.WaitForURLAsync(host.Address + "/");
    }

    async Task Begin(IPage page)
    {
        await page.GotoAsync(host.Address + "/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in by the office’s identity provider" }).ClickAsync();
    }

    static async Task Login(IPage page, string login)
    {
        await page.Locator("[name=login]").FillAsync(login);
        await page.Locator("[name=password]").FillAsync("any");
        await page.Locator("form button[type=submit], form input[type=submit]").First.ClickAsync();
    }

    async Task<IPage> SignInWithToken(IBrowserContext context, string subject, Role role)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Address + "/sign-in");
        await page.Locator("[name=token]").FillAsync(await host.NewToken(subject, Marking.Secret, role));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(host.Address + "/");
        return page;
    }
}
