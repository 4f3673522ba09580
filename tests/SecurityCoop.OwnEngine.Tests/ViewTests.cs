using System.Collections.Immutable;
namespace SecurityCoop.OwnEngine.Tests;

public sealed class ViewTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_row_is_current_whichever_process_wrote_last()
    {
        var (here, there) = (await database.Open(), await database.Open());
        var stream = Sample.NewStream();
        for (var version = 0; version < 40; version++)
        {
            await (version % 3 == 0 ? there : here).Append(Sample.To(stream, version, new Noted("w", 1)));
            foreach (var store in new[] { here, there })
            {
                var row = await store.Row(store.View("tally"), stream);
                (row.Version, ((Tally)row.Value!).Weight).ShouldBe((version + 1, version + 1));
            }
        }
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Readers_beside_writers_never_see_a_row_go_back()
    {
        var (here, there) = (await database.Open(), await database.Open());
        var stream = Sample.NewStream();
        await here.Append(Sample.To(stream, 0, new Noted("r")));
        var written = 1L;
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var (store, last, reads) = (i % 2 == 0 ? here : there, 0L, 0);
            for (; !done.IsCancellationRequested; reads++)
            {
                var atLeast = Interlocked.Read(ref written);
                var row = await store.Row(store.View("tally"), stream);
                row.Version.ShouldBeGreaterThanOrEqualTo(Math.Max(atLeast, last));
                last = row.Version;
            }
            return reads;
        })).ToArray();
        for (var version = 1; version < 200; version++)
        {
            await (version / 10 % 2 == 0 ? there : here).Append(Sample.To(stream, version, new Noted("r")));
            Interlocked.Exchange(ref written, version + 1);
        }
        await done.CancelAsync();
        (await Task.WhenAll(readers)).ShouldAllBe(reads => reads > 0);
    }

    [Fact]
    public async Task A_cache_too_small_for_anything_gives_the_same_answers()
    {
        var store = await database.Open(options: new() { CacheBytes = 1000 });
        var streams = Enumerable.Range(0, 30).Select(_ => Sample.NewStream()).ToArray();
        for (var version = 0; version < 5; version++)
            await Task.WhenAll(streams.Select(s => store.Append(Sample.To(s, version, new Noted("c")))));
        var rows = await store.RowsOf(store.View("tally"), [.. streams, "nothing"]);
        rows.Select(r => r.Version).ShouldBe([.. streams.Select(_ => 5L), 0L]);
        rows[^1].ShouldBe(new Row(null, "nothing", 0, 0));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Rows_come_in_the_order_of_their_keys_and_events_by_partner()
    {
        var store = await database.Open();
        var tally = store.View("tally");
        var (a, b, c) = ("a-" + Sample.NewStream(), "b-" + Sample.NewStream(), "c-" + Sample.NewStream());
        await store.Append(Sample.To(c, 0, new Opened("c", ["PK", "BE"])));
        await store.Append(Sample.To(a, 0, new Opened("a", ["PK"])), Sample.To(b, 0, new Opened("b", ["BE"])));
        var rows = await store.Rows(tally).ToList();
        rows.Select(r => r.Key).ShouldBe(rows.Select(r => r.Key).Order(StringComparer.Ordinal));
        rows.Select(r => r.Key).ShouldContain(b);
        (await store.Rows(tally, afterKey: a).ToList()).Select(r => r.Key).ShouldNotContain(a);

        // A partner taken away: its events stay indexed under both.
        await store.Append(Sample.To(c, 1, new Opened("c", ["BE"])));
        (await store.ReadAll(new() { Partner = "PK" }).ToList()).Select(e => (e.Stream, e.Version)).ShouldBe([(c, 1L), (a, 1L), (c, 2L)]);
    }

    [Fact]
    public async Task What_is_kept_of_a_partner_is_current_whoever_wrote()
    {
        var views = Sample.NewViews();
        var (ours, theirs) = (await database.Open(views, KeepingKeys(views)), await database.Open());
        var (a, b) = ("a-" + Sample.NewStream(), "b-" + Sample.NewStream());
        await Keys(ours, "QA", []);
        await ours.Append(Sample.To(a, 0, new Opened("a", ["QA"])));
        await Keys(ours, "QA", [a]);
        await theirs.Append(Sample.To(b, 0, new Opened("b", ["QB", "QA"])));
        await Keys(ours, "QA", [a, b]);
        // What once concerned a partner stays part of its past.
        await ours.Append(Sample.To(b, 1, new Opened("b", ["QB"])));
        await Keys(ours, "QA", [a, b]);
        await Keys(ours, "QB", [b]);
        await Keys(ours, "XX", []);
        (await ours.ReadStreams([a, b], (await ours.Head()).Size - 1).ToList()).Select(e => (e.Stream, e.Version)).ShouldBe([(a, 1L), (b, 1L)]);
    }

    [Fact]
    public async Task After_another_process_commit_a_partner_is_read_on_from_where_it_was()
    {
        var views = Sample.NewViews();
        var (ours, theirs) = (await database.Open(views, KeepingKeys(views)), await database.Open());
        var (a, b, c) = (Sample.NewStream(), Sample.NewStream(), Sample.NewStream());
        await ours.Append(Sample.To(a, 0, new Opened("a", ["QD"])));
        await Keys(ours, "QD", [a]);

        await theirs.Append(Sample.To(b, 0, new Opened("b", ["QD"])));
        await ours.Append(Sample.To(c, 0, new Opened("c", ["QD"]))); // It is folded into what lacks the other's row.
        await Keys(ours, "QD", [.. new[] { a, b, c }.Order(StringComparer.Ordinal)]);
        var (_, before) = await ours.OfPartner("QD");

        await theirs.Append(Sample.To(Sample.NewStream(), 0, new Opened("x", ["QE"])));
        (await ours.OfPartner("QD")).Fold.ShouldBeSameAs(before); // Nothing of it was read anew.
    }

    [Fact]
    public async Task Under_constant_writing_a_partner_shows_every_commit_that_was_answered_before()
    {
        var views = Sample.NewViews();
        var store = await database.Open(views, KeepingKeys(views));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            for (var i = 0; i < 25; i++)
            {
                var stream = Sample.NewStream();
                var appended = await store.Append(Sample.To(stream, 0, new Opened("x", ["QC"])));
                var (position, keys) = await store.OfPartner("QC");
                position.ShouldBeGreaterThanOrEqualTo(appended.Last);
                ((ImmutableSortedSet<string>)keys).ShouldContain(stream);
            }
        }));
    }

    [Fact]
    public async Task Many_commands_upon_one_stream_all_get_their_turn()
    {
        var store = await database.Open();
        var (runner, stream) = (new CommandRunner(store), Sample.NewStream());
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
                await runner.Run(Guid.CreateVersion7(), null, async stop =>
                {
                    var row = await store.Row(store.View("tally"), stream, stop);
                    return [Sample.To(stream, row.Version, new Noted("one of many"))];
                });
        })));
        (await store.Row(store.View("tally"), stream)).Version.ShouldBe(320);
    }

    static EventStoreOptions KeepingKeys(IReadOnlyList<View> views) => new()
    {
        Partners = new([views.First(v => v.Name == "tally")], _ => ImmutableSortedSet.Create<string>(StringComparer.Ordinal), (kept, rows) => ((ImmutableSortedSet<string>)kept).Union(rows.Select(r => r.Key))),
    };

    static async Task Keys(EventStore store, string partner, string[] expected)
    {
        var (position, keys) = await store.OfPartner(partner);
        ((ImmutableSortedSet<string>)keys).ShouldBe(expected);
        position.ShouldBe((await store.Head()).Size);
    }

    [Fact]
    public async Task A_process_with_another_definition_neither_writes_nor_reads_and_names_the_view()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("d")));
        var other = await database.Open([new TallyView("2"), new WordView()]);
        (await Should.ThrowAsync<ViewOutdated>(other.Append(Sample.To(Sample.NewStream(), 0, new Noted("d"))))).Message.ShouldContain("securitycoop rebuild tally");
        await Should.ThrowAsync<ViewOutdated>(other.Row(other.View("tally"), "x"));
        (await other.Row(other.View("word"), "d")).Value.ShouldNotBeNull();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("d")));
    }

    /// <summary>Rows by stream, which notes of other streams may touch before the stream is there.</summary>
    private sealed class MentionView() : View("mention", "1")
    {
        public override IEnumerable<string> KeysOf(StoredEvent e) => e.Event is Noted x ? [e.Stream, x.Text] : [e.Stream];

        public override object Evolve(object? row, StoredEvent e) => (row as int? ?? 0) + 1;

        public override byte[] Write(object row) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes((int)row);

        public override object Read(ReadOnlySpan<byte> document) => System.Text.Json.JsonSerializer.Deserialize<int>(document);
    }

    [Fact]
    public async Task A_row_that_was_there_before_its_stream_is_folded_on()
    {
        await using var fresh = new TestDatabase(database.Cluster);
        await fresh.InitializeAsync();
        var (here, there) = (await fresh.Open([new MentionView()]), await fresh.Open([new MentionView()]));
        for (var i = 0; i < 5; i++)
        {
            var stream = Sample.NewStream();
            await here.Append(Sample.To(Sample.NewStream(), 0, new Noted(stream)));
            await Task.WhenAll(
                there.Append(Sample.To(stream, 0, new Opened("m", []))), there.Append(Sample.To(Sample.NewStream(), 0, new Noted("other"))));
            (await here.Row(here.View("mention"), stream)).Value.ShouldBe(2);
        }
    }

    [Fact]
    public async Task An_empty_log_takes_any_definition()
    {
        await using var fresh = new TestDatabase(database.Cluster);
        await fresh.InitializeAsync();
        await fresh.Open();
        var other = await fresh.Open([new TallyView("2"), new WordView()]);
        (await other.Append(Sample.To(Sample.NewStream(), 0, new Noted("d")))).First.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_this_program_does_not_know_stops_reading_with_its_name_and_position()
    {
        var store = await database.Open();
        var appended = await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("d")));
        var ignorant = await EventStore.Open(database.AppConnection, new([Sample.Type<Opened>("sample_opened")]), [], database.KeyFolder);
        await using (ignorant)
        {
            var failure = await Should.ThrowAsync<UnknownEventType>(ignorant.ReadAll(new() { After = appended.First - 1 }).ToList());
            failure.Message.ShouldContain("sample_noted");
            failure.Message.ShouldContain(appended.First.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
