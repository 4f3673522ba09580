namespace SecurityCoop.OwnEngine.Tests;

public sealed class RegisterSchemaTests(TestCluster cluster)
{
    private Task Migrate(string database, string application = TestCluster.Application) =>
        RegisterSchema.Migrate(cluster.ConnectionString(database, TestCluster.Owner), application);

    [Fact]
    public async Task Migrating_twice_or_twice_at_once_is_migrating_once()
    {
        var database = await cluster.NewDatabase();
        await Task.WhenAll(Migrate(database), Migrate(database), Migrate(database));
        var log = await cluster.Scalar<Guid>(database, "select log from register.log_head");
        await Migrate(database);
        (await cluster.Scalar<Guid>(database, "select log from register.log_head")).ShouldBe(log);
        (await cluster.Scalar<long>(database, "select count(*) from register.schema_migration")).ShouldBe(
            typeof(RegisterSchema).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("migrations/", StringComparison.Ordinal) && name.Count(c => c == '/') == 1));
    }

    [Fact]
    public async Task One_role_may_own_the_schema_and_be_the_application()
    {
        var database = await cluster.NewDatabase();
        await Migrate(database, TestCluster.Owner);
        var keys = Directory.CreateTempSubdirectory("scs-keys").FullName;
        await using var store = await EventStore.Open(cluster.ConnectionString(database, TestCluster.Owner), Sample.Types, Sample.NewViews(), keys);
        (await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).First.ShouldBe(1);
        Directory.Delete(keys, recursive: true);
    }

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
