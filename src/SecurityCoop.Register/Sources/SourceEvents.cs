using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Sources;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>Reliability of a source by the Admiralty code (NATO AJP-2.1): A completely reliable … E unreliable, F cannot be judged.</summary>
[JsonConverter(typeof(SlugJson<Reliability>))]
public enum Reliability { A, B, C, D, E, F }

/// <summary>What a source is described with. The register keeps where a document is and what it hashes to, not its text.</summary>
public record SourceDetails
{
    public required string Title { get; init; }
    public string? Publisher { get; init; }
    public string? Language { get; init; }
    public Edtf? Published { get; init; }
    public string? Url { get; init; }
    /// <summary>SHA-256 of the document, lower-case hex.</summary>
    public string? Sha256 { get; init; }
    public Reliability? Reliability { get; init; }
}

[WireName("source_registered")]
public sealed record SourceRegistered : SourceDetails
{
    public SourceRegistered() { }
    [SetsRequiredMembers] public SourceRegistered(SourceDetails d) : base(d) { }
}

/// <summary>A further digest: another copy, another language version.</summary>
[WireName("source_digest_recorded")]
public sealed record SourceDigestRecorded(string Sha256, string? Note = null);

[WireName("source_note_added")]
public sealed record SourceNoteAdded(string Note);

[WireName("source_corrected")]
public sealed record SourceCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("source_report_recorded")]
public sealed record SourceReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("source_report_preferred")]
public sealed record SourceReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("source_refined")]
public sealed record SourceRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

[WireName("source_withdrawn")]
public sealed record SourceWithdrawn(Guid? Of = null) : IWithdrawn;
