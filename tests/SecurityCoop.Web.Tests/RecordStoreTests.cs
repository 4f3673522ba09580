using Npgsql;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Store;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Where the host keeps records, what it keeps of a partner in memory, and databases that it does not take.</summary>
public sealed class RecordStoreTests(TestPostgres postgres) : IAsyncLifetime
{
    readonly string data = Directory.CreateTempSubdirectory("records-").FullName;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return default;
    }

    static async Task<Partnership> Opened(RegisterStore store, string partner)
    {
        var command = Guid.CreateVersion7();
        var opened = new NewEvent(
            Guid.CreateVersion7(), Partnership.Initial.Open(new PartnershipDetails { Partner = partner })[0].Event,
            new("steward", command, "open"));
        await store.Append(
            new(command, [new($"partnership-{partner}", "partnership", 0, [opened], Reference: partner)]), Stop);
        return (Partnership)(await store.Row(RecordKinds.Partnership, $"partnership-{partner}", Stop)).Value!;
    }

    [Fact]
    public async Task A_record_is_a_document_and_found_by_its_partner()
    {
        var (application, owner) = await postgres.NewDatabase();
        await using var store = await Setup.OpenStore(application, data, Stop);

        (await Opened(store, "DK")).Details!.Partner.ShouldBe("DK");

        await using var source = NpgsqlDataSource.Create(owner);
        await using var count = source.CreateCommand("select count(*) from register.mt_doc_partnership");
        (await count.ExecuteScalarAsync(Stop)).ShouldBe(1L);
        (await store.ReadAll(new EventFilter { Partner = "DK" }, Stop).CountAsync(Stop)).ShouldBe(1);
        (await store.OfPartner("DK", Stop)).Position.ShouldBe(1);
    }

    [Fact]
    public async Task A_partners_facts_stay_the_same_object_until_an_event_concerns_the_partner()
    {
        var (application, _) = await postgres.NewDatabase();
        await using var store = await Setup.OpenStore(application, data, Stop);
        await Opened(store, "DK");
        var (first, facts) = await store.OfPartner("DK", Stop);

        await Opened(store, "FR");

        var (second, same) = await store.OfPartner("DK", Stop);
        (first, second).ShouldBe((1, 2));
        same.ShouldBeSameAs(facts);
    }

    [Fact]
    public async Task A_database_of_the_old_version_is_refused_with_the_way_to_move_it()
    {
        var (application, owner) = await postgres.NewDatabase();
        await using var source = NpgsqlDataSource.Create(owner);
        await using var old = source.CreateCommand("create table register.view_row ()");
        await old.ExecuteNonQueryAsync(Stop);

        foreach (var start in new[]
        {
            RegisterMigrations.Migrate(owner, new NpgsqlConnectionStringBuilder(application).Username!, Stop),
            RegisterMigrations.MustBeCurrent(application, Stop),
        })
            (await Should.ThrowAsync<StartRefused>(start)).Message.ShouldContain("commit 4fd9d4a: `securitycoop export FILE --with-keys`");
    }
}
