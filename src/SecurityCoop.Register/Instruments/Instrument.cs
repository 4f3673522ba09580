using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>Fields of an instrument that a statement plans; what is absent follows from the statement.</summary>
public sealed record OpenedInstrument(
    string? Kind = null, string? Title = null, Binding? Binding = null, DateOnly? ReviewOn = null, Edtf? Expected = null, string? ExpectedAsGiven = null);

/// <summary>An act to be recorded with the instrument, and what it says of itself.</summary>
public sealed record NewAct(Act What, IReadOnlyList<Locator>? Sources = null, int? Credibility = null, string? Reason = null, Marking? Marking = null,
    string? OnBehalfOf = null, IReadOnlyList<string>? Groups = null);

/// <summary>An instrument with its acts, as its events leave it. What follows from them is in InstrumentReading.cs.</summary>
public sealed partial record Instrument : RecordState
{
    public static readonly Instrument Initial = new();

    public InstrumentDetails? Details { get; init; }
    public IReadOnlyList<RecordedAct> Acts { get; init; } = [];
    /// <summary>Acts that a source reports and the record does not follow: they move nothing.</summary>
    public IReadOnlyList<RecordedAct> ReportedActs { get; init; } = [];
    public IReadOnlyList<InstrumentTextAttached> Texts { get; init; } = [];
    public IReadOnlyList<InstrumentAmendedBy> Amendments { get; init; } = [];
    public IReadOnlyList<Supersession> Supersessions { get; init; } = [];
    public IReadOnlyList<RecordedTerm> Terms { get; init; } = [];
    /// <summary>Whether the statement or meeting that it comes from was withdrawn; the instrument stays until somebody says what becomes of it.</summary>
    public bool? OriginWithdrawn { get; init; }
    /// <summary>The force that the statement has now, where it no longer plans an instrument.</summary>
    public Force? OriginForce { get; init; }

    /// <param name="Said">By which instrument, from when.</param>
    /// <param name="Part">The part concerned, where it is not the whole.</param>
    public sealed record Supersession(InstrumentSupersededBy Said, Guid Event, long Position, bool Withdrawn = false, string? Part = null, IReadOnlyList<Locator>? Sources = null);

    public IReadOnlyList<string> Parties => Details?.Parties ?? ["home", .. Details?.Partners ?? []];
    IEnumerable<RecordedAct> Valid => Acts.Where(a => !a.Withdrawn);

    public Instrument Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Instrument Fold(object e, At at) => e switch
    {
        // Said again, a withdrawn one stands again.
        InstrumentOpened x => this with { Details = x, Withdrawn = false },
        InstrumentActRecorded x => WithoutDefault(x, at) with { Acts = [.. Acts, new(x, at.Event, at.Position, at.Marking, at.Sources) { OnBehalfOf = at.OnBehalfOf, Credibility = at.Credibility, Reason = at.Reason }] },
        InstrumentActReported x => (Instrument)(this with { ReportedActs = [.. ReportedActs, new(x, at.Event, at.Position, at.Marking, at.Sources)] }).ReportedToHappen(at, First),
        InstrumentTermSet x => this with { Terms = [.. Terms, new(x, at.Event, at.Position, at.Marking, at.Sources)] },
        InstrumentLinked x => this with { Details = Details! with { Links = [.. Details.Links ?? [], new(x.Kind, x.Instrument)] } },
        InstrumentOriginChanged x => this with { OriginWithdrawn = x.Change == OriginChange.Withdrawn ? true : null, OriginForce = x.Force == Force.PlannedInstrument ? null : x.Force },
        InstrumentReviewDateSet x => (this with { Details = Details! with { ReviewOn = x.ReviewOn } }).Set("reviewOn", at),
        InstrumentAmendedBy x => this with { Amendments = [.. Amendments, x] },
        InstrumentSupersededBy x => this with { Supersessions = [.. Supersessions, new(x, at.Event, at.Position, Sources: at.Sources)] },
        InstrumentSupersededInPartBy x => this with { Supersessions = [.. Supersessions, new(new(x.By, x.On), at.Event, at.Position, Part: x.Part, Sources: at.Sources)] },
        InstrumentTextAttached x => this with { Texts = [.. Texts, x] },
        InstrumentReportRecorded or InstrumentReportPreferred or InstrumentRefined or InstrumentCorrected => (Instrument)this.AfterFields((IAboutFields)e, at),
        InstrumentWithdrawn { Of: null } => this with { Withdrawn = true },
        InstrumentWithdrawn x => With(x.Of!.Value, a => a with { Withdrawn = true }, s => s with { Withdrawn = true }, t => t with { Withdrawn = true }),
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    Instrument With(Guid of, Func<RecordedAct, RecordedAct> act, Func<Supersession, Supersession>? supersession = null, Func<RecordedTerm, RecordedTerm>? term = null) => this with
    {
        Acts = [.. Acts.Select(a => a.Event == of ? act(a) : a)],
        ReportedActs = [.. ReportedActs.Select(a => a.Event == of ? act(a) : a)],
        Supersessions = [.. Supersessions.Select(s => s.Event == of && supersession is not null ? supersession(s) : s)],
        Terms = [.. Terms.Select(t => t.Event == of && term is not null ? term(t) : t)],
    };

    public override Part? PartOf(Guid? of)
    {
        if (of is null) return Part.Of(First, Details!, RegisterJson.Of<InstrumentDetails>(), d => this with { Details = d }, _ => null, d => CheckDetails(d, "/fields"), i => ((Instrument)i).CheckOrder());
        if (Supersessions.FirstOrDefault(s => s.Event == of) is { } by)
            return Part.Of(new(by.Event, by.Position, by.Sources), by.Said, RegisterJson.Of<InstrumentSupersededBy>(), x => With(by.Event, a => a, s => s with { Said = x }), x => x.On);
        if (Terms.FirstOrDefault(t => t.Event == of) is { } term)
            return Part.Of(new(term.Event, term.Position, term.Sources), term.What, RegisterJson.Of<Term>(), x => With(term.Event, a => a, null, t => t with { What = x }), x => x.AgreedOn, x => CheckTerm(x, "/fields"));
        if (Acts.Concat(ReportedActs).FirstOrDefault(a => a.Event == of) is not { } act) return null;
        return Part.Of(new(act.Event, act.Position, act.Sources), act.What, RegisterJson.Of<Act>(), x => With(act.Event, a => a with { What = x }), x => x.On, x => CheckAct(x, "/fields"),
            i => ((Instrument)i).CheckOrder(), happened: (Acts.Contains(act), yes => Turned(act, yes)));
    }

    Instrument Turned(RecordedAct act, bool happened) => this with
    {
        Acts = [.. Acts.Where(a => a.Event != act.Event), .. happened ? [act] : Array.Empty<RecordedAct>()],
        ReportedActs = [.. ReportedActs.Where(a => a.Event != act.Event), .. happened ? [] : new[] { act }],
    };

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new InstrumentReportRecorded(f, of), (f, r, old, now, of) => new InstrumentReportPreferred(f, r, old, now, of), (f, of) => new InstrumentRefined(f, of), (f, of) => new InstrumentCorrected(f, of));

    // Commands

    /// <summary>Opens an instrument in any state: the acts say how far it has come. What an act says of itself goes before what the whole says.</summary>
    public static StreamFacts Open(string stream, InstrumentDetails d, IReadOnlyList<NewAct> acts, IReadOnlyList<Locator>? sources, Asked asked, string pointer = "", Fact? from = null, Term? term = null)
    {
        CheckDetails(d, pointer);
        var opened = Initial.Evolve(new InstrumentOpened(d), new At(Guid.Empty, 1, default));
        var first = from ?? new Fact(d, acts.Count > 0 ? acts[0].What.On : null, sources);
        var facts = new List<Fact> { first with { Event = new InstrumentOpened(d) } };
        if (term is not null) facts.AddRange(opened.SetTerm(term, $"{pointer}/term").Select(f => f with { Effective = f.Effective ?? first.Effective, Sources = sources }));
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            Outcomes.CheckAct(act.What, asked.Today, $"{pointer}/acts/{i}");
            foreach (var f in opened.Record(act.What, act.Sources ?? sources, $"{pointer}/acts/{i}"))
            {
                facts.Add(f with { Credibility = act.Credibility, Reason = act.Reason, Marking = act.Marking, Groups = act.Groups, OnBehalfOf = act.OnBehalfOf });
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
            ReviewOn = given.ReviewOn, Topics = said.Topics, Meeting = scene.Meeting, Statement = said.Number, HomeOrganisation = s.HomeOrganisation ?? scene.HomeOrganisation,
        };
        var act = FirstAct(said.Speaker, scene.Date, given);
        return Open(asked.NewStream("instrument"), details, [new(act, s.Sources, s.Credibility, s.Reason, s.Marking, s.OnBehalfOf, s.Groups)], s.Sources, asked, $"{pointer}/instrument",
            new Fact(details, scene.Date, s.Sources, s.Credibility, s.Reason, Marking: s.Marking, OnBehalfOf: s.OnBehalfOf, Groups: s.Groups));
    }

    /// <summary>What a statement that plans an instrument does to it: planned by all where it is joint, proposed by the speaker where it is one side's.</summary>
    internal static Act FirstAct(string speaker, Edtf on, OpenedInstrument? given) => new()
    {
        Kind = speaker == Statements.Joint ? ActKind.Planned : ActKind.Proposed, On = on, Party = speaker == Statements.Joint ? null : speaker, Expected = given?.Expected, ExpectedAsGiven = given?.ExpectedAsGiven,
    };

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

    /// <summary>Partners exchanged for others, and with them the parties and what they did for themselves.</summary>
    /// <exception cref="Refusal">not-carried where the other is a partner already.</exception>
    internal IReadOnlyList<Fact> Exchange(IReadOnlyDictionary<string, string> instead)
    {
        string Now(string code) => instead.GetValueOrDefault(code, code);
        var partners = Details!.Partners.Select(Now).ToList();
        if (partners.Distinct().Count() != partners.Count) throw Refusal.Because("not-carried", Reference ?? Details.Title, Details.Partners.First(instead.ContainsKey));
        List<FieldChange> changes = [new("partners", Json(Details.Partners), Json(partners))];
        if (Details.Parties is { } parties && parties.Any(instead.ContainsKey)) changes.Add(new("parties", Json(parties), Json([.. parties.Select(Now)])));
        return
        [
            new(new InstrumentCorrected(changes), Corrects: FirstEvent),
            .. Acts.Concat(ReportedActs).Where(a => !a.Withdrawn && a.What.Party is { } p && instead.ContainsKey(p))
                .Select(a => new Fact(new InstrumentCorrected([new("party", Text(a.What.Party!), Text(Now(a.What.Party!)))], a.Event), a.On, Corrects: a.Event)),
        ];
    }

    static System.Text.Json.JsonElement Json(IReadOnlyList<string> codes) => Part.Element(new System.Text.Json.Nodes.JsonArray([.. codes.Select(c => (System.Text.Json.Nodes.JsonNode)c)]));
    static System.Text.Json.JsonElement Text(string code) => Part.Element(System.Text.Json.Nodes.JsonValue.Create(code));

    static void CheckDetails(InstrumentDetails d, string pointer)
    {
        RecordMeeting.Partners(d.Partners, $"{pointer}/partners");
        if (string.IsNullOrWhiteSpace(d.Title)) throw Refusal.OfField($"{pointer}/title", "required");
        if (d.Parties is { } p) RecordMeeting.Partners(p, $"{pointer}/parties");
        Limits.Count(d.Parties?.Count ?? d.Partners.Count + 1, Limits.Parties, $"{pointer}/parties");
        if (d.Effect is { Kind: EffectKind.OnDay, On: null }) throw Refusal.OfField($"{pointer}/effect/on", "required");
        if (d.Effect is { Days: < 0 or > 3660 }) throw Refusal.OfField($"{pointer}/effect/days", "out-of-range", "0", "3660");
    }

    void CheckAct(Act act, string pointer)
    {
        if (act.Party is { } party && !Parties.Contains(party)) throw Refusal.OfField($"{pointer}/party", "unknown-party", party, string.Join(", ", Parties));
        if (act.Until is null) return;
        if (act.Kind is not (ActKind.Suspended or ActKind.Renewed)) throw Refusal.OfField($"{pointer}/until", "until-without-suspension");
        // The day after it must be a day; what has no end is written without one.
        if (act.Until.Latest == DateOnly.MaxValue) throw Refusal.OfField($"{pointer}/until", "out-of-range", "0001-01-01", "9999-12-30");
    }

    static void CheckTerm(Term t, string pointer)
    {
        if (t.Years is < 1 or > 100) throw Refusal.OfField($"{pointer}/years", "out-of-range", "1", "100");
        if (t.NoticeMonths is < 0 or > 120) throw Refusal.OfField($"{pointer}/noticeMonths", "out-of-range", "0", "120");
        string? stranger = t.Kind switch
        {
            TermKind.Open => t.On is not null ? "on" : t.Years is not null ? "years" : t.NoticeMonths is not null ? "noticeMonths" : null,
            TermKind.Ends => t.On is not null && t.Years is not null ? "years" : t.NoticeMonths is not null ? "noticeMonths" : null,
            TermKind.Tacit => null,
        };
        if (stranger is not null) throw Refusal.OfField($"{pointer}/{stranger}", "not-of-this-term", stranger, Slug.Of(t.Kind));
        if (t.Years is null && (t.Kind == TermKind.Tacit || (t.Kind == TermKind.Ends && t.On is null))) throw Refusal.OfField($"{pointer}/years", "required");
    }

    static bool Same(Act a, Act b) => (a.Kind, a.On, a.Party, a.Part, a.Expected, a.Until) == (b.Kind, b.On, b.Party, b.Part, b.Expected, b.Until);

    public IReadOnlyList<Fact> SetReview(DateOnly on) => this.Standing("instrument").Details!.ReviewOn == on ? [] : [new(new InstrumentReviewDateSet(on))];

    /// <summary>A new term takes the place of the former from the day on which it was agreed; the same again changes nothing.</summary>
    /// <exception cref="Refusal">required, out-of-range; not-of-this-term where a field belongs to another kind of term, or would be typed twice.</exception>
    public IReadOnlyList<Fact> SetTerm(Term term, string pointer = "")
    {
        this.Standing("instrument");
        CheckTerm(term, pointer);
        var last = Terms.Where(t => !t.Withdrawn).InWorldOrder().LastOrDefault();
        return last is not null && new InstrumentTermSet(term) == new InstrumentTermSet(last.What) ? [] : [new(new InstrumentTermSet(term), term.AgreedOn)];
    }

    /// <summary>This instrument carries out, amends or replaces another one.</summary>
    public IReadOnlyList<Fact> LinkTo(LinkKind kind, string other, Edtf on) =>
        this.Standing("instrument").Details!.Links?.Contains(new(kind, other)) == true ? [] : [new(new InstrumentLinked(kind, other, on), on)];

    /// <summary>The statement or meeting that it comes from was withdrawn, reclassified or restored.</summary>
    public IReadOnlyList<Fact> OriginChanged(OriginChange change, Force force) =>
        Withdrawn || (OriginWithdrawn == true) == (change == OriginChange.Withdrawn) && (OriginForce ?? Force.PlannedInstrument) == force ? [] : [new(new InstrumentOriginChanged(change, force))];

    public IReadOnlyList<Fact> AmendedBy(string by, Edtf on) =>
        this.Standing("instrument").Amendments.Any(a => a.By == by) ? [] : [new(new InstrumentAmendedBy(by, on), on)];

    /// <param name="part">The part of which the other takes the place; null: the whole.</param>
    public IReadOnlyList<Fact> SupersededBy(string by, Edtf on, string? part = null) =>
        this.Standing("instrument").Supersessions.Any(s => !s.Withdrawn && s.Said.By == by && s.Part == part) ? []
        : [new(part is null ? new InstrumentSupersededBy(by, on) : new InstrumentSupersededInPartBy(by, on, part), on)];

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
        var gone = Acts.Concat(ReportedActs).FirstOrDefault(a => a.Event == of)?.Withdrawn ?? Supersessions.FirstOrDefault(s => s.Event == of)?.Withdrawn ?? Terms.FirstOrDefault(t => t.Event == of)?.Withdrawn
            ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "instrument", $"{of}");
        return gone ? [] : [new(new InstrumentWithdrawn(of), Corrects: of)];
    }
}
