using System.Net;
using System.Text.RegularExpressions;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>Cookies, redirects and forms, as a browser has them, without a browser.</summary>
public sealed partial class Visitor : IDisposable
{
    readonly CookieContainer cookies = new();
    readonly SocketsHttpHandler handler;
    readonly Uri address;

    /// <param name="address">Another host's than the fixture's own; null: that one.</param>
    public Visitor(ProviderHost host, string? address = null)
    {
        this.address = new(address ?? host.Address);
        handler = new() { CookieContainer = cookies, AllowAutoRedirect = true };
        Http = new(handler) { BaseAddress = this.address };
        Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public HttpClient Http { get; }

    /// <summary>The session's token.</summary>
    public string? Session => cookies.GetCookies(address).FirstOrDefault(c => c.Name == "securitycoop")?.Value;

    /// <summary>Signs in by the provider; the answer of the register, or where the way ended.</summary>
    public async Task<HttpResponseMessage> SignIn(string login, string query = "")
    {
        using var form = await Http.GetAsync("/sign-in/provider" + query);
        var page = await form.Content.ReadAsStringAsync();
        // Whoever is signed in there comes straight back.
        if (LoginForm().Match(page) is not { Success: true } action)
            return new(form.StatusCode) { Content = new StringContent(page), RequestMessage = form.RequestMessage };
        using var fields = new FormUrlEncodedContent([new("prompt", "login"), new("login", login), new("password", "any")]);
        return await Http.PostAsync(new Uri(form.RequestMessage!.RequestUri!, action.Groups[1].Value), fields);
    }

    /// <summary>Asks for a page, as a browser does.</summary>
    public Task<Answer> Page(string path) => Http.Read(path, ("Accept", "text/html"));

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("<form[^>]*action=\"([^\"]*/interaction/[^\"]*)\"")]
    private static partial Regex LoginForm();
}
