using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

[JsonConverter(typeof(SlugJson<Binding>))]
public enum Binding { Binding, NonBinding, Unknown }

/// <summary>What can happen to an instrument, in the order in which it usually does: the order is the rank of acts of one day.</summary>
[JsonConverter(typeof(SlugJson<ActKind>))]
public enum ActKind
{
    Proposed, MandateGiven, Planned, NegotiationOpened, TextAgreed, NegotiationReopened, SigningPlanned, SigningPostponed, Signed, Approved, Ratified,
    Notified, Published, ProvisionallyApplied, EnteredIntoForce, Renewed, Suspended, Resumed, TerminationNotified, Terminated, Abandoned,
}

[JsonConverter(typeof(SlugJson<EffectKind>))]
public enum EffectKind { OnSignature, OnLastNotification, OnDay, NotStated }

/// <summary>When the instrument says that it takes effect: so many days after the last notification, or on a day.</summary>
public sealed record Effect(EffectKind Kind, int? Days = null, DateOnly? On = null);

[JsonConverter(typeof(SlugJson<LinkKind>))]
public enum LinkKind { CarriesOut, Amends, Replaces }

/// <param name="Instrument">Stream id of the other instrument.</param>
public sealed record Link(LinkKind Kind, string Instrument);

/// <summary>What an instrument is described with, and what can be corrected of it.</summary>
public record InstrumentDetails
{
    public required IReadOnlyList<string> Partners { get; init; }
    /// <summary>Slug of the kind of instrument (vocabulary).</summary>
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public required Binding Binding { get; init; }
    /// <summary>States or services that are parties; absent: "home" and the partners.</summary>
    public IReadOnlyList<string>? Parties { get; init; }
    public Effect? Effect { get; init; }
    public DateOnly? ReviewOn { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    public IReadOnlyList<Link>? Links { get; init; }
    /// <summary>Stream id of the meeting at which it was planned.</summary>
    public string? Meeting { get; init; }
    public int? Statement { get; init; }
    public string? HomeOrganisation { get; init; }
}

[WireName("instrument_opened")]
public sealed record InstrumentOpened : InstrumentDetails
{
    public InstrumentOpened() { }
    [SetsRequiredMembers] public InstrumentOpened(InstrumentDetails d) : base(d) { }
}

/// <summary>Something that happened to an instrument in the world.</summary>
public record Act
{
    public required ActKind Kind { get; init; }
    public required Edtf On { get; init; }
    public string? OnAsGiven { get; init; }
    /// <summary>The party that acted; absent: all of them.</summary>
    public string? Party { get; init; }
    /// <summary>The day expected for what is still to come: the signing of a plan, the end announced by a notice.</summary>
    public Edtf? Expected { get; init; }
    public string? ExpectedAsGiven { get; init; }
    /// <summary>The last day of a suspension of limited length.</summary>
    public Edtf? Until { get; init; }
    /// <summary>The part concerned, where it is not the whole.</summary>
    public string? Part { get; init; }
    public string? Note { get; init; }
}

[WireName("instrument_act_recorded")]
public sealed record InstrumentActRecorded : Act
{
    public InstrumentActRecorded() { }
    [SetsRequiredMembers] public InstrumentActRecorded(Act a) : base(a) { }
}

/// <summary>An act that a source reports and that the record does not follow: it moves nothing until it is preferred.</summary>
[WireName("instrument_act_reported")]
public sealed record InstrumentActReported : Act
{
    public InstrumentActReported() { }
    [SetsRequiredMembers] public InstrumentActReported(Act a) : base(a) { }
}

[JsonConverter(typeof(SlugJson<TermKind>))]
public enum TermKind { Open, Ends, Tacit }

/// <summary>How long the instrument lasts. The days that follow from it are computed (<see cref="TermDays"/>) and stand in no event.</summary>
public record Term
{
    /// <summary>Open: until somebody ends it. Ends: by itself. Tacit: renewed for a period after each period, unless notified in time.</summary>
    public required TermKind Kind { get; init; }
    /// <summary>The last day; of what is tacitly renewed, that of the first period. Absent: so many years from the entry into force.</summary>
    public Edtf? On { get; init; }
    public string? OnAsGiven { get; init; }
    /// <summary>The length from the entry into force, and that of each period.</summary>
    public int? Years { get; init; }
    /// <summary>How many months before the end of a period its renewal must be refused; absent: by the last day.</summary>
    public int? NoticeMonths { get; init; }
    /// <summary>The day of the world from which this term takes the place of the one before; absent: it was the instrument's from the beginning.</summary>
    public Edtf? AgreedOn { get; init; }
}

[WireName("instrument_term_set")]
public sealed record InstrumentTermSet : Term
{
    public InstrumentTermSet() { }
    [SetsRequiredMembers] public InstrumentTermSet(Term t) : base(t) { }
}

[WireName("instrument_review_date_set")]
public sealed record InstrumentReviewDateSet(DateOnly ReviewOn);

/// <param name="By">Stream id of the amending instrument.</param>
[WireName("instrument_amended_by")]
public sealed record InstrumentAmendedBy(string By, Edtf On);

/// <param name="By">Stream id of the instrument that takes its place.</param>
[WireName("instrument_superseded_by")]
public sealed record InstrumentSupersededBy(string By, Edtf On);

/// <summary>Another instrument takes the place of a part of this one; the rest stays as it was.</summary>
[WireName("instrument_superseded_in_part_by")]
public sealed record InstrumentSupersededInPartBy(string By, Edtf On, string Part);

/// <summary>This instrument carries out, amends or replaces another one, as was learnt after it had been opened.</summary>
/// <param name="Instrument">Stream id of the other instrument.</param>
[WireName("instrument_linked")]
public sealed record InstrumentLinked(LinkKind Kind, string Instrument, Edtf On);

/// <summary>The statement or meeting that the instrument comes from reads otherwise than when it opened it (<see cref="Meetings.OriginChange"/>).</summary>
/// <param name="Force">The force that the statement has now.</param>
[WireName("instrument_origin_changed")]
public sealed record InstrumentOriginChanged(Meetings.OriginChange Change, Meetings.Force Force);

/// <summary>A text of the instrument, kept elsewhere: what it hashes to and where it lies.</summary>
[WireName("instrument_text_attached")]
public sealed record InstrumentTextAttached(string Sha256, string? Language = null, string? Url = null, string? Note = null);

[WireName("instrument_corrected")]
public sealed record InstrumentCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("instrument_report_recorded")]
public sealed record InstrumentReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("instrument_report_preferred")]
public sealed record InstrumentReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("instrument_refined")]
public sealed record InstrumentRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

[WireName("instrument_withdrawn")]
public sealed record InstrumentWithdrawn(Guid? Of = null) : IWithdrawn;
