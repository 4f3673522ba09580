using System.Diagnostics.CodeAnalysis;
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
public sealed record PersonCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null);

[WireName("person_withdrawn")]
public sealed record PersonWithdrawn(Guid? Of = null);
