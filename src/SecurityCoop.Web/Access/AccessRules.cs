using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Who may reach a route is said where the route is: <see cref="Needs"/>, <see cref="NeedsSignIn"/> or <see cref="Public"/>. A host with a
/// route that says nothing does not start, and would let nobody reach it. docs/access.md is written from what the routes say.
/// </summary>
public static class AccessRules
{
    static readonly IReadOnlyDictionary<Role, AuthorizationPolicy> policies = Enum.GetValues<Role>().ToDictionary(role => role, role =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(c => c.User.Identity is CallerIdentity i && i.Access.Caller.May(role)).Build());

    static readonly AuthorizationPolicy anybodySignedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    // Of an address that does not exist, or takes another method, whoever signed in learns that much; a route without a rule is closed.
    static readonly AuthorizationPolicy nothingSaid = new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
        .RequireAssertion(c => c.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build();

    /// <summary>Adds sign-in, and refuses what no rule allows. Needs an NpgsqlDataSource.</summary>
    /// <param name="provider">The office's OpenID provider; null: there is none.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, ProviderSettings? provider = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AccessTokens>().AddSingleton<SignInLinks>();
        var authentication = services.AddAuthentication(Authentication.Scheme).AddScheme<AuthenticationSchemeOptions, Authentication>(Authentication.Scheme, null);
        if (provider is not null) authentication.AddProvider(provider);
        services.AddAuthorizationBuilder().SetFallbackPolicy(nothingSaid);
        services.AddHostedService<EveryRouteHasARule>();
        return services;
    }

    /// <summary>Lets only callers with the role in, given or implied: 401 without sign-in, 403 without the role.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policies[role]).WithMetadata(new NeededRole(role));

    /// <summary>Lets everybody in who signed in, whatever they may do otherwise.</summary>
    public static TBuilder NeedsSignIn<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(anybodySignedIn).WithMetadata(new SignInNeeded());

    /// <summary>Lets strangers in.</summary>
    /// <param name="why">Why that gives nothing away, for docs/access.md.</param>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint, string why) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AllowAnonymous().WithMetadata(new OpenToAll(why));

    /// <summary>The rule that the endpoint says; null where it says none.</summary>
    internal static AccessRule? RuleOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<AccessRule>();
}

/// <summary>On an endpoint: who may call it.</summary>
abstract record AccessRule
{
    /// <summary>Whether somebody may: null is somebody who did not sign in.</summary>
    public abstract bool Allows(Caller? caller);
}

/// <summary>Whoever has the role, given or implied.</summary>
sealed record NeededRole(Role Role) : AccessRule
{
    public override bool Allows(Caller? caller) => caller is not null && caller.May(Role);
}

/// <summary>Whoever signed in.</summary>
sealed record SignInNeeded : AccessRule
{
    public override bool Allows(Caller? caller) => caller is not null;
}

/// <summary>Everybody.</summary>
sealed record OpenToAll(string Why) : AccessRule
{
    public override bool Allows(Caller? caller) => true;
}

/// <summary>Looks at every route once the host has started: one that does not say who may reach it ends the start.</summary>
sealed class EveryRouteHasARule(EndpointDataSource endpoints) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        List<string?> silent = [.. endpoints.Endpoints.Where(e => AccessRules.RuleOf(e) is null).Select(e => e.DisplayName)];
        return silent.Count == 0 ? Task.CompletedTask
            : throw new InvalidOperationException($"These routes do not say who may reach them (Needs, NeedsSignIn, Public): {string.Join(", ", silent)}.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
