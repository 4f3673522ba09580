using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Actions;

/// <summary>A change of an action's state, on its day of the world.</summary>
/// <param name="By">Stream id of the action that takes its place.</param>
/// <param name="Unblocks">True for the end of a hindrance, which brings back nothing that was closed meanwhile.</param>
/// <param name="FollowUp">The follow-up that brought it: one fact, told by two events.</param>
public sealed record StateChange(
    ActionState To, Edtf On, Guid Event, long Position, bool Withdrawn = false, bool? Unblocks = null, string? By = null, Guid? FollowUp = null, IReadOnlyList<Locator>? Sources = null) : IDated
{
    // Where two changes fall on one day, closing comes after what it closes and reopening last.
    int IDated.Rank => To == ActionState.Agreed ? 10 : (int)To;
    string IDated.Party => "";
}

/// <summary>A follow-up as recorded.</summary>
/// <param name="ProtectedFor">The person for whom the note is protected: it is opened from beside its event, by whoever may.</param>
/// <param name="ReviewBefore">The review date that stood when it was recorded, where it names another.</param>
/// <param name="Command">The command that gave it its state: the change of state that this command recorded is the same fact.</param>
public sealed record FollowUp(
    Edtf On, string? Note, ActionState? State, DateOnly? NextReview, string? Meeting, Guid Event, long Position, DateTime RecordedAt, bool Withdrawn = false, string? ProtectedFor = null, Guid? Command = null, DateOnly? ReviewBefore = null);

/// <summary>Fields of an action that a statement opens; what is absent follows from the statement and its meeting.</summary>
public sealed record OpenedAction(
    string? What = null, OwedBy? OwedBy = null, string? Owner = null, Edtf? Due = null, string? DueAsGiven = null, string? Standing = null,
    bool? WindsDown = null, DateOnly? ReviewOn = null);

/// <summary>An agreed action as its events leave it.</summary>
public sealed partial record AgreedAction : RecordState
{
    public static readonly AgreedAction Initial = new();

    /// <summary>An undated commitment is looked at again after this many months, unless somebody says when.</summary>
    public const int ReviewMonths = 6;

    public ActionDetails? Details { get; init; }
    public IReadOnlyList<StateChange> Changes { get; init; } = [];
    /// <summary>Changes on record that did not happen, by the reports that are preferred: they move nothing.</summary>
    public IReadOnlyList<StateChange> DeniedChanges { get; init; } = [];
    public IReadOnlyList<FollowUp> FollowUps { get; init; } = [];
    /// <summary>The follow-up that set the review date; null: the action itself, or nobody, did.</summary>
    public Guid? ReviewFrom { get; init; }
    /// <summary>Stream id of the action that takes its place, while it is superseded.</summary>
    public string? SupersededBy { get; init; }
    /// <summary>Whether the statement or meeting that it comes from was withdrawn; the action stays until somebody says what becomes of it.</summary>
    public bool? OriginWithdrawn { get; init; }
    /// <summary>The force that the statement has now, where it no longer agrees on an action.</summary>
    public Force? OriginForce { get; init; }

    /// <summary>The state when everything recorded has happened: changes in the world's order, not in the order of recording.</summary>
    public ActionState State => Left(Valid);

    IEnumerable<StateChange> Valid => Changes.Where(c => !c.Withdrawn);

    StateChange? LastChange => Valid.InWorldOrder().LastOrDefault();

    static ActionState Left(IEnumerable<StateChange> changes) => changes.InWorldOrder().Aggregate(ActionState.Agreed, After);

    // A change that the state before it does not allow leaves that state: what was closed on a day nobody knows, and so comes first, stays closed.
    static ActionState After(ActionState state, StateChange c) =>
        (c.Unblocks == true ? state == ActionState.Blocked : ActionStates.Allows(state, c.To)) ? c.To : state;

    /// <summary>The states that are possible at a day, once the action had been agreed.</summary>
    public IReadOnlySet<ActionState> StatesAt(DateOnly asOf) => Valid.PossibleStates(ActionState.Agreed, asOf, After);

    public AgreedAction Evolve(object e, At at) => Fold(e, at).Joined().Replaced().Seen(e, at);

    AgreedAction Replaced() => this with { SupersededBy = Valid.InWorldOrder().LastOrDefault(c => c.By is not null && State == ActionState.Superseded)?.By };

    AgreedAction Fold(object e, At at) => e switch
    {
        // Said again, a withdrawn one stands again.
        ActionAgreed x => this with { Details = WithoutDefault(x, at), Withdrawn = false },
        ActionAssigned x => this with { Details = Details! with { Owner = x.Owner } },
        ActionDueDateSet x => (this with { Details = Details! with { Due = x.Due.IsUnknown ? null : x.Due, DueAsGiven = x.DueAsGiven } }).Set("due", at),
        ActionReviewDateSet x => (this with { Details = Details! with { ReviewOn = x.ReviewOn }, ReviewFrom = null }).Set("reviewOn", at),
        ActionFollowUpRecorded x => FollowedUp(x, at),
        ActionBlocked x => To(ActionState.Blocked, x.On, at),
        ActionUnblocked x => this with { Changes = [.. Changes, new(ActionState.Agreed, x.On, at.Event, at.Position, Unblocks: true, FollowUp: FollowUpOf(at.Command), Sources: at.Sources)] },
        ActionReportedDone x => To(ActionState.ReportedDone, x.On, at),
        ActionVerified x => To(ActionState.Verified, x.On, at),
        ActionReopened x => To(ActionState.Agreed, x.On, at),
        ActionDropped x => To(ActionState.Dropped, x.On, at),
        ActionLapsed x => To(ActionState.Lapsed, x.On, at),
        ActionSuperseded x => To(ActionState.Superseded, x.On, at, x.By),
        ActionOriginChanged x => this with { OriginWithdrawn = x.Change == OriginChange.Withdrawn ? true : null, OriginForce = x.Force == Force.AgreedAction ? null : x.Force },
        ActionReportRecorded or ActionReportPreferred or ActionRefined or ActionCorrected => ((AgreedAction)this.AfterFields((IAboutFields)e, at)).Given((IAboutFields)e, at),
        ActionWithdrawn { Of: null } => this with { Withdrawn = true },
        ActionWithdrawn x => Item(x.Of!.Value, f => f with { Withdrawn = true }, c => c with { Withdrawn = true }),
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    AgreedAction FollowedUp(ActionFollowUpRecorded x, At at)
    {
        // A follow-up that arrives late says nothing of the review that a later one has set.
        var reviews = x.NextReview is not null && !FollowUps.Any(f => !f.Withdrawn && f.NextReview is not null && x.On.IsBefore(f.On) == Certainty.Certain);
        var followUp = new FollowUp(x.On, x.Note, x.State, x.NextReview, x.Meeting, at.Event, at.Position, at.RecordedAt,
            ProtectedFor: at.ProtectedFor("/note"), Command: x.State is null ? null : at.Command, ReviewBefore: reviews ? Details!.ReviewOn : null);
        var followed = this with { FollowUps = [.. FollowUps, followUp] };
        return !reviews ? followed : (followed with { Details = Details! with { ReviewOn = x.NextReview }, ReviewFrom = at.Event }).Set("reviewOn", at);
    }

    // An unknown due date is none.
    static ActionDetails Undated(ActionDetails d) => d.Due is { IsUnknown: true } ? d with { Due = null } : d;

    AgreedAction To(ActionState to, Edtf on, At at, string? by = null) => this with { Changes = [.. Changes, new(to, on, at.Event, at.Position, By: by, FollowUp: FollowUpOf(at.Command), Sources: at.Sources)] };

    AgreedAction Item(Guid of, Func<FollowUp, FollowUp> followUp, Func<StateChange, StateChange> change) => this with
    {
        FollowUps = [.. FollowUps.Select(f => f.Event == of ? followUp(f) : f)],
        Changes = [.. Changes.Select(c => c.Event == of ? change(c) : c)],
        DeniedChanges = [.. DeniedChanges.Select(c => c.Event == of ? change(c) : c)],
    };

    public override Part? PartOf(Guid? of) =>
        of is null ? Part.Of(First, Details!, RegisterJson.Of<ActionDetails>(), d => this with { Details = Undated(d) }, d => d.On, d => CheckDetails(d, "/fields"))
        : FollowUps.FirstOrDefault(f => f.Event == of) is { } followUp ? Part.Of(new(followUp.Event, followUp.Position), followUp, RegisterJson.Of<FollowUp>(), x => Item(followUp.Event, _ => x, c => c), x => x.On, CheckNote, closed: followUp.ProtectedFor is null ? null : "note")
        : Changes.Concat(DeniedChanges).FirstOrDefault(c => c.Event == of) is { } change ? Part.Of(new(change.Event, change.Position, change.Sources), change, RegisterJson.Of<StateChange>(), x => Changed(change, x), x => x.On,
            kept: ["to", "unblocks", "by"], happened: (Changes.Contains(change), yes => Turned(change, yes)))
        : null;

    AgreedAction Turned(StateChange c, bool happened) => this with
    {
        Changes = [.. Changes.Where(x => x.Event != c.Event), .. happened ? [c] : Array.Empty<StateChange>()],
        DeniedChanges = [.. DeniedChanges.Where(x => x.Event != c.Event), .. happened ? [] : new[] { c }],
    };

    static void CheckNote(FollowUp f)
    {
        if (f.ProtectedFor is null && string.IsNullOrWhiteSpace(f.Note)) throw Refusal.OfField("/fields/note", "required");
    }

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new ActionReportRecorded(f, of), (f, r, old, now, of) => new ActionReportPreferred(f, r, old, now, of), (f, of) => new ActionRefined(f, of), (f, of) => new ActionCorrected(f, of));

    // Commands

    /// <summary>Agrees a new action. When it is looked at again unless the command says when, <see cref="ReviewDay"/> derives.</summary>
    /// <exception cref="Refusal">required, at /what; standing-and-due where both are given.</exception>
    public static StreamFacts Agree(string stream, ActionDetails d, Asked asked, string pointer = "", Fact? from = null)
    {
        CheckDetails(d, pointer);
        d = Undated(d);
        Outcomes.CheckAgreed(d, asked.Today, pointer);
        var fact = from ?? new Fact(d);
        return new(stream, [fact with { Event = new ActionAgreed(d), Effective = d.On }], $"{d.Partner}-ACT");
    }

    /// <summary>The action as a decision that agrees it leaves it, for what the same command goes on to say of it.</summary>
    public static AgreedAction After(StreamFacts agreed) =>
        Initial.After(agreed.Facts) with { Reference = agreed.ReferencePrefix };

    /// <summary>The same after more facts.</summary>
    public AgreedAction After(IReadOnlyList<Fact> facts) =>
        (AgreedAction)facts.Aggregate((RecordState)this, (state, fact) => state.After(fact.Event));

    static void CheckDetails(ActionDetails d, string pointer)
    {
        if (string.IsNullOrWhiteSpace(d.What)) throw Refusal.OfField($"{pointer}/what", "required");
        HomeCountry.CheckForeign(d.Partner, $"{pointer}/partner");
        if (d.Standing is not null && d.Due is { IsUnknown: false }) throw Refusal.OfField($"{pointer}/standing", "standing-and-due");
    }

    internal static StreamFacts OpenFrom(string partner, Statement said, NewStatement s, Scene scene, string pointer, Asked asked)
    {
        var given = s.Action ?? new OpenedAction();
        var what = given.What ?? s.OpenText ?? throw Refusal.OfField($"{pointer}/action/what", "what-or-text");
        var owed = given.OwedBy ?? said.Speaker switch { Statements.Joint => OwedBy.Both, Statements.Home => OwedBy.Home, _ => OwedBy.Partner };
        var details = new ActionDetails
        {
            Partner = partner, What = what, OwedBy = owed, On = scene.Date, Owner = given.Owner, Due = given.Due, DueAsGiven = given.DueAsGiven, Standing = given.Standing,
            WindsDown = given.WindsDown, ReviewOn = given.ReviewOn, Topics = said.Topics, Meeting = scene.Meeting, Statement = said.Number, HomeOrganisation = s.HomeOrganisation ?? scene.HomeOrganisation,
        };
        return Agree(asked.NewStream("action"), details, asked, $"{pointer}/action", new Fact(details, Sources: s.Sources, Credibility: s.Credibility, Reason: s.Reason,
            Marking: s.Marking, OnBehalfOf: s.OnBehalfOf, Groups: s.Groups));
    }

    public IReadOnlyList<Fact> Assign(string owner, Edtf? on = null) => Open().Details!.Owner == owner ? [] : [new(new ActionAssigned(owner, on), on)];

    /// <summary>The statement or meeting that it comes from was withdrawn, reclassified or restored.</summary>
    public IReadOnlyList<Fact> OriginChanged(OriginChange change, Force force) =>
        Withdrawn || (OriginWithdrawn == true) == (change == OriginChange.Withdrawn) && (OriginForce ?? Force.AgreedAction) == force ? [] : [new(new ActionOriginChanged(change, force))];

    /// <param name="due">Empty: undated from now on.</param>
    public IReadOnlyList<Fact> SetDue(Edtf due, string? asGiven)
    {
        if (Open().Details!.Standing is not null && !due.IsUnknown) throw Refusal.Because("standing-never-due", Reference!);
        return (Details!.Due ?? Edtf.Unknown).Equals(due) ? [] : [new(new ActionDueDateSet(due, asGiven))];
    }

    public IReadOnlyList<Fact> SetReview(DateOnly on) => Open().Details!.ReviewOn == on ? [] : [new(new ActionReviewDateSet(on))];

    /// <summary>A follow-up; with a state it is followed by that state's own event, unless the action stands there already.</summary>
    /// <exception cref="Refusal">action-closed: what is closed takes no follow-up of a later day until it is reopened.</exception>
    public IReadOnlyList<Fact> FollowUp(Edtf on, string note, ActionState? state, DateOnly? nextReview, string? meeting, string? protectFor = null)
    {
        this.Standing("action");
        if (string.IsNullOrWhiteSpace(note)) throw Refusal.OfField("/note", "required");
        if (ActionStates.IsClosed(State) && state != ActionState.Agreed && on.IsBefore(LastChange!.On) != Certainty.Certain)
            throw Refusal.Because("action-closed", Reference!, Slug.Of(State));
        var followUp = new Fact(new ActionFollowUpRecorded(on, note, state, nextReview, meeting), on, Protect: protectFor is null ? null : new("/note", protectFor));
        return state is { } to ? [followUp, .. Become(to, on)] : [followUp];
    }

    /// <summary>
    /// Sets the state on a day; already there, it changes nothing. A change of an earlier day than others on record must fit between them:
    /// histories arrive in pieces.
    /// </summary>
    /// <exception cref="Refusal">state-not-reachable, standing-never-done; same-day-order where another change, whose day may be the same, would come after it.</exception>
    public IReadOnlyList<Fact> Become(ActionState to, Edtf on, string? by = null)
    {
        this.Standing("action");
        var before = Valid.Where(c => on.IsBefore(c.On) != Certainty.Certain).ToList();
        var from = Left(before);
        if (to == from) return [];
        if (!ActionStates.Allows(from, to)) throw Refusal.Because("state-not-reachable", Reference!, Slug.Of(from), Slug.Of(to));
        if (Valid.Except(before).InWorldOrder().FirstOrDefault() is { } next && !ActionStates.Allows(to, next.To))
            throw Refusal.Because("state-not-reachable", Reference!, Slug.Of(to), Slug.Of(next.To));
        if (Details!.Standing is not null && !ActionStates.AllowsStanding(to))
            throw Refusal.Because("standing-never-done", Reference!);
        var unblocks = to == ActionState.Agreed && from == ActionState.Blocked;
        if (Left([.. before, new(to, on, Guid.Empty, 0, Unblocks: unblocks)]) != to)
            throw Refusal.Because("same-day-order", Reference!, Slug.Of(to), on.Text);
        object e = to switch
        {
            ActionState.Agreed when unblocks => new ActionUnblocked(on),
            ActionState.Agreed => new ActionReopened(on),
            ActionState.Blocked => new ActionBlocked(on, by),
            ActionState.ReportedDone => new ActionReportedDone(on),
            ActionState.Verified => new ActionVerified(on),
            ActionState.Dropped => new ActionDropped(on),
            ActionState.Lapsed => new ActionLapsed(on),
            ActionState.Superseded => new ActionSuperseded(on, by),
        };
        return [new(e, on)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new ActionWithdrawn(), Corrects: this.Standing("action").FirstEvent)];
        var known = FollowUps.FirstOrDefault(f => f.Event == of)?.Withdrawn ?? Changes.Concat(DeniedChanges).FirstOrDefault(c => c.Event == of)?.Withdrawn
            ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "action", $"{of}");
        return known ? [] : [new(new ActionWithdrawn(of), Corrects: of)];
    }

    AgreedAction Open() =>
        ActionStates.IsClosed(this.Standing("action").State) ? throw Refusal.Because("action-closed", Reference!, Slug.Of(State)) : this;
}

/// <summary>Which state may follow which. Everything closed can only be reopened.</summary>
public static class ActionStates
{
    // x: cannot follow. =: it stands there already, and nothing is recorded. A dot: it may follow.
    static readonly (ActionState From, bool Closed, string To)[] table =
    [
        // from                      closed  agr blo rep ver dro lap sup   to
        (ActionState.Agreed,         false, "=   .   .   .   .   .   ."),
        (ActionState.Blocked,        false, ".   =   .   .   .   .   ."),
        (ActionState.ReportedDone,   false, ".   .   =   .   .   x   ."),
        (ActionState.Verified,       true,  ".   x   x   =   x   x   x"),
        (ActionState.Dropped,        true,  ".   x   x   x   =   x   x"),
        (ActionState.Lapsed,         true,  ".   x   x   x   x   =   x"),
        (ActionState.Superseded,     true,  ".   x   x   x   x   x   ="),
    ];

    // A standing duty has a relative deadline and no end: what x marks it never reaches.
    const string OfStanding =       ".   .   x   x   .   .   .";

    static readonly Dictionary<ActionState, (bool Closed, string[] To)> rows = table.ToDictionary(r => r.From, r => (r.Closed, Cells(r.To)));

    static string[] Cells(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static bool IsClosed(ActionState s) => rows[s].Closed;

    /// <summary>Whether the second may come after the first; a state may be said again.</summary>
    public static bool Allows(ActionState from, ActionState to) => rows[from].To[(int)to] is "." or "=";

    public static bool AllowsStanding(ActionState to) => Cells(OfStanding)[(int)to] == ".";
}
