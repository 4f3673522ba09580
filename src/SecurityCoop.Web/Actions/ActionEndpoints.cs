using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Actions;

public static class ActionEndpoints
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/actions", Role.Recorder, (string _, ActionBody body) => new AgreeAction(body), Agree);
        commands.Change("/actions/{action}/follow-ups", Role.Recorder,
            (string action, FollowUpBody body) => new RecordFollowUp(action, body), Views.Action,
            (w, c, stream, state) => Followed(w, stream, state, c.Body, "", null, null));
        commands.Post("/follow-ups", Role.Recorder, (string _, FollowUpsBody body) => new RecordFollowUps(body), FollowUpSeveral);
        commands.Change("/actions/{action}/assignment", Role.Recorder,
            (string action, AssignmentBody body) => new AssignAction(action, body), Views.Action,
            (_, c, _, state) => Task.FromResult(state.Assign(c.Body.Owner, c.Body.On)));
        commands.Change("/actions/{action}/due-date", Role.Recorder,
            (string action, DueDateBody body) => new SetActionDueDate(action, body), Views.Action,
            (_, c, _, state) => Task.FromResult(state.SetDue(c.Body.Due, c.Body.DueAsGiven).On(c.Body.On)));
        commands.Change("/actions/{action}/review-date", Role.Recorder,
            (string action, ReviewDateBody body) => new SetActionReviewDate(action, body), Views.Action,
            (_, c, _, state) => Task.FromResult(state.SetReview(c.Body.ReviewOn).On(c.Body.On)));
        commands.Change("/actions/{action}/verification", Role.Validator,
            (string action, DatedBody body) => new VerifyAction(action, body), Views.Action,
            async (w, c, stream, state) => await w.BySomebodyElse(stream, state, state.Become(ActionState.Verified, c.Body.On ?? Edtf.On(w.Asked.Today))));
        commands.Change("/actions/{action}/reopening", Role.Recorder,
            (string action, DatedBody body) => new ReopenAction(action, body), Views.Action,
            (w, c, _, state) => Task.FromResult(state.Become(ActionState.Agreed, c.Body.On ?? Edtf.On(w.Asked.Today))));
        commands.Change("/actions/{action}/drop", Role.Recorder,
            (string action, DatedBody body) => new DropAction(action, body), Views.Action,
            (w, c, _, state) => Task.FromResult(state.Become(ActionState.Dropped, c.Body.On ?? Edtf.On(w.Asked.Today))));
        commands.Change("/actions/{action}/supersession", Role.Recorder,
            (string action, SupersessionBody body) => new SupersedeAction(action, body), Views.Action, Supersede);
        commands.Corrections(Views.Action, (a, c) => a.Correct(c), (a, of) => a.Withdraw(of));
        return commands;
    }

    public static void MapActions(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Action);
        api.MapGet("/actions", ActionQueries.List).Needs(Role.Reader).Shows<JsonObject>().AlsoCsv("actions", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("state", "state"), ("states", "states"), ("partner", "partner"), ("what", "what"),
            ("owedBy", "owedBy"), ("owner", "owner"), ("on", "on"), ("due", "due"), ("standing", "standing"),
            ("reviewOn", "reviewOn"), ("topics", "topics"),
            ("homeOrganisation", "homeOrganisation"), ("meeting", "meeting"), ("statement", "statement"),
            ("open", "open"), ("overdue", "overdue"),
            ("followUps", "#followUps.event"), ("followUpsOn", "followUps.on"), ("notes", "followUps.note"), ("stateOn", ">changes.on"));
    }

    static async Task<IReadOnlyList<StreamFacts>> Agree(Write w, AgreeAction command)
    {
        var body = command.Body;
        Known.Partner(body.Partner, "/partner");
        Known.Topics(body.Topics, "/topics");
        var meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting");
        var details = new ActionDetails
        {
            Partner = body.Partner, What = body.What, OwedBy = body.OwedBy, Owner = body.Owner, Due = body.Due, DueAsGiven = body.DueAsGiven, Standing = body.Standing, WindsDown = body.WindsDown,
            ReviewOn = body.ReviewOn, Topics = body.Topics, Meeting = meeting, Statement = body.Statement, HomeOrganisation = await HomeOf(w, body, meeting),
            On = body.On ?? await DayOf(w, meeting) ?? Edtf.By(w.Asked.Today),
        };
        var agreed = AgreedAction.Agree(w.Asked.NewStream("action"), details, w.Asked);
        var state = AgreedAction.After(agreed);
        foreach (var (f, i) in (body.FollowUps ?? []).Select((f, i) => (f, i)))
        {
            var facts = await Followed(w, agreed.Stream, state, f, $"/followUps/{i}", null, null);
            Outcomes.Check(state, facts, w.Asked.Today, $"/followUps/{i}");
            state = state.After(facts);
            agreed = agreed with { Facts = [.. agreed.Facts, .. await w.Of(f, facts, $"/followUps/{i}")] };
        }
        return [agreed, .. await w.Opened([body.Partner])];
    }

    // A child takes its meeting's day and home organisation where it names none of its own.
    static async Task<Edtf?> DayOf(Write w, string? meeting) => meeting is null ? null : (await w.LoadOrInitial(Views.Meeting, meeting)).Details?.Date;

    static async Task<string?> HomeOf(Write w, Body body, string? meeting) =>
        body.HomeOrganisation is not null || meeting is null ? await w.Home() : (await w.LoadOrInitial(Views.Meeting, meeting)).Details?.HomeOrganisation;

    // All of them in one transaction; what is refused is named by its place among them.
    static async Task<IReadOnlyList<StreamFacts>> FollowUpSeveral(Write w, RecordFollowUps command)
    {
        var body = command.Body;
        if (body.FollowUps.Count == 0) throw Refusal.OfField("/followUps", "required");
        var meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting");
        var all = new List<StreamFacts>();
        foreach (var (f, i) in body.FollowUps.Select((f, i) => (f, i)))
        {
            var stream = await w.Named(Views.Action, f.Action, $"/followUps/{i}/action");
            if (all.Any(a => a.Stream == stream)) throw Refusal.OfField($"/followUps/{i}/action", "doubled", f.Action);
            var state = await w.LoadOrInitial(Views.Action, stream);
            var facts = await Followed(w, stream, state, f, $"/followUps/{i}", body.On, meeting);
            Outcomes.Check(state, facts, w.Asked.Today, $"/followUps/{i}");
            all.Add(new(stream, await w.Of(f, facts, $"/followUps/{i}")));
        }
        return all;
    }

    // A follow-up raised at a meeting has the meeting's day where it names none of its own.
    static async Task<IReadOnlyList<Fact>> Followed(Write w, string stream, AgreedAction state, FollowUpBody body, string pointer, Edtf? on, string? meeting)
    {
        if (string.IsNullOrWhiteSpace(body.Note)) throw Refusal.OfField($"{pointer}/note", "required");
        // A follow-up is no way round the role that its state needs by itself.
        if (body.State == ActionState.Verified && !w.Caller.May(Role.Validator)) throw Refusal.Because("forbidden");
        var raisedAt = await w.NamedOrNull(Views.Meeting, body.Meeting, $"{pointer}/meeting") ?? meeting;
        var day = body.On ?? on ?? await DayOf(w, raisedAt) ?? Edtf.On(w.Asked.Today);
        var protectFor = await w.ProtectFor(body.ProtectFor, $"{pointer}/protectFor");
        try
        {
            var facts = state.FollowUp(day, body.Note, body.State, body.NextReview, raisedAt, protectFor);
            return body.State == ActionState.Verified ? await w.BySomebodyElse(stream, state, facts) : facts;
        }
        catch (Refusal refused) when (pointer != "")
        {
            throw refused.In(pointer);
        }
    }

    static async Task<IReadOnlyList<Fact>> Supersede(Write w, SupersedeAction command, string stream, AgreedAction state)
    {
        var by = await w.NamedOrNull(Views.Action, command.Body.By, "/by");
        return by == stream ? throw Refusal.OfField("/by", "itself") : state.Become(ActionState.Superseded, command.Body.On ?? Edtf.On(w.Asked.Today), by);
    }
}

/// <summary>Records what was agreed to be done.</summary>
public sealed record AgreeAction(ActionBody Body) : Command<ActionBody>(Body);

/// <summary>Records what came of an action.</summary>
public sealed record RecordFollowUp(string Name, FollowUpBody Body) : CommandOn<FollowUpBody>(Name, Body);

/// <summary>Records what came of several actions, all or none.</summary>
public sealed record RecordFollowUps(FollowUpsBody Body) : Command<FollowUpsBody>(Body);

/// <summary>Says who sees to an action.</summary>
public sealed record AssignAction(string Name, AssignmentBody Body) : CommandOn<AssignmentBody>(Name, Body);

/// <summary>Sets the day on which an action is due.</summary>
public sealed record SetActionDueDate(string Name, DueDateBody Body) : CommandOn<DueDateBody>(Name, Body);

/// <summary>Sets the day on which an action is looked at again.</summary>
public sealed record SetActionReviewDate(string Name, ReviewDateBody Body) : CommandOn<ReviewDateBody>(Name, Body);

/// <summary>Confirms that an action was done.</summary>
public sealed record VerifyAction(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);

/// <summary>Has a settled action open again.</summary>
public sealed record ReopenAction(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);

/// <summary>Records that an action will not be done.</summary>
public sealed record DropAction(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);

/// <summary>Records that another action has taken an action's place.</summary>
public sealed record SupersedeAction(string Name, SupersessionBody Body) : CommandOn<SupersessionBody>(Name, Body);

public sealed record ActionBody : DatedBody
{
    public required string Partner { get; init; }
    public required string What { get; init; }
    public required OwedBy OwedBy { get; init; }
    public string? Owner { get; init; }
    public Edtf? Due { get; init; }
    public string? DueAsGiven { get; init; }
    /// <summary>A standing duty's relative deadline, in words.</summary>
    public string? Standing { get; init; }
    public bool? WindsDown { get; init; }
    public DateOnly? ReviewOn { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    public string? Meeting { get; init; }
    public int? Statement { get; init; }
    /// <summary>What came of it since, in the world's order: of an action that is recorded after the fact.</summary>
    public IReadOnlyList<FollowUpBody>? FollowUps { get; init; }
}

public record FollowUpBody : DatedBody
{
    public required string Note { get; init; }
    /// <summary>The person whose erasure shall take the note with it: it is encrypted under that person's key. Absent: in the clear for ever.</summary>
    public string? ProtectFor { get; init; }
    public ActionState? State { get; init; }
    public DateOnly? NextReview { get; init; }
    public string? Meeting { get; init; }
}

public sealed record FollowUpOf : FollowUpBody
{
    public required string Action { get; init; }
}

public sealed record FollowUpsBody : DatedBody
{
    /// <summary>The meeting at which all of them were raised that name none of their own.</summary>
    public string? Meeting { get; init; }
    public required IReadOnlyList<FollowUpOf> FollowUps { get; init; }
}

public sealed record AssignmentBody : DatedBody
{
    /// <summary>Opaque id of whoever sees to it.</summary>
    public required string Owner { get; init; }
}

public sealed record DueDateBody : DatedBody
{
    /// <summary>Empty: undated from now on.</summary>
    public required Edtf Due { get; init; }
    public string? DueAsGiven { get; init; }
}

public sealed record ReviewDateBody : DatedBody
{
    public required DateOnly ReviewOn { get; init; }
}

public sealed record SupersessionBody : DatedBody
{
    /// <summary>Reference of the action that takes its place.</summary>
    public string? By { get; init; }
}
