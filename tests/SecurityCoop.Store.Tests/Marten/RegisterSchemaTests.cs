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
}
