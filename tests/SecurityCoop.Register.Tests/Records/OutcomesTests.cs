using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>What has happened is not in the future, and nothing is before the thing that it belongs to. The day of the commands is 1 February 2026.</summary>
public class OutcomesTests
{
    const string Tomorrow = "2026-02-02", Today = "2026-02-01";

    static void Check(RecordState state, IReadOnlyList<Fact> facts) => Outcomes.Check(state, facts, Day(Today));

    [Theory]
    [InlineData("2026-02-01", false)]
    [InlineData("2026-02", false)]
    [InlineData("", false)]
    [InlineData("2026-02-02", true)]
    [InlineData("2026-03?", true)]
    [InlineData("2026-02-02/..", true)]
    public void Only_what_certainly_lies_after_today_is_in_the_future(string date, bool refused)
    {
        void Record() => RecordMeeting.Decide(MeetingStream, Held(date), held: true, [], null, Asked());
        if (refused) Refused(Record, "held-in-future", "/date").Args.ShouldBe([date, Today]);
        else Record();
        RecordMeeting.Decide(MeetingStream, Held(date), held: false, [], null, Asked()).Count.ShouldBe(1, "a plan may lie anywhere");
    }

    [Fact]
    public void Every_outcome_of_a_later_day_is_refused_with_the_way_to_say_it()
    {
        var (meeting, action, instrument) = (Meeting(new MeetingPlanned(Held())).State, Action(Agreed()).State, Instrument(Opened()).State);
        var partnership = Partnership(new PartnershipOpened { Partner = "DK" }).State;
        Refused(() => Check(meeting, meeting.Hold(Held(Tomorrow))), "held-in-future", "/date");
        Refused(() => Check(meeting, meeting.Cancel(D(Tomorrow), null)), "done-in-future", "/on");
        Refused(() => Check(meeting, meeting.Postpone(D("2027"), null, D(Tomorrow))), "done-in-future", "/on");
        Check(meeting, meeting.Postpone(D("2027"), null, D(Today)));
        Refused(() => Check(action, action.FollowUp(D(Tomorrow), "seen", ActionState.ReportedDone, null, null)), "done-in-future", "/on");
        Refused(() => Check(action, action.Become(ActionState.Verified, D(Tomorrow))), "done-in-future", "/on");
        Refused(() => AgreedAction.Agree(ActionStream, Agreed(on: Tomorrow), Asked()), "done-in-future", "/on");
        foreach (var (kind, slug) in new[] { (ActKind.Signed, "signed-in-future"), (ActKind.EnteredIntoForce, "in-force-in-future"), (ActKind.Terminated, "ended-in-future"), (ActKind.Suspended, "done-in-future") })
        {
            Refused(() => Check(instrument, instrument.Record(Act(kind, Tomorrow), null)), slug, "/on");
            Refused(() => Check(instrument, instrument.RecordReport(Act(kind, Tomorrow), [new("source-1")])), slug, "/on");
            Refused(() => Instruments.Instrument.Open(InstrumentStream, Opened(), [new(Act(kind, Tomorrow))], null, Asked()), slug, "/acts/0/on");
        }
        Check(instrument, instrument.Record(Act(ActKind.SigningPlanned, Today, expected: "2026-06"), null));
        Refused(() => Check(partnership, partnership.Suspend(new(D(Tomorrow), "DK"))), "done-in-future", "/on");
        Refused(() => Check(partnership, partnership.Close(D(Tomorrow))), "done-in-future", "/on");
        Refused(() => partnership.AddStatement("partnership-DK", new(Said(Force.Intent)), D(Tomorrow), null, Asked()), "done-in-future", "/on");
    }

    [Fact]
    public void What_has_happened_is_not_moved_into_the_future_and_a_plan_is()
    {
        var held = Meeting(Held()).State;
        Refused(() => Check(held, held.Correct(Fields($$"""{"date": "{{Tomorrow}}"}"""))), "held-in-future", "/fields/date");
        Refused(() => Check(held, held.Report(Fields($$"""{"date": "{{Tomorrow}}"}""").Fields, null, [new("source-1")])), "held-in-future", "/fields/date");
        var planned = Meeting(new MeetingPlanned(Held())).State;
        Check(planned, planned.Correct(Fields($$"""{"date": "{{Tomorrow}}"}""")));
        var signed = Instrument(Opened(), Act(ActKind.Signed, "2026-01")).State;
        Refused(() => Check(signed, signed.Correct(Fields($$"""{"on": "{{Tomorrow}}"}""", Event(2)))), "signed-in-future", "/fields/on");
    }

    [Fact]
    public void Nothing_of_an_action_is_before_its_agreement()
    {
        Refused(() => AgreedAction.Agree(ActionStream, Agreed(D("2025-01-09")), Asked()), "before-agreement", "/due").Args.ShouldBe(["2025-01-09", "2025-01-10"]);
        AgreedAction.Agree(ActionStream, Agreed(D("2025-01")), Asked());
        var action = Action(Agreed()).State;
        Refused(() => Check(action, action.SetDue(D("2024-12"), null)), "before-agreement", "/due");
        Refused(() => Check(action, action.FollowUp(D("2025-01-09"), "seen", null, null, null)), "before-agreement", "/on");
        Refused(() => Check(action, action.Become(ActionState.ReportedDone, D("2024"))), "before-agreement", "/on");
        var followed = Action(Agreed(D("2025-06")), new ActionFollowUpRecorded(D("2025-02"), "seen")).State;
        Refused(() => Check(followed, followed.Correct(Fields("""{"on": "2025-03-01"}"""))), "before-agreement", "/fields/on");
        Refused(() => Check(followed, followed.Correct(Fields("""{"on": "2024-12-01"}""", Event(2)))), "before-agreement", "/fields/on");
        var odd = Action(Agreed(D("2024-06"))).State;
        Check(odd, odd.Correct(Fields("""{"what": "another"}""")));
    }

    [Fact]
    public void The_home_country_is_no_partner()
    {
        Refused(() => RecordMeeting.Decide(MeetingStream, Held(partners: ["DK", "MA"]), true, [], null, Asked()), "home-is-no-partner", "/partners/1");
        Refused(() => AgreedAction.Agree(ActionStream, Agreed() with { Partner = "MA" }, Asked()), "home-is-no-partner", "/partner");
        Refused(() => Instruments.Instrument.Open(InstrumentStream, Opened(partners: ["MA"]), [], null, Asked()), "home-is-no-partner", "/partners/0");
        Refused(() => Partnerships.Partnership.Initial.Open(new PartnershipDetails { Partner = "MA" }), "home-is-no-partner", "/partner");
        Meeting(Held()).When(m => m.Correct(Fields("""{"partners": ["MA"]}"""))).ThenRefused("home-is-no-partner", "/fields/partners/0");
        Meeting(Held(partners: ["MA"])).State.Details!.Partners.ShouldBe(["MA"], "what is stored is never refused");
    }
}
