using System.Net.Sockets;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// A client of all hosts: opens streams, appends to its own and to those that all share, asks for what is impossible, reads, and sends again what it does
/// not know the outcome of, as a careful program would: with the same key, mostly to another host.
/// </summary>
internal sealed class FaultClient(int number, int seed, IReadOnlyList<string> hosts, string[] shared, Journal journal)
{
    public const long Impossible = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly Random random = new(seed);
    private readonly StreamReader?[] connections = new StreamReader?[hosts.Count];
    private readonly List<(string Stream, long? Version)> own = [];
    private readonly List<Ask> done = [];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) await Next();
        for (var i = 0; i < connections.Length; i++)
        {
            connections[i]?.Dispose();
            connections[i] = null;
        }
    }

    /// <summary>Asks one host until it does what it is asked.</summary>
    public async Task MustServe(int host, CancellationToken stop)
    {
        for (var ask = New(NewStream()) with { Keyed = true }; (await Try(host, ask)).Outcome != Outcome.Done; await Task.Delay(50, CancellationToken.None)) stop.ThrowIfCancellationRequested();
    }

    private async Task Next()
    {
        var dice = random.Next(100);
        var at = own.Count == 0 ? -1 : random.Next(own.Count);
        if (dice < 15)
            await Try(random.Next(hosts.Count), New() with { Read = at >= 0 && dice < 5 ? own[at].Stream : shared[random.Next(shared.Length)] });
        else if (dice < 22 && done.Count > 0)
            await Try(random.Next(hosts.Count), done[random.Next(done.Count)]); // Answered as it was the first time, or nothing holds.
        else if (dice < 30 && at >= 0)
            await Try(random.Next(hosts.Count), New(Note(own[at].Stream, Impossible), Note(shared[0], Part.Any)));
        else if (dice < 45 || at < 0)
        {
            var part = NewStream();
            if (await Ask(New(part)) is { Outcome: not Outcome.Refused } answer) own.Add((part.Stream, answer.Outcome == Outcome.Done ? answer.Version : null));
        }
        else if (dice < 65)
            await Ask(New(Note(shared[random.Next(shared.Length)], Part.Any)));
        else
        {
            var mine = Note(own[at].Stream, own[at].Version ?? Part.Any);
            var answer = await Ask(dice < 75 ? New(mine, Note(shared[random.Next(shared.Length)], Part.Any)) : New(mine));
            own[at] = own[at] with { Version = answer.Outcome == Outcome.Done ? answer.Version : null };
        }
    }

    private Part NewStream() => new(Sample.NewStream(), 0, Ids(), $"p{random.Next(5)}", "F-ACT");

    private Part Note(string stream, long expected) => new(stream, expected, Ids(), $"w{random.Next(5)}", null);

    private Guid[] Ids() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Guid.CreateVersion7())];

    private Ask New(params Part[] parts) => new(Guid.CreateVersion7(), random.Next(2) > 0, parts);

    // Without a key there is no asking twice.
    private async Task<Answer> Ask(Ask ask)
    {
        var unknown = false;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await Try(random.Next(hosts.Count), ask);
            if (answer.Outcome == Outcome.Done && ask.Keyed) done.Add(ask);
            unknown |= answer.Outcome == Outcome.Unknown;
            if (answer.Outcome == Outcome.Done || !ask.Keyed || attempt == 4) return answer.Outcome == Outcome.Refused && unknown ? new(Outcome.Unknown) : answer;
            await Task.Delay(random.Next(100));
        }
    }

    private async Task<Answer> Try(int host, Ask ask)
    {
        await journal.Asking(number, ask);
        var answer = await Send(host, ask);
        journal.Answered(number, answer);
        if (answer.Why == NotThere) await Task.Delay(50);
        return answer;
    }

    private const string NotThere = "no host there";
    public const string Silence = "nothing heard";

    private async Task<Answer> Send(int host, Ask ask)
    {
        if (connections[host] is null)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(hosts[host]));
            }
            catch (SocketException)
            {
                socket.Dispose();
                return new(Outcome.Refused, Why: NotThere);
            }
            connections[host] = new(new NetworkStream(socket, ownsSocket: true));
        }
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await connections[host]!.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Messages.Write(ask) + '\n'), patience.Token);
            if (await connections[host]!.ReadLineAsync(patience.Token) is { } line) return Messages.Read<Answer>(line);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whatever became of it.
        }
        connections[host]!.Dispose();
        connections[host] = null;
        return new(Outcome.Unknown, Why: Silence);
    }
}
