using SecurityCoop.Register;
using SecurityCoop.Store;
using Wolverine.ErrorHandling;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace SecurityCoop.Web.Commands;

/// <summary>What a command comes to: events for each stream that it changes, the main stream's first; none where it changes nothing.</summary>
public delegate Task<IReadOnlyList<StreamFacts>> Decision<in T>(Write write, T command);

/// <summary>The same of a command upon one record, which is loaded already: events for that record.</summary>
public delegate Task<IReadOnlyList<Fact>> RecordDecision<in T, in TState>(Write write, T command, string stream, TState state);

/// <summary>Wolverine's handler of one command. It is written out, so nothing is generated; a feature gives it the decision only.</summary>
/// <param name="role">Who may give the command, whichever way it comes.</param>
/// <param name="afterwards">Done before the answer, once the events are committed.</param>
sealed class CommandHandler<T>(Role role, Decision<T> decide, Func<IServiceProvider, Task>? afterwards) : MessageHandler<T> where T : Command
{
    // Wolverine takes 25 at most. With the jitter, of up to as long again, about twenty seconds in all; then the caller is told that the
    // record is busy.
    static readonly TimeSpan[] cooldowns = [.. Enumerable.Range(1, 25).Select(n => TimeSpan.FromMilliseconds(Math.Min(1 << n, 800)))];

    /// <summary>Whoever was overtaken loads and decides anew. A refusal is an answer, and not tried again.</summary>
    public override void ConfigureChain(HandlerChain chain) =>
        chain.OnException<VersionConflict>().RetryWithCooldown(cooldowns).WithFullJitter();

    protected override async Task HandleAsync(T command, MessageContext context, CancellationToken cancellation)
    {
        if (command.Envelope is { } given && !given.Caller.May(role)) throw Refusal.Because("forbidden");
        var services = context.Runtime.Services;
        var answer = await services.GetRequiredService<CommandExecution>().Run(command, write => decide(write, command), cancellation);
        if (afterwards is not null) await afterwards(services);
        await context.EnqueueCascadingAsync(answer);
    }
}
