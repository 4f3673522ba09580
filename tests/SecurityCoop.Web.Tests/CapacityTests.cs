using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Tests.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host that works on two requests at a time and looks up two unknown tokens a second from one address.</summary>
public sealed class NarrowHost(TestPostgres postgres) : HostFixture(postgres)
{
    protected override Task Prepare()
    {
        (Settings["Register:RequestsAtOnce"], Settings["Register:GuessesPerSecond"]) = ("2", "2");
        return Task.CompletedTask;
    }
}

/// <summary>What one caller, or all of them, can take of the host.</summary>
[Collection(nameof(Alone))]
public sealed class CapacityTests(NarrowHost host) : IClassFixture<NarrowHost>
{
    [Fact]
    public async Task More_requests_than_the_host_works_on_at_a_time_are_refused_with_when_to_come_again_and_strangers_take_no_place_of_theirs()
    {
        // The request that asks takes a place too, so one that has begun may be the one that is refused; and the host ends slow ones.
        var begun = new List<Socket>();
        Answer? refused = null;
        for (var until = DateTime.UtcNow.AddSeconds(20); refused?.Status != HttpStatusCode.ServiceUnavailable; await Task.Delay(50))
        {
            begun.Add(await Begun(host.Token));
            refused = await host.Http.Read("/api/partnerships");
            DateTime.UtcNow.ShouldBeLessThan(until);
        }
        refused.ShouldBeProblem(503, "host-full");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        var correlation = refused.Json.GetProperty("correlation").GetString()!;
        refused.Headers.GetValues("Correlation-Id").Single().ShouldBe(correlation);
        host.Logs.ShouldContain($"Answered host-full at /api/partnerships, correlation {correlation}");
        (await host.Http.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
        using (var nobody = host.Client(null)) (await nobody.Read("/api/partnerships")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        begun.ForEach(socket => socket.Dispose());
        for (var until = DateTime.UtcNow.AddSeconds(20); (await host.Http.Read("/api/partnerships")).Status != HttpStatusCode.OK; await Task.Delay(50))
            DateTime.UtcNow.ShouldBeLessThan(until);
    }

    // A command of which the body does not come.
    async Task<Socket> Begun(string token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(host.Address).Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /api/sources HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"));
        return socket;
    }

    [Fact]
    public async Task Unknown_tokens_of_one_address_are_looked_up_a_few_times_a_second_and_good_ones_always()
    {
        (await host.Http.Read("/api/partnerships")).Status.ShouldBe(HttpStatusCode.OK);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var guesser = host.Client(AccessTokens.NewSecret());
            var answer = await guesser.Read("/api/partnerships");
            answers.Add(answer.Status);
            if (answer.Status == HttpStatusCode.TooManyRequests) answer.ShouldBeProblem(429, "too-many-guesses");
        }
        // Two a second, and those of five seconds at once.
        answers.Count(s => s == HttpStatusCode.Unauthorized).ShouldBeInRange(1, 20);
        // A form's token, a sign-in link and a calendar's address are guesses as well.
        using var nobody = host.Client(null);
        await IsLimited(() => nobody.Send(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent([new("token", AccessTokens.NewSecret())]), ("Sec-Fetch-Site", "same-origin")));
        await IsLimited(() => nobody.Read($"/sign-in/{AccessTokens.NewSecret()}"));
        await IsLimited(() => nobody.Read($"/calendar/{AccessTokens.NewSecret()}.ics"));
        // Who was known before is known; and who shows nothing is told to sign in.
        for (var i = 0; i < 20; i++) (await host.Http.Read("/api/partnerships")).Status.ShouldBe(HttpStatusCode.OK);
        (await nobody.Read("/api/partnerships")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        host.Clock.Pass(TimeSpan.FromSeconds(5));
        using var newcomer = await host.As(Marking.Open, Role.Reader);
        (await newcomer.Read("/api/partnerships")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Requests_that_come_at_once_with_a_good_new_token_cost_no_guess()
    {
        var (limit, here) = (new GuessLimit(2, new TestClock()), IPAddress.Loopback);
        var atOnce = Enumerable.Range(0, 10).Select(_ => limit.Enter(here, "new", out var counted) ? counted : throw new InvalidOperationException("refused")).ToList();
        atOnce.ForEach(counted => limit.Good(here, "new", counted));
        Enumerable.Range(0, 40).Count(i => limit.Enter(here, $"guess {i}", out _)).ShouldBeInRange(10, 30);
    }

    // Of several at once some are refused; one by one, each might just be allowed again.
    static async Task IsLimited(Func<Task<Answer>> guess)
    {
        for (var i = 0; i < 20; i++)
            if ((await guess()).Status == HttpStatusCode.TooManyRequests) return;
        throw new Xunit.Sdk.XunitException("Twenty guesses were looked up.");
    }

    [Fact]
    public async Task Readiness_asks_the_database_once_a_second_and_tells_strangers_nothing_of_the_logs_size()
    {
        using var nobody = host.Client(null);
        var probe = host.Services.GetRequiredService<DatabaseProbe>();
        var before = probe.Asked;
        var begun = DateTime.UtcNow;
        for (var i = 0; i < 50; i++)
        {
            var ready = await nobody.Read("/health/ready");
            ready.Status.ShouldBe(HttpStatusCode.OK);
            ready.Headers.Contains("Register-Position").ShouldBeFalse();
        }
        (probe.Asked - before).ShouldBeInRange(0, 2 + (int)(DateTime.UtcNow - begun).TotalSeconds);
        (await host.Http.Read("/health/ready")).Position.ShouldBeGreaterThanOrEqualTo(0);
    }
}

/// <summary>Streams of events, of which there is a limited number.</summary>
public sealed class OpenStreamTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task One_caller_has_so_many_streams_and_another_has_its_own()
    {
        var places = host.Services.GetRequiredService<OpenStreams>();
        using (var auditor = host.Client(await host.NewToken("auditor-1", Marking.Secret, Role.Auditor)))
        {
            var streams = new List<Sse>();
            for (var i = 0; i < OpenStreams.OfCaller; i++) streams.Add(await Sse.Open(auditor, "/api/events"));
            var refused = await auditor.Read("/api/events");
            refused.ShouldBeProblem(429, "too-many-streams");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            using var other = host.Client(await host.NewToken("auditor-2", Marking.Secret, Role.Auditor));
            await (await Sse.Open(other, "/api/events")).DisposeAsync();
            foreach (var stream in streams) await stream.DisposeAsync();
        }
        for (var until = DateTime.UtcNow.AddSeconds(30); places.Count > 0; await Task.Delay(50)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    [Fact]
    public async Task Only_so_many_large_bodies_are_read_at_a_time()
    {
        var half = Encoding.ASCII.GetBytes($"POST /api/sources HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {host.Token}\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n".PadRight(100_000));
        var begun = new List<Socket>();
        Answer? refused = null;
        for (var until = DateTime.UtcNow.AddSeconds(20); refused?.Status != HttpStatusCode.ServiceUnavailable; DateTime.UtcNow.ShouldBeLessThan(until))
        {
            // The host ends what comes too slowly, so others take its place.
            for (var more = 0; more < 40; more++)
            {
                begun.Add(new(SocketType.Stream, ProtocolType.Tcp));
                await begun[^1].ConnectAsync(IPAddress.Loopback, new Uri(host.Address).Port);
                await begun[^1].SendAsync(half);
            }
            await Task.Delay(200);
            refused = await host.Http.Command("/api/sources", """{"title": "x"}""".PadRight(100_000));
        }
        refused.ShouldBeProblem(503, "host-full");
        (await host.Http.Command("/api/sources", """{"title": "x"}""")).Status.ShouldBe(HttpStatusCode.Created); // A small one needs no place.
        foreach (var socket in begun) socket.Dispose();
        for (var until = DateTime.UtcNow.AddSeconds(20); (await host.Http.Command("/api/sources", """{"title": "x"}""".PadRight(100_000))).Status != HttpStatusCode.Created; await Task.Delay(100)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    [Fact]
    public void In_all_there_are_so_many_streams_and_places_come_back_once()
    {
        var places = new OpenStreams();
        var taken = Enumerable.Range(0, OpenStreams.InAll).Select(i => places.Enter($"auditor-{i / OpenStreams.OfCaller}")).ToList();
        Should.Throw<Refusal>(() => places.Enter("one more")).Slug.ShouldBe("host-full");
        taken[0].Dispose();
        taken[0].Dispose();
        places.Count.ShouldBe(OpenStreams.InAll - 1);
        places.Enter("one more").Dispose();
    }

    [Fact]
    public async Task A_stream_reads_no_more_than_its_page_of_large_events_before_its_reader_takes_them()
    {
        // The largest notes that there may be, in letters of three bytes.
        await host.Http.Record("/api/partnerships", """{"partner": "DK", "marking": "open"}""");
        var note = new string('٣', 10_000).Replace("٣", "中", StringComparison.Ordinal);
        for (var i = 0; i < 30; i++) await host.Http.Record("/api/partnerships/DK/notes", $$"""{"note": "{{note}}"}""");
        var head = await host.Head();
        var page = await host.Store.ReadAll(new() { After = 0, Limit = 100, Bytes = 128 * 1024 }).ToListAsync();
        page.Sum(e => e.BodyBytes.Length).ShouldBeInRange(128 * 1024 - 5000, 128 * 1024 + 40_000);
        page.Count.ShouldBeLessThan(10);
        using var http = await host.As(Marking.Secret, Role.Auditor);
        await using var stream = await Sse.Open(http, "/api/events?after=0");
        var seen = new List<long>();
        while (seen.Count < head)
            if (await stream.Next() is { Event: not null, Id: { } at }) seen.Add(at);
        seen.ShouldBe(Enumerable.Range(1, (int)head).Select(i => (long)i));
    }
}
