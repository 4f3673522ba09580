using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>The log as server-sent events.</summary>
public sealed class EventStreamTests(HostFixture host) : IClassFixture<HostFixture>
{
    static int titles;

    /// <summary>Records a source; the event that it made.</summary>
    async Task<long> Source(string marking = "open") =>
        (await host.Http.Record("/api/sources", $$"""{"title":"Source {{Interlocked.Increment(ref titles)}}","marking":"{{marking}}"}""")).Json.GetProperty("position").GetInt64();

    [Fact]
    public async Task Without_a_position_only_what_is_recorded_afterwards_comes_as_the_audit_shows_it()
    {
        await Source();
        using var http = await host.As(Marking.Secret, Role.Auditor);
        await using var stream = await Sse.Open(http, "/api/events");
        var head = await host.Head();
        (await stream.Next()).ShouldBe(new(head, null, "")); // where it begins, at once
        var position = await Source();
        var block = await stream.Next();
        (block.Id, block.Event).ShouldBe((position, "source_registered"));
        block.Data.ShouldBe((await http.Read($"/api/audit/events/{position}")).Text);
    }

    [Fact]
    public async Task Reconnecting_again_and_again_while_much_is_recorded_has_no_gap_and_no_repeat()
    {
        const int callers = 8, each = 25;
        using var http = await host.As(Marking.Secret, Role.Auditor);
        var from = await host.Head();
        var recording = Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            for (var i = 0; i < each; i++) await Source();
        }));
        var (seen, last, connections, random) = (new List<long>(), from, 0, new Random(7));
        while (last < from + callers * each)
        {
            connections++;
            // A browser repeats the address that it first asked for.
            await using var stream = await Sse.Open(http, $"/api/events?after={from}", ("Last-Event-ID", connections == 1 ? "" : last.ToString(CultureInfo.InvariantCulture)));
            for (var left = random.Next(1, 25); left > 0 && last < from + callers * each; left--)
            {
                var block = await stream.Next();
                last = block.Id!.Value;
                if (block.Event is not null) seen.Add(last);
            }
        }
        await recording;
        seen.ShouldBe(Enumerable.Range(1, callers * each).Select(i => from + i));
        connections.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Filters_let_only_their_own_through_and_progress_is_told_with_the_heartbeat()
    {
        using var http = await host.As(Marking.Secret, Role.Auditor);
        var from = await host.Head();
        await Source();
        var denmark = (await host.Http.Record("/api/partnerships", """{"partner":"DK","marking":"open"}""")).Json.GetProperty("position").GetInt64();
        await using var byPartner = await Sse.Open(http, $"/api/events?after={from}&partner=DK");
        await using var byType = await Sse.Open(http, $"/api/events?after={from}&type=partnership_opened");
        var last = await Source();
        foreach (var stream in new[] { byPartner, byType })
        {
            (await stream.Next()).ShouldBe(new(from, null, ""));
            var block = await stream.Next();
            (block.Id, block.Event).ShouldBe((denmark, "partnership_opened"));
        }
        host.Clock.Pass(TimeSpan.FromSeconds(15));
        (await byPartner.Next()).ShouldBe(new(last, null, "")); // so that a reconnect need not look through what did not match
        byPartner.Comments.ShouldBe(1);
        host.Clock.Pass(TimeSpan.FromSeconds(15));
        await byPartner.Comment();
        byPartner.Comments.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_above_the_callers_clearance_is_withheld_and_under_a_filter_not_even_there()
    {
        using var http = await host.As(Marking.Restricted, Role.Auditor);
        var from = await host.Head();
        await using var all = await Sse.Open(http, $"/api/events?after={from}");
        await using var filtered = await Sse.Open(http, $"/api/events?after={from}&type=source_registered");
        var (secret, open) = (await Source("secret"), await Source());
        foreach (var stream in new[] { all, filtered }) (await stream.Next()).Id.ShouldBe(from);
        var withheld = await all.Next();
        (withheld.Id, withheld.Event).ShouldBe((secret, "withheld"));
        JsonDocument.Parse(withheld.Data).RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(["position", "recordedAt", "withheld"], ignoreOrder: true);
        (await all.Next()).Id.ShouldBe(open);
        (await filtered.Next()).Id.ShouldBe(open);
    }

    [Theory]
    [InlineData("?after=-1", "", "too-small")]
    [InlineData("?after=999999", "", "unknown-position")]
    [InlineData("", "7x", "invalid-parameter")]
    [InlineData("", "999999", "unknown-position")]
    [InlineData("?partner=XX", "", "unknown-partner")]
    [InlineData("?type=meeting_eaten", "", "unknown-code")]
    public async Task A_position_or_filter_that_cannot_be_is_refused(string query, string last, string problem)
    {
        var answer = await host.Http.Read($"/api/events{query}", ("Last-Event-ID", last));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("type").GetString().ShouldBe($"/problems/{problem}");
    }

    [Fact]
    public async Task A_database_that_loses_every_connection_does_not_end_the_stream()
    {
        using var http = await host.As(Marking.Secret, Role.Auditor);
        var from = await host.Head();
        await using var stream = await Sse.Open(http, "/api/events");
        (await stream.Next()).Id.ShouldBe(from);
        await using (var end = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand( // as the application, whose own these are
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"))
            ((long)(await end.ExecuteScalarAsync())!).ShouldBeGreaterThan(2);
        // Broken connections are found out one by one; until then a command may be told to come again.
        while ((await host.Http.Command("/api/sources", """{"title":"After","marking":"open"}""", ("Idempotency-Key", "after"))).Status != HttpStatusCode.Created) await Task.Delay(50);
        var block = await stream.Next();
        (block.Id, block.Event).ShouldBe((from + 1, "source_registered"));
        host.Services.GetRequiredService<NpgsqlDataSource>().Clear(); // the next test's connections are whole again
    }

    [Fact]
    public async Task Only_an_auditor_may_listen()
    {
        using var reader = await host.As(Marking.Secret, Role.Reader);
        (await reader.Read("/api/events")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task It_ends_within_a_minute_of_the_tokens_revocation_and_sends_nothing_recorded_after()
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, token) = await tokens.Create("auditor", new HashSet<Role> { Role.Auditor }, Marking.Secret, "test", null, default);
        using var http = host.Client(token);
        await using var stream = await Sse.Open(http, "/api/events");
        (await stream.Next()).Id.ShouldBe(await host.Head());
        await tokens.Revoke(id, default);
        host.Clock.Pass(TimeSpan.FromMinutes(1));
        await Source();
        (await stream.End()).ShouldBeEmpty();
    }
}

/// <summary>On a host of its own, which it ends.</summary>
public sealed class EventStreamEndTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_host_that_stops_ends_the_stream_whole()
    {
        await using var stream = await Sse.Open(host.Http, "/api/events");
        (await stream.Next()).Id.ShouldBe(0);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        (await stream.End()).ShouldBeEmpty();
    }
}

/// <param name="Event">Null: an `id` alone.</param>
public sealed record SseBlock(long? Id, string? Event, string Data);

/// <summary>A client of server-sent events, as strict as the register's own are simple: one line a field. A minute without a line fails the test.</summary>
public sealed class Sse : IAsyncDisposable
{
    readonly HttpResponseMessage answer;
    readonly StreamReader lines;

    Sse(HttpResponseMessage answer, Stream body) => (this.answer, lines) = (answer, new(body));

    public int Comments { get; private set; }

    public static async Task<Sse> Open(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new(answer, await answer.Content.ReadAsStreamAsync());
    }

    Task<string?> Line() => lines.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The next block that has a field.</summary>
    public async Task<SseBlock> Next()
    {
        SseBlock block = new(null, null, "");
        while (true)
        {
            var line = await Line() ?? throw new EndOfStreamException("The stream ended.");
            if (line == "" && block.Id is not null) return block;
            else if (line is [':', ..]) Comments++;
            else if (line != "")
                block = line.Split(": ", 2) switch
                {
                    ["id", var id] => block with { Id = long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture) },
                    ["event", var name] => block with { Event = name },
                    ["data", var data] when block.Data == "" => block with { Data = data },
                    _ => throw new InvalidDataException(line),
                };
        }
    }

    /// <summary>Reads one line, which must be a comment.</summary>
    public async Task Comment()
    {
        (await Line())!.ShouldStartWith(":");
        Comments++;
    }

    /// <summary>What comes until the answer's proper end; an answer that was broken off throws.</summary>
    public Task<string> End() => lines.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
