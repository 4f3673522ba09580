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

/// <summary>How a kind of record writes these events.</summary>
sealed record MarkingEvents(Func<Marks, Guid?, object> Raised, Func<Marks, Guid?, object> Asked, Func<Marks, Guid?, Guid, object> Lowered)
{
    public static MarkingEvents Of(RecordState record) => record switch
    {
        Meeting => new(
            (m, of) => new MeetingMarkingRaised(m.Marking, m.Groups, of), (m, of) => new MeetingMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new MeetingMarkingLowered(m.Marking, asked, m.Groups, of)),
        AgreedAction => new(
            (m, of) => new ActionMarkingRaised(m.Marking, m.Groups, of), (m, of) => new ActionMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new ActionMarkingLowered(m.Marking, asked, m.Groups, of)),
        Instrument => new(
            (m, of) => new InstrumentMarkingRaised(m.Marking, m.Groups, of), (m, of) => new InstrumentMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new InstrumentMarkingLowered(m.Marking, asked, m.Groups, of)),
        Partnership => new(
            (m, of) => new PartnershipMarkingRaised(m.Marking, m.Groups, of), (m, of) => new PartnershipMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new PartnershipMarkingLowered(m.Marking, asked, m.Groups, of)),
        Person => new(
            (m, of) => new PersonMarkingRaised(m.Marking, m.Groups, of), (m, of) => new PersonMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new PersonMarkingLowered(m.Marking, asked, m.Groups, of)),
        Organisation => new(
            (m, of) => new OrganisationMarkingRaised(m.Marking, m.Groups, of), (m, of) => new OrganisationMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new OrganisationMarkingLowered(m.Marking, asked, m.Groups, of)),
        Source => new(
            (m, of) => new SourceMarkingRaised(m.Marking, m.Groups, of), (m, of) => new SourceMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new SourceMarkingLowered(m.Marking, asked, m.Groups, of)),
        Occasion => new(
            (m, of) => new OccasionMarkingRaised(m.Marking, m.Groups, of), (m, of) => new OccasionMarkingLoweringAsked(m.Marking, m.Groups, of),
            (m, of, asked) => new OccasionMarkingLowered(m.Marking, asked, m.Groups, of)),
        _ => throw new ArgumentException($"A {record.GetType().Name} has no marking that is changed.", nameof(record)),
    };
}
