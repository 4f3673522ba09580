using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordViews;

namespace SecurityCoop.Web.Instruments;

public static class InstrumentEndpoints
{
    public static void MapInstruments(this RouteGroupBuilder api)
    {
        api.MapPost("/instruments", Open).Needs(Role.Recorder).Takes<InstrumentBody>();
        api.MapPost("/instruments/{instrument}/acts", RecordAct).Needs(Role.Recorder).Takes<RecordedActBody>();
        api.MapPost("/instruments/acts", RecordActOnSeveral).Needs(Role.Recorder).Takes<ActOnSeveralBody>();
        api.MapPost("/instruments/{instrument}/links", Link).Needs(Role.Recorder).Takes<InstrumentLinkBody>();
        api.MapPost("/instruments/{instrument}/texts", AttachText).Needs(Role.Recorder).Takes<TextBody>();
        api.MapPost("/instruments/{instrument}/review-date", SetReview).Needs(Role.Recorder).Takes<ReviewDateBody>();
        api.MapCorrections(Views.Instrument, (i, c) => i.Correct(c), (i, of) => i.Withdraw(of));
        api.MapRecord(Views.Instrument);
        api.MapGet("/instruments", InstrumentQueries.List).Needs(Role.Reader).Shows<JsonObject>();
    }

    static Task<IResult> Open(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.InstrumentBody, async (w, body) =>
    {
        Known.Partners(body.Partners, "/partners");
        Known.InstrumentKind(body.Kind, "/kind");
        Known.Topics(body.Topics, "/topics");
        var links = new List<Link>();
        foreach (var (l, i) in (body.Links ?? []).Select((l, i) => (l, i))) links.Add(l with { Instrument = await w.Named(Views.Instrument, l.Instrument, $"/links/{i}/instrument") });
        var details = new InstrumentDetails
        {
            Partners = body.Partners, Kind = body.Kind, Title = body.Title, Binding = body.Binding ?? Binding.Unknown, Parties = body.Parties, Effect = body.Effect, ReviewOn = body.ReviewOn,
            Topics = body.Topics, Links = links.Count == 0 ? null : links, Meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting"), Statement = body.Statement, HomeOrganisation = await w.Home(),
        };
        var acts = new List<(Act, IReadOnlyList<Locator>?)>();
        foreach (var (a, i) in (body.Acts ?? []).Select((a, i) => (a, i))) acts.Add((a.ToAct(), await w.Locators(a.Source, $"/acts/{i}/source")));
        return [Register.Instruments.Instrument.Open(w.Asked.NewStream("instrument"), details, acts, await w.Sources(), w.Asked), .. await w.Opened(body.Partners)];
    });

    static Task<IResult> RecordAct(string instrument, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.RecordedActBody, Views.Instrument, instrument, async (w, body, _, state) =>
            body.Report == true ? state.RecordReport(body.ToAct(), await w.Sources()) : state.Record(body.ToAct(), await w.Sources()));

    static Task<IResult> RecordActOnSeveral(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.ActOnSeveralBody, async (w, body) =>
    {
        if (body.Instruments.Count == 0) throw Refusal.OfField("/instruments", "required");
        var all = new List<StreamFacts>();
        foreach (var (name, i) in body.Instruments.Select((n, i) => (n, i)))
        {
            var stream = await w.Named(Views.Instrument, name, $"/instruments/{i}");
            if (all.Any(a => a.Stream == stream)) throw Refusal.OfField($"/instruments/{i}", "doubled", name);
            all.Add(new(stream, (await w.LoadOrInitial(Views.Instrument, stream)).Record(body.ToAct(), await w.Sources())));
        }
        return all;
    });

    static Task<IResult> Link(string instrument, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.InstrumentLinkBody, Views.Instrument, instrument, async (w, body, stream, state) =>
        {
            var other = await w.Named(Views.Instrument, body.Instrument, "/instrument");
            if (other == stream) throw Refusal.OfField("/instrument", "itself");
            return body.Kind switch
            {
                LinkSort.AmendedBy => state.AmendedBy(other, body.On ?? Edtf.Unknown),
                LinkSort.SupersededBy => state.SupersededBy(other, body.On ?? Edtf.Unknown),
            };
        });

    static Task<IResult> AttachText(string instrument, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.TextBody, Views.Instrument, instrument, (_, body, _, state) =>
            Register.Sources.Source.IsSha256(body.Sha256) ? Task.FromResult(state.Attach(new(body.Sha256, body.Language, body.Url, body.Note))) : throw Refusal.OfField("/sha256", "not-a-digest"));

    static Task<IResult> SetReview(string instrument, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.ReviewDateBody, Views.Instrument, instrument, (_, body, _, state) => Task.FromResult(state.SetReview(body.ReviewOn)));
}

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
    public IReadOnlyList<Link>? Links { get; init; }
    public string? Meeting { get; init; }
    public int? Statement { get; init; }
    public IReadOnlyList<ActBody>? Acts { get; init; }
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

public enum LinkSort { AmendedBy, SupersededBy }

public sealed record InstrumentLinkBody : DatedBody
{
    public required LinkSort Kind { get; init; }
    /// <summary>The instrument that amends, or takes the place of, the one in the address.</summary>
    public required string Instrument { get; init; }
}

public sealed record TextBody : Body
{
    public required string Sha256 { get; init; }
    public string? Language { get; init; }
    public string? Url { get; init; }
    public string? Note { get; init; }
}
