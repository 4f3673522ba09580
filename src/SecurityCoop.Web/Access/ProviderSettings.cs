using System.Globalization;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>How people and programs sign in by the office's own OpenID provider: `Register:Oidc`.</summary>
/// <param name="Authority">The provider's issuer; its discovery document stands below it.</param>
/// <param name="ClientSecret">Null: the register is a public client, which proves itself by PKCE alone.</param>
/// <param name="Audience">What programs' tokens must be made for; null: none is accepted.</param>
/// <param name="TokenTypes">The `typ` that a program's token may have.</param>
/// <param name="Idle">A session that nobody used for so long ends.</param>
/// <param name="Absolute">A session ends so long after its user proved who they are.</param>
/// <param name="Recent">What needs a recent sign-in takes a session whose user proved who they are within this time.</param>
public sealed record ProviderSettings(
    Uri Authority, string ClientId, string? ClientSecret, string? Audience, IReadOnlyList<string> TokenTypes, IReadOnlyList<string> Scopes,
    ClaimMapping Claims, TimeSpan Idle, TimeSpan Absolute, TimeSpan Recent)
{
    const string Section = "Register:Oidc", Example = "https://login.office.example/realms/office";

    static readonly string[] known =
    [
        "Authority", "ClientId", "ClientSecret", "ClientSecretFile", "Audience", "TokenTypes", "Scopes", "NameClaim", "RolesClaim",
        "ClearanceClaim", "GroupsClaim", "Roles", "Clearance", "Groups", "IdleMinutes", "SessionHours", "RecentMinutes",
    ];

    /// <summary>The issuer as tokens name it.</summary>
    public string Issuer => Authority.OriginalString.TrimEnd('/');

    /// <summary>The settings; null where no provider is configured.</summary>
    /// <exception cref="StartRefused">A setting is missing, unknown or cannot be used; the line names it.</exception>
    public static ProviderSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var given = section.GetChildren().ToList();
        if (given.Count == 0) return null;
        if (given.FirstOrDefault(s => !known.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { } odd)
            throw new StartRefused($"{Name(odd)} is no setting; there are {string.Join(", ", known)}.");
        var (audience, client) = (Given(section, "Audience"), Required(section, "ClientId", "the register's client id at the provider"));
        return new(
            AuthorityOf(section), client, Secret(section), audience, Types(section, audience, client), Scope(section), Mapping(section),
            TimeSpan.FromMinutes(Number(section, "IdleMinutes", 30, 1440)), TimeSpan.FromHours(Number(section, "SessionHours", 10, 168)),
            TimeSpan.FromMinutes(Number(section, "RecentMinutes", 10, 1440)));
    }

    static Uri AuthorityOf(IConfigurationSection section)
    {
        var text = Required(section, "Authority", $"the provider's issuer, such as {Example}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Wrong(section, "Authority", $"{text} is no address such as {Example}.");
        if (uri.Query != "" || uri.Fragment != "" || uri.UserInfo != "")
            throw Wrong(section, "Authority", $"{text} has more to it than an issuer may, such as {Example}.");
        // Whoever could change what an unencrypted provider answers could sign in as anybody.
        return uri.Scheme == "https" || uri.IsLoopback ? uri
            : throw Wrong(section, "Authority", $"{text} must begin with https://; http:// is for a provider on this machine only.");
    }

    static string? Secret(IConfigurationSection section)
    {
        var (secret, file) = (Given(section, "ClientSecret"), Given(section, "ClientSecretFile"));
        if (file is null) return secret;
        if (secret is not null) throw Wrong(section, "ClientSecretFile", "Register__Oidc__ClientSecret is given too: give one of them.");
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } read ? read
                : throw Wrong(section, "ClientSecretFile", $"{file} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Wrong(section, "ClientSecretFile", $"{file} cannot be read: {e.Message}");
        }
    }

    static IReadOnlyList<string> Types(IConfigurationSection section, string? audience, string client)
    {
        var types = Words(Given(section, "TokenTypes") ?? "at+jwt");
        // ID tokens are of the type JWT and made for the client: they would pass for a program's token.
        if (audience == client && types.Contains("JWT", StringComparer.OrdinalIgnoreCase))
            throw Wrong(section, "TokenTypes", "JWT is the type of ID tokens, and Register__Oidc__Audience is the client id, their "
                + "audience: give programs' tokens an audience of their own.");
        return types;
    }

    static IReadOnlyList<string> Scope(IConfigurationSection section) =>
        Words(Given(section, "Scopes") ?? "openid profile") is var scopes && scopes.Contains("openid") ? scopes
            : throw Wrong(section, "Scopes", "openid must be among them, such as: openid profile.");

    static ClaimMapping Mapping(IConfigurationSection section) => new(
        Given(section, "NameClaim") ?? "name", Given(section, "RolesClaim") ?? "roles",
        Given(section, "ClearanceClaim") ?? "clearance", Given(section, "GroupsClaim") ?? "groups",
        Values(section, "Roles", Of<Role>), Values(section, "Clearance", Of<Marking>), Values(section, "Groups", s => s.Key));

    static T Of<T>(IConfigurationSection setting) where T : struct, Enum =>
        Slug.TryParse<T>(setting.Key.ToLowerInvariant(), out var value) ? value : throw new StartRefused(
            $"{Name(setting)}: {setting.Key} is none of {string.Join(", ", Enum.GetValues<T>().Select(v => Slug.Of(v)))}.");

    // What a claim says and what it gives: one line a role, several claims' values with commas.
    static IReadOnlyList<(string Claim, T Gives)> Values<T>(
        IConfigurationSection section, string name, Func<IConfigurationSection, T> of) =>
    [
        .. section.GetSection(name).GetChildren().SelectMany(setting =>
        {
            var gives = of(setting);
            var values = (setting.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return values.Length > 0 ? values.Select(v => (v, gives))
                : throw new StartRefused($"{Name(setting)} names no value of the claim, such as coop-desk.");
        }),
    ];

    static int Number(IConfigurationSection section, string name, int usual, int most) => Given(section, name) is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw Wrong(section, name, $"{text} is no number from 1 to {most}.");

    static StartRefused Wrong(IConfigurationSection section, string name, string why) => new($"{Name(section, name)}: {why}");

    static string Required(IConfigurationSection section, string name, string what) =>
        Given(section, name) ?? throw new StartRefused($"{Name(section, name)} is missing: {what}.");

    static string? Given(IConfigurationSection section, string name) => section[name]?.Trim() is { Length: > 0 } text ? text : null;

    static string[] Words(string text) => text.Split([' ', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static string Name(IConfigurationSection section, string name) => Name(section.GetSection(name));

    static string Name(IConfigurationSection setting) => setting.Path.Replace(":", "__", StringComparison.Ordinal);
}
