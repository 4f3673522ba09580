using System.Runtime.ExceptionServices;
using SecurityCoop.EventStore;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace SecurityCoop.Marten;

/// <summary>A command on its way: loads what it decides upon, decides, appends. It never leaves the process.</summary>
/// <param name="Attempt">One attempt; ends with a <see cref="VersionConflict"/> where somebody was faster.</param>
internal sealed record RecordCommand(Guid Id, Func<CancellationToken, Task<CommandOutcome>> Attempt)
{
    public CommandOutcome? Outcome { get; set; }

    /// <summary>Why it was refused, or failed; not a conflict that is still tried again.</summary>
    public ExceptionDispatchInfo? Refusal { get; set; }

    /// <summary>What Wolverine's logs say of it: never what it carries.</summary>
    public override string ToString() => $"command {Id}";
}

/// <summary>Events that were committed with this message, and are to leave the register. Of their content it holds nothing.</summary>
/// <param name="First">Their first position.</param>
/// <param name="Last">Their last.</param>
internal sealed record Recorded(long First, long Last);

/// <summary>Time to look what is due: reminders of a day that has begun, and whatever was recorded without a message of its own.</summary>
internal sealed record Look;

/// <summary>Only a conflict goes the way of Wolverine's policies: a refusal is an answer, and no failure of a message.</summary>
internal sealed class CommandHandler : MessageHandler<RecordCommand>
{
    // About twenty seconds in all, as the register's own runner has patience.
    private static readonly TimeSpan[] cooldowns = [.. Enumerable.Range(1, 25).Select(n => TimeSpan.FromMilliseconds(Math.Min(1 << n, 800)))];

    public override void ConfigureChain(HandlerChain chain) => chain.OnException<VersionConflict>().RetryWithCooldown(cooldowns).WithFullJitter();

    protected override async Task HandleAsync(RecordCommand command, MessageContext context, CancellationToken cancellation)
    {
        try
        {
            command.Outcome = await command.Attempt(cancellation);
        }
        catch (Exception refusal) when (refusal is not VersionConflict)
        {
            command.Refusal = ExceptionDispatchInfo.Capture(refusal);
        }
    }
}

/// <summary>Has the events leave. The cursor of what has left decides what that is: a message that comes twice, or late, sends nothing twice.</summary>
internal sealed class RecordedHandler(Leaving leaving) : MessageHandler<Recorded>
{
    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan[] waits = [second, 2 * second, 5 * second, 10 * second, 30 * second, 60 * second];

    private int failures;
    private DateTimeOffset quietUntil;

    /// <summary>A message is tried again for as long as it takes: what is skipped would never be told. An hour is enough even for a log that none of it has left yet.</summary>
    public static void Insist(HandlerChain chain)
    {
        chain.OnAnyException().ScheduleRetryIndefinitely(waits);
        chain.ExecutionTimeoutInSeconds = 3600;
    }

    public override void ConfigureChain(HandlerChain chain) => Insist(chain);

    protected override async Task HandleAsync(Recorded recorded, MessageContext context, CancellationToken cancellation)
    {
        // A receiver that is away is asked by one message at a time: what comes after it would ask for the same event.
        if (DateTimeOffset.UtcNow < quietUntil)
        {
            await context.ScheduleAsync(recorded, quietUntil);
            return;
        }
        try
        {
            if (!await leaving.Tell(recorded.Last, cancellation)) await context.ScheduleAsync(recorded, second);
            failures = 0;
        }
        catch
        {
            quietUntil = DateTimeOffset.UtcNow + waits[Math.Min(failures++, waits.Length - 1)] - second / 2;
            throw;
        }
    }
}

/// <summary>One look leads to the next: it is a message that Wolverine's scheduler keeps in the database.</summary>
internal sealed class LookHandler(EventStore.EventStore store, Leaving leaving) : MessageHandler<Look>
{
    public override void ConfigureChain(HandlerChain chain) => RecordedHandler.Insist(chain);

    protected override async Task HandleAsync(Look look, MessageContext context, CancellationToken cancellation)
    {
        await leaving.Tell((await store.Head(cancellation)).Size, cancellation);
        await leaving.Remind(cancellation);
        // Each start of a host begins with a look; of those that lead on, one is enough.
        var waiting = await context.Storage.ScheduledMessages.QueryAsync(new() { MessageType = context.Envelope!.MessageType }, cancellation);
        if (waiting.TotalCount == 0) await context.ScheduleAsync(look, leaving.Every);
    }
}
