using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web;

/// <summary>The address under which people and their programs reach the register, for addresses that are handed out: behind a proxy the host itself does not see it.</summary>
public sealed class PublicAddress
{
    readonly string? given;

    /// <param name="configured">Register:Address; null: that of each request.</param>
    /// <exception cref="StartRefused">It is no address of the web, or one with a query.</exception>
    public PublicAddress(string? configured)
    {
        if (string.IsNullOrEmpty(configured)) return;
        if (!Uri.TryCreate(configured, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query != "" || uri.Fragment != "" || uri.UserInfo != "")
            throw new StartRefused($"Register__Address: {configured} is no address such as https://register.example.");
        given = uri.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>Without a slash at its end.</summary>
    public string Of(HttpRequest request) => given ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
