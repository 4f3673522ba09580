using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

public class ActionTests
{
    static ActionAgreed Opened(ActionDetails d) => (ActionAgreed)AgreedAction.Agree(ActionStream, d, Asked()).Facts.Single().Event;

    [Fact]
    public void When_an_undated_action_is_agreed_Then_it_is_looked_at_six_months_on_and_no_event_says_so()
    {
        static string? Review(ActionAgreed d) => Action(d).State.ReviewDay?.Text;
        Opened(Agreed(on: "2026-01-27")).ReviewOn.ShouldBeNull();
        Review(Agreed(on: "2026-01-27")).ShouldBe("2026-07-27");
        Review(Agreed(on: "")).ShouldBe("", "as little known as the day of the agreement");
        Review(Agreed(D(""), on: "9999-12-31")).ShouldBe("9999-12-31");
        Review(Agreed(D("2026-06"))).ShouldBeNull();
        Review(Agreed(standing: "within a month")).ShouldBeNull();
        Review(Agreed(on: "2026-01-27", reviewOn: Day("2026-03-01"))).ShouldBe("2026-03-01");
    }

    [Fact]
    public void What_cannot_be_agreed_is_refused_at_its_field()
    {
        Refused(() => Opened(Agreed() with { What = "" }), "required", "/what");
        Refused(() => Opened(Agreed(D("2026"), standing: "always")), "standing-and-due", "/standing");
    }

    public static TheoryData<ActionState, ActionState> Pairs() => [.. Enum.GetValues<ActionState>().SelectMany(a => Enum.GetValues<ActionState>().Select(b => (a, b)))];

    // Written out beside the table, so that a slip in it is seen: reported done cannot lapse; what is closed can only be reopened; everything else may follow.
    static bool May(ActionState from, ActionState to) => from == to || from switch
    {
        ActionState.Agreed or ActionState.Blocked => true,
        ActionState.ReportedDone => to != ActionState.Lapsed,
        ActionState.Verified or ActionState.Dropped or ActionState.Lapsed or ActionState.Superseded => to == ActionState.Agreed,
    };

    static object EventOf(ActionState to, string on, bool unblocks = false) => to switch
    {
        ActionState.Agreed => unblocks ? new ActionUnblocked(D(on)) : new ActionReopened(D(on)),
        ActionState.Blocked => new ActionBlocked(D(on)),
        ActionState.ReportedDone => new ActionReportedDone(D(on)),
        ActionState.Verified => new ActionVerified(D(on)),
        ActionState.Dropped => new ActionDropped(D(on)),
        ActionState.Lapsed => new ActionLapsed(D(on)),
        ActionState.Superseded => new ActionSuperseded(D(on)),
    };

    [Theory, MemberData(nameof(Pairs))]
    public void A_state_follows_another_where_the_table_allows_it(ActionState from, ActionState to)
    {
        ActionStates.Allows(from, to).ShouldBe(May(from, to));
        var given = from == ActionState.Agreed ? Action(Agreed()) : Action(Agreed(), EventOf(from, "2025-03-01"));
        var when = given.When(a => a.Become(to, D("2025-04-01")));
        if (from == to) when.ThenNothing();
        else if (!May(from, to)) when.ThenRefused("state-not-reachable").Args.ShouldBe(["XX-0001", Slug.Of(from), Slug.Of(to)]);
        else when.ThenOnce(EventOf(to, "2025-04-01", unblocks: from == ActionState.Blocked)).State.State.ShouldBe(to);
    }

    [Theory, MemberData(nameof(Pairs))]
    public void A_follow_up_that_leaves_a_state_is_recorded_with_it_or_refused_with_it(ActionState from, ActionState to)
    {
        var given = from == ActionState.Agreed ? Action(Agreed()) : Action(Agreed(), EventOf(from, "2025-03-01"));
        var note = new ActionFollowUpRecorded(D("2025-04-01"), "so it stands", to);
        var when = given.When(a => a.FollowUp(note.On, note.Note!, to, null, null));
        // What is closed takes no follow-up of a later day until it is reopened, be it only to say again where it stands.
        if (ActionStates.IsClosed(from) && to != ActionState.Agreed) when.ThenRefused("action-closed");
        else if (!May(from, to)) when.ThenRefused("state-not-reachable");
        else if (from == to) when.Then(note);
        else when.Then(note, EventOf(to, "2025-04-01", unblocks: from == ActionState.Blocked)).State.State.ShouldBe(to);
    }

    public static TheoryData<ActionState> States() => [.. Enum.GetValues<ActionState>()];

    [Theory, MemberData(nameof(States))]
    public void A_standing_duty_reaches_every_state_but_done(ActionState to)
    {
        ActionStates.AllowsStanding(to).ShouldBe(to is not (ActionState.ReportedDone or ActionState.Verified));
        var when = Action(Agreed(standing: "within a month")).When(a => a.Become(to, D("2025-04-01")));
        if (to == ActionState.Agreed) when.ThenNothing();
        else if (!ActionStates.AllowsStanding(to)) when.ThenRefused("standing-never-done");
        else when.ThenOnce(EventOf(to, "2025-04-01"));
    }

    [Fact]
    public void What_takes_its_place_is_shown_while_it_is_superseded()
    {
        var superseded = Action(Agreed()).When(a => a.Become(ActionState.Superseded, D("2025-04-01"), "action-2")).ThenOnce(new ActionSuperseded(D("2025-04-01"), "action-2"));
        superseded.State.SupersededBy.ShouldBe("action-2");
        superseded.And(new ActionReopened(D("2025-05-01"))).State.SupersededBy.ShouldBeNull();
        superseded.And(new ActionWithdrawn(Event(2))).State.SupersededBy.ShouldBeNull();
    }

    [Fact]
    public void A_follow_up_that_arrives_late_leaves_the_review_that_a_later_one_has_set() =>
        Action(Agreed(), new ActionFollowUpRecorded(D("2025-06-01"), "look again", NextReview: Day("2025-12-01")), new ActionFollowUpRecorded(D("2025-03-01"), "an older report", NextReview: Day("2025-05-01")))
            .State.Details!.ReviewOn.ShouldBe(Day("2025-12-01"));

    [Fact]
    public void An_action_whose_statement_was_withdrawn_or_reads_otherwise_stays_and_says_so()
    {
        var gone = Action(Agreed()).When(a => a.OriginChanged(OriginChange.Withdrawn, Force.AgreedAction)).ThenOnce(new ActionOriginChanged(OriginChange.Withdrawn, Force.AgreedAction));
        (gone.State.State, gone.State.OriginWithdrawn, gone.State.OriginForce).ShouldBe((ActionState.Agreed, true, null));
        var less = Action(Agreed()).When(a => a.OriginChanged(OriginChange.Reclassified, Force.Intent)).ThenOnce(new ActionOriginChanged(OriginChange.Reclassified, Force.Intent));
        (less.State.OriginWithdrawn, less.State.OriginForce).ShouldBe((null, Force.Intent));
        less.When(a => a.OriginChanged(OriginChange.Restored, Force.AgreedAction)).ThenOnce(new ActionOriginChanged(OriginChange.Restored, Force.AgreedAction)).State.OriginForce.ShouldBeNull();
    }

    [Fact]
    public void Given_a_verified_action_When_an_earlier_report_turns_up_Then_it_takes_its_place_before()
    {
        var verified = Action(Agreed(), new ActionVerified(D("2025-06-01")));
        verified.When(a => a.Become(ActionState.ReportedDone, D("2025-05-01"))).ThenOnce(new ActionReportedDone(D("2025-05-01"))).State.State.ShouldBe(ActionState.Verified);
        verified.When(a => a.Become(ActionState.Lapsed, D("2025-05-01"))).ThenRefused("state-not-reachable");
    }

    [Fact]
    public void Given_a_reported_action_When_it_is_verified_on_a_day_nobody_knows_Then_it_is_verified()
    {
        var verified = Action(Agreed(), new ActionReportedDone(D("2025-05-01"))).When(a => a.Become(ActionState.Verified, D(""))).ThenOnce(new ActionVerified(Edtf.Unknown));
        verified.State.State.ShouldBe(ActionState.Verified);
        verified.State.StatesAt(Day("2025-06-01")).Order().ShouldBe([ActionState.ReportedDone, ActionState.Verified]);
    }

    [Fact]
    public void An_unblocking_brings_back_nothing_that_was_dropped_on_a_day_nobody_knows() =>
        Action(Agreed(), new ActionBlocked(D("2025-03")), new ActionUnblocked(D("2025-04")), new ActionDropped(D(""))).State.State.ShouldBe(ActionState.Dropped);

    [Fact]
    public void A_reopening_that_would_come_before_the_closing_is_refused() =>
        Action(Agreed(), new ActionVerified(D("2025-06-01"))).When(a => a.Become(ActionState.Agreed, D("2025"))).ThenRefused("same-day-order");

    [Fact]
    public void Changes_recorded_in_any_order_leave_the_same_state()
    {
        object[] changes = [new ActionBlocked(D("2025-02-01")), new ActionUnblocked(D("2025-03")), new ActionReportedDone(D("2025-04-01")), new ActionReopened(D("2025-05-01")), new ActionVerified(D("2025-06~"))];
        var random = new Random(7);
        for (var round = 0; round < 30; round++)
        {
            random.Shuffle(changes);
            var a = Action([Agreed(), .. changes]).State;
            a.State.ShouldBe(ActionState.Verified);
            a.StatesAt(Day("2025-03-15")).Order().ShouldBe([ActionState.Agreed, ActionState.Blocked]);
            a.StatesAt(Day("2025-05-15")).ShouldBe([ActionState.Agreed]);
        }
    }

    [Fact]
    public void A_standing_duty_is_never_done_and_never_due()
    {
        var standing = Action(Agreed(standing: "within a month of each request"));
        standing.When(a => a.Become(ActionState.ReportedDone, D("2025-04-01"))).ThenRefused("standing-never-done");
        standing.When(a => a.Become(ActionState.Verified, D("2025-04-01"))).ThenRefused("standing-never-done");
        standing.When(a => a.SetDue(D("2026"), null)).ThenRefused("standing-never-due");
        standing.When(a => a.Become(ActionState.Dropped, D("2025-04-01"))).ThenOnce(new ActionDropped(D("2025-04-01")));
    }

    [Fact]
    public void A_follow_up_with_a_state_is_followed_by_the_states_own_event()
    {
        var note = new ActionFollowUpRecorded(D("2025-04-01"), "report came", ActionState.ReportedDone, Day("2025-09-01"), "meeting-2");
        var given = Action(Agreed()).When(a => a.FollowUp(note.On, note.Note!, note.State, note.NextReview, note.Meeting)).Then(note, new ActionReportedDone(note.On));
        given.State.Details!.ReviewOn.ShouldBe(Day("2025-09-01"));
        given.When(a => a.FollowUp(D("2025-05-01"), "still so", ActionState.ReportedDone, null, null)).Then(new ActionFollowUpRecorded(D("2025-05-01"), "still so", ActionState.ReportedDone));
        given.When(a => a.FollowUp(D("2025-05-01"), " ", null, null, null)).ThenRefused("required", "/note");
    }

    [Fact]
    public void Given_a_verified_action_When_a_follow_up_of_a_later_day_is_recorded_Then_it_is_refused_until_it_is_reopened()
    {
        var verified = Action(Agreed(), new ActionVerified(D("2025-06-01")));
        verified.When(a => a.FollowUp(D("2025-07-01"), "again", null, null, null)).ThenRefused("action-closed");
        verified.When(a => a.FollowUp(D("2025-05-01"), "draft came", null, null, null)).Then(new ActionFollowUpRecorded(D("2025-05-01"), "draft came"));
        verified.When(a => a.FollowUp(D("2025-07-01"), "taken up again", ActionState.Agreed, null, null))
            .Then(new ActionFollowUpRecorded(D("2025-07-01"), "taken up again", ActionState.Agreed), new ActionReopened(D("2025-07-01")));
    }

    [Fact]
    public void Owner_due_date_and_review_are_each_set_once()
    {
        Action(Agreed()).When(a => a.Assign("u-7")).ThenOnce(new ActionAssigned("u-7"));
        Action(Agreed()).When(a => a.SetDue(D("[..2026-06-30]"), "by June")).ThenOnce(new ActionDueDateSet(D("[..2026-06-30]"), "by June"));
        Action(Agreed(D("2026"))).When(a => a.SetDue(D(""), null)).ThenOnce(new ActionDueDateSet(D(""))).State.Details!.Due.ShouldBeNull();
        Action(Agreed()).When(a => a.SetReview(Day("2026-03-01"))).ThenOnce(new ActionReviewDateSet(Day("2026-03-01")));
        Action(Agreed(), new ActionDropped(D("2025-03"))).When(a => a.Assign("u-7")).ThenRefused("action-closed");
    }

    [Fact]
    public void Corrections_pass_the_rules_of_a_new_action_and_keep_what_a_change_is()
    {
        var given = Action(Agreed(D("2026")), new ActionBlocked(D("2025-03-01")));
        given.When(a => a.Correct(Fields("""{"what":""}"""))).ThenRefused("required", "/fields/what");
        given.When(a => a.Correct(Fields("""{"standing":"always"}"""))).ThenRefused("standing-and-due", "/fields/standing");
        given.When(a => a.Correct(Fields("""{"to":"verified"}""", Event(2)))).ThenRefused("unknown-field", "/fields/to");
        given.And(given.State.Correct(Fields("""{"due":""}""")).Select(f => f.Event)).State.Details!.Due.ShouldBeNull();
        given.And(given.State.Correct(Fields("""{"on":"2025-04-01"}""", Event(2))).Select(f => f.Event)).State.Changes[0].On.Text.ShouldBe("2025-04-01");
    }

    [Fact]
    public void A_follow_up_or_a_change_can_be_withdrawn()
    {
        Action(Agreed(), new ActionDropped(D("2025-03"))).When(a => a.Withdraw(Event(2))).ThenOnce(new ActionWithdrawn(Event(2))).State.State.ShouldBe(ActionState.Agreed);
        Action(Agreed(), new ActionFollowUpRecorded(D("2025"), "x")).When(a => a.Withdraw(Event(2))).ThenOnce(new ActionWithdrawn(Event(2))).State.FollowUps[0].Withdrawn.ShouldBeTrue();
        Action(Agreed()).When(a => a.Withdraw(Event(9))).ThenRefused("no-such-item", "/of");
        Action(Agreed()).When(a => a.Withdraw(null)).ThenOnce(new ActionWithdrawn()).When(a => a.Assign("u-7")).ThenRefused("withdrawn");
    }
}
