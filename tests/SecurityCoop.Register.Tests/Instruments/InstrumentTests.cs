using SecurityCoop.Register.Instruments;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

public class InstrumentTests
{
    static StreamFacts Open(InstrumentDetails d, params Act[] acts) => Register.Instruments.Instrument.Open(InstrumentStream, d, [.. acts.Select(a => new NewAct(a))], null, Asked());

    [Fact]
    public void When_an_instrument_is_opened_in_force_Then_its_acts_stand_beside_it()
    {
        var opened = Open(Opened(), Act(ActKind.Signed, "1963-04-01"), Act(ActKind.EnteredIntoForce, "1965"));
        opened.ReferencePrefix.ShouldBe("DK-INS");
        opened.Facts.Select(f => Json(f.Event)).ShouldBe([Json(Opened()), Json(Act(ActKind.Signed, "1963-04-01")), Json(Act(ActKind.EnteredIntoForce, "1965"))]);
        opened.Facts.Select(f => f.Effective?.Text).ShouldBe(["1963-04-01", "1963-04-01", "1965"]);
    }

    [Fact]
    public void When_a_plan_has_no_day_Then_it_is_looked_at_six_months_on_and_no_event_says_so()
    {
        ((InstrumentOpened)Open(Opened(), Act(ActKind.Planned, "2026-01-27")).Facts[0].Event).ReviewOn.ShouldBeNull();
        Instrument(Opened(), Act(ActKind.Planned, "2026-01-27")).State.ReviewDays(Day("2026-02-01")).Single().Day.ShouldBe(D("2026-07-27"));
    }

    [Fact]
    public void When_a_plan_has_a_day_Then_no_review_is_made_up() =>
        Instrument(Opened(), Act(ActKind.Planned, "2026-01-27", expected: "2026-06")).State.ReviewDays(Day("2026-02-01")).ShouldBeEmpty();

    [Fact]
    public void An_instrument_of_several_partners_is_counted_with_those() => Open(Opened(partners: ["DK", "SE"])).ReferencePrefix.ShouldBe("MUL-INS");

    [Fact]
    public void What_cannot_be_opened_is_refused_at_its_field()
    {
        Refused(() => Open(Opened(partners: [])), "required", "/partners");
        Refused(() => Open(Opened(partners: ["DK", "DK"])), "doubled", "/partners");
        Refused(() => Open(Opened() with { Title = " " }), "required", "/title");
        Refused(() => Open(Opened(effect: new(EffectKind.OnDay))), "required", "/effect/on");
        Refused(() => Open(Opened(effect: new(EffectKind.OnLastNotification, Days: int.MaxValue))), "out-of-range", "/effect/days");
        Refused(() => Open(Opened() with { Parties = [.. Enumerable.Range(0, 31).Select(n => $"P{n}")] }), "too-many", "/parties");
        Refused(() => Open(Opened(), Act(ActKind.Signed, "2020", "SE")), "unknown-party", "/acts/0/party");
        Refused(() => Open(Opened(), Act(ActKind.EnteredIntoForce, "2020-03-01"), Act(ActKind.Signed, "2020-03-04")), "act-contradicts");
    }

    [Fact]
    public void Given_an_instrument_When_a_stranger_signs_Then_it_is_refused() => Instrument(Opened()).When(i => i.Record(Act(ActKind.Signed, "2020", "SE"), null)).ThenRefused("unknown-party", "/party");

    [Fact]
    public void An_end_is_given_to_suspensions_only_and_lies_within_the_calendar()
    {
        Instrument(Opened()).When(i => i.Record(Act(ActKind.Signed, "2020", until: "2021"), null)).ThenRefused("until-without-suspension", "/until");
        Instrument(Opened()).When(i => i.Record(Act(ActKind.Suspended, "2020", until: "9999-12-31"), null)).ThenRefused("out-of-range", "/until");
    }

    [Fact]
    public void Review_date_amendment_supersession_and_text_are_each_recorded_once()
    {
        Instrument(Opened()).When(i => i.SetReview(Day("2027-01-01"))).ThenOnce(new InstrumentReviewDateSet(Day("2027-01-01")));
        Instrument(Opened()).When(i => i.AmendedBy("instrument-2", D("2020"))).ThenOnce(new InstrumentAmendedBy("instrument-2", D("2020")));
        Instrument(Opened()).When(i => i.SupersededBy("instrument-2", D("2020"))).ThenOnce(new InstrumentSupersededBy("instrument-2", D("2020")));
        var text = new InstrumentTextAttached(new string('a', 64), "fr");
        Instrument(Opened()).When(i => i.Attach(text)).ThenOnce(text);
    }

    [Fact]
    public void Given_a_wrong_day_When_the_act_is_corrected_Then_only_that_field_changes()
    {
        var given = Instrument(Opened(), Act(ActKind.Signed, "2020-03-04", "home"));
        var facts = given.State.Correct(Fields("""{"on":"2020-03-05","party":"home"}""", Event(2)));
        var corrected = facts.ShouldHaveSingleItem().Event.ShouldBeOfType<InstrumentCorrected>();
        corrected.Fields.ShouldHaveSingleItem().Field.ShouldBe("on");
        facts[0].Corrects.ShouldBe(Event(2));
        given.And(corrected).State.Acts[0].What.On.ShouldBe(D("2020-03-05"));
    }

    [Fact]
    public void A_correction_passes_the_rules_of_a_new_record()
    {
        var given = Instrument(Opened(), Act(ActKind.Signed, "2020-03-04", "DK"), Act(ActKind.EnteredIntoForce, "2020-05-01"));
        given.When(i => i.Correct(Fields("""{"on":"2020-06-01"}""", Event(2)))).ThenRefused("act-contradicts");
        given.When(i => i.Correct(Fields("""{"party":"SE"}""", Event(2)))).ThenRefused("unknown-party", "/fields/party");
        given.When(i => i.Correct(Fields("""{"until":"2021"}""", Event(2)))).ThenRefused("until-without-suspension", "/fields/until");
        given.When(i => i.Correct(Fields("""{"partners":["SE"]}"""))).ThenRefused("unknown-party", "/fields/partners");
        given.When(i => i.Correct(Fields("""{"title":""}"""))).ThenRefused("required", "/fields/title");
        given.When(i => i.Correct(Fields("""{"partners":["DK","DK"]}"""))).ThenRefused("doubled", "/fields/partners");
        given.When(i => i.Correct(Fields("""{"title":"x"}""", Event(99)))).ThenRefused("no-such-item", "/of");
    }

    [Fact]
    public void Given_an_act_that_should_never_have_been_When_it_is_withdrawn_Then_it_counts_no_more()
    {
        var withdrawn = Instrument(Opened(), Act(ActKind.Signed, "2020"), Act(ActKind.Terminated, "2021"))
            .When(i => i.Withdraw(Event(3))).ThenOnce(new InstrumentWithdrawn(Event(3)));
        withdrawn.State.Lives(Day("2026-01-01")).ShouldHaveSingleItem().State.ShouldBe(InstrumentState.Signed);
        withdrawn.When(i => i.Record(Act(ActKind.Resumed, "2022"), null)).ThenOnce(Act(ActKind.Resumed, "2022"));
    }

    [Fact]
    public void A_supersession_can_be_corrected_and_withdrawn()
    {
        var given = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010"), new InstrumentSupersededBy("instrument-2", D("2020")));
        given.State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.Superseded);
        var corrected = (InstrumentCorrected)given.State.Correct(Fields("""{"on":"2027"}""", Event(3)))[0].Event;
        given.And(corrected).State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.InForce);
        given.When(i => i.Withdraw(Event(3))).ThenOnce(new InstrumentWithdrawn(Event(3))).State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.InForce);
    }

    [Fact]
    public void A_withdrawn_instrument_takes_nothing_more()
    {
        var gone = Instrument(Opened()).When(i => i.Withdraw(null)).ThenOnce(new InstrumentWithdrawn());
        gone.When(i => i.Record(Act(ActKind.Signed, "2020"), null)).ThenRefused("withdrawn");
        gone.When(i => i.SetReview(Day("2027-01-01"))).ThenRefused("withdrawn");
    }

    [Fact]
    public void What_was_never_opened_is_not_found() => Instrument().When(i => i.Record(Act(ActKind.Signed, "2020"), null)).ThenRefused("not-found");
}
