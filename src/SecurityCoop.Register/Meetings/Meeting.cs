using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

[JsonConverter(typeof(SlugJson<MeetingState>))]
public enum MeetingState { None, Planned, Postponed, Held, Cancelled }

/// <summary>What may be done with a meeting on record.</summary>
public enum MeetingStep { Postpone, Cancel, Hold, AddStatement, Reclassify, Identify, Validate }

/// <summary>Which step may be taken in which state.</summary>
public static class MeetingSteps
{
    // A dot: it may be taken. =: it has been, and nothing is recorded. Otherwise the refusal, by name.
    static readonly (MeetingState State, string Steps)[] table =
    [
        // state                     postpone           cancel             hold               add-statement      reclassify         identify           validate
        (MeetingState.Planned,      ".                  .                  .                  meeting-not-held   no-such-statement  .                  meeting-not-held"),
        (MeetingState.Postponed,    ".                  .                  .                  meeting-not-held   no-such-statement  .                  meeting-not-held"),
        (MeetingState.Held,         "meeting-held       meeting-held       =                  .                  .                  .                  ."),
        (MeetingState.Cancelled,    "meeting-cancelled  =                  meeting-cancelled  meeting-not-held   no-such-statement  .                  meeting-not-held"),
    ];

    static readonly Dictionary<MeetingState, string[]> rows = table.ToDictionary(r => r.State, r => r.Steps.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>".", "=" or the slug of the refusal.</summary>
    public static string Of(MeetingState state, MeetingStep step) => rows[state][(int)step];
}

/// <summary>A meeting with its statements, as its events leave it.</summary>
public sealed partial record Meeting : RecordState
{
    public static readonly Meeting Initial = new();

    public MeetingState State { get; init; }
    public MeetingDetails? Details { get; init; }
    public IReadOnlyList<RecordedStatement> Statements { get; init; } = [];
    public bool Validated { get; init; }

    public Meeting Evolve(object e, At at) => Fold(e, at).Settled().Seen(e, at);

    Meeting Fold(object e, At at) => e switch
    {
        MeetingPlanned x => this with { State = MeetingState.Planned, Details = x, PlannedFor = new(x.Date, x.DateAsGiven) },
        MeetingHeld x when !Exists => this with { State = MeetingState.Held, Details = x },
        MeetingHeld x => (this with { Plan = Details, Details = x, Outcomes = [.. Outcomes, MeetingOutcome.Of(OutcomeKind.Held, x.Date, null, at)] }).SaidAnew(),
        MeetingPostponed x => this with { Outcomes = [.. Outcomes, MeetingOutcome.Of(OutcomeKind.Postponed, x.On, x.By, at) with { Date = x.Date, DateAsGiven = x.DateAsGiven }] },
        MeetingCancelled x => this with { Outcomes = [.. Outcomes, MeetingOutcome.Of(OutcomeKind.Cancelled, x.On, x.By, at)] },
        MeetingStatementRecorded x => this with { Statements = [.. Statements, RecordedStatement.From(x, at, null, x.HomeOrganisation)] },
        MeetingStatementReclassified x => With(s => s.Said.Number == x.Number, s => s.Reclassified(x.Force, x.ClassifiedBy, at)).Set("force", at, StatementEvent(x.Number), ChangedFieldList.Reclassified),
        MeetingStatementOpened x => With(s => s.Said.Number == x.Number, s => s.Opened(x.Opens)),
        MeetingParticipantIdentified x => this with { Details = Identified(x) },
        MeetingValidated => this with { Validated = true },
        MeetingReportRecorded or MeetingReportPreferred or MeetingRefined or MeetingCorrected => (Meeting)this.AfterFields((IAboutFields)e, at),
        MeetingWithdrawn { Of: null } => this with { Withdrawn = true },
        MeetingWithdrawn x => With(s => s.Event == x.Of, s => s with { Withdrawn = true }) with { Outcomes = [.. Outcomes.Select(o => o.Event == x.Of ? o with { Withdrawn = true } : o)] },
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    Meeting With(Func<RecordedStatement, bool> which, Func<RecordedStatement, RecordedStatement> change) =>
        this with { Statements = [.. Statements.Select(s => which(s) ? change(s) : s)] };

    MeetingDetails Identified(MeetingParticipantIdentified x)
    {
        var people = (x.Side == Side.Home ? Details!.Home : Details!.PartnerSide)!.ToArray();
        people[x.Index] = people[x.Index] with { Person = x.Person };
        return x.Side == Side.Home ? Details! with { Home = people } : Details! with { PartnerSide = people };
    }

    internal override bool HasPart(Guid recordedBy) => Statements.Any(s => s.Event == recordedBy);

    internal override Guid? PartSpokenOf(object e, At at) => e switch
    {
        MeetingStatementReclassified x => StatementEvent(x.Number),
        MeetingStatementOpened x => StatementEvent(x.Number),
        _ => base.PartSpokenOf(e, at),
    };

    Guid? StatementEvent(int number) => Statements.FirstOrDefault(s => s.Said.Number == number)?.Event;

    protected override RecordState Without(IReadOnlySet<Guid> parts) => this with { Statements = [.. Statements.Where(s => !parts.Contains(s.Event))] };

    public override Part? PartOf(Guid? of) =>
        of is null || IsHolding(of) ? Part.Of(First, Details!, RegisterJson.Of<MeetingDetails>(), Described, d => d.Date, d => RecordMeeting.CheckDetails(d, "/fields"))
        : Outcomes.FirstOrDefault(o => o.Event == of) is { } outcome ? PartOf(outcome)
        : Statements.FirstOrDefault(s => s.Event == of)?.AsPart(s => With(x => x.Event == of, x => x with { Said = s }), Details!.Partners, Details.Date);

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new MeetingReportRecorded(f, of), (f, r, old, now, of) => new MeetingReportPreferred(f, r, old, now, of), (f, of) => new MeetingRefined(f, of), (f, of) => new MeetingCorrected(f, of));

    // Commands: what may be done with a meeting that is on record. Opening one is in RecordMeeting.cs.

    /// <exception cref="Refusal">meeting-held, meeting-cancelled: only a meeting still planned can be put off.</exception>
    public IReadOnlyList<Fact> Postpone(Edtf date, string? asGiven, Edtf? on = null, string? by = null)
    {
        Takes(MeetingStep.Postpone);
        return State == MeetingState.Postponed && Details!.Date.Equals(date) ? [] : [new(new MeetingPostponed(date, asGiven, on, by), on ?? date)];
    }

    public IReadOnlyList<Fact> Cancel(Edtf on, string? by) => Takes(MeetingStep.Cancel) ? [new(new MeetingCancelled(on, by), on)] : [];

    /// <summary>The planned meeting took place, as <paramref name="held"/> describes it.</summary>
    public IReadOnlyList<Fact> Hold(MeetingDetails held)
    {
        if (!Takes(MeetingStep.Hold)) return [];
        RecordMeeting.CheckDetails(held);
        return [new(new MeetingHeld(held), held.Date)];
    }

    public IReadOnlyList<Fact> Reclassify(int number, Force force, string? by, IReadOnlyList<Locator>? sources)
    {
        var s = Numbered(number);
        return s.Said.Force == force ? [] : [new(new MeetingStatementReclassified(number, force, by), Details!.Date, sources, Corrects: s.Event)];
    }

    /// <exception cref="Refusal">no-such-participant; participant-identified where another person already stands there.</exception>
    public IReadOnlyList<Fact> Identify(Side side, int index, string person)
    {
        Takes(MeetingStep.Identify);
        var people = (side == Side.Home ? Details!.Home : Details!.PartnerSide) ?? [];
        if (index < 0 || index >= people.Count) throw Refusal.OfField("/index", "no-such-participant", $"{index}", $"{people.Count}");
        if (people[index].Person == person) return [];
        if (people[index].Person is not null) throw Refusal.Because("participant-identified", Reference!, $"{index}");
        return [new(new MeetingParticipantIdentified(side, index, person), Details!.Date)];
    }

    public IReadOnlyList<Fact> Validate()
    {
        Takes(MeetingStep.Validate);
        return Validated ? [] : [new(new MeetingValidated())];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new MeetingWithdrawn(), Corrects: this.Standing("meeting").FirstEvent)];
        var outcome = Outcomes.FirstOrDefault(o => o.Event == of);
        // What was said there cannot have been said at a meeting that did not take place.
        if (outcome is { Kind: OutcomeKind.Held, Withdrawn: false } && Statements.Where(s => !s.Withdrawn).Select(s => $"{s.Said.Number}").ToList() is { Count: > 0 } said)
            throw Refusal.Because("holding-has-statements", Reference ?? "meeting", string.Join(", ", said));
        var gone = outcome?.Withdrawn ?? Statements.FirstOrDefault(s => s.Event == of)?.Withdrawn ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "meeting", $"{of}");
        return gone ? [] : [new(new MeetingWithdrawn(of), Corrects: of)];
    }

    /// <summary>Whether the step changes anything in this state.</summary>
    /// <exception cref="Refusal">meeting-held, meeting-cancelled or meeting-not-held, as the table says; no-such-statement is for the statement's own search.</exception>
    internal bool Takes(MeetingStep step) => MeetingSteps.Of(this.Standing("meeting").State, step) switch
    {
        "meeting-held" => throw Refusal.Because("meeting-held", Reference!),
        "meeting-cancelled" => throw Refusal.Because("meeting-cancelled", Reference!),
        "meeting-not-held" => throw Refusal.Because("meeting-not-held", Reference!),
        "=" => false,
        _ => true,
    };

    RecordedStatement Numbered(int number) =>
        this.Standing("meeting").Statements.FirstOrDefault(s => s.Said.Number == number && !s.Withdrawn) ?? throw Refusal.Because("no-such-statement", Reference!, $"{number}");
}
