using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store.Tests;

/// <summary>A small log with everything in it, signed twice; each test changes something past the triggers, and takes it back.</summary>
public sealed class SignedLog(TestCluster cluster) : IAsyncLifetime
{
    public const int Size = 316;

    public MigratedDatabase Database { get; private set; } = null!;
    public SigningKey Key { get; private set; } = null!;
    public Note Kept { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await MigratedDatabase.Make(cluster, Sample.Model());
        Key = SigningKey.Make($"securitycoop/{await Database.Scalar<Guid>("select log from register.log_head"):D}");
        await using var store = await RegisterStore.Open(Database.AppConnection, Database.Model, Database.KeyFolder);
        var (stream, command) = ("sample-1", Guid.CreateVersion7());
        NewEvent[] first = [Sample.New(new Opened("one", ["DK", "FR"]), command), Sample.New(new Noted("alpha é", 3), command)];
        var firstKey = new IdempotencyKey("caller", "route", "key", "body"u8.ToArray());
        await store.Append(new(command, [new(stream, "sample", 0, first, "DK-SMP")], firstKey));
        NewEvent[] second = [Sample.New(new Opened("two", ["DK"])), Sample.New(new Described(new("person-1", "a name")))];
        await store.Append(new StreamAppend("sample-2", "sample", 0, second, null, "NAMED"));
        await Database.Execute(
            "insert into register.idempotency (key_hmac, body_hmac, answer) values (sha256('k'), sha256('b'), 'answer')");
        Kept = await Database.Sign(Key);
        for (var i = 0; i < 6; i++)
        {
            var context = Sample.Context() with { Correlation = "talk", Causation = "cause" };
            NewEvent[] events =
                [new(Guid.CreateVersion7(), new Noted($"beta {i}"), context), new(Guid.CreateVersion7(), new Noted("gamma"), context)];
            var key = i == 0 ? new IdempotencyKey("caller", "route", "second", "body"u8.ToArray()) : null;
            await store.Append(new(context.CommandId, [new(stream, "sample", 2 + 2 * i, events)], key));
        }
        var many = Enumerable.Range(0, 300).Select(_ => Sample.New(new Noted("delta")));
        await store.Append(new StreamAppend("sample-3", "sample", 0, [.. many]));
        await Database.Sign(Key);
    }

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class VerifyTests(SignedLog log) : IClassFixture<SignedLog>
{
    // The rows whose columns are changed: among them are those of every kind of event, the two tiles' ends, and the last.
    private const string SomePositions = "(1, 2, 3, 4, 5, 16, 256, 316)";

    private Task<string?> FaultAfter(string statements, Note? earlier = null) =>
        log.Database.FaultAfter(statements, log.Key.Public, earlier);

    private static List<(string Table, string Column, string Class)> Documented()
    {
        var documented = new List<(string, string, string)>();
        foreach (var line in File.ReadLines(Path.Combine(Fixture.Root, "docs", "columns.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            cells[4].ShouldNotBeEmpty(line);
            documented.Add((cells[1], cells[2], cells[3]));
        }
        return documented;
    }

    private static Task<List<string>> Columns(MigratedDatabase database) => database.All<string>(
        """
        select table_name || '|' || column_name || '|' || data_type from information_schema.columns where table_schema = 'register'
        order by table_name, ordinal_position
        """);

    private static string Documented(string table, RegisterModel model) =>
        model.Kinds.Any(k => $"mt_doc_{k.Name}" == table) ? "mt_doc_*" : table;

    [Fact]
    public async Task Every_column_of_every_table_is_classified_once()
    {
        using var register = await MigratedDatabase.Make(log.Database.Cluster, Web.Setup.Model);
        var documented = Documented();
        documented.Select(d => d.Class).Distinct().ShouldBeSubsetOf(["hashed", "derived", "opened", "operational"]);

        var found = (await Columns(register)).Select(c => c.Split('|'))
            .Select(c => $"{Documented(c[0], register.Model)}.{c[1]}").Distinct();

        documented.Select(d => $"{d.Table}.{d.Column}").Order(StringComparer.Ordinal).ShouldBe(found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_log_that_nobody_touched_is_sound_through_a_connection_that_cannot_write()
    {
        var sound = await log.Database.Verify(log.Key.Public, log.Kept);
        (sound.Size, sound.Opened, sound.Withheld, sound.Checkpoints).ShouldBe((SignedLog.Size, 1, 0, 2));
        (await FaultAfter("select 1")).ShouldBeNull();
        await Should.ThrowAsync<HistoryFault>(() => log.Database.Verify(SigningKey.Make(log.Key.Public.Name).Public));
    }

    // Every column that is not operational, in every row of some, by values near and far: none goes unnoticed.
    [Fact]
    public async Task Whatever_is_changed_in_any_column_is_found()
    {
        var operational = Documented().Where(d => d.Class == "operational").Select(d => (d.Table, d.Column)).ToHashSet();
        var unnoticed = new List<string>();
        var changes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var parts in (await Columns(log.Database)).Select(c => c.Split('|')))
        {
            var (table, column, type) = (parts[0], parts[1], parts[2]);
            if (operational.Contains((Documented(table, log.Database.Model), column))) continue;
            foreach (var row in await Rows(table))
                foreach (var value in await ChangesOf(table, column, type, row))
                {
                    string? fault;
                    try
                    {
                        fault = await FaultAfter($"update register.{table} set {column} = {value} where ctid = '{row}'");
                    }
                    catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation
                        or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation)
                    {
                        continue; // The database itself does not take it.
                    }
                    changes[table] = changes.GetValueOrDefault(table) + 1;
                    if (fault is null) unnoticed.Add($"{table}.{column} = {value} in {row}");
                }
        }
        unnoticed.ShouldBeEmpty();
        changes.Values.Sum().ShouldBeGreaterThan(300);
        changes["mt_doc_sample"].ShouldBeGreaterThan(20);
    }

    private async Task<List<string>> Rows(string table)
    {
        var which = table switch
        {
            "ledger_entry" or "protected_value" => $"where position in {SomePositions}",
            "mt_events" => $"where seq_id in {SomePositions}",
            "idempotency" => "where first_position is not null",
            _ => "",
        };
        return await log.Database.All<string>($"select ctid::text from register.{table} {which} limit 8");
    }

    private async Task<List<string>> ChangesOf(string table, string column, string type, string row)
    {
        var at = $"from register.{table} where ctid = '{row}'";
        switch (type)
        {
            case "bytea":
                var length = await log.Database.Scalar<int>($"select coalesce(length({column}), 0) {at}");
                // Every byte of short values, and of long ones the ends and some in between.
                int[] bytes = length <= 2 ? [.. Enumerable.Range(0, length)]
                    : [.. new[] { 0, 1, length / 3, length / 2, length - 2, length - 1 }.Distinct()];
                return
                [
                    .. bytes.Select(b => $"set_byte({column}, {b}, get_byte({column}, {b}) # 1)"), $"coalesce({column}, '') || '\\x00'",
                    .. length > 0 ? [$"substr({column}, 1, {length - 1})"] : (string[])[],
                ];
            case "text" or "character varying":
                var there = await log.Database.Scalar<bool>($"select {column} is not null {at}");
                return [$"coalesce({column}, '') || 'x'", $"'x' || coalesce({column}, '')", .. there ? ["null"] : (string[])[]];
            case "bigint" or "integer" or "smallint": return [$"{column} + 1", $"{column} - 1", $"{column} # 64"];
            case "uuid":
                return [$"(translate(left({column}::text, 1), '0123456789abcdef', '123456789abcdef0') || substr({column}::text, 2))::uuid"];
            case "timestamp with time zone": return [$"{column} + interval '1 microsecond'", $"{column} - interval '1 day'"];
            case "boolean": return [$"not {column}", "null"];
            case "ARRAY":
                return
                [
                    $"array_append({column}, 'XX')", $"array_prepend('XX', {column})", "null", $"array_append({column}, null)",
                    .. await log.Database.Scalar<bool>($"select {column} <> '{{}}' {at}") ? ["'{}'", $"{column}[2:]"] : (string[])[],
                ];
            case "jsonb":
                return
                [
                    $"{column} || '{{\"zz\": 1}}'", "'{}'", "'[]'", $"{column} || '{{\"zz\": null}}'",
                    .. await log.Database.Scalar<bool>($"select position('\"weight\": 3' in {column}::text) > 0 {at}")
                        ? [$"replace({column}::text, '\"weight\": 3', '\"weight\": 3.0')::jsonb"] : (string[])[],
                    // Of a document, each of its own members.
                    .. table.StartsWith("mt_doc_", StringComparison.Ordinal)
                        ? ((string[])["id", "version", "position", "partners", "record"]).SelectMany(m => (string[])
                            [$"{column} - '{m}'", $"jsonb_set({column}, '{{{m}}}', '[7]')"])
                        : [],
                ];
            default: throw new InvalidOperationException($"{table}.{column} is of type {type}, which no change is known for.");
        }
    }

    [Theory]
    [InlineData("update register.ledger_entry set body = '{}' where position = 2",
        "position 2: the body is not the one that was hashed; expected")]
    [InlineData("update register.ledger_entry set header = overlay(header placing 'x' from 12 for 1) where position = 7", "position 7: ")]
    [InlineData("delete from register.ledger_entry where position = 5", "position 5: ledger_entry has no row")]
    [InlineData("delete from register.mt_events where seq_id = 5", "position 5: mt_events has no row")]
    [InlineData("insert into register.mt_events (seq_id, id, stream_id, version, data, type) "
        + "values (317, gen_random_uuid(), 'x', 1, '{}', 'x')",
        "position 317: mt_events has a row outside")]
    [InlineData("insert into register.ledger_entry select 317, header, body, leaf from register.ledger_entry where position = 5",
        "position 317: ledger_entry has a row outside")]
    [InlineData("delete from register.ledger_entry where position > 310; delete from register.mt_events where seq_id > 310; "
        + "update register.log_head set size = 310", "checkpoints were signed of more events than there are")]
    [InlineData("update register.mt_events set data = jsonb_set(data, '{weight}', '3.0') where seq_id = 2",
        "position 2: mt_events.data is not the body")]
    [InlineData("update register.mt_events set user_name = 'somebody' where seq_id = 9",
        "position 9: mt_events.user_name is not what the header says; expected person-1, found somebody")]
    [InlineData("update register.mt_streams set version = version + 1", "is not what its events make it")]
    [InlineData("update register.mt_streams set type = 'sample'", "is not what its events make it")]
    [InlineData("update register.mt_streams set compacted_version = 3", "is not what its events make it")]
    [InlineData("insert into register.mt_streams (id, version) values ('sample-x', 0)", "without events")]
    [InlineData("insert into register.mt_streams (id, version) values ('mt_tombstone', 0)", "without events")]
    [InlineData("delete from register.ledger_tile", "position 256: ledger_tile has no row 0/0")]
    [InlineData("insert into register.ledger_tile select 0, 1, hashes, root from register.ledger_tile", "does not fill")]
    [InlineData("delete from register.ledger_checkpoint", "there is no checkpoint")]
    [InlineData("delete from register.protected_value", "position 4: protected_value has no row for /name")]
    [InlineData("insert into register.protected_value select 2, pointer, subject, ciphertext from register.protected_value",
        "position 2: protected_value has a row that the event's header does not name")]
    [InlineData("delete from register.stream_reference where reference = 'NAMED'",
        "position 3: mt_events.(stream_reference) is not what the header says; expected NAMED, found nothing")]
    [InlineData("insert into register.stream_reference values ('FORGED', 'sample-x')", "stream_reference has FORGED")]
    [InlineData("update register.reference_counter set last = 9", "reference_counter of DK-SMP")]
    [InlineData("update register.idempotency set last_position = 3 where first_position = 1",
        "position 1: idempotency names events that are not those of its command")]
    [InlineData("delete from register.log_head", "log_head does not have one row")]
    [InlineData("delete from register.schema_migration where number = 2", "schema_migration")]
    [InlineData("update register.log_head set records = 'sample/0'",
        "log_head.records: the documents were made by other folds than this program's; expected sample/1, found sample/0")]
    [InlineData("delete from register.mt_doc_sample where id = 'sample-2'", "position 4: mt_doc_sample has no document sample-2")]
    [InlineData("insert into register.mt_doc_sample (id, data) values ('sample-forged', '{}')",
        "mt_doc_sample has a document sample-forged, which is not of any event")]
    [InlineData("insert into register.mt_doc_sample (id, data) values ('', '{}')",
        "mt_doc_sample has a document , which is not of any event")]
    [InlineData("update register.mt_doc_sample set data = jsonb_set(data, '{record,weight}', '7') where id = 'sample-1'",
        "position 16: mt_doc_sample.data of sample-1 is not what its events fold to (member record)")]
    [InlineData("update register.mt_doc_sample set data = jsonb_set(data, '{position}', '9') where id = 'sample-1'",
        "position 16: mt_doc_sample.data of sample-1 is not what its events fold to (member position)")]
    [InlineData("update register.mt_doc_sample set mt_version = 13 where id = 'sample-1'",
        "position 16: mt_doc_sample.mt_version of sample-1 is not its stream's; expected 14, found 13")]
    [InlineData("update register.mt_doc_sample set partners = array['DK'] where id = 'sample-1'",
        "position 16: mt_doc_sample.partners finds sample-1 under other partners than it ever concerned; expected DK FR, found DK")]
    public async Task Tampering_past_the_triggers_is_named(string statements, string fault) =>
        (await FaultAfter(statements)).ShouldNotBeNull().ShouldContain(fault);

    // What somebody with all rights on the database would do: another text and another actor, and everything that is derived from them
    // made anew, so that it all agrees with itself again. Only what was signed does not.
    private async Task<(string Statements, byte[] Root)> Rewritten(int position)
    {
        var body = await log.Database.Scalar<byte[]>($"select body from register.ledger_entry where position = {position}");
        var header = Encoding.UTF8.GetString(
            await log.Database.Scalar<byte[]>($"select header from register.ledger_entry where position = {position}"));
        var forgedBody = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("gamma", "omega", StringComparison.Ordinal));
        forgedBody.ShouldNotBe(body);
        var forged = header.Replace(Digest(body), Digest(forgedBody), StringComparison.Ordinal)
            .Replace("\"person-1\"", "\"person-2\"", StringComparison.Ordinal);
        var leaves = await log.Database.All<byte[]>("select leaf from register.ledger_entry order by position");
        leaves[position - 1] = MerkleTree.Leaf(Encoding.UTF8.GetBytes(forged));
        var (tree, tiles) = (MerkleFrontier.Of(0, []), new List<FilledTile>());
        foreach (var leaf in leaves) tree.Add(leaf, tiles);
        tiles.ShouldHaveSingleItem().Id.ShouldBe(new TileId(0, 0));
        byte[] hashes = [.. leaves.Take(Tiles.Width).SelectMany(l => l)];
        return ($"""
            update register.ledger_entry set header = convert_to('{forged}', 'UTF8'), body = {Hex(forgedBody)},
                leaf = {Hex(leaves[position - 1])} where position = {position};
            update register.mt_events set data = convert_from({Hex(forgedBody)}, 'UTF8')::jsonb, headers = '{forged}',
                user_name = 'person-2' where seq_id = {position};
            update register.ledger_tile set hashes = {Hex(hashes)}, root = {Hex(tiles[0].Root)};
            update register.log_head set root = {Hex(tree.Root())}, frontier = {Hex(tree.Bytes())};
            """, tree.Root());

        static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static string Hex(byte[] bytes) => $"decode('{Convert.ToHexStringLower(bytes)}', 'hex')";

    [Fact]
    public async Task A_history_that_was_rewritten_consistently_no_longer_fits_its_signed_checkpoints()
    {
        // An event between the two checkpoints, in the tile that is full. Later ones of its record hide its text, so no document differs.
        var (statements, root) = await Rewritten(position: 6);
        string Signed(Note note) => $"""
            {statements}
            update register.ledger_checkpoint set root = {Hex(root)}, note = {Hex(note.ToBytes())} where size = {SignedLog.Size};
            """;

        (await FaultAfter(statements)).ShouldNotBeNull()
            .ShouldContain($"position {SignedLog.Size}: the tree of {SignedLog.Size} events is not the one of its checkpoint");

        // It is the signature alone that tells: with the log's own key the same forgery is sound, with a key of the forger's it is not.
        var text = new Checkpoint(log.Key.Public.Name, SignedLog.Size, root).Text;
        (await FaultAfter(Signed(Note.Sign(text, log.Key)))).ShouldBeNull();
        (await FaultAfter(Signed(Note.Sign(text, SigningKey.Make(log.Key.Public.Name))))).ShouldNotBeNull().ShouldContain("sign");
    }

    [Theory]
    [InlineData("update register.ledger_entry set leaf = sha256('x') where position = 3", "position 3: the leaf is not the header's")]
    [InlineData("update register.ledger_tile set root = sha256('x') where level = 0 and index = 0",
        "position 256: tile 0/0 is not of the tree")]
    [InlineData("select 1", null)]
    public async Task Reading_the_events_again_finds_what_was_changed(string tampering, string? fault)
    {
        await using var connection = new NpgsqlConnection(log.Database.SuperConnection);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var unguarded = "alter table register.ledger_entry disable trigger all; alter table register.ledger_tile disable trigger all;";
        await using (var tamper = new NpgsqlCommand(unguarded + tampering, connection)) await tamper.ExecuteNonQueryAsync();
        var keys = KeyFolder.Open(log.Database.KeyFolder, mayMake: false);
        var reread = new DatabaseCheck(connection, log.Database.Model, keys).Reread(default);
        if (fault is null) await reread;
        else (await Should.ThrowAsync<HistoryFault>(reread)).Message.ShouldStartWith(fault);
    }

    [Fact]
    public async Task An_event_on_which_a_fold_fails_is_named()
    {
        Tally Evolve(Tally t, StoredEvent e) => e.Position == 2 ? throw new InvalidOperationException("a fold that fails") : t;
        var kind = new RecordKind<Tally>("sample", 1, new("", 0, 0, "", [], 0, null), Evolve, t => t.Partners, () => Sample.Kind().Json);
        var keys = KeyFolder.Open(log.Database.KeyFolder, mayMake: false);
        await using var connection = new NpgsqlConnection(log.Database.AppConnection);
        await connection.OpenAsync();

        var verified = new DatabaseCheck(connection, new(Sample.Types, [kind]), keys).Run(log.Key.Public);

        (await Should.ThrowAsync<HistoryFault>(verified)).Message
            .ShouldBe("position 2: the fold of sample fails on this event: InvalidOperationException");
    }

    // Documents are compared with the events of the same moment: what is appended meanwhile is no fault.
    [Fact]
    public async Task A_register_that_is_appended_to_is_verified_meanwhile()
    {
        using var busy = await MigratedDatabase.Make(log.Database.Cluster, Sample.Model());
        await using var store = await RegisterStore.Open(busy.AppConnection, busy.Model, busy.KeyFolder);
        var streams = Enumerable.Range(0, 450).Select(i => $"sample-{i:000}").ToArray(); // more than two pages of documents
        await Task.WhenAll(streams.Select(s => store.Append(Sample.To(s, 0, new Opened(s, ["DK"])))));
        var key = SigningKey.Make($"securitycoop/{await busy.Scalar<Guid>("select log from register.log_head"):D}");
        await busy.Sign(key);
        using var stop = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            for (var version = 1; !stop.IsCancellationRequested; version++)
                await Task.WhenAll(streams.Select(s => store.Append(Sample.To(s, version, new Noted("more")))));
        });

        for (var i = 0; i < 5; i++) (await busy.Verify(key.Public)).Size.ShouldBeGreaterThanOrEqualTo(450);

        await stop.CancelAsync();
        await appending;
        (await busy.FaultAfter("delete from register.mt_doc_sample where id = 'sample-449'", key.Public)).ShouldNotBeNull()
            .ShouldContain("mt_doc_sample has no document sample-449");
    }

    [Fact]
    public async Task An_older_database_does_not_fit_the_checkpoint_that_was_kept()
    {
        using var older = await MigratedDatabase.Make(log.Database.Cluster, Sample.Model());
        await using (var store = await RegisterStore.Open(older.AppConnection, older.Model, older.KeyFolder))
            await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("another")));
        await Should.ThrowAsync<HistoryFault>(() => older.Verify(log.Key.Public, log.Kept));
        (await FaultAfter("select 1", log.Kept)).ShouldBeNull();
    }
}
