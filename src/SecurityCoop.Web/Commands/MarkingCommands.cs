using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Description;

namespace SecurityCoop.Web.Commands;

/// <summary>Marks a record, or a part of it, higher, or adds need-to-know groups.</summary>
public sealed record RaiseMarking<T>(string Name, MarkingBody Body) : CommandOn<MarkingBody>(Name, Body) where T : RecordState;

/// <summary>Asks for a lower marking, which a second person grants.</summary>
public sealed record AskLowering<T>(string Name, MarkingBody Body) : CommandOn<MarkingBody>(Name, Body) where T : RecordState;

/// <summary>Grants a lower marking that somebody else asked for.</summary>
public sealed record LowerMarking<T>(string Name, LoweringBody Body) : CommandOn<LoweringBody>(Name, Body) where T : RecordState;

/// <summary>How a record, or a part of it, shall be marked. Marking and groups are what they shall be, not those of the event.</summary>
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

/// <summary>The three commands on markings, alike on every kind of record.</summary>
static class MarkingCommands
{
    public static void Markings<T>(this CommandSet commands, ServedKind<T> kind) where T : RecordState
    {
        var of = new Decides(typeof(T));
        commands.Change($"/{kind.Path}/{{name}}/marking", Role.Steward, (string name, MarkingBody body) => new RaiseMarking<T>(name, body), kind, (_, c, _, state) =>
        {
            c.Body.NeedsReason();
            return Task.FromResult(state.RaiseMarking(c.Body.Marking, c.Body.Groups, c.Body.Of));
        }, itself: true, of);
        commands.Change($"/{kind.Path}/{{name}}/lowering", Role.Steward, (string name, MarkingBody body) => new AskLowering<T>(name, body), kind, (_, c, _, state) =>
        {
            c.Body.NeedsReason();
            return Task.FromResult(state.AskLowering(c.Body.Marking, c.Body.Groups, c.Body.Of));
        }, itself: true, of);
        commands.Change($"/{kind.Path}/{{name}}/lowering/grant", Role.Steward, (string name, LoweringBody body) => new LowerMarking<T>(name, body), kind, (w, c, _, state) =>
        {
            c.Body.NeedsReason();
            return Task.FromResult(state.Lower(c.Body.Asked, w.Caller.Subject));
        }, itself: true, of);
    }
}
