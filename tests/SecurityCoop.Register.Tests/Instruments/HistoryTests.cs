using SecurityCoop.Register.Instruments;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Histories as they happen between states: each is recorded act by act, in the order given, and asked about on some days.</summary>
public class HistoryTests
{
    static void Tells(InstrumentDetails opened, InstrumentActRecorded[] acts, params (string Day, string States)[] asked)
    {
        var given = Instrument(new InstrumentOpened(opened));
        foreach (var act in acts) given = given.When(i => i.Record(act, null)).ThenOnce(act);
        asked.Select(a => (a.Day, string.Join(" ", given.State.Lives(Day(a.Day)).Select(l => Slug.Of(l.State)).Distinct().Order(StringComparer.Ordinal)))).ShouldBe(asked);
    }

    [Fact]
    public void A_memorandum_is_signed_when_the_last_party_has_signed() => Tells(Opened(),
        [Act(ActKind.Signed, "2020-03-01", "home"), Act(ActKind.Signed, "2020-03-08", "DK")],
        ("2020-02-28", "none"), ("2020-03-01", "partly-signed"), ("2020-03-08", "signed"));

    [Fact]
    public void A_non_binding_instrument_is_in_effect_from_its_signature() => Tells(Opened(Binding.NonBinding), [Act(ActKind.Signed, "2020-03-01")], ("2020-03-01", "in-force"));

    [Fact]
    public void A_clause_sets_the_entry_into_force_so_many_days_after_the_last_notification() => Tells(
        Opened(Binding.Binding, new(EffectKind.OnLastNotification, Days: 30)),
        [Act(ActKind.Signed, "2000-01-01"), Act(ActKind.Notified, "2004-06-01", "home"), Act(ActKind.Notified, "2005-03-01", "DK")],
        ("2005-03-30", "signed"), ("2005-03-31", "in-force"));

    [Fact]
    public void Notifications_by_all_stand_for_a_signature_that_is_not_on_record() => Tells(
        Opened(Binding.Binding, new(EffectKind.OnLastNotification)), [Act(ActKind.Notified, "1995", "home"), Act(ActKind.Notified, "1996-02-01", "DK")], ("1996-02-01", "in-force"));

    [Fact]
    public void A_doubtful_notification_leaves_the_entry_into_force_possible() => Tells(
        Opened(Binding.Binding, new(EffectKind.OnLastNotification)),
        [Act(ActKind.Signed, "1990"), Act(ActKind.Notified, "1995?", "home"), Act(ActKind.Notified, "1994", "DK")], ("2000-01-01", "in-force signed"));

    [Fact]
    public void An_instrument_takes_effect_on_its_day_once_it_is_signed() => Tells(Opened(effect: new(EffectKind.OnDay, On: Day("2020-07-01"))),
        [Act(ActKind.Signed, "2020-08-01")], ("2020-07-15", "none"), ("2020-08-01", "in-force"));

    [Fact]
    public void An_agreement_of_which_only_the_entry_into_force_is_known_has_been_in_force_for_decades() =>
        Tells(Opened(Binding.Binding), [Act(ActKind.EnteredIntoForce, "1963")], ("1963-06-01", "in-force none"), ("1964-01-01", "in-force"), ("2026-01-01", "in-force"));

    [Fact]
    public void A_convention_is_ratified_late_and_applied_provisionally_meanwhile() => Tells(Opened(Binding.Binding),
        [Act(ActKind.Signed, "1999-05-03"), Act(ActKind.ProvisionallyApplied, "1999-06-01"), Act(ActKind.Ratified, "2001", "home"), Act(ActKind.Ratified, "2015-02-01", "DK"), Act(ActKind.EnteredIntoForce, "2015-03-01")],
        ("1999-05-31", "signed"), ("2014-01-01", "provisionally-applied"), ("2015-03-01", "in-force"));

    [Fact]
    public void A_provisional_application_is_suspended_and_taken_up_again_before_the_entry_into_force() => Tells(Opened(Binding.Binding),
        [Act(ActKind.Signed, "2010-01-01"), Act(ActKind.EnteredIntoForce, "2019-01-01"), Act(ActKind.ProvisionallyApplied, "2010-02-01"), Act(ActKind.Suspended, "2014-01-01", "DK"), Act(ActKind.Resumed, "2015-01-01", "DK")],
        ("2014-06-01", "suspended"), ("2016-01-01", "provisionally-applied"), ("2019-01-01", "in-force"));

    [Fact]
    public void One_resumption_does_not_lift_the_suspension_of_the_other() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-02-20", "home"), Act(ActKind.Suspended, "2014-03-01", "DK"), Act(ActKind.Resumed, "2015-01-01", "DK"), Act(ActKind.Resumed, "2015-01-31", "home")],
        ("2014-02-20", "suspended"), ("2015-01-15", "suspended"), ("2015-01-31", "in-force"));

    [Fact]
    public void A_resumption_in_part_lifts_only_its_own_sides_suspension() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-02-20", "home"), Act(ActKind.Suspended, "2014-03-01", "DK"), Act(ActKind.Resumed, "2014-06-01", "DK", part: "training"), Act(ActKind.Resumed, "2015-01-31", "home")],
        ("2014-07-01", "suspended"), ("2015-01-31", "in-force-in-part"));

    [Fact]
    public void A_suspension_of_a_part_leaves_the_instrument_in_force() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-02-20", "home", part: "training")], ("2014-07-01", "in-force"));

    [Fact]
    public void A_suspension_past_its_longest_length_has_ended() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", "home", until: "2014-06-30")], ("2014-06-30", "suspended"), ("2014-07-01", "in-force"));

    [Fact]
    public void A_suspension_prolonged_before_it_ran_out_goes_on() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", "home", until: "2014-06-30"), Act(ActKind.Suspended, "2014-06-15", "home", until: "2014-12-31")],
        ("2014-07-15", "suspended"), ("2015-01-01", "in-force"));

    [Fact]
    public void The_end_of_a_joint_suspension_leaves_what_one_side_prolonged() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", until: "2014-06-30"), Act(ActKind.Suspended, "2014-06-15", "DK"), Act(ActKind.Resumed, "2015-01-01", "DK")],
        ("2014-07-15", "suspended"), ("2015-01-01", "in-force"));

    [Fact]
    public void What_is_suspended_or_denounced_was_running_though_nobody_recorded_it()
    {
        Tells(Opened(Binding.Binding), [Act(ActKind.Suspended, "2014-01-01", "DK", until: "2014-06-30")], ("2014-03-01", "suspended"), ("2014-07-01", "in-force"));
        Tells(Opened(Binding.Binding), [Act(ActKind.TerminationNotified, "2024-03-01", "DK", expected: "2024-09-01")], ("2024-05-01", "in-force"), ("2024-09-01", "terminated"));
        Tells(Opened(Binding.Binding), [Act(ActKind.Renewed, "2014")], ("2015-01-01", "in-force"));
    }

    [Fact]
    public void What_is_only_signed_stays_signed_through_a_suspension_of_limited_length() => Tells(Opened(Binding.Binding),
        [Act(ActKind.Signed, "2010"), Act(ActKind.Suspended, "2014-01-01", "DK", until: "2014-06-30")], ("2014-07-01", "signed"));

    [Fact]
    public void A_notice_ends_the_agreement_on_its_day_and_not_before() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "1998"), Act(ActKind.TerminationNotified, "2024-01-15", "DK", expected: "2025-01-15")], ("2025-01-14", "in-force"), ("2025-01-15", "terminated"));

    [Fact]
    public void A_notice_that_a_renewal_takes_back_in_time_ends_nothing() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "1999"), Act(ActKind.TerminationNotified, "2020-02-11", "DK", expected: "2020-08-09"), Act(ActKind.Renewed, "2020-06-01", "DK")], ("2020-07-01", "in-force"), ("2021-01-01", "in-force"));

    [Fact]
    public void A_second_notice_moves_the_end() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "1999"), Act(ActKind.TerminationNotified, "2020-02-11", "DK", expected: "2020-08-09"), Act(ActKind.TerminationNotified, "2020-06-01", "DK", expected: "2021-02-09")],
        ("2020-09-01", "in-force"), ("2021-02-09", "terminated"));

    [Fact]
    public void One_of_many_parties_leaves_abandons_or_suspends_and_the_others_may_still_act()
    {
        var many = Opened(Binding.Binding, partners: ["DK", "SE", "NO"]);
        Tells(many, [Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Terminated, "2010", "SE"), Act(ActKind.Suspended, "2011-01-01", "NO"), Act(ActKind.EnteredIntoForce, "2012-01-01", "DK"), Act(ActKind.Resumed, "2012-06-01", "NO")],
            ("2010-12-31", "in-force"), ("2012-01-01", "suspended"), ("2012-06-01", "in-force"));
        Tells(many, [Act(ActKind.Signed, "2000-01-01", "home"), Act(ActKind.Abandoned, "2001-01-01", "SE"), Act(ActKind.Signed, "2002-01-01", "DK"), Act(ActKind.EnteredIntoForce, "2003-01-01")],
            ("2002-01-01", "partly-signed"), ("2003-01-01", "in-force"));
        Tells(many, [Act(ActKind.EnteredIntoForce, "2000-01-01"), Act(ActKind.Signed, "2005-01-01", "NO")], ("2005-01-01", "in-force"));
    }

    [Fact]
    public void A_project_abandoned_and_taken_up_again_can_be_signed()
    {
        Tells(Opened(), [Act(ActKind.Planned, "2010-01-01"), Act(ActKind.Abandoned, "2011-01-01"), Act(ActKind.NegotiationReopened, "[2013-01-01..2015-03-04]"), Act(ActKind.Signed, "2015-03-04")],
            ("2011-01-01", "abandoned"), ("2014-01-01", "abandoned in-negotiation"), ("2015-03-04", "signed"));
        Instrument(Opened(), Act(ActKind.Abandoned, "2011-01-01")).When(i => i.Record(Act(ActKind.Signed, "2015-03-04"), null)).ThenRefused("act-contradicts");
    }

    [Fact]
    public void Days_known_to_the_year_only_are_recorded_in_any_order() => Tells(Opened(Binding.Binding),
        [Act(ActKind.EnteredIntoForce, "1992"), Act(ActKind.Signed, "1992"), Act(ActKind.Ratified, "1992", "DK"), Act(ActKind.Terminated, "199X")],
        ("1991-12-31", "none terminated"), ("1993-01-01", "in-force terminated"), ("2000-01-01", "terminated"));

    [Fact]
    public void An_effect_that_nobody_stated_is_assumed_for_what_does_not_bind()
    {
        Instrument(Opened(Binding.NonBinding)).State.EffectIsAssumed.ShouldBeTrue();
        Instrument(Opened(Binding.Unknown)).State.EffectIsAssumed.ShouldBeFalse();
        Instrument(Opened(Binding.NonBinding, new(EffectKind.OnSignature))).State.EffectIsAssumed.ShouldBeFalse();
    }
}
