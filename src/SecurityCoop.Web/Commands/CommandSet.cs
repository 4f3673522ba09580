using System.Collections;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Hosting;
using Wolverine;

namespace SecurityCoop.Web.Commands;

/// <summary>
/// A feature's commands. Each is declared once: the address at which HTTP takes it, the role that it needs, its message and its decision.
/// From that come its route, its handler and its description.
/// </summary>
public sealed class CommandSet : IEnumerable<DeclaredCommand>
{
    readonly List<DeclaredCommand> declared = [];

    /// <summary>A command that names no record in its address, or decides by itself what it loads.</summary>
    /// <param name="pattern">Below /api; the last parameter, if any, is the record's name.</param>
    /// <param name="message">Makes the message of the name in the address, "" where there is none, and the body.</param>
    /// <param name="afterwards">Done before the answer, once the events are committed.</param>
    /// <param name="recent">Whether a browser's user must have signed in a short while ago.</param>
    public void Post<T, TBody>(
        string pattern, Role role, Func<string, TBody, T> message, Decision<T> decide, Func<IServiceProvider, Task>? afterwards = null, bool recent = false)
        where T : Command<TBody> where TBody : Body => Add(pattern, role, message, decide, afterwards, new(null, decide.Method), recent);

    /// <summary>A command upon the record in its address.</summary>
    /// <param name="itself">
    /// Upon the record of that name, even where it was merged into another: what is said of its own events and values.
    /// </param>
    /// <param name="decides">Whose code decides, where <paramref name="decide"/> is the same for several kinds of record.</param>
    /// <param name="recent">Whether a browser's user must have signed in a short while ago.</param>
    internal void Change<T, TBody, TState>(
        string pattern, Role role, Func<string, TBody, T> message, ServedKind<TState> kind, RecordDecision<T, TState> decide,
        bool itself = false, Decides? decides = null, bool recent = false)
        where T : CommandOn<TBody> where TBody : Body where TState : RecordState
    {
        Decision<T> upon = async (write, command) =>
        {
            var (stream, state) = await write.Load(kind, command.Name, itself);
            var facts = await Decided(write, command, stream, state, decide);
            return await write.Whole(stream, state, facts, command.Body.Raised());
        };
        Add(pattern, role, message, upon, null, new(decides?.Record, [upon.Method, decide.Method, .. decides?.By ?? []]), recent, kind);
    }

    // Who may not see all of the record is first refused in view of what may be seen; what only the rest forbids is refused without its words.
    static async Task<IReadOnlyList<Fact>> Decided<T, TState>(Write write, T command, string stream, TState state, RecordDecision<T, TState> decide)
        where TState : RecordState
    {
        var seen = write.Caller.Seen(state);
        if (ReferenceEquals(seen, state)) return await decide(write, command, stream, state);
        await decide(write, command, stream, seen);
        try
        {
            return await decide(write, command, stream, state);
        }
        catch (Refusal refused)
        {
            throw refused.Without(Visibility.Hidden);
        }
    }

    void Add<T, TBody>(
        string pattern, Role role, Func<string, TBody, T> message, Decision<T> decide, Func<IServiceProvider, Task>? afterwards, Decides decides, bool recent,
        IServedKind? upon = null)
        where T : Command<TBody> where TBody : Body =>
        declared.Add(new DeclaredCommand<T, TBody>(pattern, role, message, decide, afterwards, decides) { Recent = recent, Upon = upon });

    /// <inheritdoc/>
    public IEnumerator<DeclaredCommand> GetEnumerator() => declared.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A command as its feature declared it.</summary>
/// <param name="Pattern">Its address, below /api.</param>
/// <param name="Message">The type of its message.</param>
public abstract record DeclaredCommand(string Pattern, Role Role, Type Message)
{
    /// <summary>Whether a browser's user must have signed in a short while ago.</summary>
    public bool Recent { get; init; }

    /// <summary>The kind of the record that its address names; null where it names none, or one of any kind.</summary>
    public IServedKind? Upon { get; init; }

    internal abstract void AddTo(WolverineOptions options);

    /// <summary>Makes the message of a request, has it handled, and answers.</summary>
    internal abstract Task<IResult> Invoke(HttpContext http, IMessageBus bus);

    /// <summary>Makes the message of a body, and has it handled.</summary>
    /// <param name="name">The record in the address; "" where there is none.</param>
    /// <param name="bytes">The body, JSON.</param>
    /// <exception cref="Refusal">What the body or the command is refused for.</exception>
    internal abstract Task<CommandAnswer> Give(
        string name, byte[] bytes, CommandEnvelope envelope, IServiceProvider services, IMessageBus bus, CancellationToken stop);

    /// <summary>Says of its route what it takes, and what it may be refused for.</summary>
    internal abstract void Describe(RouteHandlerBuilder route);
}

sealed record DeclaredCommand<T, TBody>(
    string Pattern, Role Role, Func<string, TBody, T> Make, Decision<T> Decide, Func<IServiceProvider, Task>? Afterwards, Decides Decides)
    : DeclaredCommand(Pattern, Role, typeof(T)) where T : Command<TBody> where TBody : Body
{
    // Wolverine keeps a host's configuration in the handler: each host has its own.
    internal override void AddTo(WolverineOptions options) => options.AddMessageHandler(new CommandHandler<T>(Role, Decide, Afterwards));

    internal override async Task<IResult> Invoke(HttpContext http, IMessageBus bus)
    {
        var bytes = await Bodies.Read(http, http.RequestAborted);
        var name = CommandHttp.NameIn(http.Request.RouteValues);
        var answer = await Give(name, bytes, CommandHttp.Envelope(http, bytes), http.RequestServices, bus, http.RequestAborted);
        return CommandHttp.Answer(http, answer);
    }

    internal override async Task<CommandAnswer> Give(
        string name, byte[] bytes, CommandEnvelope envelope, IServiceProvider services, IMessageBus bus, CancellationToken stop)
    {
        var (body, understood, names) = Bodies.Parse(bytes, BodiesJson.Of<TBody>());
        var command = Make(name, body) with { Envelope = envelope with { Names = names } };
        var metrics = services.GetRequiredService<RegisterMetrics>();
        var answer = await metrics.Counted(command, bus.InvokeAsync<CommandAnswer>(command, stop));
        // Of the same body the same is understood, so that a repeated answer says it too.
        return understood.Count == 0 ? answer : answer with { Understood = understood };
    }

    internal override void Describe(RouteHandlerBuilder route)
    {
        // Wolverine stands between what reads a request and what handles its command: the way from one to the other is no call of ours.
        Func<HttpContext, IMessageBus, Task<IResult>> reads = Invoke;
        var handles = typeof(CommandExecution).GetMethod(nameof(CommandExecution.Run))!;
        route.Takes<TBody>().WithMetadata(Decides with { By = [.. Decides.By, reads.Method, handles] });
    }
}
