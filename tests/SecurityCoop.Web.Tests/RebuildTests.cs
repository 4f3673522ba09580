using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

public sealed class RebuildTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task After_a_rebuild_the_host_goes_on_with_the_same_records()
    {
        var store = (RegisterStore)host.Services.GetService(typeof(RegisterStore))!;
        var before = await host.Http.GetStringAsync("/api/meetings");
        await Rebuilding.Run(store, host.OwnerConnection, CancellationToken.None);
        (await host.Http.GetStringAsync("/api/meetings")).ShouldBe(before);
    }

    [Fact]
    public async Task Upon_documents_of_another_fold_a_host_rebuilds_its_own_database_and_keeps_away_from_another()
    {
        await host.MadeByAnother("meeting");
        await host.Restart();
        var store = (RegisterStore)host.Services.GetService(typeof(RegisterStore))!;
        (await Should.ThrowAsync<StartRefused>(Rebuilding.BeforeServing(store, host.OwnerConnection, isPrivate: false, _ => { }, CancellationToken.None)))
            .Message.ShouldContain("(meeting): run `securitycoop rebuild`");
        var said = new List<string>();
        await Rebuilding.BeforeServing(store, host.OwnerConnection, isPrivate: true, said.Add, CancellationToken.None);
        said[0].ShouldContain("made their documents (meeting): rebuilding");
        (await host.Http.GetAsync("/api/meetings")).EnsureSuccessStatusCode();
        said.Clear();
        await Rebuilding.BeforeServing(store, host.OwnerConnection, isPrivate: false, said.Add, CancellationToken.None);
        said.ShouldBeEmpty();
    }
}
