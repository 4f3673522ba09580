using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web.Hosting;

/// <summary>
/// What a host believes of the proxies before it: `Register__Proxies` names them, and only what comes from one of them says for whom and
/// by which scheme it was asked
/// (X-Forwarded-For, X-Forwarded-Proto). `Register__Hosts` names the hosts that requests may be for.
/// </summary>
static class BehindProxy
{
    static readonly char[] separators = [',', ';', ' '];

    /// <exception cref="StartRefused">A proxy is no address and no network.</exception>
    public static void AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var proxies = List(configuration["Register:Proxies"]);
        if (proxies.Length > 0)
            services.Configure<ForwardedHeadersOptions>(options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                options.ForwardLimit = null; // As many as are known, one behind the other.
                options.KnownProxies.Clear();
                options.KnownIPNetworks.Clear();
                foreach (var proxy in proxies) options.KnownIPNetworks.Add(Network(proxy));
            });
        foreach (var proxy in proxies) Network(proxy); // Refused at the start, not at the first request.
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
    }

    public static void UseProxies(this WebApplication app)
    {
        if (List(app.Configuration["Register:Proxies"]).Length > 0) app.UseForwardedHeaders();
        app.UseHsts();
        List<StringSegment> hosts = [.. List(app.Configuration["Register:Hosts"]).Select(h => new StringSegment(h))];
        // The library's filter of hosts knows no exception: the host's own programs ask it on its machine, under that machine's name for
        // itself.
        if (hosts.Count == 0) return;
        app.Use((http, next) => IsLocal(http) || IsOneOf(http.Request.Host, hosts) ? next(http) : Problems.Write(http, "malformed-request"));
    }

    static bool IsOneOf(HostString asked, List<StringSegment> hosts) => asked.HasValue && HostString.MatchesAny(asked.Value, hosts);

    static bool IsLocal(HttpContext http)
    {
        var asked = http.Request.Host.Host;
        return http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
            && (asked == "localhost" || (IPAddress.TryParse(asked, out var named) && IPAddress.IsLoopback(named)));
    }

    static string[] List(string? given) =>
        (given ?? "").Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static System.Net.IPNetwork Network(string proxy) =>
        IPAddress.TryParse(proxy, out var one) ? new(one, one.GetAddressBytes().Length * 8)
        : System.Net.IPNetwork.TryParse(proxy, out var network) ? network
        : throw new StartRefused($"Register__Proxies: {proxy} is no address (192.0.2.7) and no network (192.0.2.0/24) of a proxy.");
}
