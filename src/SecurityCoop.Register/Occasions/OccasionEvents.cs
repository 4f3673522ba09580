using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Occasions;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>An occasion of the world that records refer to: an assembly, a tournament, a disaster.</summary>
public record OccasionDetails
{
    public required string What { get; init; }
    public required Edtf Date { get; init; }
    /// <summary>What the source prints, kept as it is beside the value that it was read as.</summary>
    public string? DateAsGiven { get; init; }
    public string? Place { get; init; }
}

[WireName("occasion_described")]
public sealed record OccasionDescribed : OccasionDetails
{
    public OccasionDescribed() { }
    [SetsRequiredMembers] public OccasionDescribed(OccasionDetails d) : base(d) { }
}

[WireName("occasion_corrected")]
public sealed record OccasionCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("occasion_report_recorded")]
public sealed record OccasionReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("occasion_report_preferred")]
public sealed record OccasionReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("occasion_refined")]
public sealed record OccasionRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

[WireName("occasion_withdrawn")]
public sealed record OccasionWithdrawn(Guid? Of = null) : IWithdrawn;
