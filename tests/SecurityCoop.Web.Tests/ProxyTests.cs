using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Hosting;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host behind a proxy on the same machine, for one name, with five requests a second for a client.</summary>
public sealed class ProxiedHost(TestPostgres postgres) : HostFixture(postgres)
{
    protected override Task Prepare()
    {
        (Settings["Register:Proxies"], Settings["Register:Hosts"], Settings["Register:RequestsPerSecond"]) = ("127.0.0.1, 2001:db8::/32", "register.example;*.office.example", "5");
        return Task.CompletedTask;
    }
}

/// <summary>What a host believes of the proxy before it, and what it takes requests for.</summary>
public sealed class ProxyTests(ProxiedHost host) : IClassFixture<ProxiedHost>
{
    static (string, string)[] From(string client, string name = "register.example", string scheme = "https") =>
        [("X-Forwarded-For", client), ("X-Forwarded-Proto", scheme), ("Host", name)];

    async Task<Answer> SignIn(HttpClient http, params (string Name, string Value)[] headers) =>
        await http.Send(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent([new("token", host.Token)]), [.. headers, ("Sec-Fetch-Site", "same-origin")]);

    [Fact]
    public async Task A_client_that_reaches_the_proxy_by_TLS_gets_a_cookie_for_TLS_only_and_is_told_to_stay_with_it()
    {
        using var nobody = host.Client(null);
        var signedIn = await SignIn(nobody, From("192.0.2.10"));
        signedIn.Status.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Headers.GetValues("Set-Cookie").Single().ShouldContain("; secure", Case.Insensitive);
        signedIn.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000");
        var plain = await SignIn(nobody, From("192.0.2.11", scheme: "http"));
        plain.Headers.GetValues("Set-Cookie").Single().ShouldNotContain("; secure", Case.Insensitive);
        plain.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task Requests_are_counted_by_client_and_not_by_proxy()
    {
        using var nobody = host.Client(null);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++) statuses.Add((await nobody.Read("/sign-in", From("192.0.2.20"))).Status);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        (await nobody.Read("/sign-in", From("192.0.2.21"))).Status.ShouldBe(HttpStatusCode.OK);
        // What a client says of itself before the proxy counts for nothing: the proxy's own word is the last.
        var forged = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++) forged.Add((await nobody.Read("/sign-in", From($"198.51.100.{i}, 192.0.2.22"))).Status);
        forged.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("register.example", 200)]
    [InlineData("desk.office.example", 200)]
    [InlineData("elsewhere.example", 400)]
    [InlineData("127.0.0.1", 400)]
    public async Task Requests_for_other_hosts_are_refused(string name, int status)
    {
        using var nobody = host.Client(null);
        ((int)(await nobody.Read("/sign-in", From($"192.0.2.{30 + status % 7 + name.Length}", name))).Status).ShouldBe(status);
    }

    [Fact]
    public async Task The_machines_own_programs_ask_it_by_the_machines_own_name_and_no_other()
    {
        using var local = host.Client(null);
        (await local.Read("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        (await local.Read("/health/live", ("Host", "elsewhere.example"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Register:Proxies", "proxy.example")]
    [InlineData("Register:Log", "xml")]
    [InlineData("Register:Otlp", "collector")]
    [InlineData("Register:RequestsAtOnce", "many")]
    public void A_setting_that_cannot_be_understood_refuses_the_start_by_its_name(string name, string value)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new(name, value)]);
        Should.Throw<StartRefused>(() =>
        {
            builder.Services.AddProxies(builder.Configuration);
            builder.Services.AddRequestLimit(builder.Configuration);
            builder.Logging.AddLogFormat(builder.Configuration);
            builder.AddTelemetry();
        }).Message.ShouldStartWith($"{name.Replace(":", "__", StringComparison.Ordinal)}: {value} is no ");
    }

    [Fact]
    public void The_log_is_written_as_JSON_where_that_is_set()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Register:Log", "json")]).Build();
        using var services = new ServiceCollection().AddLogging(l => l.AddLogFormat(configuration)).BuildServiceProvider();
        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(ConsoleFormatterNames.Json);
        services.GetRequiredService<IOptionsMonitor<JsonConsoleFormatterOptions>>().CurrentValue.IncludeScopes.ShouldBeFalse(); // They hold paths.
    }
}

/// <summary>What every answer says of itself, on a host of which no proxy is configured.</summary>
public sealed class AnswerHeaderTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory]
    [InlineData("/", null, 200)]
    [InlineData("/partnerships/DK", null, 200)]
    [InlineData("/sign-in", null, 200)]
    [InlineData("/sign-in/unknown", null, 401)]
    [InlineData("/nothing", "text/html", 404)]
    [InlineData("/nothing", null, 404)]
    [InlineData("/api/partnerships", null, 200)]
    [InlineData("/api/partnerships?format=csv", null, 200)]
    [InlineData("/api/partnerships?limit=x", null, 400)]
    [InlineData("/api/calendar.ics", null, 200)]
    [InlineData("/api/audit/checkpoint", null, 200)]
    [InlineData("/api/meetings/DK-MTG-9999", null, 404)]
    [InlineData("/openapi/v1.json", null, 200)]
    [InlineData("/health/ready", null, 200)]
    public async Task No_answer_is_kept_sniffed_or_framed(string path, string? accept, int status)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); path.EndsWith("checkpoint", StringComparison.Ordinal) && (await host.Http.Read(path)).Status != HttpStatusCode.OK; await Task.Delay(100)) DateTime.UtcNow.ShouldBeLessThan(until);
        var answer = await host.Http.Read(path, accept is null ? [] : [("Accept", accept)]);
        ((int)answer.Status).ShouldBe(status);
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Cache-Control").Single().ShouldBe("no-store");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        answer.Headers.Contains("Referrer-Policy").ShouldBeTrue();
        answer.Headers.Contains("Correlation-Id").ShouldBeFalse();
    }

    [Fact]
    public async Task The_style_sheet_may_be_kept_since_its_address_changes_with_it()
    {
        var sheet = await host.Http.Read(SecurityCoop.Web.Pages.PageRoutes.StylesheetAddress);
        sheet.Headers.CacheControl!.Public.ShouldBeTrue();
        sheet.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Fact]
    public async Task Without_a_proxy_nobody_says_for_whom_or_by_which_scheme_the_host_is_asked()
    {
        using var nobody = host.Client(null);
        var signedIn = await nobody.Send(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent([new("token", host.Token)]), ("Sec-Fetch-Site", "same-origin"), ("X-Forwarded-Proto", "https"), ("Host", "register.example"));
        signedIn.Status.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Headers.GetValues("Set-Cookie").Single().ShouldNotContain("; secure", Case.Insensitive);
        signedIn.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }
}
