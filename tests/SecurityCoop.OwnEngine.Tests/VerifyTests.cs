using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>A small log with everything in it, signed; each test changes something past the triggers, and takes it back.</summary>
public sealed class SignedLog(TestCluster cluster) : IAsyncLifetime
{
    public TestDatabase Database { get; } = new(cluster);
    public EventStore Store { get; private set; } = null!;
    public byte[] Kept { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        Store = await Database.Open();
        var signer = new CheckpointSigner(Store, NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) });
        using var ending = new CancellationTokenSource();
        var running = signer.Run(ending.Token);
        var stream = Sample.NewStream();
        var command = Guid.CreateVersion7();
        await Store.Append(new(command, [new(stream, "sample", 0, [Sample.New(new Opened("one", ["DK", "FR"]), command), Sample.New(new Noted("alpha é", 3), command)], "DK-SMP")], new("caller", "route", "key", "body"u8.ToArray())));
        await Store.Append(new(Guid.CreateVersion7(), [new(Sample.NewStream(), "sample", 0, [Sample.New(new Opened("two", ["DK"])), Sample.New(new Described(new("person-1", "a name"), new("person-1", "1")))], null, "NAMED")]));
        await Store.RememberAnswer(new("caller", "route", "nothing", "body"u8.ToArray()), "answer"u8.ToArray());
        await Signed(4);
        Kept = (await Store.NewestCheckpoint())!.Note;
        for (var i = 0; i < 6; i++)
        {
            var context = Sample.Context() with { Correlation = "talk", Causation = "cause" };
            await Store.Append(new(context.CommandId, [new(stream, "sample", 2 + (2 * i), [new(Guid.CreateVersion7(), new Noted($"beta {i}"), context), new(Guid.CreateVersion7(), new Noted("gamma"), context)])], i == 0 ? new("caller", "route", "second", "body"u8.ToArray()) : null));
        }
        await Store.Append(new StreamAppend(Sample.NewStream(), "sample", 0, [.. Enumerable.Range(0, 300).Select(i => Sample.New(new Noted("delta")))]));
        await Signed(316);
        await ending.CancelAsync();
        await running;

        async Task Signed(long size)
        {
            for (var until = DateTime.UtcNow.AddSeconds(30); (await Store.NewestCheckpoint())?.Checkpoint.Size < size || await Store.NewestCheckpoint() is null; await Task.Delay(20))
                if (DateTime.UtcNow > until) throw new TimeoutException("Nothing was signed.");
        }
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

public sealed class VerifyTests(SignedLog log) : IClassFixture<SignedLog>
{
    // The rows whose columns are changed: among them are those of every kind of event, the two tiles' ends, and the last.
    private const string SomePositions = "(1, 2, 3, 4, 5, 16, 256, 316)";

    private static readonly string[] tables =
        ["ledger_entry", "mt_events", "mt_streams", "log_head", "ledger_tile", "ledger_checkpoint", "protected_value", "stream_reference", "reference_counter", "event_partner", "idempotency", "view", "view_row", "view_partner", "schema_migration"];

    private async Task<string?> FaultAfter(string statements, byte[]? kept = null)
    {
        await using var connection = new NpgsqlConnection(log.Database.Cluster.ConnectionString(log.Database.Name, "postgres"));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var unguarded = string.Concat(tables.Select(t => $"alter table register.{t} disable trigger all;"));
        await using (var tamper = new NpgsqlCommand($"{unguarded} {statements}", connection)) await tamper.ExecuteNonQueryAsync();
        try
        {
            await log.Store.Verify(connection, log.Store.VerifierKey!, kept is null ? null : Note.Parse(kept));
            return null;
        }
        catch (HistoryFault fault)
        {
            return fault.Message;
        }
        finally
        {
            await transaction.RollbackAsync();
        }
    }

    [Theory]
    [InlineData("update register.ledger_entry set header = overlay(header placing '\\x41' from 30 for 1) where position = 3", "position 3: ")]
    [InlineData("update register.ledger_entry set body = '{}' where position = 3", "position 3: the body is not the one that was hashed")]
    [InlineData("update register.ledger_entry set leaf = sha256('x') where position = 3", "position 3: the leaf is not the header's")]
    [InlineData("update register.mt_events set data = data || '{\"more\": 1}' where seq_id = 3", "position 3: mt_events.data is not the body")]
    [InlineData("update register.mt_events set user_name = 'another' where seq_id = 3", "position 3: mt_events.user_name is not what the header says")]
    [InlineData("update register.ledger_tile set hashes = overlay(hashes placing '\\x0000' from 65 for 2) where level = 0 and index = 0", "position 3: the event is not the one of which tile 0/0 was made")]
    [InlineData("update register.ledger_tile set root = sha256('x') where level = 0 and index = 0", "position 256: tile 0/0 is not of the tree")]
    [InlineData("delete from register.ledger_tile", "position 256: ledger_tile has no row 0/0")]
    [InlineData("delete from register.ledger_entry where position = 300", "position 300: ledger_entry has no row")]
    [InlineData("select 1", null)]
    public async Task Reading_the_events_again_finds_what_was_changed_in_an_old_one(string tampering, string? fault)
    {
        await using var store = await log.Database.Open(); // one of its own: a fault stands until its end
        await using var connection = new NpgsqlConnection(log.Database.Cluster.ConnectionString(log.Database.Name, "postgres"));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var tamper = new NpgsqlCommand(string.Concat(tables.Select(t => $"alter table register.{t} disable trigger all;")) + tampering, connection)) await tamper.ExecuteNonQueryAsync();
        var told = new List<long>();
        var found = await store.Reread(connection, (done, of) => told.Add(done));
        await transaction.RollbackAsync();
        if (fault is null)
        {
            found.ShouldBeNull();
            told.ShouldBe([200, 316]);
            return;
        }
        found!.Message.ShouldStartWith(fault);
        store.Broken.ShouldBe(found.Message);
        (await Should.ThrowAsync<HistoryBroken>(store.Append(new StreamAppend(Sample.NewStream(), "sample", 0, [Sample.New(new Noted("refused"))])))).Message.ShouldBe(found.Message);
    }

    private static IEnumerable<(string Table, string Column, string Class)> Documented()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above the tests.");
        foreach (var line in File.ReadLines(Path.Combine(root.FullName, "docs", "columns.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            cells[4].ShouldNotBeEmpty(line);
            yield return (cells[1], cells[2], cells[3]);
        }
    }

    private async Task<List<(string Table, string Column, string Type)>> Columns()
    {
        await using var connection = new NpgsqlConnection(log.Database.Cluster.ConnectionString(log.Database.Name, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select table_name, column_name, data_type from information_schema.columns where table_schema = 'register' order by 1, ordinal_position", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<(string, string, string)>();
        while (await reader.ReadAsync()) columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return columns;
    }

    [Fact]
    public async Task Every_column_of_every_table_is_classified_once()
    {
        var documented = Documented().ToList();
        documented.Select(d => d.Class).Distinct().ShouldBeSubsetOf(["hashed", "derived", "opened", "operational"]);
        documented.Select(d => $"{d.Table}.{d.Column}").Order(StringComparer.Ordinal).ShouldBe((await Columns()).Select(c => $"{c.Table}.{c.Column}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_log_that_nobody_touched_is_sound_through_a_connection_that_cannot_write()
    {
        var sound = await log.Store.Verify(log.Store.VerifierKey!, Note.Parse(log.Kept));
        (sound.Size, sound.Opened, sound.Withheld).ShouldBe((316, 2, 0));
        sound.Checkpoints.ShouldBeGreaterThan(1);
        (await FaultAfter("select 1")).ShouldBeNull();
        await Should.ThrowAsync<HistoryFault>(() => log.Store.Verify(SigningKey.Make(log.Store.VerifierKey!.Name).Public));
    }

    // Every column that is not operational, in every row of some, by values near and far: none goes unnoticed.
    [Fact]
    public async Task Whatever_is_changed_in_any_column_is_found()
    {
        var operational = Documented().Where(d => d.Class == "operational").Select(d => (d.Table, d.Column)).ToHashSet();
        var unnoticed = new List<string>();
        var changes = 0;
        foreach (var (table, column, type) in (await Columns()).Where(c => !operational.Contains((c.Table, c.Column))))
            foreach (var row in await Rows(table))
                foreach (var value in await ChangesOf(table, column, type, row))
                {
                    string? fault;
                    try
                    {
                        fault = await FaultAfter($"update register.{table} set {column} = {value} where ctid = '{row}'");
                    }
                    catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation)
                    {
                        continue; // The database itself does not take it.
                    }
                    changes++;
                    if (fault is null) unnoticed.Add($"{table}.{column} = {value} in {row}");
                }
        unnoticed.ShouldBeEmpty();
        changes.ShouldBeGreaterThan(300);
    }

    private async Task<List<string>> Rows(string table)
    {
        var which = table switch
        {
            "ledger_entry" or "protected_value" or "event_partner" => $"where position in {SomePositions}",
            "mt_events" => $"where seq_id in {SomePositions}",
            "idempotency" => "where first_position is not null",
            _ => "",
        };
        var text = await log.Database.Scalar<object>($"select string_agg(ctid::text, ';') from (select ctid from register.{table} {which} limit 8) t");
        return text is string some ? [.. some.Split(';')] : [];
    }

    private async Task<List<string>> ChangesOf(string table, string column, string type, string row)
    {
        var at = $"from register.{table} where ctid = '{row}'";
        switch (type)
        {
            case "bytea":
                var length = await log.Database.Scalar<object>($"select length({column}) {at}") as int? ?? 0;
                // Every byte of short values, and of long ones the ends and some in between.
                int[] bytes = length <= 2 ? [.. Enumerable.Range(0, length)] : [.. new[] { 0, 1, length / 3, length / 2, length - 2, length - 1 }.Distinct()];
                return [.. bytes.Select(b => $"set_byte({column}, {b}, get_byte({column}, {b}) # 1)"), $"coalesce({column}, '') || '\\x00'", .. length > 0 ? [$"substr({column}, 1, {length - 1})"] : (string[])[]];
            case "text" or "character varying":
                return [$"coalesce({column}, '') || 'x'", $"'x' || coalesce({column}, '')", .. await log.Database.Scalar<bool>($"select {column} is not null {at}") && column is "correlation_id" or "causation_id" or "user_name" ? ["null"] : (string[])[]];
            case "bigint" or "integer" or "smallint": return [$"{column} + 1", $"{column} - 1", $"{column} # 64"];
            case "uuid": return [$"(translate(left({column}::text, 1), '0123456789abcdef', '123456789abcdef0') || substr({column}::text, 2))::uuid"];
            case "timestamp with time zone": return [$"{column} + interval '1 microsecond'", $"{column} - interval '1 day'"];
            case "boolean": return [$"not {column}"];
            case "jsonb": return [$"{column} || '{{\"zz\": 1}}'", $"'{{}}'::jsonb", $"replace({column}::text, '\"weight\": 3', '\"weight\": 3.0')::jsonb || (case when position('\"weight\": 3' in {column}::text) > 0 then '{{}}' else '{{\"zz\": null}}' end)::jsonb"];
            default: throw new InvalidOperationException($"{table}.{column} is of type {type}, which no change is known for.");
        }
    }

    [Theory]
    [InlineData("update register.ledger_entry set body = convert_to('{\"text\":\"forged\",\"weight\":3}', 'UTF8') where position = 2", "position 2: the body is not the one that was hashed; expected")]
    [InlineData("update register.ledger_entry set header = overlay(header placing 'x' from 12 for 1) where position = 7", "position 7: ")]
    [InlineData("delete from register.ledger_entry where position = 5", "position 5: ledger_entry has no row")]
    [InlineData("delete from register.mt_events where seq_id = 5", "position 5: mt_events has no row")]
    [InlineData("insert into register.mt_events select 317, gen_random_uuid(), stream_id, 99, data, bdata, type, timestamp from register.mt_events where seq_id = 5", "position 317: mt_events has a row outside")]
    [InlineData("insert into register.ledger_entry select 317, header, body, leaf from register.ledger_entry where position = 5", "position 317: ledger_entry has a row outside")]
    [InlineData("update register.ledger_entry set position = case position when 6 then -7 when 7 then -6 end where position in (6, 7); update register.ledger_entry set position = -position where position < 0", "position 6: ")]
    [InlineData("delete from register.ledger_entry where position > 310; delete from register.mt_events where seq_id > 310; delete from register.event_partner where position > 310; update register.log_head set size = 310, sealed = 310", "checkpoints were signed of more events than there are")]
    [InlineData("update register.mt_events set data = jsonb_set(data, '{weight}', '3.0') where seq_id = 2", "position 2: mt_events.data is not the body")]
    [InlineData("update register.mt_events set user_name = 'somebody' where seq_id = 9", "position 9: mt_events.user_name is not what the header says; expected person-1, found somebody")]
    [InlineData("update register.mt_streams set version = version + 1", "is not what its events make it")]
    [InlineData("insert into register.mt_streams (id, type, version) values ('sample-x', 'sample', 0)", "without events")]
    [InlineData("delete from register.ledger_tile", "position 256: ledger_tile has no row 0/0")]
    [InlineData("insert into register.ledger_tile select 0, 1, hashes, root from register.ledger_tile", "does not fill")]
    [InlineData("delete from register.ledger_checkpoint", "there is no checkpoint")]
    [InlineData("delete from register.protected_value where pointer = '/phone'", "position 4: protected_value has no row for /phone")]
    [InlineData("insert into register.protected_value select 2, pointer, subject, ciphertext from register.protected_value where pointer = '/phone'", "position 2: protected_value has a row that the event's header does not name")]
    [InlineData("update register.protected_value set ciphertext = (select ciphertext from register.protected_value where pointer = '/name')", "position 4: protected_value.ciphertext of /phone does not open")]
    [InlineData("delete from register.stream_reference where reference = 'NAMED'", "position 3: mt_events.(stream_reference) is not what the header says; expected NAMED, found nothing")]
    [InlineData("insert into register.stream_reference values ('FORGED', 'sample-x')", "stream_reference has FORGED")]
    [InlineData("update register.reference_counter set last = 9", "reference_counter of DK-SMP")]
    [InlineData("delete from register.event_partner where position = 2", "position 2: event_partner does not say")]
    [InlineData("insert into register.event_partner values ('FR', 300)", "position 300: event_partner says")]
    [InlineData("delete from register.view_row where key = 'alpha'", "position 2: view_row has no row alpha of view word")]
    [InlineData("insert into register.view_row select generation, 'forged', version, position, document from register.view_row where key = 'alpha'", "row forged of view word is not of any event")]
    [InlineData("update register.view_row set document = '7' where key = 'alpha'", "position 2: row alpha of view word is not what its events fold to")]
    [InlineData("update register.view_row set position = 100000 where key = 'alpha'", "row alpha of view word names a position that the log has not reached")]
    [InlineData("delete from register.view_partner where partner = 'FR'", "under other partners than it ever concerned")]
    [InlineData("update register.idempotency set last_position = 3 where first_position = 1", "position 1: idempotency names events that are not those of its command")]
    [InlineData("delete from register.view where name = 'word'", "view word is stored by another definition, or not at all")]
    [InlineData("delete from register.log_head", "log_head does not have one row")]
    [InlineData("delete from register.schema_migration where number = 2", "schema_migration")]
    public async Task Tampering_past_the_triggers_is_named(string statements, string fault) => (await FaultAfter(statements)).ShouldNotBeNull().ShouldContain(fault);

    // Everything forged in step: header, leaf, copies, tree and head agree with each other, and no longer with what was signed.
    [Fact]
    public async Task A_history_that_was_rewritten_consistently_no_longer_fits_its_checkpoints()
    {
        var leaves = (await log.Store.Leaves(0, 316, default)).ToArray();
        var header = System.Text.Encoding.UTF8.GetString(await log.Database.Scalar<byte[]>("select header from register.ledger_entry where position = 316")).Replace("\"person-1\"", "\"person-2\"", StringComparison.Ordinal);
        leaves[315] = MerkleTree.Leaf(System.Text.Encoding.UTF8.GetBytes(header));
        var frontier = MerkleFrontier.Of(0, []);
        foreach (var leaf in leaves) frontier.Add(leaf);
        (await FaultAfter(string.Create(CultureInfo.InvariantCulture, $"""
            update register.ledger_entry set header = convert_to('{header}', 'UTF8'), leaf = '\x{Convert.ToHexStringLower(leaves[315])}' where position = 316;
            update register.mt_events set headers = '{header}', user_name = 'person-2' where seq_id = 316;
            update register.log_head set root = '\x{Convert.ToHexStringLower(frontier.Root())}', frontier = '\x{Convert.ToHexStringLower(frontier.Bytes())}'
            """))).ShouldNotBeNull().ShouldContain("position 316: the tree of 316 events is not the one of its checkpoint");
    }

    [Fact]
    public async Task An_older_database_does_not_fit_the_checkpoint_that_was_kept()
    {
        var older = new TestDatabase(log.Database.Cluster);
        await older.InitializeAsync();
        var store = await older.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("another")));
        await Should.ThrowAsync<HistoryFault>(() => store.Verify(log.Store.VerifierKey!, Note.Parse(log.Kept)));
        (await FaultAfter("select 1", log.Kept)).ShouldBeNull();
        await older.DisposeAsync();
    }
}
