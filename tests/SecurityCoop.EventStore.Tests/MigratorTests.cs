namespace SecurityCoop.EventStore.Tests;

public sealed class MigratorTests(TestCluster cluster)
{
    private Task Migrate(string database, string application = TestCluster.Application) => Migrator.Migrate(cluster.ConnectionString(database, TestCluster.Owner), application);

    private async Task<StartRefused> Refused(string database) => await Should.ThrowAsync<StartRefused>(Migrate(database));

    [Fact]
    public async Task Migrating_twice_or_twice_at_once_is_migrating_once()
    {
        var database = await cluster.NewDatabase();
        await Task.WhenAll(Migrate(database), Migrate(database), Migrate(database));
        var log = await cluster.Scalar<Guid>(database, "select log from register.log_head");
        await Migrate(database);
        (await cluster.Scalar<Guid>(database, "select log from register.log_head")).ShouldBe(log);
        (await cluster.Scalar<long>(database, "select count(*) from register.schema_migration")).ShouldBe(
            typeof(Migrator).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("migrations/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_role_may_own_the_schema_and_be_the_application()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database, TestCluster.Owner);
        var keys = Directory.CreateTempSubdirectory("scs-keys").FullName;
        await using var store = await EngineOfTheRun.Open(cluster.ConnectionString(database, TestCluster.Owner), Sample.Types, Sample.NewViews(), keys);
        (await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).First.ShouldBe(1);
        Directory.Delete(keys, recursive: true);
    }

    [Fact]
    public async Task A_database_with_a_newer_schema_is_left_alone()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database);
        await cluster.Execute(database, "insert into register.schema_migration (number, name, sha256) values (9999, '9999_later', '')");
        (await Refused(database)).Message.ShouldContain("newer than this program's");
    }

    [Fact]
    public async Task An_edited_released_migration_is_refused()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database);
        await cluster.Execute(database, "update register.schema_migration set sha256 = ''");
        (await Refused(database)).Message.ShouldContain("0001_event_log");
    }

    [Fact]
    public async Task An_encoding_other_than_utf8_is_refused_and_nothing_is_changed()
    {
        var database = await cluster.NewDatabase("encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");
        (await Refused(database)).Message.ShouldContain("SQL_ASCII");
        (await cluster.Scalar<bool>(database, "select to_regnamespace('register') is null")).ShouldBeTrue();
    }

    [Fact]
    public void A_server_below_fifteen_is_refused()
    {
        Should.Throw<StartRefused>(() => Migrator.RefuseServer(140012, "UTF8")).Message.ShouldContain("PostgreSQL 14");
        Migrator.RefuseServer(150000, "UTF8");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_clear_line() =>
        (await Should.ThrowAsync<StartRefused>(Migrator.Migrate("Host=/nowhere;Username=x;Database=x", "x"))).Message.ShouldNotContain("\n");

    [Fact]
    public async Task Martens_tables_have_exactly_its_columns_and_indexes()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database);
        async Task<string> Of(string statement) => await cluster.Scalar<string>(database, statement);
        string Columns(string table) => $"select string_agg(column_name || ' ' || data_type || case is_nullable when 'NO' then '!' else '' end, ', ' order by ordinal_position) from information_schema.columns where table_schema = 'register' and table_name = '{table}'";
        (await Of(Columns("mt_streams"))).ShouldBe(
            "id character varying!, type character varying, version bigint, timestamp timestamp with time zone!, created timestamp with time zone!, tenant_id character varying, is_archived boolean");
        (await Of(Columns("mt_events"))).ShouldBe(
            "seq_id bigint!, id uuid!, stream_id character varying, version bigint!, data jsonb!, bdata bytea, type character varying!, timestamp timestamp with time zone!, tenant_id character varying, mt_dotnet_type character varying, correlation_id character varying, causation_id character varying, headers jsonb, user_name character varying, is_archived boolean");
        (await Of(Columns("mt_event_progression"))).ShouldBe("name character varying!, last_seq_id bigint, last_updated timestamp with time zone");
        (await Of("select string_agg(indexname, ', ' order by indexname) from pg_indexes where schemaname = 'register' and tablename like 'mt\\_%'"))
            .ShouldBe("pk_mt_event_progression, pk_mt_events_stream_and_version, pkey_mt_events_seq_id, pkey_mt_high_water_skips_ending_sequence, pkey_mt_streams_id");
    }
}
