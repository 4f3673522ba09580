namespace SecurityCoop.Register.Markings;

/// <summary>A lower marking that somebody asked for and nobody has granted yet.</summary>
/// <param name="Event">The event that asked for it.</param>
/// <param name="Of">The part that it is about; null: the record itself.</param>
/// <param name="By">Opaque id of whoever asked.</param>
public sealed record AskedLowering(Guid Event, Marking Marking, IReadOnlyList<string>? Groups, Guid? Of, string? By, string? Reason);

/// <summary>Raising and lowering how a record or a part of it is marked. Raising takes one person, lowering two.</summary>
public static class MarkingDecisions
{
    const int LongestGroup = 64;

    /// <summary>Whether the text can name a group: lower-case letters, digits and dashes, a letter first, 64 characters at most.</summary>
    public static bool IsGroup(string name) =>
        name.Length is > 0 and <= LongestGroup && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Marks the record, or a part of it, at least so, and adds the groups. What is marked so already stays as it is.</summary>
    /// <exception cref="Refusal">no-such-item, at /of.</exception>
    public static IReadOnlyList<Fact> RaiseMarking(this RecordState record, Marking? marking, IReadOnlyList<string>? groups, Guid? of)
    {
        var now = record.MarksOfNamed(of);
        var raised = now.And(marking, groups);
        return raised == now ? [] : [Fact(MarkingEvents.Of(record).Raised(raised, of), of, raised)];
    }

    /// <summary>Asks for a lower level, for fewer groups, or both. Asked already, it changes nothing.</summary>
    /// <param name="marking">Null: the level stays.</param>
    /// <param name="groups">The groups that stay; null: all.</param>
    /// <exception cref="Refusal">no-such-item, at /of; marking-not-lower; lowering-asked where another lowering of it is open.</exception>
    public static IReadOnlyList<Fact> AskLowering(this RecordState record, Marking? marking, IReadOnlyList<string>? groups, Guid? of)
    {
        var now = record.MarksOfNamed(of);
        var asked = new Marks(marking ?? now.Marking, groups is null ? now.Groups : Marks.Sorted(groups));
        var least = of is null ? asked : asked.And(record.Marks);
        if (now == least || !now.IsAbove(least) || least.IsAbove(now)) throw Refusal.OfField("/marking", "marking-not-lower", Slug.Of(now.Marking), string.Join(", ", now.Groups ?? []));
        if (record.LoweringsAsked?.FirstOrDefault(a => a.Of == of) is { } open)
            return new Marks(open.Marking, open.Groups) == least ? [] : throw Refusal.Because("lowering-asked", record.Reference!, $"{open.Event}");
        return [Fact(MarkingEvents.Of(record).Asked(least, of), of, now)];
    }

    /// <summary>Grants what somebody else asked for.</summary>
    /// <param name="asked">The event that asked for it.</param>
    /// <param name="by">Opaque id of whoever grants it.</param>
    /// <exception cref="Refusal">no-such-item, at /asked, where nothing such is open; same-person-lowers where whoever asked grants it.</exception>
    public static IReadOnlyList<Fact> Lower(this RecordState record, Guid asked, string by)
    {
        var request = record.LoweringsAsked?.FirstOrDefault(a => a.Event == asked) ?? throw Refusal.OfField("/asked", "no-such-item", record.Reference!, $"{asked}");
        if (request.By == by) throw Refusal.Because("same-person-lowers", record.Reference!, by);
        var marks = new Marks(request.Marking, request.Groups);
        return [Fact(MarkingEvents.Of(record).Lowered(marks, request.Of, asked), request.Of ?? asked, record.MarksOfNamed(request.Of))];
    }

    /// <summary>What each fact of a decision on this record is marked at least, and whether it is of a part, which alone is marked higher then.</summary>
    public static IReadOnlyList<(Marks Least, bool OfPart)> LeastMarks(this RecordState record, IReadOnlyList<Fact> facts)
    {
        var (state, least) = (record, new List<(Marks, bool)>());
        foreach (var fact in facts)
        {
            (state, var at) = state.AfterAt(fact.Event);
            var part = fact.Event is IMarkingChange ? null : state.PartSpokenOf(fact.Event, at);
            least.Add((part is { } of ? record.MarksOf(of) : record.Marks, part is not null));
        }
        return least;
    }

    // Whoever may read what it was marked may read that it changed.
    static Fact Fact(object e, Guid? corrects, Marks marks) => new(e, Corrects: corrects, Marking: marks.Marking, Groups: marks.Groups);

    static Marks MarksOfNamed(this RecordState record, Guid? of)
    {
        record.Standing("record");
        if (of is not { } part) return record.Marks;
        return record.HasPart(part) ? record.MarksOf(part) : throw Refusal.OfField("/of", "no-such-item", record.Reference!, $"{of}");
    }
}
