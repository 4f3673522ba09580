namespace SecurityCoop.Store.Tests;

public sealed class RegisterSchemaTests(TestCluster cluster)
{
    private Task Migrate(string database, string application = TestCluster.Application) =>
        RegisterMigrations.Migrate(cluster.ConnectionString(database, TestCluster.Owner), application);

    [Fact]
    public async Task Migrating_twice_or_twice_at_once_is_migrating_once()
    {
        var database = await cluster.NewDatabase();
        await Task.WhenAll(Migrate(database), Migrate(database), Migrate(database));
        var log = await cluster.Scalar<Guid>(database, "select log from register.log_head");
        await Migrate(database);
        (await cluster.Scalar<Guid>(database, "select log from register.log_head")).ShouldBe(log);
        (await cluster.Scalar<long>(database, "select count(*) from register.schema_migration")).ShouldBe(
            typeof(RegisterMigrations).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("migrations/", StringComparison.Ordinal) && name.Count(c => c == '/') == 1));
    }

    // Read in the order of the bytes: under another collation the index has another order, and each page would sort the whole table.
    [Fact]
    public async Task The_ids_of_every_kind_of_record_are_indexed_by_byte()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database);
        const string ids = "from information_schema.columns where table_schema = 'register' and table_name like 'mt\\_doc\\_%' and column_name = 'id'";
        (await cluster.Scalar<long>(database, $"select count(*) {ids} and collation_name = 'C'")).ShouldBeGreaterThanOrEqualTo(10);
        (await cluster.Scalar<string>(database, $"select coalesce(string_agg(table_name, ' '), '') {ids} and data_type = 'character varying' and collation_name is distinct from 'C'"))
            .ShouldBe("");
    }
}
