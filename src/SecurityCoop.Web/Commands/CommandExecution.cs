using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Commands;

/// <summary>One attempt at a command, the same for all of them: load, decide, append, answer.</summary>
public sealed class CommandExecution(RegisterStore store, CommandRunner runner, Records records, RegisterClock clock)
{
    /// <param name="decide">Loads through the <see cref="Write"/> that it is given and returns the events, the main stream's first.</param>
    /// <exception cref="VersionConflict">Somebody was faster; another attempt loads anew.</exception>
    public async Task<CommandAnswer> Run(Command command, Func<Write, Task<IReadOnlyList<StreamFacts>>> decide, CancellationToken stop)
    {
        var given = command.Envelope ?? throw new InvalidOperationException("A command says who gives it.");
        var key = given.DryRun ? null : given.Key;
        // Lists are in the order of stream ids; those of one millisecond would fall into any order.
        var (now, made) = (DateTimeOffset.UtcNow, 0);
        var asked = new Asked(clock.Today, kind => $"{kind}-{Guid.CreateVersion7(now.AddMilliseconds(made++))}");
        Write? write = null;
        var outcome = await runner.Run(given.CommandId, key, async cancelled =>
        {
            write = new Write(store, records, given.Caller, command.Said, given.IfMatch, asked, cancelled);
            var appends = await write.Appends(await decide(write), given.CommandId);
            return given.DryRun ? [] : appends;
        }, stop);

        if (outcome.Appended is { } appended) return Of(appended);
        if (outcome.StoredAnswer is { } stored) return Of(stored);
        var nothing = new CommandAnswer(write!.Main?.State.Reference, write.Main?.Version ?? 0, (await store.Head(stop)).Size, []);
        if (key is null) return nothing;
        try
        {
            await store.RememberAnswer(key, JsonSerializer.SerializeToUtf8Bytes(nothing, BodiesJson.Of<CommandAnswer>()), stop);
            return nothing;
        }
        catch (AlreadyDone first)
        {
            // Sent twice at the same time, and the other was faster.
            return first.Answer.Appended is { } done ? Of(done) : Of(first.Answer.Stored!);
        }
    }

    static CommandAnswer Of(byte[] stored) => JsonSerializer.Deserialize(stored, BodiesJson.Of<CommandAnswer>())!;

    static CommandAnswer Of(AppendResult appended)
    {
        var main = appended.Events[0];
        var version = appended.Events.Where(e => e.Stream == main.Stream).Max(e => e.Version);
        return new(main.Reference, version, appended.Last, [.. appended.Events.Select(e => new AnsweredEvent(e.Id, e.Type, e.Position))])
        {
            Opened = main.Version == 1 ? $"/api/{((IServedKind)RecordKinds.OfStream(main.Stream)!).Path}/{main.Reference}" : null,
        };
    }
}
