using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;

namespace SecurityCoop.Register.Markings;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>An event that changes how a record, or its part <see cref="Of"/>, is marked; its reason stands in the header.</summary>
public interface IMarkingChange
{
    /// <summary>The level: of a raising what it is at least, of a lowering what it is from then on.</summary>
    Marking Marking { get; }

    /// <summary>The groups: of a raising those that are added, of a lowering all that stay.</summary>
    IReadOnlyList<string>? Groups { get; }

    /// <summary>The event that recorded the part; null: the record itself.</summary>
    Guid? Of { get; }
}

/// <summary>From here on fewer may see it.</summary>
public interface IMarkingRaised : IMarkingChange;

/// <summary>Somebody asks for a lower marking; nothing changes until a second person grants it.</summary>
public interface ILoweringAsked : IMarkingChange;

/// <summary>A second person granted what event <see cref="Asked"/> asked for.</summary>
public interface IMarkingLowered : IMarkingChange
{
    Guid Asked { get; }
}

[WireName("meeting_marking_raised")]
public sealed record MeetingMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("meeting_marking_lowering_asked")]
public sealed record MeetingMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("meeting_marking_lowered")]
public sealed record MeetingMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("action_marking_raised")]
public sealed record ActionMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("action_marking_lowering_asked")]
public sealed record ActionMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("action_marking_lowered")]
public sealed record ActionMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("instrument_marking_raised")]
public sealed record InstrumentMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("instrument_marking_lowering_asked")]
public sealed record InstrumentMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("instrument_marking_lowered")]
public sealed record InstrumentMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("partnership_marking_raised")]
public sealed record PartnershipMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("partnership_marking_lowering_asked")]
public sealed record PartnershipMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("partnership_marking_lowered")]
public sealed record PartnershipMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("person_marking_raised")]
public sealed record PersonMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("person_marking_lowering_asked")]
public sealed record PersonMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("person_marking_lowered")]
public sealed record PersonMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("organisation_marking_raised")]
public sealed record OrganisationMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("organisation_marking_lowering_asked")]
public sealed record OrganisationMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("organisation_marking_lowered")]
public sealed record OrganisationMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("source_marking_raised")]
public sealed record SourceMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("source_marking_lowering_asked")]
public sealed record SourceMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("source_marking_lowered")]
public sealed record SourceMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

[WireName("occasion_marking_raised")]
public sealed record OccasionMarkingRaised(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingRaised;

[WireName("occasion_marking_lowering_asked")]
public sealed record OccasionMarkingLoweringAsked(Marking Marking, IReadOnlyList<string>? Groups = null, Guid? Of = null) : ILoweringAsked;

[WireName("occasion_marking_lowered")]
public sealed record OccasionMarkingLowered(Marking Marking, Guid Asked, IReadOnlyList<string>? Groups = null, Guid? Of = null) : IMarkingLowered;

/// <summary>How each kind of record writes these events.</summary>
static class MarkingEvents
{
    public static object Raised(RecordState record, Marks marks, Guid? of) => record switch
    {
        Meeting => new MeetingMarkingRaised(marks.Marking, marks.Groups, of),
        AgreedAction => new ActionMarkingRaised(marks.Marking, marks.Groups, of),
        Instrument => new InstrumentMarkingRaised(marks.Marking, marks.Groups, of),
        Partnership => new PartnershipMarkingRaised(marks.Marking, marks.Groups, of),
        Person => new PersonMarkingRaised(marks.Marking, marks.Groups, of),
        Organisation => new OrganisationMarkingRaised(marks.Marking, marks.Groups, of),
        Source => new SourceMarkingRaised(marks.Marking, marks.Groups, of),
        Occasion => new OccasionMarkingRaised(marks.Marking, marks.Groups, of),
        _ => throw new ArgumentException($"No marking of a {record.GetType().Name} is raised.", nameof(record)),
    };

    public static object Asked(RecordState record, Marks marks, Guid? of) => record switch
    {
        Meeting => new MeetingMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        AgreedAction => new ActionMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Instrument => new InstrumentMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Partnership => new PartnershipMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Person => new PersonMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Organisation => new OrganisationMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Source => new SourceMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        Occasion => new OccasionMarkingLoweringAsked(marks.Marking, marks.Groups, of),
        _ => throw new ArgumentException($"No marking of a {record.GetType().Name} is lowered.", nameof(record)),
    };

    public static object Lowered(RecordState record, Marks marks, Guid? of, Guid asked) => record switch
    {
        Meeting => new MeetingMarkingLowered(marks.Marking, asked, marks.Groups, of),
        AgreedAction => new ActionMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Instrument => new InstrumentMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Partnership => new PartnershipMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Person => new PersonMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Organisation => new OrganisationMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Source => new SourceMarkingLowered(marks.Marking, asked, marks.Groups, of),
        Occasion => new OccasionMarkingLowered(marks.Marking, asked, marks.Groups, of),
        _ => throw new ArgumentException($"No marking of a {record.GetType().Name} is lowered.", nameof(record)),
    };
}
