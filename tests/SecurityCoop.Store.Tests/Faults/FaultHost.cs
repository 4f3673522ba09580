using System.Diagnostics;
using System.Net.Sockets;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Store.Tests.Faults;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>A host as a process of its own, to be killed: a store behind a Unix socket, one line a question, one line an answer.</summary>
internal static class FaultHost
{
    public const string Argument = "--fault-host";
    private const string KeyDatabase = "FAULT_HOST_KEY_DATABASE";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>It ends by itself when its standard input does, so that it never outlives its test.</summary>
    public static Process Start(string connection, string keyFolder, string socket, Injection? injection = null, string? keyDatabase = null) => Process.Start(
        Program.Again([Argument, connection, keyFolder, socket], start =>
        {
            start.RedirectStandardInput = start.RedirectStandardError = true;
            start.Environment[KeyDatabase] = keyDatabase ?? "";
            foreach (var (name, value) in injection?.Settings ?? []) start.Environment[name] = value;
        }))!;

    public static async Task<int> Run(string[] args)
    {
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            Environment.Exit(0);
        });
        await using var store = await Open(args[0], args[1]);
        // It signs as a host does.
        _ = new CheckpointSigner(store, NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromSeconds(3) }).Run(default);
        File.Delete(args[2]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(args[2]));
        listener.Listen();
        while (true) _ = Serve(await listener.AcceptAsync(), store);
    }

    private static async Task<RegisterStore> Open(string connection, string keyFolder)
    {
        var keys = Environment.GetEnvironmentVariable(KeyDatabase) is { Length: > 0 } elsewhere ? elsewhere : null;
        while (true)
        {
            try
            {
                return await RegisterStore.Open(connection, Sample.Model(), keyFolder, new() { KeyDatabase = keys });
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50); // The database is away just now.
            }
        }
    }

    private static async Task Serve(Socket socket, RegisterStore store)
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

    private static async Task<Answer> AnswerTo(Ask ask, RegisterStore store)
    {
        try
        {
            if (ask.Read is { } read) return new(Outcome.Read, Version: await VersionOf(read, store));
            var result = await Do(ask, store);
            return new(Outcome.Done, result.First, result.Last, result.Events.Last(e => e.Stream == ask.Parts[0].Stream).Version);
        }
        catch (Exception e) when (e is VersionConflict or StoreBusy or StoreAway or NotCommitted or NotRead or KeysUnusable)
        {
            return new(Outcome.Refused, Why: e.GetType().Name);
        }
        catch (Exception e)
        {
            // OutcomeUnknown, or the key could not be looked for: nothing is promised.
            return new(Outcome.Unknown, Why: $"{e.GetType().Name}: {e.Message}");
        }
    }

    // Load, decide, append; again where somebody was faster.
    private static async Task<AppendResult> Do(Ask ask, RegisterStore store)
    {
        var key = ask.Keyed ? new IdempotencyKey("client", "/faults", ask.Command.ToString(), new byte[1]) : null;
        var mayTryAgain = ask.Parts.Any(p => p.Expected == Part.Any) && ask.Parts.All(p => p.Expected != FaultClient.Impossible);
        for (var until = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                if (key is not null && await store.FindKey(key) is { } first) return first.Appended!;
                return await store.Append(new AppendRequest(ask.Command, await Decide(ask, store), key));
            }
            catch (AlreadyDone done)
            {
                return done.Answer.Appended!;
            }
            catch (VersionConflict) when (DateTime.UtcNow < until && mayTryAgain)
            {
                await Task.Delay(Random.Shared.Next(20));
            }
        }
    }

    private static async Task<IReadOnlyList<StreamAppend>> Decide(Ask ask, RegisterStore store)
    {
        var appends = new List<StreamAppend>();
        foreach (var part in ask.Parts)
        {
            var expected = part.Expected == Part.Any ? await VersionOf(part.Stream, store) : part.Expected;
            var events = part.Events.Select((id, i) => new NewEvent(id, EventOf(part, i, ask.Command), Sample.Context(ask.Command)));
            appends.Add(new(part.Stream, "sample", expected, [.. events], part.Prefix));
        }
        return appends;
    }

    // From the document, as a command would.
    private static async Task<long> VersionOf(string stream, RegisterStore store)
    {
        try
        {
            await using var session = store.Documents.QuerySession();
            return (await session.LoadAsync<RecordDocument<Tally>>(stream))?.Version ?? 0;
        }
        catch (Exception away) when (away is not VersionConflict)
        {
            throw new NotRead(away);
        }
    }

    /// <summary>The database was away when a stream's version was read: nothing was sent yet.</summary>
    private sealed class NotRead(Exception inner) : Exception("A stream could not be read.", inner);

    // The second event of an opening is of a new person, whose key is made for it.
    private static object EventOf(Part part, int index, Guid command) =>
        part.Prefix is not null && index == 0 ? new Opened(command.ToString(), [part.Word])
        : part.Prefix is not null && index == 1 ? new Described(new("person-" + command.ToString("N"), part.Word))
        : new Noted($"{part.Word} {command}", index + 1);
}
