using System.Net;

namespace SecurityCoop.Reliability.Tests;

/// <summary>
/// The primary is lost for good while its standby was held back: what asynchronous replication loses, and what synchronous does not.
/// </summary>
[Trait("Run", "long")]
public sealed class LostPrimaryTests(ITestOutputHelper output)
{
    private const string Broken = "THE HISTORY IS BROKEN";
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task With_asynchronous_replication_what_was_acknowledged_is_lost_and_the_signer_notices_it()
    {
        await using var pair = await PostgresPair.Start(synchronous: false);
        await using var register = await Register.Start(pair.Hosts, 1);
        var (host, http) = (register.Hosts[0], register.Clients[0]);
        await using var load = new Load(register.Clients, 4);
        await load.Answered(bound);
        await pair.HoldStandbyBack();
        var before = load.Done.Count;
        await Processes.Until(() => Task.FromResult(load.Done.Count > before + 20), bound, "it goes on without the standby");
        await load.Finish(bound);
        (await register.Compare(load.Done)).Faults.ShouldBeEmpty();
        await register.Signed(bound);

        await pair.LosePrimary();
        await Processes.Until(() => Task.FromResult(host.Said.Contains(Broken, StringComparison.Ordinal)), bound, "the signer notices");
        var lost = (await register.Compare(load.Done)).Faults;
        output.WriteLine($"{lost.Count} of {load.Done.Count} lost: {lost.FirstOrDefault()}");
        lost.ShouldNotBeEmpty("the check of every test here sees what is lost");
        lost.ShouldAllBe(fault => fault.EndsWith("was acknowledged and is lost", StringComparison.Ordinal));
        using (var ready = await http.GetAsync("/health/ready")) ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var command = new StringContent("""{"title": "Too late", "marking": "open"}""", null, "application/json");
        using var refused = await http.PostAsync("/api/sources", command);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("/problems/history-broken");
        var (printed, code) = await HostProcess.Run(["verify", "--data", register.Data], register.Settings);
        code.ShouldBe(1, printed);
    }

    // A command's time is over while its commit waits for the standby: PostgreSQL then reports the commit as done, with a warning, and
    // shows it.
    [Fact]
    public async Task With_synchronous_replication_a_commit_that_the_standby_does_not_have_is_acknowledged_by_nothing()
    {
        await using var pair = await PostgresPair.Start(synchronous: true);
        await using var register = await Register.Start(pair.Hosts, 1, "Command Timeout=3");
        var host = register.Hosts[0];
        await using var load = new Load(register.Clients, 4);
        await load.Answered(bound);
        await pair.HoldStandbyBack();
        var before = load.Done.Count;
        // Each outcome is unknown, and none is settled by asking the primary; or else the primary acknowledges what it alone has.
        await Processes.Until(() => Task.FromResult((Met("outcome-unknown") >= 4 && Met("database-away") >= 4)
            || load.Done.Count > before + 8), bound, "refused");
        var told = load.Done.ToArray();

        await pair.LosePrimary();
        await pair.Ask<object>(1, "alter system set synchronous_standby_names = ''");
        await pair.Ask<object>(1, "select pg_reload_conf()");
        (await register.Compare(told)).Faults.ShouldBeEmpty();
        var answered = await load.Answered(bound);
        await load.Finish(bound);
        output.WriteLine($"{told.Length} acknowledged before, {load.Done.Count} in the end; answered after {answered}; met {load.Told}");
        (await register.Compare(load.Done)).Faults.ShouldBeEmpty();
        host.Said.ShouldNotContain(Broken);
        await register.MustBeSound();

        int Met(string refusal) => load.Refusals.GetValueOrDefault(refusal);
    }
}
