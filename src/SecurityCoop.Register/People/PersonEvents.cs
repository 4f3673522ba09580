using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.People;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.
// Names and contacts are Sensitive: the body holds null in their place (ledger.md, "Personal data"). An office is not a person's name.

/// <summary>A person, by the name that the register uses for them.</summary>
/// <param name="Script">ISO 15924 code of the name's script, such as Latn or Arab.</param>
/// <param name="Country">The country that the person serves.</param>
[WireName("person_described")]
public sealed record PersonDescribed(Sensitive? Name, string? Script = null, string? Country = null, Sensitive? Contact = null);

/// <summary>Another correct form of the name: a transliteration, another script.</summary>
[WireName("person_name_variant_added")]
public sealed record PersonNameVariantAdded(Sensitive? Name, string? Script = null);

/// <summary>A form of the name that a source printed and that is wrong: kept so that it can be found, apart from the variants.</summary>
[WireName("person_erroneous_name_noted")]
public sealed record PersonErroneousNameNoted(Sensitive? Name, string? Script = null);

/// <param name="Organisation">Stream id, or a plain name where the organisation is not on record.</param>
[WireName("person_office_recorded")]
public sealed record PersonOfficeRecorded(string Title, string? Organisation = null, Edtf? From = null, Edtf? Until = null, bool? Acting = null);

/// <summary>Offices are corrected field by field. A name is not: note the wrong one as erroneous and add the right one.</summary>
[WireName("person_corrected")]
public sealed record PersonCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("person_report_recorded")]
public sealed record PersonReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("person_report_preferred")]
public sealed record PersonReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("person_refined")]
public sealed record PersonRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

/// <summary>The same person as <paramref name="Into"/>, whose record stands for both from here on.</summary>
[WireName("person_merged")]
public sealed record PersonMerged(string Into) : IMerged;

/// <summary>Another record of this person was merged into this one.</summary>
[WireName("person_absorbed")]
public sealed record PersonAbsorbed(string From) : IAbsorbed;

[WireName("person_withdrawn")]
public sealed record PersonWithdrawn(Guid? Of = null) : IWithdrawn;

/// <summary>Somebody asks for a person's protected values to be erased; why stands in the header. Somebody else has to approve.</summary>
[WireName("person_erasure_requested")]
public sealed record PersonErasureRequested(string LegalBasis);

/// <param name="Request">The event that asked for the erasure, which does not take place.</param>
[WireName("person_erasure_cancelled")]
public sealed record PersonErasureCancelled(Guid Request);

/// <summary>The person's key is destroyed with this event: none of the values under it can be read any more, in whatever stream they stand.</summary>
/// <param name="Count">How many values that were, of the events up to <paramref name="Through"/>.</param>
/// <param name="RequestedBy">Opaque id of whoever asked for it.</param>
/// <param name="ApprovedBy">Opaque id of the second person, who is also this event's actor.</param>
/// <param name="Request">The event that asked for it; it stands with the record that stands for the person, from where an erasure goes to every record that was merged into it.</param>
/// <param name="Through">The position up to which values were counted: a text protected for the person may be recorded after that and before this event, and is erased too. Absent in schema 1.</param>
[WireName("person_erased", schema: 2)]
public sealed record PersonErased(long Count, string LegalBasis, string RequestedBy, string ApprovedBy, Guid Request, long? Through = null);

/// <summary>The person's values must be kept for a proceeding: until it is released nothing of them is erased.</summary>
[WireName("person_hold_placed")]
public sealed record PersonHoldPlaced(string LegalBasis);

/// <param name="Hold">The event that placed the hold.</param>
[WireName("person_hold_released")]
public sealed record PersonHoldReleased(Guid Hold);
