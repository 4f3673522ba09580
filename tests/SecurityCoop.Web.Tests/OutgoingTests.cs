using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Hosting;
using SecurityCoop.Web.Outgoing;
using Shouldly;
using Wolverine;
using Wolverine.Runtime;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host that tells an address of the test's own what it records, up to what is marked restricted.</summary>
public class TellingHost : HostFixture
{
    readonly HttpListener listener;
    readonly Task listening;

    public TellingHost(TestPostgres postgres) : base(postgres)
    {
        for (var port = 41_000; ; port++)
        {
            Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/events/");
            listener = new() { Prefixes = { Url } };
            try
            {
                listener.Start();
                break;
            }
            catch (HttpListenerException) when (port < 42_000)
            {
                // Taken; and a listener that could not start is of no further use.
            }
        }
        listening = Task.Run(Listen);
    }

    public string Url { get; }

    /// <summary>What came, in the order in which it came, accepted or not.</summary>
    public ConcurrentQueue<(string? Authorization, string? MediaType, JsonElement Event, bool Accepted, DateTime At)> Came { get; } = new();

    /// <summary>Called with what came, before it is answered.</summary>
    public Action<JsonElement>? Asked { get; set; }

    /// <summary>So many more are answered with 503.</summary>
    public int Refuse;

    public IReadOnlyList<JsonElement> Accepted => [.. Came.Where(c => c.Accepted).Select(c => c.Event)];

    public async Task<JsonElement> Wait(Func<JsonElement, bool> which)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(50))
        {
            if (Accepted.Where(which).ToList() is { Count: > 0 } found) return found[0];
            DateTime.UtcNow.ShouldBeLessThan(until, "it is told");
        }
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Register:CloudEvents:Url"] = Url, ["Register:CloudEvents:Token"] = "t-1", ["Register:CloudEvents:Marking"] = "restricted",
        });
    }

    /// <summary>As the schedule says it; that goes by the real time, and the host's clock by the test's.</summary>
    public async Task DayBegins(IServiceProvider? services = null) =>
        await new MessageBus((services ?? Services).GetRequiredService<IWolverineRuntime>()).PublishAsync(new RemindersDue(Clock.GetUtcNow()));

    async Task Listen()
    {
        while (listener.IsListening)
        {
            HttpListenerContext asked;
            try
            {
                asked = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // The test has ended.
            }
            var e2 = (await JsonDocument.ParseAsync(asked.Request.InputStream)).RootElement;
            var accepted = Interlocked.Decrement(ref Refuse) < 0;
            Came.Enqueue((asked.Request.Headers["Authorization"], asked.Request.ContentType, e2, accepted, DateTime.UtcNow));
            Asked?.Invoke(e2);
            asked.Response.StatusCode = accepted ? 204 : 503;
            try
            {
                asked.Response.Close();
            }
            catch (HttpListenerException)
            {
                // Whoever asked is gone: a test may have ended it.
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        listener.Close();
        await listening;
    }
}

/// <summary>What is for a need-to-know group leaves the register to nobody: the address is in none.</summary>
public sealed class OutgoingGroupTests(TellingHost host) : IClassFixture<TellingHost>
{
    [Fact]
    public async Task What_is_for_a_group_is_told_to_nobody_however_low_it_is_marked()
    {
        await host.Http.Record("/api/users", """{"subject": "of-desk", "clearance": "restricted", "roles": ["steward"], "groups": ["desk-fi"]}""");
        using var member = host.Client((await host.Http.Record("/api/users/of-desk/tokens", "{}")).Json.GetProperty("token").GetString());
        var made = await member.Record("/api/sources", """{"title": "Quillwort paper", "marking": "open", "groups": ["desk-fi"]}""");
        var open = await member.Record("/api/sources", """{"title": "Open paper", "marking": "open"}""");
        // Told while it was of no group, and no longer once it is.
        var raised = await member.Record($"/api/records/{open.Reference}/marking", """{"groups": ["desk-fi"], "reason": "Quillwort matter"}""");
        await host.Wait(e => e.GetProperty("type").GetString() != "securitycoop.reminder" && OutgoingTests.Position(e) == raised.Position);
        foreach (var position in (long[])[made.Position, raised.Position])
        {
            var told = host.Accepted.Single(e => e.GetProperty("type").GetString() != "securitycoop.reminder" && OutgoingTests.Position(e) == position);
            told.GetProperty("type").GetString().ShouldBe("securitycoop.withheld");
            told.GetProperty("data").EnumerateObject().Select(p => p.Name).ShouldBe(["position", "recordedAt", "withheld"], ignoreOrder: true);
        }
        foreach (var word in (string[])["Quillwort", "desk-fi", made.Reference!]) host.Accepted.ShouldAllBe(e => !e.GetRawText().Contains(word));
    }
}

/// <summary>What leaves the register by itself.</summary>
public sealed class OutgoingTests(TellingHost host) : IClassFixture<TellingHost>
{
    internal static long Position(JsonElement e) => e.GetProperty("data").GetProperty("position").GetInt64();

    [Fact]
    public async Task Every_event_is_told_in_order_as_a_cloud_event_and_again_where_it_was_not_taken()
    {
        host.Refuse = 2;
        var open = await host.Http.Record("/api/meetings", """{"partners": ["DK"], "kind": "talks", "date": "2026-01-20", "marking": "restricted"}""");
        var secret = await host.Http.Record("/api/sources", """{"title": "A paper", "marking": "secret"}""");
        await host.Wait(e => e.GetProperty("type").GetString() != "securitycoop.reminder" && Position(e) == secret.Position);

        var told = host.Accepted.Where(e => e.GetProperty("type").GetString() != "securitycoop.reminder").ToList();
        told.Select(Position).ShouldBe(Enumerable.Range(1, told.Count).Select(p => (long)p), "each once and in order, since nothing fell between");
        var held = told.Single(e => e.GetProperty("type").GetString() == "securitycoop.meeting_held");
        (held.GetProperty("specversion").GetString(), held.GetProperty("subject").GetString(), held.GetProperty("datacontenttype").GetString()).ShouldBe(("1.0", open.Reference, "application/json"));
        held.GetProperty("source").GetString().ShouldBe($"urn:uuid:{await host.Ask<Guid>("select log from register.log_head")}");
        var audited = (await host.Http.Read($"/api/audit/events/{Position(held).ToString(CultureInfo.InvariantCulture)}")).Json;
        held.GetProperty("data").GetRawText().ShouldBe(audited.GetRawText());
        (held.GetProperty("id").GetString(), held.GetProperty("time").GetDateTime()).ShouldBe((audited.GetProperty("id").GetString(), audited.GetProperty("recordedAt").GetDateTime()));

        var withheld = told.Single(e => Position(e) == secret.Position);
        withheld.GetProperty("type").GetString().ShouldBe("securitycoop.withheld");
        withheld.TryGetProperty("subject", out _).ShouldBeFalse();
        withheld.GetProperty("data").GetRawText().ShouldNotContain("paper");

        host.Came.ShouldAllBe(c => c.Authorization == "Bearer t-1" && c.MediaType!.StartsWith("application/cloudevents+json"));
        var refused = host.Came.Where(c => !c.Accepted).Select(c => c.Event.GetProperty("id").GetString()).ToList();
        refused.Count.ShouldBe(2);
        refused.ShouldAllBe(id => host.Accepted.Any(a => a.GetProperty("id").GetString() == id));
    }

    [Fact]
    public async Task What_becomes_due_on_a_day_is_reminded_of_once_on_it_and_a_month_ahead()
    {
        var action = await host.Http.Record("/api/actions", """{"partner": "SE", "what": "Send the list", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-10", "marking": "open"}""");
        var hidden = await host.Http.Record("/api/actions", """{"partner": "SE", "what": "Not for others", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-10", "marking": "secret"}""");
        // Overdue from the day after.
        host.Clock.Set(new(2026, 2, 9, 12, 0, 0, TimeSpan.Zero));
        await host.DayBegins();
        var ahead = (await host.Wait(e => IsReminder(e, 30))).GetProperty("data");
        (ahead.GetProperty("on").GetString(), ahead.GetProperty("overdue").GetString()).ShouldBe(("2026-03-11", "certain"));
        host.Clock.Set(new(2026, 3, 11, 0, 30, 0, TimeSpan.Zero));
        await host.DayBegins();
        await host.Wait(e => IsReminder(e, 0));
        host.Clock.Set(new(2026, 3, 13, 12, 0, 0, TimeSpan.Zero));
        await host.Restart();
        var later = await host.Http.Record("/api/sources", """{"title": "Later", "marking": "open"}""");
        await host.Wait(e => e.GetProperty("type").GetString() == "securitycoop.source_registered" && Position(e) == later.Position);
        for (var until = DateTime.UtcNow.AddSeconds(60); await host.Ask<long>("select position from register.subscription where consumer = 'reminders'") < new DateOnly(2026, 3, 13).DayNumber; await Task.Delay(50))
            DateTime.UtcNow.ShouldBeLessThan(until);

        host.Accepted.Where(e => e.GetProperty("type").GetString() == "securitycoop.reminder").Select(e => e.GetProperty("id").GetString()).ShouldBeUnique();
        host.Accepted.Count(e => IsReminder(e, 30) || IsReminder(e, 0)).ShouldBe(2);
        host.Accepted.ShouldAllBe(e => !e.GetRawText().Contains(hidden.Reference!));

        bool IsReminder(JsonElement e, int daysAhead) => e.GetProperty("type").GetString() == "securitycoop.reminder"
            && e.GetProperty("subject").GetString() == action.Reference && e.GetProperty("data").GetProperty("daysAhead").GetInt32() == daysAhead;
    }

    [Theory]
    [InlineData("ftp://x", null, "Register__CloudEvents__Url")]
    [InlineData("nowhere", null, "Register__CloudEvents__Url")]
    [InlineData("http://127.0.0.1/", "hidden", "Register__CloudEvents__Marking")]
    public void Settings_that_make_no_sense_refuse_the_start(string url, string? marking, string named)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Register:CloudEvents:Url"] = url, ["Register:CloudEvents:Marking"] = marking }).Build();
        Should.Throw<StartRefused>(() => CloudEventsSettings.Of(configuration)).Message.ShouldContain(named);
    }
}

/// <summary>An address that stays away. Of its own: the waits grow long.</summary>
public sealed class AwayAddressTests(TellingHost host) : IClassFixture<TellingHost>
{
    [Fact]
    public async Task It_is_asked_less_and_less_often_but_every_minute_and_a_host_that_waits_for_it_ends_at_once()
    {
        const int attempts = 9; // The last wait is then longer than the daemon's own pause.
        Volatile.Write(ref host.Refuse, int.MaxValue);
        var made = await host.Http.Record("/api/sources", """{"title": "A paper", "marking": "open"}""");
        DateTime[] Refused() => [.. host.Came.Where(c => !c.Accepted).Select(c => c.At)];
        for (var until = DateTime.UtcNow.AddSeconds(60); Refused().Length < attempts; await Task.Delay(50))
            DateTime.UtcNow.ShouldBeLessThan(until);

        var at = Refused();
        for (var n = 1; n < attempts; n++)
            (at[n] - at[n - 1]).ShouldBeGreaterThan(EventSender.WaitAfter(n) - TimeSpan.FromMilliseconds(50), $"after attempt {n}");
        EventSender.WaitAfter(attempts - 1).ShouldBe(TimeSpan.FromSeconds(12.8));
        EventSender.WaitAfter(10_000).ShouldBe(TimeSpan.FromMinutes(1));

        // The daemon has ended its pause and waits for the address.
        await Task.Delay(TimeSpan.FromSeconds(8));
        Refused().Length.ShouldBe(attempts);
        Volatile.Write(ref host.Refuse, 0);
        var ending = System.Diagnostics.Stopwatch.StartNew();
        await host.Restart(ending.Stop);
        ending.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await host.Wait(e => e.GetProperty("data").GetProperty("position").GetInt64() == made.Position);
    }
}
