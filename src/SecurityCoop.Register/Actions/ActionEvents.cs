using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Actions;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

[JsonConverter(typeof(SlugJson<OwedBy>))]
public enum OwedBy { Home, Partner, Both }

/// <summary>Where an action stands. Agreed, blocked and reported done are open; the others are closed until it is reopened.</summary>
[JsonConverter(typeof(SlugJson<ActionState>))]
public enum ActionState { Agreed, Blocked, ReportedDone, Verified, Dropped, Lapsed, Superseded }

/// <summary>What an action is described with, and what can be corrected of it.</summary>
public record ActionDetails
{
    public required string Partner { get; init; }
    public required string What { get; init; }
    public required OwedBy OwedBy { get; init; }
    /// <summary>When it was agreed.</summary>
    public required Edtf On { get; init; }
    /// <summary>Opaque id of whoever sees to it.</summary>
    public string? Owner { get; init; }
    /// <summary>When it is due; absent: undated, or standing.</summary>
    public Edtf? Due { get; init; }
    public string? DueAsGiven { get; init; }
    /// <summary>A duty without an end: its relative deadline in words. Never done.</summary>
    public string? Standing { get; init; }
    /// <summary>Winds cooperation down rather than building it: does not count as a commitment.</summary>
    public bool? WindsDown { get; init; }
    public DateOnly? ReviewOn { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    /// <summary>Stream id of the meeting at which it was agreed.</summary>
    public string? Meeting { get; init; }
    /// <summary>Number of the statement that it comes from, in that meeting or else in the partnership.</summary>
    public int? Statement { get; init; }
    public string? HomeOrganisation { get; init; }
}

[WireName("action_agreed")]
public sealed record ActionAgreed : ActionDetails
{
    public ActionAgreed() { }
    [SetsRequiredMembers] public ActionAgreed(ActionDetails d) : base(d) { }
}

[WireName("action_assigned")]
public sealed record ActionAssigned(string Owner, Edtf? On = null);

/// <summary>Due on <paramref name="Due"/>; empty: no longer dated.</summary>
[WireName("action_due_date_set")]
public sealed record ActionDueDateSet(Edtf Due, string? DueAsGiven = null);

[WireName("action_review_date_set")]
public sealed record ActionReviewDateSet(DateOnly ReviewOn);

/// <summary>What happened on a day, the state it leaves, when to look again, and the meeting at which it was raised.</summary>
/// <param name="Note">Null where it is protected.</param>
[WireName("action_follow_up_recorded")]
public sealed record ActionFollowUpRecorded(
    Edtf On, string? Note, ActionState? State = null, DateOnly? NextReview = null, string? Meeting = null) : Markings.IPartRecorded;

[WireName("action_blocked")] public sealed record ActionBlocked(Edtf On, string? By = null);
[WireName("action_unblocked")] public sealed record ActionUnblocked(Edtf On);
[WireName("action_reported_done")] public sealed record ActionReportedDone(Edtf On);
[WireName("action_verified")] public sealed record ActionVerified(Edtf On);
[WireName("action_reopened")] public sealed record ActionReopened(Edtf On);
[WireName("action_dropped")] public sealed record ActionDropped(Edtf On);
[WireName("action_lapsed")] public sealed record ActionLapsed(Edtf On);

/// <param name="By">Stream id of the action that takes its place.</param>
[WireName("action_superseded")] public sealed record ActionSuperseded(Edtf On, string? By = null);

/// <summary>The statement or meeting that the action comes from reads otherwise than when it opened it (<see cref="Meetings.OriginChange"/>).</summary>
/// <param name="Force">The force that the statement has now.</param>
[WireName("action_origin_changed")]
public sealed record ActionOriginChanged(Meetings.OriginChange Change, Meetings.Force Force);

[WireName("action_corrected")]
public sealed record ActionCorrected(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsChanged;

/// <summary>What a source says of fields, beside what the record says; its source stands in the header.</summary>
[WireName("action_report_recorded")]
public sealed record ActionReportRecorded(IReadOnlyList<FieldReport> Fields, Guid? Of = null) : IReportRecorded;

/// <summary>Of the reports of a field, this one holds from here on; the reason stands in the header.</summary>
[WireName("action_report_preferred")]
public sealed record ActionReportPreferred(string Field, Guid Report, JsonElement? Old = null, JsonElement? New = null, Guid? Of = null) : IReportPreferred;

/// <summary>A later source narrows what was imprecise: not an error.</summary>
[WireName("action_refined")]
public sealed record ActionRefined(IReadOnlyList<FieldChange> Fields, Guid? Of = null) : IFieldsRefined;

[WireName("action_withdrawn")]
public sealed record ActionWithdrawn(Guid? Of = null) : IWithdrawn;
