using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

/// <summary>
/// A statement that is read as an agreed action or a planned instrument, and was not before: it opens what such a statement opens, on its meeting's day
/// (model.md, "Settled in November 2026", Readings that rise).
/// </summary>
/// <param name="Partners">For whom it speaks.</param>
/// <param name="Scene">Where it was made.</param>
/// <param name="OpenedBefore">Stream ids of what it had opened, whether it stands or not.</param>
public sealed record Raising(RecordedStatement Statement, IReadOnlyList<string> Partners, Scene Scene, IReadOnlyList<string> OpenedBefore)
{
    public Statement Said => Statement.Said;
    bool IsAction => Said.Force == Force.AgreedAction;

    /// <summary>The statements that rise where a record is read otherwise.</summary>
    public static IEnumerable<Raising> Of(string stream, RecordState before, RecordState after)
    {
        var (were, now) = (StatementsOf(before), StatementsOf(after));
        return were.Zip(now).Where(s => Opens(s.Second.Said.Force) && s.First.Said.Force != s.Second.Said.Force && !s.Second.Withdrawn && !after.Withdrawn).Select(s =>
        {
            var scene = SceneOf(stream, after, s.Second);
            return new Raising(s.Second, RecordMeeting.Concerned(s.Second.Said.Speaker, scene.Partners), scene, s.Second.Said.Opens ?? []);
        });
    }

    static bool Opens(Force force) => force is Force.AgreedAction or Force.PlannedInstrument;

    static IReadOnlyList<RecordedStatement> StatementsOf(RecordState state) => state switch { Meeting m => m.Statements, Partnership p => p.Statements, _ => [] };

    static Scene SceneOf(string stream, RecordState state, RecordedStatement s) => state switch
    {
        Meeting m => new(stream, m.Details!.Partners, m.Details.Date, m.Details.HomeOrganisation, stream, 0),
        Partnership p => new(stream, [p.Details!.Partner], s.On!, s.HomeOrganisation, null, 0),
        _ => throw new InvalidOperationException($"Nothing is said in {stream}."),
    };

    /// <summary>
    /// What the raised statement opens: what it had opened before stands again, anything else is new; the statement names the new ones.
    /// </summary>
    /// <param name="cause">The fact that raises it: its sources vouch for what is opened.</param>
    /// <param name="load">The record of a stream that the statement had opened.</param>
    /// <exception cref="Refusal">what-or-text at /action/what, title-or-text at /instrument/title, where neither the statement nor the command has the words.</exception>
    public IReadOnlyList<StreamFacts> Decide(Fact cause, OpenedAction? action, OpenedInstrument? instrument, Func<string, RecordState?> load, Asked asked)
    {
        var decided = new List<StreamFacts>();
        var open = new List<string>();
        var given = new NewStatement(Said, cause.Sources, cause.Credibility, cause.Reason, cause.Marking, action, instrument, Statement.ProtectedFor,
            Statement.HomeOrganisation, cause.OnBehalfOf, cause.Groups);
        var children = OpenedBefore.Select(o => (Stream: o, State: load(o))).ToList();
        if (IsAction)
            foreach (var partner in Partners)
                Open(children.FirstOrDefault(c => c.State is AgreedAction { Details: { } d } && d.Partner == partner), (stream, a) => new(stream, Again((AgreedAction)a, asked)), () => AgreedAction.OpenFrom(partner, Said, given, Scene, "", asked));
        else Open(children.FirstOrDefault(c => c.State is Instrument), (stream, i) => new(stream, Again((Instrument)i)), () => Instrument.OpenFrom(Partners, Said, given, Scene, "", asked));
        return open.Count == 0 ? decided : [new(Scene.Stream, [new(Scene.Meeting is null ? new PartnershipStatementOpened(Said.Number, open) : new MeetingStatementOpened(Said.Number, open), cause.Effective)]), .. decided];

        void Open((string Stream, RecordState? State) known, Func<string, RecordState, StreamFacts> again, Func<StreamFacts> anew)
        {
            if (known.State is { } state)
            {
                if (again(known.Stream, state) is { Facts.Count: > 0 } facts) decided.Add(facts);
                return;
            }
            var opened = anew();
            open.Add(opened.Stream);
            decided.Add(opened);
        }
    }

    // What was withdrawn is said again, in its own stream; what was dropped since the statement fell is taken up again.
    static IReadOnlyList<Fact> Again(AgreedAction a, Asked asked)
    {
        if (a.Withdrawn) return [new(new ActionAgreed(a.Details!), a.Details!.On)];
        return a.State == ActionState.Dropped && (a.OriginForce is not null || a.OriginWithdrawn == true) ? a.Become(ActionState.Agreed, Edtf.On(asked.Today)) : [];
    }

    static IReadOnlyList<Fact> Again(Instrument i) => i.Withdrawn ? [new(new InstrumentOpened(i.Details!))] : [];

    internal bool IsOfItsKind(RecordState opened) => IsAction ? opened is AgreedAction : opened is Instrument;

    /// <summary>What it would open for a partner, as the status reads it; nothing new where something that it had opened stands.</summary>
    internal RecordState Supposed(string partner)
    {
        var at = new At(Statement.Event, Statement.Position, default, Sources: Statement.Sources);
        var home = Statement.HomeOrganisation ?? Scene.HomeOrganisation;
        if (IsAction)
            return AgreedAction.Initial.Evolve(new ActionAgreed { Partner = partner, What = Said.Text ?? "", OwedBy = OwedBy.Both, On = Scene.Date, HomeOrganisation = home, Topics = Said.Topics }, at);
        return Instrument.Initial.Evolve(new InstrumentOpened { Partners = Partners, Kind = "mou", Title = Said.Text ?? "", Binding = Binding.Unknown, HomeOrganisation = home }, at)
            .Evolve(new InstrumentActRecorded(Instrument.FirstAct(Said.Speaker, Scene.Date, null)), at);
    }
}
