using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Markings;

/// <summary>Raising and lowering how a record of any kind, or a part of it, is marked (model.md, "Markings").</summary>
public static class MarkingEndpoints
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/records/{record}/marking", Role.Steward, (string record, MarkingBody body) => new RaiseMarking(record, body),
            (w, c) => Decide(w, c.Name, c.Body, state => state.RaiseMarking(c.Body.Marking, c.Body.Groups, c.Body.Of)), recent: true);
        commands.Post("/records/{record}/lowering", Role.Steward, (string record, MarkingBody body) => new AskLowering(record, body),
            (w, c) => Decide(w, c.Name, c.Body, state => state.AskLowering(c.Body.Marking, c.Body.Groups, c.Body.Of)), recent: true);
        commands.Post("/records/{record}/lowering/grant", Role.Steward, (string record, LoweringBody body) => new LowerMarking(record, body),
            (w, c) => Decide(w, c.Name, c.Body, state => state.Lower(c.Body.Asked, w.Caller.Subject)), recent: true);
        return commands;
    }

    public static void MapMarkings(this RouteGroupBuilder api) => api.MapCommands(Commands);

    static async Task<IReadOnlyList<StreamFacts>> Decide(Write w, string name, Body body, Func<RecordState, IReadOnlyList<Fact>> decide)
    {
        body.NeedsReason();
        var (stream, state) = await w.LoadAny(name);
        // A part that the caller may not see is refused like one that is not there.
        _ = decide(w.Caller.Seen(state));
        return [new(stream, decide(state))];
    }
}

/// <summary>Marks a record, or a part of it, higher, or adds need-to-know groups.</summary>
public sealed record RaiseMarking(string Name, MarkingBody Body) : CommandOn<MarkingBody>(Name, Body);

/// <summary>Asks for a lower marking, which a second person grants.</summary>
public sealed record AskLowering(string Name, MarkingBody Body) : CommandOn<MarkingBody>(Name, Body);

/// <summary>Grants a lower marking that somebody else asked for.</summary>
public sealed record LowerMarking(string Name, LoweringBody Body) : CommandOn<LoweringBody>(Name, Body);

/// <summary>How a record, or a part of it, shall be marked: marking and groups are what they shall be, not those of the event.</summary>
public sealed record MarkingBody : Body
{
    /// <summary>Event id of the statement, note or follow-up; absent: the record itself.</summary>
    public Guid? Of { get; init; }
}

public sealed record LoweringBody : Body
{
    /// <summary>Event id of the request, as the record lists it under loweringsAsked.</summary>
    public required Guid Asked { get; init; }
}
