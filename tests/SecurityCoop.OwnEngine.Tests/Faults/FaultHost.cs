using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace SecurityCoop.OwnEngine.Tests.Faults;

/// <summary>A host as a process of its own, to be killed: a store behind a Unix socket, one line a question, one line an answer.</summary>
internal static class FaultHost
{
    public const string Argument = "--fault-host";

    /// <summary>It ends by itself when its standard input does, so that it never outlives its test.</summary>
    public static Process Start(string connection, string keyFolder, string socket) => Process.Start(
        Program.Again([Argument, connection, keyFolder, socket], start => { start.RedirectStandardInput = true; start.RedirectStandardError = true; }))!;

    public static async Task<int> Run(string[] args)
    {
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            Environment.Exit(0);
        });
        await using var store = await Open(args[0], args[1]);
        File.Delete(args[2]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(args[2]));
        listener.Listen();
        while (true) _ = Serve(await listener.AcceptAsync(), store);
    }

    private static async Task<EventStore> Open(string connection, string keyFolder)
    {
        while (true)
        {
            try
            {
                return await EventStore.Open(connection, Sample.Types, Sample.NewViews(), keyFolder);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50); // The database is away just now.
            }
        }
    }

    private static async Task Serve(Socket socket, EventStore store)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } line)
            {
                var answer = await AnswerTo(Messages.Read<Ask>(line), store);
                await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Messages.Write(answer) + '\n'));
            }
        }
        catch (IOException)
        {
            // The client gave up waiting.
        }
    }

    private static async Task<Answer> AnswerTo(Ask ask, EventStore store)
    {
        try
        {
            if (ask.Read is { } read) return new(Outcome.Read, Version: (await store.Row(store.View("tally"), read)).Version);
            var key = ask.Keyed ? new IdempotencyKey("client", "/faults", ask.Command.ToString(), new byte[1]) : null;
            var result = (await new CommandRunner(store).Run(ask.Command, key, async stop => await Decide(ask, store, stop))).Appended!;
            return new(Outcome.Done, result.First, result.Last, result.Events.Last(e => e.Stream == ask.Parts[0].Stream).Version);
        }
        catch (Exception e) when (e is VersionConflict or StoreBusy or StoreAway or NotRead)
        {
            return new(Outcome.Refused, Why: e.GetType().Name);
        }
        catch (Exception e)
        {
            // OutcomeUnknown, or the key could not be looked for: nothing is promised.
            return new(Outcome.Unknown, Why: $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static async Task<IReadOnlyList<StreamAppend>> Decide(Ask ask, EventStore store, CancellationToken stop)
    {
        var appends = new List<StreamAppend>();
        foreach (var part in ask.Parts)
        {
            var expected = part.Expected == Part.Any ? await VersionOf(part.Stream, store, stop) : part.Expected;
            var events = part.Events.Select((id, i) => new NewEvent(id, EventOf(part, i, ask.Command), Sample.Context(ask.Command)));
            appends.Add(new(part.Stream, "sample", expected, [.. events], part.Prefix));
        }
        return appends;
    }

    private static async Task<long> VersionOf(string stream, EventStore store, CancellationToken stop)
    {
        try
        {
            return (await store.Row(store.View("tally"), stream, stop)).Version;
        }
        catch (NpgsqlException away)
        {
            throw new NotRead(away);
        }
    }

    /// <summary>The database was away when a stream's version was read: nothing was sent yet.</summary>
    private sealed class NotRead(Exception inner) : Exception("A stream could not be read.", inner);

    private static object EventOf(Part part, int index, Guid command) =>
        part.Prefix is not null && index == 0 ? new Opened(command.ToString(), [part.Word]) : new Noted($"{part.Word} {command}", index + 1);
}
