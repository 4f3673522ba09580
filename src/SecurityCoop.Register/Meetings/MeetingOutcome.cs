using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

[JsonConverter(typeof(SlugJson<OutcomeKind>))]
public enum OutcomeKind { Postponed, Cancelled, Held }

/// <summary>
/// What became of a planned meeting: put off, called off or held; by whom, on which day and why. Each is an item of the meeting that can be corrected,
/// reported on and taken back by itself (model.md, "Settled in November 2026", Postponed, cancelled, held).
/// </summary>
/// <param name="On">The day on which it was put off, called off or held; absent: no event says.</param>
/// <param name="By">Who put it off or called it off.</param>
/// <param name="Date">Of a postponement, the day to which it was put off; empty: not yet known.</param>
/// <param name="Denied">Whether, by a report that is preferred, it did not happen.</param>
public sealed record MeetingOutcome(
    OutcomeKind Kind, Edtf? On, string? By, Guid Event, long Position, DateTime RecordedAt, Edtf? Date = null, string? DateAsGiven = null, string? Reason = null,
    IReadOnlyList<Locator>? Sources = null, bool Withdrawn = false, bool Denied = false) : IDated
{
    internal static MeetingOutcome Of(OutcomeKind kind, Edtf? on, string? by, At at) => new(kind, on, by, at.Event, at.Position, at.RecordedAt, Reason: at.Reason, Sources: at.Sources);

    [JsonIgnore] public bool Stands => !Withdrawn && !Denied;

    // A postponement of which no day was kept held from the beginning, as far as anybody knows.
    [JsonIgnore] Edtf IDated.On => On ?? Edtf.By(DateOnly.MinValue);
    [JsonIgnore] int IDated.Rank => (int)Kind;
    [JsonIgnore] string IDated.Party => "";
}

/// <summary>The day for which a meeting was planned.</summary>
public sealed record PlannedDay(Edtf Date, string? DateAsGiven);

public sealed partial record Meeting
{
    /// <summary>What became of the plan, in the order of recording; none where the meeting was first recorded as held.</summary>
    public IReadOnlyList<MeetingOutcome> Outcomes { get; init; } = [];
    /// <summary>The day for which it was planned first; null where it was first recorded as held.</summary>
    public PlannedDay? PlannedFor { get; init; }
    /// <summary>As it was planned, while it is recorded as held: what is left when the holding is taken back.</summary>
    public MeetingDetails? Plan { get; init; }

    /// <summary>The event that says that it was held, with its sources: the holding, or the first recording.</summary>
    public FirstSaid Holding => Outcomes.LastOrDefault(o => o.Kind == OutcomeKind.Held && o.Stands) is { } held ? new(held.Event, held.Position, held.Sources) : First;

    /// <summary>The states that are possible at a day: before it was called off, put off or held, a meeting is planned. None where nothing was planned.</summary>
    public IReadOnlySet<MeetingState> StatesAt(DateOnly asOf)
    {
        var planned = Outcomes.Where(o => o.Stands && o.Kind != OutcomeKind.Held).PossibleStates(PlannedFor is null ? MeetingState.None : MeetingState.Planned, asOf,
            (state, o) => o.Kind == OutcomeKind.Cancelled || state == MeetingState.Cancelled ? MeetingState.Cancelled : MeetingState.Postponed);
        if (State != MeetingState.Held) return planned;
        return Details!.Date.StartedBy(asOf) switch
        {
            Certainty.Certain => new HashSet<MeetingState> { MeetingState.Held },
            Certainty.Possible => planned.Append(MeetingState.Held).ToHashSet(),
            Certainty.No => planned,
        };
    }

    /// <summary>A holding is described as the meeting is: what is said of one is said of the other.</summary>
    internal override Guid? OwnerOf(Guid? of, string field) => IsHolding(of) ? null : of;

    bool IsHolding(Guid? of) => of is not null && Outcomes.Any(o => o.Event == of && o.Kind == OutcomeKind.Held);

    Part PartOf(MeetingOutcome outcome) => Part.Of(new(outcome.Event, outcome.Position, outcome.Sources), outcome, RegisterJson.Of<MeetingOutcome>(), x => Outcome(outcome.Event, _ => x).Settled(), x => x.On ?? x.Date,
        CheckOutcome, kept: outcome.Kind == OutcomeKind.Postponed ? ["kind"] : ["kind", "date", "dateAsGiven"],
        happened: (!outcome.Denied, yes => Outcome(outcome.Event, o => o with { Denied = !yes }).Settled()));

    static void CheckOutcome(MeetingOutcome o)
    {
        if (o is { Kind: OutcomeKind.Postponed, Date: null }) throw Refusal.OfField("/fields/date", "required");
        if (o is { Kind: OutcomeKind.Cancelled, On: null }) throw Refusal.OfField("/fields/on", "required");
    }

    Meeting Outcome(Guid of, Func<MeetingOutcome, MeetingOutcome> change) => this with { Outcomes = [.. Outcomes.Select(o => o.Event == of ? change(o) : o)] };

    MeetingOutcome? LastPostponement => Outcomes.LastOrDefault(o => o.Kind == OutcomeKind.Postponed && o.Stands);

    // The day of a meeting still planned is the last postponement's, or the plan's: a day put right is put right there.
    Meeting Described(MeetingDetails d)
    {
        var described = this with { Details = d };
        if (PlannedFor is null || State == MeetingState.Held || (d.Date == Details!.Date && d.DateAsGiven == Details.DateAsGiven)) return described;
        return LastPostponement is { } last ? described.Outcome(last.Event, o => o with { Date = d.Date, DateAsGiven = d.DateAsGiven }) : described with { PlannedFor = new(d.Date, d.DateAsGiven) };
    }

    // Where it stands after everything that is recorded, in the order in which it can have been decided: a meeting held was neither called off nor put off any longer.
    Meeting Settled()
    {
        if (PlannedFor is null || Details is null) return this;
        var held = Outcomes.Any(o => o.Kind == OutcomeKind.Held && o.Stands);
        if (held) return this with { State = MeetingState.Held };
        var settled = Plan is null ? this : this with { Details = Plan, Plan = null, Validated = false };
        var day = LastPostponement is { } last ? new PlannedDay(last.Date!, last.DateAsGiven) : PlannedFor;
        return settled with
        {
            State = Outcomes.Any(o => o.Kind == OutcomeKind.Cancelled && o.Stands) ? MeetingState.Cancelled : LastPostponement is null ? MeetingState.Planned : MeetingState.Postponed,
            Details = settled.Details! with { Date = day.Date, DateAsGiven = day.DateAsGiven },
        };
    }

    /// <summary>The refusal of a day to come for a field; null where such a day may be.</summary>
    internal string? SlugOfFuture(Guid? of, string field) =>
        of is null || IsHolding(of) ? field == "date" && State == MeetingState.Held ? "held-in-future" : null : field == "on" && Outcomes.Any(o => o.Event == of) ? "done-in-future" : null;
}
