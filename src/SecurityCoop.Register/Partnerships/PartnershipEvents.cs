using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Partnerships;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>What a partnership is described with. The partner is its identity and cannot be corrected: withdraw it and open the right one.</summary>
public record PartnershipDetails
{
    public required string Partner { get; init; }
    public string? Note { get; init; }
}

[WireName("partnership_opened")]
public sealed record PartnershipOpened : PartnershipDetails
{
    public PartnershipOpened() { }
    [SetsRequiredMembers] public PartnershipOpened(PartnershipDetails d) : base(d) { }
}

/// <summary>Cooperation suspended, by "home", the partner's code or "joint"; of a part, where <paramref name="Part"/> says of what.</summary>
[WireName("partnership_suspended")]
public sealed record PartnershipSuspended(Edtf On, string By, string? Part = null, string? OnAsGiven = null, string? HomeOrganisation = null);

[WireName("partnership_resumed")]
public sealed record PartnershipResumed(Edtf On, string By, string? Part = null, string? OnAsGiven = null, string? HomeOrganisation = null);

/// <param name="Note">Null where it is protected.</param>
[WireName("partnership_note_added")]
public sealed record PartnershipNoteAdded(string? Note, Edtf? On = null) : Markings.IPartRecorded;

/// <summary>After how many months without contact the partnership counts as dormant.</summary>
[WireName("partnership_review_period_set")]
public sealed record PartnershipReviewPeriodSet(int Months);

/// <param name="Person">Stream id of the person.</param>
[WireName("partnership_focal_point_assigned")]
public sealed record PartnershipFocalPointAssigned(Side Side, string? Person = null, Office? Office = null, Edtf? On = null);

[WireName("partnership_closed")] public sealed record PartnershipClosed(Edtf On);
[WireName("partnership_reopened")] public sealed record PartnershipReopened(Edtf On);

/// <summary>A statement made outside any meeting: to the press, in parliament.</summary>
[WireName("partnership_statement_recorded")]
public sealed record PartnershipStatementRecorded : Statement, Markings.IPartRecorded
{
    public PartnershipStatementRecorded() { }
    [SetsRequiredMembers] public PartnershipStatementRecorded(Statement s, Edtf on) : base(s) => On = on;

    public required Edtf On { get; init; }
    public string? HomeOrganisation { get; init; }
}

[WireName("partnership_statement_reclassified")]
public sealed record PartnershipStatementReclassified(int Number, Force Force, string? ClassifiedBy = null);

/// <summary>Read as an agreed action or a planned instrument later on, statement <paramref name="Number"/> opened these.</summary>
/// <param name="Opens">Stream ids of the actions or instruments.</param>
[WireName("partnership_statement_opened")]
public sealed record PartnershipStatementOpened(int Number, IReadOnlyList<string> Opens);

[WireName("partnership_corrected")]
public sealed record PartnershipCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("partnership_report_recorded")]
public sealed record PartnershipReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("partnership_report_preferred")]
public sealed record PartnershipReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("partnership_refined")]
public sealed record PartnershipRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

[WireName("partnership_withdrawn")]
public sealed record PartnershipWithdrawn(Guid? Of = null) : IWithdrawn;
