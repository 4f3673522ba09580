using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

public class MeetingTests
{
    static readonly MeetingPlanned planned = new(Held());

    static IReadOnlyList<StreamFacts> Record(MeetingDetails d, params NewStatement[] said) => RecordMeeting.Decide(MeetingStream, d, true, said, null, Asked());

    [Fact]
    public void When_a_meeting_is_recorded_with_its_statements_Then_what_they_agree_on_is_opened_with_it()
    {
        var streams = Record(Held(home: "organisation-9"), new(Said(Force.Discussed)), new(Said(Force.AgreedAction)), new(Said(Force.PlannedInstrument)));
        streams.Select(s => (s.Stream, s.ReferencePrefix)).ShouldBe([(MeetingStream, "DK-MTG"), ("action-new1", "DK-ACT"), ("instrument-new2", "DK-INS")]);
        streams[0].Facts.Select(f => Json(f.Event)).ShouldBe(
        [
            Json(Held(home: "organisation-9")), Json(new MeetingStatementRecorded(Said(Force.Discussed))),
            Json(new MeetingStatementRecorded(Said(Force.AgreedAction, number: 2) with { Opens = ["action-new1"] })),
            Json(new MeetingStatementRecorded(Said(Force.PlannedInstrument, number: 3) with { Opens = ["instrument-new2"] })),
        ]);
        Json(streams[1].Facts.Single().Event).ShouldBe(Json(new ActionAgreed
        {
            Partner = "DK", What = "the text", OwedBy = OwedBy.Both, On = D("2026-01-27"), Meeting = MeetingStream, Statement = 2, HomeOrganisation = "organisation-9",
        }));
        streams[2].Facts.Select(f => Json(f.Event)).ShouldBe(
        [
            Json(Opened() with { Title = "the text", Meeting = MeetingStream, Statement = 3, HomeOrganisation = "organisation-9" }),
            Json(Act(ActKind.Planned, "2026-01-27")),
        ]);
    }

    [Fact]
    public void A_joint_agreed_action_of_several_partners_opens_one_for_each_and_a_planned_instrument_one_for_all()
    {
        var streams = Record(Held(partners: ["DK", "SE"]), new(Said(Force.AgreedAction)), new(Said(Force.PlannedInstrument)));
        streams.Select(s => s.ReferencePrefix).ShouldBe(["MUL-MTG", "DK-ACT", "SE-ACT", "MUL-INS"]);
    }

    [Fact]
    public void What_one_partner_says_opens_for_that_partner_and_an_instrument_it_wants_is_proposed()
    {
        var streams = Record(Held(partners: ["DK", "SE"]), new(Said(Force.AgreedAction, "SE")), new(Said(Force.PlannedInstrument, "SE")));
        streams.Select(s => s.ReferencePrefix).ShouldBe(["MUL-MTG", "SE-ACT", "SE-INS"]);
        ((ActionAgreed)streams[1].Facts[0].Event).OwedBy.ShouldBe(OwedBy.Partner);
        Json(streams[2].Facts[1].Event).ShouldBe(Json(Act(ActKind.Proposed, "2026-01-27", "SE")));
    }

    [Fact]
    public void What_cannot_be_recorded_is_refused_at_its_field()
    {
        Refused(() => Record(Held() with { Partners = [] }), "required", "/partners");
        Refused(() => Record(Held() with { Partners = ["DK", "DK"] }), "doubled", "/partners");
        Refused(() => Record(Held() with { Home = [new()] }), "participant-empty", "/home/0");
        Refused(() => Record(Held() with { PartnerSide = [new(Description: "delegation", Partner: "SE")] }), "not-a-partner-here", "/partnerSide/0/partner");
        Refused(() => Record(Held(), new NewStatement(Said(Force.Intent, "SE"))), "unknown-speaker", "/statements/0/speaker");
        Refused(() => Record(Held(), new NewStatement(Said(Force.AgreedAction, text: null))), "what-or-text", "/statements/0/action/what");
        Refused(() => Record(Held(), new NewStatement(Said(Force.PlannedInstrument, text: null))), "title-or-text", "/statements/0/instrument/title");
        Refused(() => Record(Held(), new NewStatement(Said(Force.Intent), Action: new())), "opens-nothing", "/statements/0/action");
        Refused(() => Record(Held(), new NewStatement(Said(Force.Intent), Instrument: new())), "opens-nothing", "/statements/0/instrument");
        Refused(() => RecordMeeting.Decide(MeetingStream, Held(), false, [new(Said(Force.Intent))], null, Asked()), "statements-before-meeting", "/statements");
    }

    [Fact]
    public void Statements_added_later_go_on_counting()
    {
        var held = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Discussed))).State;
        var added = RecordMeeting.AddStatements(MeetingStream, held, [new(Said(Force.Intent, "DK"))], "", Asked());
        added.Single().Facts.Select(f => Json(f.Event)).ShouldBe([Json(new MeetingStatementRecorded(Said(Force.Intent, "DK", number: 2)))]);
        Refused(() => RecordMeeting.AddStatements(MeetingStream, Meeting(planned).State, [new(Said(Force.Intent))], "", Asked()), "meeting-not-held");
    }

    [Fact]
    public void A_planned_meeting_is_postponed_held_or_cancelled_once()
    {
        Meeting(planned).When(m => m.Postpone(D(""), null)).ThenOnce(new MeetingPostponed(D("")));
        Meeting(planned).When(m => m.Cancel(D("2026-01-20"), "DK")).ThenOnce(new MeetingCancelled(D("2026-01-20"), "DK"));
        Meeting(planned, new MeetingPostponed(D(""))).When(m => m.Hold(Held("2026-02-03"))).ThenOnce(Held("2026-02-03")).State.Details!.Date.Text.ShouldBe("2026-02-03");
    }

    [Fact]
    public void What_was_held_or_cancelled_is_no_longer_planned()
    {
        Meeting(Held()).When(m => m.Postpone(D("2026-03"), null)).ThenRefused("meeting-held");
        Meeting(Held()).When(m => m.Cancel(D("2026-03"), null)).ThenRefused("meeting-held");
        Meeting(planned, new MeetingCancelled(D("2026-01-20"))).When(m => m.Hold(Held())).ThenRefused("meeting-cancelled");
        Meeting().When(m => m.Cancel(D("2026"), null)).ThenRefused("not-found");
        Meeting(Held(), new MeetingWithdrawn()).When(m => m.Hold(Held())).ThenRefused("withdrawn");
    }

    public static TheoryData<MeetingState, MeetingStep> Cells() =>
        [.. Enum.GetValues<MeetingState>().Where(s => s != MeetingState.None).SelectMany(s => Enum.GetValues<MeetingStep>().Select(step => (s, step)))];

    [Theory, MemberData(nameof(Cells))]
    public void Every_cell_of_the_table_of_meetings_is_allowed_repeats_nothing_or_is_refused_by_name(MeetingState state, MeetingStep step)
    {
        var plan = new MeetingPlanned(Held() with { Home = [new(Description: "delegation")] });
        object[] events = state switch
        {
            MeetingState.Planned => [plan],
            MeetingState.Postponed => [plan, new MeetingPostponed(D("2026-05"))],
            MeetingState.Cancelled => [plan, new MeetingCancelled(D("2026-01-20"))],
            MeetingState.Held => [new MeetingHeld(plan), new MeetingStatementRecorded(Said(Force.AgreedAction))],
            MeetingState.None => [],
        };
        var given = Meeting(events);
        IReadOnlyList<Fact> Take(Meeting m) => step switch
        {
            MeetingStep.Postpone => m.Postpone(D("2026-06"), null),
            MeetingStep.Cancel => m.Cancel(D("2026-01-21"), null),
            MeetingStep.Hold => m.Hold(Held()),
            MeetingStep.AddStatement => RecordMeeting.AddStatements(MeetingStream, m, [new(Said(Force.Discussed))], "", Asked()).Single().Facts,
            MeetingStep.Reclassify => m.Reclassify(1, Force.Intent, null, null),
            MeetingStep.Identify => m.Identify(Side.Home, 0, "person-1"),
            MeetingStep.Validate => m.Validate(),
        };
        var cell = MeetingSteps.Of(state, step);
        if (cell == "=") given.When(Take).ThenNothing();
        else if (cell != ".") given.When(Take).ThenRefused(cell);
        else
        {
            var fact = Take(given.State).ShouldHaveSingleItem();
            var after = given.And(fact.Event).State.State;
            after.ShouldBe(step switch { MeetingStep.Postpone => MeetingState.Postponed, MeetingStep.Cancel => MeetingState.Cancelled, MeetingStep.Hold => MeetingState.Held, _ => state });
        }
    }

    [Fact]
    public void What_a_statement_opens_takes_its_own_home_organisation_before_the_meetings()
    {
        var streams = Record(Held(home: "organisation-9"), new NewStatement(Said(Force.AgreedAction), HomeOrganisation: "organisation-7"), new NewStatement(Said(Force.PlannedInstrument)));
        ((MeetingStatementRecorded)streams[0].Facts[1].Event).HomeOrganisation.ShouldBe("organisation-7");
        ((ActionAgreed)streams[1].Facts[0].Event).HomeOrganisation.ShouldBe("organisation-7");
        ((InstrumentOpened)streams[2].Facts[0].Event).HomeOrganisation.ShouldBe("organisation-9");
    }

    [Fact]
    public void A_reclassified_statement_keeps_its_other_reading()
    {
        var given = Meeting(Held(), new MeetingStatementRecorded(Said(Force.AgreedAction)))
            .When(m => m.Reclassify(1, Force.Intent, "u-8", null)).ThenOnce(new MeetingStatementReclassified(1, Force.Intent, "u-8"));
        given.State.Statements[0].Readings.Select(r => r.Force).ShouldBe([Force.AgreedAction, Force.Intent]);
        given.When(m => m.Reclassify(2, Force.Intent, null, null)).ThenRefused("no-such-statement");
    }

    [Fact]
    public void A_participant_is_identified_once()
    {
        var given = Meeting(Held() with { PartnerSide = [new(Description: "an officer")] });
        var known = given.When(m => m.Identify(Side.Partner, 0, "person-1")).ThenOnce(new MeetingParticipantIdentified(Side.Partner, 0, "person-1"));
        known.State.Details!.PartnerSide![0].ShouldBe(new("person-1", null, "an officer"));
        known.When(m => m.Identify(Side.Partner, 0, "person-2")).ThenRefused("participant-identified");
        given.When(m => m.Identify(Side.Home, 0, "person-1")).ThenRefused("no-such-participant", "/index");
        Meeting(Held()).When(m => m.Validate()).ThenOnce(new MeetingValidated());
    }

    [Fact]
    public void A_meeting_and_its_statements_are_corrected_field_by_field()
    {
        var given = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Intent)));
        var facts = given.State.Correct(Fields("""{"date":"2026-01-28","place":"Rabat","kind":"talks"}"""));
        facts.Single().Effective!.Text.ShouldBe("2026-01-28");
        ((MeetingCorrected)facts[0].Event).Fields.Select(f => f.Field).ShouldBe(["date", "place"]);
        given.And(facts[0].Event).When(m => m.Correct(Fields("""{"date":"2026-01-28"}"""))).ThenNothing();
        given.When(m => m.Correct(Fields("""{"colour":"red"}"""))).ThenRefused("unknown-field", "/fields/colour");
        given.When(m => m.Correct(Fields("""{"date":"2026-13"}"""))).ThenRefused("invalid-date", "/fields/date");
        given.When(m => m.Correct(Fields("""{"date":null}"""))).ThenRefused("required", "/fields/date");
        given.When(m => m.Correct(Fields("""{"partners":[]}"""))).ThenRefused("required", "/fields/partners");
        given.When(m => m.Correct(Fields("""{"speaker":"SE"}""", Event(2)))).ThenRefused("unknown-speaker", "/fields/speaker");
        given.When(m => m.Correct(Fields("""{"number":7}""", Event(2)))).ThenRefused("unknown-field", "/fields/number");
        given.And(given.State.Correct(Fields("""{"speaker":"DK"}""", Event(2))).Select(f => f.Event)).State.Statements[0].Said.Speaker.ShouldBe("DK");
    }

    [Fact]
    public void A_statement_or_the_meeting_can_be_withdrawn()
    {
        var given = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Intent)));
        given.When(m => m.Withdraw(Event(2))).ThenOnce(new MeetingWithdrawn(Event(2))).When(m => m.Reclassify(1, Force.Denial, null, null)).ThenRefused("no-such-statement");
        given.When(m => m.Withdraw(null)).ThenOnce(new MeetingWithdrawn()).When(m => m.Validate()).ThenRefused("withdrawn");
        given.When(m => m.Withdraw(Event(9))).ThenRefused("no-such-item", "/of");
    }
}
