using Npgsql;
using System.Security.Cryptography;

namespace SecurityCoop.PrivateServer.Tests;

public sealed class MigratorTests(TestCluster cluster)
{
    private static readonly Migration first = new("0001_first",
        "create table sample.made (id uuid not null default gen_random_uuid()); insert into sample.made default values");
    private static readonly Migration second = new("0002_second", "alter table sample.made add column note text");
    private static readonly Migration third = new("0003_third", "create table sample.more (id integer primary key)");

    private string Owner(string database) => cluster.ConnectionString(database, TestCluster.Owner);

    private Task Migrate(string database, params Migration[] migrations) =>
        new Migrator("sample", migrations).Migrate(Owner(database), async owner =>
        {
            await using var grant = new NpgsqlCommand($"grant usage on schema sample to {TestCluster.Application}", owner);
            await grant.ExecuteNonQueryAsync();
        });

    private async Task<StartRefused> Refused(string database) =>
        await Should.ThrowAsync<StartRefused>(Migrate(database, first, second, third));

    [Fact]
    public async Task Migrating_twice_or_twice_at_once_is_migrating_once()
    {
        var database = await cluster.NewDatabase();
        Task All() => Migrate(database, first, second, third);
        await Task.WhenAll(All(), All(), All());
        var made = await cluster.Scalar<Guid>(database, "select id from sample.made");
        await All();
        (await cluster.Scalar<Guid>(database, "select id from sample.made")).ShouldBe(made);
        (await cluster.Scalar<long>(database, "select count(*) from sample.schema_migration")).ShouldBe(3);
        var mayUse = $"select has_schema_privilege('{TestCluster.Application}', 'sample', 'usage')";
        (await cluster.Scalar<bool>(database, mayUse)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lower_number_that_comes_after_a_higher_one_is_applied()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database, third, first);
        await Migrate(database, first, second, third);
        (await cluster.Scalar<string>(database, "select string_agg(name, ' ' order by applied_at) from sample.schema_migration"))
            .ShouldBe("0001_first 0003_third 0002_second");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_those_before_it_and_nothing_of_itself()
    {
        var database = await cluster.NewDatabase();
        var broken = new Migration("0002_broken", "create table sample.half (); select 1 / 0");
        (await Should.ThrowAsync<StartRefused>(Migrate(database, first, broken))).Message.ShouldContain("22012");
        (await cluster.Scalar<string>(database, "select string_agg(name, ' ') from sample.schema_migration")).ShouldBe("0001_first");
        (await cluster.Scalar<bool>(database, "select to_regclass('sample.half') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_database_with_a_newer_schema_is_left_alone()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database, first, second, third);
        await cluster.Execute(database, "insert into sample.schema_migration (number, name, sha256) values (9999, '9999_later', '')");
        (await Refused(database)).Message.ShouldContain("newer than this program's");
    }

    [Fact]
    public async Task An_edited_released_migration_is_refused()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database, first, second, third);
        await cluster.Execute(database, "update sample.schema_migration set sha256 = ''");
        (await Refused(database)).Message.ShouldContain("0001_first");
    }

    [Fact]
    public async Task Only_the_schema_that_the_program_has_is_current()
    {
        var database = await cluster.NewDatabase();
        Task Current(params Migration[] migrations) => new Migrator("sample", migrations).MustBeCurrent(Owner(database));
        (await Should.ThrowAsync<StartRefused>(Current(first))).Message.ShouldBe("The database holds no register.");
        await Migrate(database, first, second);
        await Current(first, second);
        (await Should.ThrowAsync<StartRefused>(Current(first, second, third))).Message
            .ShouldContain("has schema 2, older than this program's 3");
        (await Should.ThrowAsync<StartRefused>(Current(first))).Message.ShouldContain("has schema 2, newer than this program's 1");
    }

    [Fact]
    public async Task An_encoding_other_than_utf8_is_refused_and_nothing_is_changed()
    {
        var database = await cluster.NewDatabase("encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");
        (await Refused(database)).Message.ShouldContain("SQL_ASCII");
        (await cluster.Scalar<bool>(database, "select to_regnamespace('sample') is null")).ShouldBeTrue();
    }

    [Fact]
    public void A_server_below_fifteen_is_refused()
    {
        Should.Throw<StartRefused>(() => Migrator.RefuseServer(140012, "UTF8")).Message.ShouldContain("PostgreSQL 14");
        Migrator.RefuseServer(150000, "UTF8");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_clear_line() =>
        (await Should.ThrowAsync<StartRefused>(new Migrator("sample", [first]).Migrate("Host=/nowhere;Username=x;Database=x", _ => Task.CompletedTask)))
            .Message.ShouldNotContain("\n");

    [Fact]
    public void The_digest_is_that_of_the_files_bytes()
    {
        byte[] file = [0xEF, 0xBB, 0xBF, .. "-- événement\n"u8];
        new Migration("0001_first", System.Text.Encoding.UTF8.GetString(file)).Sha256
            .ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
