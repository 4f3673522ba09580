using System.Globalization;
using System.Net;
using Npgsql;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Audit;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What was changed in an old event while no host ran is found after the start, with its position; and verifying changes nothing.</summary>
public sealed class HistoryWatchTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("ledger_entry", "header", "overlay(header placing '\\x41' from 30 for 1)")]
    [InlineData("ledger_entry", "body", "overlay(body placing '\\x41' from 3 for 1)")]
    [InlineData("ledger_entry", "leaf", "sha256(leaf)")]
    [InlineData("mt_events", "data", "data || '{\"more\": 1}'")]
    public async Task An_old_event_that_was_changed_while_no_host_ran_turns_the_register_read_only(string table, string column, string change)
    {
        await host.Http.Record("/api/partnerships", $$"""{"partner": "{{(column[0] == 'h' ? "IT" : column[0] == 'b' ? "ES" : column[0] == 'l' ? "FR" : "DE")}}"}""");
        await host.Http.Read("/api/audit/checkpoint");
        var (key, position) = (table == "mt_events" ? "seq_id" : "position", await host.Ask<long>("select min(position) from register.ledger_entry"));
        Execute($"create table public.before_{column} as select {column} from register.{table} where {key} = {position}");

        await host.Restart(() => Execute($"alter table register.{table} disable trigger user; update register.{table} set {column} = {change} where {key} = {position}; alter table register.{table} enable trigger user"));
        Answer ready;
        for (var until = DateTime.UtcNow.AddSeconds(60); (ready = await host.Http.Read("/health/ready")).Status != HttpStatusCode.ServiceUnavailable; await Task.Delay(100))
            if (DateTime.UtcNow > until) throw new TimeoutException("The host did not find it.");
        // A leaf that no tile holds yet is in the root itself, which is looked at before the first request.
        if (column == "leaf") ready.Text.ShouldContain("read-only");
        else ready.Text.ShouldBe($"position {position} is not what was recorded; read-only");
        (await host.Http.Command("/api/partnerships", """{"partner": "PT"}""")).ShouldBeProblem(503, "history-broken");
        (await host.Http.Read("/api/partnerships/DE")).Status.ShouldBe(HttpStatusCode.OK);
        host.Logs.ShouldContain("THE HISTORY IS BROKEN");

        await host.Restart(() => Execute(
            $"alter table register.{table} disable trigger user; update register.{table} set {column} = (select {column} from public.before_{column}) where {key} = {position}; alter table register.{table} enable trigger user; drop table public.before_{column}"));
        (await host.Store.Reread()).ShouldBeNull();
        (await host.Http.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Verifying_neither_migrates_nor_writes_anything()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "BE"}""");
        await host.Http.Read("/api/audit/checkpoint");
        var newest = await host.Ask<int>("select max(number) from register.schema_migration");
        var (before, files) = (await host.Ask<int>($"select max(number) from register.schema_migration where number < {newest}"), Files());
        await using (var store = await Verifying.Open(host.ApplicationConnection, host.Data, default))
        {
            var print = new StringWriter(CultureInfo.InvariantCulture);
            (await Verifying.Run(store, null, null, print, default)).ShouldBe(0, print.ToString());
            (await Should.ThrowAsync<PostgresException>(store.RememberAnswer(new("caller", "route", "key", "body"u8.ToArray()), "answer"u8.ToArray()))).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
        }
        Files().ShouldBe(files);

        Execute($"create table public.kept as select * from register.schema_migration where number = {newest}; delete from register.schema_migration where number = {newest}");
        (await Should.ThrowAsync<StartRefused>(Verifying.Open(host.ApplicationConnection, host.Data, default))).Message
            .ShouldBe($"The database has schema {before}, older than this program's {newest}: use the program that it belongs to, or run `securitycoop migrate` first. Nothing was changed.");
        (await host.Ask<int>("select max(number) from register.schema_migration")).ShouldBe(before);

        Execute($"insert into register.schema_migration select * from public.kept; insert into register.schema_migration (number, name, sha256) values ({newest + 1}, 'later', '')");
        (await Should.ThrowAsync<StartRefused>(Verifying.Open(host.ApplicationConnection, host.Data, default))).Message
            .ShouldBe($"The database has schema {newest + 1}, newer than this program's {newest}: start a newer SecurityCoop.");
        Execute($"delete from register.schema_migration where number > {newest}; drop table public.kept");

        List<string> Files() => [.. Directory.EnumerateFiles(host.Data, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("last-signed", StringComparison.Ordinal)).Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_interrupted_start_ends_with_130_and_leaves_nothing_behind()
    {
        var folder = Path.Combine(host.Data, "never");
        (await Serving.Run(new("http://127.0.0.1:0", folder, null, ""), new CancellationToken(canceled: true))).ShouldBe(130);
        File.Exists(Path.Combine(folder, "token")).ShouldBeFalse();
    }

    void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(host.OwnerConnection);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
