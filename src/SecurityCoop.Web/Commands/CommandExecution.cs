using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>One attempt at a command, the same for all of them: load, decide, append, answer.</summary>
public sealed class CommandExecution(
    RegisterStore store, CommandRunner runner, Records records, Users users, RegisterClock clock, Resemblances resemblances)
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
        IReadOnlyList<string>? resembles = null;
        IReadOnlyList<string> wouldRecord = [];
        var outcome = await runner.Run(given.CommandId, key, async cancelled =>
        {
            write = new Write(store, records, users, given.Caller, command.Said, given.IfMatch, asked, cancelled)
            {
                Names = await NamedRecords.Of(store, given.Names, cancelled),
            };
            IReadOnlyList<StreamFacts> decided;
            try
            {
                decided = await decide(write);
            }
            catch (Refusal refusal)
            {
                throw write.Told(refusal);
            }
            var appends = await write.Appends(decided, given.CommandId);
            resembles = await resemblances.Of(decided, given.Caller, cancelled);
            if (!given.DryRun) return appends;
            wouldRecord = [.. appends.Where(a => write.Sees(a.Stream)).SelectMany(a => a.Events).Select(e => Register.EventTypes.NameOf(e.Event))];
            return [];
        }, stop);

        if (outcome.Appended is { } appended)
        {
            if (outcome.Replayed) return await Again(appended, given.Caller, stop);
            return Of(appended, write!.Sees) with { Resembles = resembles };
        }
        if (outcome.StoredAnswer is { } stored) return Of(stored);
        // A partnership that the caller may not see may be opened again, and is open already.
        var main = write!.Main is { } loaded && write.Sees(loaded.Stream) ? write.Main : null;
        var nothing = new CommandAnswer(main?.State.Reference, main?.Version ?? 0, (await store.Head(stop)).Size, [])
        {
            Resembles = resembles, WouldRecord = wouldRecord,
        };
        if (key is null) return nothing;
        try
        {
            await store.RememberAnswer(key, JsonSerializer.SerializeToUtf8Bytes(nothing, BodiesJson.Of<CommandAnswer>()), stop);
            return nothing;
        }
        catch (AlreadyDone first)
        {
            // Sent twice at the same time, and the other was faster.
            return first.Answer.Appended is { } done ? await Again(done, given.Caller, stop) : Of(first.Answer.Stored!);
        }
    }

    static CommandAnswer Of(byte[] stored) => JsonSerializer.Deserialize(stored, BodiesJson.Of<CommandAnswer>())!;

    // What was seen at the first use of the key is read again from the log as it was then, so that the answer is the same.
    async Task<CommandAnswer> Again(AppendResult appended, Caller caller, CancellationToken stop)
    {
        var hidden = await store.HiddenOf(appended.Events.Select(e => e.Stream), caller.Rights, stop);
        return Of(appended, stream => !hidden.Contains(stream)) with { Resembles = await resemblances.Of(appended, caller, stop) };
    }

    /// <param name="sees">Whether the caller may see the record of a stream.</param>
    static CommandAnswer Of(AppendResult appended, Func<string, bool> sees)
    {
        var main = appended.Events[0];
        var version = appended.Events.Where(e => e.Stream == main.Stream).Max(e => e.Version);
        // The type of an event tells of what kind its record is.
        var seen = appended.Events.Where(e => sees(e.Stream)).ToList();
        return new(main.Reference, version, appended.Last, [.. seen.Select(e => new AnsweredEvent(e.Id, e.Type, e.Position))])
        {
            Records = [.. seen.DistinctBy(e => e.Stream)
                .Select(first => new AnsweredRecord(first.Reference, first.Stream, Address(first), first.Version == 1 ? true : null))],
            Opened = main.Version == 1 ? Address(main) : null,
        };
    }

    static string Address(AppendedEvent e) => $"/api/{(RecordKinds.OfStream(e.Stream) is IServedKind kind ? kind.Path : UserKind.Path)}/{e.Reference}";
}
