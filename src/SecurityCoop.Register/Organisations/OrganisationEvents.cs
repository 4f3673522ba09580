using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Organisations;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>What an organisation is described with. Acronyms are never identifiers: two services share one.</summary>
public record OrganisationDetails
{
    /// <summary>Names by language (fr, en, ar, …).</summary>
    public required SortedDictionary<string, string> Names { get; init; }
    public SortedDictionary<string, string>? Acronyms { get; init; }
    public string? Country { get; init; }
    /// <summary>Stream id of the organisation that it belongs to.</summary>
    public string? PartOf { get; init; }
    /// <summary>True for the one organisation whose register this is: what names no other home organisation is its own.</summary>
    public bool? Service { get; init; }
}

[WireName("organisation_described")]
public sealed record OrganisationDescribed : OrganisationDetails
{
    public OrganisationDescribed() { }
    [SetsRequiredMembers] public OrganisationDescribed(OrganisationDetails d) : base(d) { }
}

[WireName("organisation_renamed")]
public sealed record OrganisationRenamed(SortedDictionary<string, string> Names, Edtf On, SortedDictionary<string, string>? Acronyms = null);

[WireName("organisation_corrected")]
public sealed record OrganisationCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("organisation_report_recorded")]
public sealed record OrganisationReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("organisation_report_preferred")]
public sealed record OrganisationReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("organisation_refined")]
public sealed record OrganisationRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

/// <summary>The same organisation as <paramref name="Into"/>, whose record stands for both from here on.</summary>
[WireName("organisation_merged")]
public sealed record OrganisationMerged(string Into) : IMerged;

/// <summary>Another record of this organisation was merged into this one.</summary>
[WireName("organisation_absorbed")]
public sealed record OrganisationAbsorbed(string From) : IAbsorbed;

/// <summary>
/// The organisation is a partner from here on, under this code; at most one, for ever (model.md, "Settled in November 2026", Partners).
/// </summary>
[WireName("organisation_partner_code_given")]
public sealed record OrganisationPartnerCodeGiven(string Code);

[WireName("organisation_withdrawn")]
public sealed record OrganisationWithdrawn(Guid? Of = null) : IWithdrawn;
