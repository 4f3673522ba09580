using Npgsql;

namespace SecurityCoop.Store.Tests;

/// <summary>What somebody who reports with tools of their own can do in the database.</summary>
public sealed class ReportingRoleTests(TestCluster cluster)
{
    static readonly string[] views = ["report.actions", "report.follow_ups", "report.instruments", "report.meetings", "report.partnership_status", "report.statements"];

    [Fact]
    public async Task Whoever_reports_reads_the_six_views_and_nothing_else_and_writes_nothing()
    {
        var database = await Migrated("reporter");
        foreach (var relation in await Relations(database, "true"))
        {
            var read = () => cluster.Execute(database, $"select 1 from {relation} limit 1", "reporter");
            if (views.Contains(relation)) await read();
            else (await Should.ThrowAsync<PostgresException>(read)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, relation);
        }
        (await Relations(database, "has_table_privilege('reporter', c.oid, 'insert, update, delete, truncate, references, trigger')")).ShouldBeEmpty();
        (await cluster.Scalar<bool>(database, "select has_schema_privilege('reporter', 'report', 'create') or has_schema_privilege('reporter', 'register', 'usage, create')")).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_view_and_every_column_says_what_it_is()
    {
        var database = await Migrated("reporter_too");
        (await cluster.Scalar<long>(database, "select count(*) from information_schema.columns where table_schema = 'report' and table_name not in ('snapshot', 'line')")).ShouldBeGreaterThan(90);
        (await cluster.Scalar<string>(database,
            """
            select coalesce(string_agg(c.relname || '.' || a.attname, ' '), '')
              from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
             where c.relnamespace = 'report'::regnamespace and c.relkind = 'v' and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)
            """)).ShouldBe("");
    }

    async Task<string> Migrated(string reporter)
    {
        await cluster.Execute("postgres", $"do $$ begin create role securitycoop_report nologin; exception when duplicate_object or unique_violation then null; end $$; create role {reporter} login; grant securitycoop_report to {reporter}");
        var database = await cluster.NewDatabase();
        await RegisterMigrations.Migrate(cluster.ConnectionString(database, TestCluster.Owner), TestCluster.Application);
        return database;
    }

    async Task<string[]> Relations(string database, string which) =>
        await cluster.Scalar<string[]>(database, $"select coalesce(array_agg(c.relnamespace::regnamespace || '.' || c.relname order by 1), array[]::text[]) from pg_class c where c.relnamespace::regnamespace::text in ('register', 'report') and c.relkind in ('r', 'v') and {which}");
}
