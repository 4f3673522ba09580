using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Instruments;

public static class InstrumentEndpoints
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/instruments", Role.Recorder, (string _, InstrumentBody body) => new PlanInstrument(body), Plan);
        commands.Change("/instruments/{instrument}/acts", Role.Recorder,
            (string instrument, RecordedActBody body) => new RecordAct(instrument, body), Views.Instrument,
            async (w, c, _, state) => c.Body.Report == true ? state.RecordReport(c.Body.ToAct(), await w.Sources()) : state.Record(c.Body.ToAct(), await w.Sources()));
        commands.Post("/instruments/acts", Role.Recorder, (string _, ActOnSeveralBody body) => new RecordActOnSeveral(body), OnSeveral);
        commands.Change("/instruments/{instrument}/terms", Role.Recorder,
            (string instrument, TermBody body) => new SetInstrumentTerm(instrument, body), Views.Instrument,
            (_, c, _, state) => Task.FromResult(state.SetTerm(c.Body.ToTerm())));
        commands.Post("/instruments/{instrument}/links", Role.Recorder,
            (string instrument, InstrumentLinkBody body) => new LinkInstrument(instrument, body), Link);
        commands.Change("/instruments/{instrument}/texts", Role.Recorder,
            (string instrument, TextBody body) => new AttachInstrumentText(instrument, body), Views.Instrument, Attach);
        commands.Change("/instruments/{instrument}/review-date", Role.Recorder,
            (string instrument, ReviewDateBody body) => new SetInstrumentReviewDate(instrument, body), Views.Instrument,
            (_, c, _, state) => Task.FromResult(state.SetReview(c.Body.ReviewOn).On(c.Body.On)));
        commands.Corrections(Views.Instrument, (i, c) => i.Correct(c), (i, of) => i.Withdraw(of));
        return commands;
    }

    public static void MapInstruments(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Instrument);
        api.MapGet("/instruments", InstrumentQueries.List).Needs(Role.Reader).Shows<JsonObject>().AlsoCsv("instruments", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("states", "states"), ("partners", "partners"), ("kind", "kind"), ("title", "title"), ("binding", "binding"), ("topics", "topics"), ("homeOrganisation", "homeOrganisation"), ("reviewOn", "reviewOn"), ("meeting", "meeting"), ("statement", "statement"), ("acts", "acts.what.kind"), ("actsOn", "acts.what.on"), ("expiring", "expiring"));
    }

    static async Task<IReadOnlyList<StreamFacts>> Plan(Write w, PlanInstrument command)
    {
        var body = command.Body;
        Known.Partners(body.Partners, "/partners");
        Known.InstrumentKind(body.Kind, "/kind");
        Known.Topics(body.Topics, "/topics");
        var instrument = w.Asked.NewStream("instrument");
        var (links, others) = (new List<Link>(), new List<StreamFacts>());
        foreach (var (l, i) in (body.Links ?? []).Select((l, i) => (l, i)))
        {
            var other = await w.Named(Views.Instrument, l.Instrument, $"/links/{i}/instrument");
            links.Add(new(l.Kind, other));
            if (l.On is { } on) others.AddRange(await OnTheOther(w, l.Kind, other, instrument, on, l.Part));
        }
        var details = new InstrumentDetails
        {
            Partners = body.Partners, Kind = body.Kind, Title = body.Title, Binding = body.Binding ?? Binding.Unknown, Parties = body.Parties, Effect = body.Effect, ReviewOn = body.ReviewOn,
            Topics = body.Topics, Links = links.Count == 0 ? null : links, Meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting"), Statement = body.Statement, HomeOrganisation = await w.Home(),
        };
        var acts = new List<NewAct>();
        foreach (var (a, i) in (body.Acts ?? []).Select((a, i) => (a, i))) acts.Add(await a.ToNewAct(w, $"/acts/{i}"));
        var opened = Register.Instruments.Instrument.Open(instrument, details, acts, await w.Sources(), w.Asked, term: body.Term?.ToTerm());
        return [opened, .. others, .. await w.Opened(body.Partners)];
    }

    static async Task<IReadOnlyList<StreamFacts>> OnSeveral(Write w, RecordActOnSeveral command)
    {
        var body = command.Body;
        if (body.Instruments.Count == 0) throw Refusal.OfField("/instruments", "required");
        var all = new List<StreamFacts>();
        foreach (var (name, i) in body.Instruments.Select((n, i) => (n, i)))
        {
            var stream = await w.Named(Views.Instrument, name, $"/instruments/{i}");
            if (all.Any(a => a.Stream == stream)) throw Refusal.OfField($"/instruments/{i}", "doubled", name);
            var state = await w.LoadOrInitial(Views.Instrument, stream);
            var facts = state.Record(body.ToAct(), await w.Sources());
            Outcomes.Check(state, facts, w.Asked.Today);
            all.Add(new(stream, facts));
        }
        return all;
    }

    static async Task<IReadOnlyList<StreamFacts>> Link(Write w, LinkInstrument command)
    {
        var body = command.Body;
        var (stream, state) = await w.Load(Views.Instrument, command.Name);
        var other = await w.Named(Views.Instrument, body.Instrument, "/instrument");
        if (other == stream) throw Refusal.OfField("/instrument", "itself");
        if (body.Part is not null && body.Kind is not (LinkSort.SupersededBy or LinkSort.Replaces)) throw Refusal.OfField("/part", "only-for", "superseded-by", "replaces");
        var on = body.On ?? Edtf.Unknown;
        async Task<IReadOnlyList<StreamFacts>> To(LinkKind kind) => [new(stream, state.LinkTo(kind, other, on)), .. await OnTheOther(w, kind, other, stream, on, body.Part)];
        return body.Kind switch
        {
            LinkSort.AmendedBy => [new(stream, state.AmendedBy(other, on))],
            LinkSort.SupersededBy => [new(stream, state.SupersededBy(other, on, body.Part))],
            LinkSort.CarriesOut => await To(LinkKind.CarriesOut),
            LinkSort.Amends => await To(LinkKind.Amends),
            LinkSort.Replaces => await To(LinkKind.Replaces),
        };
    }

    // What amends or replaces another instrument changes that one too, from the day that the link names.
    static async Task<IReadOnlyList<StreamFacts>> OnTheOther(Write w, LinkKind kind, string other, string by, Edtf on, string? part)
    {
        if (kind == LinkKind.CarriesOut) return [];
        var state = await w.LoadOrInitial(Views.Instrument, other);
        return [new(other, kind == LinkKind.Amends ? state.AmendedBy(by, on) : state.SupersededBy(by, on, part))];
    }

    static Task<IReadOnlyList<Fact>> Attach(Write w, AttachInstrumentText command, string stream, Instrument state)
    {
        var body = command.Body;
        if (!Register.Sources.Source.IsSha256(body.Sha256)) throw Refusal.OfField("/sha256", "not-a-digest");
        return Task.FromResult(state.Attach(new(body.Sha256, body.Language, body.Url, body.Note)).On(body.On));
    }
}

/// <summary>Opens an instrument: a memorandum that is planned, or one that is further already.</summary>
public sealed record PlanInstrument(InstrumentBody Body) : Command<InstrumentBody>(Body);

/// <summary>Records what was done to an instrument, or what a source reports of it.</summary>
public sealed record RecordAct(string Name, RecordedActBody Body) : CommandOn<RecordedActBody>(Name, Body);

/// <summary>Records one act on several instruments, all or none.</summary>
public sealed record RecordActOnSeveral(ActOnSeveralBody Body) : Command<ActOnSeveralBody>(Body);

/// <summary>Says how long an instrument lasts.</summary>
public sealed record SetInstrumentTerm(string Name, TermBody Body) : CommandOn<TermBody>(Name, Body);

/// <summary>Ties an instrument to another.</summary>
public sealed record LinkInstrument(string Name, InstrumentLinkBody Body) : CommandOn<InstrumentLinkBody>(Name, Body);

/// <summary>Says where an instrument's text is, and what it hashes to.</summary>
public sealed record AttachInstrumentText(string Name, TextBody Body) : CommandOn<TextBody>(Name, Body);

/// <summary>Sets the day on which an instrument is looked at again.</summary>
public sealed record SetInstrumentReviewDate(string Name, ReviewDateBody Body) : CommandOn<ReviewDateBody>(Name, Body);

public sealed record InstrumentBody : Body
{
    public required IReadOnlyList<string> Partners { get; init; }
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public Binding? Binding { get; init; }
    /// <summary>States or services that are parties; absent: "home" and the partners.</summary>
    public IReadOnlyList<string>? Parties { get; init; }
    public Effect? Effect { get; init; }
    public DateOnly? ReviewOn { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    public IReadOnlyList<OpeningLink>? Links { get; init; }
    public TermClause? Term { get; init; }
    public string? Meeting { get; init; }
    public int? Statement { get; init; }
    public IReadOnlyList<ActBody>? Acts { get; init; }
}

/// <summary>A link of a new instrument. With its day the other instrument is amended, or superseded, from then on; without one it is only named.</summary>
public sealed record OpeningLink(LinkKind Kind, string Instrument, Edtf? On = null, string? Part = null);

/// <summary>How long the instrument lasts: open, ends (on a last day, or so many years from the entry into force) or tacit (renewed for so many years).</summary>
public sealed record TermClause(TermKind Kind, Edtf? On = null, string? OnAsGiven = null, int? Years = null, int? NoticeMonths = null, Edtf? AgreedOn = null)
{
    public Term ToTerm() => new() { Kind = Kind, On = On, OnAsGiven = OnAsGiven, Years = Years, NoticeMonths = NoticeMonths, AgreedOn = AgreedOn };
}

public sealed record TermBody : Body
{
    public required TermKind Kind { get; init; }
    /// <summary>The last day, or that of the first period; absent: counted in years from the entry into force.</summary>
    public Edtf? On { get; init; }
    public string? OnAsGiven { get; init; }
    public int? Years { get; init; }
    public int? NoticeMonths { get; init; }
    /// <summary>The day from which it takes the place of the term before; absent: it was the instrument's from the beginning.</summary>
    public Edtf? AgreedOn { get; init; }

    public Term ToTerm() => new TermClause(Kind, On, OnAsGiven, Years, NoticeMonths, AgreedOn).ToTerm();
}

public record ActBody : Body
{
    public required ActKind Kind { get; init; }
    public required Edtf On { get; init; }
    public string? OnAsGiven { get; init; }
    /// <summary>The party that acted; absent: all of them.</summary>
    public string? Party { get; init; }
    public Edtf? Expected { get; init; }
    public string? ExpectedAsGiven { get; init; }
    public Edtf? Until { get; init; }
    public string? Part { get; init; }
    public string? Note { get; init; }

    /// <summary>The act with what it says of itself, as part of a larger body.</summary>
    public async Task<NewAct> ToNewAct(Write w, string pointer)
    {
        w.CheckHeader(this, pointer);
        return new(ToAct(), await w.Locators(Source, $"{pointer}/source"), Credibility, Reason, Marking, OnBehalfOf, Groups);
    }

    public Act ToAct() => new() { Kind = Kind, On = On, OnAsGiven = OnAsGiven, Party = Party, Expected = Expected, ExpectedAsGiven = ExpectedAsGiven, Until = Until, Part = Part, Note = Note };
}

/// <summary>An act on one instrument.</summary>
public sealed record RecordedActBody : ActBody
{
    /// <summary>True for what a source reports and the record does not follow: kept beside its acts, it moves nothing until it is preferred.</summary>
    public bool? Report { get; init; }
}

/// <summary>One act on several instruments at once.</summary>
public sealed record ActOnSeveralBody : ActBody
{
    public required IReadOnlyList<string> Instruments { get; init; }
}

[JsonConverter(typeof(SlugJson<LinkSort>))]
public enum LinkSort { CarriesOut, Amends, Replaces, AmendedBy, SupersededBy }

public sealed record InstrumentLinkBody : DatedBody
{
    public required LinkSort Kind { get; init; }
    /// <summary>The other instrument: what the one in the address carries out, amends or replaces, or what amends it or takes its place.</summary>
    public required string Instrument { get; init; }
    /// <summary>The part that is replaced, where it is not the whole.</summary>
    public string? Part { get; init; }
}

public sealed record TextBody : DatedBody
{
    public required string Sha256 { get; init; }
    public string? Language { get; init; }
    public string? Url { get; init; }
    public string? Note { get; init; }
}
