using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>Fields of an instrument that a statement plans; what is absent follows from the statement.</summary>
public sealed record OpenedInstrument(
    string? Kind = null, string? Title = null, Binding? Binding = null, DateOnly? ReviewOn = null, Edtf? Expected = null, string? ExpectedAsGiven = null);

/// <summary>An instrument with its acts, as its events leave it.</summary>
public sealed record Instrument : RecordState
{
    public static readonly Instrument Initial = new();

    public InstrumentDetails? Details { get; init; }
    public IReadOnlyList<RecordedAct> Acts { get; init; } = [];
    /// <summary>Acts that a source reports and the record does not follow: they move nothing.</summary>
    public IReadOnlyList<RecordedAct> ReportedActs { get; init; } = [];
    public IReadOnlyList<InstrumentTextAttached> Texts { get; init; } = [];
    public IReadOnlyList<InstrumentAmendedBy> Amendments { get; init; } = [];
    public IReadOnlyList<Supersession> Supersessions { get; init; } = [];

    /// <param name="Said">By which instrument, from when.</param>
    public sealed record Supersession(InstrumentSupersededBy Said, Guid Event, long Position, bool Withdrawn = false);

    public IReadOnlyList<string> Parties => Details?.Parties ?? ["home", .. Details?.Partners ?? []];
    IEnumerable<RecordedAct> Valid => Acts.Where(a => !a.Withdrawn);

    public Instrument Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Instrument Fold(object e, At at) => e switch
    {
        InstrumentOpened x => this with { Details = x },
        InstrumentActRecorded x => this with { Acts = [.. Acts, new(x, at.Event, at.Position, at.Marking, at.Sources)] },
        InstrumentActReported x => (Instrument)(this with { ReportedActs = [.. ReportedActs, new(x, at.Event, at.Position, at.Marking, at.Sources)] }).ReportedToHappen(at, First),
        InstrumentReviewDateSet x => this with { Details = Details! with { ReviewOn = x.ReviewOn } },
        InstrumentAmendedBy x => this with { Amendments = [.. Amendments, x] },
        InstrumentSupersededBy x => this with { Supersessions = [.. Supersessions, new(x, at.Event, at.Position)] },
        InstrumentTextAttached x => this with { Texts = [.. Texts, x] },
        InstrumentReportRecorded or InstrumentReportPreferred or InstrumentRefined or InstrumentCorrected => (Instrument)this.AfterFields((IAboutFields)e, at),
        InstrumentWithdrawn { Of: null } => this with { Withdrawn = true },
        InstrumentWithdrawn x => With(x.Of!.Value, a => a with { Withdrawn = true }, s => s with { Withdrawn = true }),
        _ => throw new UnknownEvent(e),
    };

    Instrument With(Guid of, Func<RecordedAct, RecordedAct> act, Func<Supersession, Supersession>? supersession = null) => this with
    {
        Acts = [.. Acts.Select(a => a.Event == of ? act(a) : a)],
        ReportedActs = [.. ReportedActs.Select(a => a.Event == of ? act(a) : a)],
        Supersessions = [.. Supersessions.Select(s => s.Event == of && supersession is not null ? supersession(s) : s)],
    };

    public override Part? PartOf(Guid? of)
    {
        if (of is null) return Part.Of(First, Details!, RegisterJson.Default.InstrumentDetails, d => this with { Details = d }, _ => null, d => CheckDetails(d, "/fields"), i => ((Instrument)i).CheckOrder());
        if (Supersessions.FirstOrDefault(s => s.Event == of) is { } by)
            return Part.Of(new(by.Event, by.Position), by.Said, RegisterJson.Default.InstrumentSupersededBy, x => With(by.Event, a => a, s => s with { Said = x }), x => x.On);
        if (Acts.Concat(ReportedActs).FirstOrDefault(a => a.Event == of) is not { } act) return null;
        return Part.Of(new(act.Event, act.Position, act.Sources), act.What, RegisterJson.Default.Act, x => With(act.Event, a => a with { What = x }), x => x.On, x => CheckAct(x, "/fields"),
            i => ((Instrument)i).CheckOrder(), happened: (Acts.Contains(act), yes => Turned(act, yes)));
    }

    Instrument Turned(RecordedAct act, bool happened) => this with
    {
        Acts = [.. Acts.Where(a => a.Event != act.Event), .. happened ? [act] : Array.Empty<RecordedAct>()],
        ReportedActs = [.. ReportedActs.Where(a => a.Event != act.Event), .. happened ? [] : new[] { act }],
    };

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new InstrumentReportRecorded(f, of), (f, r, old, now, of) => new InstrumentReportPreferred(f, r, old, now, of), (f, of) => new InstrumentRefined(f, of), (f, of) => new InstrumentCorrected(f, of));

    // What follows from the acts

    /// <summary>Every life that is possible at a day: acts as far as they happened by then, and what clauses and notices make of them.</summary>
    public IReadOnlySet<InstrumentLife> Lives(DateOnly asOf)
    {
        var parties = Parties;
        // Nobody said when it takes effect: what does not bind is taken to do so on signature, anything else waits for an act.
        var onSignature = Details!.Effect?.Kind == EffectKind.OnSignature
            || (Details.Effect?.Kind ?? EffectKind.NotStated) == EffectKind.NotStated && Details.Binding == Binding.NonBinding;
        var lives = Valid.Concat(Computed()).PossibleStates(new InstrumentLife(parties.Count, onSignature), asOf, (life, act) => life.After(act, Bits(act.What.Party, parties)));
        foreach (var s in Supersessions.Where(s => !s.Withdrawn))
        {
            var happened = s.Said.On.StartedBy(asOf);
            if (happened == Certainty.No) continue;
            var after = lives.Select(l => l with { Superseded = true });
            lives = (happened == Certainty.Certain ? after : after.Concat(lives)).ToHashSet();
        }
        return lives;
    }

    /// <summary>Whether taking effect on signature is only assumed, since the instrument does not say.</summary>
    public bool EffectIsAssumed => Details is { Binding: Binding.NonBinding } && (Details.Effect?.Kind ?? EffectKind.NotStated) == EffectKind.NotStated;

    static int Bits(string? party, IReadOnlyList<string> parties)
    {
        for (var i = 0; i < parties.Count; i++)
            if (parties[i] == party) return 1 << i;
        return (1 << parties.Count) - 1;
    }

    /// <summary>What follows without anybody's act: the effect clause's day, a notice's announced end, the end of a limited suspension.</summary>
    public IEnumerable<RecordedAct> Computed()
    {
        if (Details?.Effect is { Kind: EffectKind.OnDay, On: { } day }) yield return Clause(ActKind.EnteredIntoForce, Edtf.On(day));
        if (Details?.Effect is { Kind: EffectKind.OnLastNotification } clause)
        {
            var notified = Parties.Select(p => Valid.Where(a => a.Kind == ActKind.Notified && (a.What.Party is null || a.What.Party == p)).InWorldOrder().FirstOrDefault()).ToList();
            var last = notified.All(a => a is not null) ? LastOf([.. notified.Select(a => a!.On)]) : null;
            // Where the days to wait lead out of the calendar, there is no day on which it takes effect.
            if (last is not null && (last.Latest ?? last.Earliest ?? default).DayNumber <= DateOnly.MaxValue.DayNumber - (clause.Days ?? 0))
                yield return Clause(ActKind.EnteredIntoForce, last.PlusDays(clause.Days ?? 0));
        }
        foreach (var a in Valid)
        {
            if (a.Kind == ActKind.TerminationNotified && a.What.Expected is { IsUnknown: false } end && !Overtaken(a, end, a.What.Party, ActKind.TerminationNotified, ActKind.Renewed))
                yield return Clause(ActKind.Terminated, end, a, a.What.Party);
            if (a.Kind != ActKind.Suspended || a.What.Until is not { IsUnknown: false } until) continue;
            var resumes = until.PlusDays(1);
            IReadOnlyList<string> parties = a.What.Party is { } p ? [p] : Parties;
            var lifted = parties.Where(p => !Overtaken(a, resumes, p, ActKind.Suspended)).ToList();
            if (lifted.Count == parties.Count) yield return Clause(ActKind.Resumed, resumes, a, a.What.Party);
            else foreach (var party in lifted) yield return Clause(ActKind.Resumed, resumes, a, party);
        }
    }

    // A suspension prolonged before it ran out does not end on its first date; a notice followed by another, or by a renewal, ends nothing.
    bool Overtaken(RecordedAct a, Edtf end, string? party, params ActKind[] by) => Valid.InWorldOrder().SkipWhile(b => b != a).Skip(1)
        .Any(b => by.Contains(b.Kind) && b.What.Part == a.What.Part && (b.What.Party is null || b.What.Party == party) && end.IsBefore(b.On) != Certainty.Certain);

    // The last of several days lies between the latest of their earliest and the latest of their latest days.
    static Edtf LastOf(IReadOnlyList<Edtf> days)
    {
        var from = days.Max(d => d.Earliest);
        var to = days.Any(d => d.Latest is null) ? null : days.Max(d => d.Latest);
        if (from is null && to is null) return Edtf.Unknown;
        var (doubt, ends) = (days.Any(d => d.IsUncertain) ? "?" : "", FormattableString.Invariant($"{to:yyyy-MM-dd}"));
        return Edtf.Parse(FormattableString.Invariant($"[{from:yyyy-MM-dd}{(from is null ? "" : doubt)}..{ends}{(to is null ? "" : doubt)}]"));
    }

    static RecordedAct Clause(ActKind kind, Edtf on, RecordedAct? from = null, string? party = null) =>
        new(new Act { Kind = kind, On = on, Party = party, Part = from?.What.Part }, from?.Event ?? Guid.Empty, 0);

    // Commands

    /// <summary>Opens an instrument in any state: the acts say how far it has come.</summary>
    public static StreamFacts Open(string stream, InstrumentDetails d, IReadOnlyList<(Act Act, IReadOnlyList<Locator>? Sources)> acts, IReadOnlyList<Locator>? sources, Asked asked, string pointer = "", Fact? from = null)
    {
        CheckDetails(d, pointer);
        var planned = acts.Where(a => a.Act.Kind is ActKind.Planned or ActKind.SigningPlanned).Select(a => a.Act).LastOrDefault();
        if (d.ReviewOn is null && planned is not null && planned.Expected is null or { IsUnknown: true } && acts.All(a => a.Act.Kind <= ActKind.SigningPostponed))
            d = d with { ReviewOn = (planned!.On.Latest ?? asked.Today).MonthsOn(Actions.AgreedAction.ReviewMonths) };
        var opened = Initial.Evolve(new InstrumentOpened(d), new At(Guid.Empty, 1, default));
        var facts = new List<Fact> { (from ?? new Fact(d, acts.Count > 0 ? acts[0].Act.On : null, sources)) with { Event = new InstrumentOpened(d) } };
        for (var i = 0; i < acts.Count; i++)
        {
            var (act, where) = acts[i];
            foreach (var f in opened.Record(act, where ?? sources, $"{pointer}/acts/{i}"))
            {
                facts.Add(from is null ? f : f with { Sources = from.Sources, Credibility = from.Credibility, Marking = from.Marking, Reason = from.Reason });
                opened = opened.Evolve(f.Event, new At(new Guid(i + 1, 0, 0, new byte[8]), i + 2, default));
            }
        }
        return new(stream, facts, RecordMeeting.Prefix(d.Partners, "INS"));
    }

    internal static StreamFacts OpenFrom(IReadOnlyList<string> partners, Statement said, NewStatement s, Scene scene, string pointer, Asked asked)
    {
        var given = s.Instrument ?? new OpenedInstrument();
        var details = new InstrumentDetails
        {
            Partners = partners, Kind = given.Kind ?? "mou", Binding = given.Binding ?? Binding.Unknown,
            Title = given.Title ?? s.OpenText ?? throw Refusal.OfField($"{pointer}/instrument/title", "title-or-text"),
            ReviewOn = given.ReviewOn, Topics = said.Topics, Meeting = scene.Meeting, Statement = said.Number, HomeOrganisation = scene.HomeOrganisation,
        };
        var act = said.Speaker == Statements.Joint
            ? new Act { Kind = ActKind.Planned, On = scene.Date, Expected = given.Expected, ExpectedAsGiven = given.ExpectedAsGiven }
            : new Act { Kind = ActKind.Proposed, On = scene.Date, Party = said.Speaker, Expected = given.Expected, ExpectedAsGiven = given.ExpectedAsGiven };
        return Open(asked.NewStream("instrument"), details, [(act, s.Sources)], s.Sources, asked, $"{pointer}/instrument",
            new Fact(details, scene.Date, s.Sources, s.Credibility, s.Reason, Marking: s.Marking));
    }

    /// <summary>Records an act; the same act again changes nothing.</summary>
    /// <exception cref="Refusal">unknown-party; act-contradicts, naming both acts and their days.</exception>
    public IReadOnlyList<Fact> Record(Act act, IReadOnlyList<Locator>? sources, string pointer = "")
    {
        this.Standing("instrument");
        CheckAct(act, pointer);
        if (Valid.Any(a => Same(a.What, act))) return [];
        if (Instruments.Acts.Contradiction([.. Valid, new(act, Guid.Empty, long.MaxValue)], Parties) is var (earlier, later))
            throw Refusal.Because("act-contradicts", Reference ?? Details!.Title, Slug.Of(later.Kind), later.On.Text, Slug.Of(earlier.Kind), earlier.On.Text);
        return [new(new InstrumentActRecorded(act), act.On, sources)];
    }

    /// <summary>An act that a source reports and that the record does not follow before somebody prefers it. Of an act on record, one more source says so.</summary>
    /// <exception cref="Refusal">required, at /source; unknown-party.</exception>
    public IReadOnlyList<Fact> RecordReport(Act act, IReadOnlyList<Locator>? sources)
    {
        this.Standing("instrument");
        CheckAct(act, "");
        if (sources is null or { Count: 0 }) throw Refusal.OfField("/source", "required");
        return Valid.Concat(ReportedActs.Where(a => !a.Withdrawn)).FirstOrDefault(a => Same(a.What, act)) is { } known
            ? [new(new InstrumentReportRecorded([new(Part.Happened, Part.True)], known.Event), act.On, sources)] : [new(new InstrumentActReported(act), act.On, sources)];
    }

    static void CheckDetails(InstrumentDetails d, string pointer)
    {
        RecordMeeting.Partners(d.Partners, $"{pointer}/partners");
        if (string.IsNullOrWhiteSpace(d.Title)) throw Refusal.OfField($"{pointer}/title", "required");
        if (d.Parties is { } p) RecordMeeting.Partners(p, $"{pointer}/parties");
        if ((d.Parties?.Count ?? d.Partners.Count + 1) > 30) throw Refusal.OfField($"{pointer}/parties", "too-many", "30");
        if (d.Effect is { Kind: EffectKind.OnDay, On: null }) throw Refusal.OfField($"{pointer}/effect/on", "required");
        if (d.Effect is { Days: < 0 or > 3660 }) throw Refusal.OfField($"{pointer}/effect/days", "out-of-range", "0", "3660");
    }

    void CheckAct(Act act, string pointer)
    {
        if (act.Party is { } party && !Parties.Contains(party)) throw Refusal.OfField($"{pointer}/party", "unknown-party", party, string.Join(", ", Parties));
        if (act.Until is null) return;
        if (act.Kind != ActKind.Suspended) throw Refusal.OfField($"{pointer}/until", "until-without-suspension");
        // The day after it must be a day; what has no end is written without one.
        if (act.Until.Latest == DateOnly.MaxValue) throw Refusal.OfField($"{pointer}/until", "out-of-range", "0001-01-01", "9999-12-30");
    }

    static bool Same(Act a, Act b) => (a.Kind, a.On, a.Party, a.Part, a.Expected, a.Until) == (b.Kind, b.On, b.Party, b.Part, b.Expected, b.Until);

    public IReadOnlyList<Fact> SetReview(DateOnly on) => this.Standing("instrument").Details!.ReviewOn == on ? [] : [new(new InstrumentReviewDateSet(on))];

    public IReadOnlyList<Fact> AmendedBy(string by, Edtf on) =>
        this.Standing("instrument").Amendments.Any(a => a.By == by) ? [] : [new(new InstrumentAmendedBy(by, on), on)];

    public IReadOnlyList<Fact> SupersededBy(string by, Edtf on) =>
        this.Standing("instrument").Supersessions.Any(s => !s.Withdrawn && s.Said.By == by) ? [] : [new(new InstrumentSupersededBy(by, on), on)];

    public IReadOnlyList<Fact> Attach(InstrumentTextAttached text) => this.Standing("instrument").Texts.Contains(text) ? [] : [new(text)];

    void CheckOrder()
    {
        if (Valid.FirstOrDefault(a => a.What.Party is { } p && !Parties.Contains(p)) is { } stranger)
            throw Refusal.OfField(Details!.Parties is null ? "/fields/partners" : "/fields/parties", "unknown-party", stranger.What.Party!, string.Join(", ", Parties));
        if (Instruments.Acts.Contradiction([.. Valid], Parties) is var (earlier, later))
            throw Refusal.Because("act-contradicts", Reference!, Slug.Of(later.Kind), later.On.Text, Slug.Of(earlier.Kind), earlier.On.Text);
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new InstrumentWithdrawn(), Corrects: this.Standing("instrument").FirstEvent)];
        var gone = Acts.Concat(ReportedActs).FirstOrDefault(a => a.Event == of)?.Withdrawn ?? Supersessions.FirstOrDefault(s => s.Event == of)?.Withdrawn
            ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "instrument", $"{of}");
        return gone ? [] : [new(new InstrumentWithdrawn(of), Corrects: of)];
    }
}
