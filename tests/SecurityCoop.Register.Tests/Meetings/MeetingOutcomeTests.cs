using System.Text.Json;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Put off, called off, held: by whom, on which day and why; each an item of its own.</summary>
public class MeetingOutcomeTests
{
    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;
    static readonly MeetingPlanned plan = new(Held("2026-01-10"));
    static readonly MeetingCancelled cancelled = new(D("2026-01-05"), "the partner");
    static readonly MeetingPostponed postponed = new(D("2026-01-20"), null, D("2026-01-03"), "our side");

    static string States(Meeting m, string day) => string.Join(" ", m.StatesAt(Day(day)).Order());

    [Fact]
    public void Who_called_it_off_on_which_day_and_why_is_kept_with_the_meeting()
    {
        var outcome = Meeting(plan).State.Evolve(cancelled, At(2) with { Reason = "a storm" }).Outcomes.Single();
        (outcome.Kind, outcome.On!.Text, outcome.By, outcome.Reason).ShouldBe((OutcomeKind.Cancelled, "2026-01-05", "the partner", "a storm"));
        Meeting(plan, postponed).State.Outcomes.Single().By.ShouldBe("our side");
        Meeting(plan).When(m => m.Postpone(D("2026-01-20"), null, D("2026-01-03"), "our side")).Then(postponed);
    }

    [Fact]
    public void Before_the_day_on_which_it_was_called_off_a_meeting_is_planned()
    {
        var meeting = Meeting(plan, cancelled).State;
        meeting.State.ShouldBe(MeetingState.Cancelled);
        (States(meeting, "2026-01-04"), States(meeting, "2026-01-05")).ShouldBe(("Planned", "Cancelled"));
        States(Meeting(plan, cancelled with { On = D("2026-01") }).State, "2026-01-04").ShouldBe("Planned Cancelled");
        States(Meeting(plan, Held("2026-01-11")).State, "2026-01-10").ShouldBe("Planned");
        WhyNot.Of(Facts.None.With(plan, cancelled), new(Day("2026-01-04")), "contact").Rules[^1].Missing.ShouldContain(m => m.Needs == Needs.Holding);
        WhyNot.Of(Facts.None.With(plan, cancelled), new(Day("2026-01-05")), "contact").Rules[^1].Missing.ShouldNotContain(m => m.Needs == Needs.Holding);
    }

    [Fact]
    public void Each_is_taken_back_by_itself()
    {
        Meeting(plan, cancelled, new MeetingWithdrawn(Event(2))).State.State.ShouldBe(MeetingState.Planned);
        var back = Meeting(plan, postponed, new MeetingPostponed(D("2026-03")), new MeetingWithdrawn(Event(3))).State;
        (back.State, back.Details!.Date.Text).ShouldBe((MeetingState.Postponed, "2026-01-20"));
        back = back.Evolve(new MeetingWithdrawn(Event(2)), At(9));
        (back.State, back.Details!.Date.Text).ShouldBe((MeetingState.Planned, "2026-01-10"));
        var held = Meeting(plan, Held("2026-01-12") with { Place = "here" }, new MeetingWithdrawn(Event(2))).State;
        (held.State, held.Details!.Date.Text, held.Details.Place).ShouldBe((MeetingState.Planned, "2026-01-10", null));
        Meeting(plan, cancelled).When(m => m.Withdraw(Event(2))).ThenOnce(new MeetingWithdrawn(Event(2)));
    }

    [Fact]
    public void A_holding_is_not_taken_back_while_something_said_there_stands() =>
        Meeting(plan, Held("2026-01-12"), new MeetingStatementRecorded(Said(Force.Intent))).When(m => m.Withdraw(Event(2))).ThenRefused("holding-has-statements").Args[1].ShouldBe("1");

    [Fact]
    public void Each_is_corrected_and_reported_on_by_itself()
    {
        var corrected = Meeting(plan, cancelled, new MeetingCorrected([new("on", J("\"2026-01-05\""), J("\"2026-01-07\""))], Event(2))).State;
        States(corrected, "2026-01-06").ShouldBe("Planned");
        var moved = Meeting(plan, postponed, new MeetingCorrected([new("date", J("\"2026-01-20\""), J("\"2026-01-21\""))], Event(2))).State;
        moved.Details!.Date.Text.ShouldBe("2026-01-21");
        Meeting(plan, postponed, new MeetingCorrected([new("date", J("\"2026-01-20\""), J("\"2026-01-22\""))])).State.Outcomes[0].Date!.Text.ShouldBe("2026-01-22", "the day of a plan put off is the postponement's");
        var reported = Meeting(plan, cancelled).State.Evolve(new MeetingReportRecorded([new("happened", J("false"))], Event(2)), At(3));
        reported.State.ShouldBe(MeetingState.Cancelled);
        reported.Evolve(reported.Prefer("happened", Event(3), Event(2)).Single().Event, At(4)).State.ShouldBe(MeetingState.Planned);
        var holding = Meeting(plan, Held("2026-01-12"), new MeetingReportRecorded([new("date", J("\"2026-01-13\""))], Event(2))).State;
        holding.Evolve(holding.Prefer("date", Event(3), null).Single().Event, At(4)).Details!.Date.Text.ShouldBe("2026-01-13", "a holding is described as the meeting is");
    }
}
