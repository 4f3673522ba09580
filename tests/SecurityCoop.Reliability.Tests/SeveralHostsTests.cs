using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace SecurityCoop.Reliability.Tests;

/// <summary>Three hosts on one database, with the keys of persons in a database of their own.</summary>
public sealed class ThreeHosts : IAsyncLifetime
{
    private PostgresPair? server;

    internal Register Register { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        server = await PostgresPair.Start(synchronous: null);
        await server.Ask<object>(0, "create database keys");
        Register = await Register.Start(server.Primary, 3, settings:
            $"""
            Register__KeyDatabase=Host={server.Primary};Username=postgres;Database=keys
            Register__RequestsPerSecond={SeveralHostsTests.RequestsPerSecond}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (Register is not null) await Register.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }
}

/// <summary>Hosts on one database: one of them ends, or freezes, and the others go on.</summary>
[Trait("Run", "long")]
public sealed class SeveralHostsTests(ThreeHosts hosts, ITestOutputHelper output) : IClassFixture<ThreeHosts>
{
    internal const int RequestsPerSecond = 100;
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(60);

    // What docs/operations.md says: ten seconds, and a little for the way.
    private static readonly TimeSpan lease = TimeSpan.FromSeconds(15);
    private readonly Register register = hosts.Register;

    [Fact]
    public async Task When_the_host_that_signs_ends_another_signs()
    {
        await Post(register.Clients[0], "/api/sources", """{"title": "Before", "marking": "open"}""");
        await register.Signed(lease);
        var signer = await register.Ask<string>("select holder from register.subscription where consumer = 'ledger-signer'");
        var host = register.Hosts.Single(h => signer!.Split(' ')[^1] == h.Id.ToString(CultureInfo.InvariantCulture));
        await register.Kill(host);
        await Post(register.Clients[0], "/api/sources", """{"title": "After", "marking": "open"}""");
        var took = await register.Signed(lease);
        output.WriteLine($"another signed after {took.TotalSeconds:0.0} s");
        await register.AddHost();
        await register.MustBeSound();
    }

    // SECURITYCOOP_FROZEN_SECONDS=60 for as long as a machine that is moved may stand still.
    [Fact]
    public async Task A_host_that_is_frozen_in_the_middle_of_a_commit_keeps_nobody_waiting_and_does_no_harm_when_it_goes_on()
    {
        var seconds = Environment.GetEnvironmentVariable("SECURITYCOOP_FROZEN_SECONDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : 10;
        var frozen = register.Hosts[0];
        await using var load = new Load(register.Clients, 12, TimeSpan.FromSeconds(5));
        await load.Answered(bound);
        var tries = 0;
        while (true)
        {
            Processes.Signal("STOP", frozen.Id);
            await Task.Delay(20); // What it sent has arrived.
            if (await HoldsTheHead()) break;
            Processes.Signal("CONT", frozen.Id);
            (++tries).ShouldBeLessThan(500, "it commits now and then");
            await Task.Delay(Random.Shared.Next(30));
        }
        var still = Stopwatch.StartNew();
        var before = load.Done.Count;
        var answered = await Processes.Until(() => Task.FromResult(load.Done.Count > before + 5), TimeSpan.FromSeconds(8), "the others go on");
        await Task.Delay(TimeSpan.FromSeconds(seconds) - still.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero);
        Processes.Signal("CONT", frozen.Id);
        await Processes.Until(async () => await Status(register.Clients[0]) == HttpStatusCode.OK, bound, "it answers again");
        await Task.Delay(1000);
        await load.Finish(bound);
        output.WriteLine($"frozen for {seconds} s after {tries} tries; others went on after {answered}; met {load.Told}");
        var (faults, size) = await register.Compare(load.Done);
        faults.ShouldBeEmpty();
        await load.MustHaveFollowed(size);
        await register.MustBeSound();

        async Task<bool> HoldsTheHead() => await register.Ask<bool>(
            """
            select exists (select from pg_locks l join pg_stat_activity a using (pid)
                where l.locktype = 'relation' and l.relation = 'register.log_head'::regclass and l.mode = 'RowShareLock' and l.granted
                and a.application_name = 'SecurityCoop writer' and a.state = 'idle in transaction'
                and a.state_change < clock_timestamp() - interval '15 ms')
            """);
    }

    private static async Task<HttpStatusCode> Status(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/sources?limit=1");
        return answer.StatusCode;
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"POST {path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
