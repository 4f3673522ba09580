using System.Diagnostics;
using System.Text;

namespace SecurityCoop.EventStore.Tests.Faults;

/// <summary>A client's record of what it meant to do and what it was told: each line is on the disk before the client goes on.</summary>
internal sealed class Journal(string file) : IDisposable
{
    private readonly FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write);

    public void Asking(Ask ask) => Write(new(Stopwatch.GetTimestamp(), ask, null));

    public void Answered(Answer answer) => Write(new(Stopwatch.GetTimestamp(), null, answer));

    private void Write(Line line)
    {
        stream.Write(Encoding.UTF8.GetBytes(Messages.Write(line) + '\n'));
        stream.Flush(flushToDisk: true);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The questions of one journal, each with its answer.</summary>
    public static IEnumerable<Attempt> Read(string file)
    {
        Line? asked = null;
        foreach (var line in File.ReadLines(file).Select(Messages.Read<Line>))
        {
            if (line.Asked is not null) asked = line;
            else yield return new(asked!.Asked!, asked.At, line.At, line.Answered!);
        }
    }
}

/// <summary>One question as the client saw it: begun before it was sent, ended after the answer came.</summary>
internal sealed record Attempt(Ask Ask, long Begun, long Ended, Answer Answer);
