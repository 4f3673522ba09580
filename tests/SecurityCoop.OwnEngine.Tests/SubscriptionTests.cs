using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>Durable consumers of the log. Each test has a consumer of its own, which begins at the head as the test finds it.</summary>
public sealed class SubscriptionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static async Task<(string Name, SubscriptionOptions Options, long From)> New(EventStore store)
    {
        var from = (await store.Head()).Size;
        return ($"consumer-{Guid.NewGuid():N}", new() { From = from, FirstWait = TimeSpan.FromMilliseconds(10) }, from);
    }

    private static async Task Append(EventStore store, int count)
    {
        for (var left = count; left > 0; left -= 50)
            await store.Append(Sample.To(Sample.NewStream(), 0, [.. Enumerable.Range(0, Math.Min(50, left)).Select(i => new Noted($"s {i}"))]));
    }

    private static long[] Range(long after, int count) => [.. Enumerable.Range(1, count).Select(i => after + i)];

    private Task<long> Cursor(string name) => database.Scalar<long>($"select position from register.subscription where consumer = '{name}'");

    [Fact]
    public async Task Every_event_comes_once_in_order_also_over_restarts_while_nothing_fails()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        await Append(store, 230);
        var first = new Consumer(store, name, options);
        await Append(store, 70);
        await Eventually.Holds(() => first.Handled.Count == 300);
        await first.DisposeAsync();
        first.Positions.ShouldBe(Range(from, 300));
        (await Cursor(name)).ShouldBe(from + 300);

        await Append(store, 20);
        await using var second = new Consumer(store, name, options);
        await Eventually.Holds(() => second.Handled.Count == 20);
        second.Positions.ShouldBe(Range(from + 300, 20));
        second.Handled.First().Fence.ShouldBe(first.Handled.First().Fence + 1);
    }

    [Fact]
    public async Task A_failing_event_is_named_and_comes_again_and_nothing_behind_it_comes_before()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        await Append(store, 10);
        var (log, cursors) = (new KeptLog(), new List<long>());
        await using var consumer = new Consumer(store, name, options, async (d, _) =>
        {
            if (d.Event.Position != from + 4 || d.Attempt > 3) return;
            cursors.Add(await Cursor(name));
            throw new InvalidOperationException("not now");
        }, log);
        await Eventually.Holds(() => consumer.Handled.Count == 10);
        consumer.Positions.ShouldBe(Range(from, 10));
        consumer.Handled.Select(d => d.Attempt).ShouldBe([1, 1, 1, 4, 1, 1, 1, 1, 1, 1]);
        cursors.ShouldBe([from, from + 3, from + 3]); // what was handled before it is kept while it fails
        log.Lines.Count.ShouldBe(3);
        foreach (var part in new[] { name, "sample_noted", (from + 4).ToString(CultureInfo.InvariantCulture), "attempt 1" }) log.Lines.First().ShouldContain(part);
    }

    [Fact]
    public async Task Who_asks_for_events_up_to_a_position_gets_each_once_unless_another_process_is_at_it()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        await Append(store, 10);
        var (handled, failing) = (new List<long>(), from + 4);
        var subscription = new Subscription(store, name, (d, _) =>
        {
            if (d.Event.Position == failing) throw new InvalidOperationException("not now");
            handled.Add(d.Event.Position);
            return Task.CompletedTask;
        }, NullLogger.Instance, options);

        (await Should.ThrowAsync<InvalidOperationException>(subscription.Through(from + 6, default))).Message.ShouldBe("not now");
        (await Cursor(name)).ShouldBe(from + 3);
        failing = 0;
        (await subscription.Through(from + 6, default)).ShouldBeTrue();
        (await subscription.Through(from + 2, default)).ShouldBeTrue();
        handled.ShouldBe(Range(from, 6));
        (await Cursor(name)).ShouldBe(from + 6);

        await using (var other = await Lease.Take(store, name, Never, default))
        {
            (await subscription.Through(from + 7, default)).ShouldBeFalse();
            (await subscription.Through(from + 6, default)).ShouldBeTrue("that far it has come");
        }
        (await subscription.Through(from + 10, default)).ShouldBeTrue();
        handled.ShouldBe(Range(from, 10));
    }

    [Fact]
    public async Task An_event_of_unknown_type_stops_the_consumer_in_front_of_it()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        await Append(store, 5);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("new kind", [])));
        await Append(store, 5);
        await using var old = await EventStore.Open(database.AppConnection, new([Sample.Type<Noted>("sample_noted")]), Sample.NewViews(), database.KeyFolder);
        var log = new KeptLog();
        await using (var stuck = new Consumer(old, name, options, log: log))
        {
            await Eventually.Holds(() => log.Lines.Count >= 4);
            stuck.Positions.ShouldBe(Range(from, 5));
            log.Lines.ShouldAllBe(l => l.Contains(name) && l.Contains($"position {from + 6};"));
        }
        await using var knowing = new Consumer(store, name, options);
        await Eventually.Holds(() => knowing.Handled.Count == 6);
        knowing.Positions.ShouldBe(Range(from + 5, 6));
    }

    [Fact]
    public async Task What_was_handled_before_a_crash_but_not_kept_comes_again_and_nothing_is_missing()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        options = options with { Lease = TimeSpan.FromSeconds(2) };
        await Append(store, 300);
        using var crashing = new ConsumerProcess(database, name, options, blockAt: from + 150);
        await Eventually.Holds(() => crashing.Handled.Count == 150);
        await crashing.End(kill: true);
        crashing.Handled.Select(h => h.Position).ShouldBe(Range(from, 150));
        var cursor = await Cursor(name);
        cursor.ShouldBeInRange(from + 100, from + 149);

        await using var next = new Consumer(store, name, options);
        await Eventually.Holds(() => next.Positions.LastOrDefault() == from + 300);
        next.Positions.First().ShouldBe(cursor + 1);
        // In order; and once, unless this machine is so slow that a live process loses its lease.
        next.Positions.Distinct().ShouldBe(Range(cursor, (int)(from + 300 - cursor)));
    }

    [Fact]
    public async Task Two_processes_share_a_consumer_and_no_event_comes_to_both_while_leases_hold()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        using var there = new ConsumerProcess(database, name, options);
        var here = new Consumer(store, name, options);
        await Append(store, 200);
        await Eventually.Holds(() => here.Handled.Count + there.Handled.Count >= 200);
        var thereFirst = (await database.Scalar<string>($"select holder from register.subscription where consumer = '{name}'")).EndsWith($" {there.Id}", StringComparison.Ordinal);
        if (thereFirst) await there.End();
        else await here.DisposeAsync();
        await Append(store, 100);
        await Eventually.Holds(() => here.Handled.Count + there.Handled.Count >= 300);
        if (thereFirst) await here.DisposeAsync();
        else await there.End();

        here.Handled.Count.ShouldBe(thereFirst ? 100 : 200);
        here.Positions.Concat(there.Handled.Select(h => h.Position)).Order().ShouldBe(Range(from, 300));
        here.Positions.ShouldBeInOrder();
        there.Handled.Select(h => h.Position).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_stalled_holder_that_wakes_after_its_lease_neither_goes_on_nor_moves_the_cursor()
    {
        var store = await database.Open();
        var (name, options, from) = await New(store);
        using var stalled = new ConsumerProcess(database, name, options with { Lease = TimeSpan.FromSeconds(3) });
        await Append(store, 250);
        await Eventually.Holds(() => stalled.Handled.Count >= 10);
        await stalled.Signal("STOP");
        await using var next = new Consumer(store, name, options);
        await Eventually.Holds(() => next.Positions.LastOrDefault() == from + 250);
        var (before, fence) = (stalled.Handled.Count, next.Handled.First().Fence);
        fence.ShouldBeGreaterThan(stalled.Handled.Last().Fence);

        await stalled.Signal("CONT");
        await Append(store, 10);
        await Eventually.Holds(() => next.Handled.Last().Event.Position == from + 260);
        await Task.Delay(500); // time for the other to go wrong
        await stalled.End();
        stalled.Handled.Count.ShouldBeLessThanOrEqualTo(before + 1); // the event that it was at
        next.Positions.ShouldBe(Range(next.Positions.First() - 1, (int)(from + 260 - next.Positions.First() + 1)));
        next.Handled.ShouldAllBe(d => d.Fence == fence);
        await Eventually.Holds(async () => await Cursor(name) == from + 260);
    }

    [Fact]
    public async Task A_cursor_moves_only_under_its_latest_fence_while_the_lease_lasts_and_never_back()
    {
        var store = await database.Open();
        var name = $"consumer-{Guid.NewGuid():N}";
        Task<bool> Do(string statement, params Npgsql.NpgsqlParameter[] more) => store.Execute(statement, default, [Database.Of(name), .. more]);
        Task<bool> Take(int seconds) => Do(Sql.TakeLease, Database.Of("test"), Database.Of(TimeSpan.FromSeconds(seconds)));
        Task<bool> Move(long fence, long to) => Do(Sql.MoveCursor, Database.Of(fence), Database.Of(to), Database.Of(TimeSpan.FromSeconds(60)));
        await Do(Sql.AddSubscription, Database.Of(0L));

        (await Take(60)).ShouldBeTrue();
        (await Take(60)).ShouldBeFalse();
        (await Move(1, 7)).ShouldBeTrue();
        (await Move(1, 5)).ShouldBeTrue();
        (await Cursor(name)).ShouldBe(7);
        (await Do(Sql.ProlongLease, Database.Of(1L), Database.Of(TimeSpan.Zero))).ShouldBeTrue(); // given back
        (await Move(1, 8)).ShouldBeFalse(); // over, though nobody took it
        (await Do(Sql.ProlongLease, Database.Of(1L), Database.Of(TimeSpan.FromSeconds(60)))).ShouldBeFalse();
        (await Take(60)).ShouldBeTrue();
        (await Move(1, 9)).ShouldBeFalse(); // another's now
        (await Move(2, 9)).ShouldBeTrue();
        (await Cursor(name)).ShouldBe(9);
    }

    [Fact]
    public async Task News_of_another_processs_appends_comes_by_notice()
    {
        var (waiting, writing) = (await database.Open(options: new() { Poll = Never }), await database.Open());
        var (name, options, from) = await New(waiting);
        await using var consumer = new Consumer(waiting, name, options);
        for (var i = 1; i <= 5; i++)
        {
            await Append(writing, 1);
            await Eventually.Holds(() => consumer.Handled.Count == i);
        }
        // Also over the loss of the connection that listens: what was missed meanwhile is looked for.
        await database.Cluster.Execute(database.Name, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'SecurityCoop listener'");
        await Append(writing, 1);
        await Eventually.Holds(() => consumer.Handled.Count == 6);
        consumer.Positions.ShouldBe(Range(from, 6));
    }

    [Fact]
    public async Task Events_come_although_every_notice_is_lost()
    {
        var (waiting, writing) = (await database.Open(options: new() { Poll = TimeSpan.FromMilliseconds(200) }), await database.Open());
        var (name, options, from) = await New(waiting);
        await database.Cluster.Execute(database.Name, "revoke execute on function pg_notify(text, text) from public");
        try
        {
            await using var consumer = new Consumer(waiting, name, options);
            await Append(writing, 3);
            await Eventually.Holds(() => consumer.Handled.Count == 3);
            await Append(writing, 3);
            await Eventually.Holds(() => consumer.Handled.Count == 6);
            consumer.Positions.ShouldBe(Range(from, 6));
        }
        finally
        {
            await database.Cluster.Execute(database.Name, "grant execute on function pg_notify(text, text) to public");
        }
    }
}
