using System.Text.Json.Nodes;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;

namespace SecurityCoop.Register.Tests;

/// <summary>One event of a history: where it stands in the log, and its body as it is stored.</summary>
public sealed record Stored(long Position, string Stream, Guid Event, string Type, JsonObject Body, Guid Command);

/// <summary>An item of a record: what its event says of it, as changed since.</summary>
public sealed record NaiveItem(Guid Event, string Type, JsonObject Said)
{
    public bool Withdrawn { get; set; }
    public bool Happened { get; set; } = true;
    public bool Counts => Happened && !Withdrawn;
    /// <summary>Of a follow-up with a state the change of state that the same command recorded, and the other way round: one fact.</summary>
    public NaiveItem? Twin { get; set; }
    /// <summary>Of a follow-up: the command that gave it its state.</summary>
    public Guid? StateBy { get; set; }
}

/// <summary>A record read plainly from the stored bodies of its events, in order.</summary>
public sealed class NaiveRecord
{
    public JsonObject Said { get; private set; } = [];
    public List<NaiveItem> Items { get; } = [];
    public bool Withdrawn { get; private set; }
    public string State { get; private set; } = "";

    JsonObject? plan;
    JsonNode? plannedDay, plannedDayAsGiven;

    public void Apply(Stored e)
    {
        Read(e);
        if (plannedDay is not null) Settle();
    }

    // A meeting that was planned: held if a holding stands, otherwise the plan, on the day of its last postponement, unless called off.
    void Settle()
    {
        if (Items.Any(i => i.Counts && i.Type == "meeting_held"))
        {
            State = "meeting_held";
            return;
        }
        if (plan is not null) (Said, plan) = (plan, null);
        var moved = Items.LastOrDefault(i => i.Counts && i.Type == "meeting_postponed");
        Write(Said, "date", moved is null ? plannedDay : moved.Said["date"]);
        Write(Said, "dateAsGiven", moved is null ? plannedDayAsGiven : moved.Said["dateAsGiven"]);
        State = Items.Any(i => i.Counts && i.Type == "meeting_cancelled") ? "meeting_cancelled" : moved is null ? "meeting_planned" : "meeting_postponed";
    }

    static void Write(JsonObject into, string field, JsonNode? value)
    {
        into.Remove(field);
        if (value is not null) into[field] = value.DeepClone();
    }

    void Read(Stored e)
    {
        var body = e.Body.DeepClone().AsObject();
        switch (e.Type[(e.Type.IndexOf('_', StringComparison.Ordinal) + 1)..])
        {
            case "planned": (Said, State, plannedDay, plannedDayAsGiven) = (body, e.Type, body["date"]!.DeepClone(), body["dateAsGiven"]?.DeepClone()); break;
            case "held" when plannedDay is null: (Said, State) = (body, e.Type); break;
            case "held":
                plan = Said;
                Said = body;
                Items.Add(new(e.Event, e.Type, body));
                break;
            case "agreed": (Said, Withdrawn) = (body, false); break;
            case "registered" or "described": Said = body; break;
            case "opened": (Said, Withdrawn) = (body, false); break;
            case "postponed" or "cancelled": Items.Add(new(e.Event, e.Type, body)); break;
            // What a statement opened later is no part of what was said.
            case "statement_opened": break;
            case "renamed": Said["names"] = body["names"]!.DeepClone(); break;
            case "assigned": Said["owner"] = body["owner"]!.DeepClone(); break;
            case "due_date_set": Said["due"] = body["due"]!.DeepClone(); break;
            case "review_date_set": Said["reviewOn"] = body["reviewOn"]!.DeepClone(); break;
            case "participant_identified": Said["partnerSide"]![(int)body["index"]!]!["person"] = body["person"]!.DeepClone(); break;
            case "statement_reclassified": Items.Last(i => i.Type.EndsWith("statement_recorded", StringComparison.Ordinal) && (int)i.Said["number"]! == (int)body["number"]!).Said["force"] = body["force"]!.DeepClone(); break;
            case "corrected" or "refined": foreach (var f in body["fields"]!.AsArray()) Set(e, body, (string)f!["field"]!, f["new"]); break;
            case "report_preferred": Set(e, body, (string)body["field"]!, body["new"]); break;
            case "withdrawn" when body["of"] is null: Withdrawn = true; break;
            case "withdrawn":
                foreach (var i in Items.Where(i => i.Event == (Guid)body["of"]!))
                {
                    i.Withdrawn = true;
                    if (i.Twin is { } twin) twin.Withdrawn = true;
                }
                break;
            case "act_reported": Items.Add(new(e.Event, "instrument_act_recorded", body) { Happened = false }); break;
            // A source's notes are texts, not items that can be named.
            case "note_added" when e.Type == "source_note_added": break;
            case "linked": Said["links"] = new JsonArray([.. (Said["links"]?.AsArray() ?? []).Select(l => l!.DeepClone()), new JsonObject { ["kind"] = body["kind"]!.DeepClone(), ["instrument"] = body["instrument"]!.DeepClone() }]); break;
            case "statement_recorded" or "act_recorded" or "term_set" or "superseded_in_part_by" or "follow_up_recorded" or "office_recorded" or "superseded_by" or "note_added" or "suspended" or "resumed" or "closed" or "reopened"
                or "blocked" or "unblocked" or "reported_done" or "verified" or "dropped" or "lapsed" or "superseded":
                var item = new NaiveItem(e.Event, e.Type, body);
                if (e.Type == "action_follow_up_recorded" && body["state"] is not null) item.StateBy = e.Command;
                // A change of state that a follow-up brought: the same command recorded both.
                else if (e.Stream.StartsWith("action", StringComparison.Ordinal) && Items.LastOrDefault(i => i.StateBy == e.Command) is { } followUp) (item.Twin, followUp.Twin) = (followUp, item);
                Items.Add(item);
                break;
            // Who may see it changes nothing of what it says.
            case "marking_raised" or "marking_lowering_asked" or "marking_lowered": break;
            // What its origin says now changes nothing of what was agreed.
            case "origin_changed": break;
            case "report_recorded" or "validated" or "amended_by" or "text_attached" or "review_period_set" or "focal_point_assigned" or "name_variant_added" or "erroneous_name_noted"
                or "digest_recorded" or "merged" or "absorbed" or "partner_code_given": break;
            default: throw new InvalidOperationException($"The naive model has not been told of {e.Type}.");
        }
        if (Said["due"] is { } due && (string)due! == "") Said.Remove("due");
    }

    void Set(Stored e, JsonObject body, string field, JsonNode? value)
    {
        var item = body["of"] is { } of ? Items.Single(i => i.Event == (Guid)of) : null;
        if (item is { Type: "meeting_held" }) item = null;
        if (field == "happened") item!.Happened = (bool)value!;
        else Write(item?.Said ?? Said, field, value);
        // A meeting's day is put right where it comes from.
        if (item is null && field is "date" or "dateAsGiven" && plannedDay is not null && State != "meeting_held")
        {
            if (Items.LastOrDefault(i => i.Counts && i.Type == "meeting_postponed") is { } moved) Write(moved.Said, field, value);
            else if (field == "date") plannedDay = value!.DeepClone();
            else plannedDayAsGiven = value?.DeepClone();
        }
        if (item?.Twin is { } twin && field == "on") Write(twin.Said, "on", value);
        if (item is not { Type: "action_follow_up_recorded" } || field != "state") return;
        if (item.Twin is { } change) change.Happened = value is not null;
        else item.StateBy = e.Command;
    }
}

/// <summary>
/// The status of a partner as the nine rules of model.md read, over every case of what may have happened by a day. Days are enumerated; nothing is
/// shared with the model but the table of an action's states and the order of the kinds.
/// </summary>
public static class NaiveModel
{
    public static IReadOnlyDictionary<string, NaiveRecord> Read(IEnumerable<Stored> log)
    {
        var records = new SortedDictionary<string, NaiveRecord>(StringComparer.Ordinal);
        foreach (var e in log)
        {
            if (!records.TryGetValue(e.Stream, out var record)) records[e.Stream] = record = new();
            record.Apply(e);
        }
        return records;
    }

    /// <summary>The first rule that holds in some case, the last first rule over all cases, and whether every case has the same status.</summary>
    public static (Standing Best, Standing Worst, bool Same) Status(IReadOnlyDictionary<string, NaiveRecord> records, string partner, DateOnly asOf, bool serviceOnly)
    {
        // On file is who was opened, and whose partner a record names; of a frame that was withdrawn nothing counts.
        var frame = records.GetValueOrDefault($"partnership-{partner}") is { Withdrawn: false } opened ? opened : new NaiveRecord();
        bool Asked(JsonObject said) => !serviceOnly || said["homeOrganisation"] is null;
        var rules = new List<HashSet<Standing>>
        {
            Over(frame.Items.Where(i => i.Counts && i.Type is "partnership_suspended" or "partnership_resumed" && i.Counts && Asked(i.Said)), asOf,
                i => i.Type == "partnership_suspended" ? 0 : 1, i => (string)i.Said["by"]!, t => Suspended(t) ? Standing.SuspendedAsWhole : Standing.NoRecord),
        };
        foreach (var said in frame.Items.Where(i => i.Counts && i.Type == "partnership_statement_recorded" && Asked(i.Said) && IsIntent(i.Said, partner)))
            rules.Add(Cases(said.Said["on"]!, asOf, Standing.Intent));
        foreach (var (stream, r) in records.Where(r => !r.Value.Withdrawn && Concerns(r.Value.Said, partner) && Asked(r.Value.Said)))
        {
            if (stream.StartsWith("meeting", StringComparison.Ordinal) && r.State == "meeting_held")
                rules.Add(Cases(r.Said["date"]!, asOf, r.Items.Any(i => i.Counts && IsIntent(i.Said, partner)) ? Standing.Intent : Standing.Contact));
            if (stream.StartsWith("action", StringComparison.Ordinal) && (bool?)r.Said["windsDown"] != true)
            {
                var open = Over(r.Items.Where(i => i.Counts && i.Type != "action_follow_up_recorded"), asOf, i => To(i) == ActionState.Agreed ? 10 : (int)To(i), _ => "", c => IsOpen(c) ? Standing.Committed : Standing.NoRecord);
                if (Cases(r.Said["on"]!, asOf, Standing.Committed) is var agreed && agreed.Contains(Standing.NoRecord)) open.Add(Standing.NoRecord);
                rules.Add(agreed.Contains(Standing.Committed) ? open : agreed);
            }
            if (stream.StartsWith("instrument", StringComparison.Ordinal)) rules.Add(Instrument(r, partner, asOf));
        }
        // A value is the first rule of some case where one record has it and every other can come after it.
        var firsts = rules.SelectMany((own, i) => own.Where(v => rules.Where((_, j) => j != i).All(other => other.Max() >= v))).Distinct().ToList();
        return (firsts.Min(), firsts.Max(), firsts.Select(PartnershipStatus.SlugOf).Distinct().Count() == 1);
    }

    static bool Concerns(JsonObject said, string partner) => (string?)said["partner"] == partner || said["partners"]?.AsArray().Any(p => (string?)p == partner) == true;

    static bool IsIntent(JsonObject s, string partner) => (string)s["force"]! == "intent" && (bool?)s["formulaic"] != true && ((string)s["speaker"]! == "joint" || (string)s["speaker"]! == partner);

    static HashSet<Standing> Instrument(NaiveRecord r, string partner, DateOnly asOf)
    {
        string[] parties = ["home", .. r.Said["partners"]!.AsArray().Select(p => (string)p!)];
        var onSignature = (string)r.Said["binding"]! == "non-binding";
        var superseded = r.Items.Where(i => i.Counts && i.Type == "instrument_superseded_by").Select(i => Happened(i, asOf)).ToList();
        bool[] ends = superseded.Any(s => s.Certain) ? [true] : superseded.Any(s => s.Possible) ? [true, false] : [false];
        // Of several parties, what a third one does for itself alone once there is something to apply is none of this relation's.
        var acts = r.Items.Where(i => i.Counts && i.Type == "instrument_act_recorded" && (parties.Length <= 2 || Kind(i) < ActKind.ProvisionallyApplied || i.Said["party"] is not { } by || (string)by! is var b && (b == "home" || b == partner))).ToList();
        if (Expiry(r, acts, asOf) is { } expiry) acts.Add(expiry);
        return [.. ends.SelectMany(end => Over(acts, asOf, i => i.Type == Expired ? -1 : (int)Kind(i), i => (string?)i.Said["party"] ?? "", happened => Rule(happened, parties, onSignature, end)))];
    }

    const string Expired = "expired";

    // The running out of the term that holds: the last one agreed by the day. Terms agreed on no day are the instrument's own, of which the last holds.
    static NaiveItem? Expiry(NaiveRecord r, List<NaiveItem> acts, DateOnly asOf)
    {
        static DateOnly Agreed(NaiveItem t) => t.Said["agreedOn"] is { } on ? NaiveDays.Of(on)[0] : DateOnly.MinValue;
        var term = r.Items.Where(i => i.Counts && i.Type == "instrument_term_set" && Agreed(i) <= asOf).OrderBy(Agreed).ThenBy(i => i.Event).LastOrDefault();
        if (term is null || (string)term.Said["kind"]! == "open" || term.Said["on"] is not { } last) return null;
        // A renewal says no new end here, which leaves the old one in doubt.
        var doubt = acts.Any(a => Kind(a) == ActKind.Renewed && Happened(a, asOf).Possible && !(term.Said["agreedOn"] is { } on && !((string)a.Said["on"]!).Contains('?') && NaiveDays.Of(a.Said["on"]!).All(d => d < NaiveDays.Of(on)[0])));
        return new(term.Event, Expired, new JsonObject { ["on"] = last.DeepClone(), ["doubt"] = doubt });
    }

    static Standing Rule(IReadOnlyList<NaiveItem> acts, string[] parties, bool onSignature, bool superseded)
    {
        HashSet<string> signed = [], suspended = [], proposed = [];
        bool entered = false, inPart = false, provisional = false, planned = false, terminated = false, abandoned = false, expired = false;
        foreach (var a in acts)
        {
            if (a.Type == Expired)
            {
                expired = true;
                continue;
            }
            string[] by = (string?)a.Said["party"] is { } p ? [p] : parties;
            var fully = signed.Count == parties.Length;
            switch (Kind(a))
            {
                case ActKind.Proposed: proposed.UnionWith(by); abandoned = false; break;
                case ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed or ActKind.NegotiationReopened or ActKind.SigningPlanned or ActKind.SigningPostponed: (planned, abandoned) = (true, false); break;
                case ActKind.Signed: signed.UnionWith(by); break;
                case ActKind.ProvisionallyApplied: provisional = true; break;
                case ActKind.EnteredIntoForce when a.Said["part"] is not null: inPart = true; break;
                case ActKind.EnteredIntoForce: entered = true; break;
                case ActKind.Renewed: (entered, expired) = (entered || !inPart, false); break;
                case ActKind.Suspended: suspended.UnionWith(by); entered |= !fully && !provisional && !inPart; break;
                case ActKind.Resumed: suspended.ExceptWith(by); entered |= !provisional && !inPart; break;
                case ActKind.TerminationNotified: entered |= !fully && !provisional && !inPart; break;
                case ActKind.Terminated: terminated = true; break;
                case ActKind.Abandoned: abandoned = true; break;
                case ActKind.MandateGiven or ActKind.Approved or ActKind.Ratified or ActKind.Notified or ActKind.Published: break;
            }
        }
        var all = signed.Count == parties.Length;
        // That it took effect on signature is only assumed here, and gives way to what is on record of a part.
        var inForce = entered || inPart || (all && onSignature);
        var existed = all || inForce || provisional || suspended.Count > 0 || terminated;
        if (terminated || superseded || abandoned || (expired && existed)) return existed ? Standing.Lapsed : Standing.NoRecord;
        if (suspended.Count > 0) return Standing.Suspended;
        if (inForce) return Standing.FrameworkActive;
        if (provisional || all) return Standing.Signed;
        return planned || signed.Count > 0 || proposed.Count == parties.Length ? Standing.Committed : Standing.NoRecord;
    }

    static bool Suspended(IReadOnlyList<NaiveItem> turns)
    {
        var standing = new HashSet<string>();
        foreach (var t in turns)
        {
            var by = (string)t.Said["by"]!;
            if (t.Type == "partnership_suspended")
            {
                if (t.Said["part"] is null) standing.Add(by);
            }
            else if (by == "joint") standing.Clear();
            else standing.ExceptWith([by, "joint"]);
        }
        return standing.Count > 0;
    }

    static bool IsOpen(IReadOnlyList<NaiveItem> changes)
    {
        var state = ActionState.Agreed;
        foreach (var c in changes)
            if (c.Type == "action_unblocked" && To(c) == ActionState.Agreed ? state == ActionState.Blocked : ActionStates.Allows(state, To(c))) state = To(c);
        return !ActionStates.IsClosed(state);
    }

    static ActKind Kind(NaiveItem act) => Slug.TryParse<ActKind>((string)act.Said["kind"]!, out var kind) ? kind : throw new InvalidOperationException();

    static ActionState To(NaiveItem change) => change.Twin?.Said["state"] is { } state && Slug.TryParse<ActionState>((string)state!, out var said) ? said : change.Type switch
    {
        "action_blocked" => ActionState.Blocked, "action_reported_done" => ActionState.ReportedDone, "action_verified" => ActionState.Verified, "action_dropped" => ActionState.Dropped,
        "action_lapsed" => ActionState.Lapsed, "action_superseded" => ActionState.Superseded, _ => ActionState.Agreed,
    };

    // The rules over every set of items that may be all that happened by the day.
    static HashSet<Standing> Over(IEnumerable<NaiveItem> items, DateOnly asOf, Func<NaiveItem, int> rank, Func<NaiveItem, string> party, Func<IReadOnlyList<NaiveItem>, Standing> rule)
    {
        var ordered = items.OrderBy(i => Days(i)[0]).ThenBy(i => Days(i)[^1]).ThenBy(rank).ThenBy(party, StringComparer.Ordinal).ThenBy(i => i.Event)
            .Select(i => (Item: i, When: Happened(i, asOf))).Where(i => i.When.Possible).ToList();
        var open = ordered.Where(i => !i.When.Certain).Select(i => i.Item).ToList();
        var rules = new HashSet<Standing>();
        for (var bits = 0; bits < 1 << open.Count; bits++)
            rules.Add(rule([.. ordered.Where(i => i.When.Certain || (bits >> open.IndexOf(i.Item) & 1) == 1).Select(i => i.Item)]));
        return rules;
    }

    // A term has run out on the day after its last.
    static DateOnly[] Days(NaiveItem i) => i.Type == Expired ? [.. NaiveDays.Of(i.Said["on"]!).Select(d => d == DateOnly.MinValue || d == DateOnly.MaxValue ? d : d.AddDays(1))] : NaiveDays.Of(i.Said["on"]!);

    static (bool Possible, bool Certain) Happened(NaiveItem i, DateOnly asOf) =>
        (Days(i).Any(d => d <= asOf), Days(i).All(d => d <= asOf) && !((string)i.Said["on"]!).Contains('?') && (bool?)i.Said["doubt"] != true);

    static HashSet<Standing> Cases(JsonNode on, DateOnly asOf, Standing where) =>
        Happened(on, asOf) switch { (false, _) => [Standing.NoRecord], (true, true) => [where], (true, false) => [where, Standing.NoRecord] };

    static (bool Possible, bool Certain) Happened(JsonNode on, DateOnly asOf)
    {
        var days = NaiveDays.Of(on);
        return (days.Any(d => d <= asOf), days.All(d => d <= asOf) && !((string)on!).Contains('?', StringComparison.Ordinal));
    }
}

/// <summary>Every day on which what a random history dates may have begun, written out; a date without a bound reaches far beyond every day asked about.</summary>
static class NaiveDays
{
    public static readonly string[] All =
        ["2018-03-01", "2018-11-30", "2019-02-03", "2019-05-05", "2019-08-20", "2019-12-31", "2020-01-15", "2020-06-30", "2020-07-02", "2020-10-10",
         "2019", "2020-06", "2020", "2019-05?", "[2020-01-15,2020-09-01]", "[..2020-03-01]", "2020-01/2020-03", ""];

    static readonly DateOnly past = DateOnly.MinValue, future = DateOnly.MaxValue;

    static readonly Dictionary<string, DateOnly[]> days = All.ToDictionary(text => text, text => text switch
    {
        "2019" => Through(new(2019, 1, 1), new(2019, 12, 31)), "2020" => Through(new(2020, 1, 1), new(2020, 12, 31)),
        "2020-06" => Through(new(2020, 6, 1), new(2020, 6, 30)), "2019-05?" => Through(new(2019, 5, 1), new(2019, 5, 31)), "2020-01/2020-03" => Through(new(2020, 1, 1), new(2020, 1, 31)),
        "[2020-01-15,2020-09-01]" => [new(2020, 1, 15), new(2020, 9, 1)], "[..2020-03-01]" => [past, .. Through(new(2018, 1, 1), new(2020, 3, 1))],
        "" => [past, future], _ => [DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)],
    });

    public static DateOnly[] Of(JsonNode on) => days[(string)on!];

    static DateOnly[] Through(DateOnly from, DateOnly to) => [.. Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber)];
}
