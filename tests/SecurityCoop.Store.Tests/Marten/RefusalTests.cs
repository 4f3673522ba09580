using Npgsql;

namespace SecurityCoop.Store.Tests;

/// <summary>What the database itself refuses, whoever asks.</summary>
public sealed class RefusalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string> Changes()
    {
        var changes = new TheoryData<string>();
        foreach (var table in new[] { "mt_events", "ledger_entry" })
            foreach (var change in new[] { $"delete from register.{table}", $"truncate register.{table}", $"truncate register.{table} cascade" }) changes.Add(change);
        changes.Add("update register.mt_events set data = '{}'");
        changes.Add("update register.mt_events set is_archived = true where false");
        changes.Add("update register.ledger_entry set leaf = ''");
        changes.Add("update register.protected_value set ciphertext = ''");
        changes.Add("truncate register.protected_value");
        changes.Add("delete from register.mt_streams");
        changes.Add("truncate register.mt_streams cascade");
        changes.Add("set session_replication_role = replica; delete from register.mt_events");
        return changes;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_log_cannot_be_changed_by_the_application_its_owner_or_a_superuser(string change)
    {
        await (await database.Open()).Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        foreach (var role in new[] { TestCluster.Application, TestCluster.Owner, "postgres" })
        {
            var refused = await Should.ThrowAsync<PostgresException>(database.Cluster.Execute(database.Name, change, role));
            refused.SqlState.ShouldBeOneOf(role == TestCluster.Application ? [PostgresErrorCodes.InsufficientPrivilege] : [PostgresErrorCodes.RestrictViolation, PostgresErrorCodes.InsufficientPrivilege]);
            if (role == "postgres") refused.SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
        }
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData("update register.mt_streams set id = 'x'")]
    [InlineData("update register.mt_streams set type = 'x'")]
    [InlineData("update register.mt_streams set created = now()")]
    [InlineData("update register.log_head set log = gen_random_uuid()")]
    [InlineData("delete from register.log_head")]
    [InlineData("truncate register.log_head")]
    [InlineData("delete from register.idempotency")]
    [InlineData("update register.idempotency set answer = ''")]
    [InlineData("update register.stream_reference set reference = 'x'")]
    [InlineData("delete from register.stream_reference")]
    [InlineData("update register.event_partner set partner = 'x'")]
    [InlineData("delete from register.protected_value")]
    [InlineData("insert into register.schema_migration (number, name, sha256) values (99, 'x', '')")]
    [InlineData("update register.ledger_checkpoint set note = ''")]
    [InlineData("delete from register.ledger_tile")]
    [InlineData("create table register.mine (id int)")]
    [InlineData("drop table register.mt_events")]
    [InlineData("alter table register.mt_events disable trigger all")]
    public async Task The_application_may_do_no_more_than_it_needs(string statement) =>
        (await Should.ThrowAsync<PostgresException>(database.Cluster.Execute(database.Name, statement, TestCluster.Application)))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
}
