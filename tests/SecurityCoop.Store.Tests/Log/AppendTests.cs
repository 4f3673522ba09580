namespace SecurityCoop.Store.Tests;

public sealed class AppendTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_was_appended_is_read_back_with_its_header()
    {
        var store = await database.Open();
        var (stream, command) = (Sample.NewStream(), Guid.CreateVersion7());
        var source = System.Text.Json.JsonDocument.Parse("""{ "paragraph": 3, "document": "001" }""").RootElement;
        var context = new EventContext("person-7", command, "confidential")
        {
            Effective = "2026-01-27", OnBehalfOf = "person-8", Reason = "said \"so\"", Sources = [source], Credibility = 2,
            Correlation = "c1", Causation = "c2", Corrects = Guid.CreateVersion7(),
        };
        var e = new NewEvent(Guid.CreateVersion7(), new Opened("talks – débat – لقاء", ["DK"]), context);

        var result = await store.Append(new AppendRequest(command, [new(stream, "sample", 0, [e], ReferencePrefix: "DK-MTG")]));

        var read = (await store.ReadStream(stream).ToList()).ShouldHaveSingleItem();
        read.Position.ShouldBe(result.First);
        (read.Id, read.Version, read.Type, read.RecordedAt).ShouldBe((e.Id, 1, "sample_opened", result.RecordedAt));
        ((Opened)read.Event).Title.ShouldBe("talks – débat – لقاء");
        read.Header.Reference.ShouldBe("DK-MTG-0001");
        read.Header.Sources.ShouldHaveSingleItem().GetRawText().ShouldBe("""{"document":"001","paragraph":3}""");
        (read.Header.Context with { Sources = context.Sources }).ShouldBe(context);
        (await store.StreamOf("DK-MTG-0001")).ShouldBe(stream);
        (await store.ReferenceOf(stream)).ShouldBe("DK-MTG-0001");
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Several_streams_are_written_in_one_append_or_none_of_them_is()
    {
        var store = await database.Open();
        var (a, b, c) = (Sample.NewStream(), Sample.NewStream(), Sample.NewStream());
        var result = await store.Append(Sample.To(a, 0, new Noted("x 1"), new Noted("x 2")), Sample.To(b, 0, new Noted("x 3")));
        result.Events.Select(e => (e.Stream, e.Version)).ShouldBe([(a, 1L), (a, 2L), (b, 1L)]);
        result.Events.Select(e => e.Position).ShouldBe([result.First, result.First + 1, result.Last]);

        (await Should.ThrowAsync<VersionConflict>(store.Append(Sample.To(c, 0, new Noted("x 4")), Sample.To(a, 1, new Noted("x 5"))))).Actual.ShouldBe(2);

        (await store.ReadStream(c).ToList()).ShouldBeEmpty();
        (await store.Row(Sample.Kind(), c)).Value.ShouldBeNull();
        (await store.ReadStream(a).ToList()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_exists_is_not_opened_again_by_this_or_another_process()
    {
        var (first, second) = (await database.Open(), await database.Open());
        var stream = Sample.NewStream();
        await first.Append(Sample.To(stream, 0, new Noted("x")));
        await Should.ThrowAsync<VersionConflict>(first.Append(Sample.To(stream, 0, new Noted("x"))));
        (await Should.ThrowAsync<VersionConflict>(second.Append(Sample.To(stream, 0, new Noted("x"))))).Actual.ShouldBe(1);
        await second.Append(Sample.To(stream, 1, new Noted("x")));
        (await Should.ThrowAsync<VersionConflict>(first.Append(Sample.To(stream, 1, new Noted("x"))))).Actual.ShouldBe(2);
        await first.Append(Sample.To(stream, 2, new Noted("x")));
    }

    [Fact]
    public async Task References_are_numbered_without_gaps_within_their_prefix_and_a_fixed_one_is_given_once()
    {
        var store = await database.Open();
        StreamAppend Numbered(string prefix) => Sample.To(Sample.NewStream(), 0, new Noted("x")) with { ReferencePrefix = prefix };
        var given = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => store.Append(Numbered(i % 2 == 0 ? "GA-ACT" : "GA-INS"))));
        var expected = Enumerable.Range(1, 20).SelectMany(n => new[] { $"GA-ACT-{n:0000}", $"GA-INS-{n:0000}" });
        given.Select(r => r.Events[0].Reference).ShouldBe(expected, ignoreOrder: true);
        (await (await database.Open()).Append(Numbered("GA-ACT"))).Events[0].Reference.ShouldBe("GA-ACT-0021");
        (await store.Append(Numbered("GA-ACT"))).Events[0].Reference.ShouldBe("GA-ACT-0022");

        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")) with { Reference = "GA" });
        await Should.ThrowAsync<ReferenceTaken>(store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")) with { Reference = "GA" }));
    }

    [Fact]
    public async Task Sixty_four_callers_get_dense_positions_and_a_conflict_hurts_only_itself()
    {
        var store = await database.Open();
        var contested = Sample.NewStream();
        await store.Append(Sample.To(contested, 0, new Noted("x")));
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            var (own, done, lost) = (Sample.NewStream(), new List<AppendResult>(), 0);
            for (var i = 0; i < 30; i++)
            {
                done.Add(await store.Append(Sample.To(own, i, new Noted($"y {caller}"))));
                try
                {
                    done.Add(await store.Append(Sample.To(contested, i + 1, new Noted("z"))));
                }
                catch (VersionConflict)
                {
                    lost++;
                }
            }
            return (Done: done, Lost: lost);
        }));
        var all = results.SelectMany(r => r.Done).ToArray();
        all.Length.ShouldBe(64 * 30 + 30, "of sixty-four that expect the same version, one wins");
        results.Sum(r => r.Lost).ShouldBe(63 * 30);
        all.Select(r => r.First).Distinct().Count().ShouldBe(all.Length);
        var times = all.OrderBy(r => r.First).GroupBy(r => r.RecordedAt).Select(g => g.Key).ToArray();
        times.ShouldBe([.. times.Order()], "time grows with the position");
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task An_append_that_its_caller_gave_up_before_it_was_taken_is_not_written()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(store.Append(Sample.Request(Sample.To(stream, 0, new Noted("x"))), gone.Token));
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        (await store.ReadStream(stream).ToList()).ShouldBeEmpty();
    }
}
