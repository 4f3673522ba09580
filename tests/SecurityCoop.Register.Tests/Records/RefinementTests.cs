using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>A refinement narrows what was said; it never says something else.</summary>
public class RefinementTests
{
    [Theory]
    [InlineData("2026-01", "2026-01-27")]
    [InlineData("", "2026-01-27")]
    [InlineData("2026-01-27?", "2026-01-27")]
    [InlineData("[2024-11-04,2024-11-11]", "2024-11-11")]
    [InlineData("201X", "2014-03")]
    public void A_date_is_refined_inside_what_it_said(string known, string refined)
    {
        var facts = Meeting(Held(known)).State.Refine(Fields($$"""{"date":"{{refined}}"}"""));
        var change = ((MeetingRefined)facts.Single().Event).Fields.Single();
        (change.Field, change.Old!.Value.GetString(), change.New!.Value.GetString()).ShouldBe(("date", known, refined));
        (facts[0].Corrects, facts[0].Effective).ShouldBe((null, D(refined)), "a refinement corrects nothing");
        var given = Meeting(Held(known)).And(facts[0].Event);
        given.State.Details!.Date.ShouldBe(D(refined));
        given.When(m => m.Refine(Fields($$"""{"date":"{{refined}}"}"""))).ThenNothing();
    }

    [Theory]
    [InlineData("2026-01", "2026-02-01")]
    [InlineData("2026-01-27", "2026-01")]
    [InlineData("2026-01-27", "")]
    [InlineData("2026-01", "2026-01-27?")]
    [InlineData("[2024-11-04,2024-11-11]", "2024-11-05")]
    public void Outside_what_was_said_it_is_refused_with_both_values(string known, string refined) =>
        Meeting(Held(known)).When(m => m.Refine(Fields($$"""{"date":"{{refined}}"}"""))).ThenRefused("refinement-outside", "/fields/date").Args.ShouldBe(["date", known, refined]);

    [Fact]
    public void The_words_of_the_new_source_come_with_the_date_that_they_refine()
    {
        var given = Meeting(Held("2026-01") with { DateAsGiven = "en janvier" });
        given.And(given.State.Refine(Fields("""{"date":"2026-01-27","dateAsGiven":"mardi"}""")).Select(f => f.Event)).State.Details!.DateAsGiven.ShouldBe("mardi");
        given.When(m => m.Refine(Fields("""{"dateAsGiven":"mardi"}"""))).ThenRefused("refinement-outside", "/fields/dateAsGiven");
    }

    [Fact]
    public void An_officer_becomes_a_person_and_more_may_be_named()
    {
        var held = Held() with { PartnerSide = [new Participant(Description: "an officer", Partner: "DK")] };
        var refined = Meeting(held).State.Refine(Fields("""{"partnerSide":[{"person":"person-1","office":{"title":"Director"},"partner":"DK"},{"description":"two officials"}]}"""));
        Meeting(held, refined.Single().Event).State.Details!.PartnerSide!.Select(p => p.Person ?? p.Description).ShouldBe(["person-1", "two officials"]);
        Meeting(held).When(m => m.Refine(Fields("""{"partnerSide":[{"description":"a minister","partner":"DK"}]}"""))).ThenRefused("refinement-outside", "/fields/partnerSide");
        Meeting(held).When(m => m.Refine(Fields("""{"partnerSide":[]}"""))).ThenRefused("refinement-outside", "/fields/partnerSide");
    }

    [Fact]
    public void What_was_absent_or_not_known_is_said_and_what_absence_says_is_kept()
    {
        var mou = Instrument(Opened(effect: new Effect(EffectKind.NotStated)), Act(ActKind.Suspended, "2014"));
        mou.And(mou.State.Refine(Fields("""{"binding":"non-binding","effect":{"kind":"on-last-notification","days":30}}""")).Select(f => f.Event)).State.Details!.Binding.ShouldBe(Binding.NonBinding);
        mou.When(i => i.Refine(Fields("""{"party":"DK"}""", Event(2)))).ThenRefused("refinement-outside", "/fields/party");
        mou.When(i => i.Refine(Fields("""{"part":"training"}""", Event(2)))).ThenRefused("refinement-outside", "/fields/part");
        mou.When(i => i.Refine(Fields("""{"title":"Convention"}"""))).ThenRefused("refinement-outside", "/fields/title");
        mou.When(i => i.Refine(Fields("""{"partners":["DK","SE"]}"""))).ThenRefused("refinement-outside", "/fields/partners");
        Instrument(Opened(Binding.Binding)).When(i => i.Refine(Fields("""{"binding":"non-binding"}"""))).ThenRefused("refinement-outside", "/fields/binding");
        var action = Action(Agreed());
        action.And(action.State.Refine(Fields("""{"due":"2026-05","topics":["LEG"]}""")).Select(f => f.Event)).State.Details!.Due.ShouldBe(D("2026-05"));
        action.When(a => a.Refine(Fields("""{"windsDown":true}"""))).ThenRefused("refinement-outside", "/fields/windsDown");
    }

    [Fact]
    public void An_item_is_refined_and_keeps_the_rules_of_the_whole()
    {
        var mou = Instrument(Opened(), Act(ActKind.Signed, "2024"), Act(ActKind.EnteredIntoForce, "2024-04-01"));
        var refined = mou.State.Refine(Fields("""{"on":"2024-03-04"}""", Event(2)));
        mou.And(refined.Select(f => f.Event)).State.Acts[0].On.ShouldBe(D("2024-03-04"));
        mou.When(i => i.Refine(Fields("""{"on":"2024-05"}""", Event(2)))).ThenRefused("act-contradicts");
        mou.When(i => i.Refine(Fields("""{"on":"2024-05"}""", Event(9)))).ThenRefused("no-such-item", "/of");
        mou.When(i => i.Refine(Fields("""{"happened":true}""", Event(2)))).ThenRefused("unknown-field", "/fields/happened");
        Action(Agreed(), new ActionWithdrawn()).When(a => a.Refine(Fields("""{"due":"2026-05"}"""))).ThenRefused("withdrawn");
    }
}
