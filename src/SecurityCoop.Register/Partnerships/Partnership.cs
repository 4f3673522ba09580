using System.Text.Json.Serialization;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Partnerships;

[JsonConverter(typeof(SlugJson<TurnKind>))]
public enum TurnKind { Suspended, Resumed, Closed, Reopened }

/// <summary>A suspension or a closing of the partnership as a whole or in part, or its end.</summary>
public sealed record Turn(TurnKind Kind, Edtf On, string By, string? Part, string? HomeOrganisation, Guid Event, long Position, Marking Marking, IReadOnlyList<Locator>? Sources, bool Withdrawn = false) : IDated
{
    int IDated.Rank => (int)Kind;
    string IDated.Party => By;
    [JsonIgnore] public bool OfWhole => Part is null;
}

/// <param name="ProtectedFor">The person for whom the note is protected: it is opened from beside its event, by whoever may.</param>
public sealed record Note([property: JsonPropertyName("note")] string? Text, Edtf? On, Guid Event, long Position, DateTime RecordedAt, bool Withdrawn = false, string? ProtectedFor = null);

/// <summary>Who is turned to on one side, from a day on.</summary>
public sealed record FocalPoint(Side Side, string? Person, Office? Office, Edtf? On, Guid Event, long Position, IReadOnlyList<Locator>? Sources = null, bool Withdrawn = false) : IDated
{
    [JsonIgnore] Edtf IDated.On => On ?? Edtf.Parse("");
    [JsonIgnore] int IDated.Rank => 0;
    [JsonIgnore] string IDated.Party => "";
}

/// <summary>Which sides' suspensions stand, and whether the partnership is closed.</summary>
public readonly record struct PartnershipLife(bool ByHome, bool ByPartner, bool Jointly, bool Closed)
{
    public bool Suspended => ByHome || ByPartner || Jointly;

    public PartnershipLife After(Turn t) => t.Kind switch
    {
        TurnKind.Closed => this with { Closed = true },
        TurnKind.Reopened => this with { Closed = false },
        // What is suspended in part is not suspended as a whole; nor is any longer what is taken up again in part.
        TurnKind.Suspended when t.Part is not null => this,
        TurnKind.Suspended => t.By switch { Statements.Home => this with { ByHome = true }, Statements.Joint => this with { Jointly = true }, _ => this with { ByPartner = true } },
        // One side's resumption does not lift the other's suspension; a joint one lifts all. What was suspended jointly either side can take up again.
        TurnKind.Resumed => t.By switch
        {
            Statements.Home => this with { ByHome = false, Jointly = false },
            Statements.Joint => this with { ByHome = false, ByPartner = false, Jointly = false },
            _ => this with { ByPartner = false, Jointly = false },
        },
    };
}

/// <summary>The frame of a bilateral partnership: suspensions, notes, focal points, statements outside meetings.</summary>
public sealed record Partnership : RecordState
{
    public static readonly Partnership Initial = new();

    /// <summary>Twelve months without contact make a partnership dormant, unless its own review period says otherwise.</summary>
    public const int DefaultReviewMonths = 12;

    public PartnershipDetails? Details { get; init; }
    public IReadOnlyList<Turn> Turns { get; init; } = [];
    /// <summary>Turns on record that did not happen, by the reports that are preferred: they move nothing.</summary>
    public IReadOnlyList<Turn> DeniedTurns { get; init; } = [];
    public IReadOnlyList<Note> Notes { get; init; } = [];
    public IReadOnlyList<RecordedStatement> Statements { get; init; } = [];
    /// <summary>All that were ever assigned, in the order of recording.</summary>
    public IReadOnlyList<FocalPoint> FocalPoints { get; init; } = [];
    public int ReviewMonths { get; init; } = DefaultReviewMonths;

    public static string StreamOf(string partner) => $"partnership-{partner}";

    public Partnership Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Partnership Fold(object e, At at) => e switch
    {
        PartnershipOpened x => this with { Details = x, Withdrawn = false },
        PartnershipSuspended x => Turned(new(TurnKind.Suspended, x.On, x.By, x.Part, x.HomeOrganisation, at.Event, at.Position, at.Marking, at.Sources)),
        PartnershipResumed x => Turned(new(TurnKind.Resumed, x.On, x.By, x.Part, x.HomeOrganisation, at.Event, at.Position, at.Marking, at.Sources)),
        PartnershipClosed x => Turned(new(TurnKind.Closed, x.On, "", null, null, at.Event, at.Position, at.Marking, at.Sources)),
        PartnershipReopened x => Turned(new(TurnKind.Reopened, x.On, "", null, null, at.Event, at.Position, at.Marking, at.Sources)),
        PartnershipNoteAdded x => this with { Notes = [.. Notes, new(x.Note, x.On, at.Event, at.Position, at.RecordedAt, ProtectedFor: at.ProtectedFor("/note"))] },
        PartnershipReviewPeriodSet x => this with { ReviewMonths = x.Months },
        PartnershipFocalPointAssigned x => this with { FocalPoints = [.. FocalPoints, new(x.Side, x.Person, x.Office, x.On, at.Event, at.Position, at.Sources)] },
        PartnershipStatementRecorded x => this with { Statements = [.. Statements, RecordedStatement.From(x, at, x.On, x.HomeOrganisation)] },
        PartnershipStatementReclassified x => Said(s => s.Said.Number == x.Number, s => s.Reclassified(x.Force, x.ClassifiedBy, at)).Set("force", at, StatementEvent(x.Number), ChangedFieldList.Reclassified),
        PartnershipStatementOpened x => Said(s => s.Said.Number == x.Number, s => s.Opened(x.Opens)),
        PartnershipReportRecorded or PartnershipReportPreferred or PartnershipRefined or PartnershipCorrected => (Partnership)this.AfterFields((IAboutFields)e, at),
        PartnershipWithdrawn { Of: null } => this with { Withdrawn = true },
        PartnershipWithdrawn x => Item(x.Of!.Value, t => t with { Withdrawn = true }, n => n with { Withdrawn = true }, s => s with { Withdrawn = true }, f => f with { Withdrawn = true }),
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    Partnership Turned(Turn t) => this with { Turns = [.. Turns, t] };

    Partnership Said(Func<RecordedStatement, bool> which, Func<RecordedStatement, RecordedStatement> change) =>
        this with { Statements = [.. Statements.Select(s => which(s) ? change(s) : s)] };

    Partnership Item(Guid of, Func<Turn, Turn> turn, Func<Note, Note> note, Func<RecordedStatement, RecordedStatement> statement, Func<FocalPoint, FocalPoint> focalPoint) => this with
    {
        Turns = [.. Turns.Select(t => t.Event == of ? turn(t) : t)],
        DeniedTurns = [.. DeniedTurns.Select(t => t.Event == of ? turn(t) : t)],
        Notes = [.. Notes.Select(n => n.Event == of ? note(n) : n)],
        Statements = [.. Statements.Select(s => s.Event == of ? statement(s) : s)],
        FocalPoints = [.. FocalPoints.Select(f => f.Event == of ? focalPoint(f) : f)],
    };

    internal override bool HasPart(Guid recordedBy) => Statements.Any(s => s.Event == recordedBy) || Notes.Any(n => n.Event == recordedBy);

    internal override Guid? PartSpokenOf(object e, At at) => e switch
    {
        PartnershipStatementReclassified x => StatementEvent(x.Number),
        PartnershipStatementOpened x => StatementEvent(x.Number),
        _ => base.PartSpokenOf(e, at),
    };

    Guid? StatementEvent(int number) => Statements.FirstOrDefault(s => s.Said.Number == number)?.Event;

    protected override RecordState Without(IReadOnlySet<Guid> parts) => this with
    {
        Statements = [.. Statements.Where(s => !parts.Contains(s.Event))], Notes = [.. Notes.Where(n => !parts.Contains(n.Event))],
    };

    public override Part? PartOf(Guid? of) =>
        of is null ? Part.Of(First, Details!, RegisterJson.Of<PartnershipDetails>(), d => this with { Details = d }, _ => null, CheckPartner)
        : Turns.Concat(DeniedTurns).FirstOrDefault(t => t.Event == of) is { } turn ? Part.Of(new(turn.Event, turn.Position, turn.Sources), turn, RegisterJson.Of<Turn>(), x => Item(turn.Event, _ => x, n => n, s => s, f => f), x => x.On,
            CheckTurn, kept: turn.Kind is TurnKind.Suspended or TurnKind.Resumed ? ["kind"] : ["kind", "by", "part", "homeOrganisation"], happened: (Turns.Contains(turn), yes => Turned(turn, yes)))
        : Notes.FirstOrDefault(n => n.Event == of) is { } note ? Part.Of(new(note.Event, note.Position), note, RegisterJson.Of<Note>(), x => Item(note.Event, t => t, _ => x, s => s, f => f), x => x.On, CheckNote, closed: note.ProtectedFor is null ? null : "note")
        : Statements.FirstOrDefault(s => s.Event == of) is { } said ? said.AsPart(x => Item(said.Event, t => t, n => n, s => s with { Said = x }, f => f), [Details!.Partner], said.On)
        : FocalPoints.FirstOrDefault(f => f.Event == of) is { } focal ? Part.Of(new(focal.Event, focal.Position, focal.Sources), focal, RegisterJson.Of<FocalPoint>(), x => Item(focal.Event, t => t, n => n, s => s, _ => x), x => x.On,
            x => CheckFocalPoint(x.Person, x.Office, "/fields/person"), kept: ["side"])
        : null;

    Partnership Turned(Turn turn, bool happened) => this with
    {
        Turns = [.. Turns.Where(t => t.Event != turn.Event), .. happened ? [turn] : Array.Empty<Turn>()],
        DeniedTurns = [.. DeniedTurns.Where(t => t.Event != turn.Event), .. happened ? [] : new[] { turn }],
    };

    void CheckPartner(PartnershipDetails d)
    {
        if (d.Partner != Details!.Partner) throw Refusal.OfField("/fields/partner", "identity-fixed");
    }

    void CheckTurn(Turn t)
    {
        if (t.Kind is TurnKind.Suspended or TurnKind.Resumed) CheckSide(t.By, "/fields/by");
    }

    static void CheckNote(Note n)
    {
        if (n.ProtectedFor is null && string.IsNullOrWhiteSpace(n.Text)) throw Refusal.OfField("/fields/note", "required");
    }

    static void CheckFocalPoint(string? person, Office? office, string pointer)
    {
        if (person is null && office is null) throw Refusal.OfField(pointer, "participant-empty");
    }

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new PartnershipReportRecorded(f, of), (f, r, old, now, of) => new PartnershipReportPreferred(f, r, old, now, of), (f, of) => new PartnershipRefined(f, of), (f, of) => new PartnershipCorrected(f, of));

    /// <summary>Every state of suspension and closing that is possible at a day. <paramref name="counts"/> leaves out what is not asked about.</summary>
    public IReadOnlySet<PartnershipLife> Lives(DateOnly asOf, Func<Turn, bool> counts) =>
        Turns.Where(t => !t.Withdrawn && counts(t)).PossibleStates(new PartnershipLife(), asOf, (life, t) => life.After(t));

    /// <summary>Whether, in some possible case, the suspension stands at a day: it happened, and nobody who could lift it has.</summary>
    public bool MayStand(Turn suspension, DateOnly asOf, Func<Turn, bool> counts) => Turns.Where(t => !t.Withdrawn && counts(t))
        .PossibleStates(new PartnershipLife(), asOf, (life, t) => t == suspension || t.Kind == TurnKind.Resumed ? life.After(t) : life).Any(l => l.Suspended);

    /// <summary>
    /// What is suspended in part at a day, and by whom: the possible states of each part that a suspension ever named. A resumption of the whole takes up the parts too.
    /// </summary>
    public IEnumerable<(string Part, IReadOnlySet<PartnershipLife> Lives)> SuspendedParts(DateOnly asOf, Func<Turn, bool> counts) =>
        Turns.Where(t => !t.Withdrawn && t is { Kind: TurnKind.Suspended, Part: not null } && counts(t)).Select(t => t.Part!).Distinct(StringComparer.Ordinal)
            .Select(part => (part, Turns.Where(t => !t.Withdrawn && counts(t) && (t.Part == part || t is { Kind: TurnKind.Resumed, Part: null })).Select(t => t with { Part = null })
                .PossibleStates(new PartnershipLife(), asOf, (life, t) => life.After(t))))
            .Where(p => p.Item2.Any(l => l.Suspended));

    /// <summary>
    /// Who may be the focal points at a day, each side by itself. One that was assigned without a day takes over from those recorded before it; since when, nobody said,
    /// so that it is only possible, as what gives no day always is.
    /// </summary>
    public IEnumerable<(FocalPoint FocalPoint, Certainty Certainty)> FocalPointsAt(DateOnly asOf)
    {
        foreach (var side in FocalPoints.Where(f => !f.Withdrawn).GroupBy(f => f.Side).OrderBy(s => s.Key))
        {
            var assigned = side.ToList();
            var undated = assigned.FindLastIndex(f => f.On is null);
            var possible = assigned.Skip(undated + 1).PossibleStates(undated < 0 ? null : assigned[undated], asOf, (_, f) => f);
            foreach (var f in possible.OfType<FocalPoint>().OrderBy(f => f.Position)) yield return (f, possible.Count == 1 && f.On is not null ? Certainty.Certain : Certainty.Possible);
        }
    }

    // Commands

    /// <summary>Opens the partnership; already open, it changes nothing. One that was withdrawn opens again.</summary>
    /// <exception cref="Refusal">home-is-no-partner, at /partner.</exception>
    public IReadOnlyList<Fact> Open(PartnershipDetails d, IReadOnlyList<Locator>? sources = null)
    {
        if (Exists && !Withdrawn) return [];
        HomeCountry.CheckForeign(d.Partner, "/partner");
        return [new(new PartnershipOpened(d), Sources: sources)];
    }

    /// <summary>Puts a partner on file: its partnership is opened, under the partner's code where it is new. No facts where it is open.</summary>
    public StreamFacts OnFile(string partner) =>
        new(StreamOf(partner), Open(new PartnershipDetails { Partner = partner }), Reference: Exists ? null : partner);

    /// <exception cref="Refusal">unknown-speaker at /by.</exception>
    public IReadOnlyList<Fact> Suspend(PartnershipSuspended s)
    {
        CheckSide(s.By);
        return Repeats(TurnKind.Suspended, s.On, s.By, s.Part, s.HomeOrganisation) ? [] : [new(s, s.On)];
    }

    /// <summary>Accepted without a suspension on record: histories arrive in pieces.</summary>
    public IReadOnlyList<Fact> Resume(PartnershipResumed r)
    {
        CheckSide(r.By);
        return Repeats(TurnKind.Resumed, r.On, r.By, r.Part, r.HomeOrganisation) ? [] : [new(r, r.On)];
    }

    /// <summary>Closes the partnership; closed already on that day, it changes nothing. <see cref="Reopen"/> likewise.</summary>
    public IReadOnlyList<Fact> Close(Edtf on) => ClosedAt(on) ? [] : [new(new PartnershipClosed(on), on)];
    public IReadOnlyList<Fact> Reopen(Edtf on) => ClosedAt(on) ? [new(new PartnershipReopened(on), on)] : [];

    public IReadOnlyList<Fact> AddNote(string note, Edtf? on, string? protectFor = null)
    {
        this.Standing("partnership");
        return string.IsNullOrWhiteSpace(note) ? throw Refusal.OfField("/note", "required")
            : [new(new PartnershipNoteAdded(note, on), on, Protect: protectFor is null ? null : new("/note", protectFor))];
    }

    public IReadOnlyList<Fact> SetReviewPeriod(int months)
    {
        this.Standing("partnership");
        if (months is < 1 or > 120) throw Refusal.OfField("/months", "out-of-range", "1", "120");
        return ReviewMonths == months ? [] : [new(new PartnershipReviewPeriodSet(months))];
    }

    public IReadOnlyList<Fact> AssignFocalPoint(PartnershipFocalPointAssigned f)
    {
        this.Standing("partnership");
        CheckFocalPoint(f.Person, f.Office, "/person");
        return FocalPoints.LastOrDefault(x => x.Side == f.Side && !x.Withdrawn) is { } last && new PartnershipFocalPointAssigned(last.Side, last.Person, last.Office, last.On) == f ? [] : [new(f, f.On)];
    }

    /// <summary>A statement outside any meeting, and what it opens.</summary>
    public IReadOnlyList<StreamFacts> AddStatement(string stream, NewStatement statement, Edtf on, string? homeOrganisation, Asked asked)
    {
        var partner = this.Standing("partnership").Details!.Partner;
        if (on.Earliest > asked.Today) throw Refusal.OfField("/on", "done-in-future", on.Text, Edtf.On(asked.Today).Text);
        var (said, opened) = RecordMeeting.Say(new Scene(stream, [partner], on, homeOrganisation, null, Statements.Count), [statement],
            (s, home) => new PartnershipStatementRecorded(s, on) { HomeOrganisation = home ?? homeOrganisation }, "", asked);
        return [new(stream, said), .. opened];
    }

    public IReadOnlyList<Fact> Reclassify(int number, Force force, string? by, IReadOnlyList<Locator>? sources)
    {
        var s = this.Standing("partnership").Statements.FirstOrDefault(s => s.Said.Number == number && !s.Withdrawn)
            ?? throw Refusal.Because("no-such-statement", Reference!, $"{number}");
        return s.Said.Force == force ? [] : [new(new PartnershipStatementReclassified(number, force, by), s.On, sources, Corrects: s.Event)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new PartnershipWithdrawn(), Corrects: this.Standing("partnership").FirstEvent)];
        var gone = Turns.Concat(DeniedTurns).FirstOrDefault(t => t.Event == of)?.Withdrawn ?? Notes.FirstOrDefault(n => n.Event == of)?.Withdrawn
            ?? Statements.FirstOrDefault(s => s.Event == of)?.Withdrawn ?? FocalPoints.FirstOrDefault(f => f.Event == of)?.Withdrawn ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "partnership", $"{of}");
        return gone ? [] : [new(new PartnershipWithdrawn(of), Corrects: of)];
    }

    bool ClosedAt(Edtf day) => this.Standing("partnership").Turns.Where(t => !t.Withdrawn && day.IsBefore(t.On) != Certainty.Certain)
        .InWorldOrder().Aggregate(new PartnershipLife(), (life, t) => life.After(t)).Closed;

    bool Repeats(TurnKind kind, Edtf on, string by, string? part, string? home) =>
        Turns.Any(t => !t.Withdrawn && t.Kind == kind && t.On.Equals(on) && t.By == by && t.Part == part && t.HomeOrganisation == home);

    void CheckSide(string by, string pointer = "/by")
    {
        var partner = this.Standing("partnership").Details!.Partner;
        if (by is not (Meetings.Statements.Home or Meetings.Statements.Joint) && by != partner)
            throw Refusal.OfField(pointer, "unknown-speaker", by, string.Join(", ", Meetings.Statements.Home, Meetings.Statements.Joint, partner));
    }
}
