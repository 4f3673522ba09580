using Npgsql;

namespace SecurityCoop.Store.Tests;

/// <summary>The released migrations, and the register's own model.</summary>
public sealed class MigrationTests(TestCluster cluster)
{
    private async Task<string> Migrated()
    {
        var owner = cluster.ConnectionString(await cluster.NewDatabase(), TestCluster.Owner);
        await RegisterMigrations.Migrate(owner, TestCluster.Application);
        return owner;
    }

    [Fact]
    public async Task After_all_migrations_neither_Marten_nor_Wolverine_finds_a_difference_from_the_registers_model() =>
        await RegisterMigrations.MustMatch(await Migrated(), Web.Setup.Model, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_difference_is_found_and_written_out()
    {
        var owner = await Migrated();
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var drop = new NpgsqlCommand("drop index register.mt_doc_meeting_idx_partners", connection);
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var (file, other) = (Path.GetTempFileName(), Path.GetTempFileName());

        await Should.ThrowAsync<Exception>(RegisterMigrations.MustMatch(owner, Web.Setup.Model, TestContext.Current.CancellationToken));
        await RegisterMigrations.WriteDifference(owner, Web.Setup.Model, file, other, TestContext.Current.CancellationToken);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldContain("mt_doc_meeting_idx_partners");
        File.Delete(file);
        File.Delete(other);
    }

    [Fact]
    public async Task Migrations_applied_twice_change_nothing()
    {
        var owner = await Migrated();
        await RegisterMigrations.Migrate(owner, TestCluster.Application);
        await RegisterMigrations.MustMatch(owner, Web.Setup.Model, TestContext.Current.CancellationToken);
    }
}
