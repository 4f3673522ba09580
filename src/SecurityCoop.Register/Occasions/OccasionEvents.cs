using System.Diagnostics.CodeAnalysis;
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
public sealed record OccasionCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null);

[WireName("occasion_withdrawn")]
public sealed record OccasionWithdrawn(Guid? Of = null);
