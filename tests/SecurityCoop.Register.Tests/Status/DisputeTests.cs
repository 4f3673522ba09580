using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>A status is disputed where a competing report would give another; preferring it gives the other, with the reason.</summary>
public class DisputeTests
{
    const string Today = "2026-02-01";
    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;
    static readonly object[] suspended = [Opened(Binding.Binding), Act(ActKind.EnteredIntoForce, "2010"), new InstrumentActReported(Act(ActKind.Suspended, "2014", "DK"))];

    [Fact]
    public void A_reported_suspension_disputes_the_framework_and_both_events_are_named()
    {
        var answer = Facts.None.With(suspended).At(Today);
        answer.Short().ShouldBe("framework-active certain framework-active");
        var disputed = answer.Modifiers.Single(m => m.Code == "disputed");
        (disputed.Certainty, string.Join(" ", disputed.Because.Select(b => $"{b.Kind}@{b.Position}"))).ShouldBe((Certainty.Certain, "report@1 report@3"));
        Facts.None.With(suspended).At("2013-12-31").Marks().ShouldNotContain("disputed");
    }

    [Fact]
    public void Preferring_it_changes_the_status_and_says_so_with_its_reason()
    {
        var preferred = new InstrumentReportPreferred("happened", Event(3), J("false"), J("true"), Event(3));
        var state = Instrument(suspended).State.Evolve(preferred, At(9) with { Reason = "the ministry confirmed it" });
        var answer = Facts.None.With("instrument-1", state with { Reference = "DK-INS-1" }).At(Today);
        answer.Short().ShouldBe("suspended certain suspended");
        var chosen = answer.Because.Single(b => b.Kind == "preferred");
        (chosen.Event, chosen.Record, chosen.Reason).ShouldBe((Event(9), "DK-INS-1", "the ministry confirmed it"));
        answer.Because.ShouldContain(b => b.Kind == "suspended");
        answer.Marks().ShouldContain("disputed", Case.Sensitive, "the other reading still competes");
    }

    [Fact]
    public void A_report_that_would_change_nothing_or_says_less_disputes_nothing()
    {
        Facts.None.With(Held(), new MeetingReportRecorded([new("date", J("\"2026-01-28\""))])).At(Today).Marks().ShouldBe("");
        Facts.None.With(Held(), new MeetingReportRecorded([new("date", J("\"2026\""))])).At("2026-01-27").Marks().ShouldBe("");
        Facts.None.With(Held(), new MeetingReportRecorded([new("date", J("\"2026-03\""))])).At(Today).Marks().ShouldBe("disputed");
        Facts.None.With(Held(), new MeetingReportRecorded([new("date", J("\"2026-03\""))]), new MeetingWithdrawn(Event(2))).At(Today).Marks().ShouldBe("");
        Facts.None.With(Held("2026-03"), new MeetingReportRecorded([new("date", J("\"2026-02\""))])).At(Today).Modifiers.Single().Certainty.ShouldBe(Certainty.Possible, "where the competitor only possibly gives another");
    }

    [Fact]
    public void Statements_actions_and_the_partnership_itself_are_disputed_likewise()
    {
        Facts.None.With(Held(), new MeetingStatementRecorded(Said(Force.Intent)), new MeetingReportRecorded([new("speaker", J("\"home\""))], Event(2))).At(Today).Marks().ShouldBe("disputed");
        Facts.None.With(Held()).With(Agreed(D("2027")), new ActionVerified(D("2025-06")), new ActionReportRecorded([new("happened", J("false"))], Event(2))).At(Today).Marks().ShouldBe("disputed");
        Facts.None.With(Held()).With(new PartnershipSuspended(D("2014"), "DK"), new PartnershipReportRecorded([new("happened", J("false"))], Event(2))).At(Today).Marks().ShouldBe("disputed");
    }

    [Fact]
    public void Asked_for_the_service_alone_a_report_about_another_home_body_disputes_nothing()
    {
        var facts = Facts.None.With(Held("2026-01-21")).With(Held(home: "organisation-9"), new MeetingStatementRecorded(Said(Force.Intent)), new MeetingReportRecorded([new("speaker", J("\"home\""))], Event(2)));
        facts.At(Today).Marks().ShouldBe("disputed");
        facts.At(Today, service: true).Marks().ShouldBe("");
    }

    [Fact]
    public void A_reclassified_statement_shows_both_readings_and_is_not_in_dispute()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Intent)), new MeetingStatementReclassified(1, Force.Discussed)).State;
        meeting.Statements.Single().Readings.Select(r => r.Force).ShouldBe([Force.Intent, Force.Discussed]);
        Facts.None.With(Held(), new MeetingStatementRecorded(Said(Force.Intent)), new MeetingStatementReclassified(1, Force.Discussed)).At(Today).Marks().ShouldBe("");
    }
}
