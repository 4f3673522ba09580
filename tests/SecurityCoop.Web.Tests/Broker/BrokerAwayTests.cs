using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Broker;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Broker;

/// <summary>A host whose broker is away when it starts.</summary>
[Collection(nameof(OnABroker))]
[Trait("Run", "long")]
public sealed class BrokerAwayTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    [Fact]
    public async Task A_host_starts_without_its_broker_serves_and_makes_up_for_it_once_it_is_there()
    {
        await using (await host.Listener("#", "kept"))
        {
            // Only to make the queue.
        }
        await host.Server.Kill();
        var starting = Stopwatch.StartNew();
        await host.Restart();
        starting.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        var made = await host.Http.Record("/api/sources", """{"title": "a paper", "marking": "open"}""");
        await BrokerHost.Until(async () => (await Follower()).TryGetProperty("error", out var error) && error.GetString() == nameof(BrokerAway), "it is shown");
        (await Follower()).GetProperty("behind").GetInt64().ShouldBeGreaterThan(0);
        (await host.Http.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
        // It ends at once, too.
        var ending = Stopwatch.StartNew();
        await host.Restart(ending.Stop);
        ending.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));

        await host.Server.Start();
        await using var kept = await host.Listener("#", "kept");
        await kept.Until(a => a.Any(c => c.Json.GetProperty("data").GetProperty("position").GetInt64() == made.Position), "it was told");
        (await host.Ask("a-1", "/api/sources", """{"title": "another", "marking": "open"}""")).Json.GetProperty("reference").GetString().ShouldNotBeNull();
        host.Logs.ShouldNotContain("guest:guest");
    }

    async Task<JsonElement> Follower() => (await host.Http.Read("/health/followers")).Json.EnumerateArray().Single(f => f.GetProperty("name").GetString() == BrokerEvents.Follower);
}

/// <summary>What the queue waits for, and what it answers with a refusal.</summary>
public sealed class QueueWaitsTests
{
    // Of one person's key, of a proof, of the provider and of the limits that HTTP has: others in the queue may well be decided.
    static readonly string[] ofTheCommand =
        ["key-missing", "not-signed-yet", "provider-away", "too-many-requests", "too-many-streams", "too-many-guesses"];

    [Fact]
    public void Whatever_is_refused_because_of_host_or_database_is_waited_for()
    {
        using var problems = JsonDocument.Parse(typeof(QueuedCommands).Assembly.GetManifestResourceStream("problems.json")!);
        problems.RootElement.EnumerateObject().Where(p => p.Value.GetProperty("status").GetInt32() is 429 or 503).Select(p => p.Name)
            .Except(ofTheCommand).ShouldBe(QueuedCommands.Passes, ignoreOrder: true);
    }
}

/// <summary>What is asked of the settings.</summary>
public sealed class BrokerSettingsTests
{
    [Theory]
    [InlineData("Broker", "http://127.0.0.1")]
    [InlineData("Broker", "nowhere")]
    [InlineData("Broker:Marking", "hidden")]
    [InlineData("Broker:Exchange", "a b")]
    [InlineData("Broker:Declare", "perhaps")]
    [InlineData("Broker:Roles", "")]
    [InlineData("Broker:Roles", "emperor")]
    [InlineData("Broker:Clearance", "")]
    [InlineData("Broker:Clearance", "hidden")]
    [InlineData("Broker:Subject", "")]
    [InlineData("Broker:Subject", "a b")]
    [InlineData("Broker:Groups", "NOT-ONE")]
    [InlineData("Broker:Queue", "A/B")]
    public void Settings_that_make_no_sense_refuse_the_start_and_do_not_repeat_the_password(string setting, string value)
    {
        var refused = Should.Throw<StartRefused>(() => BrokerSettings.Of(Configuration((setting, value)))).Message;
        refused.ShouldContain($"Register__{setting.Replace(":", "__", StringComparison.Ordinal)}");
        refused.ShouldNotContain("pa55");
    }

    [Fact]
    public void Without_an_address_there_is_no_broker_and_without_roles_no_queue()
    {
        BrokerSettings.Of(new ConfigurationBuilder().Build()).ShouldBeNull();
        BrokerSettings.Of(Configuration(("Broker:Roles", "none")))!.Commands.ShouldBeNull();
        var queue = BrokerSettings.Of(Configuration())!.Commands!;
        (queue.Name, queue.DeadLetters, queue.Caller.Subject).ShouldBe(("securitycoop.commands", "securitycoop.commands.dead", "desk"));
        queue.Caller.Roles.ShouldBe([Role.Recorder, Role.Validator], ignoreOrder: true);
    }

    static IConfiguration Configuration(params (string Setting, string? Value)[] other)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Register:Broker"] = "amqp://user:pa55@127.0.0.1", ["Register:Broker:Subject"] = "desk", ["Register:Broker:Roles"] = "recorder, validator",
            ["Register:Broker:Clearance"] = "restricted", ["Register:Broker:Groups"] = "desk-fi",
        };
        foreach (var (setting, value) in other) settings[$"Register:{setting}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
