using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Each route times everybody who may come: what it says of itself, what docs/access.md says, and what it does.</summary>
public sealed class AccessMatrixTests(MatrixHost host) : IClassFixture<MatrixHost>
{
    [Fact]
    public void Every_route_says_who_may_reach_it()
    {
        var routes = AccessMatrix.Of(host);
        routes.Count.ShouldBeGreaterThan(100);
        routes.Where(r => r.Rule is null).ShouldBeEmpty();
        routes.ShouldContain(r => r.Path == "/api/users" && r.Method == "POST" && r.Rule == new NeededRole(Role.Administrator));
    }

    [Fact]
    public void Every_command_message_says_who_may_give_it_and_its_route_says_the_same()
    {
        var routes = AccessMatrix.Of(host).ToDictionary(r => (r.Method, r.Path), r => r.Rule);
        foreach (var command in Setup.Features.SelectMany(f => f)) routes[("POST", $"/api{command.Pattern}")].ShouldBe(new NeededRole(command.Role), command.Pattern);
    }

    [Fact]
    public void The_page_of_access_is_up_to_date() => Documents.ShouldBeUpToDate("docs/access.md", new AccessPage(AccessMatrix.Of(host)).Write());

    [Fact]
    public async Task Every_route_lets_in_whom_it_says_and_nobody_else()
    {
        var tokens = new Dictionary<string, string?>();
        foreach (var (name, caller) in AccessMatrix.Everybody) tokens[name] = caller is null ? null : await host.TokenOf(name, [.. caller.Roles]);
        var faults = new List<string>();
        var (asked, allowed) = (0, 0);
        foreach (var route in AccessMatrix.Of(host))
            foreach (var (name, caller) in AccessMatrix.Everybody)
            {
                var (status, slug) = await Send(route, tokens[name]);
                asked++;
                if (route.Rule!.Allows(caller)) allowed++;
                // What a stranger may ask for may answer that a link is too old; what a role may ask for may be refused for what it asks.
                var fits = route.Rule switch
                {
                    OpenToAll => slug != "unauthenticated",
                    _ when caller is null => (status, slug) == (401, "unauthenticated"),
                    var rule when rule.Allows(caller) => status != 401 && slug != "forbidden",
                    _ => (status, slug) == (403, caller.Roles.Count == 0 ? "no-role" : "forbidden"),
                };
                if (!fits) faults.Add($"{route.Method} {route.Path} by {name}: {status} {slug}");
            }
        faults.ShouldBeEmpty();
        asked.ShouldBe(AccessMatrix.Of(host).Count * 8);
        allowed.ShouldBeInRange(asked / 10, asked * 9 / 10);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_refused_to_strangers_and_not_found_by_others()
    {
        using var http = host.Client(null);
        (await http.Read("/api/there-is-no-such-thing")).ShouldBeProblem(401, "unauthenticated");
        (await host.Http.Read("/api/there-is-no-such-thing")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task A_host_with_a_route_that_says_nothing_does_not_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Npgsql.NpgsqlDataSource.Create(host.ApplicationConnection)).AddAccess();
        await using var app = builder.Build();
        app.MapGet("/silent", () => "reached");
        (await Should.ThrowAsync<InvalidOperationException>(app.StartAsync())).Message.ShouldContain("/silent");
    }

    async Task<(int Status, string? Slug)> Send(RoutedRule route, string? token)
    {
        using var request = new HttpRequestMessage(new(route.Method), route.Address);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (route.Method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var http = host.Client(null);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // One of them is a stream without an end.
        var status = (int)answer.StatusCode;
        if (route.Method == "HEAD" || answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return (status, null);
        var problem = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (status, problem.RootElement.GetProperty("type").GetString()!["/problems/".Length..]);
    }
}

/// <summary>A host that is a witness too and has a provider (which is away), so that every route is there.</summary>
public sealed class MatrixHost(TestPostgres postgres) : HostFixture(postgres)
{
    public override async ValueTask InitializeAsync()
    {
        Settings["Register:RequestsPerSecond"] = "0";
        await base.InitializeAsync();
        (Settings["Register:Oidc:Authority"], Settings["Register:Oidc:ClientId"]) = ("http://127.0.0.1:9", "register");
        Settings["Register:Witness:Name"] = "witness.example/one";
        Settings["Register:Witness:Logs:0"] = Store.VerifierKey!.ToString();
        await Restart();
    }

    /// <summary>A token of a user with these roles, or none.</summary>
    public async Task<string> TokenOf(string name, Role[] roles)
    {
        var (users, tokens, subject) = (Services.GetRequiredService<Users>(), Services.GetRequiredService<AccessTokens>(), $"only-{name.Replace(' ', '-')}");
        var made = await users.MakeToken(tokens, subject, "administrator-1", null, "test", null,
            user => user.Exists ? null : Web.Access.Users.Described(subject, "administrator-1", roles, Marking.Secret), default);
        return made.Token;
    }
}
