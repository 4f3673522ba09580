using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host that takes five requests a second from a caller and does not let a database snapshot be held for two seconds.</summary>
public sealed class StrictHost(TestPostgres postgres) : HostFixture(postgres)
{
    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration["Register:RequestsPerSecond"] = "5";
        // A burst with a token that the host does not know yet would be refused as guessing.
        builder.Configuration["Register:GuessesPerSecond"] = "0";
        builder.Configuration["Register:HeldSnapshotSeconds"] = "2";
    }
}

public sealed class StrictHostTests(StrictHost host) : IClassFixture<StrictHost>
{
    // Strangers of one address share what it may ask for, and another test may have used it up a moment ago.
    static Task UntilTheAddressMayAskAgain() => Task.Delay(1100);

    [Fact]
    public async Task Who_asks_a_calendars_address_too_often_is_told_to_wait_as_well()
    {
        var made = await host.Http.Command("/api/calendar/feeds", "{}");
        using var nobody = host.Client(null);
        await UntilTheAddressMayAskAgain();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => nobody.Read(made.Headers.Location!.ToString())));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBeInRange(5, 29);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Status == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter != null);
    }

    [Fact]
    public async Task A_caller_who_sends_too_much_is_told_to_wait_and_nobody_else_is()
    {
        using var hasty = await host.As(Marking.Open, Role.Reader);
        using var other = await host.As(Marking.Open, Role.Auditor);
        using var nobody = host.Client(null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => hasty.Read("/api/partnerships/DK")));

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBeInRange(5, 29);
        var refused = answers.First(a => a.Status != HttpStatusCode.OK);
        refused.ShouldBeProblem(429, "too-many-requests");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await other.Read("/api/partnerships/DK")).Status.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 30; i++) (await nobody.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
        await Task.Delay(1100);
        (await hasty.Read("/api/partnerships/DK")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Strangers_are_counted_by_their_address()
    {
        using var nobody = host.Client(null);
        await UntilTheAddressMayAskAgain();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => nobody.Read("/api/partnerships/DK")));
        answers.Count(a => (int)a.Status == 401).ShouldBeInRange(5, 29);
        answers.Count(a => (int)a.Status == 429).ShouldBe(30 - answers.Count(a => (int)a.Status == 401));
    }

    [Fact]
    public async Task A_database_snapshot_held_open_is_named_by_readiness_and_in_the_log_until_it_ends()
    {
        using var nobody = host.Client(null);
        (await nobody.Read("/health/ready")).Text.ShouldBe("ready");
        await using (var holder = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.OwnerConnection) { ApplicationName = "forgotten report", Pooling = false }.ConnectionString))
        {
            await holder.OpenAsync();
            await using var hold = new NpgsqlCommand("begin isolation level repeatable read; select count(*) from register.mt_events", holder);
            await hold.ExecuteNonQueryAsync();

            var line = "";
            for (var waited = 0; line == ""; waited++)
            {
                waited.ShouldBeLessThan(150, "it is held for longer than two seconds");
                await Task.Delay(100);
                line = (await nobody.Read("/health/ready")).Text["ready".Length..];
            }

            // What belongs to another role is not shown but for its process.
            line.ShouldMatch($@"^\nprocess {holder.ProcessID} \((forgotten report|of another role)\) has held a database snapshot open for \d+ s$");
            await Task.Delay(2000);
            host.Logs.Split('\n').Count(l => l.StartsWith($"Process {holder.ProcessID} of the database's server", StringComparison.Ordinal)).ShouldBe(1, "it is said once");
        }
        for (var waited = 0; (await nobody.Read("/health/ready")).Text != "ready"; waited++)
        {
            waited.ShouldBeLessThan(150, "it is over");
            await Task.Delay(100);
        }
    }
}

public sealed class LostConnectionTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_request_whose_connection_to_the_database_is_lost_is_answered_or_told_to_come_again()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "DK"}""");
        await using var itself = NpgsqlDataSource.Create(host.ApplicationConnection);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var answers = new ConcurrentBag<Answer>();
        async Task Ask(int caller)
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                answers.Add(await host.Http.Command("/api/partnerships/DK/notes", $$"""{"note": "{{caller}}-{{i / 2}}"}""", ("Idempotency-Key", $"{caller}-{i / 2}")));
                answers.Add(await host.Http.Read("/api/partnerships/DK"));
            }
        }
        async Task Terminate()
        {
            while (!over.IsCancellationRequested)
            {
                await using var command = itself.CreateCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()");
                await command.ExecuteScalarAsync();
                await Task.Delay(15);
            }
        }

        await Task.WhenAll([.. Enumerable.Range(0, 6).Select(Ask), Terminate()]);

        answers.Count(a => a.Status is HttpStatusCode.OK or HttpStatusCode.Created).ShouldBeGreaterThan(0);
        answers.Count(a => a.Status == HttpStatusCode.ServiceUnavailable).ShouldBeGreaterThan(0, "connections were lost");
        answers.Where(a => a.Status is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable)).Select(a => $"{a.Status} {a.Text}").Distinct().ShouldBeEmpty();
    }
}
