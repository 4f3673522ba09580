using Microsoft.Playwright;
using Shouldly;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>Somebody at a page, who fills in forms as people do: with the mouse, or with the keyboard alone, from field to field with the tab key.</summary>
sealed class Officer(IPage page, bool keyboard)
{
    /// <summary>Follows a link.</summary>
    public async Task Follow(string selector)
    {
        if (!keyboard) await page.ClickAsync(selector);
        else
        {
            await TabTo(selector);
            await Leading(() => page.Keyboard.PressAsync("Enter"));
        }
    }

    /// <summary>Presses a form's button of this step. It leads to another page, or to the same form again.</summary>
    public async Task Press(string step)
    {
        var button = $"main button[name='step'][value='{step}']:not([tabindex='-1'])";
        if (!keyboard) await Leading(() => page.ClickAsync($"{button} >> nth=-1"));
        else
        {
            await TabTo(button);
            await Leading(() => page.Keyboard.PressAsync("Enter"));
        }
    }

    /// <summary>Writes into fields, by their names, in place of what stands there.</summary>
    public async Task Fill(params (string Name, string Text)[] fields)
    {
        foreach (var (name, text) in fields)
        {
            await Unfold(name);
            if (!keyboard) await page.FillAsync($"[name='{name}']", text);
            else
            {
                await TabTo($"[name='{name}']");
                await page.Keyboard.PressAsync("Control+a");
                await page.Keyboard.TypeAsync(text);
            }
        }
    }

    /// <summary>Chooses from lists and ticks, by the names of the fields.</summary>
    public async Task Choose(params (string Name, string Code)[] fields)
    {
        foreach (var (name, code) in fields)
        {
            await Unfold(name);
            var field = page.Locator($"[name='{name}']").First;
            var isList = await field.EvaluateAsync<string>("e => e.tagName") == "SELECT";
            if (keyboard && isList) await ArrowTo(name, code);
            else if (keyboard)
            {
                await TabTo($"[name='{name}'][value='{code}']");
                await page.Keyboard.PressAsync("Space");
            }
            else if (isList) await field.SelectOptionAsync(code);
            else await page.CheckAsync($"[name='{name}'][value='{code}']");
        }
    }

    /// <summary>The page says this.</summary>
    public async Task Shows(string text) => (await page.TextContentAsync("main"))!.ShouldContain(text);

    /// <summary>Goes on with the tab key until what this selects has the focus.</summary>
    public async Task TabTo(string selector)
    {
        for (var i = 0; i < 250; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("s => document.activeElement !== null && document.activeElement.matches(s)", selector)) return;
        }
        throw new Xunit.Sdk.XunitException($"The tab key does not lead to {selector} on {page.Url}.");
    }

    // From the first choice downwards, as the arrow key goes.
    async Task ArrowTo(string name, string code)
    {
        await TabTo($"[name='{name}']");
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < 300 && await page.InputValueAsync($"[name='{name}']") != code; i++) await page.Keyboard.PressAsync("ArrowDown");
        (await page.InputValueAsync($"[name='{name}']")).ShouldBe(code);
    }

    // What stands folded away is unfolded as a reader would.
    async Task Unfold(string name)
    {
        var folded = page.Locator($"details:not([open]):has([name='{name}']) > summary");
        if (await folded.CountAsync() == 0) return;
        if (!keyboard) await folded.First.ClickAsync();
        else
        {
            await TabTo($"details:not([open]):has([name='{name}']) > summary");
            await page.Keyboard.PressAsync("Enter");
        }
    }

    // Obsolete, since it races where one navigation follows another; a form leads to one page.
#pragma warning disable CS0612
    Task Leading(Func<Task> act) => page.RunAndWaitForNavigationAsync(act);
#pragma warning restore CS0612
}
