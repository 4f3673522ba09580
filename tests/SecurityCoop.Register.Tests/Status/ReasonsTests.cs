using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Only what stands is a reason, and a reason cites every event that its present value rests on, each with its own source.</summary>
public class ReasonsTests
{
    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;

    static At From(long position) => At(position) with { Sources = [new($"source-{position}")] };

    static string Cited(IEnumerable<Because> because) => string.Join(" ", because.Select(b => $"{b.Kind}@{b.Position}:{b.Sources?.Single().Document ?? "none"}"));

    [Fact]
    public void A_refined_term_cites_both_events_with_both_sources()
    {
        var instrument = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010")).State
            .Evolve(Ends("2026-06"), From(3)).Evolve(new InstrumentRefined([new("on", J("\"2026-06\""), J("\"2026-06-11\""))], Event(3)), From(4));
        var answer = Facts.None.With("instrument-1", instrument).At("2026-06-12");
        answer.Short().ShouldBe("lapsed certain lapsed");
        Cited(answer.Because).ShouldBe("expired@3:source-3 refined@4:source-4");
    }

    [Fact]
    public void A_held_meeting_that_had_been_planned_cites_the_holding()
    {
        var meeting = Meetings.Meeting.Initial.Evolve(new MeetingPlanned(Held()), From(1)).Evolve(Held(), From(2));
        Cited(Facts.None.With(MeetingStream, meeting).At("2026-02-01").Because).ShouldBe("meeting@2:source-2");
        var corrected = meeting.Evolve(new MeetingCorrected([new("date", J("\"2026-01-27\""), J("\"2026-01-28\""))]), From(3)).Evolve(new MeetingCorrected([new("place", null, J("\"here\""))]), From(4));
        Cited(Facts.None.With(MeetingStream, corrected).At("2026-02-01").Because).ShouldBe("meeting@2:source-2 corrected@3:source-3", "a place decides nothing");
    }

    [Fact]
    public void A_preferred_report_is_cited_with_the_choice()
    {
        var action = AgreedAction.Initial.Evolve(Agreed(D("2027")), From(1)).Evolve(new ActionReportRecorded([new("due", J("\"2026-01\""))]), From(2));
        action = action.Evolve(action.Prefer("due", Event(2), null).Single().Event, From(3));
        Cited(Facts.None.With(Held()).With("action-9", action).At("2026-02-01").Modifiers.Single(m => m.Code == "overdue").Because).ShouldBe("action@1:source-1 report@2:source-2 preferred@3:source-3");
    }

    [Fact]
    public void A_reclassified_statement_and_a_date_that_was_set_cite_the_event_that_says_so()
    {
        var meeting = Meeting(Held()).State.Evolve(new MeetingStatementRecorded(Said(Force.Discussed)), From(2)).Evolve(new MeetingStatementReclassified(1, Force.Intent), From(3));
        Cited(Facts.None.With(MeetingStream, meeting).At("2026-02-01").Because).ShouldBe("statement@2:source-2 reclassified@3:source-3");
        var action = AgreedAction.Initial.Evolve(Agreed(), From(1)).Evolve(new ActionDueDateSet(D("2026-01")), From(2));
        Cited(Facts.None.With("action-1", action).At("2026-02-01").Modifiers.Single(m => m.Code == "overdue").Because).ShouldBe("action@1:source-1 set@2:source-2");
    }

    [Fact]
    public void A_suspension_that_was_lifted_is_no_reason()
    {
        var facts = Facts.None.With(new PartnershipSuspended(D("2014"), "DK"), new PartnershipResumed(D("2015"), "DK"), new PartnershipSuspended(D("2020"), "home"));
        facts.At("2026-02-01").Because.Select(b => b.Position).ShouldBe([4]);
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2010"), Act(ActKind.Suspended, "2014", "DK"), Act(ActKind.Resumed, "2015", "DK"), Act(ActKind.Suspended, "2020", "home"))
            .At("2026-02-01").Because.Select(b => b.Position).ShouldBe([5]);
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2010"), Act(ActKind.Suspended, "2014"), Act(ActKind.Resumed, "2020", "home"))
            .At("2026-02-01").Because.Select(b => b.Position).ShouldBe([3], "it stands for the other party");
    }

    [Fact]
    public void An_abandonment_that_was_revived_and_a_term_that_was_renewed_are_no_reasons()
    {
        Facts.None.With(Opened(), Act(ActKind.Signed, "2010"), Act(ActKind.Abandoned, "2012"), Act(ActKind.NegotiationReopened, "2013"), Act(ActKind.Abandoned, "2014"))
            .At("2026-02-01").Because.Select(b => b.Position).ShouldBe([5]);
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2010"), Ends("2012-01-01"), Act(ActKind.Renewed, "2012-06", until: "2020"), Act(ActKind.Terminated, "2015"))
            .At("2026-02-01").Because.ShouldAllBe(b => b.Position == 5 || b.Computed == true);
    }

    [Fact]
    public void What_comes_from_a_statement_that_fell_says_so()
    {
        Facts.None.With(Agreed(D("2027")), new ActionOriginChanged(OriginChange.Reclassified, Force.Discussed)).At("2026-02-01").Because.Single().Origin.ShouldBe("discussed");
        Facts.None.With(Agreed(D("2027")), new ActionOriginChanged(OriginChange.Withdrawn, Force.AgreedAction)).At("2026-02-01").Because.Single().Origin.ShouldBe("withdrawn");
    }
}
