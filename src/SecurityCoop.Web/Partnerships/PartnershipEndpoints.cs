using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Meetings;
using Views = SecurityCoop.Web.RecordKinds;

namespace SecurityCoop.Web.Partnerships;

public static class PartnershipEndpoints
{
    public static void MapPartnerships(this RouteGroupBuilder api)
    {
        api.MapPost("/partnerships", Open).Needs(Role.Recorder).Takes<PartnershipBody>();
        api.MapPost("/partnerships/{code}/suspension", Suspend).Needs(Role.Recorder).Takes<TurnBody>();
        api.MapPost("/partnerships/{code}/resumption", Resume).Needs(Role.Recorder).Takes<TurnBody>();
        api.MapPost("/partnerships/{code}/notes", AddNote).Needs(Role.Recorder).Takes<PartnershipNoteBody>();
        api.MapGet("/partnerships/{code}/notes", PartnershipNotes.Get).Needs(Role.Reader).Shows<System.Text.Json.Nodes.JsonObject>();
        api.MapPost("/partnerships/{code}/review-period", SetReviewPeriod).Needs(Role.Steward).Takes<ReviewPeriodBody>();
        api.MapPost("/partnerships/{code}/focal-points", AssignFocalPoint).Needs(Role.Recorder).Takes<FocalPointBody>();
        api.MapPost("/partnerships/{code}/statements", AddStatement).Needs(Role.Recorder).Takes<PublicStatementBody>();
        api.MapPost("/partnerships/{code}/reclassifications", Reclassify).Needs(Role.Recorder).Takes<ReclassificationBody>();
        api.MapPost("/partnerships/{code}/closure", Close).Needs(Role.Recorder).Takes<DatedBody>();
        api.MapPost("/partnerships/{code}/reopening", Reopen).Needs(Role.Recorder).Takes<DatedBody>();
        api.MapCorrections(Views.Partnership, (p, c) => p.Correct(c), (p, of) => p.Withdraw(of));
        api.MapStatusQueries();
    }

    static Task<IResult> Open(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.PartnershipBody, async (w, body) =>
    {
        Known.Partner(body.Partner, "/partner");
        var stream = Register.Partnerships.Partnership.StreamOf(body.Partner);
        var state = await w.LoadOrInitial(Views.Partnership, stream);
        return [new(stream, state.Open(new PartnershipDetails { Partner = body.Partner, Note = body.Note }, await w.Sources()), Reference: state.Exists ? null : body.Partner)];
    });

    static Task<IResult> Suspend(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.TurnBody, async (w, body) =>
        await OnPartnership(w, code, async p => p.Suspend(new(body.On, body.By, body.Part, body.OnAsGiven, await w.Home()))));

    static Task<IResult> Resume(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.TurnBody, async (w, body) =>
        await OnPartnership(w, code, async p => p.Resume(new(body.On, body.By, body.Part, body.OnAsGiven, await w.Home()))));

    static Task<IResult> AddNote(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.PartnershipNoteBody, (w, body) =>
        OnPartnership(w, code, async p => p.AddNote(body.Note, body.On, await w.ProtectFor(body.ProtectFor, "/protectFor"))));

    static Task<IResult> SetReviewPeriod(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.ReviewPeriodBody, (w, body) =>
        OnPartnership(w, code, p => Task.FromResult(p.SetReviewPeriod(body.Months))));

    static Task<IResult> AssignFocalPoint(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.FocalPointBody, (w, body) =>
        OnPartnership(w, code, async p => p.AssignFocalPoint(new(body.Side, await w.NamedOrNull(Views.Person, body.Person, "/person"), body.Office, body.On))));

    static Task<IResult> AddStatement(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.PublicStatementBody, async (w, body) =>
    {
        var (stream, state) = await w.Load(Views.Partnership, code);
        return state.AddStatement(stream, await body.ToStatement(w, ""), body.On, await w.Home(), w.Asked);
    });

    static Task<IResult> Reclassify(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.ReclassificationBody, (w, body) =>
        OnPartnership(w, code, async p =>
        {
            body.NeedsReason();
            return p.Reclassify(body.Number, body.Force, body.ClassifiedBy, await w.Sources()).On(body.On);
        }));

    static Task<IResult> Close(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.DatedBody, (w, body) =>
        OnPartnership(w, code, p => Task.FromResult(p.Close(body.On ?? Edtf.On(w.Asked.Today)))));

    static Task<IResult> Reopen(string code, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.DatedBody, (w, body) =>
        OnPartnership(w, code, p => Task.FromResult(p.Reopen(body.On ?? Edtf.On(w.Asked.Today)))));

    static async Task<IReadOnlyList<StreamFacts>> OnPartnership(Write w, string code, Func<Partnership, Task<IReadOnlyList<Fact>>> decide)
    {
        var (stream, state) = await w.Load(Views.Partnership, code);
        var facts = await decide(state);
        return [new(stream, facts), .. await Origins.Follow(w, state, facts)];
    }
}

public sealed record PartnershipBody : Body
{
    /// <summary>ISO 3166-1 alpha-2, or an organisation's own code.</summary>
    public required string Partner { get; init; }
    public string? Note { get; init; }
}

public sealed record TurnBody : Body
{
    /// <summary>"home", the partner's code or "joint".</summary>
    public required string By { get; init; }
    public required Edtf On { get; init; }
    public string? OnAsGiven { get; init; }
    /// <summary>Of what, where it is not the whole.</summary>
    public string? Part { get; init; }
}

public record NoteBody : DatedBody
{
    public required string Note { get; init; }
}

public sealed record PartnershipNoteBody : NoteBody
{
    /// <summary>The person whose erasure shall take the note with it: it is encrypted under that person's key. Absent: in the clear for ever.</summary>
    public string? ProtectFor { get; init; }
}

public sealed record ReviewPeriodBody : Body
{
    public required int Months { get; init; }
}

public sealed record FocalPointBody : DatedBody
{
    public required Side Side { get; init; }
    public string? Person { get; init; }
    public Office? Office { get; init; }
}
