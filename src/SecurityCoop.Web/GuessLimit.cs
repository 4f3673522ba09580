using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>
/// Credentials that nobody knows cost a look-up, of which one address may cause so many a second; one more is refused with 429 before
/// anything is looked up. What was found good
/// costs nothing, and is known again by its hash, so that a guesser behind the same address or proxy does not keep others out.
/// </summary>
sealed class GuessLimit(int perSecond, TimeProvider time)
{
    const int Usual = 10, Seconds = 5, RememberedAtMost = 10_000;
    static readonly TimeSpan rememberedFor = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<string, long> good = new(StringComparer.Ordinal);
    readonly Dictionary<IPAddress, (double Left, long At)> addresses = [];
    readonly Lock gate = new();

    public static GuessLimit Of(IConfiguration configuration, TimeProvider time) =>
        new(RequestLimit.Number(configuration, "GuessesPerSecond", Usual, "unknown tokens that one address may send in a second"), time);

    /// <summary>Whether a credential may be looked up, and whether that is counted as a guess for now.</summary>
    public bool Enter(IPAddress? from, string? key, out bool counted)
    {
        counted = perSecond > 0 && !IsKnown(key);
        return !counted || Take(Network(from), -1);
    }

    /// <summary>
    /// It was good: it is known from here on, and was no guess. Each request that was counted is given back, since several with the same
    /// new credential may come at once.
    /// </summary>
    public void Good(IPAddress? from, string key, bool counted)
    {
        if (perSecond == 0) return;
        if (counted) Take(Network(from), 1);
        if (good.Count >= RememberedAtMost) good.Clear();
        good[key] = time.GetTimestamp();
    }

    bool IsKnown(string? key) => key is not null && good.TryGetValue(key, out var at) && time.GetElapsedTime(at) < rememberedFor;

    bool Take(IPAddress from, int change)
    {
        lock (gate)
        {
            var (now, most) = (time.GetTimestamp(), (double)perSecond * Seconds);
            var (left, at) = addresses.GetValueOrDefault(from, (most, now));
            left = Math.Min(most, left + time.GetElapsedTime(at, now).TotalSeconds * perSecond);
            if (change < 0 && left < 1) return false;
            // Addresses that were quiet long enough to have everything back need no entry.
            if (addresses.Count >= RememberedAtMost)
                foreach (var (quiet, last) in addresses.ToList())
                    if (time.GetElapsedTime(last.At, now).TotalSeconds >= Seconds) addresses.Remove(quiet);
            if (addresses.Count >= RememberedAtMost) addresses.Clear();
            addresses[from] = (Math.Min(most, left + change), now);
            return true;
        }
    }

    // Whoever has one address of IPv6 has its whole /64 (RFC 4291, section 2.5.4).
    static IPAddress Network(IPAddress? from)
    {
        if (from is null) return IPAddress.None;
        if (from.IsIPv4MappedToIPv6) return from.MapToIPv4();
        if (from.AddressFamily != AddressFamily.InterNetworkV6) return from;
        var bytes = from.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new(bytes);
    }

    /// <summary>What of a request is looked up, hashed; null where it shows no credential.</summary>
    internal static string? Key(HttpRequest request)
    {
        var shown = request.Headers.Authorization.Count > 0 ? request.Headers.Authorization.ToString()
            : request.Cookies.TryGetValue(SignIn.Cookie, out var cookie) ? cookie
            : IsPrivateAddress(request) ? request.Path.Value : null;
        return shown is null ? null : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(shown)));
    }

    // A calendar's address and a sign-in link hold their secret themselves.
    internal static bool IsPrivateAddress(HttpRequest request) =>
        (request.Path.StartsWithSegments("/sign-in", out var code) && code.HasValue)
        || (request.Path.StartsWithSegments("/calendar", out var feed)
            && feed.Value?.EndsWith(".ics", StringComparison.OrdinalIgnoreCase) == true);
}

/// <summary>The limit of guesses among the host's middleware.</summary>
static class GuessLimitExtensions
{
    sealed record Shown(string Key, bool Counted);

    /// <summary>Before authentication: no look-up for an address that has guessed too often.</summary>
    public static void UseGuessLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<GuessLimit>();
        app.Use(async (http, next) =>
        {
            // A token in a form is looked up by the page that the form is sent to.
            var isForm = http.Request.Path == "/sign-in" && HttpMethods.IsPost(http.Request.Method);
            var key = GuessLimit.Key(http.Request);
            if (key is null && !isForm)
            {
                await next(http);
                return;
            }
            if (!limit.Enter(http.Connection.RemoteIpAddress, key, out var counted))
            {
                await Problems.Write(http, "too-many-guesses");
                return;
            }
            if (key is not null) http.Features.Set(new Shown(key, counted));
            await next(http);
            if ((isForm || GuessLimit.IsPrivateAddress(http.Request)) && http.Response.StatusCode < StatusCodes.Status400BadRequest)
                limit.Good(http.Connection.RemoteIpAddress, key ?? http.TraceIdentifier, counted);
        });
    }

    /// <summary>After it: who was recognised did not guess.</summary>
    public static void UseRecognised(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<GuessLimit>();
        app.Use((http, next) =>
        {
            if (http.User.Identity?.IsAuthenticated == true && http.Features.Get<Shown>() is { } shown)
                limit.Good(http.Connection.RemoteIpAddress, shown.Key, shown.Counted);
            return next(http);
        });
    }
}
