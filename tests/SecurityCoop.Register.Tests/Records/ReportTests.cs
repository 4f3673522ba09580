using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Sources that disagree about a field: each stays visible, one holds.</summary>
public class ReportTests
{
    static readonly IReadOnlyList<Locator> press = [new("source-1", 2)];

    static IReadOnlyDictionary<string, JsonElement> Said(string json) => Fields(json).Fields;
    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;
    static FieldReport[] Says(string field, string? json) => [new(field, json is null ? null : J(json))];

    [Fact]
    public void A_report_moves_nothing_and_stays_beside_what_the_record_says()
    {
        var reported = Meeting(Held()).When(m => m.Report(Said("""{"date":"2026-01-28"}"""), null, press)).Then(new MeetingReportRecorded(Says("date", "\"2026-01-28\"")));
        reported.State.Details!.Date.ShouldBe(D("2026-01-27"));
        var field = reported.State.Reports!.Single();
        (field.Field, field.Of, field.Preferred).ShouldBe(("date", null, Event(1)));
        field.Readings.Select(r => (r.Event, r.Value!.Value.GetString())).ShouldBe([(Event(1), "2026-01-27"), (Event(2), "2026-01-28")]);
        Standing(reported.State).ShouldBe("2:Competes");
    }

    [Fact]
    public void A_preferred_report_is_what_the_record_says_until_another_is_preferred()
    {
        var reported = Meeting(Held(), new MeetingReportRecorded(Says("date", "\"2026-01-28\"")));
        var preferred = reported.When(m => m.Prefer("date", Event(2), null)).ThenOnce(new MeetingReportPreferred("date", Event(2), J("\"2026-01-27\""), J("\"2026-01-28\"")));
        preferred.State.Details!.Date.ShouldBe(D("2026-01-28"));
        Standing(preferred.State).ShouldBe("1:Competes");
        var back = preferred.When(m => m.Prefer("date", Event(1), null)).ThenOnce(new MeetingReportPreferred("date", Event(1), J("\"2026-01-28\""), J("\"2026-01-27\"")));
        back.State.Details!.Date.ShouldBe(D("2026-01-27"));
    }

    [Fact]
    public void What_was_corrected_since_it_was_first_said_is_what_is_preferred_again()
    {
        var corrected = Meeting(Held(), new MeetingReportRecorded(Says("date", "\"2026-01-28\"")), new MeetingCorrected([new("date", J("\"2026-01-27\""), J("\"2026-01-26\""))]));
        var away = corrected.And(new MeetingReportPreferred("date", Event(2), J("\"2026-01-26\""), J("\"2026-01-28\"")));
        away.When(m => m.Prefer("date", Event(1), null)).Then(new MeetingReportPreferred("date", Event(1), J("\"2026-01-28\""), J("\"2026-01-26\""))).State.Details!.Date.ShouldBe(D("2026-01-26"));
    }

    [Theory]
    [InlineData("2026-01-27", "\"2026-01-27\"", "Agrees")]
    [InlineData("2026-01-27", "\"2026-01\"", "LessPrecise")]
    [InlineData("2026-01-27", "\"2026-01-27?\"", "LessPrecise")]
    [InlineData("2026-01-27", "\"\"", "LessPrecise")]
    [InlineData("2026-01", "\"2026-01-27\"", "MorePrecise")]
    [InlineData("", "\"2026-01-27\"", "MorePrecise")]
    [InlineData("2026-01-27", "\"2026-02\"", "Competes")]
    [InlineData("[2024-11-04,2024-11-11]", "\"2024-11-05\"", "Competes")]
    public void A_report_that_says_the_same_or_less_competes_with_nothing(string known, string reported, string standing) =>
        Standing(Meeting(Held(known), new MeetingReportRecorded(Says("date", reported))).State).ShouldBe($"2:{standing}");

    [Fact]
    public void An_officer_says_less_than_a_person()
    {
        var held = Held() with { PartnerSide = [new Participant(Person: "person-1", Office: new Office("Director"))] };
        Standing(Meeting(held, new MeetingReportRecorded(Says("partnerSide", """[{"description":"an officer"}]"""))).State).ShouldBe("2:LessPrecise");
        Standing(Meeting(held, new MeetingReportRecorded(Says("partnerSide", """[{"person":"person-2"}]"""))).State).ShouldBe("2:Competes");
        Standing(Meeting(held, new MeetingReportRecorded(Says("partnerSide", null))).State).ShouldBe("2:LessPrecise");
    }

    [Fact]
    public void Reports_speak_of_items_too()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(Sample.Said(Force.Intent)));
        meeting.When(m => m.Report(Said("""{"speaker":"home"}"""), Event(2), press)).Then(new MeetingReportRecorded(Says("speaker", "\"home\""), Event(2)))
            .When(m => m.Prefer("speaker", Event(3), Event(2))).ThenOnce(new MeetingReportPreferred("speaker", Event(3), J("\"joint\""), J("\"home\""), Event(2)))
            .State.Statements.Single().Said.Speaker.ShouldBe("home");
        meeting.When(m => m.Report(Said("""{"speaker":"SE"}"""), Event(2), press)).ThenRefused("unknown-speaker", "/fields/speaker");
        meeting.When(m => m.Report(Said("""{"speaker":"home"}"""), Event(9), press)).ThenRefused("no-such-item", "/of");
        var action = Action(Agreed(), new ActionFollowUpRecorded(D("2026-01-05"), "draft sent"));
        action.When(a => a.Report(Said("""{"on":"2026-01-06"}"""), Event(2), press)).Then(new ActionReportRecorded(Says("on", "\"2026-01-06\""), Event(2)));
    }

    [Fact]
    public void Every_kind_of_record_takes_reports_and_follows_the_one_preferred()
    {
        Check(Occasion(), "place", "Rabat", (f, o) => new OccasionReportRecorded(f, o), o => o.Details!.Place);
        Check(Organisation(), "country", "SE", (f, o) => new OrganisationReportRecorded(f, o), o => o.Details!.Country);
        Check(Source(), "publisher", "agency", (f, o) => new SourceReportRecorded(f, o), o => o.Details!.Publisher);
        Check(Person(), "country", "SE", (f, o) => new PersonReportRecorded(f, o), o => o.Details!.Country);
        Check(Partnership(new PartnershipOpened { Partner = "DK" }), "note", "x", (f, o) => new PartnershipReportRecorded(f, o), o => o.Details!.Note);
        Check(Action(Agreed()), "what", "x", (f, o) => new ActionReportRecorded(f, o), o => o.Details!.What);
        Check(Instrument(Opened()), "title", "x", (f, o) => new InstrumentReportRecorded(f, o), o => o.Details!.Title);

        static void Check<T>(Given<T> given, string field, string value, Func<FieldReport[], Guid?, object> recorded, Func<T, string?> now) where T : RecordState
        {
            var before = now(given.State);
            var said = given.When(r => r.Report(Said($$"""{"{{field}}":"{{value}}"}"""), null, press)).Then(recorded(Says(field, $"\"{value}\""), null));
            now(said.State).ShouldBe(before);
            now(said.And(said.State.Prefer(field, Event(2), null).Select(f => f.Event)).State).ShouldBe(value);
        }
    }

    [Fact]
    public void A_report_names_its_source_a_field_that_there_is_and_a_value_that_fits()
    {
        var meeting = Meeting(Held());
        meeting.When(m => m.Report(Said("""{"date":"2026"}"""), null, null)).ThenRefused("required", "/source");
        meeting.When(m => m.Report(Said("""{"colour":"red"}"""), null, press)).ThenRefused("unknown-field", "/fields/colour");
        meeting.When(m => m.Report(Said("""{"date":"2026-13"}"""), null, press)).ThenRefused("invalid-date", "/fields/date");
        meeting.When(m => m.Report(Said("""{"date":null}"""), null, press)).ThenRefused("required", "/fields/date");
        meeting.When(m => m.Report(Said("""{"happened":false}"""), null, press)).ThenRefused("unknown-field", "/fields/happened");
        meeting.And(new MeetingWithdrawn()).When(m => m.Report(Said("""{"date":"2026"}"""), null, press)).ThenRefused("withdrawn");
        Partnership(new PartnershipOpened { Partner = "DK" }).When(p => p.Report(Said("""{"partner":"SE"}"""), null, press)).ThenRefused("identity-fixed", "/fields/partner");
    }

    [Fact]
    public void Only_a_report_on_record_is_preferred()
    {
        Meeting(Held()).When(m => m.Prefer("date", Event(2), null)).ThenRefused("not-reported", "/field");
        var reported = Meeting(Held(), new MeetingReportRecorded(Says("date", "\"2026-01-28\"")));
        reported.When(m => m.Prefer("date", Event(7), null)).ThenRefused("no-such-report", "/report");
        reported.When(m => m.Prefer("colour", Event(2), null)).ThenRefused("unknown-field", "/field");
    }

    [Fact]
    public void A_report_is_withdrawn_unless_the_record_follows_it()
    {
        var reported = Meeting(Held(), new MeetingReportRecorded(Says("date", "\"2026-01-28\"")));
        var gone = reported.When(m => m.Withdraw(Event(2))).ThenOnce(new MeetingWithdrawn(Event(2)));
        gone.State.Withdrawn.ShouldBeFalse();
        Standing(gone.State).ShouldBe("");
        gone.When(m => m.Prefer("date", Event(2), null)).ThenRefused("no-such-report", "/report");
        reported.And(new MeetingReportPreferred("date", Event(2), J("\"2026-01-27\""), J("\"2026-01-28\""))).When(m => m.Withdraw(Event(2))).ThenRefused("report-preferred");
        reported.When(m => m.Withdraw(Event(8))).ThenRefused("no-such-item", "/of");
    }

    [Fact]
    public void An_act_that_only_a_source_reports_moves_nothing_until_it_is_preferred()
    {
        var inForce = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010"));
        var suspended = new Act { Kind = ActKind.Suspended, On = D("2014"), Party = "DK" };
        var reported = inForce.When(i => i.RecordReport(suspended, press)).Then(new InstrumentActReported(suspended));
        reported.State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.InForce);
        reported.State.Reports!.Single().Readings.Select(r => (r.Event, r.Value!.Value.GetBoolean())).ShouldBe([(Event(1), false), (Event(3), true)]);
        var preferred = reported.When(i => i.Prefer("happened", Event(3), Event(3))).ThenOnce(new InstrumentReportPreferred("happened", Event(3), J("false"), J("true"), Event(3)));
        preferred.State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.Suspended);
        preferred.When(i => i.Prefer("happened", Event(1), Event(3))).Then(new InstrumentReportPreferred("happened", Event(1), J("true"), J("false"), Event(3)))
            .State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.InForce);
        inForce.When(i => i.RecordReport(suspended, null)).ThenRefused("required", "/source");
        inForce.When(i => i.RecordReport(suspended with { Party = "SE" }, press)).ThenRefused("unknown-party", "/party");
        reported.When(i => i.Withdraw(Event(3))).ThenOnce(new InstrumentWithdrawn(Event(3)));
    }

    [Fact]
    public void A_second_source_of_the_same_act_only_adds_itself()
    {
        var inForce = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010"));
        var agreeing = inForce.When(i => i.RecordReport(new Act { Kind = ActKind.EnteredIntoForce, On = D("2010") }, press)).Then(new InstrumentReportRecorded(Says("happened", "true"), Event(2)));
        Standing(agreeing.State).ShouldBe("3:Agrees");
    }

    [Fact]
    public void What_is_on_record_can_be_denied_by_a_source_that_is_then_preferred()
    {
        var suspended = Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010"), Act(ActKind.Suspended, "2014", "DK"), new InstrumentReportRecorded(Says("happened", "false"), Event(3)));
        suspended.State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.Suspended);
        suspended.And(new InstrumentReportPreferred("happened", Event(4), J("true"), J("false"), Event(3))).State.Lives(Day("2026-01-01")).Single().State.ShouldBe(InstrumentState.InForce);
        var done = Action(Agreed(), new ActionVerified(D("2025-06")), new ActionReportRecorded(Says("happened", "false"), Event(2)));
        done.State.State.ShouldBe(ActionState.Verified);
        done.And(done.State.Prefer("happened", Event(3), Event(2)).Select(f => f.Event)).State.State.ShouldBe(ActionState.Agreed);
        var turned = Partnership(new PartnershipOpened { Partner = "DK" }, new PartnershipSuspended(D("2014"), "DK"), new PartnershipReportRecorded(Says("happened", "false"), Event(2)));
        turned.State.Lives(Day("2026-01-01"), _ => true).Single().Suspended.ShouldBeTrue();
        turned.And(turned.State.Prefer("happened", Event(3), Event(2)).Select(f => f.Event)).State.Lives(Day("2026-01-01"), _ => true).Single().Suspended.ShouldBeFalse();
    }

    [Fact]
    public void A_report_may_contradict_other_acts_and_preferring_it_may_not()
    {
        var mou = Instrument(Opened(), Act(ActKind.Signed, "2024-03-04"), Act(ActKind.EnteredIntoForce, "2024-04-01"));
        var reported = mou.When(i => i.Report(Said("""{"on":"2024-03-01"}"""), Event(3), press)).Then(new InstrumentReportRecorded(Says("on", "\"2024-03-01\""), Event(3)));
        reported.And(new InstrumentReportRecorded(Says("on", "\"2024-05-01\""), Event(2))).When(i => i.Prefer("on", Event(5), Event(2))).ThenRefused("act-contradicts");
        mou.When(i => i.Report(Said("""{"happened":1}"""), Event(3), press)).ThenRefused("invalid-value", "/fields/happened");
    }

    static string Standing(RecordState record) =>
        string.Join(" ", record.Reports!.SelectMany(f => f.Others(record.PartOf(f.Of)!)).Select(o => $"{o.Reading.Position}:{o.Agreement}"));

    static Given<Occasion> Occasion() => new Given<Occasion>(Occasions.Occasion.Initial, (s, e, at) => s.Evolve(e, at)).And(new OccasionDescribed { What = "assembly", Date = D("2025-11") });
    static Given<Organisation> Organisation() => new Given<Organisation>(Organisations.Organisation.Initial, (s, e, at) => s.Evolve(e, at)).And(new OrganisationDescribed { Names = new() { ["en"] = "Police" } });
    static Given<Source> Source() => new Given<Source>(Sources.Source.Initial, (s, e, at) => s.Evolve(e, at)).And(new SourceRegistered { Title = "Communiqué" });
    static Given<Person> Person() => new Given<Person>(People.Person.Initial, (s, e, at) => s.Evolve(e, at)).And(new PersonDescribed(new("person-1", "a name")));
}
