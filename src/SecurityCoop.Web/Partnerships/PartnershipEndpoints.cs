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
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/partnerships", Role.Recorder, (string _, PartnershipBody body) => new OpenPartnership(body), Open);
        commands.Change("/partnerships/{code}/suspension", Role.Recorder,
            (string code, TurnBody body) => new SuspendPartnership(code, body), Views.Partnership,
            async (w, c, _, p) => p.Suspend(new(c.Body.On, c.Body.By, c.Body.Part, c.Body.OnAsGiven, await w.Home())));
        commands.Change("/partnerships/{code}/resumption", Role.Recorder,
            (string code, TurnBody body) => new ResumePartnership(code, body), Views.Partnership,
            async (w, c, _, p) => p.Resume(new(c.Body.On, c.Body.By, c.Body.Part, c.Body.OnAsGiven, await w.Home())));
        commands.Change("/partnerships/{code}/notes", Role.Recorder,
            (string code, PartnershipNoteBody body) => new AddPartnershipNote(code, body), Views.Partnership,
            async (w, c, _, p) => p.AddNote(c.Body.Note, c.Body.On, await w.ProtectFor(c.Body.ProtectFor, "/protectFor")));
        commands.Change("/partnerships/{code}/review-period", Role.Steward,
            (string code, ReviewPeriodBody body) => new SetReviewPeriod(code, body), Views.Partnership,
            (_, c, _, p) => Task.FromResult(p.SetReviewPeriod(c.Body.Months)));
        commands.Change("/partnerships/{code}/focal-points", Role.Recorder,
            (string code, FocalPointBody body) => new AssignFocalPoint(code, body), Views.Partnership,
            async (w, c, _, p) => p.AssignFocalPoint(new(c.Body.Side, await w.NamedOrNull(Views.Person, c.Body.Person, "/person"), c.Body.Office, c.Body.On)));
        commands.Post("/partnerships/{code}/statements", Role.Recorder,
            (string code, PublicStatementBody body) => new AddPublicStatement(code, body), AddStatement);
        commands.Change("/partnerships/{code}/reclassifications", Role.Recorder,
            (string code, ReclassificationBody body) => new ReclassifyPublicStatement(code, body), Views.Partnership, Reclassify);
        commands.Change("/partnerships/{code}/closure", Role.Recorder,
            (string code, DatedBody body) => new ClosePartnership(code, body), Views.Partnership,
            (w, c, _, p) => Task.FromResult(p.Close(c.Body.On ?? Edtf.On(w.Asked.Today))));
        commands.Change("/partnerships/{code}/reopening", Role.Recorder,
            (string code, DatedBody body) => new ReopenPartnership(code, body), Views.Partnership,
            (w, c, _, p) => Task.FromResult(p.Reopen(c.Body.On ?? Edtf.On(w.Asked.Today))));
        commands.Corrections(Views.Partnership, (p, c) => p.Correct(c), (p, of) => p.Withdraw(of));
        return commands;
    }

    public static void MapPartnerships(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapGet("/partnerships/{code}/notes", PartnershipNotes.Get).Needs(Role.Reader).Shows<System.Text.Json.Nodes.JsonObject>();
        api.MapStatusQueries();
    }

    static async Task<IReadOnlyList<StreamFacts>> Open(Write w, OpenPartnership command)
    {
        var body = command.Body;
        Known.Partner(body.Partner, "/partner");
        var stream = Register.Partnerships.Partnership.StreamOf(body.Partner);
        var state = await w.LoadOrInitial(Views.Partnership, stream);
        return [new(stream, state.Open(new PartnershipDetails { Partner = body.Partner, Note = body.Note }, await w.Sources()), Reference: state.Exists ? null : body.Partner)];
    }

    static async Task<IReadOnlyList<StreamFacts>> AddStatement(Write w, AddPublicStatement command)
    {
        var (stream, state) = await w.Load(Views.Partnership, command.Name);
        return state.AddStatement(stream, await command.Body.ToStatement(w, ""), command.Body.On, await w.Home(), w.Asked);
    }

    static async Task<IReadOnlyList<Fact>> Reclassify(Write w, ReclassifyPublicStatement command, string stream, Partnership state)
    {
        var body = command.Body;
        body.NeedsReason();
        return state.Reclassify(body.Number, body.Force, body.ClassifiedBy, await w.Sources()).On(body.On);
    }
}

/// <summary>Opens the partnership with a partner.</summary>
public sealed record OpenPartnership(PartnershipBody Body) : Command<PartnershipBody>(Body);

/// <summary>Records that cooperation was suspended.</summary>
public sealed record SuspendPartnership(string Name, TurnBody Body) : CommandOn<TurnBody>(Name, Body);

/// <summary>Records that cooperation was resumed.</summary>
public sealed record ResumePartnership(string Name, TurnBody Body) : CommandOn<TurnBody>(Name, Body);

/// <summary>Adds a note to a partnership.</summary>
public sealed record AddPartnershipNote(string Name, PartnershipNoteBody Body) : CommandOn<PartnershipNoteBody>(Name, Body);

/// <summary>Says after how many quiet months a partnership is looked at.</summary>
public sealed record SetReviewPeriod(string Name, ReviewPeriodBody Body) : CommandOn<ReviewPeriodBody>(Name, Body);

/// <summary>Names whom to turn to on one side.</summary>
public sealed record AssignFocalPoint(string Name, FocalPointBody Body) : CommandOn<FocalPointBody>(Name, Body);

/// <summary>Records what was said of a partnership outside any meeting.</summary>
public sealed record AddPublicStatement(string Name, PublicStatementBody Body) : CommandOn<PublicStatementBody>(Name, Body);

/// <summary>Says that such a statement binds otherwise than was recorded.</summary>
public sealed record ReclassifyPublicStatement(string Name, ReclassificationBody Body) : CommandOn<ReclassificationBody>(Name, Body);

/// <summary>Closes a partnership.</summary>
public sealed record ClosePartnership(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);

/// <summary>Has a closed partnership open again.</summary>
public sealed record ReopenPartnership(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);

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
