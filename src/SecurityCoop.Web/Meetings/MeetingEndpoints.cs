using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Meetings;

public static class MeetingEndpoints
{
    public static void MapMeetings(this RouteGroupBuilder api)
    {
        api.MapPost("/meetings", Record).Needs(Role.Recorder).Takes<MeetingBody>();
        api.MapPost("/meetings/{meeting}/statements", AddStatements).Needs(Role.Recorder).Takes<StatementsBody>();
        api.MapPost("/meetings/{meeting}/reclassifications", Reclassify).Needs(Role.Recorder).Takes<ReclassificationBody>();
        api.MapPost("/meetings/{meeting}/participants", Identify).Needs(Role.Recorder).Takes<ParticipantIdentifiedBody>();
        api.MapPost("/meetings/{meeting}/holding", Hold).Needs(Role.Recorder).Takes<HoldingBody>();
        api.MapPost("/meetings/{meeting}/postponement", Postpone).Needs(Role.Recorder).Takes<PostponementBody>();
        api.MapPost("/meetings/{meeting}/cancellation", Cancel).Needs(Role.Recorder).Takes<CancellationBody>();
        api.MapPost("/meetings/{meeting}/validation", Validate).Needs(Role.Validator).Takes<DatedBody>();
        api.MapCorrections(Views.Meeting, (m, c) => m.Correct(c), (m, of) => m.Withdraw(of));
        api.MapRecord(Views.Meeting);
        api.MapGet("/meetings", MeetingQueries.List).Needs(Role.Reader).Shows<JsonObject>().AlsoCsv("meetings", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("state", "state"), ("partners", "partners"), ("kind", "kind"), ("date", "date"), ("dateAsGiven", "dateAsGiven"), ("place", "place"), ("homeOrganisation", "homeOrganisation"), ("partOf", "partOf"), ("occasions", "occasions"), ("topics", "statements.said.topics"), ("forces", "statements.said.force"), ("statements", "#statements.event"), ("texts", "statements.said.text"), ("opens", "statements.said.opens"), ("inPeriod", "inPeriod"));
        api.MapGet("/meetings/{name}/agenda", Agenda.Get).Needs(Role.Reader).Shows<AgendaBody>();
    }

    static Task<IResult> Record(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.MeetingBody, async (w, body) =>
    {
        var details = await body.ToDetails(w, null);
        var statements = new List<NewStatement>();
        foreach (var (s, i) in (body.Statements ?? []).Select((s, i) => (s, i))) statements.Add(await s.ToStatement(w, $"/statements/{i}"));
        var held = (body.State ?? MeetingState.Held) switch
        {
            MeetingState.Held => true,
            MeetingState.Planned => false,
            MeetingState.None or MeetingState.Postponed or MeetingState.Cancelled => throw Refusal.OfField("/state", "only-for", "planned", "held"),
        };
        var decided = RecordMeeting.Decide(w.Asked.NewStream("meeting"), details, held, statements, await w.Sources(), w.Asked);
        return [.. decided, .. await w.Opened(details.Partners)];
    });

    static Task<IResult> AddStatements(string meeting, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.StatementsBody, async (w, body) =>
    {
        var (stream, state) = await w.Load(Views.Meeting, meeting);
        var (each, pointer) = body.All();
        var statements = new List<NewStatement>();
        foreach (var (s, i) in each.Select((s, i) => (s, i))) statements.Add(await s.ToStatement(w, pointer == "" ? "" : $"{pointer}/{i}"));
        return RecordMeeting.AddStatements(stream, state, statements, pointer, w.Asked);
    });

    static Task<IResult> Reclassify(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.ReclassificationBody, Views.Meeting, meeting, async (w, body, _, state) =>
        {
            body.NeedsReason();
            return state.Reclassify(body.Number, body.Force, body.ClassifiedBy, await w.Sources()).On(body.On);
        });

    static Task<IResult> Identify(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.ParticipantIdentifiedBody, Views.Meeting, meeting, async (w, body, _, state) =>
            state.Identify(body.Side, body.Index, await w.Named(Views.Person, body.Person, "/person")).On(body.On));

    static Task<IResult> Hold(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.HoldingBody, Views.Meeting, meeting, async (w, body, _, state) =>
            state.Hold(await body.ToDetails(w, state.Standing("meeting").Details!)));

    static Task<IResult> Postpone(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.PostponementBody, Views.Meeting, meeting, (_, body, _, state) => Task.FromResult(state.Postpone(body.Date, body.DateAsGiven).On(body.On)));

    static Task<IResult> Cancel(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.CancellationBody, Views.Meeting, meeting, (_, body, _, state) => Task.FromResult(state.Cancel(body.On ?? Edtf.Unknown, body.By)));

    static Task<IResult> Validate(string meeting, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.DatedBody, Views.Meeting, meeting, (_, body, _, state) => Task.FromResult(state.Validate().On(body.On)));
}
