using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Tests;

/// <summary>
/// A register in memory that random commands are given to, one after the other, through the model's own decisions. What the model refuses leaves
/// no trace; what it accepts is appended, each event at the next position. The same seed gives the same history.
/// </summary>
public sealed class RandomHistory(int seed, int partners)
{
    /// <summary>Few records a partner and few items a record, so that all that may have happened can be written out.</summary>
    const int MaxItems = 8;

    static readonly string[] words = ["a list", "a plan", "a visit", "a course", "an exchange"];
    static readonly string[] kinds =
        ["meeting", "meeting", "action", "action", "instrument", "instrument", "partnership", "person", "organisation", "source", "occasion"];
    static readonly Dictionary<Type, string> names = EventTypes.All.ToDictionary(t => t.Type, t => t.Name);
    static readonly IReadOnlyList<Locator> press = [new("source-1", 2)];

    readonly Random random = new(seed);
    readonly Dictionary<string, List<string>> streams = [];
    int made;

    public List<(Stored Stored, object Event, At At)> Log { get; } = [];
    public Dictionary<string, RecordState> States { get; } = [];
    public string[] Partners { get; } = [.. Enumerable.Range(1, partners).Select(i => $"P{i:000}")];
    public int Refused { get; private set; }

    /// <summary>Gives commands until so many have recorded something.</summary>
    public RandomHistory Grow(int commands)
    {
        for (var done = 0; done < commands;)
            try
            {
                if (Append(Decide())) done++;
            }
            catch (Refusal)
            {
                Refused++;
            }
        return this;
    }

    public static RecordState Evolve(string stream, RecordState? state, object e, At at) => stream[..stream.IndexOf('-', StringComparison.Ordinal)] switch
    {
        "meeting" => ((Meeting?)state ?? Meeting.Initial).Evolve(e, at),
        "action" => ((AgreedAction?)state ?? AgreedAction.Initial).Evolve(e, at),
        "instrument" => ((Instrument?)state ?? Instrument.Initial).Evolve(e, at),
        "partnership" => ((Partnership?)state ?? Partnership.Initial).Evolve(e, at),
        "person" => ((Person?)state ?? Person.Initial).Evolve(e, at),
        "organisation" => ((Organisation?)state ?? Organisation.Initial).Evolve(e, at),
        "source" => ((Source?)state ?? Source.Initial).Evolve(e, at),
        "occasion" => ((Occasion?)state ?? Occasion.Initial).Evolve(e, at),
        var other => throw new InvalidOperationException(other),
    };

    bool Append(IReadOnlyList<StreamFacts> decided)
    {
        var command = new Guid(Log.Count, 9, 9, new byte[8]);
        foreach (var (stream, fact) in decided.SelectMany(d => d.Facts, (d, f) => (d.Stream, f)))
        {
            var position = Log.Count + 1;
            var at = new At(Sample.Event(position), position, DateTime.UnixEpoch.AddHours(position), stream, Sources: fact.Sources, Reason: "a reason", Actor: "somebody", Command: command);
            var json = RegisterJson.Options.GetTypeInfo(fact.Event.GetType())!;
            // As it comes back from storage, protected values closed: what the fold keeps must not hang on the object that was decided upon.
            var body = JsonSerializer.SerializeToNode(fact.Event, json)!.AsObject();
            Log.Add((new(position, stream, at.Event, names[fact.Event.GetType()], body, command), body.Deserialize(json)!, at));
            if (!States.ContainsKey(stream)) Of(stream[..stream.IndexOf('-', StringComparison.Ordinal)]).Add(stream);
            States[stream] = Evolve(stream, States.GetValueOrDefault(stream), Log[^1].Event, at);
        }
        return decided.Any(d => d.Facts.Count > 0);
    }

    IReadOnlyList<StreamFacts> Decide() => random.Next(66) switch
    {
        < 5 => RecordMeeting(held: true),
        5 => RecordMeeting(held: false),
        6 => On<Meeting>("meeting", (_, m) => m.Hold(m.Details! with { Date = Day() })),
        7 => On<Meeting>("meeting", (_, m) => Chance(2) ? m.Postpone(Day(), null, Chance(2) ? Day() : null, Chance(2) ? Word() : null) : m.Cancel(Day(), Word())),
        < 11 => Pick<Meeting>("meeting") is var (stream, m) && m.Statements.Count < MaxItems ? Register.Meetings.RecordMeeting.AddStatements(stream, m, [Said(m.Details!.Partners)], "", Asked()) : [],
        11 => On<Meeting>("meeting", (_, m) => m.Reclassify(random.Next(1, 4), Enum<Force>(), null, press)),
        12 => On<Meeting>("meeting", (_, m) => Chance(2) ? m.Validate() : m.Identify(Side.Partner, 0, Pick<Person>("person").Stream)),
        < 16 => New("action", s => AgreedAction.Agree(s, new() { Partner = Partner(), What = Word(), OwedBy = Enum<OwedBy>(), On = Day(), Due = Chance(3) ? Day() : null, WindsDown = Chance(6) ? true : null, HomeOrganisation = Home() }, Asked()), d => [((ActionAgreed)d).Partner]),
        < 24 => On<AgreedAction>("action", (_, a) => a.Changes.Count + a.DeniedChanges.Count < MaxItems ? a.Become(Enum<ActionState>(), Day()) : []),
        < 26 => On<AgreedAction>("action", (_, a) => a.Changes.Count < MaxItems && a.FollowUps.Count < MaxItems ? a.FollowUp(Day(), Word(), Chance(2) ? Enum<ActionState>() : null, null, null) : []),
        26 => On<AgreedAction>("action", (_, a) => random.Next(4) switch { 3 => a.OriginChanged(Enum<OriginChange>(), Enum<Force>()), 0 => a.Assign(Word()), 1 => a.SetDue(Day(), null), _ => a.SetReview(new(2020, random.Next(1, 13), 1)) }),
        < 30 => New("instrument", s => Instrument.Open(s, new() { Partners = Some(), Kind = "mou", Title = Word(), Binding = Enum<Binding>(), HomeOrganisation = Home() }, [], press, Asked()), d => ((InstrumentOpened)d).Partners),
        < 37 => On<Instrument>("instrument", (_, i) => i.Acts.Count + i.ReportedActs.Count < MaxItems ? Chance(4) ? i.RecordReport(Act(i), press) : i.Record(Act(i), press) : []),
        37 => On<Instrument>("instrument", (_, i) => random.Next(9) switch
        {
            4 or 7 => i.Terms.Count < MaxItems ? i.SetTerm(Term()) : [], 8 => i.OriginChanged(Enum<OriginChange>(), Enum<Force>()), 5 => i.SupersededBy(Pick<Instrument>("instrument").Stream, Day(), "training"), 6 => i.LinkTo(Enum<LinkKind>(), Pick<Instrument>("instrument").Stream, Day()),
            0 => i.SupersededBy(Pick<Instrument>("instrument").Stream, Day()), 1 => i.AmendedBy(Pick<Instrument>("instrument").Stream, Day()),
            2 => i.SetReview(new(2020, random.Next(1, 13), 1)), _ => i.Attach(new(new string('a', 64), Note: Word())),
        }),
        < 42 => On<Partnership>("partnership", (_, p) => p.Turns.Count + p.DeniedTurns.Count < MaxItems ? Turn(p) : []),
        42 => Pick<Partnership>("partnership") is var (stream, p) && p.Statements.Count < MaxItems ? p.AddStatement(stream, Said([p.Details!.Partner]), Day(), Home(), Asked()) : [],
        43 => On<Partnership>("partnership", (_, p) => random.Next(4) switch
        {
            0 => p.AddNote(Word(), Day()), 1 => p.SetReviewPeriod(random.Next(1, 30)), 2 => p.AssignFocalPoint(new(Enum<Side>(), Pick<Person>("person").Stream)), _ => p.Reclassify(random.Next(1, 3), Enum<Force>(), null, press),
        }),
        44 => Opened([Partner()]),
        45 => SmallRecord(),
        46 => ChangeSmall(),
        < 52 => OnPart((r, of, part) => Field(r, part) is var (field, value) ? r.Correct(new(new Dictionary<string, JsonElement> { [field] = value }, of)) : []),
        52 or 62 or 63 => OnPart((r, of, part) => Field(r, part) is var (field, value) ? r.Refine(new(new Dictionary<string, JsonElement> { [field] = value }, of)) : []),
        < 56 => OnPart((r, of, part) => Field(r, part, reported: true) is var (field, value) ? r.Report(new Dictionary<string, JsonElement> { [field] = value }, of, press) : []),
        < 59 => Prefer(),
        < 61 or 64 or 65 => OnAny(Mark),
        _ => OnAny(r => Withdraw(r, Chance(4) ? null : Items(r) is { Count: > 0 } items ? One(items) : null)),
    };

    IReadOnlyList<Fact> Mark(RecordState r) => random.Next(3) switch
    {
        0 => r.RaiseMarking(Enum<Marking>(), Chance(3) ? ["desk-north"] : null, null),
        > 0 when r.LoweringsAsked is { Count: > 0 } asked => r.Lower(One(asked.ToList()).Event, "another"),
        _ => r.AskLowering(Marking.Open, [], null),
    };

    IReadOnlyList<StreamFacts> RecordMeeting(bool held)
    {
        var details = new MeetingDetails { Partners = Some(), Kind = "talks", Date = Day(), HomeOrganisation = Home(), PartnerSide = [new(Description: "an officer")] };
        var said = held ? Enumerable.Range(0, random.Next(3)).Select(_ => Said(details.Partners)).ToList() : [];
        return [.. Register.Meetings.RecordMeeting.Decide(NewStream("meeting"), details, held, said, press, Asked()), .. Opened(details.Partners)];
    }

    NewStatement Said(IReadOnlyList<string> partners) => new(new Statement { Number = 0, Force = Enum<Force>(), Speaker = One([Statements.Home, Statements.Joint, .. partners]), Text = Word(), Formulaic = Chance(5) ? true : null }, press);

    Act Act(Instrument i) => Enum<ActKind>() is var kind && kind == ActKind.EnteredIntoForce && Chance(2) ? new() { Kind = kind, On = Day(), Part = "Title I" }
        : new() { Kind = kind, On = Day(), Party = Chance(3) ? null : One(i.Parties) };

    // Ends on a day, or open; from the beginning, or from an exact day on. What is computed from years and notices has tests of its own.
    Term Term()
    {
        var open = Chance(4);
        return new() { Kind = open ? TermKind.Open : TermKind.Ends, On = open ? null : Day(), AgreedOn = Chance(2) ? null : Sample.D(NaiveDays.All[random.Next(10)]) };
    }

    IReadOnlyList<Fact> Turn(Partnership p)
    {
        var (by, part, home) = (One([Statements.Home, Statements.Joint, p.Details!.Partner]), Chance(4) ? "training" : null, Home());
        return random.Next(6) switch { < 2 => p.Suspend(new(Day(), by, part, null, home)), < 4 => p.Resume(new(Day(), by, part, null, home)), 4 => p.Close(Day()), _ => p.Reopen(Day()) };
    }

    IReadOnlyList<StreamFacts> SmallRecord() => random.Next(4) switch
    {
        0 => [Person.Describe(NewStream("person"), Word(), "Latn", null, null, press)],
        1 => [Organisation.Describe(NewStream("organisation"), new() { Names = new() { ["en"] = Word() } }, press)],
        2 => [Source.Register(NewStream("source"), new() { Title = Word(), Published = Day() })],
        _ => [Occasion.Describe(NewStream("occasion"), new() { What = Word(), Date = Day() }, press)],
    };

    IReadOnlyList<StreamFacts> ChangeSmall() => random.Next(7) switch
    {
        0 => On<Person>("person", (s, p) => p.AddName(s, Chance(2) ? NameKind.Variant : NameKind.Erroneous, Word(), "Arab", press)),
        1 => On<Person>("person", (_, p) => p.RecordOffice(new(Word(), null, Day(), Day()), press)),
        2 => On<Organisation>("organisation", (_, o) => Chance(4)
            ? o.GivePartnerCode($"OFFICE{random.Next(100)}", taken: false) : o.Rename(new(new() { ["en"] = Word() }, Day()), press)),
        3 => On<Source>("source", (_, s) => Chance(2) ? s.AddNote(Word()) : s.RecordDigest(new(new string("0123456789abcdef"[random.Next(16)], 64)))),
        4 => Merge<Person>("person", x => new PersonMerged(x), x => new PersonAbsorbed(x)),
        5 => Merge<Organisation>("organisation", x => new OrganisationMerged(x), x => new OrganisationAbsorbed(x)),
        _ => SmallRecord(),
    };

    IReadOnlyList<StreamFacts> Merge<T>(string kind, Func<string, object> merged, Func<string, object> absorbed) where T : RecordState
    {
        var ((gone, g), (into, s)) = (Pick<T>(kind), Pick<T>(kind));
        return Merging.Merge(gone, g, into, into, s, (null, null), merged, absorbed);
    }

    IReadOnlyList<StreamFacts> Prefer()
    {
        // Few records of the smaller kinds have reports: one is looked for.
        var reported = Of(One(kinds)).Where(s => States[s].Reports is not null).ToList();
        if (reported.Count == 0) return [];
        var (stream, record) = One(reported) is var s ? (s, States[s]) : default;
        var field = One(record.Reports!);
        return Whole(stream, record, record.Prefer(field.Field, One(field.Readings).Event, field.Of));
    }

    static IReadOnlyList<Fact> Withdraw(RecordState r, Guid? of) => r switch
    {
        Meeting m => m.Withdraw(of), AgreedAction a => a.Withdraw(of), Instrument i => i.Withdraw(of), Partnership p => p.Withdraw(of),
        Person p => p.Withdraw(of), Organisation o => o.Withdraw(of), Source s => s.Withdraw(of), Occasion o => o.Withdraw(of),
        _ => throw new InvalidOperationException(),
    };

    // A field of a part with another value for it; which fields, and which values, by what the field is called.
    (string Field, JsonElement Value)? Field(RecordState record, Part part, bool reported = false)
    {
        var field = One([.. part.Fields.Keys.Order(StringComparer.Ordinal)]);
        if (reported && Chance(3) && Items(record).Count > 0) field = Part.Happened;
        JsonNode? value = field switch
        {
            "date" or "on" or "due" or "from" or "published" => Day().Text,
            "what" or "title" or "note" or "place" or "text" or "publisher" or "owner" => Word(),
            "until" when record is Person => Day().Text,
            "force" => Slug.Of(Enum<Force>()),
            "state" when part.Fields.ContainsKey("nextReview") => Chance(3) ? null : Slug.Of(Enum<ActionState>()),
            "speaker" => One([Statements.Home, Statements.Joint, .. Partners]),
            "formulaic" or "windsDown" or Part.Happened => Chance(2),
            "homeOrganisation" => Home(),
            "partner" when record is AgreedAction => Partner(),
            "partners" => new JsonArray([.. Some().Select(p => (JsonNode)p)]),
            "binding" => Slug.Of(Enum<Binding>()),
            "by" when record is Partnership => One([Statements.Home, Statements.Joint, .. Partners]),
            "kind" when record is Instrument && part.Fields.ContainsKey("party") => Slug.Of(Enum<ActKind>()),
            "country" => Partner(),
            _ => "",
        };
        if (value is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() == "" && field is not ("date" or "on" or "due" or "from" or "until" or "published")) return null;
        return (field, value is null ? JsonDocument.Parse("null").RootElement : JsonSerializer.SerializeToElement(value));
    }

    public static List<Guid> Items(RecordState r) => r switch
    {
        Meeting m => [.. m.Statements.Select(s => s.Event), .. m.Outcomes.Select(o => o.Event)],
        AgreedAction a => [.. a.Changes.Concat(a.DeniedChanges).Select(c => c.Event), .. a.FollowUps.Select(f => f.Event)],
        Instrument i => [.. i.Acts.Concat(i.ReportedActs).Select(a => a.Event), .. i.Supersessions.Select(s => s.Event), .. i.Terms.Select(t => t.Event)],
        Partnership p => [.. p.Turns.Concat(p.DeniedTurns).Select(t => t.Event), .. p.Notes.Select(n => n.Event), .. p.Statements.Select(s => s.Event)],
        Person p => [.. p.Offices.Select(o => o.Event)],
        _ => [],
    };

    IReadOnlyList<StreamFacts> OnPart(Func<RecordState, Guid?, Part, IReadOnlyList<Fact>> decide) => OnAny(r =>
    {
        var items = Items(r);
        Guid? of = items.Count > 0 && !Chance(3) ? One(items) : null;
        return decide(r, of, r.PartOf(of)!);
    });

    IReadOnlyList<StreamFacts> OnAny(Func<RecordState, IReadOnlyList<Fact>> decide) => On<RecordState>(One(kinds), (_, r) => decide(r));

    IReadOnlyList<StreamFacts> On<T>(string kind, Func<string, T, IReadOnlyList<Fact>> decide) where T : RecordState =>
        Of(kind).Count == 0 ? [] : Pick<T>(kind) is var (stream, state) ? Whole(stream, state, decide(stream, state)) : [];

    // As the host decides: with all that it means for others.
    IReadOnlyList<StreamFacts> Whole(string stream, RecordState state, IReadOnlyList<Fact> facts) =>
        Consequences.Of(stream, state, facts, s => States.GetValueOrDefault(s), Asked(), onFile: stream.StartsWith("partnership-", StringComparison.Ordinal) ? OnFile(stream["partnership-".Length..]) : null);

    List<string> OnFile(string partner) => [.. States.Where(s => !s.Value.Withdrawn && s.Value switch
    {
        Meeting { Details: { } d } => d.Partners.Contains(partner), AgreedAction { Details: { } d } => d.Partner == partner, Instrument { Details: { } d } => d.Partners.Contains(partner), _ => false,
    }).Select(s => s.Key)];

    IReadOnlyList<StreamFacts> New(string kind, Func<string, StreamFacts> open, Func<object, IReadOnlyList<string>> partnersOf)
    {
        var opened = open(NewStream(kind));
        return [opened, .. Opened(partnersOf(opened.Facts[0].Event))];
    }

    IReadOnlyList<StreamFacts> Opened(IReadOnlyList<string> codes) => [.. codes.Select(p =>
        new StreamFacts(Partnership.StreamOf(p), ((Partnership?)States.GetValueOrDefault(Partnership.StreamOf(p)) ?? Partnership.Initial).Open(new() { Partner = p })))];

    (string Stream, T State) Pick<T>(string kind) where T : RecordState
    {
        if (Of(kind).Count == 0) throw Refusal.Because("not-found", kind);
        var stream = One(Of(kind));
        return (stream, (T)States[stream]);
    }

    List<string> Of(string kind) => streams.TryGetValue(kind, out var known) ? known : streams[kind] = [];
    string NewStream(string kind) => $"{kind}-{++made}";
    // Mostly everything has happened by the day of the command; on the earlier day some of it is still to come.
    Asked Asked() => new(Chance(4) ? new(2020, 7, 1) : new(2021, 12, 31), NewStream);
    Edtf Day() => Sample.D(Chance(4) ? One(NaiveDays.All) : NaiveDays.All[random.Next(10)]);
    string Word() => One(words);
    string Partner() => One(Partners);
    string? Home() => Chance(8) ? "organisation-9" : null;
    IReadOnlyList<string> Some() => Chance(8) ? [.. new[] { Partner(), Partner() }.Distinct()] : [Partner()];
    bool Chance(int oneIn) => random.Next(oneIn) == 0;
    T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
    T Enum<T>() where T : struct, Enum => One(System.Enum.GetValues<T>());
}
