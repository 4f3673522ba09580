using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>For each status that does not hold: what is missing; for what comes before it: what would end it.</summary>
public class WhyNotTests
{
    const string Today = "2026-02-01";
    static readonly object[] planned = [Opened(), Act(ActKind.Planned, "2026-01-27")];
    static readonly object[] inForce = [Opened(Binding.Binding), Act(ActKind.EnteredIntoForce, "2010")];

    [Fact]
    public void A_planned_instrument_would_need_every_signature_and_its_entry_into_force()
    {
        var facts = Facts.None.With(planned);
        Missing(facts, "framework-active").ShouldBe("DK-INS-1 signed home, DK-INS-1 signed DK, DK-INS-1 entered-into-force");
        Missing(facts, "signed").ShouldBe("DK-INS-1 signed home, DK-INS-1 signed DK");
        Missing(Facts.None.With([.. planned, Act(ActKind.Signed, "2026-01-30", "DK")]), "framework-active").ShouldBe("DK-INS-1 signed home, DK-INS-1 entered-into-force");
        Missing(Facts.None.With([.. planned, Act(ActKind.Signed, "2026-01-30")]), "framework-active").ShouldBe("DK-INS-1 entered-into-force");
    }

    [Fact]
    public void The_effect_clause_says_what_is_still_missing_after_the_signature()
    {
        object[] Signed(Effect effect, params object[] more) => [Opened(Binding.Binding, effect), Act(ActKind.Signed, "2025-01-01"), .. more];
        Missing(Facts.None.With(Signed(new(EffectKind.OnDay, On: Day("2026-07-01")))), "framework-active").ShouldBe("DK-INS-1 day 2026-07-01");
        Missing(Facts.None.With(Signed(new(EffectKind.OnLastNotification, 30))), "framework-active").ShouldBe("DK-INS-1 notified home, DK-INS-1 notified DK");
        Missing(Facts.None.With(Signed(new(EffectKind.OnLastNotification, 30), Act(ActKind.Notified, "2026-01-20", "DK"))), "framework-active").ShouldBe("DK-INS-1 notified home");
        Missing(Facts.None.With(Signed(new(EffectKind.OnLastNotification, 30), Act(ActKind.Notified, "2026-01-20"))), "framework-active").ShouldBe("DK-INS-1 day 2026-02-19");
        Missing(Facts.None.With(Opened(Binding.NonBinding), Act(ActKind.Planned, "2025")), "framework-active").ShouldBe("DK-INS-1 signed home, DK-INS-1 signed DK");
    }

    [Fact]
    public void What_is_suspended_needs_the_resumption_of_each_that_suspended_it()
    {
        Missing(Facts.None.With([.. inForce, Act(ActKind.Suspended, "2014", "DK")]), "framework-active").ShouldBe("DK-INS-1 resumed DK");
        Missing(Facts.None.With([.. inForce, Act(ActKind.Suspended, "2014", "DK"), Act(ActKind.Suspended, "2015", "home")]), "framework-active").ShouldBe("DK-INS-1 resumed home, DK-INS-1 resumed DK");
    }

    [Fact]
    public void Without_any_instrument_or_with_ended_ones_an_instrument_is_missing()
    {
        Missing(Facts.None, "framework-active").ShouldBe("- instrument");
        Missing(Facts.None.With([.. inForce, Act(ActKind.Terminated, "2020")]), "framework-active").ShouldBe("- instrument");
        Missing(Facts.None, "lapsed").ShouldBe("- instrument");
        Missing(Facts.None.With(inForce), "signed").ShouldBe("DK-INS-1 terminated; - instrument");
    }

    [Fact]
    public void Suspended_can_be_had_by_two_rules()
    {
        Missing(Facts.None.With(inForce), "suspended").ShouldBe("DK suspension; DK-INS-1 suspended; DK-INS-1 suspended");
        Missing(Facts.None, "suspended").ShouldBe("DK suspension; - instrument");
    }

    [Fact]
    public void A_commitment_needs_an_action_or_the_other_sides_proposal()
    {
        Missing(Facts.None, "committed").ShouldBe("- action");
        Missing(Facts.None.With(Opened(), Act(ActKind.Proposed, "2025", "DK")), "committed").ShouldBe("DK-INS-1 proposed home, - action");
        Missing(Facts.None.With(inForce), "committed").ShouldBe("DK-INS-1 terminated; - action");
    }

    [Fact]
    public void Intent_that_does_not_count_says_why_it_does_not()
    {
        Missing(Facts.None.With(Held(), new MeetingStatementRecorded(Said(Force.Intent, "home"))), "intent").ShouldBe("DK-MTG-1 partners-word DK, - statement");
        Missing(Facts.None.With(Held(), new MeetingStatementRecorded(Said(Force.Intent, formulaic: true))), "intent").ShouldBe("DK-MTG-1 more-than-a-phrase, - statement");
        Missing(Facts.None.With(Held("2026-05-01"), new MeetingStatementRecorded(Said(Force.Intent))), "intent").ShouldBe("- statement");
        Missing(Facts.None.With(new PartnershipStatementRecorded(Said(Force.Intent, "home"), D("2026-01"))), "intent").ShouldBe("XX-0001 partners-word DK, - statement");
    }

    [Fact]
    public void Contact_needs_a_meeting_and_a_planned_one_would_do()
    {
        Missing(Facts.None, "contact").ShouldBe("- meeting");
        Missing(Facts.None.With(new MeetingPlanned(Held("2026-05-01"))), "contact").ShouldBe("DK-MTG-1 holding, - meeting");
        Missing(Facts.None.With(Held("2026-05-01")), "contact").ShouldBe("DK-MTG-1 day 2026-05-01, - meeting");
    }

    [Fact]
    public void What_stands_in_the_way_says_what_would_end_it()
    {
        var facts = Facts.None.With(Held()).With(Agreed()).With(planned);
        Missing(facts, "contact").ShouldBe("DK-INS-3 abandoned, DK-ACT-2 settlement");
        Missing(facts, "no-record").ShouldBe("DK-INS-3 abandoned, DK-ACT-2 settlement; DK-MTG-1 withdrawal");
        Missing(Facts.None.With(new PartnershipSuspended(D("2014"), "DK"), new PartnershipSuspended(D("2015"), "home")).With(inForce), "framework-active").ShouldBe("DK resumption home, DK resumption DK");
        Missing(Facts.None.With(Opened(Binding.Binding), Act(ActKind.Signed, "2020")), "lapsed").ShouldBe("DK-INS-1 abandoned; DK-INS-1 terminated");
    }

    [Fact]
    public void A_status_that_holds_lacks_nothing_and_gives_its_reasons()
    {
        var facts = Facts.None.With(Held()).With(Agreed());
        var why = Why(facts, "committed");
        why.Holds.ShouldBe(Certainty.Certain);
        why.Rules.Select(r => (r.Rule, r.Holds)).ShouldBe([(Standing.SuspendedAsWhole, Certainty.No), (Standing.FrameworkActive, Certainty.No), (Standing.Suspended, Certainty.No), (Standing.Signed, Certainty.No), (Standing.Committed, Certainty.Certain)]);
        why.Rules[^1].Because.Single().Record.ShouldBe("DK-ACT-2");
        Missing(facts, "committed").ShouldBe("");
        Why(Facts.None, "no-record").Holds.ShouldBe(Certainty.Certain);
        Why(Facts.None.With(Held("")), "contact").Holds.ShouldBe(Certainty.Possible);
    }

    [Fact]
    public void A_rule_that_holds_behind_an_earlier_one_is_no_status()
    {
        var why = Why(Facts.None.With(Held()).With(Agreed()), "contact");
        why.Holds.ShouldBe(Certainty.No);
        why.Rules[^1].Holds.ShouldBe(Certainty.Certain);
        why.Rules[^1].Missing.ShouldBeEmpty();
    }

    [Fact]
    public void Asked_for_the_service_alone_what_other_bodies_have_is_missing()
    {
        var facts = Facts.None.With(Opened(Binding.Binding, home: "organisation-9"), Act(ActKind.EnteredIntoForce, "2010"));
        Why(facts, "framework-active").Holds.ShouldBe(Certainty.Certain);
        Missing(WhyNot.Of(facts, new(Day(Today), ServiceOnly: true), "framework-active")).ShouldBe("- instrument");
    }

    [Fact]
    public void What_it_says_is_missing_makes_the_status_hold_once_it_is_there()
    {
        var facts = Facts.None.With(planned);
        var acts = Why(facts, "framework-active").Rules[^1].Missing.Select(m =>
        {
            Slug.TryParse<ActKind>(m.Needs, out var kind).ShouldBeTrue();
            return (object)Act(kind, "2026-01-30", m.Party);
        });
        Facts.None.With([.. planned, .. acts]).At(Today).Short().ShouldBe("framework-active certain framework-active");
    }

    [Fact]
    public void Every_status_can_be_asked_about_and_each_need_is_a_known_word()
    {
        var facts = Facts.None.With(Held()).With(Agreed()).With(planned).With(inForce).With([.. inForce, Act(ActKind.Suspended, "2014", "DK")]).With(new PartnershipSuspended(D("2014"), "DK"));
        var known = Needs.All.Concat(Labels.InstrumentActs.Keys).ToHashSet();
        foreach (var status in Labels.PartnershipStatuses.Keys)
            Why(facts, status).Rules.SelectMany(r => r.Missing).ShouldAllBe(m => known.Contains(m.Needs));
    }

    static WhyAnswer Why(PartnershipFacts facts, string status) => WhyNot.Of(facts, new(Day(Today)), status);

    static string Missing(PartnershipFacts facts, string status) => Missing(Why(facts, status));

    // Rules apart by semicolons; those from which nothing is missing are left out.
    static string Missing(WhyAnswer why) => string.Join("; ", why.Rules.Where(r => r.Missing.Count > 0)
        .Select(r => string.Join(", ", r.Missing.Select(m => $"{m.Record ?? "-"} {m.Needs}{(m.Party is null ? "" : $" {m.Party}")}{(m.On is null ? "" : $" {m.On}")}"))));
}
