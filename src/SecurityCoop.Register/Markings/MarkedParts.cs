namespace SecurityCoop.Register.Markings;

/// <summary>An event that records a part of a record with a marking of its own: a statement, a note, a follow-up.</summary>
public interface IPartRecorded;

/// <summary>A part of a record that is marked above it.</summary>
/// <param name="Event">The event that recorded the part.</param>
public sealed record MarkedPart(Guid Event, Marking Marking, IReadOnlyList<string>? Groups = null);

/// <summary>An event that speaks of a part: a correction, a change of state that a follow-up brought. It is seen where the part is.</summary>
public sealed record PartEvent(Guid Event, Guid Of);

/// <summary>How the fold keeps a record's markings, and those of its parts (model.md, "Markings").</summary>
static class MarkedParts
{
    /// <summary>The record's markings after an event. The first one marks it; what is said of it may raise it, parts excepted.</summary>
    public static T MarkedBy<T>(this T state, object e, At at, bool first) where T : RecordState
    {
        if (first) return state with { Marking = at.Marking, Groups = at.Groups };
        if (e is IMarkingChange change) return Changed(state, change, at);
        if (state.PartSpokenOf(e, at) is not { } part)
        {
            var marks = state.Marks.And(at.Marking, at.Groups);
            return marks == state.Marks ? state : state with { Marking = marks.Marking, Groups = marks.Groups };
        }
        if (part != at.Event) state = state with { PartEvents = [.. state.PartEvents ?? [], new(at.Event, part)] };
        return Raised(state, part, new(at.Marking, at.Groups));
    }

    static T Changed<T>(T state, IMarkingChange change, At at) where T : RecordState
    {
        if (change.Of is { } spoken) state = state with { PartEvents = [.. state.PartEvents ?? [], new(at.Event, spoken)] };
        var marks = new Marks(change.Marking, change.Groups);
        switch (change)
        {
            case IMarkingRaised { Of: null }:
                var raised = state.Marks.And(marks);
                return state with { Marking = raised.Marking, Groups = raised.Groups };
            case IMarkingRaised { Of: { } part }:
                return Raised(state, part, marks);
            case ILoweringAsked asked:
                return state with { LoweringsAsked = [.. state.LoweringsAsked ?? [], new(at.Event, asked.Marking, asked.Groups, asked.Of, at.Actor, at.Reason)] };
            case IMarkingLowered lowered:
                var open = (state.LoweringsAsked ?? []).Where(a => a.Event != lowered.Asked).ToList();
                state = state with { LoweringsAsked = open.Count == 0 ? null : open };
                return lowered.Of is { } of ? With(state, of, marks) : state with { Marking = marks.Marking, Groups = Marks.Sorted(marks.Groups) };
            default:
                return state;
        }
    }

    static T Raised<T>(T state, Guid part, Marks marks) where T : RecordState
    {
        var now = state.MarksOf(part);
        return marks.IsAbove(now) ? With(state, part, now.And(marks)) : state;
    }

    // What is not above its record follows it, and is not kept.
    static T With<T>(T state, Guid part, Marks marks) where T : RecordState
    {
        var others = (state.MarkedParts ?? []).Where(p => p.Event != part);
        List<MarkedPart> parts = [.. others, .. marks.IsAbove(state.Marks) ? [new MarkedPart(part, marks.Marking, marks.Groups)] : Array.Empty<MarkedPart>()];
        return state with { MarkedParts = parts.Count == 0 ? null : parts };
    }
}
