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
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/meetings", Role.Recorder, (string _, MeetingBody body) => new RecordMeeting(body), Record);
        commands.Post("/meetings/{meeting}/statements", Role.Recorder,
            (string meeting, StatementsBody body) => new AddMeetingStatements(meeting, body), AddStatements);
        commands.Change("/meetings/{meeting}/reclassifications", Role.Recorder,
            (string meeting, ReclassificationBody body) => new ReclassifyMeetingStatement(meeting, body), Views.Meeting, Reclassify);
        commands.Change("/meetings/{meeting}/participants", Role.Recorder,
            (string meeting, ParticipantIdentifiedBody body) => new IdentifyParticipant(meeting, body), Views.Meeting,
            async (w, c, _, state) => state.Identify(c.Body.Side, c.Body.Index, await w.Named(Views.Person, c.Body.Person, "/person")).On(c.Body.On));
        commands.Change("/meetings/{meeting}/holding", Role.Recorder,
            (string meeting, HoldingBody body) => new HoldMeeting(meeting, body), Views.Meeting,
            async (w, c, _, state) => state.Hold(await c.Body.ToDetails(w, state.Standing("meeting").Details!)));
        commands.Change("/meetings/{meeting}/postponement", Role.Recorder,
            (string meeting, PostponementBody body) => new PostponeMeeting(meeting, body), Views.Meeting,
            (_, c, _, state) => Task.FromResult(state.Postpone(c.Body.Date, c.Body.DateAsGiven, c.Body.On, c.Body.By)));
        commands.Change("/meetings/{meeting}/cancellation", Role.Recorder,
            (string meeting, CancellationBody body) => new CancelMeeting(meeting, body), Views.Meeting,
            (_, c, _, state) => Task.FromResult(state.Cancel(c.Body.On ?? Edtf.Unknown, c.Body.By)));
        commands.Change("/meetings/{meeting}/validation", Role.Validator,
            (string meeting, DatedBody body) => new ValidateMeeting(meeting, body), Views.Meeting,
            async (w, c, stream, state) => await w.BySomebodyElse(stream, state, state.Validate().On(c.Body.On)));
        commands.Corrections(Views.Meeting, (m, c) => m.Correct(c), (m, of) => m.Withdraw(of));
        return commands;
    }

    public static void MapMeetings(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Meeting);
        api.MapGet("/meetings", MeetingQueries.List).Needs(Role.Reader).Shows<JsonObject>().AlsoCsv("meetings", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("state", "state"), ("partners", "partners"), ("kind", "kind"), ("date", "date"), ("dateAsGiven", "dateAsGiven"),
            ("place", "place"), ("homeOrganisation", "homeOrganisation"), ("partOf", "partOf"), ("occasions", "occasions"),
            ("topics", "statements.said.topics"), ("forces", "statements.said.force"), ("statements", "#statements.event"),
            ("texts", "statements.said.text"), ("opens", "statements.said.opens"), ("inPeriod", "inPeriod"),
            ("speakers", "statements.said.speaker"));
        api.MapGet("/meetings/{name}/agenda", Agenda.Get).Needs(Role.Reader).Shows<AgendaBody>();
    }

    static async Task<IReadOnlyList<StreamFacts>> Record(Write w, RecordMeeting command)
    {
        var body = command.Body;
        var details = await body.ToDetails(w, null);
        var statements = new List<NewStatement>();
        foreach (var (s, i) in (body.Statements ?? []).Select((s, i) => (s, i))) statements.Add(await s.ToStatement(w, $"/statements/{i}"));
        var held = (body.State ?? MeetingState.Held) switch
        {
            MeetingState.Held => true,
            MeetingState.Planned => false,
            MeetingState.None or MeetingState.Postponed or MeetingState.Cancelled => throw Refusal.OfField("/state", "only-for", "planned", "held"),
        };
        var decided = Register.Meetings.RecordMeeting.Decide(w.Asked.NewStream("meeting"), details, held, statements, await w.Sources(), w.Asked);
        return [.. decided, .. await w.Opened(details.Partners)];
    }

    static async Task<IReadOnlyList<StreamFacts>> AddStatements(Write w, AddMeetingStatements command)
    {
        var (stream, state) = await w.Load(Views.Meeting, command.Name);
        var (each, pointer) = command.Body.All();
        var statements = new List<NewStatement>();
        foreach (var (s, i) in each.Select((s, i) => (s, i))) statements.Add(await s.ToStatement(w, pointer == "" ? "" : $"{pointer}/{i}"));
        return Register.Meetings.RecordMeeting.AddStatements(stream, state, statements, pointer, w.Asked);
    }

    static async Task<IReadOnlyList<Fact>> Reclassify(Write w, ReclassifyMeetingStatement command, string stream, Meeting state)
    {
        var body = command.Body;
        body.NeedsReason();
        return state.Reclassify(body.Number, body.Force, body.ClassifiedBy, await w.Sources()).On(body.On);
    }
}

/// <summary>Records a meeting that was held, or plans one.</summary>
public sealed record RecordMeeting(MeetingBody Body) : Command<MeetingBody>(Body);

/// <summary>Records what was said at a meeting.</summary>
public sealed record AddMeetingStatements(string Name, StatementsBody Body) : CommandOn<StatementsBody>(Name, Body);

/// <summary>Says that a statement binds otherwise than was recorded.</summary>
public sealed record ReclassifyMeetingStatement(string Name, ReclassificationBody Body) : CommandOn<ReclassificationBody>(Name, Body);

/// <summary>Says which person on record a participant is.</summary>
public sealed record IdentifyParticipant(string Name, ParticipantIdentifiedBody Body) : CommandOn<ParticipantIdentifiedBody>(Name, Body);

/// <summary>Records that a planned meeting was held.</summary>
public sealed record HoldMeeting(string Name, HoldingBody Body) : CommandOn<HoldingBody>(Name, Body);

/// <summary>Records that a planned meeting was put off.</summary>
public sealed record PostponeMeeting(string Name, PostponementBody Body) : CommandOn<PostponementBody>(Name, Body);

/// <summary>Records that a planned meeting will not take place.</summary>
public sealed record CancelMeeting(string Name, CancellationBody Body) : CommandOn<CancellationBody>(Name, Body);

/// <summary>Confirms what was recorded of a meeting.</summary>
public sealed record ValidateMeeting(string Name, DatedBody Body) : CommandOn<DatedBody>(Name, Body);
