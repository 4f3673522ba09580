namespace SecurityCoop.Store.Tests;

public sealed class QueryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<long> Noted(string word) =>
        database.Scalar<long>($"select count(*) from register.mt_events where data->>'text' = '{word}'");

    [Fact]
    public async Task Events_are_read_in_order_and_filtered()
    {
        var store = await database.Open();
        var (a, b) = (Sample.NewStream(), Sample.NewStream());
        var results = new List<AppendResult> { await store.Append(Sample.To(a, 0, new Opened("a", ["MY"]))), await store.Append(Sample.To(b, 0, new Opened("b", []))) };
        for (var i = 0; i < 700; i++) results.Add(await store.Append(Sample.To(i % 2 == 0 ? a : b, 1 + i / 2, new Noted("q"))));
        var (first, last) = (results[0].First, results[^1].Last);

        async Task<List<long>> Read(EventFilter filter) => [.. (await store.ReadAll(filter).ToList()).Select(e => e.Position)];
        (await Read(new() { After = first - 1, Through = last })).ShouldBe([.. results.Select(r => r.First)]);
        (await Read(new() { After = first, Limit = 3 })).ShouldBe([first + 1, first + 2, first + 3]);
        (await Read(new() { Stream = a })).ShouldBe([.. results.Where(r => r.Events[0].Stream == a).Select(r => r.First)]);
        (await Read(new() { Partner = "MY" })).ShouldBe(await Read(new() { Stream = a }), "every event of a row with this partner");
        (await Read(new() { Type = "sample_opened", After = first - 1, Through = last })).ShouldBe([first, first + 1]);
        (await Read(new() { Type = "sample_opened", Stream = b, Actor = "person-1" })).ShouldBe([first + 1]);
        (await Read(new() { Actor = "nobody" })).ShouldBeEmpty();
        (await Read(new() { From = results[10].RecordedAt, To = results[20].RecordedAt })).ShouldBe([.. results.Skip(10).Take(10).Select(r => r.First)]);
        (await store.ReadStream(a, results[10].Last).ToList()).Count.ShouldBe(results.Take(11).Count(r => r.Events[0].Stream == a));
        (await store.ReadStream("nothing").ToList()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instant_stands_for_the_last_position_recorded_by_then()
    {
        var store = await database.Open();
        var results = new List<AppendResult>();
        for (var i = 0; i < 37; i++) results.Add(await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("t"), new Noted("t"))));
        foreach (var r in results)
        {
            (await store.PositionAt(r.RecordedAt)).ShouldBe(new(r.Last, false));
            (await store.PositionAt(r.RecordedAt.AddTicks(-10))).Position.ShouldBe(r.First - 1);
        }
        (await store.PositionAt(new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc))).ShouldBe(new(0, false));
        (await store.PositionAt(results[^1].RecordedAt.AddTicks(10))).ShouldBe(new(results[^1].Last, true));
    }

    [Theory]
    [InlineData("many", 4, long.MaxValue)]
    [InlineData("heavy", 4096, 4000)]
    public async Task A_full_queue_refuses_and_what_it_took_is_written(string word, int length, long bytes)
    {
        var store = await database.Open(options: new() { QueueLength = length, QueueBytes = bytes });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(async _ =>
        {
            try
            {
                await store.Append(Sample.To(Sample.NewStream(), 0, new Noted(word)));
                return true;
            }
            catch (StoreBusy)
            {
                return false;
            }
        }));
        outcomes.ShouldContain(false);
        (await Noted(word)).ShouldBe(outcomes.Count(o => o));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task An_append_larger_than_the_queues_bytes_is_taken_where_nothing_else_waits()
    {
        var store = await database.Open(options: new() { QueueBytes = 1 });
        for (var i = 0; i < 3; i++) await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("alone")));
        (await Noted("alone")).ShouldBe(3);
    }
}
