using System.Globalization;
using System.Text.Json;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.OwnEngine.Tests;

public sealed class RebuildTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Leftovers =
        "select (select count(*) from register.view_row where generation not in (select generation from register.view)) "
        + "+ (select count(*) from register.view_partner where generation not in (select generation from register.view))";

    private const string LiveRows =
        "select coalesce(string_agg(v.name || r.key || r.version || '@' || r.position || encode(r.document, 'escape'), '|' order by v.name, r.key), '') "
        + "from register.view_row r join register.view v using (generation)";

    private const string LivePartners =
        "select coalesce(string_agg(v.name || p.partner || p.key, '|' order by v.name, p.partner, p.key), '') from register.view_partner p join register.view v using (generation)";

    private readonly TestDatabase database = new(cluster);

    public ValueTask InitializeAsync() => database.InitializeAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static IReadOnlyList<View> All(EventStore store) => [store.View("tally"), store.View("word")];

    // Notes of few words on many streams, so that rows of streams and rows of many streams grow throughout the log.
    private static async Task<string[]> Fill(EventStore store, int streams = 120, int rounds = 5)
    {
        var ids = Enumerable.Range(0, streams).Select(_ => Sample.NewStream()).ToArray();
        await Task.WhenAll(ids.Select((s, i) => store.Append(Sample.To(s, 0, new Opened($"s{i}", i % 2 == 0 ? ["PK", "BE"] : ["BE"])))));
        for (var round = 1; round < rounds; round++)
            await Task.WhenAll(ids.Select((s, i) => store.Append(Sample.To(s, round, round == 2 && i % 4 == 0
                ? new Opened($"s{i}", ["DK"])
                : new Noted($"w{i % 7} {round}", i)))));
        return ids;
    }

    [Theory]
    [InlineData(64 << 20, false)]
    [InlineData(20_000, false)]
    [InlineData(1, false)]
    [InlineData(64 << 20, true)]
    [InlineData(20_000, true)]
    [InlineData(1, true)]
    public async Task What_is_rebuilt_is_what_was_there_however_little_memory_there_is_and_is_swapped_in_only_where_it_is_to_be(long bytes, bool replace)
    {
        var store = await database.Open();
        await Fill(store);
        var (rows, partners, epoch) = (await database.Scalar<string>(LiveRows), await database.Scalar<string>(LivePartners), (await store.Head()).Epoch);
        var generations = await database.Scalar<long>("select sum(generation) from register.view");
        var progress = new List<(long Done, long Of)>();
        var result = await store.Rebuild(All(store), new() { RowBytes = bytes, Replace = replace, Progress = (done, of) => progress.Add((done, of)) });
        (result.Events, result.InPlace, result.Different).ShouldBe((600, true, 0));
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        (await database.Scalar<string>(LivePartners)).ShouldBe(partners);
        partners.ShouldContain("DK");
        (await database.Scalar<long>("select sum(generation) from register.view") != generations).ShouldBe(replace, "rows that are the same are not written again");
        (await store.Head()).Epoch.ShouldBeGreaterThan(epoch);
        (await database.Scalar<long>(Leftovers)).ShouldBe(0);
        progress[^1].ShouldBe((600L, 600L));
        progress.Select(p => p.Done).ShouldBeInOrder();
        // A second one, of one view.
        (await store.Rebuild([store.View("word")], new() { RowBytes = bytes, Replace = replace })).InPlace.ShouldBeTrue();
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Appends_of_other_processes_from_their_caches_land_in_the_old_rows_and_the_new()
    {
        const int callers = 16, each = 150;
        var store = await database.Open();
        var streams = await Fill(store, streams: 40);
        var reader = await database.Open();
        using var worker = WorkerProcess.Start(database, callers, each, Sample.NewStream());
        var output = worker.StandardOutput.ReadToEndAsync();
        var (beside, row, replace) = (0, 0L, false);
        while (!worker.HasExited)
        {
            replace = !replace;
            var result = await store.Rebuild(All(store), new() { RowBytes = 5000, Replace = replace });
            (result.InPlace, result.Different).ShouldBe((true, 0));
            if (!worker.HasExited && result.Events > 40 * 5) beside++;
            // This process writes from its cache too, and another reads from its own.
            var version = (await store.Row(store.View("tally"), streams[0])).Version;
            await store.Append(Sample.To(streams[0], version, new Noted("beside")));
            (await reader.Row(reader.View("tally"), streams[0])).Version.ShouldBe(version + 1);
            var rows = await reader.Rows(reader.View("tally")).ToList();
            rows.Count.ShouldBeGreaterThanOrEqualTo(40);
            row = (await reader.Row(reader.View("word"), "beside")).Version;
        }
        await worker.WaitForExitAsync();
        (worker.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length).ShouldBe((0, callers * each));
        beside.ShouldBeGreaterThan(1, "rebuilds were done while the other process appended, or this shows nothing");
        row.ShouldBeGreaterThan(0);
        await LogCheck.MustHold(database);
        (await database.Scalar<long>(Leftovers)).ShouldBe(0);
    }

    [Fact]
    public async Task Interrupted_it_leaves_the_live_rows_and_the_next_one_clears_what_it_left()
    {
        var store = await database.Open();
        await Fill(store, streams: 2000, rounds: 2); // Many pages, so that rows grow old and are written before the end.
        var (rows, partners) = (await database.Scalar<string>(LiveRows), await database.Scalar<string>(LivePartners));

        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(store.Rebuild(All(store), new() { Replace = true, RowBytes = 1000, Progress = (done, of) => { if (done >= of / 2) stop.Cancel(); } }, stop.Token));
        (await database.Scalar<long>(Leftovers)).ShouldBeGreaterThan(0, "it was stopped with rows written");
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);

        using (var worker = RebuildWorker.Start(database))
        {
            (await worker.StandardOutput.ReadLineAsync()).ShouldBe("under way");
            (await Should.ThrowAsync<StartRefused>(store.Rebuild(All(store)))).Message.ShouldContain("Another rebuild");
            worker.Kill();
            await worker.WaitForExitAsync();
        }
        (await database.Scalar<long>(Leftovers)).ShouldBeGreaterThan(0);
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("after")));

        (await store.Rebuild(All(store))).InPlace.ShouldBeTrue();
        (await database.Scalar<long>(Leftovers)).ShouldBe(0);
        (await database.Scalar<string>(LivePartners)).ShouldBe(partners);
        await LogCheck.MustHold(database);
    }

    /// <summary>The tally told another way: by the length of what was noted, and every note concerns a partner.</summary>
    private sealed class LengthView() : View("tally", "length")
    {
        public override IEnumerable<string> KeysOf(StoredEvent e) => [e.Stream];

        public override object Evolve(object? row, StoredEvent e) => (row as int? ?? 0) + (e.Event is Noted x ? x.Text.Length : 0);

        public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((int)row);

        public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize<int>(document);

        public override IEnumerable<string> PartnersOf(object row) => ["MA"];
    }

    [Fact]
    public async Task A_changed_definition_is_neither_read_nor_written_until_it_is_rebuilt_and_then_the_old_one_is()
    {
        var old = await database.Open();
        var streams = await Fill(old, streams: 10);
        var store = await database.Open([new LengthView(), new WordView(), new Added()]);
        var late = await database.Open([new LengthView(), new WordView(), new Added()]);
        store.Outdated.Select(v => v.Name).ShouldBe(["tally", "added"]);
        await Should.ThrowAsync<ViewOutdated>(store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x"))));
        await Should.ThrowAsync<ViewOutdated>(late.Append(Sample.To(Sample.NewStream(), 0, new Noted("x"))));

        var result = await store.Rebuild(store.Outdated);
        (result.InPlace, result.Different).ShouldBe((true, 0));
        store.Outdated.ShouldBeEmpty();
        (await store.Row(store.View("tally"), streams[1])).Value.ShouldBe(4 * "w1 1".Length);
        await store.Append(Sample.To(streams[1], 5, new Noted("12345")));
        (await store.Row(store.View("tally"), streams[1])).Value.ShouldBe(4 * "w1 1".Length + 5);
        (await store.Row(store.View("added"), "all")).Value.ShouldBe(51);
        (await store.ReadAll(new() { Partner = "MA" }).ToList()).Count.ShouldBe(51);
        (await store.ReadAll(new() { Partner = "DK" }).ToList()).ShouldNotBeEmpty();
        // The process that was refused takes part; the one with the old definition does not any more.
        await late.Append(Sample.To(streams[1], 6, new Noted("late")));
        (await Should.ThrowAsync<ViewOutdated>(old.Append(Sample.To(streams[2], 5, new Noted("old"))))).View.ShouldBe("tally");
        await Should.ThrowAsync<ViewOutdated>(old.Row(old.View("tally"), streams[2]));
    }

    private sealed class Added() : View("added", "1")
    {
        public override IEnumerable<string> KeysOf(StoredEvent e) => ["all"];

        public override object Evolve(object? row, StoredEvent e) => (row as int? ?? 0) + 1;

        public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((int)row);

        public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize<int>(document);
    }

    [Fact]
    public async Task A_view_that_fails_stops_it_with_position_type_and_view()
    {
        var lenient = await database.Open([new Added()]);
        await lenient.Append(Sample.To(Sample.NewStream(), 0, new Noted("a"), new Poisoned("b"), new Noted("c")));
        var rows = await database.Scalar<string>(LiveRows);
        var store = await database.Open([new Added(), new TallyView()]);
        (await Should.ThrowAsync<ViewFailed>(store.Rebuild(store.Outdated))).Message.ShouldStartWith("View tally failed on event sample_poisoned at position 2");
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        await lenient.Append(Sample.To(Sample.NewStream(), 0, new Noted("d")));
    }

    [Fact]
    public async Task An_unknown_event_stops_it_with_position_and_type_and_so_does_one_that_cannot_be_read()
    {
        var store = await database.Open();
        await Fill(store, streams: 3);
        var (head, rows) = (await store.Head(), await database.Scalar<string>(LiveRows));
        await store.Append(Sample.To(Sample.NewStream(), 0, new Described(new("person-1", "x"), null)));
        var position = (head.Size + 1).ToString(CultureInfo.InvariantCulture);
        await using (var ignorant = await EventStore.Open(database.AppConnection,
            new([Sample.Type<Opened>("sample_opened"), Sample.Type<Noted>("sample_noted")]), Sample.NewViews(), database.KeyFolder))
        {
            var unknown = await Should.ThrowAsync<UnknownEventType>(ignorant.Rebuild(All(ignorant)));
            unknown.Message.ShouldContain($"sample_described (schema 1) at position {position} is unknown");
        }
        await using (var misled = await EventStore.Open(database.AppConnection,
            new([Sample.Type<Opened>("sample_opened"), Sample.Type<Noted>("sample_noted"), Sample.Type<int[]>("sample_described")]), Sample.NewViews(), database.KeyFolder))
            (await Should.ThrowAsync<UnreadableEvent>(misled.Rebuild(All(misled)))).Message.ShouldContain($"sample_described at position {position}");
        (await database.Scalar<string>(LiveRows)).ShouldStartWith(rows[..20]);
        (await store.Rebuild(All(store))).InPlace.ShouldBeTrue();
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData("update register.view_row set document = '\\x30' where key = '{0}'", "the documents differ")]
    [InlineData("update register.view_row set position = 1000000 where key = '{0}'", "not reached")]
    [InlineData("delete from register.view_row where key = '{0}'", "no live row")]
    [InlineData("insert into register.view_row select generation, '{0}x', version, position, document from register.view_row where key = '{0}'", "no rebuilt row")]
    [InlineData("delete from register.view_partner where key = '{0}' and partner = 'BE'", "only the rebuilt row is found by BE")]
    [InlineData("insert into register.view_partner select generation, 'XX', key from register.view_row where key = '{0}'", "only the live row is found by XX")]
    public async Task A_difference_is_told_by_key_and_the_live_rows_stay_unless_they_are_to_be_replaced(string harm, string said)
    {
        var store = await database.Open();
        var stream = (await Fill(store, streams: 30))[1];
        var (good, goodPartners) = (await database.Scalar<string>(LiveRows), await database.Scalar<string>(LivePartners));
        await cluster.Execute(database.Name, string.Format(CultureInfo.InvariantCulture, harm, stream));
        var (rows, partners) = (await database.Scalar<string>(LiveRows), await database.Scalar<string>(LivePartners));

        var found = await store.Rebuild(All(store));
        (found.InPlace, found.Different).ShouldBe((false, 1));
        (found.Differences[0].View, found.Differences[0].Key[..stream.Length]).ShouldBe(("tally", stream));
        found.Differences[0].What.ShouldContain(said);
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        (await database.Scalar<string>(LivePartners)).ShouldBe(partners);
        (await database.Scalar<long>(Leftovers)).ShouldBe(0);

        var replaced = await store.Rebuild(All(store), new() { Replace = true });
        (replaced.InPlace, replaced.Different).ShouldBe((true, 1));
        (await database.Scalar<string>(LiveRows)).ShouldBe(good);
        (await database.Scalar<string>(LivePartners)).ShouldBe(goodPartners);
        ((Tally)(await store.Row(store.View("tally"), stream)).Value!).Count.ShouldBe(5);
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_of_thousands_of_events_among_many_records_is_rebuilt_in_bounded_memory(bool replace)
    {
        var store = await database.Open([new HeavyView()]);
        var @long = Sample.NewStream();
        await store.Append(Sample.To(@long, 0, new Noted("begun")));
        for (var (i, version) = (0, 1); i < 30; i++)
        {
            await store.Append(Sample.To(@long, version, [.. Enumerable.Range(version, 100).Select(n => new Noted($"note {n}", n))]));
            version += 100;
            await store.Append([.. Enumerable.Range(0, 100).Select(n => Sample.To(Sample.NewStream(), 0, new Noted($"record {i} {n}"), new Noted("again")))]);
        }
        var rows = await database.Scalar<string>(LiveRows);
        HeavyView.Watch();
        var result = await store.Rebuild([store.View("heavy")], new() { Replace = replace, RowBytes = 60_000 });
        (result.Events, result.InPlace, result.Different).ShouldBe((9001, true, 0));
        (await database.Scalar<string>(LiveRows)).ShouldBe(rows);
        (await store.Row(store.View("heavy"), @long)).Version.ShouldBe(3001);
        // Three thousand rows of 16 KB were made: had they been kept, 48 MB and more would be alive.
        HeavyView.MostAlive.ShouldBeInRange(1, 2000);
    }

    /// <summary>Counts its rows in memory that are still alive, each time that it has made some more.</summary>
    private sealed class HeavyView() : View("heavy", "1")
    {
        private sealed record Heavy(int Count, string Last)
        {
            public readonly byte[] Weight = new byte[16 << 10];
        }

        private static List<WeakReference> made = [];
        private static readonly Lock gate = new();

        public static int MostAlive { get; private set; }

        public static void Watch()
        {
            lock (gate) (made, MostAlive) = ([], 0);
        }

        public override IEnumerable<string> KeysOf(StoredEvent e) => [e.Stream];

        public override object Evolve(object? row, StoredEvent e)
        {
            var next = new Heavy((row as Heavy)?.Count + 1 ?? 1, ((Noted)e.Event).Text);
            lock (gate)
            {
                made.Add(new(next));
                if (made.Count % 500 == 0)
                {
                    GC.Collect();
                    made.RemoveAll(m => !m.IsAlive);
                    MostAlive = Math.Max(MostAlive, made.Count);
                }
            }
            return next;
        }

        public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((Heavy)row);

        public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize<Heavy>(document)!;
    }

    [Fact]
    public async Task A_live_row_that_an_event_passed_by_is_found_though_all_before_it_was_right()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("first", ["DK"])));
        var before = await database.Scalar<string>($"select encode(document, 'escape') from register.view_row where key = '{stream}'");
        await Fill(store, streams: 600, rounds: 2); // More than a page, so that the row has left before its last event comes.
        await store.Append(Sample.To(stream, 1, new Noted("last")));
        await cluster.Execute(database.Name, $"update register.view_row set version = 1, position = 1, document = convert_to('{before}', 'UTF8') where key = '{stream}'");

        var found = await store.Rebuild(All(store), new() { RowBytes = 1 });
        (found.InPlace, found.Different).ShouldBe((false, 1));
        (found.Differences[0].Key, found.Differences[0].What).ShouldBe((stream, "the live row does not hold the event at 1202"));
        (await store.Rebuild(All(store), new() { Replace = true })).InPlace.ShouldBeTrue();
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task An_empty_log_has_nothing_to_rebuild()
    {
        var store = await database.Open();
        (await store.Rebuild(All(store))).ShouldBeEquivalentTo(new RebuildResult(0, true, 0, []));
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("first")));
        (await store.Rebuild(All(store))).Events.ShouldBe(1);
    }
}
