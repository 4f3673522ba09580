using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Intake;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Description;

/// <param name="Meaning">What it says.</param>
/// <param name="Codes">The values that it takes, where they are few.</param>
/// <param name="Format">A format of JSON Schema that its values have.</param>
/// <param name="Pattern">A regular expression that they match.</param>
sealed record ParameterText(string Meaning, IEnumerable<string>? Codes = null, string? Format = null, string? Pattern = null);

/// <summary>
/// What the parameters of addresses mean. A name means the same wherever it stands, but for the few that are named with their path. A test asks a register for
/// the codes that each takes, and compares.
/// </summary>
static class Parameters
{
    const string Reference = "Reference (such as DK-MTG-0001) or stream id of the record.";

    const string Earlier =
        "The earlier state of knowledge: before the start of a day of the register's time zone (2026-01-27), at an instant (RFC 3339) or at a "
        + "position (@1234).";

    const string Later =
        "The later state of knowledge: at the end of a day of the register's time zone, at an instant (RFC 3339) or at a position (@1234); "
        + "the newest event where it is not given.";

    static readonly Dictionary<string, ParameterText> texts = new(StringComparer.Ordinal)
    {
        ["code"] = new("Code of the partner: ISO 3166-1 alpha-2, or an organisation's own (INTERPOL)."),
        ["partner"] = new("Code of a partner; keeps what concerns it."),
        ["name"] = new(Reference), ["record"] = new("Reference or stream id of a record of any kind, or a partner's code."), ["meeting"] = new(Reference), ["action"] = new(Reference), ["instrument"] = new(Reference), ["person"] = new(Reference),
        ["organisation"] = new(Reference), ["source"] = new(Reference), ["occasion"] = new(Reference), ["ref"] = new(Reference),
        ["asOf"] = new("The day of the world that is asked about; today, in the register's time zone, where it is not given.", Format: "date"),
        ["knownAt"] = new(
            "As the register knew it at the end of a day of its time zone (2026-01-27), at an instant (RFC 3339) or at a position (@1234); "
            + "as it knows it now where it is not given."),
        ["home"] = new("Whose meetings, actions and instruments count: any ministry's (the default), or the service's own.", ["any", "service"]),
        ["limit"] = new($"How many items at most, up to {RecordQueries.MaxLimit}; {RecordQueries.DefaultLimit} where it is not given."),
        ["after"] = new("The cursor `next` of the page before."),
        ["topic"] = new("Code of a topic.", Vocabulary.Default.Topics.Keys),
        ["status"] = new("A status of partnerships.", Labels.PartnershipStatuses.Keys),
        ["modifier"] = new("Keeps partnerships of which this is said beside their status.", Labels.Modifiers.Keys),
        ["owner"] = new("Opaque id of whoever sees to an action."),
        ["owedBy"] = new("Who owes an action.", Slugs<OwedBy>()),
        ["overdue"] = new("Keeps actions that are possibly open and past their due date (true), or certainly not (false)."),
        ["undated"] = new("Keeps actions that are possibly open and have no due date (true), or the others (false)."),
        ["reviewDue"] = new("Keeps actions that are possibly open and due for review (true), or the others (false)."),
        ["blocked"] = new("Keeps actions that are possibly open and blocked (true), or the others (false)."),
        ["toVerify"] = new("Keeps actions that were reported done, at least possibly, and that nobody has verified (true), or the others (false)."),
        ["waitingOnPartner"] = new("Keeps actions that are possibly open and that the partner owes (true), or the others (false)."),
        ["expiringWithin"] = new("A number of months, or a duration of ISO 8601 (P90D): keeps instruments that run and whose end may come within that time."),
        ["position"] = new("An event's position in the log, from 1."),
        ["stream"] = new("Reference or stream id of a record; keeps its events."),
        ["type"] = new("Wire name of an event, such as meeting_held."),
        ["actor"] = new("Opaque id of whoever recorded it."),
        ["subject"] = new("Reference or stream id of a person; keeps what concerns their protected values."),
        ["from"] = new("Since when: a day, from its start in the register's time zone, or an instant (RFC 3339), itself included."),
        ["to"] = new("Until when: a day, to its end in the register's time zone, or an instant (RFC 3339), itself not included; the newest event where it is not given."),
        ["/api/changes from"] = new(Earlier), ["/api/changes to"] = new(Later),
        ["/api/partnerships/{code}/changes from"] = new(Earlier), ["/api/partnerships/{code}/changes to"] = new(Later),
        ["proof"] = new("Whether the proof that the event is in the tree is to be added."),
        ["openings"] = new("Whether protected values are to be in it; they are recorded as opened."),
        ["path"] = new("Level, index and width of the tile, as the C2SP tlog-tiles specification writes them: 0/000 or 0/000.p/5."),
        ["size"] = new("Size of the tree that is spoken of; the newest checkpoint's where it is not given."),
        ["q"] = new("What is looked for."),

        ["/api/meetings meeting"] = new("Reference of a meeting."),
        ["/api/meetings kind"] = new("A kind of meeting.", Vocabulary.Default.MeetingKinds.Keys),
        ["/api/meetings state"] = new("Where the meeting stands.", Labels.MeetingStates.Keys),
        ["/api/meetings from"] = new("The first day of a period; a meeting that possibly falls into it is kept.", Format: "date"),
        ["/api/meetings to"] = new("The last day of the period.", Format: "date"),
        ["/api/actions meeting"] = new("Reference of a meeting; keeps what was agreed or followed up there."),
        ["/api/actions state"] = new("A state that is possible on the day asked about.", Slugs<ActionState>()),
        ["/api/instruments kind"] = new("A kind of instrument.", Vocabulary.Default.InstrumentKinds.Keys),
        ["/api/instruments state"] = new("A state that is possible on the day asked about.", Slugs<InstrumentState>()),
        ["/api/calendar.ics partner"] = new("Code of a partner; keeps what concerns it. Several may be given."),
        ["/api/calendar.ics owner"] = new("Opaque id of whoever sees to actions; keeps theirs."),
        ["/api/calendar.ics kind"] = new("Which dates: what is due, to be reviewed, a last day for a notice, an instrument's end, a planned meeting, an expected signature. Several may be given.", Slugs<EntryKind>()),
        ["lang"] = new("The language of the texts; that of Accept-Language where it is not given.", Language.All.Select(l => l.Code)),
        ["feed"] = new("Id of a feed."), ["session"] = new("Id of a session."),
        ["user"] = new("The user's reference, such as USR-0001, stream id or subject."),
        ["/api/intake publisher"] = new("Who published the file."),
        ["/api/intake date"] = new("The file's own day, as exactly as it is known: EDTF, or words."),
        ["/api/intake language"] = new("The file's language; told by the reader where it is not given.", IntakeEndpoints.Languages),
        ["/api/intake marking"] = new("Marking of the commands that are proposed.", Slugs<Marking>()),
        ["/api/intake document"] = new("Reference of the registered source into which the commands point."),
        ["/api/search kind"] = new("A kind of record, or statements.", Searching.Kinds),
        ["/api/search from"] = new("The first day of a period; what possibly happened in it is kept.", Format: "date"),
        ["/api/search to"] = new("The last day of the period.", Format: "date"),
        ["/api/search limit"] = new($"How many items at most, up to {RecordQueries.MaxLimit}; {SearchEndpoints.DefaultLimit} where it is not given."),
        ["/api/search after"] = new("How many items were read before: the cursor `next` of the page before."),
        ["/api/audit/events after"] = new("A position; events after it are given."),
        ["/api/audit/consistency from"] = new("The smaller size of the tree."),
        ["/api/audit/consistency to"] = new("The larger size; the newest checkpoint's where it is not given."),
        ["/api/audit/openings after"] = new("A position; what was recorded after it is given."),
        ["/api/audit/timestamps after"] = new("The size of a checkpoint; time stamps of smaller ones are given."),
        ["/api/events after"] = new("A position; events after it are sent. The header Last-Event-ID comes before it; without either, what is recorded from now on."),
        ["/api/events type"] = new("Wire name of an event, such as meeting_held.", Setup.EventTypes.All.Select(t => t.Name)),
    };

    /// <summary>Of a parameter of the path `/api/…`; null where nothing is written about it.</summary>
    public static ParameterText? Of(string path, string name) => texts.GetValueOrDefault($"{path} {name}") ?? texts.GetValueOrDefault(name);

    static IEnumerable<string> Slugs<T>() where T : struct, Enum => Enum.GetValues<T>().Select(v => Slug.Of(v));
}
