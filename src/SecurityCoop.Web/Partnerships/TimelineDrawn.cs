namespace SecurityCoop.Web.Partnerships;

/// <summary>Which entries of a timeline are drawn, and how.</summary>
static class TimelineDrawn
{
    /// <summary>More marks than these nobody can read; the list has them all.</summary>
    public const int Most = 24;

    static readonly HashSet<string> types =
    [
        "meeting_planned", "meeting_held", "meeting_postponed", "meeting_cancelled", "action_agreed", "instrument_act_recorded",
        "partnership_suspended", "partnership_resumed", "partnership_closed", "partnership_reopened",
    ];

    public static bool IsDrawn(TimelineEntry e) => e.On is not null && e.Withdrawn != true && (e.Computed == true || types.Contains(e.Type));

    public static DrawnForm FormOf(TimelineEntry e) => e.Computed == true ? DrawnForm.Computed
        : e.Type == "meeting_planned" || e.Kind is "planned" or "signing-planned" && e.Happened == Register.Time.Certainty.No ? DrawnForm.Planned : DrawnForm.Happened;
}
