using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

public class PartnershipTests
{
    static readonly PartnershipOpened opened = new() { Partner = "DK" };

    static PartnershipLife Life(Given<Partnership> given, string day) => given.State.Lives(Day(day), _ => true).ShouldHaveSingleItem();

    [Fact]
    public void A_partnership_is_opened_once_and_again_after_it_was_withdrawn()
    {
        Partnership().When(p => p.Open(opened)).ThenOnce(opened);
        Partnership(opened, new PartnershipWithdrawn()).When(p => p.Open(opened)).ThenOnce(opened);
        Partnership().When(p => p.Close(D("2026"))).ThenRefused("not-found");
    }

    [Fact]
    public void A_suspension_stands_until_its_own_side_lifts_it()
    {
        var given = Partnership(opened).When(p => p.Suspend(new(D("2014-02-20"), "home"))).ThenOnce(new PartnershipSuspended(D("2014-02-20"), "home"))
            .When(p => p.Suspend(new(D("2014-03-01"), "DK"))).ThenOnce(new PartnershipSuspended(D("2014-03-01"), "DK"))
            .When(p => p.Resume(new(D("2014-06-01"), "DK"))).ThenOnce(new PartnershipResumed(D("2014-06-01"), "DK"));
        Life(given, "2014-02-20").Suspended.ShouldBeTrue();
        Life(given, "2014-07-01").Suspended.ShouldBeTrue("the home side's suspension stands");
        Life(given.And(new PartnershipResumed(D("2015-01-31"), "joint")), "2015-01-31").Suspended.ShouldBeFalse();
        given.When(p => p.Suspend(new(D("2020"), "SE"))).ThenRefused("unknown-speaker", "/by");
    }

    [Fact]
    public void What_was_suspended_jointly_either_side_can_take_up_again() =>
        Life(Partnership(opened, new PartnershipSuspended(D("2014"), "joint"), new PartnershipResumed(D("2015-01-31"), "DK")), "2016-01-01").Suspended.ShouldBeFalse();

    [Fact]
    public void A_part_does_not_suspend_the_whole_and_a_resumption_in_part_ends_that_it_is_suspended_as_a_whole()
    {
        Life(Partnership(opened, new PartnershipSuspended(D("2014"), "home", "training")), "2016-01-01").Suspended.ShouldBeFalse();
        Life(Partnership(opened, new PartnershipSuspended(D("2014"), "home"), new PartnershipResumed(D("2015"), "home", "training")), "2016-01-01").Suspended.ShouldBeFalse();
        Life(Partnership(opened, new PartnershipSuspended(D("2014"), "home"), new PartnershipResumed(D("2015"), "DK", "training")), "2016-01-01").Suspended.ShouldBeTrue();
    }

    [Fact]
    public void A_resumption_without_its_suspension_is_accepted() => Partnership(opened).When(p => p.Resume(new(D("2015"), "DK"))).ThenOnce(new PartnershipResumed(D("2015"), "DK"));

    [Fact]
    public void Closings_and_reopenings_of_the_past_take_their_place_between_later_ones()
    {
        var given = Partnership(opened).When(p => p.Close(D("2020-01-01"))).ThenOnce(new PartnershipClosed(D("2020-01-01")))
            .When(p => p.Reopen(D("2022-01-01"))).ThenOnce(new PartnershipReopened(D("2022-01-01")))
            .When(p => p.Close(D("2010-01-01"))).ThenOnce(new PartnershipClosed(D("2010-01-01")))
            .When(p => p.Reopen(D("2015-01-01"))).ThenOnce(new PartnershipReopened(D("2015-01-01")));
        new[] { "2009-01-01", "2012-01-01", "2016-01-01", "2021-01-01", "2023-01-01" }.Select(d => Life(given, d).Closed).ShouldBe([false, true, false, true, false]);
    }

    [Fact]
    public void Notes_add_and_settings_are_set_once()
    {
        Partnership(opened).When(p => p.AddNote("see the file", D("2020"))).Then(new PartnershipNoteAdded("see the file", D("2020")));
        Partnership(opened).When(p => p.AddNote("", null)).ThenRefused("required", "/note");
        Partnership(opened).When(p => p.SetReviewPeriod(18)).ThenOnce(new PartnershipReviewPeriodSet(18)).State.ReviewMonths.ShouldBe(18);
        Partnership(opened).When(p => p.SetReviewPeriod(0)).ThenRefused("out-of-range", "/months");
        Partnership(opened).When(p => p.AssignFocalPoint(new(Side.Home, "person-1"))).ThenOnce(new PartnershipFocalPointAssigned(Side.Home, "person-1"));
        Partnership(opened).When(p => p.AssignFocalPoint(new(Side.Home))).ThenRefused("participant-empty", "/person");
    }

    [Fact]
    public void Focal_points_follow_one_another_on_each_side_in_the_worlds_order()
    {
        var given = Partnership(opened).And(
            new PartnershipFocalPointAssigned(Side.Home, "person-1", On: D("2025-03")),
            new PartnershipFocalPointAssigned(Side.Partner, Office: new("attaché"), On: D("2024")),
            new PartnershipFocalPointAssigned(Side.Home, "person-0", On: D("2023")));
        string At(Given<Partnership> p, string day) => string.Join(' ', p.State.FocalPointsAt(Day(day)).Select(f => $"{f.FocalPoint.Person ?? f.FocalPoint.Office!.Title}:{Slug.Of(f.Certainty)}"));

        At(given, "2022-12-31").ShouldBe("");
        At(given, "2025-02-01").ShouldBe("person-0:certain attaché:certain");
        At(given, "2025-03-15").ShouldBe("person-1:possible person-0:possible attaché:certain");
        At(given, "2025-04-01").ShouldBe("person-1:certain attaché:certain");
        // Without a day it takes over from those recorded before it; from when, nobody said.
        At(given.And(new PartnershipFocalPointAssigned(Side.Home, "person-2")), "2025-04-01").ShouldBe("person-2:possible attaché:certain");

        // One is corrected and withdrawn by the event that assigned it.
        given.When(p => p.Withdraw(Event(2))).ThenOnce(new PartnershipWithdrawn(Event(2)));
        At(given.And(new PartnershipWithdrawn(Event(2))), "2025-04-01").ShouldBe("person-0:certain attaché:certain");
        var corrected = given.And(given.State.Correct(Fields("""{"person": "person-3"}""", Event(2))).Select(f => f.Event));
        At(corrected, "2025-04-01").ShouldBe("person-3:certain attaché:certain");
        given.When(p => p.Correct(Fields("""{"person": null}""", Event(2)))).ThenRefused("participant-empty", "/fields/person");
        given.When(p => p.Correct(Fields("""{"side": "partner"}""", Event(2)))).ThenRefused("unknown-field", "/fields/side");
    }

    [Fact]
    public void A_part_stays_suspended_until_each_side_that_suspended_it_resumes_it_or_the_whole()
    {
        var given = Partnership(opened).And(
            new PartnershipSuspended(D("2020-01-01"), "home", "training"), new PartnershipSuspended(D("2020-02"), "DK", "training"), new PartnershipSuspended(D("2020-01-01"), "joint", "visits"),
            new PartnershipResumed(D("2021-01-01"), "home", "training"), new PartnershipResumed(D("2022-01-01"), "DK"));
        string At(string day) => string.Join(' ', given.State.SuspendedParts(Day(day), _ => true).Select(p => $"{p.Part}:{p.Lives.Count}:{p.Lives.Any(l => l.ByHome)}:{p.Lives.Any(l => l.ByPartner)}"));

        At("2019-12-31").ShouldBe("");
        At("2020-01-15").ShouldBe("training:1:True:False visits:1:False:False");
        At("2020-02-15").ShouldBe("training:2:True:True visits:1:False:False");
        At("2021-06-01").ShouldBe("training:1:False:True visits:1:False:False");
        At("2022-01-01").ShouldBe("");
        Life(given, "2020-02-15").Suspended.ShouldBeFalse();
    }

    [Fact]
    public void A_statement_outside_any_meeting_opens_what_it_agrees_on()
    {
        var streams = Partnership(opened).State.AddStatement("partnership-DK", new(Said(Force.AgreedAction, "home")), D("2026-01-28"), null, Asked());
        streams.Select(s => s.Stream).ShouldBe(["partnership-DK", "action-new1"]);
        Json(streams[0].Facts.Single().Event).ShouldBe(Json(new PartnershipStatementRecorded(Said(Force.AgreedAction, "home") with { Opens = ["action-new1"] }, D("2026-01-28"))));
        var action = (ActionAgreed)streams[1].Facts.Single().Event;
        (action.Partner, action.OwedBy, action.Meeting, action.Statement).ShouldBe(("DK", OwedBy.Home, null, 1));
        Refused(() => Partnership(opened).State.AddStatement("partnership-DK", new(Said(Force.Intent, "SE")), D("2026"), null, Asked()), "unknown-speaker", "/speaker");
    }

    [Fact]
    public void A_statement_is_reclassified_once() =>
        Partnership(opened, new PartnershipStatementRecorded(Said(Force.Intent, "DK"), D("2026-01-28")))
            .When(p => p.Reclassify(1, Force.Denial, null, null)).ThenOnce(new PartnershipStatementReclassified(1, Force.Denial)).State.Statements[0].Readings.Count.ShouldBe(2);

    [Fact]
    public void Corrections_are_checked_and_the_partner_is_fixed()
    {
        var given = Partnership(opened, new PartnershipSuspended(D("2014"), "home"), new PartnershipStatementRecorded(Said(Force.Intent, "DK"), D("2026")));
        given.When(p => p.Correct(Fields("""{"partner":"SE"}"""))).ThenRefused("identity-fixed", "/fields/partner");
        given.When(p => p.Correct(Fields("""{"by":"SE"}""", Event(2)))).ThenRefused("unknown-speaker", "/fields/by");
        given.When(p => p.Correct(Fields("""{"kind":"closed"}""", Event(2)))).ThenRefused("unknown-field", "/fields/kind");
        given.When(p => p.Correct(Fields("""{"marking":"open"}""", Event(2)))).ThenRefused("unknown-field", "/fields/marking");
        given.When(p => p.Correct(Fields("""{"speaker":"SE"}""", Event(3)))).ThenRefused("unknown-speaker", "/fields/speaker");
        given.And(given.State.Correct(Fields("""{"on":"2014-02-20","part":"training"}""", Event(2))).Select(f => f.Event)).State.Turns[0].Part.ShouldBe("training");
        given.When(p => p.Withdraw(Event(2))).ThenOnce(new PartnershipWithdrawn(Event(2))).State.Lives(Day("2020-01-01"), _ => true).Single().Suspended.ShouldBeFalse();
        given.When(p => p.Withdraw(Event(9))).ThenRefused("no-such-item", "/of");
    }
}
