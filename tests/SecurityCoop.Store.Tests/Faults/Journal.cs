using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// The clients' record of what they meant to do and what they were told. An intention is on the disk before it is sent; lines of several clients share a
/// sync of the file.
/// </summary>
internal sealed class Journal : IAsyncDisposable
{
    private readonly Channel<(Line? Line, TaskCompletionSource Done)> waiting = Channel.CreateUnbounded<(Line?, TaskCompletionSource)>();
    private readonly Task writing;

    public Journal(string file) => writing = Task.Run(async () =>
    {
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        var written = new List<TaskCompletionSource>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            while (waiting.Reader.TryRead(out var next))
            {
                if (next.Line is not null) stream.Write(Encoding.UTF8.GetBytes(Messages.Write(next.Line) + '\n'));
                written.Add(next.Done);
            }
            stream.Flush(flushToDisk: true);
            foreach (var done in written) done.SetResult();
            written.Clear();
        }
    });

    /// <summary>Returns when it may be sent.</summary>
    public Task Asking(int client, Ask ask) => Write(new(client, Stopwatch.GetTimestamp(), ask, null));

    /// <summary>It is on the disk before the client's next intention is.</summary>
    public void Answered(int client, Answer answer) => _ = Write(new(client, Stopwatch.GetTimestamp(), null, answer));

    /// <summary>Returns when everything is in the file that was said before.</summary>
    public Task Complete() => Write(null);

    private Task Write(Line? line)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((line, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await writing;
    }

    /// <summary>Every question with its answer.</summary>
    public static IEnumerable<Attempt> Read(string file)
    {
        var asked = new Dictionary<int, Line>();
        foreach (var line in File.ReadLines(file).Select(Messages.Read<Line>))
        {
            if (line.Asked is not null) asked[line.Client] = line;
            else yield return new(asked[line.Client].Asked!, asked[line.Client].At, line.At, line.Answered!);
        }
    }
}

/// <summary>One question as the client saw it: begun before it was sent, ended after the answer came.</summary>
internal sealed record Attempt(Ask Ask, long Begun, long Ended, Answer Answer);
