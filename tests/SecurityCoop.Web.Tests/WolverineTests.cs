#if MARTEN
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecurityCoop.EventStore;
using SecurityCoop.Marten;
using SecurityCoop.Web.Outgoing;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host on Marten, whose scheduler looks so seldom that what leaves in a test leaves by the outbox.</summary>
public sealed class OutboxHost(TestPostgres postgres) : TellingHost(postgres)
{
    protected override Task Prepare()
    {
        Engine = "marten";
        return Setup.Migrate(OwnerConnection, Role, Engine, default);
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Services.AddSingleton(new LookEvery(TimeSpan.FromHours(1)));
    }

    public string Role => new NpgsqlConnectionStringBuilder(ApplicationConnection).Username!;

    public Messaging Messaging => Services.GetRequiredService<Messaging>();

    /// <summary>How many messages of a kind stand in Wolverine's table in this state.</summary>
    public Task<long> Messages(string kind, string status) => Ask<long>($"select count(*) from wolverine.wolverine_incoming_envelopes where message_type = 'SecurityCoop.Marten.{kind}' and status = '{status}'");

    /// <summary>Events that have left, in the order in which they were accepted.</summary>
    public IReadOnlyList<JsonElement> Told => [.. Accepted.Where(e => e.GetProperty("type").GetString() != "securitycoop.reminder")];

    public static long Position(JsonElement e) => e.GetProperty("data").GetProperty("position").GetInt64();

    public async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); !await holds(); await Task.Delay(50))
            if (DateTime.UtcNow > until) throw new Xunit.Sdk.XunitException($"{what}: {await Ask<string>("select coalesce(string_agg(concat_ws(' ', message_type, status, owner_id, execution_time, attempts, received_at), E'\n'), 'nothing') from wolverine.wolverine_incoming_envelopes where status <> 'Handled'")}");
    }
}

/// <summary>Commands, outbox and scheduler on Wolverine.</summary>
public sealed class WolverineTests(OutboxHost host) : IClassFixture<OutboxHost>
{
    const string Away = "revoke insert on {0} from {1}; select 1", Back = "grant insert on {0} to {1}; select 1";

    [Fact]
    public async Task A_message_is_committed_with_its_events_holds_nothing_of_them_and_is_settled_once_they_have_left()
    {
        Interlocked.Exchange(ref host.Refuse, 2);
        var before = await Messages();
        var source = await host.Http.Record("/api/sources", """{"title": "A paper on dust", "marking": "open"}""");
        (await Messages()).ShouldBe(before + 1);
        (await host.Ask<long>("select count(*) from wolverine.wolverine_incoming_envelopes where position('dust'::bytea in body) > 0")).ShouldBe(0);
        await host.Wait(e => OutboxHost.Position(e) == source.Position);
        await host.Until(async () => await host.Messages("Recorded", "Incoming") + await host.Messages("Recorded", "Scheduled") == 0, "the message is settled");
        (await host.Ask<long>("select count(*) from wolverine.wolverine_dead_letters")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_refused_or_fails_leaves_no_message_and_nothing_is_recorded_whose_message_cannot_be_kept()
    {
        var source = await host.Http.Record("/api/sources", """{"title": "First", "marking": "open"}""");
        await host.Wait(e => OutboxHost.Position(e) == source.Position);
        var (messages, head, told) = (await Messages(), await host.Head(), host.Told.Count);

        (await host.Http.Command("/api/sources", """{"title": ""}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.Command($"/api/sources/{source.Reference}/withdrawal", """{"reason": "x"}""", ("If-Match", "\"7\""))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await host.Http.Command("/api/sources?dryRun=true", """{"title": "Only tried"}""")).Status.ShouldBe(HttpStatusCode.OK);
        // After the message comes what the ledger says of its events; where that cannot be written, nothing is.
        foreach (var table in new[] { "register.ledger_entry", "wolverine.wolverine_incoming_envelopes" })
        {
            await host.Ask<int>(string.Format(CultureInfo.InvariantCulture, Away, table, host.Role));
            (await host.Http.Command("/api/sources", """{"title": "Lost"}""")).Status.ShouldBe(HttpStatusCode.InternalServerError, table);
            await host.Ask<int>(string.Format(CultureInfo.InvariantCulture, Back, table, host.Role));
            (await Messages(), await host.Head()).ShouldBe((messages, head), table);
        }
        var after = await host.Http.Record("/api/sources", """{"title": "Then", "marking": "open"}""");
        await host.Wait(e => OutboxHost.Position(e) == after.Position);
        host.Told.Skip(told).Select(OutboxHost.Position).ShouldBe([after.Position]);
    }

    [Fact]
    public async Task Whoever_loses_a_stream_to_somebody_faster_is_tried_again_by_policy()
    {
        var attempts = 0;
        var outcome = await host.Messaging.Run(Guid.CreateVersion7(), _ => ++attempts < 4 ? throw new VersionConflict("meeting-1", 1, 2) : Task.FromResult(new CommandOutcome(null, [7], false)), default);
        (attempts, outcome.StoredAnswer!.Single()).ShouldBe((4, (byte)7));
        attempts = 0;
        var thrown = await Should.ThrowAsync<KeyReused>(host.Messaging.Run(Guid.CreateVersion7(), _ => ++attempts > 0 ? throw new KeyReused() : Task.FromResult(outcome), default));
        (attempts, thrown.Message).ShouldBe((1, new KeyReused().Message));

        var action = await host.Http.Record("/api/actions", """{"partner": "NO", "what": "Send the list", "owedBy": "home", "on": "2026-01-10"}""");
        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(n => host.Http.Record($"/api/actions/{action.Reference}/follow-ups", $$"""{"on": "2026-01-11", "note": "Call {{n}}"}""")));
        answers.Select(a => a.Json.GetProperty("version").GetInt64()).Order().ShouldBe(Enumerable.Range(2, 40).Select(n => (long)n));
        host.Logs.ShouldNotContain("Call 1", Case.Sensitive, "messages are logged by their id");
    }

    [Fact]
    public async Task The_next_look_is_a_message_of_the_schedulers_and_however_often_a_host_starts_there_is_one()
    {
        await host.Until(async () => await host.Messages("Look", "Scheduled") == 1, "it is scheduled");
        await host.Restart();
        await host.Until(async () => await host.Messages("Look", "Incoming") == 0, "the start's look is over");
        (await host.Messages("Look", "Scheduled")).ShouldBe(1);
        (await host.Ask<bool>("select bool_and(execution_time between now() + interval '50 minutes' and now() + interval '61 minutes') from wolverine.wolverine_incoming_envelopes where status = 'Scheduled' and message_type like '%Look'")).ShouldBeTrue();
    }

    Task<long> Messages() => host.Ask<long>("select count(*) from wolverine.wolverine_incoming_envelopes where message_type = 'SecurityCoop.Marten.Recorded'");
}

/// <summary>Whatever ends a host, and whichever engine goes on.</summary>
public sealed class WolverineHandOverTests(OutboxHost host) : IClassFixture<OutboxHost>
{
    [Fact]
    public async Task What_was_committed_before_a_host_was_killed_leaves_with_the_next()
    {
        Interlocked.Exchange(ref host.Refuse, int.MaxValue);
        var killed = await BesideAnother(async http => (await http.Record("/api/sources", """{"title": "Before the end", "marking": "open"}""")).Position);
        host.Told.ShouldNotContain(e => OutboxHost.Position(e) == killed);
        (await host.Messages("Recorded", "Incoming") + await host.Messages("Recorded", "Scheduled")).ShouldBeGreaterThan(0);

        Interlocked.Exchange(ref host.Refuse, 0);
        await host.Restart();
        await host.Wait(e => OutboxHost.Position(e) == killed);
        await host.Until(async () => await host.Messages("Recorded", "Incoming") + await host.Messages("Recorded", "Scheduled") == 0, "the message is settled");
        host.Told.Count(e => OutboxHost.Position(e) == killed).ShouldBe(1);
    }

    [Fact]
    public async Task Changing_the_engine_to_and_fro_with_a_receiver_that_is_away_loses_nothing_and_sends_nothing_twice()
    {
        var recorded = new List<long>();
        foreach (var engine in new[] { "npgsql", "marten", "npgsql", "marten" })
        {
            Interlocked.Exchange(ref host.Refuse, int.MaxValue);
            await host.Restart(() => host.Engine = engine);
            recorded.Add((await host.Http.Record("/api/sources", $$"""{"title": "On {{engine}}", "marking": "open"}""")).Position);
            // What one engine leaves unsent the next one sends; what it sent itself is sent.
            if (engine == "marten" && recorded.Count == 2) continue;
            Interlocked.Exchange(ref host.Refuse, 0);
            await host.Wait(e => OutboxHost.Position(e) == recorded[^1]);
        }
        await host.Until(async () => await host.Messages("Recorded", "Incoming") + await host.Messages("Recorded", "Scheduled") == 0, "no message is left over");
        var last = await host.Http.Record("/api/sources", """{"title": "Last", "marking": "open"}""");
        await host.Wait(e => OutboxHost.Position(e) == last.Position);
        host.Told.Select(OutboxHost.Position).ShouldBe(Enumerable.Range(1, (int)last.Position).Select(p => (long)p));
    }

    [Fact]
    public async Task Two_hosts_at_once_have_each_event_leave_once_and_in_order()
    {
        Interlocked.Exchange(ref host.Refuse, 0);
        await BesideAnother(async other =>
        {
            await Task.WhenAll(new[] { host.Http, other }.SelectMany(http => Enumerable.Range(0, 2).Select(async _ =>
            {
                for (var i = 0; i < 10; i++) await http.Record("/api/sources", """{"title": "Of two hosts", "marking": "open"}""");
            })));
            var last = await host.Head();
            await host.Wait(e => OutboxHost.Position(e) == last);
            await host.Until(async () => await host.Messages("Recorded", "Incoming") + await host.Messages("Recorded", "Scheduled") == 0, "the messages are settled");
            return last;
        });
        host.Told.Select(OutboxHost.Position).ShouldBe(Enumerable.Range(1, (int)await host.Head()).Select(p => (long)p));
    }

    /// <summary>Has a process of its own serve beside the host, and kills it once that is done which is asked of it.</summary>
    async Task<long> BesideAnother(Func<HttpClient, Task<long>> ask)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "securitycoop.dll"), "serve", "--urls", "http://127.0.0.1:0", "--data", host.Data, "--no-seed"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in new[]
        {
            ("ConnectionStrings__Register", host.ApplicationConnection), ("ConnectionStrings__RegisterMigrations", host.OwnerConnection), ("Register__Engine", "marten"),
            ("Register__CloudEvents__Url", host.Url), ("Register__CloudEvents__Marking", "restricted"),
        }) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            string? line;
            do line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It ended before it served.");
            while (!line.StartsWith("SecurityCoop serves on ", StringComparison.Ordinal));
            using var http = new HttpClient { BaseAddress = new(line["SecurityCoop serves on ".Length..]) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", host.Token);
            return await ask(http);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
#endif
