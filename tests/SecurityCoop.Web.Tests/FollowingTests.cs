using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Outgoing;
using SecurityCoop.Web.Search;
using Shouldly;
using Wolverine.Runtime;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What follows the log once for all hosts: two hosts, failures, lag.</summary>
public sealed class FollowingTests(TellingHost host) : IClassFixture<TellingHost>
{
    const string Words = WordIndex.Follower + ":All";
    static readonly TimeSpan takeover = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Given_two_hosts_When_the_one_that_tells_others_stops_Then_the_other_goes_on_and_every_event_comes_once_and_in_order()
    {
        await Until(() => Daemon(host.Services).Leads(CloudEvents.Follower));
        await using var second = await host.Another();
        for (var i = 0; i < 10; i++) await Record(host.Http);
        Daemon(second.App.Services).Leads(CloudEvents.Follower).ShouldBeFalse();

        var recording = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++) await Record(second.Http);
        });
        await Task.Delay(200);
        var stopped = Stopwatch.StartNew();
        await host.Restart(() => Until(() => Daemon(second.App.Services).Leads(CloudEvents.Follower)).GetAwaiter().GetResult());
        stopped.Elapsed.ShouldBeLessThan(takeover);
        await recording;
        await Told(await host.Head());

        var positions = Positions();
        positions.ShouldBe((await ToBeTold()).Where(p => p <= positions[^1]));
    }

    [Fact]
    public async Task Given_an_address_that_is_down_When_it_comes_back_Then_nothing_is_lost_and_meanwhile_the_others_go_on_and_health_says_so()
    {
        await Told(await host.Head());
        var index = host.Services.GetRequiredService<WordIndex>();
        Volatile.Write(ref host.Refuse, int.MaxValue);
        try
        {
            for (var i = 0; i < 3; i++) await Record(host.Http);
            var head = await host.Head();
            await Until(async () => (await Follower(CloudEvents.Follower)).GetProperty("state").GetString() == "paused");
            var behind = await Follower(CloudEvents.Follower);
            behind.GetProperty("behind").GetInt64().ShouldBe(3);
            behind.GetProperty("position").GetInt64().ShouldBe(head - 3);
            behind.GetProperty("error").GetString().ShouldBe("HttpRequestException");
            await Until(async () => await index.Reach(default) == head);
            var words = await Follower(WordIndex.Follower);
            (words.GetProperty("behind").GetInt64(), words.GetProperty("state").GetString()).ShouldBe((0, "running"));
            words.TryGetProperty("error", out _).ShouldBeFalse();
        }
        finally
        {
            Volatile.Write(ref host.Refuse, 0);
        }
        await Told(await host.Head());
        Positions().ShouldBe(await ToBeTold());
        (await host.Ask<long>("select count(*) from register.mt_doc_deadletterevent")).ShouldBe(0);
        (await Follower(CloudEvents.Follower)).GetProperty("behind").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Health_tells_strangers_and_readers_nothing_of_what_follows_the_log()
    {
        using var stranger = host.Client(null);
        (await stranger.Read("/health/followers")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var reader = await host.As(Marking.Secret, Role.Reader);
        (await reader.Read("/health/followers")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task When_words_cannot_be_saved_their_progress_stays_too_and_afterwards_the_index_is_whole()
    {
        var index = host.Services.GetRequiredService<WordIndex>();
        await Until(async () => await index.Reach(default) == await host.Head());
        var (before, position) = (await Count(), await host.Head());
        await Owner("""
            create function refuse_words() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
            create trigger refuse_words before insert on register.search_words for each row execute function refuse_words()
            """);
        try
        {
            await Record(host.Http);
            await Until(async () => (await Follower(WordIndex.Follower)).GetProperty("state").GetString() == "paused");
            (await Count(), await index.Reach(default)).ShouldBe((before, position));
        }
        finally
        {
            await Owner("drop trigger refuse_words on register.search_words; drop function refuse_words");
        }
        await Until(async () => await index.Reach(default) == await host.Head());
        (await Count()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_rebuild_of_the_documents_makes_nobody_follow_the_log_again()
    {
        await Record(host.Http);
        await Told(await host.Head());
        var index = host.Services.GetRequiredService<WordIndex>();
        await Until(async () => await index.Reach(default) == await host.Head());
        var (came, moved) = (host.Came.Count, await Moved());
        await host.Store.Rebuild(host.OwnerConnection);
        await Task.Delay(3000);
        (host.Came.Count, await Moved()).ShouldBe((came, moved));

        Task<string> Moved() => host.Ask<string>(
            $"select string_agg(name || last_seq_id || last_updated, ' ' order by name) from register.mt_event_progression where name in ('{Words}', '{CloudEvents.Follower}:All')");
    }

    [Fact]
    public async Task An_index_whose_progress_an_operator_takes_away_is_filled_again()
    {
        var index = host.Services.GetRequiredService<WordIndex>();
        await Record(host.Http);
        await Until(async () => await index.Reach(default) == await host.Head());
        var before = await Count();
        await Owner($"delete from register.search_words; delete from register.mt_event_progression where name = '{Words}'");
        // Marten learns of it when it moves the progress that is not there.
        await Record(host.Http);
        await Until(async () => await index.Reach(default) == await host.Head());
        (await Count()).ShouldBe(before + 1);
    }

    [Fact]
    public void Reminders_have_a_schedule_in_the_registers_time_zone()
    {
        var schedule = host.Services.GetRequiredService<IWolverineRuntime>().Options.Schedules.FindByName("reminders").ShouldNotBeNull();
        schedule.Schedule.TimeZone.Id.ShouldBe("Africa/Casablanca");
        var next = schedule.Schedule.NextOccurrence(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero)).ShouldNotBeNull();
        TimeZoneInfo.ConvertTime(next, schedule.Schedule.TimeZone).TimeOfDay.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Given_an_address_that_is_down_When_a_day_begins_Then_its_reminders_come_later_and_two_hosts_send_them_once()
    {
        await using var second = await host.Another();
        var action = await host.Http.Record("/api/actions",
            """{"partner": "SE", "what": "Send the second list", "owedBy": "home", "on": "2026-01-10", "due": "2026-06-10", "marking": "open"}""");
        await Told(await host.Head());
        Volatile.Write(ref host.Refuse, 1);
        host.Clock.Set(new(2026, 6, 14, 12, 0, 0, TimeSpan.Zero)); // Three days after it became overdue: days that were missed.
        await Task.WhenAll(host.DayBegins(), host.DayBegins(second.App.Services));
        await host.Wait(IsReminder);
        await Until(async () => await host.Ask<long>("select position from register.subscription where consumer = 'reminders'") == new DateOnly(2026, 6, 14).DayNumber);
        await host.DayBegins();
        await Task.Delay(1000);
        host.Accepted.Count(IsReminder).ShouldBe(1);

        bool IsReminder(JsonElement e) => e.GetProperty("type").GetString() == "securitycoop.reminder"
            && e.GetProperty("subject").GetString() == action.Reference && e.GetProperty("data").GetProperty("daysAhead").GetInt32() == 0;
    }

    static LogDaemon Daemon(IServiceProvider services) => services.GetRequiredService<LogDaemon>();

    static Task<Answer> Record(HttpClient http) => http.Record("/api/sources", """{"title": "Tapir paper", "marking": "open"}""");

    Task<long> Count() => host.Ask<long>("select count(*) from register.search_words");

    async Task<JsonElement> Follower(string name) =>
        (await host.Http.Read("/health/followers")).Json.EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);

    // Who may do what is told to nobody.
    async Task<List<long>> ToBeTold() =>
        await host.Store.ReadAll(new()).Where(e => !UserKind.IsOfAccess(e.Stream)).Select(e => e.Position).ToListAsync();

    List<long> Positions() =>
        [.. host.Accepted.Where(e => e.GetProperty("type").GetString() != "securitycoop.reminder").Select(e => e.GetProperty("data").GetProperty("position").GetInt64())];

    Task Told(long position) => Until(() => Positions().LastOrDefault() >= position);

    async Task Owner(string statements)
    {
        await using var owner = new NpgsqlConnection(host.OwnerConnection);
        await owner.OpenAsync();
        await using var command = new NpgsqlCommand(statements, owner);
        await command.ExecuteNonQueryAsync();
    }

    static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    static async Task Until(Func<Task<bool>> condition)
    {
        for (var begun = Stopwatch.StartNew(); !await condition(); await Task.Delay(50)) begun.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }
}
