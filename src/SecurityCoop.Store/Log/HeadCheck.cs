using Npgsql;

namespace SecurityCoop.Store;

/// <summary>The head as one snapshot showed it.</summary>
/// <param name="Records">Which folds made the documents.</param>
internal sealed record HeadState(long Size, byte[] Root, long Epoch, DateTime RecordedAt, string Records)
{
    public HeadMark Mark => new(Size, Root, Epoch);
}

/// <summary>What must agree for two snapshots to have seen the same history. The size alone does not: a restored database has another.</summary>
internal readonly record struct HeadMark(long Size, byte[] Root, long Epoch)
{
    public bool Equals(HeadMark other) => Size == other.Size && Epoch == other.Epoch && Root.AsSpan().SequenceEqual(other.Root);

    public override int GetHashCode() => HashCode.Combine(Size, Epoch);
}

/// <summary>
/// Asks for the head: readers that arrive while one question is on its way share the next, so none is answered by a head older than its own call. Those who were
/// just answered tend to come back together, so after a question of many the next waits a moment for as many; a reader alone never waits.
/// </summary>
internal sealed class HeadCheck(NpgsqlDataSource database)
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
                await using var command = database.CreateCommand(Sql.ReadHead);
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
