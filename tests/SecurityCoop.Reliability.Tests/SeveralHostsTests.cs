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

/// <summary>Hosts on one database behave as one, whichever of them ends, freezes or is behind.</summary>
[Trait("Run", "long")]
public sealed class SeveralHostsTests(ThreeHosts hosts, ITestOutputHelper output) : IClassFixture<ThreeHosts>
{
    internal const int RequestsPerSecond = 100;
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(60);

    // What docs/operations.md says: ten seconds, and a little for the way.
    private static readonly TimeSpan remembered = TimeSpan.FromSeconds(12), lease = TimeSpan.FromSeconds(15);
    private readonly Register register = hosts.Register;

    [Fact]
    public async Task What_is_recorded_or_ended_at_one_host_is_so_at_the_others()
    {
        var (one, other) = (register.Clients[0], register.Clients[1]);
        using var following = new HttpClient { BaseAddress = register.Hosts[1].Client(register.Token).BaseAddress, Timeout = bound };
        following.DefaultRequestHeaders.Authorization = other.DefaultRequestHeaders.Authorization;
        await using var stream = await following.GetStreamAsync("/api/events");
        using var lines = new StreamReader(stream);

        // A name, whose key the other host finds in the database of keys.
        var person = await Post(one, "/api/people", """{"name": "Person Seventeen", "script": "Latn"}""");
        (await other.GetStringAsync($"/api/people/{person.GetProperty("reference").GetString()}")).ShouldContain("Person Seventeen");
        var told = Stopwatch.StartNew();
        while (await lines.ReadLineAsync().WaitAsync(bound) != "event: person_registered") told.IsRunning.ShouldBeTrue();
        told.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));

        // A session: good at every host, and ended at every host.
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new(), AllowAutoRedirect = true });
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var (here, there) = (register.Hosts[0].Address, register.Hosts[1].Address);
        using (var form = new FormUrlEncodedContent([new("token", register.Token)]))
        using (await browser.PostAsync($"{here}/sign-in", form)) (await Within($"{there}/sessions")).ShouldBe("/sessions");
        using (await browser.PostAsync($"{here}/sign-out", null))
        {
            var ended = await Processes.Until(async () => await Within($"{there}/sessions") == "/sign-in", remembered, "the session ends");
            output.WriteLine($"a session ended at the other host after {ended.TotalSeconds:0.0} s");
        }

        // An access token.
        var made = await Post(one, "/api/users/steward/tokens", """{"days": 1}""");
        using var program = register.Hosts[1].Client(made.GetProperty("token").GetString()!);
        (await Status(program)).ShouldBe(HttpStatusCode.OK);
        await Post(one, "/api/users/steward/tokens/revocation", $$"""{"token": "{{made.GetProperty("id").GetString()}}"}""");
        var refused = await Processes.Until(
            async () => await Status(program) == HttpStatusCode.Unauthorized, remembered, "the token ends at the other host");
        output.WriteLine($"a token refused at the other host after {refused.TotalSeconds:0.0} s");

        // The limit on requests is a host's own.
        var burst = await Task.WhenAll(Enumerable.Range(0, 6 * RequestsPerSecond).Select(_ => Status(one)));
        burst.ShouldContain(HttpStatusCode.TooManyRequests);
        (await Status(other)).ShouldBe(HttpStatusCode.OK);
        await Task.Delay(1500);

        async Task<string> Within(string address)
        {
            using var answer = await browser.GetAsync(address);
            return answer.StatusCode == HttpStatusCode.Unauthorized ? "/sign-in" : answer.RequestMessage!.RequestUri!.AbsolutePath;
        }
    }

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

    // A newer program folds records otherwise and has made the documents anew; these hosts are the older ones. Then the other way round.
    [Fact]
    public async Task Hosts_of_another_definition_neither_read_nor_write_until_the_documents_are_theirs_again()
    {
        await using var load = new Load(register.Clients, 4);
        await load.Answered(bound);
        var own = await register.Ask<string>("select records from register.log_head");
        var other = own!.Split(' ').Select(d => d.StartsWith("source/", StringComparison.Ordinal) ? "source/0" : d);
        try
        {
            await register.Execute($"update register.log_head set records = '{string.Join(' ', other)}'");
            await Processes.Until(() => Task.FromResult(load.Refusals.GetValueOrDefault("view-outdated") > 8), bound, "commands are refused");
            var size = await register.Ask<long>("select size from register.log_head");
            foreach (var client in register.Clients)
            {
                using var list = await client.GetAsync("/api/sources");
                ((int)list.StatusCode).ShouldBe(503);
                (await list.Content.ReadAsStringAsync()).ShouldContain("view-outdated");
                (await client.GetStringAsync("/api/audit/checkpoint")).ShouldStartWith("securitycoop/"); // The tree is nobody's fold.
            }
            (await register.Ask<long>("select size from register.log_head")).ShouldBe(size, "nothing was written");

            var (printed, code) = await HostProcess.Run(["rebuild", "--data", register.Data], register.Settings);
            code.ShouldBe(0, printed);
            (await register.Ask<string>("select records from register.log_head")).ShouldBe(own);
        }
        finally
        {
            await register.Execute($"update register.log_head set records = '{own}'"); // For the tests that follow a failure.
        }
        var answered = await load.Answered(bound);
        await load.Finish(bound);
        output.WriteLine($"answered {answered.TotalSeconds:0.0} s after the rebuild; met {load.Told}");
        (await register.Compare(load.Done)).Faults.ShouldBeEmpty();
        foreach (var client in register.Clients) (await client.GetAsync("/api/sources")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await register.MustBeSound();
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
