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
    public static void MapActions(this RouteGroupBuilder api)
    {
        api.MapPost("/actions", Agree).Needs(Role.Recorder).Takes<ActionBody>();
        api.MapPost("/actions/{action}/follow-ups", FollowUp).Needs(Role.Recorder).Takes<FollowUpBody>();
        api.MapPost("/follow-ups", FollowUpSeveral).Needs(Role.Recorder).Takes<FollowUpsBody>();
        api.MapPost("/actions/{action}/assignment", Assign).Needs(Role.Recorder).Takes<AssignmentBody>();
        api.MapPost("/actions/{action}/due-date", SetDue).Needs(Role.Recorder).Takes<DueDateBody>();
        api.MapPost("/actions/{action}/review-date", SetReview).Needs(Role.Recorder).Takes<ReviewDateBody>();
        api.MapPost("/actions/{action}/verification", Verify).Needs(Role.Validator).Takes<DatedBody>();
        api.MapPost("/actions/{action}/reopening", Reopen).Needs(Role.Recorder).Takes<DatedBody>();
        api.MapPost("/actions/{action}/drop", Drop).Needs(Role.Recorder).Takes<DatedBody>();
        api.MapPost("/actions/{action}/supersession", Supersede).Needs(Role.Recorder).Takes<SupersessionBody>();
        api.MapCorrections(Views.Action, (a, c) => a.Correct(c), (a, of) => a.Withdraw(of));
        api.MapRecord(Views.Action);
        api.MapGet("/actions", ActionQueries.List).Needs(Role.Reader).Shows<JsonObject>().AlsoCsv("actions", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("state", "state"), ("states", "states"), ("partner", "partner"), ("what", "what"), ("owedBy", "owedBy"), ("owner", "owner"), ("on", "on"), ("due", "due"), ("standing", "standing"), ("reviewOn", "reviewOn"), ("topics", "topics"), ("homeOrganisation", "homeOrganisation"), ("meeting", "meeting"), ("statement", "statement"), ("open", "open"), ("overdue", "overdue"), ("followUps", "#followUps.event"), ("followUpsOn", "followUps.on"), ("notes", "followUps.note"));
    }

    static Task<IResult> Agree(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.ActionBody, async (w, body) =>
    {
        Known.Partner(body.Partner, "/partner");
        Known.Topics(body.Topics, "/topics");
        var meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting");
        var details = new ActionDetails
        {
            Partner = body.Partner, What = body.What, OwedBy = body.OwedBy, Owner = body.Owner, Due = body.Due, DueAsGiven = body.DueAsGiven, Standing = body.Standing, WindsDown = body.WindsDown,
            ReviewOn = body.ReviewOn, Topics = body.Topics, Meeting = meeting, Statement = body.Statement, HomeOrganisation = await HomeOf(w, body, meeting),
            On = body.On ?? await DayOf(w, meeting) ?? Edtf.By(w.Asked.Today),
        };
        return [AgreedAction.Agree(w.Asked.NewStream("action"), details, w.Asked), .. await w.Opened([body.Partner])];
    });

    // A child takes its meeting's day and home organisation where it names none of its own.
    static async Task<Edtf?> DayOf(Write w, string? meeting) => meeting is null ? null : (await w.LoadOrInitial(Views.Meeting, meeting)).Details?.Date;

    static async Task<string?> HomeOf(Write w, Body body, string? meeting) =>
        body.HomeOrganisation is not null || meeting is null ? await w.Home() : (await w.LoadOrInitial(Views.Meeting, meeting)).Details?.HomeOrganisation;

    static Task<IResult> FollowUp(string action, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.FollowUpBody, Views.Action, action, (w, body, _, state) => Followed(w, state, body, "", null, null));

    // All of them in one transaction; what is refused is named by its place among them.
    static Task<IResult> FollowUpSeveral(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.FollowUpsBody, async (w, body) =>
    {
        if (body.FollowUps.Count == 0) throw Refusal.OfField("/followUps", "required");
        var meeting = await w.NamedOrNull(Views.Meeting, body.Meeting, "/meeting");
        var all = new List<StreamFacts>();
        foreach (var (f, i) in body.FollowUps.Select((f, i) => (f, i)))
        {
            var stream = await w.Named(Views.Action, f.Action, $"/followUps/{i}/action");
            if (all.Any(a => a.Stream == stream)) throw Refusal.OfField($"/followUps/{i}/action", "doubled", f.Action);
            all.Add(new(stream, await w.Of(f, await Followed(w, await w.LoadOrInitial(Views.Action, stream), f, $"/followUps/{i}", body.On, meeting), $"/followUps/{i}")));
        }
        return all;
    });

    // A follow-up raised at a meeting has the meeting's day where it names none of its own.
    static async Task<IReadOnlyList<Fact>> Followed(Write w, AgreedAction state, FollowUpBody body, string pointer, Edtf? on, string? meeting)
    {
        if (string.IsNullOrWhiteSpace(body.Note)) throw Refusal.OfField($"{pointer}/note", "required");
        // A follow-up is no way round the role that its state needs by itself.
        if (body.State == ActionState.Verified && !w.Caller.May(Role.Validator)) throw Refusal.Because("forbidden");
        var raisedAt = await w.NamedOrNull(Views.Meeting, body.Meeting, $"{pointer}/meeting") ?? meeting;
        var day = body.On ?? on ?? await DayOf(w, raisedAt) ?? Edtf.On(w.Asked.Today);
        var protectFor = await w.ProtectFor(body.ProtectFor, $"{pointer}/protectFor");
        try
        {
            return state.FollowUp(day, body.Note, body.State, body.NextReview, raisedAt, protectFor);
        }
        catch (Refusal refused) when (pointer != "")
        {
            throw refused.In(pointer);
        }
    }

    static Task<IResult> Assign(string action, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.AssignmentBody, Views.Action, action, (_, body, _, state) => Task.FromResult(state.Assign(body.Owner, body.On)));

    static Task<IResult> SetDue(string action, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.DueDateBody, Views.Action, action, (_, body, _, state) => Task.FromResult(state.SetDue(body.Due, body.DueAsGiven).On(body.On)));

    static Task<IResult> SetReview(string action, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.ReviewDateBody, Views.Action, action, (_, body, _, state) => Task.FromResult(state.SetReview(body.ReviewOn).On(body.On)));

    static Task<IResult> Verify(string action, HttpContext http, CommandService commands) => Become(action, http, commands, ActionState.Verified);
    static Task<IResult> Reopen(string action, HttpContext http, CommandService commands) => Become(action, http, commands, ActionState.Agreed);
    static Task<IResult> Drop(string action, HttpContext http, CommandService commands) => Become(action, http, commands, ActionState.Dropped);

    static Task<IResult> Become(string action, HttpContext http, CommandService commands, ActionState to) =>
        commands.Change(http, BodiesJson.Default.DatedBody, Views.Action, action, (w, body, _, state) => Task.FromResult(state.Become(to, body.On ?? Edtf.On(w.Asked.Today))));

    static Task<IResult> Supersede(string action, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.SupersessionBody, Views.Action, action, async (w, body, stream, state) =>
        {
            var by = await w.NamedOrNull(Views.Action, body.By, "/by");
            return by == stream ? throw Refusal.OfField("/by", "itself") : state.Become(ActionState.Superseded, body.On ?? Edtf.On(w.Asked.Today), by);
        });
}

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
