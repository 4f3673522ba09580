using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>A route with its method, and who may reach it.</summary>
sealed record RoutedRule(string Method, string Path, AccessRule? Rule)
{
    /// <summary>An address of the route, of something that is not there.</summary>
    public string Address => string.Join('/', Path.Split('/').Select(part => !part.Contains('{', StringComparison.Ordinal) ? part
        : part.Contains("position", StringComparison.Ordinal) ? "999999999" : part.StartsWith("{secret}", StringComparison.Ordinal) ? "nothing.ics" : "XX-0000"));
}

/// <summary>Every route of the host, as it says itself who may reach it.</summary>
static class AccessMatrix
{
    public static IReadOnlyList<RoutedRule> Of(HostFixture host) =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"], (e, method) => new RoutedRule(method, Path(e), AccessRules.RuleOf(e)))
            .OrderBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal),
    ];

    /// <summary>Everybody there is: a stranger, somebody without any role, and each role alone.</summary>
    public static IReadOnlyList<(string Name, Caller? Caller)> Everybody { get; } =
    [
        ("nobody", null), ("no role", With()), .. Enum.GetValues<Role>().Select(r => (Slug.Of(r), (Caller?)With(r))),
    ];

    static Caller With(params Role[] roles) => new("somebody", roles.ToHashSet(), Marking.Secret);

    static string Path(RouteEndpoint e) => "/" + e.RoutePattern.RawText!.Trim('/');
}
