using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;
using Microsoft.IdentityModel.Tokens;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>
/// The office's OpenID provider: its discovery document, and the tokens that it signs. Keys come from its `jwks_uri` only, by `kid`: what a
/// token's header says of keys elsewhere (`jku`, `x5u`, `jwk`, `x5c`) is never read. Nothing of a token is logged.
/// </summary>
public sealed partial class Provider
{
    const int LongestToken = 16 * 1024;
    const string AnyMedia = "application/", LogoutType = "logout+jwt", LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>How far the provider's clock and ours may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // A key that the provider no longer lists counts for so long at most.
    static readonly TimeSpan keysKept = TimeSpan.FromHours(1);

    /// <summary>Signatures with a key pair. A shared secret would let whoever checks a token make one.</summary>
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };
    readonly ILogger<Provider> log;

    /// <param name="settings">Where the provider is, and how the register is known there.</param>
    /// <param name="log">Where it is said that the provider cannot be used.</param>
    public Provider(ProviderSettings settings, ILogger<Provider> log)
    {
        (Settings, this.log) = (settings, log);
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1024 * 1024,
        };
        Discovery = new(
            $"{settings.Issuer}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(Http) { RequireHttps = !settings.Authority.IsLoopback }, new SameIssuer(settings.Issuer, log))
        {
            AutomaticRefreshInterval = keysKept,
            UseLastKnownGoodConfiguration = false, // It would take tokens of a key that has left for another hour.
        };
    }

    /// <summary>The settings.</summary>
    public ProviderSettings Settings { get; }

    /// <summary>The discovery document with its keys; kept, and read again where a token names a key that is not among them.</summary>
    internal ConfigurationManager<OpenIdConnectConfiguration> Discovery { get; }

    /// <summary>For requests to the provider.</summary>
    internal HttpClient Http { get; }

    /// <summary>What the provider says of itself.</summary>
    /// <exception cref="Refusal">provider-away: it does not answer, or is not the one that is configured.</exception>
    public async Task<OpenIdConnectConfiguration> Discover(CancellationToken stop)
    {
        try
        {
            return await Discovery.GetConfigurationAsync(stop);
        }
        catch (InvalidOperationException e)
        {
            Log.Away(log, Discovery.MetadataAddress, (e.InnerException ?? e).Message);
            throw Refusal.Because("provider-away");
        }
    }

    /// <summary>Reads a program's access token.</summary>
    /// <returns>What it says of its holder, and when it expires; null where it is not good.</returns>
    /// <exception cref="Refusal">provider-away.</exception>
    public async Task<(ProviderClaims Claims, DateTime Expires)?> ReadAccessToken(string jwt, CancellationToken stop)
    {
        if (Settings.Audience is not { } audience) return null;
        var token = await Validated(jwt, audience, Settings.TokenTypes, stop);
        return token is not null && Settings.Claims.Read(jwt) is { } claims ? (claims, token.ValidTo) : null;
    }

    /// <summary>Reads a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6).</summary>
    /// <returns>Whose sessions end, and when the provider said so; null where it is not good.</returns>
    /// <exception cref="Refusal">provider-away.</exception>
    public async Task<(string? Subject, string? Session, DateTime IssuedAt)?> ReadLogoutToken(string jwt, CancellationToken stop)
    {
        // The type is recommended only. What tells a logout token from an ID token is its event, and that it has no nonce.
        if (await Validated(jwt, Settings.ClientId, [LogoutType, "JWT", ""], stop) is not { } token) return null;
        if (token.TryGetPayloadValue<object>("nonce", out _) || !token.TryGetPayloadValue<object>("jti", out _)) return null;
        if (token.IssuedAt == DateTime.MinValue || !EndsSessions(token)) return null;
        var (subject, session) = (Text(token, "sub"), Text(token, "sid"));
        return subject is null && session is null ? null : (subject, session, token.IssuedAt);
    }

    static bool EndsSessions(JsonWebToken token) => token.TryGetPayloadValue<JsonElement>("events", out var events)
        && events.ValueKind == JsonValueKind.Object && events.TryGetProperty(LogoutEvent, out var ended)
        && ended.ValueKind == JsonValueKind.Object;

    /// <summary>What every token of the provider's must be.</summary>
    internal TokenValidationParameters Requirements(string audience) => new()
    {
        ConfigurationManager = Discovery, ValidAudience = audience, ValidAlgorithms = Algorithms, ClockSkew = ClockSkew,
        RequireSignedTokens = true, RequireExpirationTime = true,
        TryAllIssuerSigningKeys = false, // The key that the token names, or none.
    };

    async Task<JsonWebToken?> Validated(string jwt, string audience, IReadOnlyList<string> types, CancellationToken stop)
    {
        // A token that could never be good asks nothing of the provider.
        if (!MayBeGood(jwt, types)) return null;
        await Discover(stop);
        var result = await handler.ValidateTokenAsync(jwt, Requirements(audience));
        if (result.IsValid) return (JsonWebToken)result.SecurityToken;
        Log.Refused(log, result.Exception.GetType().Name);
        return null;
    }

    // The library looks at the algorithm and the issuer again, with the keys; at the type and at what is critical it does not.
    bool MayBeGood(string jwt, IReadOnlyList<string> types)
    {
        if (jwt.Length > LongestToken || jwt.Count(c => c == '.') != 2) return false;
        try
        {
            var token = new JsonWebToken(jwt);
            return Algorithms.Contains(token.Alg) && token.Issuer.TrimEnd('/') == Settings.Issuer
                && types.Contains(TypeOf(token), StringComparer.OrdinalIgnoreCase)
                && !token.TryGetHeaderValue<object>("crit", out _); // None is known here, so none is understood (RFC 7515, section 4.1.11).
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return false;
        }
    }

    // RFC 7515, section 4.1.9: of a media type the first part may be left out.
    static string TypeOf(JsonWebToken token) =>
        (token.Typ ?? "") is var type && type.StartsWith(AnyMedia, StringComparison.OrdinalIgnoreCase) ? type[AnyMedia.Length..] : type;

    static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var text) && text.Length > 0 ? text : null;

    // OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
    sealed class SameIssuer(string issuer, ILogger log) : IConfigurationValidator<OpenIdConnectConfiguration>
    {
        readonly OpenIdConnectConfigurationValidator usual = new();

        public ConfigurationValidationResult Validate(OpenIdConnectConfiguration found)
        {
            if (found.Issuer?.TrimEnd('/') == issuer) return usual.Validate(found);
            Log.OtherIssuer(log, found.Issuer, issuer);
            return new() { Succeeded = false, ErrorMessage = "The issuer is another." };
        }
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The provider at {Address} cannot be used: {Reason}")]
        public static partial void Away(ILogger logger, string address, string reason);

        [LoggerMessage(Level = LogLevel.Error,
            Message = "The provider says that its issuer is {Found}, where Register__Oidc__Authority says {Configured}")]
        public static partial void OtherIssuer(ILogger logger, string? found, string configured);

        [LoggerMessage(Level = LogLevel.Information, Message = "A token of the provider's was refused: {Kind}")]
        public static partial void Refused(ILogger logger, string kind);
    }
}
