using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>An office as somebody held it on a day: a title is not a person's name.</summary>
/// <param name="Organisation">Stream id, or a plain name where the organisation is not on record.</param>
public sealed record Office(string Title, string? Organisation = null, bool? Acting = null);

/// <summary>Somebody at a meeting: a person on record, the office held on that day, or only a description ("large delegation").</summary>
/// <param name="Partner">The partner for whom they sat there, where the meeting had several.</param>
/// <param name="Person">Stream id of the person.</param>
public sealed record Participant(string? Person = null, Office? Office = null, string? Description = null, string? Partner = null);

/// <summary>What a meeting is described with, and what can be corrected of it.</summary>
public record MeetingDetails
{
    /// <summary>Codes of the partners: ISO 3166-1 alpha-2, or an organisation's own.</summary>
    public required IReadOnlyList<string> Partners { get; init; }
    /// <summary>Slug of the kind of meeting (vocabulary).</summary>
    public required string Kind { get; init; }
    /// <summary>The day, as far as known; empty: unknown.</summary>
    public required Edtf Date { get; init; }
    public string? DateAsGiven { get; init; }
    public string? Place { get; init; }
    /// <summary>Stream id of the visit or series that this meeting was part of.</summary>
    public string? PartOf { get; init; }
    /// <summary>Stream id of the home organisation that met; absent: the service itself.</summary>
    public string? HomeOrganisation { get; init; }
    public IReadOnlyList<Participant>? Home { get; init; }
    public IReadOnlyList<Participant>? PartnerSide { get; init; }
    /// <summary>Stream ids of occasions of the world that the meeting referred to.</summary>
    public IReadOnlyList<string>? Occasions { get; init; }
}

[WireName("meeting_planned")]
public sealed record MeetingPlanned : MeetingDetails
{
    public MeetingPlanned() { }
    [SetsRequiredMembers] public MeetingPlanned(MeetingDetails d) : base(d) { }
}

/// <summary>The meeting took place. Always complete, whether or not it had been planned.</summary>
[WireName("meeting_held")]
public sealed record MeetingHeld : MeetingDetails
{
    public MeetingHeld() { }
    [SetsRequiredMembers] public MeetingHeld(MeetingDetails d) : base(d) { }
}

/// <summary>Put off to <paramref name="Date"/>; empty: to a day not yet known.</summary>
/// <param name="On">The day on which it was put off (from schema 2 on).</param>
/// <param name="By">Who put it off (from schema 2 on).</param>
[WireName("meeting_postponed", schema: 2)]
public sealed record MeetingPostponed(Edtf Date, string? DateAsGiven = null, Edtf? On = null, string? By = null);

/// <param name="On">The day on which it was cancelled; before it, the meeting was planned.</param>
/// <param name="By">Who cancelled it.</param>
[WireName("meeting_cancelled")]
public sealed record MeetingCancelled(Edtf On, string? By = null);

[WireName("meeting_statement_recorded", schema: 2)]
public sealed record MeetingStatementRecorded : Statement, Markings.IPartRecorded
{
    public MeetingStatementRecorded() { }
    [SetsRequiredMembers] public MeetingStatementRecorded(Statement s) : base(s) { }

    /// <summary>The home organisation concerned, where it is another than the meeting's (from schema 2 on).</summary>
    public string? HomeOrganisation { get; init; }
}

/// <summary>Another reading of a statement's force; its source stands in the header, the reading before stays visible.</summary>
[WireName("meeting_statement_reclassified")]
public sealed record MeetingStatementReclassified(int Number, Force Force, string? ClassifiedBy = null);

/// <summary>Read as an agreed action or a planned instrument later on, statement <paramref name="Number"/> opened these.</summary>
/// <param name="Opens">Stream ids of the actions or instruments.</param>
[WireName("meeting_statement_opened")]
public sealed record MeetingStatementOpened(int Number, IReadOnlyList<string> Opens);

/// <summary>Participant <paramref name="Index"/> (from 0) of <paramref name="Side"/> is this person.</summary>
[WireName("meeting_participant_identified")]
public sealed record MeetingParticipantIdentified(Side Side, int Index, string Person);

[WireName("meeting_validated")]
public sealed record MeetingValidated;

[WireName("meeting_corrected")]
public sealed record MeetingCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("meeting_report_recorded")]
public sealed record MeetingReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("meeting_report_preferred")]
public sealed record MeetingReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("meeting_refined")]
public sealed record MeetingRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

/// <summary>The meeting, or the statement recorded by event <paramref name="Of"/>, should never have been in the register.</summary>
[WireName("meeting_withdrawn")]
public sealed record MeetingWithdrawn(Guid? Of = null) : IWithdrawn;

[JsonConverter(typeof(SlugJson<Side>))]
public enum Side { Home, Partner }

/// <summary>What became of a statement that had opened an action or an instrument, seen from what it opened.</summary>
[JsonConverter(typeof(SlugJson<OriginChange>))]
public enum OriginChange { Withdrawn, Reclassified, Restored }
