using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Terms: how an instrument runs out, goes on in silence, is renewed or denounced in time, and what is said of it on some days.</summary>
public class TermTests
{
    static readonly InstrumentOpened opened = Opened(Binding.Binding);
    static readonly InstrumentActRecorded entered = Act(ActKind.EnteredIntoForce, "2011-02-05");

    static string At(Instrument i, string day, string? partner = null) => string.Join(" ", i.Lives(Day(day), partner).Select(l => Slug.Of(l.State)).Distinct().Order(StringComparer.Ordinal));

    static void Tells(object[] events, params (string Day, string States)[] asked)
    {
        var i = Instrument(events).State;
        asked.Select(a => (a.Day, At(i, a.Day))).ShouldBe(asked);
    }

    static string Expires(object[] events, string day) => string.Join(" ", Instrument(events).State.Expiring(Day(day)).Select(e => Slug.Of(e.Certainty)));

    static TermDays Days(object[] events, string day) => Instrument(events).State.TermDaysAt(Day(day)).Single();

    [Fact]
    public void What_ends_by_itself_has_expired_on_the_day_after_its_last()
    {
        Tells([opened, entered, Ends(years: 10)], ("2011-02-04", "none"), ("2021-02-05", "in-force"), ("2021-02-06", "expired"));
        Tells([opened, entered, Ends("2015-12-31")], ("2015-12-31", "in-force"), ("2016-01-01", "expired"));
        Tells([opened, entered, Ends("2015")], ("2015-01-01", "in-force"), ("2015-06-01", "expired in-force"), ("2016-01-01", "expired"));
        Tells([opened, entered, new InstrumentTermSet { Kind = TermKind.Open }], ("2099-01-01", "in-force"));
    }

    [Fact]
    public void The_end_is_counted_from_the_entry_into_force_however_that_came()
    {
        Days([Opened(Binding.NonBinding), Act(ActKind.Signed, "2020-01-10", "home"), Act(ActKind.Signed, "2020-08-10", "DK"), Ends(years: 5)], "2022-01-01").FirstEnd!.Text.ShouldBe("2025-08-10");
        Days([Opened(Binding.Binding, new(EffectKind.OnLastNotification, Days: 30)), Act(ActKind.Notified, "2000-01-01", "home"), Act(ActKind.Notified, "2001-01-01", "DK"), Ends(years: 2)], "2001-06-01").FirstEnd!.Text.ShouldBe("2003-01-31");
        Days([Opened(Binding.Binding, new(EffectKind.OnDay, On: Day("2020-07-01"))), Act(ActKind.Signed, "2020-08-01"), Ends(years: 1)], "2020-09-01").FirstEnd!.Text.ShouldBe("2021-08-01");
        Days([opened, Act(ActKind.EnteredIntoForce, "2011"), Ends(years: 1)], "2012-09-01").FirstEnd!.Text.ShouldBe("[2012-01-01..2012-12-31]");
        Days([opened, Act(ActKind.Signed, "2011"), Ends(years: 1)], "2012-09-01").FirstEnd.ShouldBeNull("a binding instrument enters into force when an act says so");
        Days([opened, Act(ActKind.EnteredIntoForce, "9950"), Ends(years: 100)], "9999-01-01").FirstEnd.ShouldBeNull("the end leads out of the calendar");
    }

    [Fact]
    public void A_plan_does_not_run_out_and_what_ran_out_unsigned_is_no_framework() =>
        Tells([opened, Act(ActKind.Planned, "2015-01-01"), Ends("2015-12-31")], ("2016-06-01", "planned"));

    [Fact]
    public void What_is_tacitly_renewed_goes_on_in_silence()
    {
        object[] events = [opened, entered, Tacit(5, 6)];
        Tells(events, ("2016-02-05", "in-force"), ("2016-02-06", "in-force"), ("2031-01-01", "in-force"));
        var days = Days(events, "2022-01-01");
        (days.End(days.PeriodAt(Day("2022-01-01")))!.Text, days.LastNotice(2)!.Text, days.RenewedOn(Day("2022-01-01"), null)!.Text).ShouldBe(("2026-02-05", "2025-08-05", "2021-02-06"));
        days.RenewedOn(Day("2016-02-05"), null).ShouldBeNull();
        var silent = Instrument(events).State.Computed(Day("2022-01-01")).Single(a => a.ByTerm);
        (silent.Name, silent.Event, silent.Computed).ShouldBe(("renewed", Event(3), true));
    }

    [Fact]
    public void A_notice_in_time_stops_the_renewal_and_one_too_late_that_of_the_next_period()
    {
        Tells([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-08-05", "DK")], ("2016-02-05", "in-force"), ("2016-02-06", "terminated"));
        Tells([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-08-06", "DK")], ("2016-02-06", "in-force"), ("2021-02-05", "in-force"), ("2021-02-06", "terminated"));
        Tells([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015", "DK")], ("2016-02-05", "in-force"), ("2016-02-06", "in-force terminated"), ("2021-02-06", "terminated"));
        Tells([opened, entered, Tacit(5), Act(ActKind.TerminationNotified, "2016-02-05", "DK")], ("2016-02-06", "terminated"));
    }

    [Fact]
    public void A_notice_says_its_own_effect_or_is_taken_back_by_a_renewal()
    {
        Tells([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-08-05", "DK", expected: "2017-01-01")], ("2016-02-06", "in-force"), ("2017-01-01", "terminated"));
        Tells([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-08-05", "DK"), Act(ActKind.Renewed, "2015-12-01")], ("2016-02-06", "in-force"), ("2030-01-01", "in-force"));
    }

    [Fact]
    public void A_renewal_moves_the_end_by_what_it_says_by_the_length_of_the_term_or_leaves_it_in_doubt()
    {
        Tells([opened, entered, Ends("2015-12-31"), Act(ActKind.Renewed, "2015-11-01", until: "2018-12-31")], ("2016-01-01", "in-force"), ("2019-01-01", "expired"));
        Tells([opened, entered, Ends(years: 5), Act(ActKind.Renewed, "2015-11-01")], ("2016-02-06", "in-force"), ("2021-02-06", "expired"));
        Tells([opened, entered, Ends("2015-12-31"), Act(ActKind.Renewed, "2015-11-01")], ("2015-12-31", "in-force"), ("2016-01-01", "expired in-force"));
        Tells([opened, entered, Ends("2015-12-31"), Act(ActKind.Renewed, "2017-01-01", until: "2020-12-31")], ("2016-06-01", "expired"), ("2017-01-01", "in-force"), ("2021-01-01", "expired"));
        Tells([opened, entered, Ends(years: 5), Act(ActKind.Renewed, "2017-01-01")], ("2016-06-01", "expired"), ("2018-01-01", "in-force"), ("2021-02-06", "expired"));
    }

    [Fact]
    public void A_new_term_takes_the_place_of_the_former_from_its_day_on()
    {
        object[] events = [opened, entered, Ends("2015-12-31"), Ends("2025-12-31", agreedOn: "2017-03-01")];
        Tells(events, ("2016-06-01", "expired"), ("2017-03-01", "in-force"), ("2026-01-01", "expired"));
        Tells([opened, entered, Ends("2025-12-31", agreedOn: "2017-03-01"), Ends("2015-12-31")], ("2016-06-01", "expired"), ("2017-03-01", "in-force"), ("2026-01-01", "expired"));
        Tells([opened, entered, Ends("2015-12-31"), Ends("2025-12-31", agreedOn: "2017")], ("2017-06-01", "expired in-force"));
        Tells([opened, entered, Ends("2015-12-31"), Ends("2025-12-31")], ("2016-06-01", "in-force"));
    }

    [Fact]
    public void A_term_is_recorded_once_corrected_and_withdrawn_as_every_item_is()
    {
        var given = Instrument(opened, entered).When(i => i.SetTerm(Ends("2015-12-31"))).ThenOnce(Ends("2015-12-31"));
        var corrected = given.And(given.State.Correct(Fields("""{"on":"2016-12-31"}""", Event(3))).Select(f => f.Event));
        At(corrected.State, "2016-06-01").ShouldBe("in-force");
        given.When(i => i.Correct(Fields("""{"years":5}""", Event(3)))).ThenRefused("not-of-this-term", "/fields/years");
        At(given.When(i => i.Withdraw(Event(3))).ThenOnce(new InstrumentWithdrawn(Event(3))).State, "2020-01-01").ShouldBe("in-force");
    }

    [Fact]
    public void What_can_be_computed_is_not_typed_and_what_a_term_needs_is_asked_for()
    {
        var given = Instrument(opened);
        given.When(i => i.SetTerm(new() { Kind = TermKind.Open, Years = 5 })).ThenRefused("not-of-this-term", "/years");
        given.When(i => i.SetTerm(Ends("2015", years: 5))).ThenRefused("not-of-this-term", "/years");
        given.When(i => i.SetTerm(new() { Kind = TermKind.Ends, On = D("2015"), NoticeMonths = 6 })).ThenRefused("not-of-this-term", "/noticeMonths");
        given.When(i => i.SetTerm(Ends())).ThenRefused("required", "/years");
        given.When(i => i.SetTerm(new() { Kind = TermKind.Tacit, On = D("2015") })).ThenRefused("required", "/years");
        given.When(i => i.SetTerm(Tacit(0))).ThenRefused("out-of-range", "/years");
        given.When(i => i.SetTerm(Tacit(5, 121))).ThenRefused("out-of-range", "/noticeMonths");
    }

    [Fact]
    public void Expiring_is_said_for_three_months_before_the_last_notice_or_the_end_and_no_longer()
    {
        object[] tacit = [opened, entered, Tacit(5, 6)];
        (string, string)[] expected = [("2015-05-04", ""), ("2015-05-05", "certain"), ("2015-08-05", "certain"), ("2015-08-06", ""), ("2020-06-01", "certain")];
        expected.Select(e => (e.Item1, Expires(tacit, e.Item1))).ShouldBe(expected);
        object[] ends = [opened, entered, Ends("2015-12-31")];
        (string, string)[] ending = [("2015-09-29", ""), ("2015-09-30", "certain"), ("2015-12-31", "certain"), ("2016-01-01", "")];
        ending.Select(e => (e.Item1, Expires(ends, e.Item1))).ShouldBe(ending);
    }

    [Fact]
    public void Expiring_is_as_sure_as_the_end_and_as_the_instrument_runs()
    {
        Expires([opened, entered, Ends("2015")], "2015-06-01").ShouldBe("possible");
        Expires([opened, entered, Ends("2015-12-31?")], "2015-11-01").ShouldBe("possible");
        Expires([opened, Act(ActKind.Planned, "2011"), Ends("2015-12-31")], "2015-11-01").ShouldBe("");
        Expires([opened, entered, Ends("2015-12-31"), Act(ActKind.Terminated, "2014")], "2015-11-01").ShouldBe("");
        Expires([opened, entered, Ends("2015-12-31"), Ends("2019-12-31", agreedOn: "2015?")], "2015-11-01").ShouldBe("possible");
        Expires([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-06-01", "DK")], "2015-07-01").ShouldBe("", "the notice was given: there is nothing left to decide");
        Expires([opened, entered, Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-06-01", "DK")], "2016-01-01").ShouldBe("certain", "its end is near");
    }

    [Fact]
    public void Reasons_point_to_the_event_that_set_the_term()
    {
        var lapsed = Facts.None.With(opened, entered, Ends("2015-12-31")).At("2020-01-01");
        (lapsed.Short(), lapsed.Because.Single().Kind, lapsed.Because.Single().Event, lapsed.Because.Single().Computed).ShouldBe(("lapsed certain lapsed", "expired", Event(3), true));
        var renewed = Facts.None.With(opened, entered, Tacit(5, 6)).At("2020-01-01");
        renewed.Short().ShouldBe("framework-active certain framework-active");
        renewed.Because.Select(b => (b.Kind, b.Event, b.Computed)).ShouldBe([("entered-into-force", Event(2), null), ("renewed", Event(3), true)]);
        var expiring = Facts.None.With(opened, entered, Tacit(5, 6)).At("2015-07-01").Modifiers.Single(m => m.Code == "expiring");
        (expiring.Because.Single().Kind, expiring.Because.Single().Event).ShouldBe(("term", Event(3)));
    }

    [Fact]
    public void A_doubtful_end_leaves_the_framework_possible() =>
        Facts.None.With(opened, entered, Ends("2020")).At("2020-06-01").Short().ShouldBe("framework-active possible lapsed");

    [Fact]
    public void A_part_that_another_instrument_replaces_leaves_the_rest_in_force_in_part()
    {
        var given = Instrument(opened, entered).When(i => i.SupersededBy("instrument-2", D("2020-01-01"), "training")).ThenOnce(new InstrumentSupersededInPartBy("instrument-2", D("2020-01-01"), "training"));
        (At(given.State, "2019-12-31"), At(given.State, "2020-01-01")).ShouldBe(("in-force", "in-force-in-part"));
        At(given.When(i => i.SupersededBy("instrument-2", D("2022-01-01"))).ThenOnce(new InstrumentSupersededBy("instrument-2", D("2022-01-01"))).State, "2022-01-01").ShouldBe("superseded");
    }

    [Fact]
    public void Links_learnt_later_stand_beside_the_first()
    {
        var given = Instrument(opened).When(i => i.LinkTo(LinkKind.CarriesOut, "instrument-2", D(""))).ThenOnce(new InstrumentLinked(LinkKind.CarriesOut, "instrument-2", D("")));
        given.State.Details!.Links.ShouldBe([new(LinkKind.CarriesOut, "instrument-2")]);
    }

    // Between many: what one does for itself alone

    static readonly InstrumentOpened many = Opened(Binding.Binding, partners: ["DK", "SE"]);

    [Fact]
    public void Between_many_a_suspension_by_one_concerns_its_own_relation_and_one_by_home_concerns_all()
    {
        var one = Instrument(many, Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", "SE")).State;
        (At(one, "2015-01-01"), At(one, "2015-01-01", "SE"), At(one, "2015-01-01", "DK")).ShouldBe(("suspended", "suspended", "in-force"));
        one.SuspendedBy(Day("2015-01-01")).Select(s => (s.Party, s.Certainty)).ShouldBe([("SE", Certainty.Certain)]);
        foreach (var by in new[] { "home", null })
        {
            var all = Instrument(many, Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", by)).State;
            (At(all, "2015-01-01", "SE"), At(all, "2015-01-01", "DK")).ShouldBe(("suspended", "suspended"));
        }
    }

    [Fact]
    public void Between_many_who_leaves_is_out_and_the_others_go_on()
    {
        var left = Instrument(many, Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.TerminationNotified, "2014-01-01", "SE", expected: "2015-01-01")).State;
        (At(left, "2015-01-01"), At(left, "2015-01-01", "SE"), At(left, "2015-01-01", "DK")).ShouldBe(("in-force", "terminated", "in-force"));
        var home = Instrument(many, Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Terminated, "2014-01-01", "home")).State;
        (At(home, "2015-01-01", "SE"), At(home, "2015-01-01", "DK")).ShouldBe(("terminated", "terminated"));
    }

    [Fact]
    public void Between_many_the_entry_into_force_for_a_third_says_nothing_of_the_relation()
    {
        var acceded = Instrument(many, Act(ActKind.Signed, "2000"), Act(ActKind.EnteredIntoForce, "2005-01-01", "SE")).State;
        (At(acceded, "2006-01-01", "SE"), At(acceded, "2006-01-01", "DK")).ShouldBe(("in-force", "signed"));
    }

    [Fact]
    public void Between_many_one_partys_notice_stops_the_renewal_for_it_alone()
    {
        var i = Instrument(many, Act(ActKind.EnteredIntoForce, "2011-02-05"), Tacit(5, 6), Act(ActKind.TerminationNotified, "2015-06-01", "SE")).State;
        (At(i, "2016-02-06", "SE"), At(i, "2016-02-06", "DK")).ShouldBe(("terminated", "in-force"));
    }

    [Fact]
    public void The_status_with_a_partner_is_that_of_its_own_relation() =>
        Facts.None.With(many, Act(ActKind.EnteredIntoForce, "2000"), Act(ActKind.Suspended, "2014-01-01", "SE")).At("2015-01-01").Short().ShouldBe("framework-active certain framework-active");

    [Fact]
    public void Whose_suspension_stands_is_told_by_party_with_what_is_taken_up_again()
    {
        var i = Instrument(opened, entered, Act(ActKind.Suspended, "2014-02-20", "home"), Act(ActKind.Suspended, "2014", "DK"), Act(ActKind.Resumed, "2014-06-01", "home", part: "training")).State;
        i.SuspendedBy(Day("2014-07-01")).Select(s => (s.Party, s.Certainty, s.ResumedPart)).ShouldBe([("home", Certainty.Certain, "training"), ("DK", Certainty.Possible, null)]);
        i.SuspendedBy(Day("2013-07-01")).ShouldBeEmpty();
    }
}
