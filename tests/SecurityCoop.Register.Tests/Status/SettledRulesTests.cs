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

/// <summary>Review dates that nobody set, what is possible in why, to-verify, in part, dormancy without contact, disputes about readings that rise.</summary>
public class SettledRulesTests
{
    const string Today = "2026-02-01";
    static readonly object[] recent = [Held("2026-01-27")];
    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;

    [Fact]
    public void A_derived_review_is_gone_after_the_signature_in_whatever_order_the_acts_were_recorded()
    {
        object[] acts = [Act(ActKind.Planned, "2018-11-02"), Act(ActKind.Signed, "2019-10-28")];
        foreach (var order in new[] { acts, [.. acts.Reverse()] })
        {
            Facts.None.With(recent).With([Opened(), .. order]).At("2019-10-27").Marks().ShouldContain("review-due");
            Facts.None.With(recent).With([Opened(), .. order]).At("2019-10-28").Marks().ShouldNotContain("review-due");
            // As it used to be stored with the plan: counts as not set, though the plan's day was narrowed since.
            Facts.None.With(recent).With([Opened(reviewOn: Day("2019-05-02")), .. order]).At(Today).Marks().ShouldNotContain("review-due");
        }
        object[] narrowed = [Opened(reviewOn: Day("2019-05-30")), Act(ActKind.Planned, "2018-11"), new InstrumentRefined([new("on", J("\"2018-11\""), J("\"2018-11-02\""))], Event(2)), Act(ActKind.Signed, "2019-10-28")];
        Facts.None.With(recent).With(narrowed).At(Today).Marks().ShouldNotContain("review-due");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2018"), Act(ActKind.Abandoned, "2019")).At(Today).Marks().ShouldNotContain("review-due");
    }

    [Fact]
    public void A_derived_review_is_as_certain_as_the_day_that_it_is_counted_from()
    {
        Facts.None.With(recent).With(Agreed(on: "2025-08-01")).At(Today).Marks().ShouldBe("undated-commitment review-due");
        Facts.None.With(recent).With(Agreed(on: "2025-08-02")).At(Today).Marks().ShouldBe("undated-commitment");
        Facts.None.With(recent).With(Agreed(on: "2025-08")).At(Today).Marks().ShouldBe("undated-commitment review-due?");
        Facts.None.With(recent).With(Agreed(on: "2025-08-02", reviewOn: Day("2026-02-02")), new ActionDueDateSet(D("2027"))).At("2026-03-01").Marks().ShouldBe("", "no longer undated");
        Facts.None.With(recent).With(Agreed(), new ActionDropped(D("2025-02"))).At(Today).Marks().ShouldBe("");
    }

    [Fact]
    public void Why_says_of_what_is_possible_that_it_is_possible()
    {
        var facts = Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2010"), Act(ActKind.Suspended, "2023-06-07?"));
        facts.At("2023-06-30").Short().ShouldBe("framework-active possible suspended");
        WhyNot.Of(facts, new(Day("2023-06-30")), "suspended").Holds.ShouldBe(Certainty.Possible);
        WhyNot.Of(facts, new(Day("2023-06-30")), "signed").Holds.ShouldBe(Certainty.No);
        var undated = Facts.None.With(Held("2026"));
        WhyNot.Of(undated, new(Day("2026-02-01")), "no-record").Holds.ShouldBe(Certainty.Possible);
        WhyNot.Of(undated, new(Day("2026-02-01")), "no-record").Rules[^1].Holds.ShouldBe(Certainty.Possible);
        facts.At("2023-06-30").Holds("framework-active").ShouldBe(Certainty.Possible);
        facts.At("2023-06-06").Holds("framework-active").ShouldBe(Certainty.Certain);
    }

    [Fact]
    public void What_was_reported_done_even_late_is_to_verify_and_not_overdue()
    {
        object[] reported = [Agreed(D("2026-12-10"), on: "2026-01-10"), new ActionReportedDone(D("2026-11-30"))];
        var answer = Facts.None.With(Held("2026-11-27")).With(reported).At("2026-12-31");
        (answer.Short(), answer.Marks()).ShouldBe(("committed certain committed", "to-verify"));
        answer.Modifiers.Single().Because.Select(b => b.Kind).ShouldBe(["action", "reported-done"]);
        object[] late = [reported[0], new ActionReportedDone(D("2026-12-20"))];
        Facts.None.With(Held("2026-11-27")).With(late).At("2026-12-15").Marks().ShouldBe("overdue");
        Facts.None.With(Held("2026-11-27")).With(late).At("2026-12-31").Marks().ShouldBe("to-verify");
        Facts.None.With(Held("2026-11-27")).With([.. late, new ActionVerified(D("2026-12-21"))]).At("2026-12-31").Marks().ShouldBe("");
        Facts.None.With(Held("2026-11-27")).With([.. late, new ActionReopened(D("2026-12-21"))]).At("2026-12-31").Marks().ShouldBe("overdue");
        Facts.None.With(Held("2026-11-27")).With(reported[0], new ActionReportedDone(D("2026-12"))).At("2026-12-15").Marks().ShouldBe("overdue? to-verify?");
        ActionMarks.Of(Action(late).State, Day("2026-12-31")).ToVerify.ShouldBe(Certainty.Certain);
    }

    [Fact]
    public void An_entry_into_force_of_a_part_leaves_it_in_force_in_part()
    {
        static string States(params object[] events) => string.Join(" ", Instrument(events).State.Lives(Day(Today)).Select(l => l.State));
        States(Opened(), Act(ActKind.Signed, "2020"), Act(ActKind.EnteredIntoForce, "2021", part: "Title I")).ShouldBe("InForceInPart");
        States(Opened(Binding.NonBinding), Act(ActKind.Signed, "2020"), Act(ActKind.EnteredIntoForce, "2021", part: "Title I")).ShouldBe("InForceInPart");
        States(Opened(), Act(ActKind.EnteredIntoForce, "2021", part: "Title I"), Act(ActKind.EnteredIntoForce, "2022")).ShouldBe("InForce");
        States(Opened(), Act(ActKind.EnteredIntoForce, "2021", part: "Title I"), Act(ActKind.Suspended, "2022"), Act(ActKind.Resumed, "2023")).ShouldBe("InForceInPart");
        States(Opened(), Act(ActKind.EnteredIntoForce, "2021", part: "Title I"), Act(ActKind.Terminated, "2022")).ShouldBe("Terminated");
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "2021", part: "Title I")).At(Today).Short().ShouldBe("framework-active certain framework-active");
    }

    [Fact]
    public void Without_contact_the_review_period_counts_from_the_first_record()
    {
        Facts.None.With(Agreed(D("2027"), on: Today)).At(Today).Marks().ShouldBe("");
        Facts.None.With(Opened(), Act(ActKind.Signed, Today)).At(Today).Marks().ShouldBe("");
        Facts.None.With(Opened(), Act(ActKind.Signed, "2025-02-01")).At(Today).Marks().ShouldBe("");
        Facts.None.With(Opened(), Act(ActKind.Signed, "2025-01-31")).At(Today).Marks().ShouldBe("dormant");
        Facts.None.With(Opened(), Act(ActKind.Signed, "2025-01")).With(Agreed(D("2027"), on: Today)).At(Today).Marks().ShouldBe("dormant");
        Facts.None.With(Opened(), Act(ActKind.Signed, "2025")).At(Today).Marks().ShouldBe("dormant?");
        Facts.None.With(new PartnershipSuspended(D(Today), "DK")).At(Today).Marks().ShouldBe("");
        Facts.None.With(Held("2024-01-01")).With(Agreed(D("2027"), on: Today)).At(Today).Marks().ShouldBe("dormant", "where there is contact, its last day counts");
    }

    [Fact]
    public void A_reading_that_would_raise_a_statement_disputes_the_status()
    {
        object[] discussed = [Held(), new MeetingStatementRecorded(Said(Force.Discussed))];
        foreach (var force in new[] { "agreed-action", "planned-instrument" })
            Facts.None.With([.. discussed, new MeetingReportRecorded([new("force", J($"\"{force}\""))], Event(2))]).At(Today).Marks().ShouldBe("disputed");
        Facts.None.With(Agreed(D("2027"))).With([.. discussed, new MeetingReportRecorded([new("force", J("\"agreed-action\""))], Event(2))]).At(Today).Marks().ShouldBe("", "it is committed anyhow");
        object[] fallen = [Held(), new MeetingStatementRecorded(Said(Force.AgreedAction) with { Opens = ["action-2"] }), new MeetingReportRecorded([new("force", J("\"discussed\""))], Event(2))];
        Facts.None.With(fallen).With(Agreed(D("2027"))).At(Today).Marks().ShouldBe("", "what falls leaves what it opened");
    }
}
