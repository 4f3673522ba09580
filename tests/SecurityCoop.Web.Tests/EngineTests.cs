using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Store;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What Register__Engine decides, whichever engine the other tests run on.</summary>
public sealed class EngineTests(TestPostgres postgres) : IAsyncLifetime
{
    readonly string data = Directory.CreateTempSubdirectory("engine-").FullName;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return default;
    }

    // What is known of partnership DK afterwards.
    static async Task<Partnership> Opened(EventStore store)
    {
        var command = Guid.CreateVersion7();
        var opened = new NewEvent(
            Guid.CreateVersion7(), Partnership.Initial.Open(new PartnershipDetails { Partner = "DK" })[0].Event,
            new("steward", command, "open"));
        await store.Append(new(command, [new("partnership-DK", "partnership", 0, [opened], Reference: "DK")]), Stop);
        return (Partnership)(await store.Row(RecordViews.Partnership, "partnership-DK", Stop)).Value!;
    }

    [Fact]
    public void An_unknown_engine_is_refused_with_one_line() =>
        Should.Throw<StartRefused>(() => RegisterEngine.IsMarten("mysql")).Message
            .ShouldBe("Register__Engine: there is no engine mysql; there are npgsql (the default) and marten.");

    [Fact]
    public void The_own_engine_is_the_default() => RegisterEngine.IsMarten("").ShouldBeFalse();

    [Theory]
    [InlineData("npgsql", "register.view_row")]
    [InlineData("marten", "register.mt_doc_partnership")]
    public async Task A_record_is_kept_where_its_engine_keeps_it_and_read_alike(string engine, string table)
    {
        var (application, owner) = await postgres.NewDatabase(engine);
        await using var store = await Setup.OpenStore(application, data, Stop, engine: engine);

        (await Opened(store)).Details!.Partner.ShouldBe("DK");

        await using var source = Npgsql.NpgsqlDataSource.Create(owner);
        await using var count = source.CreateCommand($"select count(*) from {table}");
        (await count.ExecuteScalarAsync(Stop)).ShouldBe(1L);
        (await store.ReadAll(new EventFilter { Partner = "DK" }, Stop).CountAsync(Stop)).ShouldBe(1, "it is found by its partner");
        (await store.OfPartner("DK", Stop)).Position.ShouldBe(1);
    }

    [Fact]
    public async Task A_partners_facts_stay_the_same_object_until_an_event_concerns_the_partner()
    {
        var (application, _) = await postgres.NewDatabase("marten");
        await using var store = await Setup.OpenStore(application, data, Stop, engine: "marten");
        await Opened(store);
        var (first, facts) = await store.OfPartner("DK", Stop);

        var command = Guid.CreateVersion7();
        var other = new NewEvent(
            Guid.CreateVersion7(), Partnership.Initial.Open(new PartnershipDetails { Partner = "FR" })[0].Event,
            new("steward", command, "open"));
        await store.Append(new(command, [new("partnership-FR", "partnership", 0, [other], Reference: "FR")]), Stop);

        var (second, same) = await store.OfPartner("DK", Stop);
        (first, second).ShouldBe((1, 2));
        same.ShouldBeSameAs(facts);
    }

    [Fact]
    public async Task On_Marten_what_is_not_done_yet_is_refused()
    {
        var (application, _) = await postgres.NewDatabase("marten");
        await using var store = await Setup.OpenStore(application, data, Stop, engine: "marten");

        (await Should.ThrowAsync<StartRefused>(store.Verify(store.VerifierKey!, stop: Stop))).Message
            .ShouldBe("Verifying does not work with Register__Engine=marten yet.");
        await Should.ThrowAsync<StartRefused>(store.Reread(stop: Stop));
        await Should.ThrowAsync<StartRefused>(
            SecurityCoop.Web.Exchange.ExchangeConsole.Write(store, Path.Combine(data, "export"), false, Stop));
        Should.Throw<StartRefused>(() => RegisterEngine.RefuseOnMarten("`securitycoop import`", "marten")).Message
            .ShouldBe("`securitycoop import` does not work with Register__Engine=marten yet.");
    }

    [Theory]
    [InlineData("npgsql", "marten")]
    [InlineData("marten", "npgsql")]
    public async Task A_database_of_the_other_engine_is_not_migrated(string made, string opened)
    {
        var (application, owner) = await postgres.NewDatabase(made);
        var role = new Npgsql.NpgsqlConnectionStringBuilder(application).Username!;
        await Should.ThrowAsync<StartRefused>(RegisterEngine.Migrate(owner, role, opened, Stop));
    }
}
