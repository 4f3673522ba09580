using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>The nine rules, each by a small example, and how sure an answer is.</summary>
public class StatusTests
{
    const string Today = "2026-02-01";
    static readonly object[] inForce = [Opened(Binding.Binding), Act(ActKind.EnteredIntoForce, "2010")];
    static readonly object[] said = [Held(), new MeetingStatementRecorded(Said(Force.Intent))];

    [Fact]
    public void Rule_1_a_suspension_of_the_whole_goes_before_everything() =>
        Facts.None.With(inForce).With(new PartnershipSuspended(D("2014"), "DK")).At(Today).Short().ShouldBe("suspended certain suspended");

    [Fact]
    public void Rule_2_an_instrument_in_force_makes_the_framework_active()
    {
        Facts.None.With(inForce).With(Agreed()).With(said).At(Today).Short().ShouldBe("framework-active certain framework-active");
        Facts.None.With(Opened(Binding.NonBinding), Act(ActKind.Signed, "2020")).At(Today).Short().ShouldBe("framework-active certain framework-active");
    }

    [Fact]
    public void Rule_3_none_in_force_and_one_suspended()
    {
        object[] suspended = [Opened(Binding.Binding), Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014", "DK")];
        Facts.None.With(suspended).With(Opened(), Act(ActKind.Signed, "2020")).At(Today).Short().ShouldBe("suspended certain suspended");
        Facts.None.With(suspended).With(inForce).At(Today).Short().ShouldBe("framework-active certain framework-active");
        Facts.None.With(suspended).With(new PartnershipSuspended(D("2020"), "DK", "training")).At(Today).Short().ShouldBe("suspended certain suspended");
    }

    [Fact]
    public void Rule_4_signed_or_provisionally_applied_and_not_yet_in_force()
    {
        Facts.None.With(Opened(), Act(ActKind.Signed, "2020")).With(Agreed()).At(Today).Short().ShouldBe("signed certain signed");
        Facts.None.With(Opened(), Act(ActKind.ProvisionallyApplied, "2020")).At(Today).Because.Single().Kind.ShouldBe("provisionally-applied");
    }

    [Fact]
    public void Rule_5_an_open_action_or_a_plan_of_both_sides()
    {
        const string committed = "committed certain committed";
        Facts.None.With(Agreed()).At(Today).Short().ShouldBe(committed);
        foreach (var kind in new[] { ActKind.Planned, ActKind.NegotiationOpened, ActKind.TextAgreed, ActKind.SigningPlanned })
            Facts.None.With(Opened(), Act(kind, "2025")).At(Today).Short().ShouldBe(committed);
        Facts.None.With(Opened(), Act(ActKind.Proposed, "2025", "DK"), Act(ActKind.Proposed, "2025-12", "home")).At(Today).Short().ShouldBe(committed);
        Facts.None.With(Opened(), Act(ActKind.Planned, "2024"), Act(ActKind.Signed, "2025", "DK")).At(Today).Short().ShouldBe(committed, "signed by one");
    }

    [Fact]
    public void What_is_no_commitment()
    {
        Facts.None.With(Opened(), Act(ActKind.Proposed, "2025", "DK")).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Opened(), Act(ActKind.Planned, "2024"), Act(ActKind.Abandoned, "2025")).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Agreed(windsDown: true)).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Agreed(), new ActionVerified(D("2025-06"))).At(Today).Short().ShouldBe("no-record certain no-record");
    }

    [Fact]
    public void Rule_6_what_existed_and_has_ended()
    {
        const string lapsed = "lapsed certain lapsed";
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Terminated, "2020")).With(said).At(Today).Short().ShouldBe(lapsed);
        Facts.None.With(Opened(), Act(ActKind.Signed, "2000"), Act(ActKind.Abandoned, "2020")).At(Today).Short().ShouldBe(lapsed);
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2000"), new InstrumentSupersededBy("instrument-9", D("2020")))
            .With(Opened(), Act(ActKind.EnteredIntoForce, "2019-12"), Act(ActKind.Terminated, "2024")).At(Today).Short().ShouldBe(lapsed);
        Facts.None.With(Opened(), Act(ActKind.Planned, "2000"), new InstrumentSupersededBy("instrument-9", D("2020"))).At(Today).Short().ShouldBe("no-record certain no-record", "a draft is no lapsed instrument");
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.TerminationNotified, "2025-03-01", "DK", expected: "2025-09-01")).At(Today).Because.Single(b => b.Computed == true).Kind.ShouldBe("terminated");
    }

    [Fact]
    public void Rule_7_intent_of_the_partner_or_joint_and_more_than_a_set_phrase()
    {
        PartnershipAnswer(Said(Force.Intent)).ShouldBe("intent certain intent");
        PartnershipAnswer(Said(Force.Intent, "DK")).ShouldBe("intent certain intent");
        PartnershipAnswer(Said(Force.Intent, "home")).ShouldBe("contact certain contact");
        PartnershipAnswer(Said(Force.Intent, formulaic: true)).ShouldBe("contact certain contact");
        PartnershipAnswer(Said(Force.Appreciation)).ShouldBe("contact certain contact");
        Facts.None.With(new PartnershipStatementRecorded(Said(Force.Intent, "DK"), D("2026-01"))).At(Today).Short().ShouldBe("intent certain intent");

        static string PartnershipAnswer(Statement s) => Facts.None.With(Held(), new MeetingStatementRecorded(s)).At(Today).Short();
    }

    [Fact]
    public void A_reclassified_withdrawn_or_foreign_statement_no_longer_speaks_for_the_partner()
    {
        Facts.None.With([.. said, new MeetingStatementReclassified(1, Force.Discussed)]).At(Today).Short().ShouldBe("contact certain contact");
        Facts.None.With([.. said, new MeetingWithdrawn(Event(2))]).At(Today).Short().ShouldBe("contact certain contact");
        Facts.None.With(Held(partners: ["DK", "SE"]), new MeetingStatementRecorded(Said(Force.Intent, "SE"))).At(Today).Short().ShouldBe("contact certain contact");
    }

    [Fact]
    public void Rules_8_and_9_any_meeting_held_is_contact_and_nothing_is_no_record()
    {
        Facts.None.With(Held(partners: ["DK", "SE"])).At(Today).Short().ShouldBe("contact certain contact");
        Facts.None.With(new MeetingPlanned(Held("2026-01-01"))).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Held("2026-02-02")).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Held(), new MeetingWithdrawn()).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.With(Held(partners: ["SE"])).At(Today).Short().ShouldBe("no-record certain no-record");
        Facts.None.At(Today).Short().ShouldBe("no-record certain no-record");
    }

    [Fact]
    public void An_undated_meeting_possibly_happened_on_every_day()
    {
        object[] undated = [Held(""), new MeetingStatementRecorded(Said(Force.Intent))];
        Facts.None.With(undated).At("1990-01-01").Short().ShouldBe("intent possible no-record");
        Facts.None.With(undated).With(Held()).At(Today).Short().ShouldBe("intent possible contact");
    }

    [Fact]
    public void A_possible_suspension_or_end_leaves_the_rest_certain()
    {
        Facts.None.With(inForce).With(new PartnershipSuspended(D("2026"), "DK")).At(Today).Short().ShouldBe("suspended possible framework-active");
        Facts.None.With(inForce[0], inForce[1], Act(ActKind.Terminated, "2026")).At(Today).Short().ShouldBe("framework-active possible lapsed");
        Facts.None.With(inForce[0], inForce[1], Act(ActKind.Suspended, "2026", "DK")).At(Today).Short().ShouldBe("framework-active possible suspended");
        Facts.None.With(Agreed(), new ActionVerified(D(""))).At(Today).Short().ShouldBe("committed possible no-record");
    }

    [Fact]
    public void Suspended_by_either_of_its_rules_is_certain_unless_something_between_them_may_hold()
    {
        var whole = Facts.None.With(new PartnershipSuspended(D("2026"), "DK")).With(Opened(), Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014", "DK"));
        whole.At(Today).Short().ShouldBe("suspended certain suspended");
        whole.With(Opened(), Act(ActKind.EnteredIntoForce, "2026")).At(Today).Short().ShouldBe("suspended possible suspended");
    }

    [Fact]
    public void Asked_for_the_service_alone_other_home_bodies_do_not_count()
    {
        const string other = "organisation-9";
        var facts = Facts.None.With(Held("2026-01-21")).With(Held(home: other), new MeetingStatementRecorded(Said(Force.Intent))).With(Agreed(home: other))
            .With(Opened(home: other), Act(ActKind.Signed, "2020")).With(new PartnershipSuspended(D("2020"), "home", HomeOrganisation: other));
        facts.At(Today).Short().ShouldBe("suspended certain suspended");
        facts.At(Today).Because.Single().Home.ShouldBe(other);
        facts.At(Today, service: true).Short().ShouldBe("contact certain contact");
    }

    [Fact]
    public void The_answer_carries_the_events_that_make_it_hold()
    {
        var because = Facts.None.With(said).With(Held("")).At(Today).Because.Single();
        (because.Event, because.Record, because.Kind).ShouldBe((Event(2), "DK-MTG-1", "statement"));
        Facts.None.With(Opened(Binding.NonBinding), Act(ActKind.Signed, "2020")).At(Today).Because.Single().Kind.ShouldBe("signed");
    }

    [Fact]
    public void A_closed_partnership_keeps_its_status_and_says_so()
    {
        var closed = Facts.None.With(inForce).With(new PartnershipClosed(D("2025")));
        (closed.At(Today).Short(), closed.At(Today).Closed).ShouldBe(("framework-active certain framework-active", true));
        closed.At("2024-12-31").Closed.ShouldBeFalse();
        closed.At("2025-06-01").Closed.ShouldBeFalse("a closing that is only possible leaves it possibly open");
    }

    [Fact]
    public void The_first_and_last_days_of_the_calendar_can_be_asked_about()
    {
        var facts = Facts.None.With(said).With(Agreed());
        facts.At("0001-01-01").Short().ShouldBe("no-record certain no-record");
        facts.At("9999-12-31").Short().ShouldBe("committed certain committed");
    }
}
