using System.Collections.Concurrent;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace SecurityCoop.Store.Tests;

/// <summary>Marten's daemon over this log.</summary>
public sealed class DaemonTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private sealed class Seen : SubscriptionBase
    {
        public Seen() => Name = "seen";

        public ConcurrentQueue<long> Positions { get; } = [];

        public override Task<IChangeListener> ProcessEventsAsync(
            EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            foreach (var e in page.Events) Positions.Enqueue(e.Sequence);
            return Task.FromResult(NullChangeListener.Instance);
        }
    }

    [Fact]
    public async Task After_a_save_that_failed_and_ten_idle_seconds_a_subscription_still_sees_every_position_in_order()
    {
        var seen = new Seen();
        var store = await database.Open(more: o => o.Projections.Subscribe(seen));
        using var daemon = await ((DocumentStore)store.Documents).BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        for (var i = 0; i < 5; i++) await store.Append(Sample.To(Sample.NewStream(), 0, new Noted($"{i}"), new Noted("and")));
        await Until(() => seen.Positions.Count >= 10);

        // Four numbers are drawn and not used, and then nothing happens: Marten would pass over them after three seconds.
        await Should.ThrowAsync<Exception>(store.Append(
            Sample.To(Sample.NewStream(), 0, new Noted("a"), new Noted("b"), new Noted("c")),
            Sample.To(Sample.NewStream(), 0, new Poisoned("x"))));
        (await database.Scalar<long>("select last_value from register.mt_events_sequence")).ShouldBe(14);
        await Task.Delay(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 5; i++) await store.Append(Sample.To(Sample.NewStream(), 0, new Noted($"{i}"), new Noted("and")));

        await Until(() => seen.Positions.Count >= 20);
        await Task.Delay(500);
        seen.Positions.ShouldBe(Enumerable.Range(1, 20).Select(p => (long)p));
        (await database.Scalar<long>("select last_seq_id from register.mt_event_progression where name like 'seen%'")).ShouldBe(20);
        (await database.Scalar<long>("select count(*) from register.mt_high_water_skips")).ShouldBe(0);
        await daemon.StopAllAsync();
        await LogCheck.MustHold(database);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var waited = 0; !condition() && waited < 300; waited++) await Task.Delay(50);
    }
}
