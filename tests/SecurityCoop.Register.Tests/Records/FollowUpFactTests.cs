using System.Text.Json;
using SecurityCoop.Register.Actions;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>A follow-up with a state and the change of state that it brought are one fact, whichever of the two is named.</summary>
public class FollowUpFactTests
{
    static readonly Guid followUp = Event(2), change = Event(3);

    // As stored: one command recorded the follow-up and the change.
    static AgreedAction Dropped(DateOnly? nextReview = null) => Command(Action(Agreed(D("2025-12-01"))).State, 1,
        new ActionFollowUpRecorded(D("2025-02-01"), "given up", ActionState.Dropped, nextReview), new ActionDropped(D("2025-02-01")));

    static AgreedAction Command(AgreedAction action, int command, params object[] events) =>
        events.Aggregate(action, (a, e) => a.Evolve(e, At(a.LastPosition + 1) with { Command = new Guid(command, 0, 0, new byte[8]) }));

    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;

    static string Status(AgreedAction action, string day) => Facts.None.With("action-1", action).At(day).Short();

    public static TheoryData<bool> Named => [true, false];

    [Theory, MemberData(nameof(Named))]
    public void The_day_of_either_is_the_day_of_both(bool ofChange)
    {
        var dropped = Dropped();
        Status(dropped, "2025-03-01").ShouldBe("no-record certain no-record");
        var corrected = Command(dropped, 2, dropped.Correct(Fields("""{"on": "2025-06-01"}""", ofChange ? change : followUp)).Single().Event);
        Status(corrected, "2025-03-01").ShouldBe("committed certain committed");
        Status(corrected, "2025-06-01").ShouldBe("no-record certain no-record");
        (corrected.FollowUps[0].On.Text, corrected.Changes[0].On.Text).ShouldBe(("2025-06-01", "2025-06-01"));
    }

    [Theory, MemberData(nameof(Named))]
    public void Either_withdrawn_is_both_withdrawn(bool ofChange)
    {
        var withdrawn = Command(Dropped(), 2, new ActionWithdrawn(ofChange ? change : followUp));
        Status(withdrawn, "2025-03-01").ShouldBe("committed certain committed");
        (withdrawn.FollowUps[0].Withdrawn, withdrawn.Changes[0].Withdrawn).ShouldBe((true, true));
        withdrawn.Withdraw(ofChange ? followUp : change).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Named))]
    public void A_report_of_the_day_of_either_is_preferred_for_both(bool ofChange)
    {
        var of = ofChange ? change : followUp;
        var reported = Command(Dropped(), 2, new ActionReportRecorded([new("on", J("\"2025-06-01\""))], of));
        Status(reported, "2025-03-01").ShouldBe("no-record certain no-record");
        foreach (var named in new[] { followUp, change })
        {
            var preferred = Command(reported, 3, reported.Prefer("on", Event(4), named).Single().Event);
            Status(preferred, "2025-03-01").ShouldBe("committed certain committed");
        }
    }

    [Fact]
    public void Its_state_put_right_is_the_state_of_the_action()
    {
        var corrected = Command(Dropped(), 2, new ActionCorrected([new("state", J("\"dropped\""), J("\"blocked\""))], followUp));
        corrected.State.ShouldBe(ActionState.Blocked);
        Command(corrected, 3, new ActionCorrected([new("state", J("\"blocked\""))], followUp)).State.ShouldBe(ActionState.Agreed);
    }

    [Fact]
    public void A_follow_up_given_a_state_later_brings_the_change_with_it()
    {
        var action = Command(Action(Agreed()).State, 1, new ActionFollowUpRecorded(D("2025-02-01"), "given up"));
        var decided = Consequences.Of(ActionStream, action, action.Correct(Fields("""{"state": "dropped"}""", followUp)), _ => null, Asked()).Single().Facts;
        decided.Select(f => f.Event.GetType().Name).ShouldBe(["ActionCorrected", "ActionDropped"]);
        var dropped = Command(action, 2, [.. decided.Select(f => f.Event)]);
        dropped.State.ShouldBe(ActionState.Dropped);
        Command(dropped, 3, new ActionWithdrawn(followUp)).State.ShouldBe(ActionState.Agreed);
    }

    [Fact]
    public void What_two_commands_recorded_are_two_facts()
    {
        var action = Command(Action(Agreed()).State, 1, new ActionFollowUpRecorded(D("2025-02-01"), "seen", ActionState.Agreed));
        action = Command(action, 2, new ActionDropped(D("2025-02-01")));
        Command(action, 3, new ActionWithdrawn(followUp)).State.ShouldBe(ActionState.Dropped);
    }

    [Fact]
    public void The_next_review_goes_with_the_follow_up_that_set_it()
    {
        var action = Action(Agreed(D("2027"), reviewOn: Day("2025-03-01")), new ActionFollowUpRecorded(D("2025-02-01"), "seen", NextReview: Day("2025-09-01"))).State;
        action.ReviewDay.ShouldBe(D("2025-09-01"));
        Command(action, 2, new ActionWithdrawn(followUp)).ReviewDay.ShouldBe(D("2025-03-01"));
        Command(action, 2, new ActionCorrected([new("nextReview", J("\"2025-09-01\""), J("\"2025-10-01\""))], followUp)).ReviewDay.ShouldBe(D("2025-10-01"));
    }
}
