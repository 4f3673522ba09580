using System.Globalization;
using System.Threading.RateLimiting;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>
/// So many requests a second from one caller, and as many at once; one more is refused with 429 (RFC 6585, section 4) and Retry-After. Who has not signed in
/// is known by the address that the request comes from.
/// </summary>
static class RequestLimit
{
    const int Usual = 600;

    /// <exception cref="StartRefused">Register__RequestsPerSecond is no number, or less than 0. (0: there is no limit.)</exception>
    public static void AddRequestLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var given = configuration["Register:RequestsPerSecond"];
        var perSecond = Usual;
        if (given is not null && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out perSecond)))
            throw new StartRefused($"Register__RequestsPerSecond: {given} is no number of requests that a caller may send in a second (0: any number).");
        services.AddRateLimiter(limits =>
        {
            if (perSecond > 0) limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(
                CallerOf(http), _ => new() { TokenLimit = perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1) }));
            limits.OnRejected = (rejected, _) => new(Problems.Write(rejected.HttpContext, "too-many-requests"));
        });
    }

    static string CallerOf(HttpContext http) => http.User.Identity is CallerIdentity caller ? $"caller {caller.Name}" : $"address {http.Connection.RemoteIpAddress}";
}
