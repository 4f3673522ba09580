namespace SecurityCoop.OwnEngine.Tests.Faults;

/// <summary>A batch that was built while the one before it was on its way: sent as it is when that one is committed, and built again when it is not.</summary>
public sealed class BuiltAheadTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Callers = 200;

    // What the writer sends waits here while it is held.
    private sealed class Held(Wire wire)
    {
        private TaskCompletionSource seen = new(), release = new();

        public async Task<Task> Hold(Func<Task> send, Func<Wire.Link, ReadOnlyMemory<byte>, Task>? instead = null)
        {
            (seen, release) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
            wire.OnWriterSends = async (link, bytes) =>
            {
                seen.TrySetResult();
                await release.Task;
                wire.OnWriterSends = (l, b) => l.Pass(b);
                await (instead?.Invoke(link, bytes) ?? link.Pass(bytes));
            };
            var sent = send();
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(20));
            return sent;
        }

        public void Release() => release.SetResult();
    }

    /// <summary>One append is on its way and held; meanwhile the others come, and some of them are built upon it; then something happens, and it goes on.</summary>
    private async Task<(long Built, long Sent)> Overlapped(Func<EventStore, Task> meanwhile, Func<Wire.Link, ReadOnlyMemory<byte>, Task>? instead = null)
    {
        await using var wire = new Wire(database.Cluster.Folder);
        await using var store = await EventStore.Open(wire.Connection(database), Sample.Types, Sample.NewViews(), database.KeyFolder);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("first")));
        var (held, streams) = (new Held(wire), new List<string>());
        Task<AppendResult> Append()
        {
            streams.Add(Sample.NewStream());
            return store.Append(Sample.To(streams[^1], 0, new Noted("w0 ahead")));
        }
        Task Others() => Task.WhenAll(Enumerable.Range(1, Callers - 1).Select(_ => Append()).ToArray());

        // So that it is known how many callers there are about.
        var first = await held.Hold(Append);
        var others = Others();
        held.Release();
        await Task.WhenAll(first, others);

        var before = store.BuiltAhead;
        first = await held.Hold(Append, instead);
        others = Others();
        for (var waited = 0; store.BuiltAhead.Built == before.Built; waited++)
        {
            waited.ShouldBeLessThan(400, "most callers wait, so a batch must be built of them");
            await Task.Delay(25);
        }
        await meanwhile(store);
        held.Release();
        await Task.WhenAll(first, others);

        foreach (var stream in streams) (await store.ReadStream(stream).ToList()).Count.ShouldBe(1);
        await LogCheck.MustHold(database);
        return (store.BuiltAhead.Built - before.Built, store.BuiltAhead.Sent - before.Sent);
    }

    [Fact]
    public async Task It_is_sent_as_it_is_when_the_batch_before_it_is_committed()
    {
        var (built, sent) = await Overlapped(_ => Task.CompletedTask);
        sent.ShouldBe(built);
    }

    [Fact]
    public async Task It_is_built_again_when_the_batch_before_it_fails_because_another_process_has_appended()
    {
        var (stream, other) = (Sample.NewStream(), await database.Open());

        var (_, sent) = await Overlapped(_ => other.Append(Sample.To(stream, 0, new Noted("w0 other"))));

        sent.ShouldBe(0);
        (await other.ReadStream(stream).ToList()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_is_built_again_when_the_answer_to_the_batch_before_it_never_arrives()
    {
        var size = await database.Scalar<long>("select size from register.log_head");

        var (_, sent) = await Overlapped(_ => Task.CompletedTask, async (link, bytes) =>
        {
            var before = await database.Scalar<long>("select size from register.log_head");
            link.LoseClient();
            await link.Pass(bytes);
            while (await database.Scalar<long>("select size from register.log_head") == before) await Task.Delay(10);
        });

        sent.ShouldBe(0);
        (await database.Scalar<long>("select size from register.log_head")).ShouldBe(size + 1 + 2 * Callers, "nothing is there twice");
    }
}
