using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Web.Broker;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Broker;

/// <summary>Events leave to the broker's exchange.</summary>
[Collection(nameof(OnABroker))]
[Trait("Run", "long")]
public sealed class BrokerEventTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    static long Position(Came c) => c.Json.GetProperty("data").GetProperty("position").GetInt64();

    [Fact]
    public async Task Each_event_arrives_once_in_order_with_a_key_of_its_partner_and_type_and_tells_nothing_above_its_marking()
    {
        await using var all = await host.Listener("#", "all");
        await using var denmark = await host.Listener("DK.*", "denmark");
        await using var sweden = await host.Listener("*.meeting_planned", "planned");
        var before = await host.Head();
        var action = await host.Http.Record("/api/actions", """{"partner": "DK", "what": "exchange lists", "owedBy": "home", "marking": "open"}""");
        var followUp = await host.Http.Record($"/api/actions/{action.Reference}/follow-ups", """{"note": "called"}""");
        var secret = await host.Http.Record("/api/actions", """{"partner": "DK", "what": "Quillwort", "owedBy": "home", "marking": "secret"}""");
        await host.Http.Record("/api/meetings", """{"partners": ["DK", "SE"], "kind": "talks", "date": "2026-03", "state": "planned", "marking": "restricted"}""");
        var source = await host.Http.Record("/api/sources", """{"title": "a paper", "marking": "open"}""");
        await all.Until(a => a.Count > 0 && Position(a[^1]) == source.Position, "all arrived");

        var came = all.All.Where(c => Position(c) > before).ToList();
        came.Select(Position).ShouldBe(came.Select(Position).Distinct().Order());
        came.Select(c => c.Json.GetProperty("id").GetString()).ShouldBe(came.Select(c => c.Properties.MessageId));
        came.ShouldAllBe(c => c.Properties.Persistent && c.Properties.ContentType == "application/cloudevents+json");
        var told = came.Single(c => Position(c) == followUp.Position);
        (told.Key, told.Json.GetProperty("type").GetString()).ShouldBe(("DK.action_follow_up_recorded", "securitycoop.action_follow_up_recorded"));
        told.Json.GetProperty("data").GetRawText().ShouldBe((await host.Http.Read($"/api/audit/events/{followUp.Position}")).Text);

        var withheld = came.Single(c => Position(c) == secret.Position);
        withheld.Key.ShouldBe($"{BrokerEvents.NoPartner}.withheld");
        withheld.Text.ShouldNotContain("DK");
        withheld.Text.ShouldNotContain("action");
        withheld.Text.ShouldNotContain("Quillwort");
        withheld.Properties.Headers?.Keys.ShouldNotContain("CC");

        came.Single(c => Position(c) == source.Position).Key.ShouldBe($"{BrokerEvents.NoPartner}.source_registered");
        // What concerns two partners comes to whoever asks for one of them, and once to whoever asks for both.
        var planned = came.Single(c => c.Json.GetProperty("type").GetString() == "securitycoop.meeting_planned");
        ((string[])["DK.meeting_planned", "SE.meeting_planned"]).ShouldContain(planned.Key);
        await sweden.Until(a => a.Count > 0, "a meeting was planned");
        sweden.All.Count.ShouldBe(1);
        await denmark.Until(a => a.Any(c => Position(c) == Position(planned)), "Denmark's arrived");
        denmark.All.Select(Position).ShouldNotContain(secret.Position);
        denmark.All.Select(Position).ShouldContain(followUp.Position);
    }

    [Fact]
    public async Task A_broker_that_is_killed_and_comes_back_has_missed_nothing_and_has_it_in_order()
    {
        const int events = 60, killedAfter = 20;
        var before = await host.Head();
        await using (await host.Listener("#", "kept"))
        {
            // Only to make the queue.
        }
        for (var i = 0; i < events; i++)
        {
            await host.Http.Record("/api/sources", $$"""{"title": "Tapir paper {{i}}", "marking": "open"}""");
            if (i == killedAfter) await host.Server.Kill();
        }
        var head = await host.Head();
        await Until(async () => (await Follower()).TryGetProperty("error", out _), "its failure is shown");
        (await host.Http.Read("/api/sources")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await host.Server.Start();
        await using var kept = await host.Listener("#", "kept");
        await kept.Until(a => a.Count > 0 && Position(a[^1]) == head, "all arrived");
        var positions = kept.All.Select(Position).ToList();
        positions.ShouldBe([.. positions.Order()], "in order; what was on its way may come twice");
        positions.Where(p => p > before).Distinct().ShouldBe(Enumerable.Range(1, (int)(head - before)).Select(n => before + n));
        (await Follower()).TryGetProperty("error", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_that_is_killed_between_an_event_and_its_progress_sends_that_one_again_and_misses_none()
    {
        await using var all = await host.Listener("#", "twice");
        Process? other = null;
        try
        {
            await host.Restart(() => other = Task.Run(() => BrokerProcess.Start(host)).GetAwaiter().GetResult());
            var first = await host.Http.Record("/api/sources", """{"title": "Ibex paper", "marking": "open"}""");
            await all.Until(a => a.Count > 0 && Position(a[^1]) == first.Position, "the other sends");
            await Until(async () => await Progress() == first.Position, "and has noted it");
            Answer second;
            await using (var connection = new NpgsqlConnection(host.OwnerConnection))
            {
                // The progress cannot be written while somebody holds its row.
                await connection.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var hold = new NpgsqlCommand($"select 1 from register.mt_event_progression where name = '{BrokerEvents.Follower}:All' for update", connection, transaction))
                    await hold.ExecuteNonQueryAsync();
                second = await host.Http.Record("/api/sources", """{"title": "Okapi paper", "marking": "open"}""");
                await all.Until(a => Position(a[^1]) == second.Position, "it has left");
                other!.Kill();
                await other.WaitForExitAsync();
                // What it had sent waits in its backend, and would be done once the row is free.
                await Until(async () => await EndWaiting(connection.ProcessID) == 0, "its backends are gone");
            }
            var third = await host.Http.Record("/api/sources", """{"title": "Tapir paper", "marking": "open"}""");
            await all.Until(a => Position(a[^1]) == third.Position, "this host goes on");
            all.All.Select(Position).Where(p => p > first.Position).ShouldBe([second.Position, second.Position, third.Position]);
            var twice = all.All.Where(c => Position(c) == second.Position).Select(c => c.Properties.MessageId).ToList();
            twice.Distinct().Count().ShouldBe(1);
        }
        finally
        {
            if (other is { HasExited: false }) other.Kill();
            other?.Dispose();
        }
    }

    async Task<long> EndWaiting(int holder)
    {
        await using var connection = new NpgsqlConnection(host.ApplicationConnection);
        await connection.OpenAsync();
        await using var end = new NpgsqlCommand(
            $"select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = current_user and {holder} = any(pg_blocking_pids(pid))", connection);
        return (long)(await end.ExecuteScalarAsync())!;
    }

    Task<long> Progress() => host.Ask<long>($"select coalesce(max(last_seq_id), 0) from register.mt_event_progression where name = '{BrokerEvents.Follower}:All'");

    async Task<JsonElement> Follower() => (await host.Http.Read("/health/followers")).Json.EnumerateArray().Single(f => f.GetProperty("name").GetString() == BrokerEvents.Follower);

    static Task Until(Func<Task<bool>> condition, string what) => BrokerHost.Until(condition, what);
}

/// <summary>A host as a process of its own.</summary>
static class BrokerProcess
{
    public static Task<Process> Start(BrokerHost host) => Start(host, host.Broker);

    public static async Task<Process> Start(HostFixture host, IReadOnlyDictionary<string, string?> settings)
    {
        var process = ConsoleProcess.Start(
            ["serve", "--urls", "http://127.0.0.1:0", "--no-seed", "--data", host.Data], host.ApplicationConnection, host.OwnerConnection,
            [.. settings.Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value!))]);
        while (true)
        {
            var line = await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
            if (line.StartsWith("SecurityCoop serves on ", StringComparison.Ordinal)) break;
        }
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}
