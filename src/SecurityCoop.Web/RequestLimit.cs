using System.Globalization;
using System.Threading.RateLimiting;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>
/// So many requests a second from one caller, and as many at once; one more is refused with 429 (RFC 6585, section 4) and Retry-After.
/// Who has not signed in
/// is known by the address that the request comes from. And so many requests at a time in all, those of strangers apart, so that slow
/// ones do not take the callers' places:
/// one more is refused with 503 before it takes memory.
/// </summary>
static class RequestLimit
{
    const int Usual = 600, UsualAtOnce = 256;

    // Strangers read no more than a page.
    const int StrangersAtOnce = 64;

    /// <exception cref="StartRefused">A setting is no number, or less than 0. (0: there is no limit.)</exception>
    public static void AddRequestLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var perSecond = Number(configuration, "RequestsPerSecond", Usual, "requests that a caller may send in a second");
        var atOnce = Number(configuration, "RequestsAtOnce", UsualAtOnce, "requests that the host works on at a time");
        services.AddSingleton<LargeBodies>();
        services.AddRateLimiter(limits =>
        {
            limits.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(http => InASecond(http, perSecond)),
                PartitionedRateLimiter.Create<HttpContext, string>(http => AtOnce(http, atOnce)));
            // Only a bucket says when there is more in it.
            limits.OnRejected = (rejected, _) => new(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var _)
                ? Problems.Write(rejected.HttpContext, "too-many-requests") : Problems.Write(rejected.HttpContext, "host-full"));
        });
    }

    static RateLimitPartition<string> InASecond(HttpContext http, int requests) => requests == 0 ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(
            CallerOf(http), _ => new() { TokenLimit = requests, TokensPerPeriod = requests, ReplenishmentPeriod = TimeSpan.FromSeconds(1) });

    static RateLimitPartition<string> AtOnce(HttpContext http, int requests) =>
        requests == 0 || http.GetEndpoint()?.Metadata.GetMetadata<LastsLong>() is not null ? RateLimitPartition.GetNoLimiter("")
        : http.User.Identity is CallerIdentity ? RateLimitPartition.GetConcurrencyLimiter("callers", _ => new() { PermitLimit = requests })
        : RateLimitPartition.GetConcurrencyLimiter("strangers", _ => new() { PermitLimit = Math.Min(requests, StrangersAtOnce) });

    /// <exception cref="StartRefused">It is no number, or less than 0.</exception>
    internal static int Number(IConfiguration configuration, string name, int usual, string what) =>
        configuration[$"Register:{name}"] is not { } given ? usual
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new StartRefused($"Register__{name}: {given} is no number of {what} (0: any number).");

    static string CallerOf(HttpContext http) =>
        http.User.Identity is CallerIdentity caller ? $"caller {caller.Name}" : $"address {http.Connection.RemoteIpAddress}";
}

/// <summary>On an endpoint whose answers last as long as their readers stay: it limits them itself.</summary>
sealed class LastsLong;

/// <summary>Large bodies are read whole, so few of them at a time.</summary>
sealed class LargeBodies : IDisposable
{
    const int AtOnce = 32;
    readonly ConcurrencyLimiter places = new(new() { PermitLimit = AtOnce });

    /// <summary>Takes a place until the request ends.</summary>
    /// <exception cref="Refusal">host-full.</exception>
    public void Enter(HttpContext http)
    {
        var lease = places.AttemptAcquire();
        if (!lease.IsAcquired) throw Refusal.Because("host-full");
        http.Response.RegisterForDispose(lease);
    }

    public void Dispose() => places.Dispose();
}
