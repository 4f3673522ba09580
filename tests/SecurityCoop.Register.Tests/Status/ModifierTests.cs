using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Partnerships;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

public class ModifierTests
{
    static readonly object[] recent = [Held("2026-01-27")];

    [Theory]
    [InlineData("2026-01-31", "overdue")]
    [InlineData("2026-02-01", "")]
    [InlineData("2026-02", "")]
    [InlineData("[2026-01-15,2026-03-01]", "overdue?")]
    [InlineData("2026-01~", "overdue?")]
    [InlineData("[..2026-01-31]", "overdue")]
    public void An_action_is_overdue_after_its_due_date(string due, string marks) => Facts.None.With(recent).With(Agreed(D(due))).At("2026-02-01").Marks().ShouldBe(marks);

    [Fact]
    public void Only_what_is_open_is_overdue()
    {
        Facts.None.With(recent).With(Agreed(D("2025-06")), new ActionReportedDone(D("2025-05"))).At("2026-02-01").Marks().ShouldBe("to-verify");
        Facts.None.With(recent).With(Agreed(D("2025-06")), new ActionVerified(D("2025-05"))).At("2026-02-01").Marks().ShouldBe("");
        Facts.None.With(recent).With(Agreed(D("2025-06")), new ActionVerified(D("2026"))).At("2026-02-01").Marks().ShouldBe("overdue?");
        Facts.None.With(Agreed(D("2025-06"), windsDown: true)).At("2026-02-01").Marks().ShouldBe("overdue", "winding down is owed too, whatever the status");
    }

    [Fact]
    public void A_planned_signature_is_overdue_after_its_expected_day_and_undated_without_one()
    {
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2025", expected: "2025-12")).At("2026-02-01").Marks().ShouldBe("overdue");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2025")).At("2026-02-01").Marks().ShouldBe("undated-commitment review-due?");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2024", expected: "2025-12"), Act(ActKind.SigningPostponed, "2025", expected: "2026-06")).At("2026-02-01").Marks().ShouldBe("");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2024", expected: "2025-12"), Act(ActKind.SigningPostponed, "2025")).At("2026-02-01").Marks().ShouldBe("undated-commitment review-due");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2024", expected: "2025-12"), Act(ActKind.SigningPostponed, "2026")).At("2026-02-01").Marks().ShouldBe("overdue? undated-commitment? review-due?");
        Facts.None.With(recent).With(Opened(), Act(ActKind.Planned, "2024", expected: "2025-12"), Act(ActKind.Signed, "2025")).At("2026-02-01").Marks().ShouldBe("");
    }

    [Fact]
    public void A_commitment_without_a_day_is_undated_unless_it_stands_for_good()
    {
        Facts.None.With(recent).With(Agreed()).At("2026-02-01").Marks().ShouldBe("undated-commitment review-due");
        Facts.None.With(recent).With(Agreed(standing: "within a month")).At("2026-02-01").Marks().ShouldBe("");
        Facts.None.With(recent).With(Agreed(windsDown: true)).At("2026-02-01").Marks().ShouldBe("review-due");
        Facts.None.With(recent).With(Agreed(), new ActionVerified(D("2026"))).At("2026-02-01").Marks().ShouldBe("undated-commitment? review-due?");
    }

    [Theory]
    [InlineData("2025-02-01", "")]
    [InlineData("2025-01-31", "dormant")]
    [InlineData("2025-01", "dormant")]
    [InlineData("[2025-01-31,2025-02-01]", "dormant?")]
    [InlineData("", "dormant?")]
    [InlineData("2025-01-20/2025-02-03", "")]
    [InlineData("2025-02?", "dormant?")]
    [InlineData("2026-02", "dormant?")]
    public void A_partnership_is_dormant_twelve_months_after_its_last_contact(string date, string marks) => Facts.None.With(Held(date)).At("2026-02-01").Marks().ShouldBe(marks);

    [Fact]
    public void Dormancy_follows_the_review_period_and_is_not_said_of_nothing()
    {
        Facts.None.With(Held("2025-01-31")).With(new PartnershipReviewPeriodSet(13)).At("2026-02-01").Marks().ShouldBe("");
        Facts.None.At("2026-02-01").Marks().ShouldBe("");
        Facts.None.With(Opened(), Act(ActKind.EnteredIntoForce, "1963")).At("2026-02-01").Marks().ShouldBe("dormant", "an agreement is no contact");
        Facts.None.With(Held("")).With(Held("2026-01-27")).At("2026-02-01").Marks().ShouldBe("");
    }

    [Fact]
    public void A_review_is_due_on_its_day_while_the_record_is_open()
    {
        Facts.None.With(recent).With(Agreed(D("2027"), reviewOn: Day("2026-02-01"))).At("2026-02-01").Marks().ShouldBe("review-due");
        Facts.None.With(recent).With(Agreed(D("2027"), reviewOn: Day("2026-02-02"))).At("2026-02-01").Marks().ShouldBe("");
        Facts.None.With(recent).With(Opened(reviewOn: Day("2026-01-01")), Act(ActKind.EnteredIntoForce, "2010")).At("2026-02-01").Marks().ShouldBe("review-due");
        Facts.None.With(recent).With(Opened(reviewOn: Day("2026-01-01")), Act(ActKind.MandateGiven, "2025")).At("2026-02-01").Marks().ShouldBe("review-due");
        Facts.None.With(recent).With(Opened(reviewOn: Day("2026-01-01")), Act(ActKind.Terminated, "2010")).At("2026-02-01").Marks().ShouldBe("");
    }

    [Fact]
    public void The_last_contact_is_the_latest_dated_meeting_that_may_have_happened()
    {
        Facts.None.With(Held("2024")).With(Held("2025-03-01")).With(Held("")).With(Held("2027")).At("2026-02-01").LastContact!.Record.ShouldBe("DK-MTG-2");
        Facts.None.With(Held("")).At("2026-02-01").LastContact.ShouldBeNull();
    }

    [Fact]
    public void A_modifier_names_what_it_comes_from()
    {
        var overdue = Facts.None.With(recent).With(Agreed(D("2025"))).At("2026-02-01").Modifiers.Single();
        (overdue.Because.Single().Record, overdue.Because.Single().Kind).ShouldBe(("DK-ACT-2", "action"));
    }
}
