using System.Text;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store.Tests;

/// <summary>An export of the old version in Marten's schema.</summary>
public sealed class ImportTests(TestCluster cluster)
{
    private static readonly VerifierKey trusted = VerifierKey.Parse(Fixture.Lines("ledger.vkey")[0]);

    private Task<MigratedDatabase> Empty() => MigratedDatabase.Make(cluster, Web.Setup.Model);

    private static async Task<(ExportHead History, bool WasThere)> Import(
        MigratedDatabase into, byte[]? history = null, bool withKeys = true, ImportOptions? options = null,
        CancellationToken stop = default)
    {
        await using var file = new MemoryStream(history ?? Fixture.Bytes("register.jsonl"));
        await using var keys = withKeys ? new MemoryStream(Fixture.Bytes("register.jsonl.keys")) : null;
        return await RegisterImport.Run(into.OwnerConnection, into.Model, into.KeyFolder, file, keys, options, stop);
    }

    private static IEnumerable<(JsonElement Header, JsonElement Line)> Events() => Fixture.Lines("register.jsonl")
        .Select(l => JsonElement.Parse(l)).Where(l => l.TryGetProperty("header", out _))
        .Select(l => (JsonElement.Parse(l.GetProperty("header").GetString()!), l));

    [Fact]
    public async Task The_fixture_has_the_same_root_as_its_bundle_the_same_references_and_is_sound()
    {
        using var register = await Empty();

        var (history, wasThere) = await Import(register);

        wasThere.ShouldBeFalse();
        history.Size.ShouldBe(Fixture.Size);
        Sound bundle;
        using (var check = new BundleCheck(trusted)) bundle = check.Run(new MemoryStream(Fixture.Bytes("register.bundle")));
        (await register.Scalar<long>("select size from register.log_head")).ShouldBe(bundle.Size);
        (await register.Scalar<byte[]>("select root from register.log_head")).ShouldBe(bundle.Root);
        var sound = await register.Verify(trusted);
        var values = Events().Sum(e => e.Line.TryGetProperty("protected", out var some) ? some.GetArrayLength() : 0);
        (sound.Size, sound.Opened, sound.Erased, sound.Withheld).ShouldBe((Fixture.Size, values - 1, bundle.Erased, 0));
        (await register.All<string>("select reference || ' ' || stream_id from register.stream_reference order by 1")).ShouldBe(
            Events().Where(e => e.Header.TryGetProperty("reference", out _))
                .Select(e => $"{e.Header.GetProperty("reference")} {e.Header.GetProperty("stream")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_keep_their_positions_bytes_and_times_and_each_record_has_a_document_with_its_reference()
    {
        using var register = await Empty();
        await Import(register);

        (await register.All<string>("select convert_from(header, 'UTF8') from register.ledger_entry order by position"))
            .ShouldBe(Events().Select(e => e.Line.GetProperty("header").GetString()!));
        (await register.All<string>("select convert_from(body, 'UTF8') from register.ledger_entry order by position"))
            .ShouldBe(Events().Select(e => e.Line.GetProperty("body").GetString()!));
        (await register.All<Guid>("select id from register.mt_events order by seq_id"))
            .ShouldBe(Events().Select(e => e.Header.GetProperty("event_id").GetGuid()));
        foreach (var kind in register.Model.Kinds)
        {
            var records = Events().Where(e => e.Line.TryGetProperty("kind", out var k) && k.GetString() == kind.Name).ToList();
            (await register.All<string>($"select id from register.mt_doc_{kind.Name} order by id"))
                .ShouldBe(records.Select(e => e.Header.GetProperty("stream").GetString()!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Of_every_kind_a_changed_or_missing_document_is_named()
    {
        using var register = await Empty();
        await Import(register);
        foreach (var kind in register.Model.Kinds.Where(k => k.Name != "user")) // The old version had none.
        {
            var (table, one) = ($"mt_doc_{kind.Name}", $"where id = (select min(id) from register.mt_doc_{kind.Name})");
            (await register.FaultAfter($"update register.{table} set data = data || '{{\"zz\": 1}}' {one}", trusted)).ShouldNotBeNull()
                .ShouldContain($"{table}.data of {kind.Name}-");
            (await register.FaultAfter($"delete from register.{table} {one}", trusted)).ShouldNotBeNull()
                .ShouldContain($"{table} has no document {kind.Name}-");
        }
        (await register.Scalar<float>("select min(reltuples) from pg_class where relname like 'mt\\_doc\\_m%' or relname = 'mt_events'"))
            .ShouldBeGreaterThan(0, "the tables have statistics");
    }

    [Fact]
    public async Task After_it_the_register_appends_and_answers_keys_that_were_used_before()
    {
        using var register = await Empty();
        await Import(register);
        var place = Events().First(e => e.Line.TryGetProperty("kind", out var kind) && kind.GetString() == "partnership").Header;
        await using var store = await RegisterStore.Open(register.AppConnection, register.Model, register.KeyFolder);

        var rotated = new LedgerKeyRotated(trusted.ToString(), trusted.ToString());
        var done = await store.Append(new StreamAppend("ledger-test", "ledger", 0, [Sample.New(rotated)]));

        done.First.ShouldBe(Fixture.Size + 1);
        (await register.Scalar<long>("select count(*) from register.idempotency"))
            .ShouldBe(Fixture.Lines("register.jsonl").Count(l => l.StartsWith("{\"key\"", StringComparison.Ordinal)));
        (await Should.ThrowAsync<VersionConflict>(store.Append(new StreamAppend(place.GetProperty("stream").GetString()!, "partnership", 0,
            [Sample.New(rotated)])))).Stream.ShouldBe(place.GetProperty("stream").GetString());
    }

    // The fixture with other events: the digests over it are made anew, so that nothing else is wrong with it.
    private static async Task<byte[]> Rewritten(Func<int, string, string> header)
    {
        var events = Events().Select((e, i) => (Header: header(i + 1, e.Line.GetProperty("header").GetString()!), e.Line)).ToList();
        var frontier = MerkleFrontier.Of(0, []);
        foreach (var e in events) frontier.Add(MerkleTree.Leaf(Encoding.UTF8.GetBytes(e.Header)));
        var to = new MemoryStream();
        var log = Events().First().Header.GetProperty("log").GetGuid();
        using var writer = new ExportWriter(to, ExportWriter.History, new(log, events.Count, frontier.Root()));
        foreach (var e in events)
            writer.Line(line =>
            {
                line.WriteString("header", e.Header);
                foreach (var member in e.Line.EnumerateObject().Where(m => m.Name != "header")) member.WriteTo(line);
            });
        await writer.End(default);
        return to.ToArray();
    }

    [Fact]
    public async Task An_export_with_another_programs_events_is_refused_with_the_position_of_the_first()
    {
        using var register = await Empty();
        const string metadata = "\"metadata\":\"0000000000000000000000000000000000000000000000000000000000000000\",";
        // Two events without members that no other program's event has.
        string[] own = ["effective", "reference", "credibility", "groups", "protected", "source", "reason", "on_behalf_of"];
        int[] theirs = [.. Events().Select((e, i) => (e.Header, Position: i + 1))
            .Where(e => !own.Any(m => e.Header.TryGetProperty(m, out _))).Select(e => e.Position).Skip(1).Take(2)];
        var file = await Rewritten((position, header) => !theirs.Contains(position) ? header
            : header.Replace("\"recorded_at\"", metadata + "\"recorded_at\"", StringComparison.Ordinal)
                .Replace("\"v\":1,", "\"v\":2,", StringComparison.Ordinal));

        (await Should.ThrowAsync<StartRefused>(Import(register, file, withKeys: false))).Message
            .ShouldContain($"the event at position {theirs[0]} was appended by another program");

        (await register.Scalar<long>("select size from register.log_head")).ShouldBe(0);
        Directory.Exists(register.KeyFolder).ShouldBeFalse();
        await Import(register);
        await register.Verify(trusted);
    }

    [Theory]
    [InlineData("Importing", 1)]
    [InlineData("Importing", 4)]
    [InlineData("Making the documents", 1)]
    public async Task Stopped_after_any_step_nothing_is_appended_until_it_is_run_again_and_then_it_is_the_same(string step, int times)
    {
        using var register = await Empty();
        await using var host = await RegisterStore.Open(register.AppConnection, register.Model, register.KeyFolder + "-host");
        using var stop = new CancellationTokenSource();
        var options = new ImportOptions
        {
            Batch = 20,
            Progress = (what, _, _) =>
            {
                if (what == step && --times == 0) stop.Cancel();
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(Import(register, options: options, stop: stop.Token));

        var append = new StreamAppend("ledger-test", "ledger", 0, [Sample.New(new LedgerKeyRotated("from", "to"))]);
        await Should.ThrowAsync<DocumentsOutdated>(host.Append(append));
        (await Should.ThrowAsync<HistoryFault>(register.Verify(trusted))).Message.ShouldNotBeEmpty();
        (await Import(register)).WasThere.ShouldBeFalse();
        (await register.Verify(trusted)).Size.ShouldBe(Fixture.Size);
        (await Import(register)).WasThere.ShouldBeTrue();
        Directory.Delete(register.KeyFolder + "-host", recursive: true);
    }

    [Fact]
    public async Task Documents_that_a_stopped_rebuild_left_out_are_made_by_importing_again()
    {
        using var register = await Empty();
        await Import(register);
        await register.Execute("truncate register.mt_doc_meeting; update register.log_head set records = '(a rebuild that is not done)'");

        (await Import(register)).WasThere.ShouldBeTrue();

        await register.Verify(trusted);
    }

    [Fact]
    public async Task What_is_not_empty_is_left_alone()
    {
        using var register = await Empty();
        await using (var store = await RegisterStore.Open(register.AppConnection, register.Model, register.KeyFolder))
            await store.Append(new StreamAppend("ledger-test", "ledger", 0, [Sample.New(new LedgerKeyRotated("from", "to"))]));

        (await Should.ThrowAsync<StartRefused>(Import(register))).Message.ShouldContain("holds 1 events");

        (await register.Scalar<long>("select size from register.log_head")).ShouldBe(1);
    }

    [Fact]
    public async Task Without_keys_protected_values_are_withheld()
    {
        using var register = await Empty();
        await Import(register, withKeys: false);
        var sound = await register.Verify(trusted);
        (sound.Opened, sound.WithheldValues > 0).ShouldBe((0, true));
    }

    [Fact]
    public async Task An_export_of_it_has_the_same_lines()
    {
        using var register = await Empty();
        await Import(register);
        using var history = new MemoryStream();
        using var keyFile = new MemoryStream();
        await using (var database = NpgsqlDataSource.Create(register.AppConnection))
        {
            var log = await register.Scalar<Guid>("select log from register.log_head");
            var ledgerKeys = LedgerKeys.Open(register.KeyFolder, null, log, mayMake: false, null, publish: false);
            var keys = KeyFolder.Open(register.KeyFolder, mayMake: false);

            await new HistoryExport(database, keys, ledgerKeys).Write(history, keyFile);
        }

        Encoding.UTF8.GetString(history.ToArray()).Split('\n').ShouldBe([.. Fixture.Lines("register.jsonl"), ""]);
        Encoding.UTF8.GetString(keyFile.ToArray()).Split('\n').ShouldBe([.. Fixture.Lines("register.jsonl.keys"), ""]);
        history.Position = keyFile.Position = 0;
        using var again = await Empty();
        await RegisterImport.Run(again.OwnerConnection, again.Model, again.KeyFolder, history, keyFile);
        await again.Verify(trusted);
    }
}
