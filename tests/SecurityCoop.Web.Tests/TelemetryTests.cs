using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host that tells a collector of itself, and what the collector was told.</summary>
public sealed class ObservedHost(TestPostgres postgres) : HostFixture(postgres)
{
    readonly ConcurrentQueue<(string Path, string Text)> told = [];
    WebApplication? collector;

    /// <summary>Everything that was sent to an address of the collector. Texts stand in protobuf as they are.</summary>
    public string Told(string path) => string.Join('\n', told.Where(t => t.Path == path).Select(t => t.Text));

    protected override async Task Prepare()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        collector = builder.Build();
        collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            told.Enqueue((http.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
        });
        await collector.StartAsync();
        Settings["Register:Otlp"] = collector.Urls.Single();
    }

    public void Flush()
    {
        Services.GetRequiredService<TracerProvider>().ForceFlush(20_000).ShouldBeTrue();
        Services.GetRequiredService<MeterProvider>().ForceFlush(20_000).ShouldBeTrue();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (collector is not null) await collector.DisposeAsync();
    }
}

/// <summary>What a collector of traces and metrics is told: routes, kinds, numbers, and nothing of what is recorded or who asks.</summary>
public sealed class TelemetryTests(ObservedHost host) : IClassFixture<ObservedHost>
{
    const string Marker = "zqmarkerqz";

    [Fact]
    public async Task Spans_and_numbers_name_routes_and_kinds_and_hold_nothing_of_contents_names_tokens_or_addresses()
    {
        using var other = host.Client(await host.NewToken($"subject-{Marker}", Marking.Secret, Role.Steward));
        await other.Record("/api/partnerships", $$"""{"partner": "DK", "note": "{{Marker}}", "marking": "open"}""");
        await other.Record("/api/people", $$"""{"name": "{{Marker}} Name", "contact": "{{Marker}}@x"}""");
        await other.Read($"/api/search?q={Marker}");
        await other.Read($"/api/meetings/{Marker}");
        await other.Read($"/{Marker}?{Marker}={Marker}", ("User-Agent", Marker), ("tracestate", $"x={Marker}"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("baggage", $"x={Marker}"));
        (await other.Command("/api/partnerships/DK/corrections", $$"""{"fields": {"{{Marker}}": 1}, "reason": "{{Marker}}"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await other.Command("/api/sources", $$"""{"title": "x", "source": {"document": "{{Marker}}" } }""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var feed = (await other.Send(HttpMethod.Post, "/api/calendar/feeds", new StringContent("{}", Encoding.UTF8, "application/json"))).Json.GetProperty("address").GetString()!;
        await other.Read(new Uri(feed).PathAndQuery);
        var code = host.Services.GetRequiredService<SignInLinks>().NewCode(Guid.NewGuid());
        await other.Read($"/sign-in/{code}");
        host.Flush();

        var (traces, metrics) = (host.Told("/v1/traces"), host.Told("/v1/metrics"));
        foreach (var expected in (string[])["http.route", "/api/partnerships", "/sign-in/{code}", "/calendar/{secret}.ics", "securitycoop"]) traces.ShouldContain(expected);
        foreach (var expected in (string[])["http.server.request.duration", "securitycoop.commands", "OpenPartnership", "recorded", "unknown-reference", "securitycoop.commit.commands", "securitycoop.streams", "dotnet.gc.collections"])
            metrics.ShouldContain(expected);
        traces.ShouldContain("postgresql");
        traces.ShouldContain("Wolverine", Case.Insensitive);
        foreach (var text in (string[])[traces, metrics])
            foreach (var secret in (string[])[Marker, code, new Uri(feed).Segments[^1].Split('.')[0], host.Token, "sc_"])
                text.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{secret} was told");
    }
}

/// <summary>A host of which nobody is told.</summary>
public sealed class UnobservedTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public void Without_an_address_nothing_of_telemetry_is_set_up()
    {
        host.Services.GetService<TracerProvider>().ShouldBeNull();
        host.Services.GetService<MeterProvider>().ShouldBeNull();
    }
}
