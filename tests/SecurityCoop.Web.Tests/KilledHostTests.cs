using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Store;
using SecurityCoop.Web.Outgoing;
using SecurityCoop.Web.Reporting;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host as a process of its own, which is killed while it follows the log for all hosts.</summary>
public sealed class KilledHostTests(TellingHost host) : IClassFixture<TellingHost>
{
    static readonly string[] followers = [WordIndex.Follower, ReportKeeper.Follower, CloudEvents.Follower];
    static readonly TimeSpan takeover = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Given_a_host_that_follows_the_log_When_it_is_killed_Then_another_takes_over_and_misses_nothing_and_doubles_nothing()
    {
        const int before = 15, after = 25;
        host.Settings["Register:ReportSeconds"] = "1";
        Process? other = null;
        try
        {
            // It takes every follower while this host is away.
            await host.Restart(() => other = Task.Run(ThatFollows).GetAwaiter().GetResult());
            followers.ShouldAllBe(f => !Daemon.Leads(f));
            var last = await host.Head() + before;
            var killed = new Stopwatch();
            // In the middle of its work: the event has come, and that it has come is not on record.
            host.Asked = e =>
            {
                if (IsReminder(e) || Position(e) != last || killed.IsRunning) return;
                other!.Kill();
                other.WaitForExit();
                killed.Start();
            };
            for (var i = 0; i < before + after; i++)
                await host.Http.Record("/api/sources", """{"title": "Tapir paper", "marking": "open"}""");
            await Until(() => killed.IsRunning, "it was killed");
            await Until(() => followers.All(Daemon.Leads), "this host follows");
            killed.Elapsed.ShouldBeLessThan(takeover);
            var head = await host.Head();
            head.ShouldBe(last + after);

            await Until(() => Positions().LastOrDefault() == head, "all is told");
            Positions().ShouldBe([.. Numbers(1, last), .. Numbers(last, head)], "the one on its way comes again, and no other");
            foreach (var name in followers.Select(LogFollower.ProgressOf))
                await Until(async () => await host.Ask<long>(
                    $"select coalesce(max(last_seq_id), 0) from register.mt_event_progression where name = '{name}'") == head, name);
            (await host.Ask<string>("select string_agg(position::text, ' ' order by position) from register.search_words")).ShouldBe(
                await host.Ask<string>(
                    "select string_agg(seq_id::text, ' ' order by seq_id) from register.mt_events where type = 'source_registered'"));
            await Until(
                async () => await host.Ask<long>("select coalesce(max(position), 0) from report.snapshot where current") == head, "rows");
        }
        finally
        {
            host.Asked = null;
            if (other is { HasExited: false }) other.Kill();
            other?.Dispose();
        }
    }

    LogDaemon Daemon => host.Services.GetRequiredService<LogDaemon>();

    // Another host, once it follows everything.
    async Task<Process> ThatFollows()
    {
        var process = ConsoleProcess.Start(
            ["serve", "--urls", "http://127.0.0.1:0", "--no-seed", "--data", host.Data], host.ApplicationConnection, host.OwnerConnection,
            ("Register__CloudEvents__Url", host.Url), ("Register__CloudEvents__Token", "t-1"),
            ("Register__CloudEvents__Marking", "restricted"), ("Register__ReportSeconds", "1"));
        var address = "";
        while (address == "")
        {
            var line = await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
            if (line.StartsWith("SecurityCoop serves on ", StringComparison.Ordinal)) address = line.Split(' ')[^1];
        }
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = new(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.Token);
        await Until(async () => (await http.Read("/health/followers")).Json.EnumerateArray()
            .All(f => f.GetProperty("state").GetString() == "running"), "the other follows");
        return process;
    }

    static bool IsReminder(JsonElement e) => e.GetProperty("type").GetString() == "securitycoop.reminder";

    static long Position(JsonElement e) => e.GetProperty("data").GetProperty("position").GetInt64();

    List<long> Positions() => [.. host.Accepted.Where(e => !IsReminder(e)).Select(Position)];

    static IEnumerable<long> Numbers(long from, long through) =>
        Enumerable.Range((int)from, (int)(through - from + 1)).Select(n => (long)n);

    static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var begun = Stopwatch.StartNew(); !await condition(); await Task.Delay(50))
            begun.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), what);
    }
}
