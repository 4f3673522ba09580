using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// Asks for the head: readers that arrive while one question is on its way share the next, so none is answered by a head older than its own call. Those who were
/// just answered tend to come back together, so after a question of many the next waits a moment for as many; a reader alone never waits.
/// </summary>
internal sealed class HeadCheck(NpgsqlDataSource database, string statement = Sql.ReadHead)
{
    private const int Many = 4;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new(); // Owns all that follows.
    private Question? next;
    private bool asking;

    private sealed class Question
    {
        public TaskCompletionSource<HeadState> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Enough { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Readers;
        public int Expected;
    }

    public Task<HeadState> Ask()
    {
        Question question;
        lock (gate)
        {
            question = next ??= new();
            question.Readers++;
            if (!asking)
            {
                asking = true;
                _ = Run();
            }
            if (question.Readers != question.Expected) return question.Answer.Task;
        }
        question.Enough.TrySetResult();
        return question.Answer.Task;
    }

    private async Task Run()
    {
        for (var before = 0; ;)
        {
            if (before >= Many) await Gather(before);
            Question question;
            lock (gate)
            {
                if (next is not { Readers: > 0 })
                {
                    (asking, next) = (false, null);
                    return;
                }
                (question, next) = (next, null);
            }
            before = question.Readers;
            try
            {
                await using var command = database.CreateCommand(statement);
                question.Answer.SetResult(await Database.ReadHead(command));
            }
            catch (Exception e)
            {
                question.Answer.SetException(e); // Whoever asked sees it; the next question starts afresh.
            }
        }
    }

    private async Task Gather(int readers)
    {
        Question question;
        lock (gate)
        {
            question = next ??= new();
            if (question.Readers >= readers) return;
            question.Expected = readers;
        }
        await question.Enough.Task.WaitAsync(Moment).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>Brings the cache up to a head that another process, or a commit of ours not yet acknowledged, has moved.</summary>
internal sealed class Follower(NpgsqlDataSource database, Cache cache, Preparer preparer, IReadOnlyList<View> views, ViewCatalog catalog)
{
    // More than this many events behind, reading what came in between costs more than reading rows again.
    private const int Furthest = 1000;

    private readonly SemaphoreSlim one = new(1);
    private long epoch = -1;

    /// <summary>Afterwards what the cache holds is no older than this head.</summary>
    public async Task Reach(HeadState to, CancellationToken stop = default)
    {
        if (cache.Covers(to.Mark)) return;
        if (cache.CommitTo(to.Mark) is { } commit)
        {
            await commit.WaitAsync(stop);
            if (cache.Covers(to.Mark)) return;
        }
        await one.WaitAsync(stop);
        try
        {
            while (!cache.Covers(to.Mark))
            {
                if (to.Epoch != epoch)
                {
                    await catalog.Check(database, adopt: false, stop);
                    epoch = to.Epoch;
                }
                var from = cache.Head;
                if (from is null || from.Epoch != to.Epoch || to.Size <= from.Size || to.Size - from.Size > Furthest) cache.Reset(to);
                else if (await Touched(from.Size, to.Size, stop) is { } touched) cache.TryAdvance(from.Mark, to, touched);
                else cache.Reset(to);
            }
        }
        finally
        {
            one.Release();
        }
    }

    // Null where an event is unknown here: then there is no telling what it touched.
    private async Task<HashSet<CacheKey>?> Touched(long after, long through, CancellationToken stop)
    {
        await using var command = database.CreateCommand(Sql.EventsAfter)
            .With(Database.Of(after), Database.Of(through), Database.Of(Furthest));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var touched = new HashSet<CacheKey>();
        try
        {
            while (await reader.ReadAsync(stop))
            {
                var e = preparer.Read(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
                touched.Add(new(CacheKey.Stream, e.Stream));
                // DK-ACT-0017 moved the counter DK-ACT.
                if (e.Header.Reference is { } reference && reference.LastIndexOf('-') is > 0 and var dash) touched.Add(new(CacheKey.Counter, reference[..dash]));
                var keys = Preparer.KeysOf(views, e);
                for (var view = 0; view < keys.Length; view++)
                    foreach (var key in keys[view]) touched.Add(new(view, key));
            }
        }
        catch (UnknownEventType)
        {
            return null;
        }
        return touched;
    }
}
