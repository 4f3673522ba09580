using System.Text;
using System.Text.Json;
using Npgsql;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>Other programs append as Marten does: ordered at once, sealed soon, and never in the register's way.</summary>
public sealed class ForeignTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly MartenClient marten = new(database);

    private static async Task Sealed(EventStore store)
    {
        for (var until = DateTime.UtcNow.AddSeconds(15); (await store.Head()).Unsealed > 0; await Task.Delay(20)) DateTime.UtcNow.ShouldBeLessThan(until, "it is sealed within a second or so");
    }

    private static MartenClient.Event Noted(string text, string? headers = null, string? user = null) => new("sample_noted", $$"""{"text": "{{text}}", "weight": 1}""", headers, user);

    private static void ShouldShow(Row row, Tally tally) => JsonSerializer.Serialize((Tally)row.Value!).ShouldBe(JsonSerializer.Serialize(tally));

    private static async Task<StoredEvent> Last(EventStore store, string stream) => (await store.ReadStream(stream).ToList())[^1];

    [Fact]
    public async Task A_stream_of_another_program_is_ordered_at_once_and_sealed_although_nobody_else_writes()
    {
        var store = await database.Open();
        await Sealed(store); // What another test appended, perhaps.
        var (before, stream) = ((await store.Head()).Size, $"visit-{Guid.CreateVersion7()}");

        await marten.Start(stream, new("visit_begun", """{"to": "BE", "guests": 2}""", """{"marking": "open", "reason": "asked"}""", "carol"), new("visit_ended", """{"b": null, "a": []}"""));

        (await database.Scalar<long>($"select max(seq_id) from register.mt_events where stream_id = '{stream}'")).ShouldBe(before + 2);
        await Sealed(store);
        var events = await store.ReadStream(stream).ToList();
        events.Select(e => (e.Position, e.Version, e.Type)).ShouldBe([(before + 1, 1L, "visit_begun"), (before + 2, 2L, "visit_ended")]);
        events.ShouldAllBe(e => e.Event is ForeignEvent && !e.Header.Folded && e.Header.Form == 2);
        (events[0].Header.Actor, events[0].Header.Marking, events[0].Header.Reason, events[0].Header.Correlation).ShouldBe(("carol", "open", "asked", "corr"));
        (events[1].Header.Actor, events[1].Header.Marking, events[1].Header.CommandId).ShouldBe(("", "secret", Guid.Empty));
        Encoding.UTF8.GetString(events[1].BodyBytes.Span).ShouldBe("""{"a":[],"b":null}""");
        (await store.Row(store.View("tally"), stream)).Value.ShouldBeNull("only the register begins its records");
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task What_another_program_adds_to_a_record_shows_in_it_and_the_register_goes_on_from_there()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("t", ["MA"])));

        (await marten.Append(stream, 1, Noted("first", """{"marking": "open"}""", "carol"), Noted("second"))).ShouldBe([3, (await store.Head()).Size + 1, (await store.Head()).Size + 2]);

        // Whether the sealer has passed or not: whoever appends seals first.
        await store.Append(Sample.To(stream, 3, new Noted("third", 5)));
        var row = await store.Row(store.View("tally"), stream);
        row.Version.ShouldBe(4);
        ShouldShow(row, new("t", 4, 7, "third", ["MA"]));
        (await store.ReadStream(stream).ToList()).Select(e => (e.Header.Form, e.Header.Folded, e.Header.Actor)).ShouldBe([(1, true, "person-1"), (2, true, "carol"), (2, true, ""), (1, true, "person-1")]);
        (await store.ReadAll(new() { Partner = "MA" }).ToList()).Select(e => e.Version).ShouldBe([1, 2, 3, 4]);
        await LogCheck.MustHold(database);
    }

    public static TheoryData<string, string> Odd() => new()
    {
        { "sample_unheard_of", "{}" },
        { "sample_noted", """{"text": 7}""" },
        { "sample_noted", """["not", "an", "object"]""" },
        { "sample_poisoned", """{"why": "the view throws"}""" },
        { "sample_described", """{"name": {"$protected": {"subject": "p", "value": "in the clear"}}}""" },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task What_the_register_does_not_understand_changes_nothing_and_stops_nobody(string type, string data)
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Noted("ours", 2)));

        await marten.Append(stream, null, new MartenClient.Event(type, data));

        await Sealed(store);
        var kept = await Last(store, stream);
        (kept.Type, kept.Event, kept.Header.Folded).ShouldBe((type, ForeignEvent.Instance, false));
        var row = await store.Row(store.View("tally"), stream);
        (row.Version, row.Position, ((Tally)row.Value!).Count).ShouldBe((2, kept.Position, 1));
        await store.Append(Sample.To(stream, row.Version, new Noted("ours", 3)));
        ShouldShow(await store.Row(store.View("tally"), stream), new("", 2, 5, "ours", []));
        await LogCheck.MustHold(database);
    }

    public static TheoryData<string, string> NotCanonical() => new()
    {
        { """{"share": 0.50, "big": 12345678901234567890123}""", """{"big": 12345678901234567890123, "share": 0.50}""" },
        { new string('[', 70) + new string(']', 70), new string('[', 70) + new string(']', 70) },
    };

    [Theory]
    [MemberData(nameof(NotCanonical))]
    public async Task What_has_no_canonical_form_is_sealed_as_the_database_writes_it(string data, string text)
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Noted("ours")));
        await marten.Append(stream, 1, new MartenClient.Event("sample_noted", data));
        await Sealed(store);
        var kept = await Last(store, stream);
        (kept.Header.Form, kept.Header.Folded, Encoding.UTF8.GetString(kept.BodyBytes.Span)).ShouldBe((3, false, text));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task All_events_of_a_transaction_have_one_time_after_every_earlier_one()
    {
        var store = await database.Open();
        var ours = await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        var (one, two) = ($"visit-{Guid.CreateVersion7()}", $"visit-{Guid.CreateVersion7()}");
        await using (var connection = await marten.Open())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var stream in new[] { one, two })
            {
                await using (var insert = new NpgsqlCommand($"insert into register.mt_streams (id, version) values ('{stream}', 2)", connection)) await insert.ExecuteNonQueryAsync();
                for (var version = 1; version <= 2; version++) await MartenClient.Insert(connection, stream, version, Noted("x"));
            }
            await transaction.CommitAsync();
        }
        var next = await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        var times = (await store.ReadStreams([one, two], long.MaxValue).ToList()).Select(e => e.RecordedAt).ToList();
        times.Count.ShouldBe(4);
        times.Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(ours.RecordedAt);
        times[0].ShouldBeLessThan(next.RecordedAt);
        (await store.PositionAt(times[0])).ShouldBe(new Resolved(next.First - 1, false));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Whoever_expects_another_version_is_told_as_Marten_expects_to_be_told()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Noted("x")));
        (await Should.ThrowAsync<PostgresException>(marten.Append(stream, 0, Noted("y")))).SqlState.ShouldBe("MT003");
        (await Should.ThrowAsync<PostgresException>(marten.Append($"visit-{Guid.CreateVersion7()}", 3, Noted("y")))).SqlState.ShouldBe("MT003");
        (await Should.ThrowAsync<PostgresException>(marten.Start(stream, Noted("y")))).ConstraintName.ShouldBe("pkey_mt_streams_id");
        await using var connection = await marten.Open();
        (await Should.ThrowAsync<PostgresException>(MartenClient.Insert(connection, stream, 1, Noted("y")))).ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
        (await Should.ThrowAsync<PostgresException>(MartenClient.Insert(connection, stream, 3, Noted("y")))).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await marten.Append(stream, 1)).ShouldBe([1]);
        (await Should.ThrowAsync<VersionConflict>(async () =>
        {
            await marten.Append(stream, 1, Noted("y"));
            await store.Append(Sample.To(stream, 1, new Noted("z")));
        })).Actual.ShouldBe(2);
        await Sealed(store);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task What_failed_leaves_no_gap()
    {
        var store = await database.Open();
        var before = (await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).Last;
        await using (var connection = await marten.Open())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var insert = new NpgsqlCommand("insert into register.mt_streams (id, version) values ('visit-undone', 1)", connection)) await insert.ExecuteNonQueryAsync();
            await MartenClient.Insert(connection, "visit-undone", 1, Noted("x"));
            await transaction.RollbackAsync();
        }
        await marten.Start("visit-done", Noted("x"));
        (await database.Scalar<long>("select seq_id from register.mt_events where stream_id = 'visit-done'")).ShouldBe(before + 1);
        (await database.Scalar<long>("select last_value from register.mt_events_sequence")).ShouldBe(before + 1);
        await Sealed(store);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task More_than_is_sealed_at_once_is_sealed_before_the_next_append_all_the_same()
    {
        var stream = Sample.NewStream();
        long last;
        await using (var store = await EventStore.Open(database.AppConnection, Sample.Types, Sample.NewViews(), database.KeyFolder)) last = (await store.Append(Sample.To(stream, 0, new Opened("many", ["MB"])))).Last;
        for (var i = 0; i < 3; i++) await marten.Append(stream, null, [.. Enumerable.Range(0, 400).Select(_ => Noted("m"))]);
        var again = await database.Open();
        (await again.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).First.ShouldBe(last + 1201);
        ShouldShow(await again.Row(again.View("tally"), stream), new("many", 1201, 1200, "m", ["MB"]));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Other_programs_and_two_hosts_at_once_lose_nothing_and_make_no_gap()
    {
        var (here, there) = (await database.Open(), await database.Open());
        var shared = Sample.NewStream();
        await here.Append(Sample.To(shared, 0, new Noted("s", 1)));
        var from = (await here.Head()).Size;
        var work = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            var store = i % 2 == 0 ? here : there;
            work.Add(Task.Run(async () =>
            {
                for (var n = 0; n < 40; n++) await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("own"), new Noted("own")));
            }));
            work.Add(Task.Run(async () =>
            {
                for (var n = 0; n < 30; n++) await marten.Append(shared, null, Noted("s"));
            }));
            work.Add(Task.Run(async () =>
            {
                for (var n = 0; n < 20; n++) await marten.Start($"visit-{Guid.CreateVersion7()}", Noted("v"), Noted("v"));
            }));
        }
        await Task.WhenAll(work);
        await Sealed(here);
        ((await here.Head()).Size - from).ShouldBe(4 * (80 + 30 + 40));
        foreach (var store in new[] { here, there })
        {
            var row = await store.Row(store.View("tally"), shared);
            (row.Version, ((Tally)row.Value!).Weight).ShouldBe((121, 121));
        }
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task The_whole_database_verifies_with_what_others_appended_and_not_once_that_is_changed()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("v", ["MV"])));
        await marten.Append(stream, 1, Noted("known", """{"marking": "open"}""", "carol"), new MartenClient.Event("sample_unheard_of", "{}"), new MartenClient.Event("sample_noted", """{"text": 1.5}"""));
        await marten.Start($"visit-{Guid.CreateVersion7()}", new("visit_begun", "[1]"), new("visit_ended", "{}"));
        // What Marten leaves where an append of its failed.
        await database.Cluster.Execute(database.Name, "insert into register.mt_streams (id, tenant_id, version, is_archived) values ('mt_tombstone', '*DEFAULT*', 0, false)", TestCluster.Application);
        await Sealed(store);
        using (var ending = new CancellationTokenSource())
        {
            var signing = new CheckpointSigner(store, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) }).Run(ending.Token);
            for (var until = DateTime.UtcNow.AddSeconds(30); (await store.NewestCheckpoint())?.Checkpoint.Size != (await store.Head()).Size; await Task.Delay(20)) DateTime.UtcNow.ShouldBeLessThan(until, "it is signed");
            await ending.CancelAsync();
            await signing;
        }
        var key = store.VerifierKey!;
        await store.Verify(key);
        foreach (var change in new[] { "data = '{\"text\": 1.50}' where type = 'sample_noted' and data -> 'text' = '1.5'", "headers = '{}' where user_name = 'carol'", "user_name = 'dave' where user_name = 'carol'" })
        {
            await using var connection = new NpgsqlConnection(database.Cluster.ConnectionString(database.Name, "postgres"));
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var tamper = new NpgsqlCommand($"alter table register.mt_events disable trigger only_ever_added_to; update register.mt_events set {change}", connection)) (await tamper.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
            await Should.ThrowAsync<SecurityCoop.Ledger.HistoryFault>(() => store.Verify(connection, key), change);
            await transaction.RollbackAsync();
        }
    }

    [Fact]
    public async Task A_rebuild_comes_to_the_same_rows()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("r", ["MC"])));
        await marten.Append(stream, 1, Noted("known"), new MartenClient.Event("sample_unheard_of", "{}"), new MartenClient.Event("sample_noted", """{"text": 1.5}"""));
        await marten.Start($"sample-{Guid.CreateVersion7()}", Noted("begun elsewhere"));
        await Sealed(store);
        var rebuilt = await store.Rebuild([store.View("tally"), store.View("word")]);
        (rebuilt.InPlace, rebuilt.Different).ShouldBe((true, 0L));
        (await store.Row(store.View("tally"), stream)).Version.ShouldBe(4);
    }

    [Theory]
    [InlineData("select register.mt_archive_stream('x')", PostgresErrorCodes.RestrictViolation)]
    [InlineData("update register.mt_streams set is_archived = true", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("update register.mt_events set is_archived = true", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("update register.mt_events set data = '{}'", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("delete from register.mt_streams", PostgresErrorCodes.InsufficientPrivilege)]
    public async Task Archiving_and_overwriting_are_refused(string statement, string state)
    {
        await marten.Start($"visit-{Guid.CreateVersion7()}", Noted("x"));
        (await Should.ThrowAsync<PostgresException>(database.Cluster.Execute(database.Name, statement, TestCluster.Application))).SqlState.ShouldBe(state);
    }

    [Fact]
    public async Task The_ledgers_own_stream_takes_nothing_from_others() =>
        (await Should.ThrowAsync<PostgresException>(marten.Start($"ledger-{await database.Scalar<Guid>("select log from register.log_head")}", Noted("key")))).SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);

    [Fact]
    public async Task Martens_daemon_keeps_its_own_place()
    {
        await database.Cluster.Execute(database.Name, "select register.mt_mark_event_progression('HighWaterMark', 5)", TestCluster.Application);
        await database.Cluster.Execute(database.Name, "select register.mt_mark_event_progression('HighWaterMark', 7)", TestCluster.Application);
        (await database.Scalar<long>("select last_seq_id from register.mt_event_progression where name = 'HighWaterMark'")).ShouldBe(7);
        (await database.Scalar<long>("select register.mt_mark_progression_with_skip('HighWaterMark', 9, 6)")).ShouldBe(7);
        (await database.Scalar<long>("select register.mt_mark_progression_with_skip('HighWaterMark', 9, 7)")).ShouldBe(9);
        (await database.Scalar<long>("select starting_sequence from register.mt_high_water_skips where ending_sequence = 9")).ShouldBe(7);
        await database.Cluster.Execute(database.Name, "select last_value, is_called from register.mt_events_sequence; delete from register.mt_event_progression", TestCluster.Application);
    }
}

/// <summary>As long as nobody seals: a host whose views are of another definition does not.</summary>
public sealed class UnsealedTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Until_it_is_sealed_an_event_stands_in_no_answer_and_the_answers_say_so()
    {
        var stream = Sample.NewStream();
        AppendResult ours;
        await using (var current = await EventStore.Open(database.AppConnection, Sample.Types, Sample.NewViews(), database.KeyFolder))
            ours = await current.Append(Sample.To(stream, 0, new Noted("x")));
        var store = await database.Open([new TallyView("2"), new WordView()]);
        await new MartenClient(database).Append(stream, 1, new MartenClient.Event("sample_noted", """{"text": "y"}"""));
        await Task.Delay(1500); // Longer than a look takes to come round.

        (await store.Head() is var head ? (head.Size, head.Unsealed) : default).ShouldBe((ours.Last, 1));
        (await store.PositionAt(DateTime.UtcNow)).ShouldBe(new Resolved(ours.Last, true));
        (await store.PositionAt(ours.RecordedAt)).ShouldBe(new Resolved(ours.Last, false));
        (await store.ReadStream(stream).ToList()).Count.ShouldBe(1);
        (await store.ReadAll(new()).ToList())[^1].Position.ShouldBe(ours.Last);
        (await store.HeadBeyond(ours.Last, TimeSpan.FromMilliseconds(100))).ShouldBe(ours.Last);

        var sealing = await database.Open();
        (await sealing.HeadBeyond(ours.Last, TimeSpan.FromSeconds(15))).ShouldBe(ours.Last + 1);
        (await sealing.Row(sealing.View("tally"), stream)).Version.ShouldBe(2);
        await LogCheck.MustHold(database);
    }
}
