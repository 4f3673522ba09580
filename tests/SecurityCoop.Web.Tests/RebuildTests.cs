using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

public sealed class RebuildTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task The_seeds_rows_are_what_their_events_fold_to_and_the_host_goes_on_upon_the_rebuilt_ones()
    {
        var store = (EventStore)host.Services.GetService(typeof(EventStore))!;
        var before = await host.Http.GetStringAsync("/api/meetings");
        (await Rebuilding.Run(store, null, replace: false, CancellationToken.None, host.OwnerConnection)).ShouldBe(0);
        (await host.Http.GetStringAsync("/api/meetings")).ShouldBe(before);
        (await Should.ThrowAsync<StartRefused>(Rebuilding.Run(store, "nothing", replace: false, CancellationToken.None))).Message.ShouldContain("there are partnership, meeting");
    }

    [Fact]
    public async Task Upon_rows_of_another_definition_a_host_rebuilds_its_own_database_and_keeps_away_from_another()
    {
        await host.MadeByAnother("meeting");
        await host.Restart();
        var store = (EventStore)host.Services.GetService(typeof(EventStore))!;
        (await Should.ThrowAsync<StartRefused>(Rebuilding.BeforeServing(store, isPrivate: false, _ => { }, CancellationToken.None, host.OwnerConnection)))
            .Message.ShouldContain("`securitycoop rebuild meeting`");
        var said = new List<string>();
        await Rebuilding.BeforeServing(store, isPrivate: true, said.Add, CancellationToken.None, host.OwnerConnection);
        said[0].ShouldContain("view meeting has another definition");
        (await host.Http.GetAsync("/api/meetings")).EnsureSuccessStatusCode();
        said.Clear();
        await Rebuilding.BeforeServing(store, isPrivate: false, said.Add, CancellationToken.None, host.OwnerConnection);
        said.ShouldBeEmpty();
    }
}
