using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;

namespace SecurityCoop.Web.Tests.Recording;

/// <summary>A page with its form, as a browser without script fills it in and sends it.</summary>
sealed class FilledForm
{
    readonly HttpClient http;
    readonly (string, string)[] headers;
    readonly IHtmlFormElement? form;
    readonly List<KeyValuePair<string, string>> fields = [];

    FilledForm(HttpClient http, (string, string)[] headers, Answer answer)
    {
        // As a browser keeps the cookie of the language.
        var language = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.FirstOrDefault(c => c.StartsWith("lang=", StringComparison.Ordinal))?[5..7] : null;
        if (language is not null) headers = [.. headers.Select(h => h.Item1 == "Cookie" ? (h.Item1, $"{h.Item2[..h.Item2.LastIndexOf("lang=", StringComparison.Ordinal)]}lang={language}") : h)];
        (this.http, this.headers, Answer) = (http, headers, answer);
        Page = new HtmlParser().ParseDocument(answer.Text);
        form = Page.QuerySelector<IHtmlFormElement>("form#command");
        foreach (var element in form?.QuerySelectorAll("input, select, textarea") ?? Enumerable.Empty<IElement>())
        {
            var name = element.GetAttribute("name")!;
            if (element is IHtmlInputElement { Type: "radio" or "checkbox" } box)
            {
                if (box.IsChecked) fields.Add(new(name, box.Value));
            }
            else if (element is not IHtmlInputElement { Type: "file" })
                fields.Add(new(name, element switch { IHtmlInputElement i => i.Value, IHtmlTextAreaElement t => t.Value, IHtmlSelectElement s => s.Value ?? "", _ => "" }));
        }
    }

    public Answer Answer { get; }
    public IHtmlDocument Page { get; }
    public HttpStatusCode Status => Answer.Status;

    /// <summary>What the page says, without its markup.</summary>
    public string Said => Page.Body!.TextContent;

    /// <summary>The errors that the summary lists: the field that each leads to, and what it says.</summary>
    public IReadOnlyList<(string? Field, string Text)> Faults =>
        [.. Page.QuerySelectorAll(".faults li").Select(li => (li.QuerySelector("a")?.GetAttribute("href")?.Replace("#f-", "", StringComparison.Ordinal), li.TextContent.Trim()))];

    public string? this[string field] => fields.Where(f => f.Key == field).Select(f => f.Value).FirstOrDefault();

    /// <summary>The values that can be chosen for a name that was typed.</summary>
    public IReadOnlyList<string> Choices(string field) => [.. Page.QuerySelectorAll($"input[name='{field}~choice']").Select(i => i.GetAttribute("value")!)];

    public static async Task<FilledForm> Open(HostFixture host, HttpClient http, string address, string language, params Role[] roles)
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, _) = await tokens.Create($"desk-{Guid.NewGuid():N}", roles.Length == 0 ? [Role.Recorder] : roles.ToHashSet(), Marking.Confidential, "test", null, default);
        (string, string)[] headers = [("Cookie", $"{SignIn.Cookie}={(await tokens.CreateSession(id, default))!.Value.Token}; lang={language}"), ("Sec-Fetch-Site", "same-origin")];
        return new(http, headers, await http.Read(address, headers));
    }

    /// <summary>Fills fields in.</summary>
    public FilledForm With(params (string Name, string Value)[] given)
    {
        foreach (var (name, value) in given)
        {
            form!.QuerySelector($"[name='{name}']").ShouldNotBeNull($"no field {name}");
            fields.RemoveAll(f => f.Key == name);
            fields.Add(new(name, value));
        }
        return this;
    }

    /// <summary>Ticks one of several boxes of a name.</summary>
    public FilledForm Tick(string name, params string[] values)
    {
        fields.RemoveAll(f => f.Key == name);
        foreach (var value in values)
        {
            form!.QuerySelector($"input[name='{name}'][value='{value}']").ShouldNotBeNull($"no {name} {value}");
            fields.Add(new(name, value));
        }
        return this;
    }

    /// <summary>Presses the button of this value, and reads the page that comes of it.</summary>
    /// <param name="address">Where another language sends it; null: where the form says.</param>
    public async Task<FilledForm> Press(string step, string? address = null)
    {
        Page.QuerySelector($"button[name='step'][value='{step}']").ShouldNotBeNull($"no button {step}");
        var content = new FormUrlEncodedContent(fields.Append(new("step", step)));
        return new(http, headers, await http.Send(HttpMethod.Post, address ?? form!.GetAttribute("action")!, content, headers));
    }

    /// <summary>The page to which the answer leads.</summary>
    public async Task<FilledForm> Follow()
    {
        Status.ShouldBe(HttpStatusCode.SeeOther, string.Join('\n', Faults));
        return new(http, headers, await http.Read(Answer.Headers.Location!.ToString(), headers));
    }

    public async Task<FilledForm> Read(string address) => new(http, headers, await http.Read(address, headers));
}
